"""Complex numbers of two floats; their items are Python complex numbers.

Knows its neighbours by name: the wider complex dtype.
"""

from __future__ import annotations

from arraykit._core import set_default

from .hierarchy import Complex

__all__ = ["complex64", "complex128"]


class complex64(Complex, complex, native="complex64", into=["complex128"]):
    """Two single-precision floats.

    >>> complex64(1 + 2j) * complex64(1j)
    (-2+1j)
    """


class complex128(Complex, complex, native="complex128"):
    """Two double-precision floats; the dtype of Python's complex.

    >>> complex128(3 + 4j).imag, abs(complex128(3 + 4j))
    (4.0, 5.0)
    """


set_default(complex, complex128)
