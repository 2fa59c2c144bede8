"""Selection: elements chosen by a condition or kept between bounds, and arrays in another dtype."""

from __future__ import annotations

from typing import Any

import arraykit as ak

from .row import COMPOSITION, Row


def clip(x: Any, min: Any = None, max: Any = None, *, out: Any = None, dtype: Any = None) -> Any:
    """Bounds that are None do not bind."""
    if min is not None and max is not None:
        return ak.minimum(ak.maximum(x, min, dtype=dtype), max, out=out, dtype=dtype)
    if min is not None:
        return ak.maximum(x, min, out=out, dtype=dtype)
    if max is not None:
        return ak.minimum(x, max, out=out, dtype=dtype)
    x = ak.astype(x, x.dtype if dtype is None else dtype)
    if out is None:
        return x
    out[...] = x
    return out


def _is_no_number(x: Any, target: Any) -> bool:
    """Whether x is an item or a number of Python's, and one of the two dtypes is none of C's numbers."""
    text = (ak.dtypes.Text, ak.dtypes.Bytes)
    if isinstance(x, ak.dtypes.Any):
        return (
            not (type(x)._native and target._native) or issubclass(type(x), text) or issubclass(target, text)
        )
    return isinstance(x, (int, float, complex)) and issubclass(target.content or target, text)


def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None, casting: str = "checked") -> Any:
    """A copy in another dtype, or x itself if it has it already and `copy` is false."""

    target = ak.dtypes.dtype(dtype)
    if type(x) is target:
        return x
    if casting != "checked":
        from arraykit import conversion

        return conversion.convert(x, target, casting, copy)
    if _is_no_number(x, target):
        return ak.asarray(ak.asarray([x]), dtype=target)[0]  # cast as elements are
    result = ak.asarray(x, dtype=target, copy=True if copy else None)
    return result if type(x) is ak.Array else result[()]


ROWS = (
    Row(
        "where",
        "bool_, T, T -> T where T: Any",
        lambda condition, x, y: x if condition else y,
        "x1 where the condition is true, x2 elsewhere.",
        nulls="handles",
        parameters="(condition, x1, x2, /, *, out=None, dtype=None)",
    ),
    Row(
        "clip",
        "T -> T where T: Real",
        clip,
        "The element, or the nearest of the bounds.",
        kind=COMPOSITION,
        needs=("minimum", "maximum"),
        calls=("a", "ao", "aoo"),
        parameters="(x, /, min=None, max=None, *, out=None, dtype=None)",
    ),
    Row(
        "astype",
        "T -> T where T: Any",
        astype,
        "The elements in another dtype. `casting` says what may be lost: 'checked' fractions and digits, but nothing "
        "out of range; 'exact' nothing; 'safe' and 'same_kind' what these allow of dtypes; 'unsafe' anything, as in C.",
        kind=COMPOSITION,
        calls=("ao",),
        parameters='(x, dtype, /, *, copy=True, device=None, casting="checked")',
    ),
)


def _select(condition: Any, dtype: Any, other: Any) -> Any:
    """`where` looks at no element, so one loop serves every dtype."""
    from arraykit import making

    return making.of_bytes(
        "where", f"{condition.name}, {dtype.name}, {dtype.name} -> {dtype.name}", "selecting", dtype.itemsize
    )


MAKERS = (("where", "Boolean, T, T -> T where T: Any", _select),)
