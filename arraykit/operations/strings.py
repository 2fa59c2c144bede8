"""Operations on text and byte strings, element by element; public as arraykit.strings.

Each is what the method of Python's str or bytes of that name is; lengths and places count characters of text, and
bytes of byte strings.
"""

from __future__ import annotations

import operator
import re
from typing import Any

import arraykit as ak
from arraykit import _core
from arraykit._core import Kernel

from .row import Row

WITHIN = "where T: Text | Bytes"
PAIR = "(x, what, /, *, out=None)"
LAST = 2**63 - 1


def _slice(operation: Any, x: Any, start: Any = None, stop: Any = None, /, *, out: Any = None) -> Any:
    return operation(x, 0 if start is None else start, LAST if stop is None else stop, out=out)


def _replace(operation: Any, x: Any, old: Any, new: Any, count: Any = -1, /, *, out: Any = None) -> Any:
    return operation(x, old, new, count, out=out)


def _white(x: Any) -> Any:
    """All characters (or bytes) that are white space."""
    text = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))))
    text += "\u2028\u2029\u202f\u205f\u3000"
    dtype = ak.asarray(x).dtype
    of_bytes = issubclass(dtype.content if dtype.family is ak.missing else dtype, ak.dtypes.Bytes)
    return b" \t\n\r\x0b\x0c" if of_bytes else text


def _strip(operation: Any, x: Any, chars: Any = None, /, *, out: Any = None) -> Any:
    return operation(x, _item(_white(x) if chars is None else chars), out=out)


def _item(x: Any) -> Any:
    return (
        ak.dtypes.scalars.item(x) if isinstance(x, (str, bytes)) and not isinstance(x, ak.dtypes.Any) else x
    )


def _part(x: Any, mark: Any, k: int) -> Any:
    parts = x.split(mark)
    return parts[k] if -len(parts) <= k < len(parts) else x[:0]


def _groups(pattern: Any, x: Any) -> Any:
    found = re.search(pattern, x)
    return x[:0] if found is None else found[found.re.groups and 1] or x[:0]


def _row(name: str, signature: str, definition: Any, doc: str, **facts: Any) -> Row:
    return Row(f"strings.{name}", signature, definition, doc, **facts)


def _search(name: str, result: str, definition: Any, doc: str) -> Row:
    return _row(name, f"T, T -> {result} {WITHIN}", definition, doc, parameters=PAIR)


STRIP = {"front": _strip, "calls": ("a", "aa"), "parameters": "(x, chars=None, /, *, out=None)"}

ROWS = (
    _row("length", f"T -> int64 {WITHIN}", len, "The number of characters."),
    _search("find", "int64", lambda x, what: x.find(what), "Where `what` first begins; -1 if it is not there."),
    _search("rfind", "int64", lambda x, what: x.rfind(what), "Where `what` last begins; -1 if it is not there."),
    _search("count", "int64", lambda x, what: x.count(what), "How often `what` stands in it, without overlaps."),
    _search("contains", "bool_", lambda x, what: what in x, "Whether `what` stands in it."),
    _search("startswith", "bool_", lambda x, what: x.startswith(what), "Whether it begins with `what`."),
    _search("endswith", "bool_", lambda x, what: x.endswith(what), "Whether it ends with `what`."),
    _search("match", "bool_", lambda x, what: re.match(what, x) is not None,
            "Whether a regular expression matches at the beginning."),
    _search("search", "bool_", lambda x, what: re.search(what, x) is not None,
            "Whether a regular expression matches somewhere."),
    _row("extract", f"T, T -> T {WITHIN}", lambda x, what: _groups(what, x),
         "The first group of a regular expression where it first matches, or all of it; empty without a match.",
         parameters=PAIR),
    _row("upper", f"T -> T {WITHIN}", lambda x: x.upper(), "With capital letters."),
    _row("lower", f"T -> T {WITHIN}", lambda x: x.lower(), "With small letters."),
    _row("strip", f"T, T -> T {WITHIN}", lambda x, chars: x.strip(chars),
         "Without those characters, or white space, at both ends.", **STRIP),
    _row("lstrip", f"T, T -> T {WITHIN}", lambda x, chars: x.lstrip(chars),
         "Without those characters, or white space, at the beginning.", **STRIP),
    _row("rstrip", f"T, T -> T {WITHIN}", lambda x, chars: x.rstrip(chars),
         "Without those characters, or white space, at the end.", **STRIP),
    _row("replace", f"T, T, T, int64 -> T {WITHIN}", lambda x, old, new, count: x.replace(old, new, count),
         "With `new` in place of `old`, at most `count` times if that is not negative.", front=_replace,
         calls=("aaa", "aaaa"), parameters="(x, old, new, count=-1, /, *, out=None)"),
    _row("split_part", f"T, T, int64 -> T {WITHIN}", _part,
         "Part k of those between separators, from the end if negative; empty if there are fewer.",
         parameters="(x, separator, k, /, *, out=None)"),
    _row("slice", f"T, int64, int64 -> T {WITHIN}", operator.getitem,
         "The characters from `start` to before `stop`, as x[start:stop].", front=_slice,
         calls=("a", "ao", "aoo"), parameters="(x, start=None, stop=None, /, *, out=None)"),
)  # fmt: skip

EXAMPLES = {
    "length": ('["naïve", ""]', "array([5, 0], dtype=int64)"),
    "find": ('["banana", "melon"], "an"', "array([ 1, -1], dtype=int64)"),
    "rfind": ('["banana", "melon"], "an"', "array([ 3, -1], dtype=int64)"),
    "count": ('["banana", "melon"], "an"', "array([2, 0], dtype=int64)"),
    "contains": ('["banana", "melon"], "an"', "array([ True, False], dtype=bool_)"),
    "startswith": ('["banana", "melon"], "ba"', "array([ True, False], dtype=bool_)"),
    "endswith": ('["banana", "melon"], "on"', "array([False,  True], dtype=bool_)"),
    "match": ('["a1", "1a"], "[a-z]"', "array([ True, False], dtype=bool_)"),
    "search": ('["a1", "11"], "[a-z]"', "array([ True, False], dtype=bool_)"),
    "extract": ('["k=1", "none"], "=(.)"', "array(['1', '' ], dtype=string)"),
    "upper": ('["straße"]', "array(['STRASSE'], dtype=string)"),
    "lower": ('["ABC"]', "array(['abc'], dtype=string)"),
    "strip": ('[" a ", "b"]', "array(['a', 'b'], dtype=string)"),
    "lstrip": ('["xxa"], "x"', "array(['a'], dtype=string)"),
    "rstrip": ('["axx"], "x"', "array(['a'], dtype=string)"),
    "replace": ('["banana"], "a", "o"', "array(['bonono'], dtype=string)"),
    "split_part": ('["a,b", "c"], ",", 1', "array(['b', '' ], dtype=string)"),
    "slice": ('["banana"], 1, 3', "array(['an'], dtype=string)"),
}


def _kernels() -> list[Kernel]:
    """Those whose loops know Python, and so stand apart from the other native ones."""
    flags = 1 << 7  # the results refer to no memory of the operands
    return [
        Kernel(
            f"strings.{name}",
            f"{dtype} -> {dtype}",
            strided=getattr(_core, f"{name}_loop"),
            state=state,
            flags=flags,
            provenance="native",
        )
        for name in ("upper", "lower")
        for dtype, state in (("string", 1), ("bytes", 0))
    ]


KERNELS = tuple(_kernels())
