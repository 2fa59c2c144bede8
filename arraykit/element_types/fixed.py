"""Small static arrays as elements: `fixed[float64, 3]` for points, `fixed[float32, 4, 4]` for matrices.

Elements lie as n components one after the other, so operations run the loops of the components' dtype over all
of them at once; nothing is computed here.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator
from math import prod
from typing import Any as Anything

import arraykit as ak
from arraykit.dtypes import Any, Boolean, Numeric, Parametrised

__all__ = ["fixed"]

MOST = 1024  # components of an element


class fixed(Parametrised, Any):
    """Elements that are arrays of one small shape: `fixed[float64, 3]`, as text `fixed[float64, 3]`.

    >>> import arraykit as ak
    >>> points = ak.from_components([[1.0, 2.0, 2.0], [0.0, 3.0, 4.0]])
    >>> points[0] * 2, points[0] @ points[1]
    ([2.0, 4.0, 4.0], 14.0)
    """

    _dimensions_: tuple[int, ...] | None = None

    def __new__(cls: Anything, values: Anything) -> Anything:
        if type(values) is cls:
            return values
        content, shape = cls.parameters[0], cls._dimensions_
        given = ak.components(values) if _shape_of(values) else ak.asarray(values)
        if given.shape == ():
            return super().__new__(cls, *(values,) * prod(shape))
        if given.shape != shape:
            raise ValueError(f"{cls.name}: expected {shape} components, not {given.shape}: {values!r}")
        return super().__new__(cls, *ak.reshape(ak.astype(given, content), (-1,)))

    # ---- the family ------------------------------------------------------------------------------------

    @classmethod
    def _parameters_(cls, *given: Anything) -> tuple[Anything, ...]:
        if len(given) < 2:
            raise TypeError("fixed takes a dtype and at least one length, as fixed[float64, 3]")
        content = ak.dtype(given[0])
        if getattr(content, "_dimensions_", None):
            inner = content.parameters
            return cls._parameters_(inner[0], *given[1:], *inner[1:])
        if not issubclass(content, (Numeric, Boolean)) or content._beside:
            raise TypeError(f"components are plain numbers or truth values, not {content.name}")
        try:
            shape = tuple(map(operator.index, given[1:]))
        except TypeError:
            raise TypeError(f"lengths are whole numbers, not {given[1:]!r}") from None
        if min(shape) < 1 or prod(shape) > MOST:
            raise ValueError(f"an element has from 1 to {MOST} components, not {' * '.join(map(str, shape))}")
        return (content, *shape)

    @classmethod
    def _declare_(cls: Anything, name: str, *parameters: Anything) -> Anything:
        content, *shape = parameters
        storage = {f"component{i}": content for i in range(prod(shape))}
        space = {"_dimensions_": tuple(shape)}
        return cls.declare(name, parameters, storage=storage, namespace=space, zero_is_valid=True)

    @classmethod
    def _common_(cls: Anything, members: frozenset[Anything]) -> Anything:
        """The same shape of the components' join; none of different shapes."""
        shapes = {d._dimensions_ for d in members}
        return cls[(ak.join(d.parameters[0] for d in members), *shapes.pop())] if len(shapes) == 1 else None

    @classmethod
    def _with_weak_(cls: Anything, scalar: type) -> Anything:
        return fixed[(ak.result_type(cls.parameters[0], scalar), *cls._dimensions_)]  # type: ignore[misc]

    @classmethod
    def _cast_level_(cls, given: Anything, wanted: Anything) -> str | None:
        if _shape_of(given) != _shape_of(wanted):
            return "unsafe"
        contents = given.parameters[0], wanted.parameters[0]
        return next(level for level in LEVELS if ak.can_cast(*contents, level))

    @classmethod
    def _cast_(cls, given: Anything, wanted: Anything) -> Anything:
        """An element is true if a component is."""
        if not issubclass(wanted, Boolean):
            return None
        return ak.make_kernel("cast", f"{given.name} -> {wanted.name}", bool)

    @classmethod
    def _from_python_(cls: Anything, value: Anything) -> Anything:
        """Nested sequences of the element's shape; a number stands for all components."""
        numbers = isinstance(value, (int, float, complex))
        return cls(value) if numbers or isinstance(value, (tuple, list)) else NotImplemented

    # ---- items -----------------------------------------------------------------------------------------

    @property
    def values(self) -> Anything:
        """The components, an Array of the element's shape of its own."""
        return ak.components(self)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, key: Anything) -> Anything:
        return self.values[key]

    def __iter__(self) -> Iterator[Anything]:
        return iter(self.values)

    def __matmul__(self, other: Anything) -> Anything:
        product = ak.matmul(self.values, other.values)
        return ak.from_components(product, product.ndim)[()] if isinstance(product, ak.Array) else product

    def __eq__(self, other: Anything) -> Anything:
        if _shape_of(other) != _shape_of(self):
            return NotImplemented
        return bool(ak.all(ak.equal(self.values, other.values)))

    def __bool__(self) -> bool:
        return bool(ak.any(self.values))

    def __hash__(self) -> int:
        return hash(tuple(ak.reshape(self.values, (-1,))))

    def __repr__(self) -> str:
        return repr(self.values.tolist())

    def __reduce__(self) -> Anything:
        return type(self), (self.values.tolist(),)

    def _to_python_(self) -> Anything:
        return self.values.tolist()


LEVELS = ("exact", "safe", "same_kind", "unsafe")


def _shape_of(x: Anything) -> tuple[int, ...]:
    """The shape of the elements of a dtype, array or item of this family; () for others."""
    return getattr(x if isinstance(x, ak.DType) else getattr(x, "dtype", None), "_dimensions_", None) or ()


# ---- operations ------------------------------------------------------------------------------------------

UNARY = """abs negative positive square sqrt cbrt exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh
tanh floor ceil trunc round sign conj reciprocal isfinite isinf isnan""".split()
BINARY = (
    "add subtract multiply divide floor_divide remainder pow maximum minimum hypot atan2 copysign".split()
)
FOLDS = {"sum": "add", "prod": "multiply", "max": "maximum", "min": "minimum", "mean": ""}


def _spread(x: Anything, ndim: int) -> Anything:
    """Components of an operand; a scalar one gets dimensions to be repeated along them."""
    if _shape_of(x):
        return ak.components(x)
    return ak.reshape(x, x.shape + (1,) * ndim) if isinstance(x, ak.Array) else x


def _into(result: Anything, ndim: int, out: Anything) -> Anything:
    """Components as elements again: an item if there is one alone."""
    made = ak.from_components(result, ndim) if ndim else result
    if out is not None:
        out[...] = made
        return out
    return made[()] if isinstance(made, ak.Array) and made.ndim == 0 else made


def _content(name: str, dtype: Anything, operands: Iterable[Anything]) -> Anything:
    """What components are computed in, for a result of `dtype`."""
    shape = next(shape for x in operands if (shape := _shape_of(x)))
    dtype = dtype.content or dtype
    if _shape_of(dtype) != shape:
        numbers = ", ".join(map(str, shape))
        raise TypeError(f"{name}: expected a dtype fixed[T, {numbers}], as of the elements, not {dtype.name}")
    return dtype.parameters[0]


def _elementwise(name: str) -> Anything:
    def compute(*operands: Anything, out: Anything = None, dtype: Anything = None) -> Anything:
        ndim = max(len(_shape_of(x)) for x in operands)
        parts = [_spread(x, ndim) for x in operands]
        keywords = {} if dtype is None else {"dtype": _content(name, dtype, operands)}
        return _into(getattr(ak, name)(*parts, **keywords), ndim, out)

    return compute


def _comparison(name: str, join: str) -> Anything:
    """Elements are equal if all components are."""

    def compute(x: Anything, y: Anything, /, *, out: Anything = None, dtype: Anything = None) -> Anything:
        ndim = len(_shape_of(x))
        compared = getattr(ak, name)(ak.components(x), ak.components(y))
        return _into(getattr(ak, join)(compared, axis=tuple(range(-ndim, 0))), 0, out)

    return compute


def _fold(name: str) -> Anything:
    """Along the axes of the array, component by component."""

    def compute(
        x: Anything, /, *, axis: Anything = None, out: Anything = None, **keywords: Anything
    ) -> Anything:
        if x.dtype.content is not None:  # a mean of what may be missing: sum and division know what is
            return ak.mean.row.definition(x, axis=axis, out=out, **keywords)
        ndim = len(_shape_of(x))
        axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        axes = tuple(a if a >= 0 else a - ndim for a in axes)
        if keywords.get("dtype") is not None:
            keywords["dtype"] = _content(name, keywords["dtype"], [x])
        if keywords.get("where") is not None:
            keywords["where"] = _spread(ak.asarray(keywords["where"]), ndim)
        parts, start = ak.components(x), keywords.get("initial")
        if not _shape_of(start):
            return _into(getattr(ak, name)(parts, axis=axes, **keywords) if axes else parts, ndim, out)
        keywords["initial"], start = None, ak.components(start)
        where = keywords.pop("where", None)
        parts = parts if where is None else ak.where(where, parts, start)
        combine = getattr(ak, FOLDS[name])
        return _into(combine(getattr(ak, name)(parts, axis=axes, **keywords), start), ndim, out)

    return compute


def _maker(operation: str, signature: str, function: Anything, ndim: int | None = None) -> None:
    """Registers a function of whole operands; the results are components, or with `ndim` 0 plain."""

    @ak.kernel(operation, signature, maker=True)
    def make(*dtypes: Anything) -> Anything:
        shapes = {_shape_of(d) for d in dtypes} - {()}
        if len(shapes) != 1:
            return None
        contents = [d.parameters[0] if _shape_of(d) else d for d in dtypes]
        result = getattr(ak, operation)(*(ak.ones(1, dtype=d) for d in contents)).dtype
        return ak.composition(function, result if ndim == 0 else fixed[(result, *shapes.pop())])  # type: ignore[misc]


for _name in UNARY:
    if hasattr(ak, _name):
        _maker(_name, "A -> A where A: fixed", _elementwise(_name))
for _name in BINARY:
    if hasattr(ak, _name):
        _maker(_name, "A, B -> A where A: fixed, B: fixed", _elementwise(_name))
        _maker(_name, "A, B -> A where A: fixed, B: Numeric", _elementwise(_name))
        _maker(_name, "A, B -> B where A: Numeric, B: fixed", _elementwise(_name))
for _name in FOLDS:
    _maker(_name, "A -> A where A: fixed", _fold(_name))
_maker("equal", "A, B -> bool_ where A: fixed, B: fixed", _comparison("equal", "all"), 0)
_maker("not_equal", "A, B -> bool_ where A: fixed, B: fixed", _comparison("not_equal", "any"), 0)
