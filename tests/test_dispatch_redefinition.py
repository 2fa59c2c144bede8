"""A signature registered anew: who is told, what stays, and what a reloaded module takes with it."""

from __future__ import annotations

import importlib
import math
import operator
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, RedefinitionError, RedefinitionWarning
from golden import check_golden


def first(x):
    return "first"


def second(x):
    return "second"


def made(value):
    return lambda *args: value


@pytest.fixture
def module(tmp_path, monkeypatch):
    """write(text, name="plugin") imports that text as a module, anew if it was imported before."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    names = set()

    def write(text, name="plugin"):
        names.add(name)
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
        importlib.invalidate_caches()
        loaded = sys.modules.get(name)
        return importlib.reload(loaded) if loaded else importlib.import_module(name)

    yield write
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def shared(module):
    """A multimethod in a module of its own, which the plug-ins extend."""
    return module("from arraykit.dispatch import Multimethod\nf = Multimethod('f')\n", "shared").f


# ---- one module, two places -------------------------------------------------------------------------------


def test_the_new_method_replaces_the_old_one_and_both_places_are_named():
    f = Multimethod("f")
    f.register(int)(first)
    with pytest.warns(RedefinitionWarning) as caught:
        f.register(int)(second)
    assert (f(1), len(f.methods)) == ("second", 1)
    assert [w.filename for w in caught] == [__file__]
    line = Path(__file__).read_text().splitlines()[caught[0].lineno - 1]
    assert line.strip() == "f.register(int)(second)"
    check_golden("dispatch/redefinition_warning", str(caught[0].message).replace(__name__, "mine"))


def test_a_warning_made_an_error_leaves_the_old_method():
    f = Multimethod("f")
    f.register(int)(first)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RedefinitionWarning):
            f.register(int)(second)
    assert f(1) == "first"


def test_a_strict_multimethod_refuses_and_keeps_the_old_method():
    f = Multimethod("f", strict=True)
    f.register(int)(first)
    assert f(1) == "first"
    with pytest.raises(RedefinitionError) as refused:
        f.register(int)(second)
    assert (f(1), f.resolve(int).function) == ("first", first)
    error = refused.value
    assert (error.name, error.old.function, error.new.function) == ("f", first, second)
    check_golden("dispatch/redefinition_error", str(error).replace(__name__, "mine"))
    f.unregister(int)
    f.register(int)(second)
    assert f(1) == "second"


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    "old, new",
    [
        pytest.param(first, first, id="the same function"),
        pytest.param(made(1), made(2), id="the same definition"),
        pytest.param(operator.neg, operator.neg, id="the same builtin"),
    ],
)
def test_the_same_definition_again_is_silent(old, new, strict):
    f = Multimethod("f", strict=strict)
    f.register(int)(old)
    f.register(int)(new)
    assert [m.function for m in f.methods] == [new]


@pytest.mark.parametrize(
    "types, others",
    [
        pytest.param((int,), (bool,), id="other class"),
        pytest.param((int,), (int, int), id="other number"),
        pytest.param((int,), (int, ...), id="variadic"),
        pytest.param((int,), ((int, str),), id="union"),
    ],
)
def test_other_signatures_are_no_redefinition(types, others):
    f = Multimethod("f", strict=True)
    f.register(*types)(lambda *args: 1)
    f.register(*others)(lambda *args: 2)
    assert len(f.methods) == 2


@pytest.mark.parametrize(
    "types, again",
    [
        pytest.param(((int, str),), ((str, int),), id="union in another order"),
        pytest.param((None,), (type(None),), id="None"),
        pytest.param((int, [float]), (int, [float]), id="variadic"),
    ],
)
def test_the_same_signature_however_it_is_written(types, again):
    f = Multimethod("f", strict=True)
    f.register(*types)(lambda *args: 1)
    with pytest.raises(RedefinitionError):
        f.register(*again)(lambda *args: 2)


def test_builtins_of_one_registering_module_replace_each_other():
    f = Multimethod("f")
    f.register(float)(math.sqrt)
    with pytest.warns(RedefinitionWarning, match=r"built in, math\.sqrt"):
        f.register(float)(math.floor)
    assert f(2.5) == 2


# ---- several modules --------------------------------------------------------------------------------------


def test_methods_of_two_modules_stay_and_tie_at_the_call(module, shared):
    for name in ("one", "two"):
        module("from shared import f\n@f.register\ndef _(x: int): ...\n", name)
    with pytest.raises(AmbiguityError):
        shared(1)
    assert sorted(m.module for m in shared.methods) == ["one", "two"]


def test_builtins_registered_by_two_modules_tie_too(module, shared):
    module("import math, shared; shared.f.register(float)(math.floor)", "one")
    module("import math, shared; shared.f.register(float)(math.ceil)", "two")
    with pytest.raises(AmbiguityError):
        shared(2.5)


def test_a_helper_registers_for_the_module_of_the_function(module, shared):
    module("from shared import f\ndef extend(cls, function): f.register(cls)(function)\n", "helper")
    for name in ("one", "two"):
        module("import helper\nhelper.extend(int, lambda x: 1)", name)
    assert sorted(m.module for m in shared.methods) == ["one", "two"]


def test_two_modules_of_one_name_are_two_if_their_files_differ(tmp_path, shared):
    from importlib.util import module_from_spec, spec_from_file_location

    for folder in ("a", "b"):
        path = tmp_path / folder / "same.py"
        path.parent.mkdir()
        path.write_text("from shared import f\n@f.register\ndef _(x: int): ...\n")
        spec = spec_from_file_location("same", path)
        spec.loader.exec_module(module_from_spec(spec))
    assert len(shared.methods) == 2


# ---- executed again ---------------------------------------------------------------------------------------


OLD = """
from shared import f

@f.register
def kept(x: int): return "old"

@f.register
def dropped(x: str): return "dropped"

class Holder:
    @f.register
    def dropped_too(x: float): return "dropped"
"""
NEW = """
from shared import f
# lines have moved
@f.register
def kept(x: int): return "new"
"""


@pytest.mark.parametrize("anew", ["reload", "import"])
def test_a_module_executed_again_takes_its_old_methods_with_it(module, shared, anew):
    shared.register(bytes)(first)
    module(OLD)
    assert [shared(x) for x in (1, "", 1.0, b"")] == ["old", "dropped", "dropped", "first"]
    if anew == "import":
        del sys.modules["plugin"]
    module(NEW)
    assert [shared(x) for x in (1, b"")] == ["new", "first"]
    assert [m.types for m in shared.methods] == [(bytes,), (int,)]


def test_a_strict_multimethod_lets_a_module_be_reloaded(module):
    f = module("from arraykit.dispatch import Multimethod\nf = Multimethod('f', strict=True)\n", "shared").f
    module(OLD)
    module(NEW)
    assert f(1) == "new"


def test_a_reload_that_registers_nothing_leaves_what_there_was(module, shared):
    module(OLD)
    module("from shared import f\n")
    assert shared(1) == "old"


def test_methods_that_could_not_be_read_go_with_their_module(module, shared):
    module(
        "from shared import f\n@f.register\ndef _(x: 'absent:Class'): ...\n@f.register\ndef _(x: int): ..."
    )
    assert len(shared._unread) == 1
    module(NEW)
    assert shared._unread == []


def test_what_a_function_of_the_module_registered_is_replaced_silently_and_else_stays(module, shared):
    text = "from shared import f\n{}def register(types):\n    for t in types: f.register(t)(lambda x: {!r})\n"
    module(text.format("", "old")).register([int, str])
    module(text.format("\n", "new")).register([int])
    assert (shared(1), shared("")) == ("new", "old")


def test_the_multimethods_own_module_may_be_reloaded(module):
    text = "from arraykit.dispatch import Multimethod\nf = Multimethod('f')\n@f.register\ndef _(x: int): return {}"
    old = module(text.format(1), "own").f
    new = module(text.format(2), "own").f
    assert (old(1), new(1)) == (1, 2)


def test_text_executed_piece_by_piece_in_a_module_is_one_execution(module, shared):
    module("""
        from shared import f
        for name in ("int", "str", "float"):
            exec(f"@f.register\\ndef _(x: {name}): return {name!r}")
    """)
    assert [shared(x) for x in (1, "", 1.0)] == ["int", "str", "float"]


def test_a_prompt_is_silent_and_forgets_nothing():
    lines = """
        from arraykit.dispatch import Multimethod
        f = Multimethod("f", strict=True)
        @f.register
        def _(x: str): return "text"

        @f.register
        def _(x: int): return "old"



        @f.register
        def _(x: int): return "new"

        print(f(""), f(1), len(f.methods))
    """
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-i"],
        input=textwrap.dedent(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["text", "new", "2"]
    assert "Error" not in done.stderr and "Warning" not in done.stderr


def test_a_script_is_told():
    script = "from arraykit.dispatch import Multimethod\nf = Multimethod('f')\n"
    script += "__file__ = 'script.py'\nf.register(int)(lambda x: 1)\nf.register(int)(lambda x: 2)\n"
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert "RedefinitionWarning: f(int)" in done.stderr


def test_hints_read_late_meet_the_method_that_came_meanwhile(module):
    f = Multimethod("f")
    f.register("late:Class")(first)
    late = module("class Class: ...", "late")
    f.register(late.Class)(second)
    with pytest.warns(RedefinitionWarning):
        assert f(late.Class()) == "first"
