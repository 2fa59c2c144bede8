"""How hard the tests look: `ARRAYKIT_TESTS=thorough` draws more examples and calls more often than every day."""

import os

THOROUGH = os.environ.get("ARRAYKIT_TESTS") == "thorough"


def often(n: int) -> int:
    """So many examples or calls, of which every day a third does."""
    return n if THOROUGH else max(10, n // 3)
