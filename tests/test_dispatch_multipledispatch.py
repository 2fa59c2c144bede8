"""The drop-in for multipledispatch: its own tests, and what they leave open."""

from __future__ import annotations

import re

import multipledispatch_suite
import pytest


@pytest.mark.parametrize("package", ["multipledispatch", "arraykit.dispatch.multipledispatch"])
def test_multipledispatchs_own_tests_pass(package, tmp_path):
    multipledispatch_suite.lay_out(tmp_path, package)
    done = multipledispatch_suite.run(tmp_path)
    assert f"tested: {package}.dispatcher" in done.stdout
    summary = done.stdout.strip().splitlines()[-1].strip("= ")
    told = done.stdout[-3000:]
    assert re.fullmatch(rf"{multipledispatch_suite.TESTS} passed(, \d+ warnings?)? in .*", summary), told
