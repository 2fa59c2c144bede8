"""Tests the installed package, however pytest was started.

The root of the repository holds folders of the same names; it is taken off the import path, so that what is
imported is what a user would import.
"""

import gc
import sys
from pathlib import Path

from effort import often
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]

# datashape, the oracle of one file, cannot be built for these; its answers are the same on all.
collect_ignore = ["test_dtypes_text_datashape.py"] if sys.version_info >= (3, 12) else []

# A busy machine is no bug.
settings.register_profile(
    "arraykit", max_examples=often(100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("arraykit")


def pytest_collection_finish():
    """What stands now stays: tests that look for leaks collect often, which goes over all that is not frozen."""
    gc.collect()
    gc.freeze()
