"""What multimethods do in each situation in which Python's dispatchers differ: one test a row of the docs.

The rows are those of docs/dispatch-compared.md, which tells how the others behave; a test compares both
lists, so that nothing is promised there that is not tested here, and nothing tested that is not told.
"""

from __future__ import annotations

import abc
import asyncio
import copy
import gc
import inspect
import pickle
import re
import runpy
import sys
import threading
import weakref
from collections.abc import Callable, Sized
from types import GenericAlias
from typing import Generic, Literal, Optional, Protocol, TypeVar, Union, runtime_checkable

import arraykit as ak
import pytest
from arraykit.dispatch import (
    AmbiguityError,
    Multimethod,
    NoMethodError,
    RedefinitionError,
    RedefinitionWarning,
    check,
    declare_parameters,
    multimethod,
    trace,
)
from codebase import ROOT

PAGE = ROOT / "docs" / "dispatch-compared.md"
ANSWERED: list[str] = []


def answers(row: str) -> Callable:
    """Marks the test of a row of the page."""
    ANSWERED.append(row)
    return lambda test: test


def rows_of_the_page() -> list[str]:
    """The first cell of each line of the page's tables, without their heads."""
    lines = re.findall(r"^\| ([^|]*(?:\\\|[^|]*)*?) \|", PAGE.read_text(encoding="utf-8"), re.M)
    return [line.replace("\\|", "|") for line in lines if line not in ("situation", "---")]


def test_the_page_and_the_tests_have_the_same_rows():
    assert sorted(rows_of_the_page()) == sorted(ANSWERED)


T = TypeVar("T")


class A: ...


class B: ...


class SubA(A): ...


module_level = Multimethod("module_level")
module_level.register(int)(lambda x: "int")


def table(**methods: type) -> Multimethod:
    """A multimethod of one argument, whose methods give their names."""
    f = Multimethod("f")
    for name, cls in methods.items():
        f.register(cls)(lambda x, *, name=name: name)
    return f


# ---- ambiguity -------------------------------------------------------------------------------------------


def tie(first: tuple, second: tuple) -> Multimethod:
    f = Multimethod("f")
    f.register(*first)(lambda a, b: first)
    f.register(*second)(lambda a, b: second)
    return f


@answers("`f(A, object)` and `f(object, A)` meet `f(a, a)`")
def test_a_tie_is_an_error_at_the_call_whatever_the_order():
    for order in [((A, object), (object, A)), ((object, A), (A, object))]:
        f = tie(*order)
        assert (f(A(), 1), f(1, A())) == ((A, object), (object, A))
        for _ in range(2):
            with pytest.raises(AmbiguityError) as caught:
                f(A(), A())
            assert {m.types for m in caught.value.methods} == {(A, object), (object, A)}
            assert str(caught.value).count("test_dispatch_comparison.py:") == 2


@answers("the signature to add is suggested")
def test_the_error_prints_the_registration_that_settles_it():
    f = tie((A, object), (object, A))
    with pytest.raises(AmbiguityError, match=re.escape("@f.register(A, A)")) as caught:
        f(A(), A())
    f.register(*caught.value.settle)(lambda a, b: "settled")
    assert f(A(), A()) == "settled"


@answers("ties are found before a call meets them")
def test_ambiguities_are_listed_on_request_and_registration_computes_none():
    f = tie((A, object), (object, A))
    assert [{m.types for m in pair} for pair in f.ambiguities()] == [{(A, object), (object, A)}]
    f.__module__ = "module_of_ties"
    assert check("module_of_ties").ambiguities == f.ambiguities()
    f.register(A, A)(lambda a, b: "both")
    assert f.ambiguities() == [] and not check("module_of_ties")


@answers("`class C(A, B)` meets `f(A)` and `f(B)`")
def test_the_order_of_bases_decides_as_it_does_for_inheritance():
    class C(A, B): ...

    class D(B, A): ...

    for f in (table(A=A, B=B), table(B=B, A=A)):
        assert (f(C()), f(D())) == ("A", "B")


# ---- hints -----------------------------------------------------------------------------------------------


@runtime_checkable
class Quacks(Protocol):
    def quack(self) -> str: ...


@answers("abstract base classes and runtime protocols")
def test_abcs_and_runtime_protocols_serve_as_classes():
    class Duck:
        def quack(self) -> str:
            return "quack"

    f = table(quacks=Quacks, sized=Sized, object=object)
    assert (f(Duck()), f([]), f(1)) == ("quacks", "sized", "object")


@answers("a class with an unhashable metaclass")
def test_classes_need_not_be_hashable():
    class Unhashable(type):
        __hash__ = None

    class Odd(metaclass=Unhashable): ...

    f = table(odd=Odd, object=object)
    assert (f(Odd()), f(1)) == ("odd", "object")


@answers("unions in every spelling, and `Optional`")
def test_every_spelling_of_a_union_is_the_same():
    for hint in (int | str, Union[int, str], (int, str)):  # noqa: UP007
        f = table(one=hint, object=object)
        assert (f(1), f("a"), f(1.5)) == ("one", "one", "object")
        f.register(int)(lambda x: "narrower")
        assert (f(1), f("a")) == ("narrower", "one")
    assert table(maybe=Optional[int])(None) == "maybe"  # noqa: UP045


@answers("`None` as a hint")
def test_none_stands_for_its_class():
    f = Multimethod("f")
    f.register(None)(lambda x: "by types")

    @f.register
    def _(x: int | None, y: None):
        return "by annotations"

    assert (f(None), f(1, None)) == ("by types", "by annotations")


@answers("`list[int]` beside `list[str]`")
def test_items_are_never_looked_at_and_such_hints_are_refused():
    with pytest.raises(TypeError, match=re.escape("list[int] cannot be dispatched on")) as caught:
        Multimethod("f").register(list[int])(lambda x: None)
    assert "declare_parameters" in str(caught.value)


class Box(Generic[T]):
    pass


class BoxOfInt(Box[int]):
    pass


@answers("a user's `Generic`: `Box[int]`")
def test_generics_are_told_apart_by_what_object_or_class_declares():
    f = table(ints=Box[int], strs=Box[str], box=Box)
    assert (f(Box[int]()), f(Box[str]()), f(BoxOfInt())) == ("ints", "strs", "ints")
    assert (f(Box()), f(Box[bytes]())) == ("box", "box")


@answers("an own parametric type: `Array[float64, 2]`")
def test_any_class_may_declare_parameters():
    class Grid:
        def __init__(self, cell: type, ndim: int) -> None:
            self.cell, self.ndim = cell, ndim

        __class_getitem__ = classmethod(GenericAlias)

    declare_parameters(Grid, lambda grid: (grid.cell, grid.ndim))
    f = table(plane=Grid[float, 2], floats=Grid[float], grid=Grid)
    made = [Grid(float, 2), Grid(float, 3), Grid(int, 2)]
    assert [f(grid) for grid in made] == ["plane", "floats", "grid"]

    f = table(table=ak.Array[ak.float64, 2], floats=ak.Array[ak.dtypes.Floating], array=ak.Array)
    made = [ak.asarray(x) for x in ([[1.5]], [1.5], [1])]
    assert [f(array) for array in made] == ["table", "floats", "array"]


@answers("`Literal`: dispatch on a value")
def test_values_of_exactly_the_class_are_matched():
    f = table(one=Literal[1], words=Literal["a", "b"], object=object)
    assert [f(x) for x in (1, "a", "b", "c", 1.0, True)] == ["one", "words", "words", *["object"] * 3]


@answers("`type[A]`: a class as argument")
def test_classes_are_arguments_ranked_by_their_own_bases():
    f = table(A=type[A], sub=type[SubA], type=type, object=object)
    assert [f(x) for x in (A, SubA, B, A())] == ["A", "sub", "type", "object"]


@answers("predicates: any test of a value")
def test_a_method_declines_by_notimplemented_where_a_predicate_would_say_no():
    f = table(object=object)

    @f.register
    def even(x: int):
        return "even" if x % 2 == 0 else NotImplemented

    assert (f(2), f(3), f("a")) == ("even", "object", "object")


@answers("variadics: `*args: int`")
def test_variadics_check_each_argument():
    f = Multimethod("f")

    @f.register
    def _(first: str, *rest: int):
        return "ints", len(rest)

    f.register(str, [str])(lambda first, *rest: ("strs", len(rest)))
    assert (f("a", 1, 2), f("a", "b", "c", "d")) == (("ints", 2), ("strs", 3))
    with pytest.raises(NoMethodError):
        f("a", 1, "b")


@answers("a positional parameter is passed by name")
def test_arguments_passed_by_name_take_part():
    f = Multimethod("f")

    @f.register
    def _(x: int, y: str, *, axis=None):
        return "int, str", axis

    @f.register
    def _(x: str, y: object, *, axis=None):
        return "str, object", axis

    assert f(1, "a") == f(1, y="a") == f(x=1, y="a") == f(y="a", x=1) == ("int, str", None)
    assert f("a", y=1, axis=0) == ("str, object", 0)
    with pytest.raises(NoMethodError):
        f(x=1, y=2)


@answers("defaults")
def test_defaults_make_arguments_optional():
    f = Multimethod("f")

    @f.register
    def _(x: int, y: str = "default"):
        return y

    assert (f(1), f(1, "given")) == ("default", "given")
    with pytest.raises(NoMethodError):
        f(1, 2)


# ---- right under change ----------------------------------------------------------------------------------


@answers("`ABC.register` after a warm call")
def test_a_virtual_subclass_is_noticed_after_a_warm_call():
    class Late: ...

    class Abstract(abc.ABC):  # noqa: B024
        ...

    f = table(object=object, abstract=Abstract)
    assert f(Late()) == f(Late()) == "object"
    Abstract.register(Late)
    assert f(Late()) == "abstract"


@answers("`__bases__` changed after a warm call")
def test_other_bases_are_noticed_after_a_warm_call():
    class Moving(A): ...

    f = table(A=A, B=B)
    assert f(Moving()) == f(Moving()) == "A"
    Moving.__bases__ = (B,)
    assert f(Moving()) == "B"


@answers("a class that only the dispatcher remembers")
def test_dead_classes_are_freed():
    f = table(object=object)
    mortal = type("Mortal", (), {})
    f(mortal())
    gone = weakref.ref(mortal)
    del mortal
    gc.collect()
    assert gone() is None


def registered_by(f: Multimethod, module: str, result: str) -> None:
    """Register a method for int whose function is of another module."""
    scope = {"__name__": module, "f": f}
    source = f"@f.register(int)\ndef _(x):\n    return {result!r}\n"
    exec(compile(source, f"{module}.py", "exec"), scope)


@answers("the signature is registered again")
def test_another_definition_replaces_with_a_warning_and_other_modules_tie():
    f, strict = Multimethod("f"), Multimethod("f", strict=True)
    for again in range(2):  # the same place
        f.register(int)(lambda x, *, again=again: again)
    assert f(1) == 1
    with pytest.warns(RedefinitionWarning) as told:
        f.register(int)(lambda x: "another place")
    assert f(1) == "another place"
    assert str(told[0].message).count("test_dispatch_comparison.py:") == 2

    strict.register(int)(lambda x: "stays")
    with pytest.raises(RedefinitionError):
        strict.register(int)(lambda x: "refused")
    assert strict(1) == "stays"

    registered_by(f, "another_module", "of another module")
    with pytest.raises(AmbiguityError):
        f(1)


# ---- calls -----------------------------------------------------------------------------------------------


@answers("the next method, and a method chosen by hand")
def test_call_next_asks_the_next_best_and_invoke_any():
    f = table(object=object)

    @f.register
    def _(x: A, *, call_next):
        return "A, " + call_next(x)

    @f.register
    def _(x: SubA, *, call_next):
        return "SubA, " + call_next(x)

    assert f(SubA()) == "SubA, A, object"
    assert f.invoke((A,), SubA()) == "A, object"


@answers("an implementation raises `TypeError`")
def test_exceptions_of_methods_pass_untouched():
    error = TypeError("mine")

    def raises(x):
        raise error

    f = Multimethod("f")
    f.register(int)(raises)
    with pytest.raises(TypeError) as caught:
        f(1)
    assert caught.value is error
    assert caught.value.__cause__ is caught.value.__context__ is None


@answers("an implementation returns `NotImplemented`")
def test_notimplemented_asks_the_next_best_and_is_an_error_in_the_end():
    f = table(object=object)
    f.register(A)(lambda x: NotImplemented)
    assert f(A()) == "object"
    f.unregister(object)
    with pytest.raises(NoMethodError, match="no method is left"):
        f(A())


@answers("precedence")
def test_precedence_settles_ties_only_and_explain_says_so():
    f = Multimethod("f")
    f.register(A, object, precedence=1)(lambda a, b: "preferred")
    f.register(object, A)(lambda a, b: "other")
    assert f(A(), A()) == "preferred"
    assert "precedence 1" in str(f.explain(A(), A()))
    f.register(A, A)(lambda a, b: "nearer")
    assert f(A(), A()) == "nearer"


@answers("conversion of results; promotion of arguments")
def test_results_pass_untouched_and_promotion_is_a_method_like_others():
    f = Multimethod("f")

    @f.register
    def _(x: int, y: int) -> float:
        return x + y

    @f.register
    def promoted(x: float, y: object):
        return f(int(x), int(y))

    assert type(f(1, 2)) is int
    assert f(1.5, 2) == 3


@answers("a proxy whose `__class__` says `A`")
def test_the_class_is_type_of_the_object():
    class Proxy:
        __class__ = A

    assert isinstance(Proxy(), A)
    assert table(A=A, object=object)(Proxy()) == "object"


@answers("asynchronous implementations")
def test_coroutines_pass_as_any_result():
    f = Multimethod("f")

    @f.register
    async def _(x: int):
        await asyncio.sleep(0)
        return "awaited"

    assert asyncio.run(f(1)) == "awaited"


@answers("a subclass adds an overload of a method")
def test_inherited_methods_stay_when_a_subclass_adds_one():
    class Base:
        @multimethod
        def m(self, x: int):
            return "Base, int"

    class Sub(Base):
        @multimethod
        def m(self, x: str):
            return "Sub, str"

    assert (Sub().m(1), Sub().m("a"), Base().m(1)) == ("Base, int", "Sub, str", "Base, int")
    with pytest.raises(NoMethodError):
        Base().m("a")


# ---- threads ---------------------------------------------------------------------------------------------


@answers("8 threads race on first calls of 20 functions; calls during 100 registrations")
def test_threads_that_race_get_right_answers():
    functions = [table(object=object, A=A) for _ in range(20)]
    classes = [type(f"C{i}", (A,), {}) for i in range(100)]
    start, failures = threading.Barrier(8), []

    def race(number: int) -> None:
        start.wait()
        for cls in classes:
            if number == 0:
                functions[0].register(cls)(lambda x: "A")
            failures.extend(1 for f in functions if f(cls()) != "A")

    threads = [threading.Thread(target=race, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


@answers("safety is promised")
def test_a_call_that_races_with_a_change_sees_the_methods_before_or_after_it():
    f = table(object=object)
    done, wrong = threading.Event(), []

    def call() -> None:
        while not done.is_set():
            wrong.extend(answer for answer in (f(A()), f(SubA())) if answer not in ("A", "object"))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        f.register(A)(lambda x: "A")
        wrong.extend({f(A()), f(SubA())} - {"A"})
        f.unregister(A)
        wrong.extend({f(A()), f(SubA())} - {"object"})
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong


@answers("free-threaded CPython")
def test_tables_are_read_and_written_in_critical_sections_that_nothing_leaves_early():
    section = re.compile(r"AK_BEGIN_CRITICAL_SECTION(.*?)AK_END_CRITICAL_SECTION", re.S)
    folder = ROOT / "src_c" / "python"
    found = {path.name: section.findall(path.read_text("utf-8")) for path in folder.glob("*.c")}
    assert {"multimethod.c", "multimethod_memory.c"} <= {name for name, sections in found.items() if sections}
    for name, sections in found.items():
        for text in sections:
            assert not re.search(r"\b(return|goto|AK_BEGIN_CRITICAL_SECTION)\b", text), (name, text)


# ---- what it tells ---------------------------------------------------------------------------------------


@answers("introspection")
def test_methods_calls_and_sources_can_be_looked_at():
    f = Multimethod("f")

    @f.register
    def number(x: int):
        """Of a number."""

    f.register(object)(lambda x: None)
    assert f.methods[0].function is f.resolve(bool).function is number
    assert "f(int)" in str(f.methods) and "Of a number." in str(f.methods)
    assert str(f.explain(True)).startswith("f(bool) calls f(int)")
    assert "def number(x: int):" in f.source(int)
    picture = f.diagram(True)
    assert picture.svg.startswith("<svg") and "flowchart" in picture.mermaid and "digraph" in picture.dot


@answers("the error of a call without a method")
def test_the_nearest_methods_are_shown_with_place_and_reason():
    f = Multimethod("f")
    f.register(int, str)(lambda a, b: None)
    with pytest.raises(NoMethodError) as caught:
        f(1, 2)
    text = str(caught.value)
    assert "f(int, int)" in text and "argument 2: int is not str" in text
    assert f"test_dispatch_comparison.py:{f.methods[0].line}" in text


@answers("`inspect.signature`")
def test_the_signature_is_merged_or_what_was_given():
    f = Multimethod("f")
    f.register(int)(lambda x, *, axis=None: None)
    f.register(str)(lambda x, *, axis=None: None)
    assert str(inspect.signature(f)) == "(x: int | str, *, axis=None)"
    given = Multimethod("f", signature="(x, /, *, out=None)")
    assert str(inspect.signature(given)) == "(x, /, *, out=None)"


@answers("the documents of all methods are joined")
def test_the_docstring_lists_the_methods_with_theirs():
    f = Multimethod("f", doc="What it gives.")

    @f.register
    def _(x: int):
        """Of a number."""

    @f.register
    def _(x: str):
        """Of a text."""

    assert f.__doc__ == "What it gives.\n\nf(int)\n    Of a number.\n\nf(str)\n    Of a text."


@answers("call statistics")
def test_a_trace_counts_and_times_while_it_is_on():
    f = table(A=A, object=object)
    with trace(f) as traced:
        f(A())
        f(SubA())
        f(1)
    f(1)
    assert {row.signature: row.calls for row in traced.rows} == {"f(A)": 2, "f(object)": 1}
    assert sum(row.misses for row in traced.rows) == 3
    assert all(row.total > 0 for row in traced.rows)


# ---- typing ----------------------------------------------------------------------------------------------


def typing_sample(name: str) -> str:
    """A file that runs, and says what mypy and pyright must say of its lines; test_dispatch_typing asks them."""
    path = ROOT / "tests" / "typing_samples" / f"{name}.py"
    runpy.run_path(str(path))
    return path.read_text(encoding="utf-8")


@answers("type checkers: one name defined several times")
def test_overloads_have_right_results_for_type_checkers():
    text = typing_sample("overloads")
    assert re.search(r"@overload\ndef (\w+).*?@multimethod\ndef \1", text, re.S)
    assert "# reveals int" in text and "# reveals str" in text and "# refused" in text


@answers("type checkers: another style")
def test_registrations_are_clean_for_type_checkers():
    assert "@size.register\ndef of_text(x: str) -> int:" in typing_sample("registered")


@answers("type information is shipped (`py.typed`)")
def test_the_package_is_marked_as_typed():
    assert (ROOT / "arraykit" / "py.typed").exists()
    assert "'py.typed'" in (ROOT / "arraykit" / "meson.build").read_text(encoding="utf-8")


# ---- as an object ----------------------------------------------------------------------------------------


@answers("pickling a function of a module")
def test_multimethods_pickle_by_name():
    assert pickle.loads(pickle.dumps(module_level)) is module_level


@answers("`copy` and `deepcopy`")
def test_copies_are_the_function_itself_as_for_any_function():
    assert copy.copy(module_level) is copy.deepcopy([module_level])[0] is module_level


@answers("registration by the name of a class that is not imported")
def test_a_class_may_be_named_before_it_exists():
    f = table(object=object)
    f.register("module_of_later:Later")(lambda x: "later")
    assert f(1) == "object"
    module = type(sys)("module_of_later")
    module.Later = type("Later", (), {"__module__": "module_of_later"})
    sys.modules["module_of_later"] = module
    try:
        assert f(module.Later()) == "later"
    finally:
        del sys.modules["module_of_later"]


@answers("plug-ins found by entry points")
def test_plug_ins_load_when_an_object_of_theirs_turns_up(tmp_path, monkeypatch):
    from arraykit.dispatch import plugins

    info = tmp_path / "plug_comparison-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: plug_comparison\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[arraykit.plugins]\narray.comparison = plug_comparison\n")
    (tmp_path / "plug_comparison.py").write_text(
        "import arraykit as ak\nak.register_array_type('comparison:Seven', lambda seven: ak.asarray([7]))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins.entries.cache_clear()
    module = type(sys)("comparison")
    module.Seven = type("Seven", (), {"__module__": "comparison"})
    monkeypatch.setitem(sys.modules, "comparison", module)
    assert ak.sum([1]) == 1 and "plug_comparison" not in sys.modules
    assert ak.sum(module.Seven()) == 7 and "plug_comparison" in sys.modules
    plugins.entries.cache_clear()
