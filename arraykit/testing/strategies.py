"""Hypothesis strategies for dtypes, their items and arrays, for tests of anybody's functions and dtypes.

What a dtype's items are made of is asked of its abstract dtypes and parameters; a dtype for which that does not do
states it by `register`.  Needs Hypothesis, which nothing else of the package does.

    from hypothesis import given
    from arraykit.testing import strategies

    @given(strategies.dtypes("numeric").flatmap(strategies.arrays))
    def test_adding_nothing_changes_nothing(a):
        ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import Any

import arraykit
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

__all__ = ["arrays", "dtypes", "edges", "items", "register", "shapes"]

Values = Callable[[Any], "SearchStrategy[Any]"]


# ---- dtypes ------------------------------------------------------------------------------------------------


def dtypes(kind: Any = None, *, missing: bool = False) -> SearchStrategy[Any]:
    """Dtypes: every plain one, and one member of each family.

    kind     only those of a kind, as `arraykit.isdtype` takes it: "numeric", `arraykit.dtypes.Temporal`, ...
    missing  those that may be missing too, for each of the others

    Raises what `isdtype` raises for a kind that is none.

    >>> from hypothesis import find
    >>> find(dtypes("complex floating"), lambda dtype: True)
    arraykit.complex64
    """
    found = [d for d in _shown() if kind is None or arraykit.isdtype(d, kind)]
    if missing:
        found += [arraykit.missing[d] for d in found if d.family is not arraykit.missing]
    return st.sampled_from(found)


def _shown() -> Iterator[Any]:
    from arraykit.cli.coverage import SHOWN

    for _, names in SHOWN:
        for name in names:
            try:
                yield arraykit.dtype(name)
            except (ImportError, TypeError):  # needs a library, or a type of the compiler's, that is not here
                continue


# ---- items -------------------------------------------------------------------------------------------------


def items(dtype: Any) -> SearchStrategy[Any]:
    """Items of a dtype: any value, the edges of its range, what is no number, and NA where it may be missing.

    dtype   a dtype, or what `arraykit.dtype` takes

    Raises TypeError for a dtype of which nothing tells what its items are made of; `register` does.

    >>> from hypothesis import find
    >>> find(items("int16"), lambda x: x < -32767), find(items("?string"), lambda x: x is arraykit.NA)
    (-32768, NA)
    """
    d = arraykit.dtype(dtype)
    if d.content is not None and d.family is arraykit.missing:
        return st.none().map(lambda _: arraykit.NA) | items(d.content)
    special = edges(d)
    drawn = _values(d).map(_called(d))
    return drawn | st.sampled_from(special) if special else drawn


def edges(dtype: Any) -> list[Any]:
    """The items of a dtype that go wrong first: zeros of both signs, the ends of its range, NaN, infinities, NaT, NA.

    dtype   a dtype, or what `arraykit.dtype` takes

    >>> edges("uint8"), edges("?bool")
    ([0, 1, 255], [False, True, NA])
    """
    d = arraykit.dtype(dtype)
    if d.content is not None and d.family is arraykit.missing:
        return [*edges(d.content), arraykit.NA]
    found: list[Any] = []
    for value in next((_EDGES[c.__name__] for c in d.__mro__ if c.__name__ in _EDGES), _no_edges)(d):
        try:
            found.append(d(value))
        except (TypeError, ValueError, OverflowError):  # has no such value
            continue
    return found


def register(dtype: Any, values: Values) -> None:
    """States what items are made of: `values(dtype)` is the strategy of what the dtype is called with.

    dtype    a dtype, a family, or an abstract dtype; the nearest of a dtype's bases decides
    values   a function of the concrete dtype

    >>> either = st.booleans()
    >>> register(arraykit.dtypes.Boolean, lambda d, either=either: either)
    """
    _registered[dtype] = values


_registered: dict[Any, Values] = {}


def _values(d: Any) -> SearchStrategy[Any]:
    """What items of the dtype are made of, told by the nearest of its bases."""
    for base in d.__mro__:
        values = _registered.get(base) or _VALUES.get(base.__name__)
        if values is not None:
            return values(d)
    raise TypeError(
        f"strategies.items: nothing tells what items of {d} are made of; state it by "
        "arraykit.testing.strategies.register(dtype, lambda d: ...)"
    )


def _range(d: Any) -> tuple[int | None, int | None]:
    try:
        limits = arraykit.iinfo(d)
    except TypeError:  # has none
        return None, None
    return limits.min, limits.max


def _decimals(d: Any) -> SearchStrategy[Any]:
    digits, places = d.parameters
    return st.integers(-(10**digits) + 1, 10**digits - 1).map(lambda n: f"{n}e{-places}").map(_decimal)


def _decimal(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text)


def _nested(shape: tuple[int, ...], content: SearchStrategy[Any]) -> SearchStrategy[Any]:
    for n in reversed(shape):
        content = st.lists(content, min_size=n, max_size=n)
    return content


# By a base's name, so that no family is read before it is used.
_VALUES: dict[str, Values] = {
    "Boolean": lambda d: st.booleans(),
    "Integral": lambda d: st.integers(*_range(d)),
    "Rational": lambda d: st.fractions(),
    "Binary": lambda d: st.floats(width=min(64, max(16, 8 * d.itemsize))),
    "Complex": lambda d: st.complex_numbers(width=8 * d.itemsize),
    "Text": lambda d: st.text(),
    "Bytes": lambda d: st.binary(max_size=d.itemsize if d.parameters else None),
    "Datetime": lambda d: st.integers(-(10**10), 10**10),
    "Timedelta": lambda d: st.integers(-(10**10), 10**10),
    "Date": lambda d: st.dates(),
    "Record": lambda d: st.tuples(*(items(field) for _, field in d.parameters)),
    "Categorical": lambda d: st.sampled_from(d.parameters),
    "decimal": _decimals,
    "list": lambda d: st.lists(items(d.parameters[0]), max_size=5),
    "fixed": lambda d: _nested(d.parameters[1:], items(d.parameters[0])),
    "unit": lambda d: items(d.parameters[0]),
}


def _float_edges(d: Any) -> list[Any]:
    try:
        limits = arraykit.finfo(d)
    except TypeError:  # states none
        ends = []
    else:
        ends = [limits.max, limits.min, limits.smallest_normal, limits.eps]
    return [0.0, -0.0, 1.0, -1.0, *ends, float("inf"), float("-inf"), float("nan")]


def _complex_edges(d: Any) -> list[Any]:
    inf, nan = float("inf"), float("nan")
    return [
        0j,
        complex(-0.0, -0.0),
        1j,
        complex(inf, 0),
        complex(0, -inf),
        complex(nan, 1),
        complex(inf, nan),
    ]


def _decimal_edges(d: Any) -> list[Any]:
    digits, places = d.parameters
    return [_decimal(f"{n}e{-places}") for n in (0, 1, -1, 10**digits - 1, 1 - 10**digits)]


def _date_edges() -> list[Any]:
    from datetime import date

    return [date.min, date(1969, 12, 31), date(1970, 1, 1), date(2000, 2, 29), date.max]


def _no_edges(d: Any) -> list[Any]:
    return []


_EDGES: dict[str, Callable[[Any], list[Any]]] = {
    "Boolean": lambda d: [False, True],
    "UnsignedInteger": lambda d: [0, 1, _range(d)[1] or 2**64],
    "Integral": lambda d: [0, 1, -1, _range(d)[0] or -(2**64), _range(d)[1] or 2**64],
    "Binary": _float_edges,
    "Complex": _complex_edges,
    "Rational": lambda d: [0, 1, -1, 2**64],
    "Date": lambda d: _date_edges(),
    "Categorical": lambda d: [d.parameters[0], d.parameters[-1]] if d.parameters else [],
    "decimal": lambda d: [
        _decimal(f"{sign}{n}e{-d.parameters[1]}")
        for sign in ("", "-")
        for n in (0, 1, 10 ** d.parameters[0] - 1)
    ],
    "unit": lambda d: edges(d.parameters[0]),
    "Text": lambda d: ["", " ", "\0", "twelve bytes", "thirteen byte", "ß", "é\u0301", "\U0001f600"],
    "Bytes": lambda d: [b"", b"\0", b"\xff", b"twelve bytes", b"thirteen byte"],
    "Datetime": lambda d: ["NaT", 0, -1],
    "Timedelta": lambda d: ["NaT", 0, -1],
    "list": lambda d: [[]],
}


# ---- arrays ------------------------------------------------------------------------------------------------


def shapes(*, max_ndim: int = 3, max_side: int = 4) -> SearchStrategy[tuple[int, ...]]:
    """Shapes: of no dimensions, with empty ones, up to so many and so long.

    >>> from hypothesis import find
    >>> find(shapes(), lambda shape: len(shape) == 2 and 0 not in shape)
    (1, 1)
    """
    return st.lists(st.integers(0, max_side), max_size=max_ndim).map(tuple)


def arrays(dtype: Any, shape: Any = None, *, elements: Any = None) -> SearchStrategy[Any]:
    """Arrays of a dtype: in C and Fortran order, with steps, backwards, and read-only.

    dtype      a dtype, what `arraykit.dtype` takes, or a strategy of these
    shape      a shape, a number of elements, or a strategy of shapes; any small one by default
    elements   a strategy of items, or of what the dtype is called with; `items(dtype)` by default

    >>> from hypothesis import find
    >>> find(arrays("uint8", 3), lambda a: a[1] == 255).shape
    (3,)
    """
    if isinstance(dtype, SearchStrategy):
        return dtype.flatmap(lambda d: arrays(d, shape, elements=elements))
    if isinstance(shape, int):
        shape = (shape,)
    given = (
        shape if isinstance(shape, SearchStrategy) else shapes() if shape is None else st.just(tuple(shape))
    )
    return _arrays(arraykit.dtype(dtype), given, elements)


@st.composite
def _arrays(draw: Any, d: Any, shape: Any, elements: Any) -> Any:
    lengths = draw(shape)
    layout = draw(st.sampled_from(list(_LAYOUTS)))
    n = prod(lengths)
    values = draw(
        st.lists(items(d) if elements is None else elements.map(_called(d)), min_size=n, max_size=n)
    )
    return _LAYOUTS[layout](values, d, lengths)


def _called(d: Any) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, d) else d(value)


def _plain(values: list[Any], d: Any, shape: tuple[int, ...]) -> Any:
    return arraykit.asarray(values, dtype=d).reshape(shape)


def _fortran(values: list[Any], d: Any, shape: tuple[int, ...]) -> Any:
    order = _plain(list(range(len(values))), arraykit.dtype(int), shape).transpose()
    return _plain([values[i] for i in order.flat], d, shape[::-1]).transpose()


def _stepped(values: list[Any], d: Any, shape: tuple[int, ...]) -> Any:
    if not shape:
        return _plain(values, d, shape)
    return _plain([value for value in values for _ in range(2)], d, (*shape, 2))[..., 1]


def _backwards(values: list[Any], d: Any, shape: tuple[int, ...]) -> Any:
    if not shape:
        return _plain(values, d, shape)
    return _plain(values[::-1], d, shape)[(slice(None, None, -1),) * len(shape)]


_LAYOUTS: dict[str, Callable[..., Any]] = {
    "C order": _plain,
    "Fortran order": _fortran,
    "every second": _stepped,
    "backwards": _backwards,
}
