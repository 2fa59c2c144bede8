"""Conformance tests that anybody can run on their own dtypes: subclass, fill in a table, run pytest.

Needs pytest to parametrise, nothing else; `arraykit.testing.strategies`, which is read when it is imported, needs
Hypothesis.
"""

from __future__ import annotations

from .dtype_tests import DTypeTests
from .every_kernel import every_kernel

__all__ = ["DTypeTests", "every_kernel"]
