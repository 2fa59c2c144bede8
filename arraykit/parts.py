"""An array as plain vectors of bytes and numbers, and back: what pickles and files are made of.

The tree that describes them is made of lists, texts and numbers only. Where elements refer to memory beside
them, that memory is written out; no address ever is.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from math import prod
from typing import Any

from arraykit import _core, dtypes
from arraykit._core import Array

__all__ = ["join", "split"]

_VALID, _PLANES, _HEAP = 1, 2, 4  # dtype._beside


def split(a: Array) -> tuple[list[Any], list[Array]]:
    """The tree that says how the array lies in vectors, and the vectors, each C-contiguous.

    TypeError if its elements lie somewhere that nobody can write out.
    """
    vectors: list[Array] = []
    return _split(a, vectors), vectors


def _split(a: Any, vectors: list[Array]) -> list[Any]:
    dtype = a.dtype
    if dtype._beside & _VALID:
        if _core.count_valid(a) == a.size:
            return ["there", _split(_core.content(a), vectors)]
        vectors.append(_bits(_core.valid(a)))
        return ["missing", _split(_core.content(a), vectors)]
    if dtype._beside & _PLANES and (dtype._beside & _HEAP or _splits(dtype) or _core.in_planes(a)):
        return ["fields", *(_split(a[name], vectors) for name, _, _ in dtype._layout)]
    if dtype._beside & _HEAP:
        return _heap(a, vectors)
    vectors.append(a.copy()._raw() if not a.flags.c_contiguous else a._raw())
    return ["plain"]


def _splits(dtype: Any) -> bool:
    """Whether some field has something beside its bytes."""
    return any(field._beside for _, field, _ in dtype._layout)


def join(dtype: Any, shape: tuple[int, ...], tree: Any, vectors: Iterator[Array]) -> Array:
    """The array that `split` took apart, over the same memory where that is possible.

    Believes nothing: ValueError if tree, vectors, shape and dtype do not fit each other.
    """
    if not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"{shape!r} is no shape")
    if not isinstance(tree, list) or not tree or tree[0] not in _JOINS:
        raise ValueError(f"the elements of {dtype.name} are described as {tree!r}, which says nothing")
    return _JOINS[tree[0]](dtype, shape, tree[1:], vectors)


def _next(vectors: Iterator[Array], nbytes: int, what: str) -> Array:
    found = next(vectors, None)
    if found is None or found.nbytes != nbytes:
        has = "nothing" if found is None else f"{found.nbytes} bytes"
        raise ValueError(f"{what} take {nbytes} bytes, and there are {has}")
    return found


def _plain(dtype: Any, shape: tuple[int, ...], rest: Any, vectors: Iterator[Array]) -> Array:
    if dtype._beside & (_VALID | _HEAP):
        raise ValueError(f"elements of {dtype.name} cannot be plain bytes")
    raw = _next(vectors, prod(shape) * dtype.itemsize, f"elements of {dtype.name} in shape {shape}")
    steps = accumulate((max(n, 1) for n in reversed(shape[1:])), int.__mul__, initial=dtype.itemsize)
    return raw._view(dtype, shape, tuple(reversed([*steps][: len(shape)])), 0)


def _missing(dtype: Any, shape: tuple[int, ...], rest: Any, vectors: Iterator[Array]) -> Array:
    bits = _next(vectors, -(-prod(shape) // 8), "validity bits")
    a = _there(dtype, shape, rest, vectors)
    _core.set_valid(a, _booleans(bits, shape))
    return a


def _there(dtype: Any, shape: tuple[int, ...], rest: Any, vectors: Iterator[Array]) -> Array:
    if not dtype._beside & _VALID or len(rest) != 1:
        raise ValueError(f"elements of {dtype.name} cannot be missing")
    return _core.asarray(join(dtype.content, shape, rest[0], vectors), dtype=dtype, copy=True)


def _fields(dtype: Any, shape: tuple[int, ...], rest: Any, vectors: Iterator[Array]) -> Array:
    layout = dtype._layout or ()
    if not dtype._beside & _PLANES or len(rest) != len(layout):
        raise ValueError(f"elements of {dtype.name} have other fields than {len(rest)}")
    planes = tuple(
        join(field, shape, tree, vectors) for (_, field, _), tree in zip(layout, rest, strict=True)
    )
    return _core.from_planes(dtype, shape, planes)


# ---- bits ------------------------------------------------------------------------------------------------


def _bits(there: Any) -> Array:
    """Truth values as bits, the lowest of a byte first."""
    import arraykit as ak

    flat = ak.reshape(there, (-1,))
    byte = ak.dtypes.dtype("u1")
    padded = ak.zeros((-(-flat.size // 8) * 8,), dtype=byte)
    padded[: flat.size] = ak.astype(flat, byte)
    weights = ak.asarray([1 << i for i in range(8)], dtype=byte)
    return ak.matvec(ak.reshape(padded, (-1, 8)), weights, dtype=byte)


def _booleans(bits: Any, shape: tuple[int, ...]) -> Array:
    import arraykit as ak

    shifts = ak.arange(8, dtype=bits.dtype)
    spread = ak.bitwise_and(ak.bitwise_right_shift(ak.reshape(bits, (-1, 1)), shifts), 1)
    return ak.reshape(ak.astype(ak.reshape(spread, (-1,))[: prod(shape)], bool), shape)


# ---- elements that refer to memory -------------------------------------------------------------------------


def _heap(a: Any, vectors: list[Array]) -> list[Any]:
    """As offsets and bytes, by the dtype's own hook, or as the plain Python values of its items."""
    if a.dtype.kind in "TS":
        vectors += [part._raw() for part in _core.text_pack(a)]
        return ["text"]
    own = getattr(a.dtype, "_pack_", None)
    if own is not None:
        parts = own(a)
        return ["packed", *([part.dtype.name, list(part.shape), _split(part, vectors)] for part in parts)]
    return _by_values(a, vectors)


_BYTES: dict[str, Any] = {
    "text": (str, str.encode, lambda b: str(b, "utf-8")),
    "bytes": (bytes, bytes, bytes),
    "integer": (int, lambda n: n.to_bytes(n.bit_length() // 8 + 1, "little", signed=True),
                lambda b: int.from_bytes(b, "little", signed=True)),
}  # fmt: skip


def _by_values(a: Any, vectors: list[Array]) -> list[Any]:
    values = a.copy().reshape((-1,)).tolist()
    for kind, (cls, encode, _) in _BYTES.items():
        if all(isinstance(value, cls) for value in values):
            parts = [encode(value) for value in values]
            ends = list(accumulate(map(len, parts), initial=0))
            vectors += [_core.asarray(ends, dtypes.dtype(int))._raw(), _raw_of(b"".join(parts))]
            return ["values", kind]
    raise TypeError(
        f"{a.dtype.name}: its elements refer to memory, and nobody can write them out; the dtype may have the hooks "
        "_pack_(array) and _unpack_(shape, *arrays)"
    )


def _raw_of(data: bytes) -> Any:
    return _core.asarray(bytearray(data)) if data else _core.zeros((0,), dtypes.dtype("u1"))


def _offsets(vectors: Iterator[Array], count: int) -> Any:
    whole = dtypes.dtype(int)
    raw = _next(vectors, (count + 1) * whole.itemsize, "offsets")
    return raw._view(whole, (count + 1,), (whole.itemsize,), 0)


def _text(dtype: Any, shape: tuple[int, ...], rest: Any, vectors: Iterator[Array]) -> Array:
    if dtype.kind not in "TS" or not dtype._beside & _HEAP:
        raise ValueError(f"elements of {dtype.name} are no text")
    offsets, data = _offsets(vectors, prod(shape)), next(vectors, None)
    if data is None:
        raise ValueError("the bytes of text are not there")
    return _core.text_unpack(dtype, offsets, data, shape)


def _values(dtype: Any, shape: tuple[int, ...], rest: Any, vectors: Iterator[Array]) -> Array:
    if not dtype._beside & _HEAP or rest not in ([kind] for kind in _BYTES):
        raise ValueError(f"elements of {dtype.name} are no {rest!r}")
    ends, data = _offsets(vectors, prod(shape)).tolist(), next(vectors, None)
    if data is None or ends[0] != 0 or ends != sorted(ends) or ends[-1] != data.nbytes:
        raise ValueError("offsets must ascend from 0 to the number of bytes")
    decode, whole = _BYTES[rest[0]][2], data.tobytes()
    values = [decode(whole[i:j]) for i, j in zip(ends, ends[1:])]  # noqa: RUF007
    return _core.asarray(values, dtype).reshape(shape)


def _packed(dtype: Any, shape: tuple[int, ...], rest: Any, vectors: Iterator[Array]) -> Array:
    if not hasattr(dtype, "_unpack_"):
        raise ValueError(f"elements of {dtype.name} cannot be packed")
    parts = [join(dtypes.dtype(name), tuple(lengths), tree, vectors) for name, lengths, tree in rest]
    made = dtype._unpack_(shape, *parts)
    if made.dtype is not dtype or made.shape != shape:
        raise ValueError(f"elements of {dtype.name} were packed from other parts")
    return made


_JOINS: dict[str, Any] = {
    "plain": _plain,
    "there": _there,
    "missing": _missing,
    "fields": _fields,
    "text": _text,
    "values": _values,
    "packed": _packed,
}
