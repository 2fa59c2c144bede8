"""Tests the installed package, however pytest was started.

The root of the repository holds folders of the same names; it is taken off the import path, so that what is
imported is what a user would import.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]
