"""Large arrays, one thread, beside NumPy."""

from .ratios_of import benchmarks

Large = benchmarks("Large", "large")
