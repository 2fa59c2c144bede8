"""Every kernel that is known, for tests and benchmarks that go over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import arraykit

__all__ = ["every_kernel"]


def every_kernel(operation: str | None = None) -> Iterator[tuple[Any, Any]]:
    """Each registered or native kernel with its generic function; of one operation, or of all.

    >>> from arraykit.testing import every_kernel
    >>> function, kernel = next(every_kernel("hypot"))
    >>> function is arraykit.hypot, kernel.operation
    (True, 'hypot')
    """
    from arraykit import operations

    names = operations.table if operation is None else (operation,)
    for name in names:
        for kernel in arraykit.kernels(name):
            yield operations.table[name], kernel
