"""Promotion policies: JAX's lattice and the strict one beside NumPy's rules, by context, by call and by name."""

import asyncio
import contextvars
import itertools
import subprocess
import sys
import threading

import arraykit as ak
import numpy as np
import pytest
from arraykit.dtypes import (
    PromotionError,
    can_cast,
    define_promotion,
    join,
    missing,
    promotion_policies,
    result_type,
)
from arraykit.dtypes.policies import _policies
from arraykit.dtypes.promotion import _least_bounds, rank
from codebase import ROOT

# What JEP 9407 and JAX's documentation say: the join of the row's dtype and the column's.  Weak numbers are i*, f*, c*.
NODES = "b1 u1 u2 u4 u8 i1 i2 i4 i8 bf f2 f4 f8 c8 c16 i* f* c*".split()
JAX = """
b1  b1  u1  u2  u4  u8  i1  i2  i4  i8  bf  f2  f4  f8  c8  c16 i*  f*  c*
u1  u1  u1  u2  u4  u8  i2  i2  i4  i8  bf  f2  f4  f8  c8  c16 u1  f*  c*
u2  u2  u2  u2  u4  u8  i4  i4  i4  i8  bf  f2  f4  f8  c8  c16 u2  f*  c*
u4  u4  u4  u4  u4  u8  i8  i8  i8  i8  bf  f2  f4  f8  c8  c16 u4  f*  c*
u8  u8  u8  u8  u8  u8  f*  f*  f*  f*  bf  f2  f4  f8  c8  c16 u8  f*  c*
i1  i1  i2  i4  i8  f*  i1  i2  i4  i8  bf  f2  f4  f8  c8  c16 i1  f*  c*
i2  i2  i2  i4  i8  f*  i2  i2  i4  i8  bf  f2  f4  f8  c8  c16 i2  f*  c*
i4  i4  i4  i4  i8  f*  i4  i4  i4  i8  bf  f2  f4  f8  c8  c16 i4  f*  c*
i8  i8  i8  i8  i8  f*  i8  i8  i8  i8  bf  f2  f4  f8  c8  c16 i8  f*  c*
bf  bf  bf  bf  bf  bf  bf  bf  bf  bf  bf  f4  f4  f8  c8  c16 bf  bf  c8
f2  f2  f2  f2  f2  f2  f2  f2  f2  f2  f4  f2  f4  f8  c8  c16 f2  f2  c8
f4  f4  f4  f4  f4  f4  f4  f4  f4  f4  f4  f4  f4  f8  c8  c16 f4  f4  c8
f8  f8  f8  f8  f8  f8  f8  f8  f8  f8  f8  f8  f8  f8  c16 c16 f8  f8  c16
c8  c8  c8  c8  c8  c8  c8  c8  c8  c8  c8  c8  c8  c16 c8  c16 c8  c8  c8
c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16 c16
i*  i*  u1  u2  u4  u8  i1  i2  i4  i8  bf  f2  f4  f8  c8  c16 i*  f*  c*
f*  f*  f*  f*  f*  f*  f*  f*  f*  f*  bf  f2  f4  f8  c8  c16 f*  f*  c*
c*  c*  c*  c*  c*  c*  c*  c*  c*  c*  c8  c8  c8  c16 c8  c16 c*  c*  c*
"""
JAX = {row.split()[0]: row.split()[1:] for row in JAX.strip().splitlines()}
WEAK = {"i*": int, "f*": float, "c*": complex}
NAMED = {"b1": "bool_", "bf": "bfloat16", "c16": "complex128", "c8": "complex64"}
NAMED |= {f"f{n}": f"float{8 * n}" for n in (2, 4, 8)}
NAMED |= {f"{k}{n}": f"{w}{8 * n}" for k, w in (("i", "int"), ("u", "uint")) for n in (1, 2, 4, 8)}
STRONG = [node for node in NODES if node not in WEAK]


def dtype(node):
    return ak.dtype(WEAK.get(node) or NAMED[node])


def operand(node):
    return WEAK.get(node) or ak.dtype(NAMED[node])


def place(node):
    return {"i*": "int*", "f*": "float*", "c*": "complex*"}.get(node) or ak.dtype(NAMED[node])


# ---- jax -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("a", NODES)
def test_jax_gives_the_results_of_its_lattice(a):
    for b, expected in zip(NODES, JAX[a], strict=True):
        assert result_type(operand(a), operand(b), promotion="jax") is dtype(expected), (a, b)


def test_every_pair_and_triple_of_jaxs_lattice_has_one_least_bound_and_folds_to_it():
    for a, b in itertools.product(NODES, NODES):
        assert _least_bounds("jax", {place(a), place(b)}) == [place(JAX[a][NODES.index(b)])]
    for a, b, c in itertools.product(NODES, NODES, NODES):
        folded = JAX[JAX[a][NODES.index(b)]][NODES.index(c)]
        assert _least_bounds("jax", {place(a), place(b), place(c)}) == [place(folded)]


def test_jaxs_lattice_has_18_nodes_and_24_edges():
    edges = _policies["jax"].edges
    assert len(edges) == 18 and sum(map(len, edges.values())) == 24


def test_dtypes_outside_the_lattice_keep_their_own_edges():
    assert result_type("?int64", "float32", promotion="jax") is missing[ak.float32]
    assert result_type("?float32", 1.5, promotion="jax") is missing[ak.float32]


# ---- strict --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("a", STRONG)
def test_strict_allows_what_keeps_kind_and_value(a):
    for b in STRONG:
        da, db = dtype(a), dtype(b)
        try:
            found = result_type(da, db, promotion="strict")
        except PromotionError:
            usual = result_type(da, db)
            same = rank(da) == rank(db) == rank(usual)
            assert not (same and can_cast(da, usual, "exact") and can_cast(db, usual, "exact"))
        else:
            assert found is result_type(da, db)
            assert rank(found) == rank(da) == rank(db)
            assert can_cast(da, found, "exact") and can_cast(db, found, "exact")


@pytest.mark.parametrize(
    ("operands", "expected"),
    [
        (("int8", "int64"), "int64"),
        (("uint8", "int8"), "int16"),
        (("float16", "bfloat16"), "float32"),
        (("complex64", "complex128"), "complex128"),
        (("float32", 1), "float32"),
        (("float32", 1.5), "float32"),
        (("complex64", 1.5), "complex64"),
        (("int8", 1), "int8"),
        (("bool_", True), "bool_"),
        ((1, 1.5), "float64"),
    ],
)
def test_strict_takes(operands, expected):
    assert result_type(*operands, promotion="strict") is ak.dtype(expected)


@pytest.mark.parametrize(
    "operands",
    [("int8", "float32"), ("int64", "uint64"), ("float32", "complex64"), ("bool_", "int8"),
     ("int8", 1.5), ("float32", 1j), ("bool_", 1), ("int8", True), ("?int8", "float32")],
)  # fmt: skip
def test_strict_refuses_and_says_so(operands):
    with pytest.raises(PromotionError, match=r"promotion policy '?(is )?'strict'"):
        result_type(*operands, promotion="strict")


# ---- numpy ---------------------------------------------------------------------------------------------


def test_numpys_is_the_default():
    numbers = [node for node in STRONG if node != "bf"]
    for a, b in itertools.product(numbers, numbers):
        expected = np.result_type(*(np.dtype(dtype(n).name.rstrip("_")) for n in (a, b)))
        assert result_type(dtype(a), dtype(b), promotion="numpy") is result_type(dtype(a), dtype(b))
        assert result_type(dtype(a), dtype(b)) is ak.dtype(expected)


# ---- where a policy counts -------------------------------------------------------------------------------

N, F = ak.asarray([1, 2], dtype="int64"), ak.asarray([1.5, 2.5], dtype="float32")


def total():
    return (N + F).dtype


def test_a_context_chooses_and_gives_back():
    assert total() is ak.float64
    with ak.promotion("jax"):
        assert total() is ak.float32
        with ak.promotion("numpy"):
            assert total() is ak.float64
        with pytest.raises(ak.errors.NoKernelError, match="'strict' keeps apart"), ak.promotion("strict"):
            total()
        assert total() is ak.float32
    assert total() is ak.float64


def test_it_holds_for_operators_products_assembly_and_numpys_arrays():
    with ak.promotion("jax"):
        assert {
            (N * F).dtype,
            ak.concat([N, F]).dtype,
            ak.asarray([N, F]).dtype,
            join([N.dtype, F.dtype]),
        } == {ak.float32}
        assert type(N @ F) is ak.float32
        assert (ak.float32(1) + 2.5).dtype is ak.float32
        assert ak.add(np.arange(2), np.ones(2, "f4")).dtype == np.float32
        assert (N / 2).dtype is ak.float64


def test_a_call_chooses_for_itself():
    assert ak.add(N, F, promotion="jax").dtype is ak.float32
    assert ak.add(N, F).dtype is ak.float64
    assert ak.add(N, F, promotion=None).dtype is ak.float64
    assert ak.matmul(N, F, promotion="jax").dtype is ak.float32
    assert ak.add(np.arange(2), np.ones(2, "f4"), promotion="jax").dtype == np.float32
    assert ak.add(N, F, promotion="jax", dtype="float64").dtype is ak.float64
    out = ak.zeros(2, dtype="float32")
    assert ak.add(N, F, out=out, promotion="jax") is out


@pytest.mark.parametrize("bad", ["nope", 3, ("jax",), b"jax"])
def test_an_unknown_policy_is_refused(bad):
    with pytest.raises(ValueError, match=r"there is no policy .* there are 'numpy', 'strict', 'jax'"):
        ak.add(N, F, promotion=bad)
    with pytest.raises(ValueError, match="there is no policy"), ak.promotion(bad):
        pass
    assert total() is ak.float64


def test_a_call_that_fails_gives_the_policy_back():
    with pytest.raises(ValueError, match=r"shape|broadcast"):
        ak.add(N, ak.zeros(3), promotion="jax")
    with pytest.raises(TypeError, match="unexpected keyword 'other'"):
        ak.add(N, F, promotion="jax", other=1)
    assert total() is ak.float64


def test_threads_and_tasks_see_their_own():
    seen = []
    with ak.promotion("jax"):
        thread = threading.Thread(target=lambda: seen.append(total()))
        thread.start()
        thread.join()
        inherited = contextvars.copy_context()
    assert seen == [ak.float64]
    assert inherited.run(total) is ak.float32 and total() is ak.float64

    async def task(policy):
        with ak.promotion(policy):
            await asyncio.sleep(0.001)
            return total()

    async def all_of_them():
        return await asyncio.gather(*map(task, ["jax", "numpy", "jax"]))

    assert asyncio.run(all_of_them()) == [ak.float32, ak.float64, ak.float32]


def test_what_is_registered_later_is_found_under_a_policy_too():
    f = ak.operation("policy_pair", "T, T -> T", definition=lambda x, y: x, doc="For a test.")
    ak.register_kernel("policy_pair", "float32, float32 -> float32", lambda x, y: 1.0)
    with ak.promotion("jax"):
        assert f(N, F).tolist() == [1.0, 1.0]
        ak.register_kernel("policy_pair", "float32, float32 -> float32", lambda x, y: 2.0)
        assert f(N, F).tolist() == [2.0, 2.0]
    assert f(N, F).tolist() == [1.0, 2.0]


def test_explain_tells_under_the_policy():
    with ak.promotion("jax"):
        assert "float32, float32 -> float32" in str(ak.explain(ak.add, N, F))


# ---- other people's policies -----------------------------------------------------------------------------


def test_anybody_may_name_a_policy():
    define_promotion("test_narrow", edges={"int64": "float16", "float16": "float32"}, doc="For a test.")
    assert promotion_policies()["test_narrow"] == "For a test."
    define_promotion("test_narrow", edges={"int64": "float16", "float16": "float32"}, doc="For a test.")
    assert result_type("int64", "float16", promotion="test_narrow") is ak.float16
    with pytest.raises(ValueError, match="two promotion policies are named 'test_narrow'"):
        define_promotion("test_narrow", exact=True)
    with pytest.raises(ValueError, match="which edges= does not have"):
        define_promotion("test_weak", edges={"int64": "float16"}, weak={int: "nowhere"})


def test_the_tables_of_the_page_are_what_the_policies_say():
    """python docs/tables/promotion.py --write takes over what they say now."""
    subprocess.run([sys.executable, "-W", "error", ROOT / "docs/tables/promotion.py"], check=True)
