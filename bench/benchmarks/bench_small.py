"""Small arrays, one call, beside NumPy."""

from .ratios_of import RatiosOf


class Small(RatiosOf):
    group = "small"
