"""Benchmarks for asv: times, and ratios to NumPy or to a plain call measured in the same run."""
