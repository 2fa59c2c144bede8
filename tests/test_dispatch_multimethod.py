"""What a multimethod calls, with what, what follows, and how it passes for a function."""

from __future__ import annotations

import copy
import gc
import inspect
import operator
import pickle
import subprocess
import sys
import types
import weakref

import pytest
from arraykit.dispatch import (
    Abstract,
    AmbiguityError,
    Method,
    Multimethod,
    NoMethodError,
    on_arrival,
)


class A: ...


class B(A): ...


class Other: ...


shared = Multimethod("shared", doc="For pickling.")


class Holder:
    method = Multimethod("method")

    @method.register
    def _(self, x: int):
        return "int", self

    @method.register
    def _(self, x: str, *, twice=False):
        return x * (1 + twice), self


def constant(value):
    return lambda *args, **kwargs: value


def table(**methods):
    """A multimethod of one argument: name of a class in this module -> what its method returns."""
    f = Multimethod("f")
    for name, value in methods.items():
        f.register({"A": A, "B": B, "object": object, "int": int}[name])(constant(value))
    return f


# ---- what is called, and with what ------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(1, 12))
def test_any_number_of_arguments(n):
    f = Multimethod("f")
    f.register(*[A] * n)(lambda *args: ("A", args))
    f.register(*[object] * n)(lambda *args: ("object", args))
    arguments = tuple(B() for _ in range(n))
    for _ in range(3):
        assert f(*arguments) == ("A", arguments)
        assert f(*arguments[1:], 1) == ("object", (*arguments[1:], 1))
    assert f._remembered() == (2 if n <= 8 else 0)


def test_no_arguments():
    f = Multimethod("f")
    f.register()(lambda: "none")
    f.register(int, ...)(lambda *args: len(args))
    f.register(...)(lambda *args: "any")
    assert (f(), f(), f(1), f(1, "x"), f("x")) == ("none", "none", 1, 2, "any")


def test_keywords_are_handed_over_untouched():
    seen = []
    f = Multimethod("f")
    f.register(A, A)(lambda a, b, **kwargs: seen.append((a, b, kwargs)) or kwargs)
    a, b = A(), B()
    for _ in range(3):
        assert f(a, b, axis=0, out=None) == {"axis": 0, "out": None}
        assert f(a, b, **{"axis": 1}) == {"axis": 1}
        assert f(*(a, b)) == {}
    assert all(row[0] is a and row[1] is b for row in seen)
    assert f(a=a, b=b, axis=2) == {"axis": 2}


def _target_calls():
    class Callable:
        def __call__(self, a, b):
            return "instance"

    class Wrapper:
        @staticmethod
        def static(a, b):
            return "static"

        def bound(self, a, b):
            return "bound"

    inner = Multimethod("inner")
    inner.register(object, object)(constant("multimethod"))
    return {
        "instance": Callable(),
        "static": Wrapper.static,
        "bound": Wrapper().bound,
        "multimethod": inner,
        "function": lambda a, b: "function",
        "class": type("class", (), {"__new__": lambda cls, a, b: "class"}),
    }


@pytest.mark.parametrize("name", _target_calls())
def test_anything_callable_is_a_method(name):
    f = Multimethod("f")
    f.register(object, object)(_target_calls()[name])
    assert [f(1, 2) for _ in range(3)] == [name] * 3


def test_builtins_are_methods():
    f = Multimethod("f")
    f.register(int, int)(operator.add)
    f.register(str, str)(str.__add__)
    f.register(str)(str.upper)
    f.register(int)(int)
    assert [(f(1, 2), f("a", "b"), f("a"), f(3)) for _ in range(2)] == [(3, "ab", "A", 3)] * 2


def test_endless_recursion_is_an_error_not_a_crash():
    f, g = Multimethod("f"), Multimethod("g")
    f.register(object)(g)
    g.register(object)(f)
    with pytest.raises(RecursionError):
        f(1)

    class Adds:
        __add__ = Multimethod("__add__")

    Adds.__add__.register(Adds, Adds)(operator.add)
    with pytest.raises(RecursionError):
        Adds() + Adds()


def test_arguments_are_dispatched_by_class_not_by_claim():
    proxy = type("Proxy", (), {"__class__": property(lambda self: A)})()
    assert isinstance(proxy, A)
    assert table(A="A", object="object")(proxy) == "object"


# ---- the next method --------------------------------------------------------------------------------------


def test_methods_that_decline_are_followed_by_the_next():
    f = Multimethod("f")
    f.register(B)(constant(NotImplemented))
    f.register(A)(lambda x, **kwargs: ("A", kwargs))
    f.register(object)(constant(NotImplemented))
    for _ in range(3):
        assert f(B(), k=1) == ("A", {"k": 1})
        assert f(A()) == ("A", {})
        with pytest.raises(NoMethodError, match="answered NotImplemented"):
            f(1)


def test_a_tie_among_the_next_methods_is_an_error_only_if_it_is_reached():
    f = Multimethod("f")
    answers = ["first", NotImplemented]
    f.register(A, A)(lambda a, b: answers[0])
    f.register(A, object)(constant("left"))
    f.register(object, A)(constant("right"))
    assert f(A(), A()) == "first"
    answers.reverse()
    with pytest.raises(AmbiguityError):
        f(A(), A())


def test_call_next_calls_the_next_method():
    f = Multimethod("f")

    @f.register(B)
    def of_b(x, *, call_next, k=0):
        return ["B", *call_next(x, k=k + 1)]

    @f.register
    def of_a(x: A, *, k, call_next):
        return ["A", k, *call_next(x)]

    f.register(object)(lambda x: ["object"])
    for _ in range(3):
        assert f(B()) == ["B", "A", 1, "object"]
        assert f(A(), k=5) == ["A", 5, "object"]
    assert f.resolve(B).function is of_b and f.resolve(A).function is of_a


def test_call_next_without_a_next_method():
    f = Multimethod("f")

    @f.register(A)
    def method(x, *, call_next):
        return call_next(x)

    for _ in range(2):
        with pytest.raises(NoMethodError):
            f(A())


def test_invoke_calls_a_less_specific_method():
    f = table(A="A", B="B", object="object")
    assert (f.invoke((A,), B()), f.invoke((object,), B()), f.invoke((B,), B())) == ("A", "object", "B")
    with pytest.raises(TypeError, match="cannot be called as"):
        f.invoke((B,), A())
    with pytest.raises(NoMethodError):
        f.invoke((A, A), A(), A())


# ---- registration -----------------------------------------------------------------------------------------


def test_registrations_return_the_function_and_stack():
    f = Multimethod("f")

    @f.register(A)
    @f.register(int)
    def method(x):
        return "both"

    assert method(None) == f(A()) == f(1) == "both"
    assert len(f.methods) == 2


def test_the_same_signature_replaces_in_one_module_and_ties_between_modules():
    f = table(A="old")
    f.register(A)(constant("new"))
    assert f(A()) == "new" and len(f.methods) == 1

    def foreign(x): ...

    foreign.__module__ = "somebody.else"
    f.register(A)(foreign)
    with pytest.raises(AmbiguityError):
        f(A())
    mine = next(m for m in f.methods if m.function is not foreign)
    f.unregister(mine)
    assert f(A()) is None


def test_optional_arguments_take_part_when_they_are_given():
    f = Multimethod("f")

    @f.register
    def method(x: A, axis: int | None = None):
        return "method", axis

    f.register(A, str)(constant("string"))
    f.register(B)(lambda x, y=1, z=2: ("B", y, z))
    assert f(A()) == ("method", None)
    assert f(A(), 3) == ("method", 3)
    assert f(A(), "x") == "string"
    assert f(B(), [], 5) == ("B", [], 5)
    with pytest.raises(NoMethodError):
        f(A(), 1.5)


def test_methods_tell_where_they_are():
    f = Multimethod("f")

    @f.register
    def method(x: A, y: int | str): ...

    f.register(int, int)(operator.add)
    here, builtin = f.methods
    assert isinstance(here, Method)
    assert (here.types, here.function) == ((A, (int, str)), method)
    assert (here.file, here.line) == (__file__, inspect.getsourcelines(method)[1])
    assert (builtin.types, builtin.file, builtin.line) == ((int, int), None, None)
    assert f.resolve(B, str) is here
    with pytest.raises(NoMethodError):
        f.resolve(A)


def test_names_of_classes_are_bound_when_the_module_is_there():
    f = Multimethod("f")
    f.register("late_module:Inner.Late", "late_module.sub:Sub")(constant("late"))
    f.register(object, object)(constant("object"))
    assert f(1, 2) == "object" and len(f.methods) == 1
    module, sub = types.ModuleType("late_module"), types.ModuleType("late_module.sub")
    late, of_sub = type("Late", (), {}), type("Sub", (), {})
    sys.modules.update({"late_module": module, "late_module.sub": sub})
    try:
        assert f(late(), of_sub()) == "object"  # the module is there, the class not yet
        module.Inner, sub.Sub = types.SimpleNamespace(Late=late), of_sub
        assert f(late(), late()) == "object"
        assert f(late(), of_sub()) == "late"
    finally:
        del sys.modules["late_module"], sys.modules["late_module.sub"]


def test_announced_classes_take_names():
    class Shape(Abstract): ...

    Shape.register("late_shapes:Late")
    f = Multimethod("f")
    f.register(Shape)(constant("shape"))
    f.register(object)(constant("object"))
    assert f(1) == "object"
    late = type("Late", (), {})
    sys.modules["late_shapes"] = types.ModuleType("late_shapes")
    try:
        sys.modules["late_shapes"].Late = late
        assert f(late()) == "shape"
    finally:
        del sys.modules["late_shapes"]


def test_a_package_is_met_once_before_the_first_dispatch_on_its_classes():
    calls = []
    cls = type("Arrival", (), {"__module__": "arriving.package"})
    f = table(object="object")
    assert f(cls()) == "object"
    on_arrival("arriving", lambda: calls.append(1) or f.register(cls)(constant("met")))
    assert (f(1), calls) == ("object", [])
    assert (f(cls()), f(cls()), calls) == ("met", "met", [1])


# ---- as a method, as a function ---------------------------------------------------------------------------


def test_on_a_class_it_is_a_method():
    holder = Holder()
    for _ in range(3):
        assert holder.method(1) == ("int", holder)
        assert holder.method("ab", twice=True) == ("abab", holder)
        assert Holder.method(holder, 2) == ("int", holder)
    bound = holder.method
    assert bound(1) == ("int", holder) and bound.__self__ is holder
    with pytest.raises(NoMethodError, match=r"method\(Holder, float\)"):
        holder.method(1.5)


def test_a_subclass_may_add_methods_for_itself():
    class Child(Holder): ...

    Holder.method.register(Child, int)(constant("child"))
    try:
        assert Child().method(1) == "child" and Child().method("a")[0] == "a"
        assert Holder().method(1)[0] == "int"
    finally:
        Holder.method.unregister(Child, int)


@pytest.mark.parametrize("f", [shared, Holder.method], ids=["function", "method"])
def test_pickled_and_copied_by_name(f):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(f, protocol)) is f
    assert copy.copy(f) is f and copy.deepcopy(f) is f


def test_a_local_one_does_not_pickle():
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(Multimethod("nowhere_to_be_found"))


def test_it_has_what_functions_have():
    assert (shared.__name__, shared.__qualname__, shared.__module__) == ("shared", "shared", __name__)
    assert (shared.__doc__, Holder.method.__qualname__) == ("For pickling.", "Holder.method")
    assert Multimethod("f", module="elsewhere").__module__ == "elsewhere"
    shared.attribute = 1
    assert shared.__dict__["attribute"] == 1
    assert weakref.ref(shared)() is shared and gc.is_tracked(shared)
    assert repr(shared) == f"<multimethod {__name__}.shared with 0 methods>"
    assert callable(shared) and {shared: 1}[shared] == 1


def test_signatures():
    f = Multimethod("f")
    assert str(inspect.signature(f)) == "(*args, **kwargs)"
    f.register(A, A)(lambda x, y, *, axis=None: None)
    f.register(int, A)(lambda x, y, *, axis=None: None)
    f.register(str, str)(min)
    assert str(inspect.signature(f)) == f"(x: {__name__}.A | int | str, y: {__name__}.A | str, *, axis=None)"
    assert (
        str(inspect.signature(Multimethod("f", signature="(x, /, *, axis=None)"))) == "(x, /, *, axis=None)"
    )
    assert inspect.signature(Multimethod("f", signature=inspect.signature(f))) == inspect.signature(f)
    assert "name" in inspect.signature(Multimethod).parameters


def test_ambiguities_are_found_without_calls():
    f = Multimethod("f")
    for types_ in [(A, object), (object, A), (B, B), (int, int), (int, object)]:
        f.register(*types_)(constant(None))
    pairs = {frozenset(m.types for m in pair) for pair in f.ambiguities()}
    assert pairs == {frozenset({(A, object), (object, A)}), frozenset({(int, object), (object, A)})}
    f.register(A, A)(constant(None))
    f.register(int, A)(constant(None))
    assert f.ambiguities() == []


# ---- what is imported -------------------------------------------------------------------------------------


def test_importing_it_is_light():
    """No numpy, nothing of arraykit but the C module, no heavy module of the standard library."""
    code = """
import sys
before = set(sys.modules)
import arraykit.dispatch
new = set(sys.modules) - before
heavy = {"numpy", "multipledispatch", "inspect", "typing", "ast", "re", "dataclasses", "collections"}
own = {m for m in new if m.startswith("arraykit.") and "dispatch" not in m}
print(sorted(new & heavy), sorted(own))
"""
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] ['arraykit._core']"


def test_the_type_takes_no_more_attributes_so_that_method_calls_are_specialised():
    with pytest.raises(TypeError, match="immutable type"):
        Multimethod.anything = 1  # type: ignore[attr-defined]
    f = Multimethod("f")
    f.anything = 1  # type: ignore[attr-defined]
    assert vars(f)["anything"] == 1
