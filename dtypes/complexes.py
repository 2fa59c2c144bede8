"""Complex numbers of two floats; their items are Python complex numbers.

Knows its neighbours by name: the wider complex dtype.
"""

from __future__ import annotations

from arraykit._core import set_default

from .hierarchy import Complex

__all__ = ["complex64", "complex128"]


class complex64(Complex, complex, native="complex64", into=["complex128"]):
    """Two single-precision floats."""


class complex128(Complex, complex, native="complex128"):
    """Two double-precision floats; the dtype of Python's complex."""


set_default(complex, complex128)
