"""Arrays in files: one simple container for every dtype, and no pickle in it.

A file is 24 bytes (the word `arraykit`, the version, the checksum and the length of the header), the header as
JSON, and the memory of the arrays in vectors, each at a multiple of 64 bytes. Numbers are little-endian. The header
names each array's dtype by its text, so a file holds no code; nothing in a file is believed before it is checked.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import zlib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO

from arraykit import _core, dtypes
from arraykit._core import Array

from .parts import join, split

__all__ = ["load", "save"]

MAGIC, VERSION, ALIGNMENT = b"arraykit", 1, 64
_HEAD = struct.Struct("<8sHHIQ")  # magic, version, nothing, checksum and length of the header
_LONGEST_HEADER = 1 << 26


# ---- writing -----------------------------------------------------------------------------------------------


def save(file: Any, arrays: Any) -> None:
    """Writes an array, or several by name, to a file that `load` reads.

    file     a path, or a binary file that is open for writing
    arrays   an array (or what asarray takes), or a mapping from names to arrays

    Elements of every dtype are kept, with what is missing, fields and text; a file is written as a whole or not
    at all. TypeError if elements cannot be written out, OSError if the file cannot.

    >>> import arraykit, io
    >>> file = io.BytesIO()
    >>> arraykit.save(file, {"t": arraykit.asarray([1.5, 2.5]), "n": arraykit.arange(3)})
    >>> _ = file.seek(0)
    >>> arraykit.load(file)["t"].tolist()
    [1.5, 2.5]
    """
    if sys.byteorder != "little":
        raise NotImplementedError("save: files are little-endian, and this machine is not")
    named: dict[Any, Any] = dict(arrays) if isinstance(arrays, Mapping) else {None: arrays}
    stray = [name for name in named if not isinstance(name, str)]
    if isinstance(arrays, Mapping) and stray:
        raise TypeError(f"save: names are texts, not {stray[0]!r}")
    described, vectors = [], []
    for name, given in named.items():
        a: Any = _core.asarray(given)
        tree, own = split(a)
        entry = {"name": name, "dtype": a.dtype.name, "package": dtypes.promotion.owner(a.dtype)}
        described.append({**entry, "shape": list(a.shape), "parts": tree, "vectors": len(own)})
        vectors += own
    views = [memoryview(v).cast("B") if v.nbytes else memoryview(b"") for v in vectors]
    _write(file, *_header(described, views), views)


def _header(arrays: list[Any], views: list[memoryview]) -> tuple[bytes, list[int]]:
    """The header's bytes, and where each vector goes: after the header, whose length depends on that."""
    sums = [zlib.crc32(view) for view in views]
    length = 0
    while True:
        places, at = [], _aligned(_HEAD.size + length)
        for view in views:
            places.append(at)
            at = _aligned(at + view.nbytes)
        table = [[place, view.nbytes, crc] for place, view, crc in zip(places, views, sums, strict=True)]
        text = json.dumps({"arrays": arrays, "vectors": table}, ensure_ascii=False).encode()
        if len(text) <= length:
            return text.ljust(length), places
        length = len(text) + 64


def _aligned(n: int) -> int:
    return -(-n // ALIGNMENT) * ALIGNMENT


def _write(file: Any, header: bytes, places: list[int], views: list[memoryview]) -> None:
    if hasattr(file, "write"):
        _write_to(file, header, places, views)
        return
    path = os.fspath(file)
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "wb") as opened:
            _write_to(opened, header, places, views)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.remove(beside)


def _write_to(file: BinaryIO, header: bytes, places: list[int], views: list[memoryview]) -> None:
    file.write(_HEAD.pack(MAGIC, VERSION, 0, zlib.crc32(header), len(header)))
    file.write(header)
    at = _HEAD.size + len(header)
    for place, view in zip(places, views, strict=True):
        file.write(bytes(place - at))
        file.write(view)
        at = place + view.nbytes


# ---- reading -------------------------------------------------------------------------------------------------


def load(file: Any) -> Any:
    """The array in a file that `save` wrote; a dictionary of arrays if it was given names.

    file   a path, or a binary file that is open for reading and can seek

    Raises ValueError for a file that is none of ours, of a later version, cut off or damaged; TypeError for
    a dtype that nobody here declares, naming the package that it came from.

    >>> import arraykit, io
    >>> file = io.BytesIO()
    >>> arraykit.save(file, [[1, 2], [3, 4]])
    >>> _ = file.seek(0)
    >>> arraykit.load(file)
    array([[1, 2],
           [3, 4]], dtype=int64)
    """
    if hasattr(file, "read"):
        return _read(file)
    with open(file, "rb") as opened:
        return _read(opened)


def _damaged(why: str) -> ValueError:
    return ValueError(f"load: {why}; the file is damaged, or save did not write it")


def _read(file: BinaryIO) -> Any:
    start = file.tell()
    size = file.seek(0, os.SEEK_END) - start
    file.seek(start)
    header = _read_header(file, size)
    try:
        arrays, table = header["arrays"], header["vectors"]
        vectors = iter([_vector(file, start, size, *entry) for entry in table])
        found = {entry["name"]: _array(entry, vectors) for entry in arrays}
    except (KeyError, IndexError, AttributeError) as error:
        raise _damaged(f"the header lacks {error}") from error
    except TypeError as error:
        if str(error).startswith("load:"):
            raise
        raise _damaged(f"the header says nonsense ({error})") from error
    return found[None] if list(found) == [None] else found


def _read_header(file: BinaryIO, size: int) -> dict[str, Any]:
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size or not head.startswith(MAGIC):
        raise ValueError(f"load: this is no file of arrays, which begin with {MAGIC!r}")
    _, version, _, checksum, length = _HEAD.unpack(head)
    if version != VERSION:
        raise ValueError(f"load: the file is of version {version}, and version {VERSION} is known here")
    if length > min(size - _HEAD.size, _LONGEST_HEADER):
        raise _damaged(f"its header is said to be {length} bytes long")
    text = file.read(length)
    if zlib.crc32(text) != checksum:
        raise _damaged("its header has another checksum")
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(f"its header is no JSON ({error})") from error
    if not isinstance(header, dict):
        raise _damaged("its header is no object")
    return header


def _vector(file: BinaryIO, start: int, size: int, place: Any, nbytes: Any, checksum: Any) -> Array:
    """The bytes of one vector, if they are there."""
    if not (type(place) is type(nbytes) is int and nbytes >= 0 and place >= 0 and place + nbytes <= size):
        raise _damaged(f"{nbytes!r} bytes at {place!r} lie outside of it")
    vector: Any = _core.empty((nbytes,), dtypes.dtype("u1"))
    file.seek(start + place)
    if nbytes and file.readinto(memoryview(vector)) != nbytes:  # type: ignore[attr-defined]
        raise _damaged(f"{nbytes} bytes at {place} are not there")
    if zlib.crc32(memoryview(vector) if nbytes else b"") != checksum:
        raise _damaged(f"the bytes at {place} have another checksum")
    return vector


def _array(entry: dict[str, Any], vectors: Iterator[Array]) -> Array:
    shape = entry["shape"]
    if not isinstance(shape, list) or not all(type(n) is int and 0 <= n < 1 << 62 for n in shape):
        raise _damaged(f"{shape!r} is no shape")
    own = list(islice(vectors, entry["vectors"]))
    dtype = _dtype(entry)
    try:
        return join(dtype, tuple(shape), entry["parts"], iter(own))
    except (ValueError, OverflowError, RecursionError) as error:
        raise _damaged(str(error)) from error


def _dtype(entry: dict[str, Any]) -> Any:
    name, package = entry["dtype"], entry["package"]
    try:
        return dtypes.dtype(str(name))
    except (TypeError, ValueError, ImportError) as error:
        raise TypeError(
            f"load: the elements are of dtype {name!r} of the package {package!r}, which is not installed or does not "
            f"declare it any more ({error}); import or install it and load again"
        ) from error
