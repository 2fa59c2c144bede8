"""Older and newer headers, generated from the one that is: what it was before 1.1, and what it may become.

Nothing but the rule of evolution is assumed: fields are only appended, behind a comment that says since when.
"""

import re

STRUCTS = ("ak_context", "ak_dtype", "ak_kernel", "ak_host")


def older(text):
    """The header without what came since 1.1, and so of minor version 0."""
    ends = "|".join(STRUCTS)
    text = re.sub(rf"\n    /\* since 1\.1 \*/\n.*?\n(?=\}} (?:{ends});)", "\n", text, flags=re.S)
    return text.replace("#define AK_ABI_MINOR 1u", "#define AK_ABI_MINOR 0u")


def newer(text):
    """The header with fields appended to every struct that is handed over, as if of a later minor version."""
    for name in (*STRUCTS, "ak_plugin"):
        text = text.replace(f"\n}} {name};", f"\n    void *later[3];\n    double since;\n}} {name};")
    return text.replace("#define AK_ABI_MINOR 1u", "#define AK_ABI_MINOR 9u")


def other_major(text):
    """The header as of another major version."""
    return text.replace("#define AK_ABI_MAJOR 1u", "#define AK_ABI_MAJOR 2u")
