"""Floating-point numbers of any precision as elements of arraykit arrays: `bigfloat[256]`, by MPFR.

Importing this package registers them; items become `gmpy2.mpfr` by `.item()`, and mpmath reads them as they are.
"""

import arraykit

from arraykit_bigfloat import _bigfloat

bigfloat = arraykit.load_plugin(_bigfloat.plugin)["bigfloat"]

__all__ = ["bigfloat"]


def _as_mpmath(self, precision, rounding):
    """What mpmath's functions make of an item."""
    import mpmath

    return mpmath.mpmathify(str(self))


def _toward_zero(self):
    numerator, denominator = map(int, self.item().as_integer_ratio())
    return numerator // denominator if numerator > 0 else -(-numerator // denominator)


bigfloat.__float__ = lambda self: float(self.item())
bigfloat.__int__ = _toward_zero
bigfloat._mpmath_ = _as_mpmath
bigfloat.conjugate = lambda self: self
bigfloat.real = property(lambda self: self, doc="The item itself.")
bigfloat.imag = property(lambda self: type(self)(0), doc="Zero.")
