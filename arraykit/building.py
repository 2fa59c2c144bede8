"""What a build of another package needs from an installed arraykit: where its C header is.

Right for normal and for editable installs, and for the latter also before anything was compiled.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["cflags", "get_include"]


def get_include() -> str:
    """The folder to put on a C compiler's include path for `#include <arraykit/ak_abi.h>`.

    >>> from pathlib import Path
    >>> Path(get_include(), "arraykit", "ak_abi.h").exists()
    True
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "include", here.parent / "src_c" / "include"):
        if (folder / "arraykit" / "ak_abi.h").exists():
            return str(folder)
    raise FileNotFoundError(f"arraykit/ak_abi.h is neither in {here} nor beside its source folder; reinstall")


def cflags() -> str:
    """The compiler flag that makes the header found.

    >>> cflags().startswith("-I")
    True
    """
    return f"-I{get_include()}"
