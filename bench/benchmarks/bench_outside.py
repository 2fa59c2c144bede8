"""Small arrays of element types beside float64, and element types of outside packages."""

from .ratios_of import benchmarks

Outside = benchmarks("Outside", "outside")
