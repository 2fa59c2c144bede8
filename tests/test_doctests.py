"""Every example in a docstring of the installed package runs and gives what it shows."""

import doctest
import importlib
import pkgutil

import arraykit
import pytest
from arraykit.dispatch import Multimethod

FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS

MODULES = sorted(
    ["arraykit", *(found.name for found in pkgutil.walk_packages(arraykit.__path__, "arraykit."))]
)
FUNCTIONS = sorted(name for name in arraykit.__all__ if isinstance(getattr(arraykit, name), Multimethod))


def test_the_modules_are_found():
    assert {"arraykit.dispatch", "arraykit.dtypes", "arraykit._core", "arraykit.tour.weather"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_module(name):
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)
    assert failed == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_of_the_generic_function(name):
    text = getattr(arraykit, name).__doc__
    example = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
    assert example.examples and doctest.DocTestRunner(optionflags=FLAGS).run(example).failed == 0
