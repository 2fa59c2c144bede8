"""Prints how long functions of text take here and in other libraries: one table, measured side by side.

    python bench/strings.py              1e6 short strings
    python bench/strings.py --size 1e5   another size

A number under a library is time(library) / time(arraykit), each the least of interleaved rounds on one thread: larger
is better here.  Libraries that are not installed are left out.
"""

from __future__ import annotations

import argparse
from typing import Any

import arraykit as ak
import numpy
from missing import Calls, least


def ours(words: Any) -> Calls:
    a, s = ak.array(words), ak.strings
    return {
        "equal": lambda: a == "item 77",
        "length": lambda: s.length(a),
        "concat": lambda: a + a,
        "starts": lambda: s.startswith(a, "item 7"),
        "find": lambda: s.find(a, "7"),
        "upper": lambda: s.upper(a),
        "sort": lambda: ak.sort(a),
        "unique": lambda: ak.unique_values(a),
    }


def in_numpy(words: Any) -> Calls:
    a, s = numpy.array(words, numpy.dtypes.StringDType()), numpy.strings
    return {
        "equal": lambda: a == "item 77",
        "length": lambda: s.str_len(a),
        "concat": lambda: s.add(a, a),
        "starts": lambda: s.startswith(a, "item 7"),
        "find": lambda: s.find(a, "7"),
        "upper": lambda: s.upper(a),
        "sort": lambda: numpy.sort(a),
        "unique": lambda: numpy.unique(a),
    }


def pyarrow(words: Any) -> Calls:
    import pyarrow as pa
    import pyarrow.compute as pc

    a = pa.array(words)
    return {
        "equal": lambda: pc.equal(a, "item 77"),
        "length": lambda: pc.utf8_length(a),
        "concat": lambda: pc.binary_join_element_wise(a, a, ""),
        "starts": lambda: pc.starts_with(a, "item 7"),
        "find": lambda: pc.find_substring(a, "7"),
        "upper": lambda: pc.utf8_upper(a),
        "sort": lambda: a.take(pc.array_sort_indices(a)),
        "unique": lambda: pc.unique(a),
    }


def polars(words: Any) -> Calls:
    import polars as pl

    a = pl.Series(words)
    return {
        "equal": lambda: a == "item 77",
        "length": lambda: a.str.len_chars(),
        "concat": lambda: a + a,
        "starts": lambda: a.str.starts_with("item 7"),
        "find": lambda: a.str.find("7", literal=True),
        "upper": a.str.to_uppercase,
        "sort": a.sort,
        "unique": a.unique,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=float, default=1e6, help="the number of strings")
    n = int(parser.parse_args().size)
    words = [f"item {k}" for k in numpy.random.default_rng(0).integers(0, n, n)]
    peers = {}
    for name, peer in {"numpy": in_numpy, "pyarrow": pyarrow, "polars": polars}.items():
        try:
            peers[name] = peer(words)
        except ImportError:
            print(f"{name} is not installed")
    for name, call in ours(words).items():
        times = least([call, *(peer[name] for peer in peers.values())], 7)
        ratios = "  ".join(f"{p} {t / times[0]:6.2f}" for p, t in zip(peers, times[1:], strict=True))
        print(f"{name:7} {n:>9,}  {1e6 * times[0]:10.1f} µs  {ratios}", flush=True)


if __name__ == "__main__":
    main()
