"""Patterns of types: what fits one, what variables then stand for, and which of two says more.

The tables state facts that DyND's and ndtypes' tests agree on where their syntax means the same.
"""

import arraykit as ak
import numpy as np
import pytest
from arraykit.dtypes import Any, Integral, Real, dtype, match, parse
from arraykit.dtypes.text.matching import covers, substitute
from hypothesis import given
from hypothesis import strategies as st
from type_texts import sample

assert sample  # declared by being imported

# (pattern, type) → what the variables stand for, types as text
FITS = {
    ("int32", "int32"): {},
    ("T", "int32"): {"T": "int32"},
    ("T", "?int32"): {"T": "?int32"},
    ("?T", "?int32"): {"T": "int32"},
    ("?Integral", "?int8"): {},
    ("Any", "float64"): {},
    ("Integral", "uint8"): {},
    ("A... * int32", "int32"): {"A": ()},
    ("A... * T", "int32"): {"A": (), "T": "int32"},
    ("A... * 4 * T", "4 * int32"): {"A": (), "T": "int32"},
    ("3 * A... * T", "3 * int32"): {"A": (), "T": "int32"},
    ("A... * 2 * int16", "5 * var * 2 * int16"): {"A": (5, "var")},
    ("... * Any", "10 * 20 * 30 * int64"): {},
    ("... * 30 * Any", "10 * 2 * 30 * int64"): {},
    ("... * 20 * N * Any", "10 * 10 * 20 * 100 * int64"): {"N": 100},
    ("... * N * 10 * Any", "10 * 10 * int64"): {"N": 10},
    ("... * N * N * Any", "10 * 2 * 2 * int64"): {"N": 2},
    ("2395344366 * Any", "2395344366 * int64"): {},
    ("N * 10 * 2395344366 * Any", "10 * 10 * 2395344366 * float64"): {"N": 10},
    ("N * M * T", "10 * 10 * int8"): {"N": 10, "M": 10, "T": "int8"},
    ("10 * Integral", "10 * int32"): {},
    ("10 * Complex", "10 * complex64"): {},
    ("var * T", "var * int8"): {"T": "int8"},
    ("3 * var * T", "3 * var * int8"): {"T": "int8"},
    ("() -> float32", "() -> float32"): {},
    ("() -> T", "() -> float32"): {"T": "float32"},
    ("(T) -> T", "(float32) -> float32"): {"T": "float32"},
    ("(S) -> T", "(int32) -> float32"): {"S": "int32", "T": "float32"},
    ("(S, A... * 2 * int16) -> T", "(int32, 5 * var * 2 * int16) -> float32"): {
        "S": "int32", "A": (5, "var"), "T": "float32",
    },
    ("sample", "sample[1]"): {},
    ("sample[N]", "sample[1]"): {"N": 1},
    ("sample[T, N]", "sample[int8, 3]"): {"T": "int8", "N": 3},
    ("sample[T, N...]", "sample[int8, 3, 4]"): {"T": "int8", "N": (3, 4)},
    ("sample[...]", 'sample["a", "b"]'): {},
    ("sample[T, 3]", "sample[int8, 3]"): {"T": "int8"},
    ("sample[N, N]", "sample[3, 3]"): {"N": 3},
    ("sample[sample[T]]", "sample[sample[?int8]]"): {"T": "?int8"},
    ("sample[[A, B]]", "sample[[1, 2]]"): {"A": 1, "B": 2},
    ("{x: T, y: T}", "{x: int32, y: int32}"): {"T": "int32"},
    ("{x: T, y: S}", "{x: int32, y: ?string}"): {"T": "int32", "S": "?string"},
    ("N * {x: T}", "3 * {x: float64}"): {"N": 3, "T": "float64"},
    ("{x: {y: T}}", "{x: {y: int8}}"): {"T": "int8"},
    ("list[T]", "list[list[int8]]"): {"T": "list[int8]"},
    ("list[?T]", "list[?int8]"): {"T": "int8"},
    ("fixed[T, N]", "fixed[float64, 3]"): {"T": "float64", "N": 3},
    ("fixed[T, N, N]", "fixed[float64, 3, 3]"): {"T": "float64", "N": 3},
    ("missing[T]", "?int8"): {"T": "int8"},
    ("decimal[P, S]", "decimal[18, 4]"): {"P": 18, "S": 4},
    ("datetime64[...]", 'datetime64["ns"]'): {},
    ("categorical[...]", 'categorical["a", "b"]'): {},
    ("unit[T, ...]", 'unit[float64, "m"]'): {"T": "float64"},
    ("bytes[N]", "bytes[16]"): {"N": 16},
    ("Text", "string"): {},
    ("Real", "bigint"): {},
    ("Rational", "rational"): {},
    ("Floating", "decimal[4, 2]"): {},
    ("Temporal", "date"): {},
    ("Wrapping", 'unit[float64, "m"]'): {},
    ("Record", "{x: int8}"): {},
    ("?Any", "?float64"): {},
    ("Numeric", "complex64"): {},
    ("N * N * ?T", "2 * 2 * ?int8"): {"N": 2, "T": "int8"},
    ("var * var * T", "var * var * int8"): {"T": "int8"},
    ("... * var * T", "3 * var * int8"): {"T": "int8"},
    ("N * var * ?T", "3 * var * ?float64"): {"N": 3, "T": "float64"},
    ("... * T", "int8"): {"T": "int8"},
    ("... * N * T", "5 * int8"): {"N": 5, "T": "int8"},
    ("3 * ... * 5 * T", "3 * 5 * int8"): {"T": "int8"},
    ("3 * ... * 5 * T", "3 * 4 * var * 5 * int8"): {"T": "int8"},
    ("A... * N * N * T", "7 * 2 * 2 * int8"): {"A": (7,), "N": 2, "T": "int8"},
    ("(N * T, N * T) -> T", "(3 * int8, 3 * int8) -> int8"): {"N": 3, "T": "int8"},
    ("(M * N * T, N * P * T) -> M * P * T", "(2 * 3 * float64, 3 * 4 * float64) -> 2 * 4 * float64"): {
        "M": 2, "N": 3, "P": 4, "T": "float64",
    },
    ("(A... * T, A... * T) -> A... * T", "(3 * 4 * int8, 3 * 4 * int8) -> 3 * 4 * int8"): {
        "A": (3, 4), "T": "int8",
    },
    ("(A... * N * T) -> A... * T", "(2 * 3 * 4 * int8) -> 2 * 3 * int8"): {"A": (2, 3), "N": 4, "T": "int8"},
    ("(S, T) -> S", "(?int8, {x: int8}) -> ?int8"): {"S": "?int8", "T": "{x: int8}"},
    ("(list[T]) -> T", "(list[int8]) -> int8"): {"T": "int8"},
}  # fmt: skip

ABSTRACT = (
    "Any", "Integral", "Complex", "Text", "Real", "Rational", "Floating", "Temporal", "Wrapping", "Record", "Numeric"
)  # fmt: skip

DOES_NOT_FIT = [
    ("int64", "int32"),
    ("T", "3 * int32"),
    ("A... * int32", "int16"),
    ("A... * 3 * T", "4 * int32"),
    ("... * N * 20 * Any", "10 * 10 * int64"),
    ("N * M * N * Any", "10 * 10 * 2395344366 * complex128"),
    ("N * N * T", "3 * 4 * int8"),
    ("N * T", "3 * 4 * int8"),
    ("N * T", "int8"),
    ("10 * N * Any", "100 * 10 * complex64"),
    ("10 * Any", "var * int64"),
    ("var * int64", "10 * int64"),
    ("N * int64", "var * int64"),
    ("?int8", "int8"),
    ("int8", "?int8"),
    ("?Integral", "?float32"),
    ("?int16", "?uint16"),
    ("complex128", "complex64"),
    ("Integral", "float64"),
    ("?Integral", "?T"),
    ("int8", "T"),
    ("N * M * T", "... * 10 * int8"),
    ("() -> T", "(int32) -> float32"),
    ("(T) -> T", "() -> float32"),
    ("(T) -> T", "(int32) -> float32"),
    ("(S, M * 2 * int16) -> T", "(int32, 5 * var * 2 * int16) -> float32"),
    ("T", "() -> int8"),
    ("sample[N, N]", "sample[3, 4]"),
    ("sample[1]", "sample[True]"),
    ("sample[1]", "sample[1.0]"),
    ("sample[N]", "sample[1, 2]"),
    ("sample[N]", "int8"),
    ("sample[1, ..., 3]", "sample[1]"),
    ("sample[[A, A]]", "sample[[1, 2]]"),
    ("{x: T, y: T}", "{x: int32, y: int64}"),
    ("{x: T, y: T}", "{y: int32, x: int32}"),
    ("{x: T}", "{x: int32, y: int32}"),
    ("{x: T}", "int32"),
    ("list[T]", "3 * int8"),
    ("list[T]", "var * int8"),
    ("list[Integral]", "list[float64]"),
    ("list[?T]", "list[int8]"),
    ("fixed[T, N, N]", "fixed[float64, 3, 4]"),
    ("fixed[T, N]", "fixed[float64, 3, 3]"),
    ("fixed[T, N]", "3 * float64"),
    ("decimal[P, P]", "decimal[18, 4]"),
    ("missing[T]", "int8"),
    ('datetime64["s"]', 'datetime64["ns"]'),
    ('unit[T, "s"]', 'unit[float64, "m"]'),
    ("bytes[N]", "bytes"),
    ("Text", "bytes"),
    ("Rational", "float64"),
    ("Binary", "decimal[4, 2]"),
    ("Record", "int8"),
    ("Complex", "float64"),
    ("Boolean", "int8"),
    ("SignedInteger", "uint8"),
    ("UnsignedInteger", "int8"),
    ("?T", "{x: ?int8}"),
    ("N * N * T", "2 * var * int8"),
    ("var * T", "var * var * int8"),
    ("... * var * T", "var * 3 * int8"),
    ("3 * ... * 5 * T", "3 * int8"),
    ("3 * ... * 5 * T", "5 * 3 * int8"),
    ("A... * N * N * T", "7 * 2 * 3 * int8"),
    ("A... * N * N * T", "2 * int8"),
    ("(N * T, N * T) -> T", "(3 * int8, 4 * int8) -> int8"),
    ("(N * T, N * T) -> T", "(3 * int8, 3 * int16) -> int8"),
    ("(A... * T, A... * T) -> A... * T", "(3 * 4 * int8, 4 * int8) -> 3 * 4 * int8"),
    ("(M * N * T, N * P * T) -> M * P * T", "(2 * 3 * int8, 4 * 5 * int8) -> 2 * 5 * int8"),
    ("(A... * N * T) -> A... * T", "(2 * 3 * int8) -> 3 * int8"),
    ("(list[T]) -> T", "(list[int8]) -> int16"),
    ("(T, T) -> T", "(?int8, int8) -> ?int8"),
]


def as_text(bound):
    return {
        name: tuple(length if isinstance(length, int) else str(length) for length in value)
        if isinstance(value, tuple)
        else value if isinstance(value, int) else str(value)
        for name, value in bound.items()
    }  # fmt: skip


@pytest.mark.parametrize(("pattern", "given"), FITS)
def test_it_fits_and_variables_stand_for(pattern, given):
    assert as_text(match(pattern, given)) == FITS[pattern, given]


@pytest.mark.parametrize(("pattern", "given"), FITS)
def test_a_pattern_with_its_variables_replaced_is_what_fitted(pattern, given):
    bound = match(pattern, given)
    replaced = substitute(parse(pattern), bound)
    assert match(replaced, given) is not None
    if "..." not in str(replaced) and not any(word in pattern for word in ABSTRACT):
        assert replaced is parse(given) or pattern == "sample"


@pytest.mark.parametrize(("pattern", "given"), DOES_NOT_FIT)
def test_it_does_not_fit(pattern, given):
    assert match(pattern, given) is None


def test_arrays_are_matched_by_shape_and_dtype():
    assert match("N * N * T", ak.ones((2, 2))) == {"N": 2, "T": ak.float64}
    assert match("N * float64", np.zeros(3)) == {"N": 3}
    assert match("T", ak.asarray(3.0)) == {"T": ak.float64}
    assert match("N * N * T", ak.ones((2, 3))) is None


@pytest.mark.parametrize("given", [3, None, object(), [1, 2]])
def test_what_has_no_type_is_refused(given):
    with pytest.raises(TypeError, match="match: expected a type, its text or an array"):
        match("T", given)


@given(st.sampled_from(sorted({t for _, t in FITS})), st.sampled_from(sorted({p for p, _ in FITS})))
def test_every_type_fits_itself_and_what_covers_a_pattern_that_it_fits(given, pattern):
    assert match(given, given) is not None
    for wider in ("T", "... * T", "... * Any", "sample", "?T"):
        if match(pattern, given) is not None and covers(parse(wider), parse(pattern), {}, {}):
            assert match(wider, given) is not None


# (a pattern that says more, one that says less)
ORDER = [
    ("int8", "Integral"),
    ("int8", "T"),
    ("Integral", "Any"),
    ("?int8", "?T"),
    ("?int8", "?Integral"),
    ("?T", "T"),
    ("sample[T, 3]", "sample[T, N]"),
    ("sample[T, T]", "sample[T, N]"),
    ("sample[T, N]", "sample"),
    ("sample[T, N]", "sample[...]"),
    ("sample[T, N]", "sample[T, N...]"),
    ("(T, T) -> T", "(T, S) -> T"),
    ("N * N * T", "N * M * T"),
    ("N * T", "... * T"),
    ("3 * T", "N * T"),
]


@pytest.mark.parametrize(("more", "less"), ORDER)
def test_one_pattern_says_more_than_another(more, less):
    assert covers(parse(less), parse(more), {}, {})
    assert not covers(parse(more), parse(less), {}, {})


def test_limits_of_variables_count():
    t, u = parse("T"), parse("U")
    assert covers(t, u, {"T": Real}, {"U": Integral})
    assert not covers(t, u, {"T": Integral}, {"U": Real})
    assert not covers(t, u, {"T": Integral}, {})
    assert covers(t, u, {"T": Any}, {})
    assert covers(parse("Integral"), u, {}, {"U": Integral})


# ---- kernels registered for patterns -------------------------------------------------------------------


@pytest.fixture
def operation(request):
    name = f"pattern_{abs(hash(request.node.name))}"
    ak.operation(name, "A, B -> A", definition=lambda x, y: x, doc="For a test.")
    return name


def answers(name, *signatures):
    for signature in signatures:
        maker_for(name, signature)


def maker_for(name, signature):
    @ak.kernel(name, signature, maker=True)
    def make(*inputs):
        return lambda x, y: signature


def chosen(name, *names):
    from arraykit import registry, resolution
    from arraykit.operations import table

    inputs = tuple(map(dtype, names))
    assert registry.makers(name)
    return str(next(resolution.matching(table[name].row, inputs, True)).signature)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("signatures", "operands", "expected"),
    [
        (["?T, ?T -> ?T", "A, B -> A where A: missing, B: missing"], ["?int8", "?int8"], 0),
        (["?T, ?T -> ?T", "A, B -> A where A: missing, B: missing"], ["?int8", "?int16"], 1),
        (["?T, ?T -> T", "?T, ?U -> T"], ["?int8", "?int8"], 0),
        (["T, T -> T", "T, U -> T"], ["int8", "int8"], 0),
        (["T, T -> T where T: Integral", "T, U -> T where T: Integral"], ["int8", "int8"], 0),
        (["T, U -> T where T: Integral, U: Real", "T, T -> T where T: Real"], ["int8", "int8"], 0),
        (["?T, ?T -> T where T: Integral", "?T, ?T -> T where T: Real"], ["?int8", "?int8"], 0),
        (["?Integral, ?Integral -> bool_", "?T, ?T -> T"], ["?int8", "?int8"], 0),
        (["sample[T, N], sample[T, N] -> T", "sample[T, N], sample[U, N] -> T"], ["sample[int8, 3]"] * 2, 0),
        (["sample[T, 3], T -> T", "sample[T, N], T -> T"], ["sample[int8, 3]", "int8"], 0),
        (["sample[T, N], T -> T", "A, T -> T where A: sample"], ["sample[int8, 3]", "int8"], 0),
        (["sample[T, N...], T -> T", "sample[...], T -> T"], ["sample[int8, 3, 4]", "int8"], 0),
    ],
)
def test_the_signature_that_says_more_is_chosen(operation, signatures, operands, expected, reverse):
    answers(operation, *(signatures[::-1] if reverse else signatures))
    assert chosen(operation, *operands) == signatures[expected]


@pytest.mark.parametrize(
    "signatures",
    [
        ["?int8, B -> B where B: missing", "A, ?int8 -> A where A: missing"],
        ["?int8, Any -> bool_", "?T, Integral -> bool_"],
    ],
)
def test_signatures_of_which_none_says_more_tie(operation, signatures):
    answers(operation, *signatures)
    second = "int8" if "Integral" in signatures[1] else "?int8"
    with pytest.raises(ak.dispatch.AmbiguityError, match="none of these kernels is more specific"):
        chosen(operation, "?int8", second)


def test_the_output_is_what_the_variables_say():
    ak.operation("first_and_count", "A, B -> A", definition=lambda x, y: x, doc="For a test.")

    @ak.kernel("first_and_count", "sample[T, N], ?U -> sample[U, N, T]", maker=True)
    def make(a, b):
        return lambda x, y: x

    a = ak.empty(0, dtype="sample[int8, 3]")
    result = ak.first_and_count(a, ak.zeros(0, dtype="?float64"))
    assert result.dtype is dtype("sample[float64, 3, int8]")


def test_an_output_that_nothing_says_is_an_error():
    ak.operation("output_unknown", "A, B -> A", definition=lambda x, y: x, doc="For a test.")
    ak.register_kernel("output_unknown", "sample[T, N], U -> ?S", lambda x, y: x)
    with pytest.raises(TypeError, match=r"do not say which dtype the output \?S is"):
        ak.output_unknown(ak.empty(2, dtype="sample[int8, 3]"), ak.zeros(2))


def test_a_signature_that_is_no_text_of_types_is_refused_when_it_is_registered():
    with pytest.raises(ak.TypeSyntaxError, match="expected ',' or ']'"):
        ak.register_kernel("add", "sample[T N], T -> T", lambda x, y: x)


def test_parameters_may_be_spelt_in_any_way():
    ak.operation("spelt_freely", "T -> T", definition=lambda x: x, doc="For a test.")
    ak.register_kernel("spelt_freely", "sample[ 1,'a' ] -> sample[1,\"a\"]", lambda x: x)
    assert ak.find_kernel("spelt_freely", 'sample[1, "a"]').provenance == "item by item"


def test_names_that_nothing_else_asked_for_are_found(tmp_path):
    """Whoever imports arraykit.dtypes alone."""
    import subprocess
    import sys

    code = "from arraykit.dtypes import parse; print(parse('decimal[4, 2]'), parse('{x: list[int8]}'))"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout == "decimal[4, 2] {x: list[int8]}\n"
