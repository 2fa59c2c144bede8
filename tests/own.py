"""The operations that arraykit comes with: those that other tests declare stay in the table beside them."""

from __future__ import annotations

from typing import Any

from arraykit import operations


def own_operations() -> dict[str, Any]:
    """Generic functions by name."""
    return {
        name: operations.table[name]
        for name, row in operations.table.rows.items()
        if row.module == "arraykit"
    }
