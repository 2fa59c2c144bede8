"""Large arrays, one thread, beside NumPy."""

from .ratios_of import RatiosOf


class Large(RatiosOf):
    group = "large"
