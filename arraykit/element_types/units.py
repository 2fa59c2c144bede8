"""Numbers with a unit: `unit[float64, "m/s"]`, of any numeric dtype and any unit that pint knows.

Elements lie in memory as the plain numbers; the unit is the dtype's.  Products and quotients make new units, sums
and comparisons convert within one dimension, and mixing dimensions is an error.  Which kernel computes is the
plain dtype's business.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from typing import Any

import arraykit
from arraykit.dtypes import Numeric, Parametrised, PromotionError, Wrapping, casting

__all__ = ["unit"]


@cache
def _pint() -> Any:
    """pint's registry of the application; it is imported when a unit is first named."""
    try:
        pint: Any = import_module("pint")
    except ImportError:
        raise ImportError("unit[...] reads units by pint, which is not installed: pip install pint") from None
    return pint.get_application_registry()


@cache
def _parsed(text: str) -> Any:
    """pint's unit for a text; ValueError if there is none."""
    try:
        return _pint().Unit(text)
    except ImportError:
        raise
    except Exception as error:  # pint raises a dozen kinds
        raise ValueError(f"unit: {text!r} is no unit that pint knows: {error}") from None


def _spelled(known: Any) -> str:
    """The short text of a unit, as kg*m/s**2, which reads back as the same unit."""
    powers = known._units.items()
    if all(float(power).is_integer() for _, power in powers):
        return f"{known:~C}"
    return "*".join(f"{_pint().Unit(name):~C}**{power!r}" for name, power in powers)


def _is_offset(known: Any) -> bool:
    """Whether its zero is not that of its dimension, as of degrees Celsius."""
    return not _pint().Quantity(1, known)._is_multiplicative


def _factors(given: Any, wanted: Any) -> tuple[float, float, float]:
    """x * factor / divisor + offset is the number in `wanted` of x in `given`."""
    convert, zero = _pint().convert, 0.0
    if _is_offset(given) or _is_offset(wanted):
        zero = float(convert(0.0, given, wanted))
        return float(convert(1.0, given, wanted)) - zero, 1.0, zero
    factor, divisor = float(convert(1.0, given, wanted)), float(convert(1.0, wanted, given))
    if divisor > 1 and divisor.is_integer():
        return 1.0, divisor, 0.0
    return factor, 1.0, 0.0


class unit(Parametrised, Wrapping):
    """Numbers of another dtype with a unit: `unit[float64, "m/s"]`.

    >>> import arraykit
    >>> metre, second = arraykit.unit["float64", "m"], arraykit.unit["float64", "s"]
    >>> way, time = arraykit.asarray([10, 40], dtype=metre), arraykit.asarray([2, 4], dtype=second)
    >>> way / time
    array([ 5.0 m/s, 10.0 m/s], dtype=unit[float64, "m/s"])
    """

    _depth_ = 3

    def __new__(cls: Any, value: Any) -> Any:
        given = type(value)
        if isinstance(value, arraykit.dtypes.Any) and given.family is unit and given is not cls:
            return arraykit.astype(arraykit.asarray(value), cls)[()]
        return super().__new__(cls, value)

    @classmethod
    def _parameters_(cls, *given: Any) -> tuple[Any, ...]:
        if len(given) != 2:
            raise TypeError('unit takes a dtype and the text of a unit, as unit[float64, "m/s"]')
        content, text = arraykit.dtype(given[0]), given[1]
        if not issubclass(content, Numeric):
            raise TypeError(f"unit: elements with a unit are numbers, not {content.name}")
        return content, _spelled(_parsed(text if isinstance(text, str) else str(text)))

    @classmethod
    def _declare_(cls: Any, name: str, *parameters: Any) -> Any:
        return cls.declare(name, parameters, storage={"value": parameters[0]}, zero_is_valid=True)

    # ---- what elements have in common with others ------------------------------------------------------

    @classmethod
    def _join_(cls: Any, dtypes: frozenset[Any]) -> Any:
        """Units of one dimension join at the smallest of them, so that factors are whole where they can be."""
        plain = [d for d in dtypes if d.family is not unit]
        members = sorted((d for d in dtypes if d.family is unit), key=lambda d: str(d))
        contents = [d.parameters[0] for d in members]
        if plain and all(_unit_of(d).dimensionless for d in members):
            return arraykit.join([*contents, *plain])
        if plain:
            raise PromotionError(f"{members[0].name} has a unit and {plain[0].name} has none")
        first = _unit_of(members[0])
        for other in members[1:]:
            _same_dimension(first, _unit_of(other))
        smallest = min(members, key=lambda d: (_size(d), d.parameters[1]))
        return cls[arraykit.join(contents), smallest.parameters[1]]

    @classmethod
    def _with_weak_(cls: Any, scalar: type) -> Any:
        if _unit_of(cls).dimensionless:
            return arraykit.result_type(cls.parameters[0], scalar)
        raise PromotionError(f"{cls.name} has a unit and Python's {scalar.__name__} has none")

    @classmethod
    def _factor_(cls: Any, operation: str, scalar: type) -> Any:
        """A Python number in a product is a plain number."""
        return arraykit.result_type(cls.parameters[0], scalar) if operation in FACTORS else None

    @classmethod
    def _cast_level_(cls, given: Any, wanted: Any) -> str | None:
        """Into another unit of the dimension a number is rounded; a unit is put on or taken off on purpose."""
        if given.family is not unit or wanted.family is not unit:
            return "unsafe"
        if not _is_like(_unit_of(given), _unit_of(wanted)):
            return "unsafe"
        inner = (
            "exact" if arraykit.can_cast(given.parameters[0], wanted.parameters[0], "exact") else "same_kind"
        )
        return inner if given.parameters[1] == wanted.parameters[1] else "same_kind"

    @classmethod
    def _cast_(cls, given: Any, wanted: Any) -> Any:
        if given.family is unit and wanted.family is unit:
            _same_dimension(_unit_of(given), _unit_of(wanted), f"astype: {given.name} to {wanted.name}")
        elif given.family is unit and not _unit_of(given).dimensionless:
            raise PromotionError(
                f"astype: {given.name} to {wanted.name} would lose the unit; the field `value` has the plain numbers"
            )
        by = _between(given, wanted)
        if by in (None, (1.0, 1.0, 0.0)):
            plain = casting.find(_content(given), _content(wanted))
            return arraykit.kernel_as(plain, f"{given.name} -> {wanted.name}")
        return _scaling(given, wanted, by)

    @classmethod
    def _from_python_(cls: Any, value: Any) -> Any:
        """A plain number is in the dtype's unit."""
        return cls(value) if isinstance(value, (int, float, complex)) else NotImplemented

    # ---- items -------------------------------------------------------------------------------------------

    def __repr__(self: Any) -> str:
        return f"{self.value} {type(self).parameters[1]}".rstrip()

    def __eq__(self: Any, other: Any) -> Any:
        return self.value == other.value if type(other) is type(self) else NotImplemented

    def __lt__(self: Any, other: Any) -> Any:
        return self.value < other.value if type(other) is type(self) else NotImplemented

    def __le__(self: Any, other: Any) -> Any:
        return self.value <= other.value if type(other) is type(self) else NotImplemented

    def __hash__(self: Any) -> int:
        return hash((self.value, type(self).parameters[1]))

    @property
    def unit(self: Any) -> str:
        """The text of the unit."""
        return str(type(self).parameters[1])


def _member(content: Any, text: str) -> Any:
    family: Any = unit
    return family[content, text]


# ---- units of dtypes -------------------------------------------------------------------------------------


def _unit_of(dtype: Any) -> Any:
    """pint's unit of a member; the one without dimension for other dtypes."""
    return _parsed(dtype.parameters[1] if dtype.family is unit else "")


def _content(dtype: Any) -> Any:
    return dtype.parameters[0] if dtype.family is unit else dtype


def _size(dtype: Any) -> float:
    """How large the unit is beside the base unit of its dimension."""
    return float(_pint().Quantity(1, _unit_of(dtype)).to_base_units().magnitude)


def _is_difference(known: Any) -> bool:
    """Whether it counts the degrees between two places on a scale that has a zero of its own."""
    return any(name.startswith("delta_") for name in known._units)


def _is_like(first: Any, second: Any) -> bool:
    """Whether numbers in one are numbers in the other: of one dimension, and no place against a difference."""
    pair = (first, second), (second, first)
    apart = any(_is_offset(a) and _is_difference(b) for a, b in pair)
    return bool(first.is_compatible_with(second)) and not apart


def _same_dimension(first: Any, second: Any, call: str = "") -> None:
    if not _is_like(first, second):
        same = first.dimensionality == second.dimensionality
        raise PromotionError(
            f"{call + ': ' if call else ''}{_told(first)} and {_told(second)} do not measure the same: "
            + (
                "one is a place on a scale, the other a difference"
                if same
                else f"{first.dimensionality} and {second.dimensionality}"
            )
        )


def _told(known: Any) -> str:
    return repr(_spelled(known)) if _spelled(known) else "a plain number"


def _between(given: Any, wanted: Any) -> tuple[float, float, float] | None:
    """The factors of a cast; None if the unit stays, or is only put on."""
    if given.family is unit and given.parameters[1] != (
        wanted.parameters[1] if wanted.family is unit else ""
    ):
        return _factors(_unit_of(given), _unit_of(wanted))
    return None


def _scaling(given: Any, wanted: Any, by: tuple[float, float, float]) -> Any:
    """The cast kernel: by the loops of `scale` within one floating-point dtype, else item by item."""
    signature, source, target = f"{given.name} -> {wanted.name}", _content(given), _content(wanted)
    loops = {kernel.inputs: kernel for kernel in arraykit.kernels("scale")}
    loop = loops.get((source.name,)) if source is target else None
    if loop is not None:
        state = array("d", by)
        return arraykit.make_kernel(
            "cast", signature, loop.address, state=state.buffer_info()[0], owner=(state, loop)
        )
    factor, divisor, offset = by
    whole = divisor == 1 and offset == 0 and factor.is_integer()

    def convert(item: Any) -> Any:
        value = getattr(item, "value", item)
        value = value * int(factor) if whole else value * factor / divisor + offset
        return wanted(arraykit.astype(value, target))

    return arraykit.make_kernel("cast", signature, convert)


# ---- kernels: the plain dtype's, and what becomes of the unit -----------------------------------------------

Rule = Callable[..., Any]

_CORE = re.compile(r"(?:\[[a-z]\d?(?:,\s*[a-z]\d?)*\])?$")


def _named(text: str, known: Any) -> str:
    """The name of a plain kernel's operand, core dimensions behind it, with a unit (None: plain)."""
    core = _CORE.search(text)[0]  # type: ignore[index]
    name = text.removesuffix(core)
    return text if known is None or not _spelled(known) else _member(name, _spelled(known)).name + core


def _kernel(operation: str, inputs: tuple[Any, ...], *results: Any) -> Any:
    """The plain kernel under the names of dtypes with units; `results` are the units of its outputs."""
    plain = arraykit.find_kernel(operation, *map(_content, inputs))
    if hasattr(plain, "composition"):  # which other operations compute, and has no loop
        return None
    units = [_unit_of(d) if d.family is unit else None for d in inputs]
    taken = ", ".join(map(_named, plain.inputs, units))
    return arraykit.kernel_as(plain, f"{taken} -> {', '.join(map(_named, plain.outputs, results))}")


def _common(operation: str, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The operands in the unit that they have in common; an error that names the operation if there is none."""
    try:
        return (arraykit.join(inputs),) * len(inputs)
    except PromotionError as error:
        raise PromotionError(f"{operation}: {error}") from None


def _same(operation: str, *inputs: Any) -> Any:
    inputs = _common(operation, inputs)
    known = _unit_of(inputs[0])
    if operation in ADDITIVE:
        _check_zero(operation, known)
    return _kernel(operation, inputs, known)


def _check_zero(operation: str, *known: Any) -> None:
    for one in known:
        if _is_offset(one):
            raise PromotionError(
                f"{operation}: {_told(one)} counts from a zero of its own; convert to a unit that does not, as kelvin"
            )


def _plain(operation: str, *inputs: Any) -> Any:
    return _kernel(operation, _common(operation, inputs), None)


def _both(operation: str, *inputs: Any) -> Any:
    inputs = _common(operation, inputs)
    return _kernel(operation, inputs, None, _unit_of(inputs[0])) or _in_two(*inputs)


def _in_two(*inputs: Any) -> Any:
    """Floor division, then the remainder, of numbers that have no loop of both."""
    kernels = [arraykit.find_kernel(name, *inputs) for name in ("floor_divide", "remainder")]

    def divmod(x: Any, y: Any, /, *, out: Any = None, **how: Any) -> Any:
        first, second = out or (None, None)
        return arraykit.floor_divide(x, y, out=first, **how), arraykit.remainder(x, y, out=second, **how)

    return arraykit.composition(divmod, *(arraykit.dtype(kernel.outputs[0]) for kernel in kernels))


def _product(operation: str, *inputs: Any) -> Any:
    return _kernel(operation, inputs, _multiplied(operation, 1, *inputs))


def _quotient(operation: str, *inputs: Any) -> Any:
    return _kernel(operation, inputs, _multiplied(operation, -1, *inputs))


def _multiplied(operation: str, sign: int, first: Any, second: Any) -> Any:
    _check_zero(operation, _unit_of(first), _unit_of(second))
    return _unit_of(first) * _unit_of(second) ** sign


def _power(exponent: float) -> Rule:
    def power(operation: str, x: Any) -> Any:
        _check_zero(operation, _unit_of(x))
        return _kernel(operation, (x,), _unit_of(x) ** exponent)

    return power


def _raised(operation: str, base: Any, exponent: Any) -> Any:
    """Of what has a dimension, a power whose exponent is one number, on which the unit depends."""
    if _unit_of(base).dimensionless or not _unit_of(exponent).dimensionless:
        return _of_number(operation, base, exponent)

    def power(x: Any, y: Any, /, *, dtype: Any = None, out: Any = None) -> Any:
        number = _number(y)
        known = _unit_of(base) ** number if number else _parsed("")
        if number not in (0, 1):
            _check_zero(operation, _unit_of(base))
        values = arraykit.pow(arraykit.asarray(x)["value"], number)
        wanted = _member(values.dtype, _spelled(known)) if _spelled(known) else values.dtype
        return _given(arraykit.astype(values, dtype or wanted), out)

    return arraykit.composition(power)


def _number(exponent: Any) -> Any:
    """The exponent as an int if it is whole, else a float."""
    if getattr(exponent, "shape", ()) != ():
        raise PromotionError(
            "pow: the unit of a power depends on its exponent, which is one number for all elements, not an array; "
            "exponents that differ need a base without dimension"
        )
    number = getattr(exponent, "value", exponent)
    number = number.item() if hasattr(number, "item") else number
    if isinstance(number, complex) or number - number != 0:
        raise PromotionError(f"pow: a unit is raised to a finite real number, not to {number}")
    return int(number) if number == int(number) else float(number)


def _given(found: Any, out: Any) -> Any:
    if out is None:
        return found[()]
    out[...] = found
    return out


def _of_number(operation: str, *inputs: Any) -> Any:
    """Functions of plain numbers take what has no dimension, angles in radians."""
    for x in inputs:
        if not _unit_of(x).dimensionless:
            raise PromotionError(
                f"{operation}({', '.join(d.name for d in inputs)}): {_told(_unit_of(x))} has a dimension, and "
                f"{operation} takes a number"
            )
    return arraykit.find_kernel(operation, *map(_content, inputs))


FACTORS = ("multiply", "divide", "pow")
ADDITIVE = ("sum", "cumulative_sum", "negative", "hypot")
RULES: tuple[tuple[Rule, str, str], ...] = (
    (_same, "A, B -> A", "remainder maximum minimum hypot copysign nextafter"),
    (_plain, "A, B -> bool_", "equal not_equal less less_equal greater greater_equal"),
    (_plain, "A, B -> A", "floor_divide atan2"),
    (_both, "A, B -> A, A", "divmod"),
    (_raised, "A, B -> A", "pow"),
    (_of_number, "A, B -> A", "logaddexp"),
    (_of_number, "A, B -> bool_", "logical_and logical_or logical_xor"),
    (_of_number, "A -> bool_", "logical_not any all"),
    (_of_number, "A[n] -> A[n]", "cumulative_prod"),
    (_product, "A, B -> A", "multiply"),
    (_quotient, "A, B -> A", "divide"),
    (_product, "A[n], B[n] -> A", "dot vecdot"),
    (_product, "A[m,n], B[n,p] -> A[m,p]", "matmul"),
    (_product, "A[m,n], B[n] -> A[m]", "matvec"),
    (_product, "A[m], B[m,n] -> A[n]", "vecmat"),
    (_same, "A -> A", "negative positive abs conj real imag floor ceil trunc round sum max min"),
    (_same, "A[n] -> A[n]", "sort cumulative_sum"),
    (_plain, "A -> A", "sign"),
    (_plain, "A -> bool_", "isnan isinf isfinite signbit"),
    (_plain, "A[n] -> int64", "argmin argmax"),
    (_plain, "A[n] -> int64[n]", "argsort"),
    (_power(2), "A -> A", "square"),
    (_power(0.5), "A -> A", "sqrt"),
    (_power(1 / 3), "A -> A", "cbrt"),
    (_power(-1), "A -> A", "reciprocal"),
    (_of_number, "A -> A", "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh prod"),
    (_of_number, "A -> A", "exp exp2 expm1 log log2 log10 log1p"),
)
ONE, TWO = ("A: unit",), ("A: unit, B: unit", "A: unit, B: Numeric", "A: Numeric, B: unit")


def _register() -> None:
    for rule, text, names in RULES:
        for name in names.split():
            for variables in TWO if "B" in text else ONE:
                arraykit.kernel(name, f"{text} where {variables}", maker=True)(partial(rule, name))


_register()


from . import unit_scales  # noqa: E402, F401  sums, differences and moments, which are about the units above
