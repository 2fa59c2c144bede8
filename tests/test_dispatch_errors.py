"""What users are told when a call has no method, or too many: golden texts, one a situation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Never, NewType

import pytest
from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError, on_arrival, on_every_arrival
from golden import check_golden


class Circle: ...


class Square: ...


class Disc(Circle): ...


Meters = NewType("Meters", float)
Meters.__module__ = "units"


def nothing(*args: object) -> None: ...


def table(name: str, *signatures: tuple) -> Multimethod:
    f = Multimethod(name)
    for types in signatures:
        f.register(*types)(nothing)
    return f


def declining() -> Multimethod:
    f = Multimethod("combine")
    f.register(Circle, object)(lambda a, b: NotImplemented)
    f.register(object, object)(lambda a, b: NotImplemented)
    return f


def twins() -> Multimethod:
    f = Multimethod("area")
    for module in ("one", "other"):

        def method(a: Circle) -> None: ...

        method.__module__ = module
        f.register(Circle)(method)
    return f


def unread() -> Multimethod:
    f = table("area", (Circle,))
    f.register("no_such_package:Shape")(nothing)

    @f.register
    def later(a: Undefined) -> None:  # type: ignore[name-defined]  # noqa: F821
        ...

    return f


def invoke() -> None:
    table("area", (Circle,)).invoke((Disc,), Circle())


def a_class_of_the_same_name() -> None:
    other = type("Circle", (), {"__module__": "elsewhere"})
    table("area", (Circle,))(other())


# Name of the golden file: error, and what raises it.
CASES: dict[str, tuple[type[Exception], Callable[[], object]]] = {
    "no_method": (
        NoMethodError,
        lambda: table("f", (int, int), (Circle, int), (Disc, str), (str,))(Disc(), 1.5),
    ),
    "no_method_yet": (NoMethodError, lambda: table("f")(1)),
    "no_method_with_unions": (NoMethodError, lambda: table("f", (int | str,), ((float, None),))(Square())),
    "no_method_of_this_length": (NoMethodError, lambda: table("f", (int, int), (int, ...))("a", 1, 2)),
    "no_method_without_arguments": (NoMethodError, lambda: table("f", (int,))()),
    "no_method_unread": (NoMethodError, lambda: unread()(Square())),
    "no_method_same_names": (NoMethodError, a_class_of_the_same_name),
    "all_declined": (NoMethodError, lambda: declining()(Circle(), 1)),
    "ambiguous": (AmbiguityError, lambda: table("f", (Circle, object), (object, Disc))(Disc(), Disc())),
    "ambiguous_three": (
        AmbiguityError,
        lambda: table("f", (int, object, object), (object, int, object), (object, object, int))(1, 2, 3),
    ),
    "ambiguous_same_signature": (AmbiguityError, lambda: twins()(Circle())),
    "refused_parametrised": (TypeError, lambda: table("f", (list[int], int))),
    "refused_value": (TypeError, lambda: table("f", (3,))),
    "refused_name": (TypeError, lambda: table("f", ("numpy.ndarray",))),
    "refused_length": (TypeError, lambda: Multimethod("f").register(int)(lambda a, b: None)),
    "refused_builtin": (TypeError, lambda: Multimethod("f").register(min)),
    "refused_not_callable": (TypeError, lambda: Multimethod("f").register(int)(3)),
    "refused_rest_before_the_end": (TypeError, lambda: table("f", ([int], str))),
    "refused_dots_before_the_end": (TypeError, lambda: table("f", (..., str))),
    "refused_newtype": (TypeError, lambda: table("f", (Meters,))),
    "refused_never": (TypeError, lambda: table("f", (Never,))),
    "refused_function_among_types": (TypeError, lambda: Multimethod("f").register(int, Circle, nothing)),
    "refused_positional_call_next": (TypeError, lambda: Multimethod("f").register(lambda x, call_next: None)),
    "refused_multimethod_without_a_name": (TypeError, lambda: Multimethod(nothing)),  # type: ignore[arg-type]
    "refused_signature": (TypeError, lambda: Multimethod("f", signature="x, y")),
    "invoke_misfit": (TypeError, invoke),
    "invoke_no_tuple": (TypeError, lambda: table("f", (int,)).invoke(int, 1)),  # type: ignore[arg-type]
    "invoke_length": (TypeError, lambda: table("f", (int,)).invoke((int,), 1, 2)),
    "refused_arrival": (TypeError, lambda: on_arrival("numpy", 3)),
    "refused_every_arrival": (TypeError, lambda: on_every_arrival("numpy")),
    "unregister_unknown": (LookupError, lambda: table("f", (int,)).unregister(str)),
    "unregister_unknown_of_none": (LookupError, lambda: table("f").unregister(str, (int, None), ...)),
    "unregister_unknown_of_many": (
        LookupError,
        lambda: table("f", *[(int,) * n for n in range(5)]).unregister(str),
    ),
    "unregister_unknown_name": (LookupError, lambda: unread().unregister("absent:Class")),
    "unregister_unknown_function": (LookupError, lambda: table("f", (int,)).unregister(max)),
    "unregister_unknown_method": (
        LookupError,
        lambda: table("f").unregister(table("g", (int,)).resolve(int)),
    ),
    "unregister_parametrised": (TypeError, lambda: table("f").unregister(list[int])),
}


@pytest.mark.parametrize("name", CASES)
def test_error_texts(name):
    error, call = CASES[name]
    with pytest.raises(error) as caught:
        call()
    check_golden(f"dispatch/{name}", str(caught.value))


def test_explanations():
    f = table("f", (int, object), (bool, object), (object, object), (int | str, float), (str,))
    check_golden("dispatch/explain", str(f.explain(True, "x")))
    check_golden("dispatch/explain_types", str(f.explain(list)))
    tie = table("f", (int, object), (object, int), (bool, object))
    check_golden("dispatch/explain_tie", str(tie.explain(1, 1)) + "\n" + str(tie.explain(True, 1)))


def test_errors_carry_what_they_name():
    f = table("f", (Circle, object), (object, Disc))
    with pytest.raises(AmbiguityError) as caught:
        f(Disc(), Disc())
    assert caught.value.types == (Disc, Disc)
    assert caught.value.settle == (Circle, Disc)
    assert {m.types for m in caught.value.methods} == {(Circle, object), (object, Disc)}
    f.register(*caught.value.settle)(lambda a, b: "settled")
    assert f(Disc(), Disc()) == "settled"
    with pytest.raises(NoMethodError) as missing:
        f(1, 2)
    assert (missing.value.name, missing.value.types) == ("f", (int, int))


def test_exceptions_of_methods_pass_untouched():
    for error in (TypeError("mine"), NoMethodError("mine"), KeyError("mine")):

        def method(x):
            raise error  # noqa: B023

        f = Multimethod("f")
        f.register(object)(method)
        for _ in range(2):
            with pytest.raises(type(error)) as caught:
                f(1)
            assert caught.value is error
