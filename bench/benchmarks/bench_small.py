"""Small arrays, one call, beside NumPy."""

from .ratios_of import benchmarks

Small = benchmarks("Small", "small")
