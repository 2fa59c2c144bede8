"""Truth values of elements that are no numbers are Python's, and where there are none the error says so."""

import arraykit as ak
import pytest

BYTES = [b"a", b"", b"0"]
TRUE = {"string": ["a", "", "False"], "bytes": BYTES, "bytes[3]": BYTES, "bigint": [2**70, 0, 1]}


@pytest.mark.parametrize("dtype", TRUE)
def test_truth_is_pythons(dtype):
    values = TRUE[dtype]
    a, truths = ak.asarray(values, dtype=dtype), list(map(bool, values))
    assert ak.count_nonzero(a) == sum(truths) and ak.logical_not(a).tolist() == [not t for t in truths]
    assert (ak.any(a), ak.all(a), ak.all(a[::2])) == (True, False, True)
    assert ak.logical_and(a, a[::-1]).tolist() == [x and y for x, y in zip(truths, truths[::-1], strict=True)]
    maybe = ak.concat((a[1:2], ak.full((1,), ak.NA, dtype=f"?{dtype}")))
    assert (ak.any(maybe) is ak.NA and ak.all(maybe) is False) or not ak.all(maybe)
    assert ak.any(ak.concat((a, maybe))) and ak.count_nonzero(maybe) is ak.NA


@pytest.mark.parametrize("dtype", ['datetime64["s"]', "date", 'unit[float64, "m"]', "{x: int8}", "list[int8]",
                                   'categorical["a", "b"]', "?date"])  # fmt: skip
def test_what_is_neither_true_nor_false_is_not_counted(dtype):
    a = ak.zeros((2,), dtype=dtype)
    with pytest.raises(ak.errors.NoKernelError, match=r"count_nonzero\(.*neither true nor false.*x != y"):
        ak.count_nonzero(a)
    assert ak.coverage(dtype)["count_nonzero"] == "none"


@pytest.mark.parametrize("dtype", ["decimal[6, 2]", "rational", "float128", "bigint", "bfloat16"])
def test_divmod_is_floor_division_and_the_remainder(dtype):
    a, b = (ak.asarray(v, dtype=dtype) for v in ([7, -7, 5], [2, 2, -3]))
    expected = ak.floor_divide(a, b), ak.remainder(a, b)
    assert [x.tolist() for x in divmod(a, b)] == [x.tolist() for x in expected]
    assert divmod(a[0], b[0]) == (expected[0][0], expected[1][0]) == divmod(a[0], 2)
    assert ak.divmod([a[0]], b[:1])[1].tolist() == expected[1][:1].tolist()
    with pytest.raises(ak.errors.ShapeError, match="divmod: shapes"):
        divmod(a, b[:2])
    out = ak.empty_like(expected[0]), ak.empty_like(expected[1])
    assert ak.divmod(a, b, out=out)[1] is out[1] and out[0].tolist() == expected[0].tolist()
    maybe = ak.astype(a, f"?{dtype}")
    maybe[0] = ak.NA
    quotient, rest = ak.divmod(maybe, b)
    assert quotient[0] is rest[0] is ak.NA and quotient[1:].tolist() == expected[0][1:].tolist()


def test_numbers_with_a_unit_keep_it_where_only_the_sign_or_the_last_bit_changes():
    u = ak.asarray([1.0, -2.0], dtype='unit[float64, "m/s"]')
    assert ak.copysign(u, -u).tolist() == (-u).tolist() and ak.imag(u).dtype is u.dtype
    assert ak.nextafter(u, u * 2)[0].value > 1
    one = ak.asarray([0.5, 0.0], dtype='unit[float64, ""]')
    assert ak.count_nonzero(one) == 1 and ak.logical_not(one).tolist() == [False, True]
    assert ak.cumulative_prod(one + 1).tolist() == [1.5, 1.5]


def test_clip_without_bounds_copies_whatever_it_is():
    for a in (ak.asarray(["b", "a"]), ak.asarray([True]), ak.zeros((2,), dtype="date")):
        assert ak.clip(a) is not a and ak.clip(a).tolist() == a.tolist()
    b = ak.asarray([b"a", b"cc"], dtype="bytes[2]")
    assert ak.clip(b, b"b", b"c").tolist() == [b"b", b"c"] and ak.maximum(b, b[::-1]).dtype is b.dtype
    assert ak.diff(ak.asarray([True, False, False])).tolist() == [True, False]


class half(ak.dtypes.Numeric, storage={"n": "int32", "d": "int32"}, embeds=["int8"]):
    """A fraction that is left as it is, so that 0/1 and 0/2 are other bytes of one value."""

    def __new__(cls, n, d=1):
        return super().__new__(cls, n, d)

    def __eq__(self, other):
        return self.n * other.d == self.d * other.n

    __hash__ = ak.dtypes.Numeric.__hash__

    def __float__(self):
        return self.n / self.d


class lid(ak.dtypes.Any, name="lid", storage={"angle": "float64"}):
    """No number, but open or shut."""

    def __bool__(self):
        return bool(self.angle > 5)


class mark(ak.dtypes.Numeric, name="mark", storage={"place": "int32"}):
    """A number that no other number is one of, and so without a zero."""

    def __float__(self):
        return float(self.place)


@pytest.mark.parametrize(
    ("items", "truths"),
    [([half(0, 2), half(1, 2), half(0)], [False, True, False]), ([lid(5), lid(6)], [False, True])],
)
def test_items_of_a_declared_dtype_are_true_as_their_class_says_or_by_its_zero(items, truths):
    a = ak.asarray(items)
    assert list(map(bool, items)) == ak.astype(a, bool).tolist() == truths
    assert ak.asarray(items, dtype=bool).tolist() == truths
    assert (ak.any(a), ak.all(a), ak.any(a[:1]), ak.count_nonzero(a)) == (True, False, False, sum(truths))
    assert ak.logical_not(a).tolist() == [not truth for truth in truths]
    assert ak.logical_or(a, False).tolist() == ak.logical_and(a, a).tolist() == truths
    assert {ak.coverage(a.dtype)[name] for name in ("any", "all", "logical_xor", "count_nonzero")} == {
        "definition"
    }
    maybe = ak.asarray([ak.NA, *items])
    assert ak.any(maybe) and ak.all(ak.asarray([ak.NA, items[truths.index(False)]])) == False  # noqa: E712
    assert ak.logical_not(maybe).tolist() == [ak.NA, *(not truth for truth in truths)]


def test_a_class_that_says_what_is_equal_says_what_is_not():
    a = ak.asarray([half(0, 2), half(1, 2), half(2, 2)])
    assert not half(0, 2) != half(0, 5) and half(1, 2) != half(0, 5) and half(1, 2) != "text"  # noqa: SIM202
    assert (a != half(0)).tolist() == [False, True, True] == ak.not_equal(half(0), a).tolist()
    assert (a == 1).tolist() == [False, False, True] and (a != 1).tolist() == [True, True, False]
    assert half(2, 2) != 0 and not half(2, 2) != 1  # noqa: SIM202


def test_numbers_without_a_zero_are_neither_true_nor_false():
    a = ak.asarray([mark(0), mark(1)])
    for call in (ak.any, ak.all, ak.logical_not, ak.count_nonzero, lambda x: ak.astype(x, bool)):
        with pytest.raises(TypeError, match="mark"):
            call(a)
    names = ("any", "all", "logical_and", "logical_or", "logical_xor", "logical_not", "count_nonzero")
    assert {ak.coverage(mark)[name] for name in names} == {"none"}
    assert bool(mark(0))  # as any object


def test_small_arrays_of_components_are_true_where_one_is():
    a = ak.asarray([[0.0, -0.0], [0.0, 2.0]], dtype="float64")
    pairs = ak.from_components(a, 1)
    assert ak.any(pairs) and not ak.all(pairs) and ak.logical_not(pairs).tolist() == [True, False]


def test_numbers_of_c_keep_their_own_truth():
    for dtype in ("bool_", "int8", "uint64", "bfloat16", "float64", "complex128", "int4", "float8_e5m2"):
        assert ak.dtype(dtype).__bool__ in (int.__bool__, float.__bool__, complex.__bool__)
