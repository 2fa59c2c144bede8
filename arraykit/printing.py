"""Arrays as text, by NumPy's conventions, with the dtype always shown."""

from __future__ import annotations
