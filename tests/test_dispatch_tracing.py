"""A trace counts what happens while it runs, in every thread, and changes nothing of what calls give."""

from __future__ import annotations

import gc
import operator
import sys
import threading
import time
import weakref
from typing import Literal
from xml.etree import ElementTree

import arraykit
import pytest
from arraykit import _core
from arraykit.dispatch import Abstract, AmbiguityError, Multimethod, NoMethodError, trace


def factorial_of():
    f = Multimethod("factorial")
    f.register(int)(lambda n: n * f(n - 1) if n else 1)
    return f


def counts(traced, *names):
    """{signature: the named counts}."""
    return {row.signature: tuple(getattr(row, name) for name in names) for row in traced.rows}


# ---- what is counted --------------------------------------------------------------------------------------


def test_calls_nested_calls_and_misses():
    f = factorial_of()
    with trace(f) as cold:
        assert f(5) == 120 and f(True) == 1
    assert counts(cold, "calls", "nested", "misses") == {"factorial(int)": (8, 6, 2)}
    with trace(f) as warm:
        assert f(5) == 120
    assert counts(warm, "calls", "nested", "misses") == {"factorial(int)": (6, 5, 0)}


def test_methods_reached_by_call_next_and_by_declining():
    f = Multimethod("f")
    f.register(object)(lambda x: "object")
    f.register(int)(lambda x: NotImplemented)

    @f.register
    def _(x: bool, *, call_next):
        return "bool, " + call_next(x)

    with trace(f) as traced:
        for _ in range(3):
            assert f(True) == "bool, object"
    assert counts(traced, "calls", "nested", "misses", "declined") == {
        "f(bool)": (3, 0, 1, 0),
        "f(int)": (3, 3, 1, 3),
        "f(object)": (3, 3, 1, 0),
    }


def test_errors_of_methods_and_calls_without_one():
    f = Multimethod("f")
    f.register(int, object)(lambda a, b: 1 // b)
    f.register(object, int)(operator.sub)
    with trace(f) as traced:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                f(1, 0.0)
            with pytest.raises(NoMethodError):
                f("", "")
            with pytest.raises(AmbiguityError):
                f(1, 2)
        assert f(2.5, 1) == 1.5
    assert counts(traced, "calls", "errors", "misses") == {
        "f(int, object)": (2, 2, 1),
        "f: no method": (4, 4, 3),  # what is ambiguous is not remembered
        "f(object, int)": (1, 0, 1),
    }
    assert next(row for row in traced.rows if row.method is None).function is f


@pytest.mark.parametrize("n", [0, 8, 9])
def test_any_number_of_arguments(n):
    f = Multimethod("f")
    f.register(...)(lambda *args: len(args))
    with trace(f) as traced:
        assert [f(*range(n)) for _ in range(4)] == [n] * 4
    assert counts(traced, "calls", "misses") == {"f(*object)": (4, 1 if n == 8 else 4)}


def test_one_function_registered_twice_is_two_methods():
    f = Multimethod("f")
    f.register(int)(repr)
    f.register(str)(repr)
    with trace(f) as traced:
        assert [f(1), f(2), f("a")] == ["1", "2", "'a'"]
    assert counts(traced, "calls") == {"f(int)": (2,), "f(str)": (1,)}


def refined():
    f = Multimethod("f")
    f.register(Literal[1])(lambda x: "one")
    f.register(Literal[2])(lambda x: NotImplemented)
    f.register(int)(lambda x: "int")
    f.register(type[int])(lambda x: "class")
    f.register(str)(lambda x: NotImplemented)
    return f


def test_methods_that_values_choose():
    expected = {"f(Literal[1])": (3,), "f(Literal[2])": (2,), "f(int)": (3,), "f(type[int])": (2,)}
    f = refined()
    for warm in (False, True):
        with trace(f) as traced:
            for x in (1, 2, 3, int, 1, 2, bool, 1):
                f(x)
        assert counts(traced, "calls") == expected
        assert any(row.misses for row in traced.rows) is not warm
    with trace(f) as traced, pytest.raises(NoMethodError):
        f(str)
    assert counts(traced, "calls", "errors") == {"f: no method": (1, 1)}
    with trace(f) as traced:
        pass
    assert traced.rows == [] and f(1) == "one"


def test_a_call_that_every_method_declines_is_one_without_a_method():
    for f, x in ((refined(), ""), (refined(), "x")):
        with trace(f) as traced:
            for _ in range(2):
                with pytest.raises(NoMethodError):
                    f(x)
        assert counts(traced, "calls", "declined", "errors") == {
            "f(str)": (2, 2, 0),
            "f: no method": (2, 0, 2),
        }


def test_a_call_that_every_method_chosen_by_its_value_declines():
    f = Multimethod("f")
    f.register(Literal[2])(lambda x: NotImplemented)
    f.register(object)(lambda x: NotImplemented)
    with trace(f) as traced:
        for _ in range(2):
            with pytest.raises(NoMethodError):
                f(2)
    assert counts(traced, "calls", "errors") == {
        "f(Literal[2])": (2, 0),
        "f(object)": (2, 0),
        "f: no method": (2, 2),
    }


def test_arguments_passed_by_name():
    f = Multimethod("f")

    @f.register
    def _(x: int, y: int): ...
    @f.register
    def _(x: int, y: str): ...

    for warm in (False, True):
        with trace(f) as traced:
            f(1, y=2), f(x=1, y=""), f(y=1, x=2), f(1, 2)
        assert counts(traced, "calls") == {"f(int, int)": (3,), "f(int, str)": (1,)}
        assert (sum(row.misses for row in traced.rows) == 0) is warm


class Base:
    m = Multimethod("m")

    @m.register
    def _(self, x: object):
        return "object"


class Sub(Base):
    m = Multimethod("m")

    @m.register
    def _(self, x: int, *, call_next):
        return "int, " + call_next(self, x)


def test_methods_of_classes():
    with trace(Sub.m, Base.m) as traced:
        assert [Sub().m(1), Sub().m(""), Base().m(1)] == ["int, object", "object", "object"]
    assert {(r.function is Sub.m, r.signature): r.calls for r in traced.rows} == {
        (True, "m(Sub, int)"): 1,
        (True, "m(Base, object)"): 2,
        (False, "m(Base, object)"): 1,
    }


def test_times_are_inclusive_and_own():
    inner, outer = Multimethod("inner"), Multimethod("outer")
    inner.register(object)(lambda x: time.sleep(0.004))
    outer.register(object)(lambda x: (inner(x), inner(x)))
    with trace(inner, outer) as traced:
        outer(1)
    rows = {row.signature: row for row in traced.rows}
    assert rows["outer(object)"].total >= rows["inner(object)"].total >= 8_000_000
    assert rows["outer(object)"].own == rows["outer(object)"].total - rows["inner(object)"].total
    assert rows["inner(object)"].mean == rows["inner(object)"].total / 2
    assert [row.signature for row in traced.rows] == ["outer(object)", "inner(object)"]


def test_time_of_a_recursion_counts_once():
    f = Multimethod("f")
    f.register(int)(lambda n: f(n - 1) if n else time.sleep(0.004))
    started = time.perf_counter_ns()
    with trace(f) as traced:
        f(20)
    (row,) = traced.rows
    assert row.calls == 21 and row.total <= time.perf_counter_ns() - started
    assert row.own == row.total


# ---- where and when ---------------------------------------------------------------------------------------


def test_warm_answers_are_traced_and_stay_warm():
    f = factorial_of()
    f(3)
    remembered = f._remembered()
    with trace(f) as traced:
        f(3)
        assert f._remembered() == remembered
    f(3)
    assert f._remembered() == remembered
    assert counts(traced, "calls", "misses") == {"factorial(int)": (4, 0)}


def test_only_what_was_asked_for():
    f, g = factorial_of(), factorial_of()
    with trace(f) as traced:
        f(1), g(1)
    assert [row.function for row in traced.rows] == [f]


def test_all_there_are_and_all_made_meanwhile():
    f = factorial_of()
    with trace() as traced:
        g = factorial_of()
        f(1), g(2)
    assert {row.function: row.calls for row in traced.rows if row.function in (f, g)} == {f: 2, g: 3}
    late = factorial_of()
    assert late(1) == 1 and late not in {row.function for row in traced.rows}


def test_methods_registered_and_taken_away_meanwhile():
    f = factorial_of()
    with trace(f) as traced:
        f(1)
        f.register(bool)(lambda x: "bool")
        assert f(True) == "bool"
        f.unregister(bool)
        assert f(True) == 1
    assert counts(traced, "calls") == {"factorial(int)": (4,), "factorial(bool)": (1,)}


def test_announcements_meanwhile():
    class Shape(Abstract): ...

    f = Multimethod("f")
    f.register(Shape)(lambda x: "shape")
    f.register(object)(lambda x: "object")
    with trace(f) as traced:
        assert f(1) == "object"
        Shape.register(int)
        assert f(1) == "shape"
    assert counts(traced, "calls") == {"f(Shape)": (1,), "f(object)": (1,)}


def test_traces_overlap():
    f = factorial_of()
    with trace(f) as outer:
        f(0)
        with trace(f) as inner:
            f(1)
        f(2)
    assert counts(inner, "calls") == {"factorial(int)": (2,)}
    assert counts(outer, "calls") == {"factorial(int)": (6,)}
    f(3)
    assert counts(outer, "calls") == {"factorial(int)": (6,)}


def test_rows_can_be_read_while_it_runs():
    f = factorial_of()
    with trace(f) as traced:
        assert traced.rows == [] and str(traced) == "no calls"
        f(0)
        assert counts(traced, "calls") == {"factorial(int)": (1,)}
        f(0)
    assert counts(traced, "calls") == {"factorial(int)": (2,)}


def test_a_trace_that_begins_or_ends_inside_a_call():
    f = Multimethod("f")
    begun = trace(f)

    @f.register
    def _(x: int):
        if x:
            begun.__enter__()
            return NotImplemented
        begun.__exit__(None, None, None)
        return "ended"

    @f.register
    def _(x: object):
        return "declined"

    assert f(1) == "declined"
    assert counts(begun, "calls") == {"f(object)": (1,)}
    assert f(0) == "ended" and f(2) == "declined"
    begun.__exit__(None, None, None)


def test_operators_of_arrays_are_traced():
    a = arraykit.asarray([1.0, 2.0])
    for _ in range(2):
        a + a
        with trace(arraykit.add) as traced:
            for _ in range(5):
                a + a
            with pytest.raises(TypeError):
                a + object()
        a + a
        (row, refused) = sorted(traced.rows, key=lambda row: row.method is None)
        assert (row.calls, row.misses, row.nested) == (5, 0, 0)
        assert (refused.calls, refused.declined, refused.errors) == (1, 1, 0)


def test_threads_lose_no_count():
    f = factorial_of()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with trace(f) as traced:
            threads = [threading.Thread(target=lambda: [f(3) for _ in range(300)]) for _ in range(8)]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
    finally:
        sys.setswitchinterval(interval)
    assert counts(traced, "calls", "nested") == {"factorial(int)": (8 * 300 * 4, 8 * 300 * 3)}


def test_traces_that_begin_and_end_while_threads_call():
    f = factorial_of()
    stop, wrong = threading.Event(), []

    def work():
        while not stop.is_set():
            if f(4) != 24:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for t in threads:
        t.start()
    for i in range(30):
        with trace(f):
            f.register(str)(lambda x, i=i: i)
            time.sleep(0)
    stop.set()
    for t in threads:
        t.join()
    assert not wrong and _core.trace_counts(f) == {}


def test_depth_of_recursion_is_no_less():
    def recurse():
        return recurse()

    f, g = Multimethod("f"), Multimethod("g")
    depth = []
    for each in (f, g):
        each.register(object)(lambda x, each=each: (depth.append(1), each(x)))
    with pytest.raises(RecursionError):
        f(1)
    untraced = len(depth)
    with trace(g), pytest.raises(RecursionError):
        g(1)
    assert len(depth) >= 2 * untraced - 5


# ---- what stays -------------------------------------------------------------------------------------------


def test_nothing_stays():
    f = factorial_of()
    before = sys.getrefcount(operator.sub)
    f.register(str, str)(operator.sub)
    f(1)
    with trace():
        f(1)
        with pytest.raises(TypeError):
            f("", "")
    assert _core.trace_counts(f) == {}
    alive = weakref.ref(f)
    f.unregister(str, str)
    del f
    gc.collect()
    after = sys.getrefcount(operator.sub)
    assert alive() is None and after == before


def test_an_exception_in_the_block_ends_the_trace():
    f = factorial_of()
    with pytest.raises(KeyError), trace(f) as traced:
        f(0)
        raise KeyError
    f(0)
    assert counts(traced, "calls") == {"factorial(int)": (1,)}


def test_a_running_trace_is_not_entered_again():
    with trace(factorial_of()) as traced, pytest.raises(RuntimeError, match="is running"):
        traced.__enter__()


def test_what_is_no_multimethod_is_refused():
    for call in (trace, _core.trace_begin, _core.trace_end, _core.trace_counts):
        with pytest.raises(TypeError, match="expected"):
            call(len)
    _core.trace_end(factorial_of())


def test_a_trace_that_cannot_begin_leaves_nothing(monkeypatch):
    f = factorial_of()

    def fail(g):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("arraykit.dispatch.introspection.tracing.trace_counts", fail)
        with pytest.raises(MemoryError):
            trace(f).__enter__()
    assert f(3) == 6
    with trace(f) as traced:
        f(0)
    assert counts(traced, "calls") == {"factorial(int)": (1,)}


def test_bound_methods_name_their_multimethod():
    with trace(Sub().m, Base.m) as traced:
        assert Sub().m("") == "object"
    assert counts(traced, "calls") == {"m(Base, object)": (1,)}


# ---- the table --------------------------------------------------------------------------------------------


def test_the_table_is_sorted_by_time_and_shows_what_happened():
    fast, slow = Multimethod("fast"), Multimethod("slow")
    fast.register(int)(lambda x: x)
    slow.register(int)(lambda x: time.sleep(0.05))  # longer than a busy machine keeps a process waiting
    with trace(fast, slow) as traced:
        slow(1), fast(1), fast(2)
    title, head, *rows = str(traced).splitlines()
    assert title.startswith("3 calls of 2 methods in ") and title.endswith(" ms")
    assert head.split() == ["method", "calls", "misses", "total", "own", "mean"]
    assert [row.split()[:3] for row in rows] == [["slow(int)", "1", "1"], ["fast(int)", "2", "1"]]
    assert repr(traced) == str(traced)


def test_the_notebook_table_is_well_formed_and_escaped():
    f = Multimethod("<b>&")
    f.register(object)(lambda x: None)
    with trace(f) as traced:
        f(1)
    html = ElementTree.fromstring(traced._repr_html_())
    assert "<b>&(object)" in [cell.text for cell in html.iter("td")]
