"""Tests the installed package, however pytest was started.

The root of the repository holds folders of the same names; it is taken off the import path, so that what is
imported is what a user would import.
"""

import gc
import sys
from pathlib import Path

from effort import LEVEL, often
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

ROOT = Path(__file__).resolve().parent.parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]

# datashape, the oracle of one file, cannot be built for these; its answers are the same on all.
collect_ignore = ["test_dtypes_text_datashape.py"] if sys.version_info >= (3, 12) else []

# A busy machine is no bug, nor are hierarchies of classes that Python refuses.
TOLERATED = [HealthCheck.too_slow, HealthCheck.filter_too_much]
settings.register_profile("arraykit", max_examples=often(100), deadline=None, suppress_health_check=TOLERATED)
# The gate judges the change, not the luck of the day: the same examples in every run and every order.
settings.register_profile("thorough", settings.get_profile("arraykit"), derandomize=True, database=None)
settings.load_profile("thorough" if LEVEL == "thorough" else "arraykit")
if LEVEL == "thorough":
    # Hypothesis also draws constants that it reads in the modules imported so far, which depend on the order of tests.
    providers._get_local_constants = lambda: providers._local_constants


def pytest_collection_finish():
    """What stands now stays: tests that look for leaks collect often, which goes over all that is not frozen."""
    gc.collect()
    gc.freeze()
