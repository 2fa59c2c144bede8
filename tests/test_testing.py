"""The kit itself: a law that does not hold is told by its name and values, and an expected failure must fail."""

import sys

import arraykit as ak
import pytest
from arraykit.testing import every_kernel
from arraykit.testing.table import fails, holds, raises

pytest_plugins = ("pytester",)

TABLE = """
from arraykit.testing import DTypeTests
class Test_it(DTypeTests):
    dtype, samples, neighbours = "int8", (0, 1, 3), {{"uint8": "{join}"}}
    failures = {failures}
"""


def run(pytester, **facts):
    pytester.makepyfile(test_it=TABLE.format(**facts))
    return pytester.runpytest_subprocess("-q", "-p", "no:randomly", "-k", "stated or sort or names_a_test")


def test_a_law_that_holds_not_is_told_with_its_values(pytester):
    result = run(pytester, join="int32", failures={})
    result.assert_outcomes(failed=1, passed=9)
    result.stdout.fnmatch_lines(
        ["*join(int8, uint8)*", "*got = arraykit.int16*", "*the neighbour is 'uint8'*"]
    )


def test_an_expected_failure_that_fails_is_no_failure(pytester):
    run(pytester, join="int32", failures={"test_the_join_is_the_stated_one": "is int16"}).assert_outcomes(
        xfailed=1, passed=9
    )


def test_an_expected_failure_that_holds_is_a_failure_and_must_name_a_test(pytester):
    failures = {"test_the_join_is_the_stated_one": "is int16", "test_no_such": "because"}
    result = run(pytester, join="int16", failures=failures)
    result.assert_outcomes(failed=2, passed=8)
    result.stdout.fnmatch_lines(["*an expected failure must name a test*"])


def test_the_count_is_what_pytest_collects(pytester):
    pytester.makepyfile(test_it=TABLE.format(join="int16", failures={}))
    collected = pytester.runpytest_subprocess("--collect-only", "-q").outlines
    # In a process of its own too, for other tests register operations.
    (counted,) = pytester.run(sys.executable, "-c", "import test_it; print(test_it.Test_it.count())").outlines
    assert sum("::" in line for line in collected) == int(counted) > 200


def test_what_must_be_refused_and_is_not_is_told():
    with pytest.raises(AssertionError, match=r"x: must raise an error\n    result = 3"):
        raises("x", lambda: 3, ValueError)
    with pytest.raises(AssertionError, match="must raise ValueError, not KeyError"):
        raises("x", lambda: {}[1], ValueError)
    with pytest.raises(AssertionError, match="must name add"):
        raises("x", lambda: int("x"), ValueError, naming="add")
    with pytest.raises(AssertionError, match=r"law\n    y = <Broken whose repr raises"):
        fails("law", y=type("Broken", (), {"__repr__": lambda self: 1 / 0})())
    assert holds(True, "law") is None


def test_every_kernel_comes_with_its_function():
    found = list(every_kernel("add"))
    assert found and all(function is ak.add and kernel.operation == "add" for function, kernel in found)
    assert len(list(every_kernel())) > len(found)
