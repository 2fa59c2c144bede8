"""What must be refused leaves nothing behind; `leak_hunt.py` runs the same rows a hundred thousand times."""

import leak_hunt
import pytest
from effort import often
from leaks import assert_keeps_nothing


@pytest.mark.parametrize("row", leak_hunt.ROWS)
def test_a_refusal_leaves_nothing(row):
    assert_keeps_nothing(lambda: leak_hunt.fails(leak_hunt.ROWS[row], 1), leak_hunt.level, calls=often(300))
