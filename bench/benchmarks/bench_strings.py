"""Functions of text, one thread, beside other libraries."""

from .ratios_of import benchmarks

Strings = benchmarks("Strings", "strings")
