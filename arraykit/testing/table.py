"""What a conformance class is told about a dtype, and what its laws are stated in.

The only machinery behind the laws: it knows pytest's parameters, and no operation and no dtype.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any, NoReturn

import arraykit

__all__ = ["Table", "each", "fails", "holds", "raises"]


def fails(law: str, **values: Any) -> NoReturn:
    """The failure of a law: its text, and the values that it does not hold of."""
    shown = "".join(f"\n    {name} = {_shown(value)}" for name, value in values.items())
    raise AssertionError(f"{law}{shown}")


def _shown(value: Any) -> str:
    try:
        return repr(value)
    except Exception as error:
        return f"<{type(value).__name__} whose repr raises {error!r}>"


def holds(condition: Any, law: str, /, **values: Any) -> None:
    """Nothing if the condition is true."""
    if not condition:
        fails(law, **values)


def raises(
    law: str,
    call: Callable[[], Any],
    *errors: type[BaseException],
    naming: str | Iterable[str] = (),
    **values: Any,
) -> None:
    """The call must raise one of these errors, with a message that has all these words in it."""
    words = [naming] if isinstance(naming, str) else list(naming)
    try:
        result = call()
    except errors as error:
        text = str(error)
        missing = [word for word in words if word not in text]
        holds(not missing, f"{law}: the message must name {', '.join(missing)}", message=text, **values)
    except Exception as error:
        expected = " or ".join(cls.__name__ for cls in errors)
        raise AssertionError(f"{law}: must raise {expected}, not {type(error).__name__}: {error}") from error
    else:
        fails(f"{law}: must raise an error", result=result, **values)


def each(law: Callable[[Any, Any], None]) -> Callable[[Any], None]:
    """One test of a law that is stated for one value: of all values of the parameter that it takes."""
    parameter = law.__code__.co_varnames[1]

    def test(self: Any) -> None:
        for value in self._known()[parameter]:
            try:
                law(self, value)
            except AssertionError as error:
                raise AssertionError(f"{error}\n    where the {parameter} is {_shown(value)}") from None

    test.__name__, test.__qualname__, test.__doc__ = law.__name__, law.__qualname__, law.__doc__
    test.__module__ = law.__module__
    return test


class Table:
    """The table of one dtype, and how its values are read."""

    # ---- to be filled in -----------------------------------------------------------------------------

    dtype: Any = None
    """The dtype, or the text that names it."""

    samples: Sequence[Any] = ()
    """Values, at least two different: items, or what the dtype reads."""

    exact: Sequence[Any] | None = None
    """The samples whose sums and products are exact, in any order; all of them unless stated."""

    neighbours: Mapping[Any, Any] = {}
    """Other dtypes, or their texts → what the two join to; None: nothing."""

    failures: Mapping[str, str] = {}
    """What is known to fail → why: "test_name", "test_name[parameter]", or a parameter alone, as an operation.

    What stands here and does not fail is a failure itself.
    """

    definitions: Mapping[str, Callable[..., Any]] = {}
    """Operation → what it gives for items of the dtype, where the operation's own definition does not tell."""

    ulps: float = 4
    """How many units in the last place a rounded function may be off its definition."""

    # ---- how values are read; may be overridden --------------------------------------------------------

    def same(self, x: Any, y: Any) -> bool:
        """Whether two items are the same value; NaN is the same as NaN."""
        if x is arraykit.NA or y is arraykit.NA:
            return x is y
        if x is y:
            return True
        return bool(x == y) or (bool(x != x) and bool(y != y))

    def close(self, x: Any, y: Any) -> bool:
        """Whether a rounded function's result is near enough to what its definition gives."""
        if self.same(x, y):
            return True
        if not issubclass(type(x), arraykit.dtypes.Floating | arraykit.dtypes.Complex):
            return False
        eps = max(_eps(type(x)) or 0, _eps(float) or 0)  # definitions are computed by Python's floats
        x, y = (complex(x), complex(y)) if isinstance(x, complex) else (float(x), float(y))
        return bool(abs(x - y) <= self.ulps * eps * max(abs(x), abs(y)))

    # ---- derived ---------------------------------------------------------------------------------------

    @property
    def t(self) -> Any:
        """The dtype itself."""
        return arraykit.dtype(self.dtype)

    @property
    def items(self) -> list[Any]:
        """The samples as items."""
        return [self.item(value) for value in self.samples]

    def item(self, value: Any) -> Any:
        return self.array([value])[0]

    def array(self, values: Any) -> Any:
        """A vector of these values, of the dtype."""
        return arraykit.asarray(list(values), dtype=self.t)

    def sample(self, n: int = 12, values: Sequence[Any] | None = None) -> Any:
        """n elements: the samples, again and again."""
        values = self.samples if values is None else values
        return self.array(values[i % len(values)] for i in range(n))

    def of_exact(self, n: int = 12) -> Any:
        return self.sample(n, self.samples if self.exact is None else self.exact)

    def has(self, *operations: str) -> bool:
        """Whether there is a way to compute all of these for the dtype."""
        covered = _covered(self.t)
        return all(covered[name] != "none" for name in operations)

    def same_items(self, x: Any, y: Any) -> bool:
        """Whether two arrays, or sequences of items, are the same item by item."""
        x, y = ([*a.flat] if isinstance(a, arraykit.Array) else list(a) for a in (x, y))
        return len(x) == len(y) and all(map(self.same, x, y))

    def near(self, law: str, got: Any, expected: Any) -> None:
        """As `check`, of rounded functions: loops for other layouts may round otherwise."""
        self.check(law, got, expected, self.close)

    def check(self, law: str, got: Any, expected: Any, same: Any = None, /, **values: Any) -> None:
        """Two arrays, or an array and items, must be the same item by item; says where they are not."""
        same = same or self.same
        got, expected = ([*a.flat] if isinstance(a, arraykit.Array) else list(a) for a in (got, expected))
        holds(len(got) == len(expected), f"{law}: the number of items", got=got, expected=expected, **values)
        for i, (x, y) in enumerate(zip(got, expected)):
            holds(same(x, y), f"{law}: item {i}", got=x, expected=y, **values)

    # ---- parameters --------------------------------------------------------------------------------------

    def parameters(self) -> dict[str, list[Any]]:
        """The values of each parameter that a law may take."""
        return {"value": list(self.samples), "neighbour": list(self.neighbours)}

    def _known(self) -> dict[str, list[Any]]:
        """The same, worked out once for a class: pytest asks for every law."""
        cls = type(self)
        if "_parameters" not in vars(cls):
            cls._parameters = self.parameters()
        return cls._parameters

    _parameters: dict[str, list[Any]]

    @classmethod
    def count(cls) -> int:
        """How many tests the class is: one a law, or one for each operation that a law is stated for."""
        known = cls()._known()
        return sum(prod(len(known.get(n, [None])) for n in _arguments(law)) for law in cls._laws().values())

    @classmethod
    def _laws(cls) -> dict[str, Any]:
        names = [name for name in dir(cls) if name.startswith("test_")]
        return {name: law for name in names if (law := getattr(cls, name)) is not None}

    _empty: Mapping[str, Any] = {}
    """Laws of an inherited table that nothing there is a parameter of."""

    @classmethod
    def _leave_out_the_empty(cls) -> None:
        """pytest would collect a law of no parameters, and skip it."""
        for name, law in cls._empty.items():
            if getattr(cls, name) is None:
                setattr(cls, name, law)
        known = cls()._known()
        cls._empty = {
            n: law for n, law in cls._laws().items() if not all(known.get(p, True) for p in _arguments(law))
        }
        for name in cls._empty:
            setattr(cls, name, None)

    def pytest_generate_tests(self, metafunc: Any) -> None:
        known = self._known()
        for name in metafunc.fixturenames:
            if name in known:
                metafunc.parametrize(name, [self._parameter(metafunc, v) for v in known[name]])

    def _parameter(self, metafunc: Any, value: Any) -> Any:
        import pytest

        text = _label(value)
        test = metafunc.function.__name__
        reason = self.failures.get(f"{test}[{text}]") or self.failures.get(text)
        marks = (pytest.mark.xfail(strict=True, reason=reason),) if reason else ()
        return pytest.param(value, id=text, marks=marks)

    def __init_subclass__(cls, **facts: Any) -> None:
        super().__init_subclass__(**facts)
        for name in cls.failures:
            if callable(getattr(cls, name, None)):
                setattr(cls, name, _expected_to_fail(getattr(cls, name), cls.failures[name]))
        if cls.dtype is not None:
            cls._leave_out_the_empty()


def _arguments(law: Any) -> tuple[str, ...]:
    code = law.__code__
    return tuple(code.co_varnames[1 : code.co_argcount])


def _label(value: Any) -> str:
    """The name of a parameter, which `failures` may state."""
    if isinstance(value, arraykit.DType):
        return str(value.name)
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _expected_to_fail(test: Any, reason: str) -> Any:
    import pytest

    copied = types.FunctionType(
        test.__code__, test.__globals__, test.__name__, test.__defaults__, test.__closure__
    )
    copied.__doc__ = test.__doc__
    return pytest.mark.xfail(strict=True, reason=reason)(copied)


def _eps(dtype: Any) -> float | None:
    try:
        return float(arraykit.finfo(dtype).eps)
    except (TypeError, ValueError, AttributeError):
        return None


_coverages: dict[Any, Any] = {}


def _covered(dtype: Any) -> Any:
    if dtype not in _coverages:
        _coverages[dtype] = arraykit.coverage(dtype)
    return _coverages[dtype]
