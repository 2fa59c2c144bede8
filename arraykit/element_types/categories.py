"""Categories: `categorical["a", "b"]`, and `ordered["low", "high"]` whose categories can be compared.

An element is the place of its value among the categories, in as few bytes as these need.  What is missing is
missing[categorical[…]]; no code stands for it.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterable
from typing import Any

import arraykit as ak
from arraykit.arrow import Parts, arrow_format
from arraykit.dtypes import CastError, Categorical, Parametrised, PromotionError

__all__ = ["categorical", "categorize", "codes", "ordered"]

CODES = ("int8", "int16", "int32")  # by how many there are
VALUES = (str, int, float, bool)


class Recoding(ctypes.Structure):
    """`recoding` of the loops: see src_c/kernels/categories.c."""

    _fields_ = [
        ("given", ctypes.c_int64), ("wanted", ctypes.c_int64), ("count", ctypes.c_int64),
        ("entries", ctypes.c_void_p), ("present", ctypes.c_void_p),
    ]  # fmt: skip


def recoded(given: Any, wanted: Any, entries: Iterable[int | None]) -> Any:
    """The cast of codes to entries of a table, of which None is refused."""
    listed = list(entries)
    table = array("q", [entry or 0 for entry in listed])
    present = array("B", [entry is not None for entry in listed])
    places = table.buffer_info()[0], present.buffer_info()[0]
    state = Recoding(given.itemsize, wanted.itemsize, len(listed), *places)
    loop = ak.kernels("categories.recode")[0]
    return ak.make_kernel(
        "cast", f"{given.name} -> {wanted.name}", loop.address,
        state=ctypes.addressof(state), owner=(loop, state, table, present), flags=loop.flags,
    )  # fmt: skip


# ---- the dtypes -------------------------------------------------------------------------------------------


class categorical(Parametrised, Categorical):
    """One of some values: `categorical["a", "b"]`; elements are small integers, items know their value.

    >>> import arraykit as ak
    >>> a = ak.asarray(["b", "a", "b"], dtype=ak.categorical["a", "b"])
    >>> a[0] == "b", a[0].code, ak.codes(a)
    (True, 1, array([1, 0, 1], dtype=int8))
    """

    @classmethod
    def _parameters_(cls, *given: Any) -> tuple[Any, ...]:
        kinds = {type(value) for value in given}
        if len(kinds) > 1 or not kinds <= set(VALUES):
            raise TypeError(f"{cls.name}: categories are texts, or numbers of one class, not {given!r}")
        if any(value != value for value in given):
            raise ValueError(f"{cls.name}: NaN equals nothing, so it is no category; use missing[{cls.name}]")
        if len(set(given)) < len(given):
            twice = next(value for i, value in enumerate(given) if value in given[:i])
            raise ValueError(f"{cls.name}: the category {twice!r} stands there twice")
        return given

    @classmethod
    def _declare_(cls: Any, name: str, *parameters: Any) -> Any:
        codes = next(code for code in CODES if len(parameters) <= 2 ** (8 * ak.dtype(code).itemsize - 1))
        facts = {"categories": parameters, "_places": {value: i for i, value in enumerate(parameters)}}
        return cls.declare(
            name, parameters, storage={"code": codes}, namespace=facts, zero_is_valid=bool(parameters)
        )

    def __new__(cls: Any, value: Any) -> Any:
        if not cls.is_concrete:
            raise TypeError(f"{cls.name} has no elements; {cls.name}['a', 'b'] has")
        if isinstance(value, ak.dtypes.Any):
            value = value.item()
        return super().__new__(cls, cls._place(value))

    @classmethod
    def _place(cls: Any, value: Any) -> int:
        try:
            return int(cls._places[value])
        except (KeyError, TypeError):
            shown = ", ".join(map(repr, cls.categories[:8])) + (", …" if len(cls.categories) > 8 else "")
            raise ValueError(
                f"{value!r} is none of the categories {shown}; arraykit.categorize(x) finds them"
            ) from None

    @classmethod
    def _from_python_(cls: Any, value: Any) -> Any:
        return cls(value)

    @property
    def value(self: Any) -> Any:
        """What the element stands for."""
        return self.categories[self.code]

    def _to_python_(self: Any) -> Any:
        return self.value

    def __repr__(self: Any) -> str:
        return repr(self.value)

    def __str__(self: Any) -> str:
        return str(self.value)

    def __hash__(self: Any) -> int:
        return hash(self.value)

    # ---- Arrow -------------------------------------------------------------------------------------------

    @classmethod
    def _to_arrow_(cls: Any, a: Any) -> Any:
        """Codes and a dictionary."""
        places = codes(a)
        values = ak.asarray([*cls.categories]) if cls.categories else ak.zeros(0, dtype="string")
        return Parts(
            str(arrow_format(places.dtype)), (places,), dictionary=values, flags=int(issubclass(cls, ordered))
        )

    # ---- beside other dtypes -----------------------------------------------------------------------------

    @classmethod
    def _common_(cls: Any, members: Any) -> Any:
        """All categories: those of the member that has most, then the others', each where it first stands."""
        by_size = sorted(members, key=lambda member: (-len(member.parameters), member.name))
        found = tuple(dict.fromkeys(value for member in by_size for value in member.parameters))
        in_order = all(
            [value for value in found if value in member._places] == list(member.parameters)
            for member in members
        )
        same_kind = len({type(value) for value in found}) == 1
        return cls[found] if same_kind and (in_order or not issubclass(cls, ordered)) else None

    @classmethod
    def _join_(cls: Any, dtypes: Any) -> Any:
        members = frozenset(d for d in dtypes if d.family is cls)
        if members == dtypes:
            return cls._common_(dtypes)
        if any(isinstance(d.family, type) and issubclass(d.family, categorical) for d in dtypes - members):
            return None
        try:
            return ak.join([*(dtypes - members), *map(_content, members)])
        except PromotionError:
            return None

    @classmethod
    def _with_weak_(cls: Any, scalar: type) -> Any:
        return ak.result_type(_content(cls), scalar)

    @classmethod
    def _cast_level_(cls: Any, given: Any, wanted: Any) -> str | None:
        if _is_member(given) and _is_member(wanted):
            return "exact" if set(given.parameters) <= set(wanted.parameters) else "unsafe"
        return ak_level(_content(given), wanted) if _is_member(given) else "unsafe"

    @classmethod
    def _cast_(cls: Any, given: Any, wanted: Any) -> Any:
        if issubclass(wanted, ak.dtypes.Boolean) and not issubclass(_content(given), ak.dtypes.Boolean):
            raise CastError(
                f"cannot cast {given.name} to {wanted.name}: categories are neither true nor false"
            )
        if _is_member(given) and _is_member(wanted):
            return recoded(given, wanted, map(wanted._places.get, given.parameters))
        if (
            _is_member(given)
            and wanted.name == "int64"
            and given.parameters
            and type(given.parameters[0]) is int
        ):
            return recoded(given, wanted, given.parameters)
        if _is_member(wanted):
            return ak.make_kernel("cast", f"{given.name} -> {wanted.name}", wanted)
        return None


class ordered(categorical):
    """Categories in their order, from the least: `ordered["low", "high"]`.

    >>> import arraykit as ak
    >>> a = ak.asarray(["high", "low"], dtype=ak.ordered["low", "high"])
    >>> ak.max(a), a < ak.ordered["low", "high"]("high")
    ('high', array([False,  True], dtype=bool_))
    """

    def __lt__(self: Any, other: Any) -> bool:
        return bool(self.code < other.code)


def _equal(self: Any, other: Any) -> Any:
    """Equal to what equals its value."""
    return self.value == (other.value if isinstance(other, categorical) else other)


# Not in the class's body: there an operator is only asked about items of the same dtype.
categorical.__eq__ = _equal  # type: ignore[method-assign]
categorical.__ne__ = lambda self, other: not _equal(self, other)  # type: ignore[method-assign]


def _is_member(dtype: Any) -> bool:
    return dtype.family is categorical or dtype.family is ordered


def _content(dtype: Any) -> Any:
    """The dtype that the values themselves have."""
    kind = type(dtype.parameters[0]) if dtype.parameters else str
    return ak.dtype("string" if kind is str else kind)


def ak_level(given: Any, wanted: Any) -> str:
    """How safe a cast is, by its level's name."""
    return next(
        level for level in ("exact", "safe", "same_kind", "unsafe") if ak.can_cast(given, wanted, level)
    )


# ---- kernels: those of the codes -------------------------------------------------------------------------


def _of_codes(name: str, signature: str, dtype: Any) -> Any:
    inputs = signature.partition("->")[0].count("T")
    code = dtype.fields["code"][0].name
    return ak.kernel_as(ak.find_kernel(name, *[code] * inputs), signature.replace("T", dtype.name), name)


def _register(names: str, signature: str, family: str) -> None:
    for name in names.split():

        def make(*dtypes: Any, name: str = name) -> Any:
            return _of_codes(name, signature, dtypes[0]) if len(set(dtypes)) == 1 else None

        ak.kernel(name, f"{signature} where T: {family}", maker=True)(make)


_register("equal not_equal", "T, T -> bool_", "categorical")
_register("less less_equal greater greater_equal", "T, T -> bool_", "ordered")
_register("minimum maximum", "T, T -> T", "ordered")
_register("min max", "T -> T", "ordered")
_register("sort", "T[n] -> T[n]", "categorical")
_register("argsort", "T[n] -> int64[n]", "categorical")
_register("argmin argmax", "T[n] -> int64", "ordered")


@ak.kernel("isin", "A, B -> bool_ where A: categorical, B: categorical", maker=True)
def _among(*dtypes: Any) -> Any:
    """Categories without an order are not searched for, but equal ones are found."""
    return ak.composition(_isin) if not any(issubclass(d, ordered) for d in dtypes) else None


def _isin(x1: Any, x2: Any, /, *, invert: bool = False) -> Any:
    x1, x2 = ak.asarray(x1), ak.asarray(x2)
    every = ak.concat((ak.reshape(x1, (-1,)), ak.reshape(x2, (-1,))))
    places = ak.unique_inverse(every).inverse_indices
    found = ak.isin(places[: x1.size], places[x1.size :], invert=invert)
    return ak.reshape(found, x1.shape) if x1.ndim else found[0]


# ---- from values, and to codes ---------------------------------------------------------------------------


def categorize(x: Any, /, *, order: bool = False) -> ak.Array:
    """The elements as categories: one for each distinct value, in ascending order.

    x       an array of texts, or of booleans, integers or floats without NaN; missing elements stay missing
    order   whether the categories can be compared, as those of `ordered`

    >>> import arraykit as ak
    >>> ak.categorize([30, 10, 30]).dtype.name
    'categorical[10, 30]'
    """
    x = ak.asarray(x)
    family: Any = ordered if order else categorical
    if x.dtype.family is ak.missing:
        there = ak.astype(x[ak.logical_not(ak.isna(x))], x.dtype.content)
        return ak.astype(x, ak.missing[family[tuple(ak.unique_values(there).tolist())]])
    return ak.astype(x, family[tuple(ak.unique_values(x).tolist())])


def codes(x: Any, /) -> ak.Array:
    """The places of the elements among their categories, as a view of the same memory.

    >>> import arraykit as ak
    >>> ak.codes(ak.categorize([30, 10, 30]))
    array([1, 0, 1], dtype=int8)
    """
    x = ak.asarray(x)
    if not _is_member(x.dtype):
        raise TypeError(
            f"codes: expected an array of categories, not {x.dtype.name}; arraykit.categorize(x) is one"
        )
    return ak.view_as(x, x.dtype.fields["code"][0])
