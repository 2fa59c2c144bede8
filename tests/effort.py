"""How hard the tests look, told by ARRAYKIT_TESTS: nothing every day, `thorough` before it is sent, `hunt` for bugs.

A hunt draws other examples each time, as every day does; `thorough` draws the same again and again (conftest.py).
"""

import os

LEVEL = os.environ.get("ARRAYKIT_TESTS", "")
HOW_MUCH = {"": 1 / 3, "thorough": 1, "hunt": 30}
if LEVEL not in HOW_MUCH:
    raise ValueError(f"ARRAYKIT_TESTS={LEVEL}: expected {', '.join(filter(None, HOW_MUCH))}, or nothing")
THOROUGH = LEVEL != ""


def often(n: int) -> int:
    """So many examples or calls: a third of n every day, n where it is thorough, 30 n on a hunt."""
    return max(10, int(n * HOW_MUCH[LEVEL]))
