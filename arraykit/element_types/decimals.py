"""decimal[p, s]: numbers of p decimal digits, s of them after the point, exactly.

An element is a whole number of units of 10^-s in 64 bits up to 18 digits, in 128 bits up to 38.  The digits of a
result follow from those of the operands, as in SQL and Arrow; what does not fit raises.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any

import arraykit
from arraykit.arrow import Parts
from arraykit.dtypes import Any as AnyDType
from arraykit.dtypes import Boolean, Complex, Floating, Integral, Parametrised
from arraykit.dtypes import Decimal as DecimalKind

from . import _decimals  # type: ignore[attr-defined]

__all__ = ["decimal"]

MOST, NARROW = 38, 18  # digits of 128 and of 64 bits
WEAK = 10  # digits of a Python int beside a decimal that it multiplies or divides
EXACT = Context(prec=2 * MOST + 4, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])
MAY_REFUSE = 1 << 6


class decimal(Parametrised, DecimalKind):
    """Numbers of `precision` decimal digits, `scale` of them after the point: `decimal[18, 4]`.

    >>> import arraykit
    >>> price = arraykit.asarray(["19.99", "0.01"], dtype="decimal[6, 2]")
    >>> price + price, (price * 3).dtype.name
    (array([39.98,  0.02], dtype=decimal[7, 2]), 'decimal[17, 2]')
    """

    def __new__(cls: Any, value: Any = 0) -> Any:
        if isinstance(value, cls):
            return value
        if isinstance(value, DecimalKind):
            return arraykit.astype(value, cls)
        value = value.item() if isinstance(value, AnyDType) else value
        item = cls._from_python_(Decimal(value) if isinstance(value, float) else value)
        if item is NotImplemented:
            raise TypeError(f"{cls.name}: expected a number, the text of one or a Decimal, not {value!r}")
        return item

    # ---- the family ------------------------------------------------------------------------------------

    @classmethod
    def _parameters_(cls: Any, *given: Any) -> tuple[Any, ...]:
        precision, scale = (*given, 0)[:2] if 1 <= len(given) <= 2 else (None, None)
        if type(precision) is not int or type(scale) is not int:
            raise TypeError(
                f"decimal: expected digits and those after the point, as decimal[18, 4], not {given!r}"
            )
        if not 0 <= scale <= precision or not 1 <= precision <= MOST:
            raise ValueError(
                f"decimal[{precision}, {scale}]: a decimal has 1 to {MOST} digits, and 0 to all of them after the point"
            )
        return precision, scale

    @classmethod
    def _declare_(cls: Any, name: str, *parameters: Any) -> Any:
        size = 8 if parameters[0] <= NARROW else 16
        return cls.declare(name, parameters, itemsize=size, align=size, zero_is_valid=True)

    @classmethod
    def _to_arrow_(cls: Any, a: Any) -> Any:
        """Arrow's decimals of 128 bits, which every library reads."""
        digits, scale = cls.parameters
        wide = a if cls.itemsize == 16 else arraykit.astype(a, cls.family[38, scale])
        return Parts(f"d:{digits},{scale}", (wide,))

    @classmethod
    def _holding_(cls: Any, other: Any) -> Any:
        """The decimal of so many digits as an integer dtype has."""
        if issubclass(other, Boolean):
            return cls[1, 0]
        if issubclass(other, Integral) and getattr(other, "_limits_", {}) is not None:
            return cls[len(str(arraykit.iinfo(other).max)), 0]
        return None

    @classmethod
    def _common_(cls: Any, members: frozenset[Any]) -> Any:
        scale = max(d.parameters[1] for d in members)
        precision = scale + max(d.parameters[0] - d.parameters[1] for d in members)
        return cls[precision, scale] if precision <= MOST else None

    @classmethod
    def _join_(cls: Any, dtypes: frozenset[Any]) -> Any:
        """With floats the least float from float64 on, as in SQL; with integers a decimal of their digits too."""
        others = {d for d in dtypes if d.family is not cls and issubclass(d, (Floating, Complex))}
        return arraykit.join([*others, arraykit.float64]) if others else super()._join_(dtypes)

    @classmethod
    def _cast_level_(cls: Any, given: Any, wanted: Any) -> str | None:
        if wanted.family is not cls:
            return "safe" if issubclass(wanted, (Floating, Complex)) and wanted.itemsize >= 8 else None
        held = given if given.family is cls else cls._holding_(given)
        if held is None:
            return None
        return "exact" if held is wanted or cls._common_(frozenset({held, wanted})) is wanted else "same_kind"

    @classmethod
    def _cast_(cls: Any, given: Any, wanted: Any) -> Any:
        return _cast(given, wanted)

    @classmethod
    def _with_weak_(cls: Any, scalar: type) -> Any:
        return cls if scalar in (bool, int) else arraykit.result_type(arraykit.float64, scalar)

    @classmethod
    def _factor_(cls: Any, operation: str, scalar: type) -> Any:
        """A Python int that a decimal is multiplied with has no digits after the point."""
        whole = scalar in (bool, int) and operation in ("multiply", "divide")
        return cls.family[WEAK, 0] if whole else None

    # ---- items -----------------------------------------------------------------------------------------

    @classmethod
    def _from_python_(cls: Any, value: Any) -> Any:
        """An item from an int, Decimal, Fraction or text that it holds exactly; NotImplemented for anything else."""
        if isinstance(value, str):
            value = _read(cls.name, value)
        if not isinstance(value, (int, Decimal, Fraction)):
            return NotImplemented
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError(f"{cls.name}: {value} is no decimal")
        precision, scale = cls.parameters
        numerator, denominator = value.as_integer_ratio()
        units, rest = divmod(numerator * 10**scale, denominator)
        if rest:
            raise ValueError(
                f"{cls.name}: {value} has more than {scale} digits after the point; round it first"
            )
        if abs(units) >= 10**precision:
            raise OverflowError(
                f"{cls.name}: {value} has more than {precision - scale} digits before the point"
            )
        return super().__new__(cls, units.to_bytes(cls.itemsize, "little", signed=True))

    def _to_python_(self) -> Decimal:
        units = int.from_bytes(self.tobytes(), "little", signed=True)
        return Decimal(units).scaleb(-self.dtype.parameters[1], EXACT)

    def __repr__(self) -> str:
        return format(self._to_python_(), "f")

    def __format__(self, how: str) -> str:
        return format(self._to_python_(), how)

    def __hash__(self) -> int:
        return hash(self._to_python_())

    def __int__(self) -> int:
        return int(self._to_python_())

    __trunc__ = __int__

    def __float__(self) -> float:
        return float(self._to_python_())

    def __bool__(self) -> bool:
        return bool(self._to_python_())

    def __eq__(self, other: Any) -> bool:
        return bool(self._to_python_() == other._to_python_())

    def __lt__(self, other: Any) -> bool:
        return bool(self._to_python_() < other._to_python_())

    def __floor__(self) -> int:
        return self._to_python_().__floor__()

    def __ceil__(self) -> int:
        return self._to_python_().__ceil__()

    def __round__(self, digits: int | None = None) -> Any:
        return round(self._to_python_(), digits)

    def as_integer_ratio(self) -> tuple[int, int]:
        """The exact value, as that of Python's numbers."""
        return self._to_python_().as_integer_ratio()


# The family, whose members only exist at run time.
family: Any = decimal
_member = lru_cache(lambda precision, scale: family[precision, scale])


def of_python(value: Decimal) -> Any:
    """The least member that holds a Decimal of Python."""
    if not value.is_finite():
        raise ValueError(f"decimal: {value} is no decimal")
    _, digits, exponent = value.as_tuple()
    scale = max(-int(exponent), 0)
    return _member(max(len(digits) + max(int(exponent), 0), scale, 1), scale)


def _read(name: str, text: str) -> Decimal:
    try:
        return EXACT.create_decimal(text)
    except InvalidOperation:
        raise ValueError(f"{name}: {text!r} is no decimal number") from None


# ---- the digits of results: as in Arrow and Redshift, and where 38 are too few as in SQL Server ----------------


def _fitted(precision: int, scale: int) -> Any:
    """The digits before the point stay, of those after it at least six: the result is rounded to them."""
    if precision > MOST:
        scale = min(scale, max(MOST - (precision - scale), min(scale, 6)))
    return family[min(precision, MOST), scale]


def _sum_of(p: int, s: int, q: int, t: int) -> Any:
    return _fitted(max(p - s, q - t) + max(s, t) + 1, max(s, t))


def _product_of(p: int, s: int, q: int, t: int) -> Any:
    return _fitted(p + q + 1, s + t)


def _quotient_of(p: int, s: int, q: int, t: int) -> Any:
    scale = max(4, s + q - t + 1)
    return _fitted(p - s + t + scale, scale)


RESULTS: dict[str, tuple[int, Callable[..., Any]]] = {
    "add": (0, _sum_of),
    "subtract": (1, _sum_of),
    "multiply": (2, _product_of),
    "divide": (3, _quotient_of),
}


# ---- kernels ---------------------------------------------------------------------------------------------------


def _made(loop: str, operation: str, signature: str, dtypes: tuple[Any, ...], **facts: int) -> Any:
    """A loop of `_decimals` with its facts packed as decimals.h reads them."""
    wide = sum((d.itemsize == 16) << i for i, d in enumerate(dtypes))
    parts = [wide, *(facts.get(name, 0) for name in ("up_a", "up_b", "down", "digits", "which"))]
    state = sum(part << 8 * i for i, part in enumerate(parts))
    return arraykit.make_kernel(
        operation, signature, getattr(_decimals, loop), state=state, flags=MAY_REFUSE, owner=_decimals
    )


def _arithmetic(operation: str) -> Callable[[Any, Any], Any]:
    which, rule = RESULTS[operation]

    def make(a: Any, b: Any) -> Any:
        (p, s), (q, t) = a.parameters, b.parameters
        out = rule(p, s, q, t)
        digits, scale = out.parameters
        facts = {"up_a": max(s, t) - s, "up_b": max(s, t) - t, "down": max(s, t) - scale}
        if operation == "multiply":
            facts = {"down": s + t - scale}
        elif operation == "divide":
            facts = {"up_a": max(scale - s + t, 0), "up_b": max(s - t - scale, 0)}
        text = f"{a.name}, {b.name} -> {out.name}"
        # The loop reads the widths of a, b and the result from the lowest three bits.
        return _made("arithmetic", operation, text, (a, b, out), which=which, digits=digits, **facts)

    return make


def _comparison(operation: str, answers: int) -> Callable[[Any, Any], Any]:
    def make(a: Any, b: Any) -> Any:
        s, t = a.parameters[1], b.parameters[1]
        facts = {"up_a": max(s, t) - s, "up_b": max(s, t) - t, "which": answers}
        return _made("compare", operation, f"{a.name}, {b.name} -> bool_", (a, b), **facts)

    return make


def _alike(operation: str, which: str) -> Callable[[Any, Any], Any]:
    def make(a: Any, b: Any) -> Any:
        if a is not b:
            return None  # the operands' common dtype is asked for next
        digits, scale = a.parameters
        facts = {"digits": digits, "up_a": scale, "which": ord(which)}
        return _made("alike", operation, f"{a.name}, {b.name} -> {a.name}", (a, b, a), **facts)

    return make


def _unary(operation: str, which: str) -> Callable[[Any], Any]:
    def make(a: Any) -> Any:
        digits, scale = a.parameters
        return _made(
            "unary",
            operation,
            f"{a.name} -> {a.name}",
            (a, a, a),
            digits=digits,
            down=scale,
            which=ord(which),
        )

    return make


def _fold(operation: str, which: str, widens: bool) -> Callable[[Any], Any]:
    def make(a: Any) -> Any:
        scale = a.parameters[1]
        out = family[MOST, scale] if widens else a
        facts = {"digits": out.parameters[0], "down": scale, "which": ord(which)}
        return _made("fold", operation, f"{a.name} -> {out.name}", (a, a, out), **facts)

    return make


def _product(operation: str, shape: str) -> Callable[[Any, Any], Any]:
    left, right, result = shape.split()

    def make(a: Any, b: Any) -> Any:
        scale = a.parameters[1] + b.parameters[1]
        if scale > MOST:
            return None
        out = family[MOST, scale]
        text = f"{a.name}[{left}], {b.name}[{right}] -> {out.name}" + (f"[{result}]" if result != "." else "")
        return _made("dot" if result == "." else operation, operation, text, (a, b, out), digits=MOST)

    return make


def _sorting(operation: str, which: int) -> Callable[[Any], Any]:
    def make(a: Any) -> Any:
        out = "int64" if which else a.name
        return _made("sort", operation, f"{a.name}[n] -> {out}[n]", (a,), which=which)

    return make


def _cast(given: Any, wanted: Any) -> Any:
    """By units, or through float64, or as an integer of the same units; None: item by item."""
    text = f"{given.name} -> {wanted.name}"
    if wanted is arraykit.float64:
        return _made("to_float64", "cast", text, (given,), down=given.parameters[1])
    if wanted.family is not family:
        return None
    digits, scale = wanted.parameters
    if given is arraykit.float64:
        return _made("from_float64", "cast", text, (given, given, wanted), digits=digits, up_a=scale)
    if given.family is family or given is arraykit.int64:
        up = scale - (given.parameters[1] if given.family is family else 0)
        facts = {"up_a": max(up, 0), "down": max(-up, 0), "digits": digits, "which": ord("q")}
        return _made("unary", "cast", text, (given, given, wanted), **facts)
    if issubclass(given, Floating):
        return arraykit.make_kernel("cast", text, lambda item: _nearest(wanted, item))
    return None


def _nearest(wanted: Any, item: Any) -> Any:
    """The decimal nearest to an item of any other float, of two the even one."""
    if item - item != 0:
        raise ValueError("NaN and infinity are no decimals")
    units = round(Fraction(*item.as_integer_ratio()) * 10 ** wanted.parameters[1])
    return wanted(Fraction(units, 10 ** wanted.parameters[1]))


def _in_floats(operation: str, operands: int) -> Callable[..., Any]:
    """What has no exact result is computed in float64, which it gives."""
    return lambda *dtypes: arraykit.find_kernel(operation, *["float64"] * operands)


def _square(a: Any) -> Any:
    precision, scale = a.parameters
    out = _product_of(precision, scale, precision, scale)
    facts = {"which": 2, "digits": out.parameters[0], "down": 2 * scale - out.parameters[1]}
    return _made("square", "square", f"{a.name} -> {out.name}", (a, a, out), **facts)


def _reciprocal(a: Any) -> Any:
    out = _quotient_of(1, 0, *a.parameters)
    facts = {"which": 3, "digits": out.parameters[0], "up_a": out.parameters[1] + a.parameters[1]}
    return _made("reciprocal", "reciprocal", f"{a.name} -> {out.name}", (family[MOST, 0], a, out), **facts)


def _running(operation: str, which: str) -> Callable[[Any], Any]:
    def make(a: Any) -> Any:
        out = family[MOST, a.parameters[1]]
        facts = {"digits": MOST, "down": a.parameters[1], "which": ord(which)}
        return _made("running", operation, f"{a.name}[n] -> {out.name}[n]", (a, a, out), **facts)

    return make


_FLOATS = {
    1: "sqrt cbrt exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh",
    2: "pow atan2 hypot logaddexp copysign nextafter",
}
PAIR = "A, B -> A where A: decimal, B: decimal"
_ONES = {
    "negative": "-", "positive": "+", "abs": "a", "sign": "s", "floor": "f", "ceil": "c", "trunc": "t", "round": "r",
    "conj": "+", "real": "+",
}  # fmt: skip
_ORDERS = {"less": 1, "equal": 2, "less_equal": 3, "greater": 4, "not_equal": 5, "greater_equal": 6}
_FOLDS = {"sum": ("+", True), "prod": ("*", True), "max": (">", False), "min": ("<", False)}
MAKERS = [
    *((name, PAIR, _arithmetic(name)) for name in RESULTS),
    *(
        (name, "A, B -> bool_ where A: decimal, B: decimal", _comparison(name, bits))
        for name, bits in _ORDERS.items()
    ),
    *(
        (name, PAIR, _alike(name, which))
        for name, which in {"floor_divide": "f", "remainder": "m", "maximum": ">", "minimum": "<"}.items()
    ),
    ("square", "A -> A where A: decimal", _square),
    ("reciprocal", "A -> A where A: decimal", _reciprocal),
    *((name, "A -> A where A: decimal", _unary(name, which)) for name, which in _ONES.items()),
    *((name, "A -> A where A: decimal", _fold(name, *facts)) for name, facts in _FOLDS.items()),
    ("dot", "A[n], B[n] -> A where A: decimal, B: decimal", _product("dot", "n n .")),
    ("vecdot", "A[n], B[n] -> A where A: decimal, B: decimal", _product("vecdot", "n n .")),
    ("matmul", "A[m,n], B[n,p] -> A[m,p] where A: decimal, B: decimal", _product("matmul", "m,n n,p m,p")),
    ("matvec", "A[m,n], B[n] -> A[m] where A: decimal, B: decimal", _product("matvec", "m,n n m")),
    ("vecmat", "A[m], B[m,n] -> A[n] where A: decimal, B: decimal", _product("vecmat", "m m,n n")),
    ("cumulative_sum", "A[n] -> A[n] where A: decimal", _running("cumulative_sum", "+")),
    ("cumulative_prod", "A[n] -> A[n] where A: decimal", _running("cumulative_prod", "*")),
    ("sort", "A[n] -> A[n] where A: decimal", _sorting("sort", 0)),
    ("argsort", "A[n] -> int64[n] where A: decimal", _sorting("argsort", ord("i"))),
]
MAKERS += [
    (name, PAIR if operands == 2 else "A -> A where A: decimal", _in_floats(name, operands))
    for operands, names in _FLOATS.items()
    for name in names.split()
]
for _name, _signature, _make in MAKERS:
    arraykit.kernel(_name, _signature, maker=True)(_make)


@arraykit.kernel("var", "A -> A where A: decimal", maker=True)
def _variance(dtype: Any) -> Any:  # in float64, of the exact distances from the mean
    def var(x: Any, /, *, axis: Any = None, where: Any = None, skipna: bool = False, **how: Any) -> Any:
        of = {"axis": axis, "where": where, "skipna": skipna}
        distances = arraykit.asarray(arraykit.subtract(x, arraykit.mean(x, keepdims=True, **of)))
        real = "?float64" if distances.dtype.content else "float64"
        return arraykit.var(arraykit.astype(distances, real), **of, **how)

    return arraykit.composition(var)
