"""Kernels that other libraries own, read by pointer."""
