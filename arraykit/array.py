"""The cold half of Array: text, pickling, protocols and whatever need not be fast, attached to the C type.

Nothing here touches elements except through the type's own methods.
"""

from __future__ import annotations

from arraykit._core import Array

__all__ = ["Array"]
