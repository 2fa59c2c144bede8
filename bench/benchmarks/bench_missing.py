"""Elements of which some are missing, one thread, beside other libraries."""

from .ratios_of import benchmarks

Missing = benchmarks("Missing", "missing")
