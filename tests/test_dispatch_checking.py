"""The check of a whole process: what it reports, what it leaves alone, and that it changes nothing."""

from __future__ import annotations

import subprocess
import sys

import arraykit
import pytest
from arraykit.dispatch import Abstract, Multimethod, check
from effort import THOROUGH
from golden import check_golden


class A: ...


class B: ...


class Both(A, B): ...


def nothing(*args: object) -> None: ...


def crossing(name: str, module: str) -> Multimethod:
    f = Multimethod(name, module=module)
    f.register(A, object)(nothing)
    f.register(object, A)(nothing)
    return f


def test_a_clean_report_is_false_and_says_what_was_looked_at():
    f = Multimethod("f", module="clean_shapes")
    f.register(A)(nothing)
    report = check("clean_shapes")
    assert not report and report.ambiguities == [] and (report.functions, report.methods) == (1, 1)
    assert str(report) == "no ambiguities in 1 multimethod with 1 method"
    assert repr(check("no_such_package")) == "<no ambiguities in no multimethods with no methods>"
    del f


def test_the_text_of_a_report_with_everything():
    f, g = crossing("f", "shapes.plane"), crossing("g", "shapes")
    g.register(A, A)(nothing)
    g.register("no_package:Shape", object)(nothing)
    g.register("arraykit.dispatch:Multimethods")(nothing)

    @g.register
    def misspelt(a: Crcle) -> None: ...  # type: ignore[name-defined]  # noqa: F821

    report = check("shapes")
    assert report
    assert report.ambiguities == f.ambiguities()
    assert [(m, what) for m, what, _, _ in report.unreadable] == [
        (g, "nothing"),
        (g, "misspelt"),
    ]
    assert report.waiting == ["no_package:Shape"]
    check_golden("dispatch/check", str(report))


def test_packages_are_those_of_the_multimethod_or_of_one_of_the_methods():
    f = crossing("f", "shapes_here")

    def elsewhere(a: int, b: object) -> None: ...

    code = compile(
        "f.register(int, object)(elsewhere)\nf.register(object, int)(elsewhere)", "there.py", "exec"
    )
    exec(code, {"__name__": "shapes_there.deep", "f": f, "elsewhere": elsewhere})
    assert len(f.ambiguities()) == 4
    assert len(check("shapes_here").ambiguities) == 4
    theirs = check("shapes_there").ambiguities
    assert len(theirs) == 3 and all(any(m.module == "shapes_there.deep" for m in pair) for pair in theirs)
    assert check("shapes_there", "shapes_here").functions == 1
    assert check("shapes_he").functions == check("shapes_there.deeper").functions == 0


def test_only_existing_classes_can_be_left_out():
    f = Multimethod("f", module="shapes_of_two")
    f.register(A, B)(nothing)
    f.register(B, A)(nothing)
    assert check("shapes_of_two") and not check("shapes_of_two", existing=False)
    del f


def test_what_is_no_name_is_refused():
    with pytest.raises(TypeError, match="check: expected names of packages"):
        check(arraykit)  # type: ignore[arg-type]


def test_dead_multimethods_are_forgotten():
    crossing("f", "shapes_that_died")
    assert not check("shapes_that_died").functions


def test_it_imports_nothing_to_find_a_class():
    f = Multimethod("f", module="shapes_waiting")
    f.register("this:Zen", object)(nothing)
    assert check("shapes_waiting").waiting == ["this:Zen"] and "this" not in sys.modules
    del f


def test_methods_that_come_while_it_looks_are_looked_at():
    f = crossing("f", "shapes_coming")
    f.unregister(object, A)

    class Meta(type(Abstract)):  # type: ignore[misc]
        def __subclasscheck__(cls, subclass):
            if len(f.methods) < 3:
                f.register(object, A)(nothing)
            return super().__subclasscheck__(subclass)

    class Shape(Abstract, metaclass=Meta): ...

    f.register(Shape, int)(nothing)
    assert len(check("shapes_coming").ambiguities) == 1


def test_abstract_classes_that_wait_for_names_are_no_finding():
    class Shape(Abstract): ...

    Shape.register("no_package:Circle")
    f = Multimethod("f", module="shapes_abstract")
    f.register(Shape, object)(nothing)
    f.register(object, Shape)(nothing)
    [ambiguity] = check("shapes_abstract").ambiguities
    assert ambiguity.settle == (Shape, Shape)


# May only go down: pairs of methods of arraykit's own functions that tie.
AMBIGUOUS_PAIRS = 0


def test_our_own_functions_have_no_more_ambiguities():
    """In a process of its own, for tests define classes and register methods."""
    code = (
        "import arraykit, numpy; arraykit.dot(numpy.ones(2), [1, 2])\n"
        f"report = arraykit.check(existing={THOROUGH})\n"
        "assert report.functions > 100, report.functions\n"
        f"assert len(report.ambiguities) <= {AMBIGUOUS_PAIRS} and not report.unreadable, report"
    )
    done = subprocess.run([sys.executable, "-P", "-W", "error", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


class Circle:
    area = Multimethod("area")

    @area.register
    def _(self, a: A, b: object) -> None: ...

    @area.register
    def _(self, a: object, b: A) -> None: ...


class Disc(Circle):
    area = Multimethod("area")

    @area.register
    def _(self, a: int, b: int) -> None: ...


def test_inherited_ties_are_told_once():
    assert len(vars(Disc)["area"].ambiguities()) == 1
    found = [a for a in check(__name__).ambiguities if a.name == "area"]
    assert found == vars(Circle)["area"].ambiguities()
