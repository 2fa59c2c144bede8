"""Multimethods over array types and element dtypes, routed to C kernels."""
