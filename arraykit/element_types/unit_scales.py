"""Sums, differences and moments of units, of which some count from a zero of their own, as degrees Celsius.

Numbers in such a unit are places on a scale: they differ by a difference, move by one, have a mean and a spread, and no
sum.  Moments are those of the plain numbers, or of the same in base units.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import arraykit

from . import units


def _sum(operation: str, first: Any, second: Any) -> Any:
    """Places on a scale differ, and move by a difference; other numbers of one dimension add."""
    inputs = first, second
    places = [units._is_offset(units._unit_of(d)) for d in inputs]
    steps = [units._is_difference(units._unit_of(d)) for d in inputs]
    if any(places) and any(steps) and places != ([False, True] if operation == "subtract" else None):
        return _moved(operation, *inputs, places.index(True))
    common = units._common(operation, inputs)
    if operation == "subtract":
        known = units._unit_of(common[0])
        return units._kernel(operation, common, _difference(known) if units._is_offset(known) else known)
    units._check_zero(operation, *map(units._unit_of, inputs))
    return units._kernel(operation, common, units._unit_of(common[0]))


def _moved(operation: str, first: Any, second: Any, place: int) -> Any:
    content = arraykit.join([units._content(first), units._content(second)])
    known = units._unit_of((first, second)[place])
    inputs = [units._member(content, units._spelled(_difference(known)))] * 2
    inputs[place] = units._member(content, units._spelled(known))
    return units._kernel(operation, tuple(inputs), known)


def _difference(known: Any) -> Any:
    """The unit of the difference of two places on a scale, of the scale's own degrees."""
    return units._pint().Unit(f"delta_{known}")


for _name in ("add", "subtract"):
    for _variables in units.TWO:
        arraykit.kernel(_name, f"A, B -> A where {_variables}", maker=True)(partial(_sum, _name))


def _base(dtype: Any) -> Any:
    """The dtype in the base unit of the dimension, whose zero is the dimension's."""
    base = units._pint().Quantity(1, units._unit_of(dtype)).to_base_units().units
    return units._member(dtype.parameters[0], units._spelled(base))


def _result(dtype: Any, power: int) -> Any:
    """The dtype of a mean (0), or of a spread in the degrees of the scale."""
    if power == 0:
        return dtype
    known = _difference(units._unit_of(dtype)) ** power
    return units._member(dtype.parameters[0], units._spelled(known))


def _moment(name: str, power: int) -> None:
    @arraykit.kernel(name, "A -> A where A: unit", maker=True)
    def make(given: Any) -> Any:
        if not units._is_offset(units._unit_of(given)):
            return None
        result = _result(given, power)

        def moment(x: Any, /, *, dtype: Any = None, out: Any = None, **how: Any) -> Any:
            x, compute, wanted = arraykit.asarray(x), getattr(arraykit, name), dtype or result
            if x.dtype is given:
                return units._given(arraykit.astype(compute(x["value"], **how), wanted), out)
            found = compute(arraykit.astype(x, arraykit.missing[_base(given)]), **how)
            if found is arraykit.NA:
                return found if out is None else units._given(found, out)
            if isinstance(found, arraykit.Array):
                wanted = arraykit.missing[wanted]
            return units._given(arraykit.astype(found, wanted), out)

        return arraykit.composition(moment)


for _name, _power in {"mean": 0, "std": 1, "var": 2}.items():
    _moment(_name, _power)
