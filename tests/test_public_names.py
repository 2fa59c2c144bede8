"""Every public name says what it gives; functions and concrete classes show it.

Public is what a module lists in `__all__`, at the three doors that users meet.
"""

import inspect

import arraykit
import arraykit.dispatch
import arraykit.dtypes
import pytest

DOORS = {module.__name__: module for module in (arraykit, arraykit.dispatch, arraykit.dtypes)}
PUBLIC = [
    pytest.param(getattr(module, name), id=f"{door}.{name}")
    for door, module in DOORS.items()
    for name in module.__all__
    if callable(getattr(module, name))
]


def needs_an_example(value):
    """Errors and abstract classes are shown where they are met, C plug-ins by the quaternions of examples/."""
    if value is arraykit.load_plugin or issubclass(type(value), type(arraykit.dispatch.Abstract)):
        return False
    if not isinstance(value, type):
        return True
    return getattr(value, "is_concrete", True) and not issubclass(value, Exception)


@pytest.mark.parametrize("value", PUBLIC)
def test_it_has_a_docstring(value):
    assert inspect.getdoc(value) or isinstance(value, type)
    assert value.__doc__, "inherits its docstring"


@pytest.mark.parametrize("value", [p for p in PUBLIC if needs_an_example(p.values[0])])
def test_it_shows_an_example(value):
    assert ">>> " in value.__doc__


@pytest.mark.parametrize("door", DOORS)
def test_all_public_names_exist_and_are_listed_once(door):
    names = DOORS[door].__all__
    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(DOORS[door], name)] == []
    assert set(names) <= set(dir(DOORS[door]))
