"""Laws of computing: operations element by element against their definitions, folds, and products.

Which operations take the dtype is read from its coverage, so a law holds of all that there are.
"""

from __future__ import annotations

import warnings
from functools import reduce
from itertools import product
from typing import Any

import arraykit as ak
from arraykit import making, operations
from arraykit.cases import named

from .table import Table, _covered, each, holds, raises

__all__ = ["ElementwiseLaws", "ProductLaws", "ReductionLaws"]


def _of_kind(kind: str, dtype: Any, state: Any = None) -> list[str]:
    covered = _covered(dtype)
    return [
        name
        for name, function in operations.table.items()
        if function.row.kind == kind and name in covered and (covered[name] != "none") is (state is not None)
    ]


# Their definitions speak of one dtype alone, Python's float.
_OF_ONE_DTYPE = ("nextafter",)


def _identities(items: tuple[Any, ...]) -> list[Any]:
    """NA for NA, and None for what could be compared with it."""
    return [ak.NA if x is ak.NA else None for x in items]


def _takes_ages(name: str, items: tuple[Any, ...]) -> bool:
    """Whether Python would compute a whole number of millions of digits."""
    return name == "pow" and all(isinstance(x, int) for x in items) and items[1] > 200


def _some(dtype: Any) -> list[Any]:
    """Two values of another operand's dtype, or one."""
    nothing = ak.zeros((1,), dtype=dtype)[0]
    try:
        return [nothing, dtype(1)]
    except (TypeError, ValueError):
        return [nothing]


class Computing(Table):
    """The operands of an operation, and what its definition makes of them."""

    def parameters(self) -> dict[str, list[Any]]:
        folds = [n for n in _of_kind("reduction", self.t, True) if self.has(operations.table[n].row.binary)]
        return {
            **super().parameters(),
            "operation": _of_kind("elementwise", self.t, True),
            "absent": [
                n for n in _of_kind("elementwise", self.t) if operations.table[n].row.module == "arraykit"
            ],
            "reduction": folds,
        }

    def operands(self, name: str, values: Any) -> list[Any]:
        """Vectors of all pairs (triples ...) of these values, one vector an operand."""
        row = operations.table[name].row
        terms, free = row.signature.inputs, row.signature.is_variable
        first = None if any(free(t.name) for t in terms) else terms[0].name
        pools = []
        for term in terms:
            if free(term.name) or term.name == first:
                pools.append((self.t, list(values)))
            else:
                other: Any = named(term.name)
                pools.append((other, _some(other)))
        chosen = list(product(*(pool for _, pool in pools)))[:400]
        return [ak.asarray(list(column), dtype=d) for (d, _), column in zip(pools, zip(*chosen))]

    def defined(self, name: str, items: tuple[Any, ...]) -> Any:
        """What the definition gives for items, as items of the result; None if it has nothing to say."""
        row = operations.table[name].row
        results = _covered(self.t).answers[name].results
        own = self.definitions.get(name)
        if own is None and ak.NA in _identities(items):
            return (ak.NA,) * row.nout if row.nulls == "propagate" else None
        if own is None and (name in _OF_ONE_DTYPE or _takes_ages(name, items)):
            return None
        function = own or making.on_plain_numbers(row.definition, [type(x) for x in items], results)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                found = function(*items)
            found = found if row.nout > 1 else (found,)
            return tuple(ak.asarray(value, dtype=d)[()] for value, d in zip(found, results))
        except (ArithmeticError, ValueError, TypeError, AttributeError):
            return None

    def call(self, name: str, arrays: list[Any]) -> tuple[Any, ...]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # division by zero, overflow: values tell
            found = operations.table[name](*arrays)
        return found if type(found) is tuple else (found,)

    def refuses(self, name: str, items: Any) -> bool:
        """Whether the operation refuses these items, as a value out of its domain; the error must name it."""
        try:
            self.call(name, list(items))
        except (ArithmeticError, ValueError) as error:
            holds(
                name in str(error) or self.t.name in str(error),
                f"{name}: a clear error",
                error=error,
                items=items,
            )
            return True
        return False


class ElementwiseLaws(Computing):
    """Every operation that takes the dtype gives what its definition says, in every layout and size."""

    def _called(self, name: str) -> tuple[list[Any], tuple[Any, ...]]:
        """All pairs of samples but those that the operation refuses, and its results."""
        arrays = self.operands(name, self.samples)
        try:
            return arrays, self.call(name, arrays)
        except (ArithmeticError, ValueError):
            taken = [i for i, items in enumerate(zip(*arrays)) if not self.refuses(name, items)]
            holds(taken, f"{name} refuses all samples", operands=arrays)
            arrays = [a[taken] for a in arrays]
            return arrays, self.call(name, arrays)

    def test_it_equals_its_definition(self, operation: str) -> None:
        arrays, results = self._called(operation)
        stated = _covered(self.t).answers[operation].results
        got = tuple(r.dtype for r in results)
        holds(got == stated, f"{operation}: the dtypes of its results", got=got, expected=stated)
        for i, items in enumerate(zip(*arrays)):
            expected = self.defined(operation, items)
            for got, value in zip((r[i] for r in results), expected or ()):
                holds(
                    self.close(got, value),
                    f"{operation}: its definition",
                    operands=items,
                    got=got,
                    expected=value,
                )

    def test_it_is_the_same_on_every_layout(self, operation: str) -> None:
        arrays, results = self._called(operation)
        few = [[a[:24] for a in group] for group in (arrays, results)]
        for law, view in LAYOUTS.items():
            for got, expected in zip(self.call(operation, [view(a) for a in few[0]]), few[1]):
                self.near(f"{operation}, {law}", got, view(expected))
        pairs = [(i, items) for i, items in enumerate(zip(*arrays)) if ak.NA not in _identities(items)]
        for i, items in pairs[:9]:
            for got, expected in zip(self.call(operation, list(items)), results):
                holds(
                    self.same(got, expected[i]),
                    f"{operation} of items",
                    operands=items,
                    got=got,
                    expected=expected[i],
                )
        self._same_when_big(operation, arrays, results)

    def test_it_writes_to_out_or_refuses(self, operation: str) -> None:
        arrays, results = self._called(operation)
        if len(results) == 1:
            out = ak.empty(results[0].shape, dtype=results[0].dtype)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                got = operations.table[operation](*arrays, out=out)
            holds(got is out, f"{operation}(..., out=out) is out")
            self.near(f"{operation}(..., out=out)", out[:24], results[0][:24])
        if len(arrays) > 1:
            bad = [ak.broadcast_to(arrays[0][:1], (5,)), *(ak.broadcast_to(a[:1], (4,)) for a in arrays[1:])]
            raises("shapes (5,) and (4,)", lambda: self.call(operation, bad), ValueError, naming=operation)

    def _same_when_big(self, operation: str, arrays: Any, results: Any) -> None:
        before = [[*a[:24]] for a in arrays]
        times = 2000 // len(arrays[0]) + 1
        for got, expected in zip(self.call(operation, [ak.tile(a, (times,)) for a in arrays]), results):
            for part in (got[: len(expected)], got[-len(expected) :]):
                self.near(f"{operation} of {times} times as many", part[:24], expected[:24])
        for a, items in zip(arrays, before):
            self.check(f"{operation}: an operand afterwards", a[:24], items)

    @each
    def test_what_does_not_take_it_says_so(self, absent: str) -> None:
        function = operations.table[absent]
        arrays = self.operands(absent, self.samples[:2])
        raises(absent, lambda: function(*arrays), TypeError, naming=(absent, self.t.name))

    def test_an_overlapping_out_is_right(self) -> None:
        name = next((n for n in ("add", "maximum", "where") if self.has(n)), "where")
        a = self.of_exact(12)
        other = [ak.asarray([True, False] * 5)] if name == "where" else []
        expected = self.call(name, [*other, a[2:].copy(), a[:-2].copy()])[0]
        memory = a.copy()
        if expected.dtype is memory.dtype:
            operations.table[name](*other, memory[2:], memory[:-2], out=memory[2:])
            self.check(f"{name} into its own operand", memory[2:], expected)


def _read_only(a: Any) -> Any:
    b = a.copy()
    b.readonly = True
    return b


def _spread(a: Any) -> Any:
    wide = ak.concat((a, a))
    wide[::2] = a
    return wide[::2]


LAYOUTS: dict[str, Any] = {
    "backwards": lambda a: a[::-1],
    "every third": lambda a: a[::3],
    "read-only": _read_only,
    "as a column": lambda a: a.reshape((len(a), 1)),
    "repeated rows": lambda a: ak.broadcast_to(a, (3, len(a))),
    "transposed": lambda a: ak.broadcast_to(a, (3, len(a))).T,
    "nothing": lambda a: a[:0],
    "spread": _spread,
}


class ReductionLaws(Computing):
    """Folds along any axis, of what a mask leaves, from any start."""

    def _fold(self, name: str, items: Any) -> Any:
        """By the operation that the reduction folds, in the dtype of its result."""
        row, result = operations.table[name].row, _covered(self.t).answers[name].results[0]
        items = [ak.astype(ak.asarray(x, dtype=self.t), result)[()] for x in items]
        own = self.definitions.get(name)
        return own(items) if own else reduce(operations.table[row.binary], items)

    def test_it_folds_its_operation(self, reduction: str) -> None:
        for n in (1, 2, 5, 12):
            a = self.of_exact(n)
            got, expected = operations.table[reduction](a), self._fold(reduction, a)
            holds(self.same(got, expected), f"{reduction} of {n}", operand=a, got=got, expected=expected)

    def test_it_runs_along_an_axis(self, reduction: str) -> None:
        function, a = operations.table[reduction], self.of_exact(24).reshape((2, 3, 4))
        for axis, moved in ((0, a.T), (1, ak.moveaxis(a, 1, -1)), (-1, a)):
            got = function(a, axis=axis)
            rows = (a.transpose((1, 2, 0)) if axis == 0 else moved).reshape((-1, a.shape[axis]))
            self.check(f"{reduction} along {axis}", got, [self._fold(reduction, row) for row in rows])
        self.check(f"{reduction} along two axes", function(a, axis=(0, 2)),
                   [self._fold(reduction, [*a[:, i].flat]) for i in range(3)])  # fmt: skip

    def test_it_keeps_dimensions(self, reduction: str) -> None:
        function, a = operations.table[reduction], self.of_exact(6).reshape((2, 3))
        got = function(a, axis=1, keepdims=True)
        holds(got.shape == (2, 1), f"{reduction}(keepdims=True)", shape=got.shape)
        self.check(f"{reduction}(keepdims=True)", got, function(a, axis=1))

    def test_it_skips_what_where_leaves_out(self, reduction: str) -> None:
        function, a = operations.table[reduction], self.of_exact(8)
        mask = [True, False, True, True, False, True, True, False]
        kept = [x for x, m in zip(a, mask) if m]
        start = {} if operations.table[reduction].row.identity is not None else {"initial": kept[0]}
        try:
            got = function(a, where=ak.asarray(mask), **start)
        except TypeError as error:
            holds("initial" in str(error), f"{reduction}(where=...)", error=error)
            return
        expected = self._fold(reduction, [*start.values(), *kept])
        holds(self.same(got, expected), f"{reduction}(where=...)", got=got, expected=expected)

    def test_of_nothing_it_is_its_identity_or_an_error(self, reduction: str) -> None:
        function, nothing = operations.table[reduction], self.of_exact(2)[:0]
        try:
            got = function(nothing)
        except (ValueError, TypeError) as error:
            holds(reduction in str(error), f"{reduction} of nothing: the error names the call", error=error)
            return
        if self.has(function.row.binary):
            x = self.of_exact(1)
            both = operations.table[function.row.binary](got, ak.astype(x, got.dtype)[0])
            holds(self.same(both, function(x)), f"{reduction} of nothing is neutral", got=got, operand=x)

    def test_it_is_the_same_on_every_layout(self, reduction: str) -> None:
        function, a = operations.table[reduction], self.of_exact(24)
        for law, view in {"backwards": a[::-1], "every third": a[::3], "a matrix": a.reshape((4, 6)),
                          "transposed": a.reshape((4, 6)).T, "read-only": _read_only(a)}.items():  # fmt: skip
            got, expected = function(view), self._fold(reduction, [*view.flat])
            holds(self.same(got, expected), f"{reduction}, {law}", got=got, expected=expected)

    def test_an_axis_that_is_not_there_is_refused(self, reduction: str) -> None:
        function, a = operations.table[reduction], self.of_exact(4)
        raises(f"{reduction}(axis=3)", lambda: function(a, axis=3), ValueError, IndexError, naming=reduction)

    def test_a_running_fold_ends_in_the_whole_one(self) -> None:
        for name, whole in (("cumulative_sum", "sum"), ("cumulative_prod", "prod")):
            if self.has(name, whole):
                a = self.of_exact(5)
                got = operations.table[name](a)
                expected = [operations.table[whole](a[: i + 1]) for i in range(5)]
                self.check(name, got, expected)

    def test_the_mean_is_the_sum_over_the_count(self) -> None:
        if self.has("mean", "sum", "divide") and not self._plain_integer():
            a = self.of_exact(4)
            got, expected = ak.mean(a), ak.divide(ak.sum(a), 4)
            holds(self.close(got, expected), "mean", got=got, expected=expected)

    def _plain_integer(self) -> bool:
        return issubclass(self.t, ak.dtypes.Integral | ak.dtypes.Boolean)


class ProductLaws(Computing):
    """Products of vectors and matrices are sums of products of elements."""

    def _dot(self, xs: Any, ys: Any) -> Any:
        terms = [ak.multiply(x, y) for x, y in zip(xs, ys)]
        return reduce(ak.add, terms)

    def test_dot_is_the_sum_of_products(self) -> None:
        if self.has("dot", "add", "multiply"):
            for n in (1, 3, 8):
                a, b = self.of_exact(n), self.of_exact(n)[::-1]
                for got in (ak.dot(a, b), ak.vecdot(ak.conj(a) if self.has("conj") else a, b)):
                    holds(self.same(got, self._dot(a, b)), f"dot of {n}", a=a, b=b, got=got)

    def test_matmul_is_rows_times_columns(self) -> None:
        if self.has("matmul", "add", "multiply"):
            a, b = self.of_exact(6).reshape((2, 3)), self.of_exact(12).reshape((3, 4))
            expected = [self._dot(row, column) for row in a for column in b.T]
            got = ak.matmul(a, b)
            holds(got.shape == (2, 4), "the shape of a product", shape=got.shape)
            self.check("matmul", got, expected)
            self.check("a @ b", a @ b, expected)
            turned = [self._dot(column, row) for column in b.T for row in a]  # factors need not commute
            self.check("matmul of transposed views", ak.matmul(b.T, a.T), turned)

    def test_matrices_times_vectors(self) -> None:
        if self.has("matvec", "vecmat", "add", "multiply"):
            a, x = self.of_exact(6).reshape((2, 3)), self.of_exact(3)
            self.check("matvec", ak.matvec(a, x), [self._dot(row, x) for row in a])

    def test_lengths_that_do_not_fit_are_refused(self) -> None:
        if self.has("dot"):
            a = self.of_exact(4)
            raises("dot of 4 and 3", lambda: ak.dot(a, a[:3]), ValueError, naming="dot")

    def test_a_product_that_is_not_there_says_so(self) -> None:
        if not self.has("dot"):
            a = self.sample(3)
            raises("dot", lambda: ak.dot(a, a), TypeError, naming=("dot", self.t.name))
