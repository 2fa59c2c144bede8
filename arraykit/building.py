"""What a build of another package needs from an installed arraykit: where its C header is.

Right for normal and for editable installs, and for the latter also before anything was compiled.
"""

from __future__ import annotations

import os

__all__ = ["cflags", "get_include"]


def get_include() -> str:
    """The folder to put on a C compiler's include path for `#include <arraykit/ak_abi.h>`.

    >>> from pathlib import Path
    >>> Path(get_include(), "arraykit", "ak_abi.h").exists()
    True
    """
    here = os.path.dirname(os.path.realpath(__file__))
    for folder in (os.path.join(here, "include"), os.path.join(os.path.dirname(here), "src_c", "include")):
        if os.path.exists(os.path.join(folder, "arraykit", "ak_abi.h")):
            return folder
    raise FileNotFoundError(f"arraykit/ak_abi.h is neither in {here} nor beside its source folder; reinstall")


def cflags() -> str:
    """The compiler flag that makes the header found.

    >>> cflags().startswith("-I")
    True
    """
    return f"-I{get_include()}"
