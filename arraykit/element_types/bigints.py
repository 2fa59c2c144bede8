"""bigint and rational: integers without bounds, and exact fractions of them.

The dtypes and their kernels are a plug-in in C, `_bigs`; here they get what Python expects of numbers.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import arraykit

from ._bigs import plugin

__all__ = ["bigint", "rational"]

_made = arraykit.load_plugin(plugin)
bigint: Any = _made["bigint"]
rational: Any = _made["rational"]


def of_python(value: Any) -> Any:
    """The dtype that a Fraction is an element of."""
    return rational


def _item(cls: Any, value: Any) -> Any:
    """One element of an array, which is made as others are."""
    return arraykit.asarray([value], dtype=cls)[0]


def _bigint(cls: Any, value: Any = 0, base: int = 10) -> Any:
    """bigint(value): whatever Python's int() takes, or an item that is cast."""
    if isinstance(value, cls):
        return value
    if isinstance(value, str):
        return _item(cls, int(value, base))
    if isinstance(value, arraykit.dtypes.Any) and not hasattr(type(value), "__int__"):
        return arraykit.astype(value, cls)
    return _item(cls, int(value))


def _rational(cls: Any, numerator: Any = 0, denominator: Any = 1) -> Any:
    """rational(value) or rational(numerator, denominator): whatever Python's Fraction() takes."""
    if isinstance(numerator, cls) and denominator == 1:
        return numerator
    above, below = (Fraction(_python(x)) for x in (numerator, denominator))
    if below == 0:
        raise ZeroDivisionError(f"rational: the denominator of {numerator}/{denominator} is zero")
    return _item(cls, above / below)


def _python(value: Any) -> Any:
    """An item as a number of Python; one that has none of its value as a fraction."""
    raw = isinstance(value, arraykit.dtypes.Any) and not isinstance(value, (int, float))
    number = value.item() if raw else value
    exact = number is value and raw and hasattr(number, "as_integer_ratio")
    return Fraction(*number.as_integer_ratio()) if exact else number


def _from_python(cls: Any, value: Any) -> Any:
    """What C does not read itself: fractions and the text of numbers."""
    if isinstance(value, str):
        try:
            return cls(value)
        except ValueError as error:
            raise ValueError(f"{cls.name}: {error}") from None
    return _item(cls, value) if isinstance(value, Fraction) and cls is rational else NotImplemented


def _pack(cls: Any, a: Any) -> tuple[Any, ...]:
    """What is written to files: the numerators and the denominators, in a row."""
    items = [item.as_integer_ratio() for item in arraykit.reshape(a, (-1,))]
    return tuple(arraykit.asarray([pair[i] for pair in items], dtype=bigint) for i in (0, 1))


def _unpack(cls: Any, shape: tuple[int, ...], numerators: Any, denominators: Any) -> Any:
    whole = arraykit.divide(arraykit.astype(numerators, cls), arraykit.astype(denominators, cls))
    return arraykit.reshape(whole, shape)


def _compared(name: str) -> Callable[[Any, Any], Any]:
    """Beside a float exactly, as Python compares an int or Fraction with it and as the hashes say."""
    exact, general = getattr(operator, name), getattr(arraykit.dtypes.Any, f"__{name}__")
    return lambda item, other: (
        exact(item.item(), float(other)) if isinstance(other, float) else general(item, other)
    )


def _part(name: str) -> property:
    return property(lambda item: getattr(item.item(), name), doc=f"The {name}, a Python int.")


bigint.__doc__ = """Integers without bounds.

>>> import arraykit
>>> arraykit.bigint(2) ** 100, arraykit.prod(arraykit.arange(1, 26, dtype="bigint"))
(1267650600228229401496703205376, 15511210043330985984000000)
"""
rational.__doc__ = """Exact fractions, in lowest terms.

>>> import arraykit
>>> arraykit.rational(1, 3) + arraykit.rational("1/6"), arraykit.sum(arraykit.asarray([arraykit.rational(1, 2)] * 3))
(1/2, 3/2)
"""
_NUMBER = {
    "__int__": lambda item: int(item.item()),
    "__float__": lambda item: float(item.item()),
    "__bool__": lambda item: bool(item.item()),
    "__hash__": lambda item: hash(item.item()),
    "real": property(lambda item: item, doc="The number itself."),
    "imag": property(lambda item: type(item)(0), doc="Zero."),
    "conjugate": lambda item: item,
    "__format__": lambda item, how: format(item.item(), how),
    **{f"__{name}__": _compared(name) for name in ("lt", "le", "eq", "ne", "gt", "ge")},
    "_limits_": None,
    "_from_python_": classmethod(_from_python),
    "__array_ufunc__": None,  # NumPy has no such dtype, and leaves operators to ours
}
_OWN = {
    bigint: {
        "__new__": staticmethod(_bigint),
        "__index__": lambda item: item.item(),
        "bit_length": lambda item: item.item().bit_length(),
        "bit_count": lambda item: item.item().bit_count(),
        "to_bytes": lambda item, *how, **more: item.item().to_bytes(*how, **more),
        "is_integer": lambda item: True,
        "as_integer_ratio": lambda item: (item.item(), 1),
        **dict.fromkeys(("__trunc__", "__floor__", "__ceil__"), lambda item: item.item()),
        "__round__": lambda item, digits=None: round(item.item(), digits),
    },
    rational: {
        "__new__": staticmethod(_rational),
        "_pack_": classmethod(_pack),
        "_unpack_": classmethod(_unpack),
        "__trunc__": lambda item: int(item.item()),
        "__round__": lambda item, digits=None: round(item.item(), digits),
        "__floor__": lambda item: item.item().__floor__(),
        "__ceil__": lambda item: item.item().__ceil__(),
        "as_integer_ratio": lambda item: item.item().as_integer_ratio(),
    },
}
for cls, methods in _OWN.items():
    for name, method in {
        **_NUMBER,
        **methods,
        "numerator": _part("numerator"),
        "denominator": _part("denominator"),
    }.items():
        setattr(cls, name, method)
numbers.Integral.register(bigint)
numbers.Rational.register(rational)


def _exactly(operation: str) -> Any:
    """Moments of whole numbers: exact fractions until they are rounded once, to float64."""

    def compute(x: Any, /, *, dtype: Any = None, out: Any = None, **how: Any) -> Any:
        x = arraykit.asarray(x)
        exact, real = rational, arraykit.dtype(float if dtype is None else dtype)
        if x.dtype.content is not None:
            exact, real = arraykit.missing[exact], arraykit.missing[real.content or real]
        function = getattr(arraykit, operation)
        try:
            found = function(arraykit.astype(x, exact), **how)
        except ZeroDivisionError:  # of nothing, which is NaN where there are floats
            found = function(arraykit.astype(x, real), **how)
        found = found if found is arraykit.NA else arraykit.astype(found, real)
        if out is None:
            return found
        out[...] = found
        return out

    return arraykit.composition(compute)


for _name in ("mean", "var"):
    arraykit.kernel(_name, f"{bigint.name} -> float64", maker=True)(lambda dtype, name=_name: _exactly(name))
