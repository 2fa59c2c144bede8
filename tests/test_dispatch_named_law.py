"""Which methods a call with names fits: those to whose parameters Python itself can bind it.

The definition is inspect.Signature.bind. A name that is no positional parameter of any method decides nothing.
"""

from __future__ import annotations

import inspect
from typing import Any

from arraykit.dispatch import AmbiguityError, Multimethod, NoMethodError
from effort import often
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ["a", "b", "c", "d"]
VALUES = [1, "text"]
POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@st.composite
def functions(draw: Any) -> Any:
    """Functions with parameters of every kind, hinted as int or str; they answer with a text of their own."""
    names = draw(st.permutations(NAMES))
    counts = [draw(st.integers(0, 2)), draw(st.integers(0, 2))]  # positional only, and by name too
    first, second = names[: counts[0]], names[counts[0] : sum(counts)]
    optional = draw(st.integers(0, sum(counts)))
    parameters = [f"{name}: {draw(st.sampled_from(['int', 'str']))}" for name in (*first, *second)]
    parameters = [p + " = 0" if i >= sum(counts) - optional else p for i, p in enumerate(parameters)]
    if first:
        parameters.insert(len(first), "/")
    rest, free = draw(st.sampled_from(["", "*rest: int", "*"])), draw(st.booleans())
    only = names[sum(counts) :][:1] if rest else []
    if rest == "*" and not only:
        rest = ""
    parameters += [rest] * bool(rest) + [f"{name}=None" for name in only] + ["**others"] * free
    namespace: dict[str, Any] = {}
    exec(f"def function({', '.join(parameters)}): return {', '.join(parameters)!r}", namespace)
    return namespace["function"]


def positional_names(function: Any) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]


def binds(function: Any, args: tuple, kwargs: dict[str, Any]) -> bool:
    """Whether Python can bind the call, and what is bound to hinted parameters is as hinted."""
    signature = inspect.signature(function)
    # **others takes the names of positional-only parameters, which `bind` denies in some versions of Python
    if any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
        only = {p.name for p in signature.parameters.values() if p.kind is p.POSITIONAL_ONLY}
        kwargs = {name: value for name, value in kwargs.items() if name not in only}
    try:
        bound = signature.bind(*args, **kwargs).arguments
    except TypeError:
        return False
    hints = {"int": int, "str": str, int: int, str: str}
    for name, value in bound.items():
        parameter = signature.parameters[name]
        values = value if parameter.kind is parameter.VAR_POSITIONAL else [value]
        hinted = parameter.kind in (*POSITIONAL, parameter.VAR_POSITIONAL)
        if hinted and not all(isinstance(v, hints[parameter.annotation]) for v in values):
            return False
    return True


@settings(max_examples=often(150))
@given(st.data())
def test_a_call_fits_the_methods_that_python_can_bind_it_to(data):
    chosen = data.draw(st.lists(functions(), min_size=1, max_size=3))
    f = Multimethod("f")
    for i, function in enumerate(chosen):
        function.__module__ = f"module{i}"  # so none replaces another
        f.register(function)
    deciding = {name for function in chosen for name in positional_names(function)}
    for _ in range(6):
        args = tuple(data.draw(st.lists(st.sampled_from(VALUES), max_size=3)))
        kwargs = data.draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=2))
        relevant = {name: value for name, value in kwargs.items() if name in deciding}
        fitting = [function for function in chosen if binds(function, args, relevant)]
        for _ in range(2):
            try:
                answer = f(*args, **kwargs)
            except (NoMethodError, AmbiguityError) as error:
                answer = type(error)
            except TypeError:  # a name that decides nothing, and that the method does not take
                answer = None
                assert relevant != kwargs
            if len(fitting) == 1 and relevant == kwargs:
                assert answer == text_of(fitting[0])
            elif not fitting:
                assert answer is NoMethodError
            elif relevant == kwargs:
                assert answer is AmbiguityError or answer in map(text_of, fitting)


def text_of(function: Any) -> str:
    """What a function answers, whatever it is called with."""
    return function.__code__.co_consts[-1]
