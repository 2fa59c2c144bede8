"""The dtype of truth values; its items are Python ints that print as True and False.

Knows its neighbours by name: what it embeds in.
"""

from __future__ import annotations

from arraykit._core import set_default

from .hierarchy import Boolean

__all__ = ["bool_"]


class bool_(Boolean, int, native="bool_", numpy="bool", into=["int8", "uint8", "bfloat16"]):
    """True or False, in one byte.

    >>> bool_(2), bool_(0) == False, bool_(True) + True
    (True, True, True)
    """


set_default(bool, bool_)
