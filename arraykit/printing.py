"""Arrays as text, by NumPy's conventions, with the dtype always shown.

Digits come from the items' own text, which is the shortest that reads back; columns of numbers, truth values and times
are as wide as the widest element, and arrays of more than `threshold` elements are summarised.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from arraykit import dtypes
from arraykit._core import Array, asarray

__all__ = ["PrintOptions", "get_printoptions", "printoptions", "set_printoptions"]

_Formatter = Callable[[Any], str]


@dataclass(frozen=True)
class PrintOptions:
    """How arrays are written: digits after the point, when to summarise, how wide a line is.

    >>> PrintOptions().edgeitems
    3
    """

    precision: int = 8
    threshold: int = 1000
    edgeitems: int = 3
    linewidth: int = 75
    suppress: bool = False
    nanstr: str = "nan"
    infstr: str = "inf"


_options: ContextVar[PrintOptions] = ContextVar("arraykit print options", default=PrintOptions())  # noqa: B039


def get_printoptions() -> PrintOptions:
    """The options in force.

    >>> import arraykit as ak
    >>> ak.get_printoptions().precision
    8
    """
    return _options.get()


def set_printoptions(**changes: Any) -> None:
    """Changes options for this thread or task; TypeError for an unknown name.

    >>> import arraykit as ak
    >>> ak.set_printoptions(precision=8)
    """
    _options.set(replace(_options.get(), **changes))


@contextmanager
def printoptions(**changes: Any) -> Iterator[PrintOptions]:
    """Changes options inside a `with` block.

    >>> import arraykit as ak
    >>> with ak.printoptions(precision=2):
    ...     print(ak.asarray([1 / 3]))
    [0.33]
    """
    token = _options.set(replace(_options.get(), **changes))
    try:
        yield _options.get()
    finally:
        _options.reset(token)


# ---- whole arrays ----


def array_str(a: Array) -> str:
    """The elements alone: str(a)."""
    return str(a[()]) if a.ndim == 0 else _text(a, " ", "", 0)


def array_repr(a: Array) -> str:
    """The elements, the shape where they do not tell it, and the dtype: repr(a)."""
    options = _options.get()
    head = "array("
    told = [f"dtype={a.dtype.name}"]
    if (a.size == 0 and a.shape != (0,)) or a.size > options.threshold:
        told.insert(0, f"shape={a.shape}")
    body = head + (str(a[()]) if a.ndim == 0 else _text(a, ", ", head, 1))
    tail = ", ".join(told) + ")"
    last_line = len(body) - (body.rfind("\n") + 1)
    gap = " " if last_line + len(tail) <= options.linewidth else "\n" + " " * len(head)
    return f"{body},{gap}{tail}"


def array_html(a: Array) -> str:
    """A table for one and two dimensions, preformatted text otherwise."""
    from html import escape  # here and below: only those who print pay for what printing needs

    caption = escape(f"{a.shape} {a.dtype.name}")
    if a.ndim not in (1, 2) or a.size == 0:
        return f"<pre>{escape(array_repr(a))}</pre>"
    options = _options.get()
    summarised = a.size > options.threshold
    formatter = _formatter(_edges(a, options.edgeitems) if summarised else a, options)
    edge = options.edgeitems if summarised else 0
    lines = [_html_row(row, formatter, edge) for row in _shown(a if a.ndim == 2 else a[None], edge)]
    return f"<table><caption>{caption}</caption>{''.join(lines)}</table>"


def _html_row(row: Any, formatter: _Formatter, edge: int) -> str:
    from html import escape

    shown = [None] if row is None else _shown(row, edge)
    texts = ("…" if item is None else formatter(item).strip() for item in shown)
    return "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in texts) + "</tr>"


def _shown(a: Array, edge: int) -> list[Any]:
    """What is shown of the first dimension, None for what is left out; all of it if `edge` is 0."""
    n = a.shape[0]
    if not edge or n <= 2 * edge:
        return list(a)
    return [*a[:edge], None, *a[n - edge :]]


# ---- layout ----


def _text(a: Array, separator: str, prefix: str, suffix: int) -> str:
    """The bracketed elements; `prefix` stands before them, `suffix` is how much follows."""
    if a.size == 0:
        return "[]"
    options = _options.get()
    summarised = a.size > options.threshold
    formatter = _formatter(_edges(a, options.edgeitems) if summarised else a, options)
    layout = _Layout(separator, formatter, options.edgeitems if summarised else 0)
    return layout.block(a, " " * (len(prefix) + 1), options.linewidth - suffix)


def _edges(a: Array, edge: int, axis: int = 0) -> Array:
    """The elements that a summary shows, close together."""
    from arraykit.assembly import concat

    lead: tuple[slice, ...] = (slice(None),) * axis
    if axis == a.ndim:
        return a
    if a.shape[axis] > 2 * edge:
        a = concat([a[(*lead, slice(None, edge))], a[(*lead, slice(-edge, None))]], axis=axis)
    return _edges(a, edge, axis + 1)


@dataclass(frozen=True)
class _Layout:
    """Nested brackets with hanging indents, as numpy.array2string lays them out."""

    separator: str
    formatter: _Formatter
    edge: int  # elements shown at each end of a summarised dimension; 0: all

    def block(self, a: Array, indent: str, width: int) -> str:
        """The array in brackets; lines after the first begin with `indent`."""
        inner = self.words(a, indent, width) if a.ndim == 1 else self.blocks(a, indent, width)
        return "[" + inner[len(indent) :] + "]"

    def blocks(self, a: Array, indent: str, width: int) -> str:
        line_end = self.separator.rstrip() + "\n" * (a.ndim - 1)
        texts = (
            "..." if part is None else self.block(part, indent + " ", width - 1)
            for part in _shown(a, self.edge)
        )
        return line_end.join(indent + text for text in texts)

    def words(self, a: Array, indent: str, width: int) -> str:
        lines, line = "", indent
        limit = width - max(len(self.separator.rstrip()), 1)
        parts = _shown(a, self.edge)
        for k, part in enumerate(parts):
            word = "..." if part is None else self.formatter(part)
            if len(line) + len(word) > limit and len(line) > len(indent):
                lines += line.rstrip() + "\n"
                line = indent
            line += word + (self.separator if k + 1 < len(parts) else "")
        return lines + line


# ---- elements ----


def _formatter(a: Array, options: PrintOptions) -> _Formatter:
    """How each element of `a` is written."""
    items = list(a.reshape(a.size))
    if a.dtype._beside & 2:
        return _RecordColumn(a, items, options)
    if a.dtype.content is not None:
        return _with_missing(items, a.dtype.content, options)
    return _column(items, a.dtype, options)


def _lines_up(dtype: Any) -> bool:
    """Whether elements are written in one width: numbers are, texts and what has parts are as long as they are."""
    numbers = (dtypes.Numeric, dtypes.Boolean, dtypes.Temporal, dtypes.Wrapping)
    return issubclass(dtype.content or dtype, numbers)


def _with_missing(items: list[Any], dtype: Any, options: PrintOptions) -> _Formatter:
    """Elements that are there as if all were, and NA in the same width."""
    column = _column([item for item in items if item is not dtypes.NA], dtype, options)
    if not _lines_up(dtype):
        return lambda item: str(item) if item is dtypes.NA else column(item)
    width = max((len(column(item)) for item in items if item is not dtypes.NA), default=0)
    width = max(width, len(str(dtypes.NA)))
    return lambda item: (str(item) if item is dtypes.NA else column(item)).rjust(width)


def _column(items: list[Any], dtype: Any, options: PrintOptions) -> _Formatter:
    kind = dtype.kind
    if kind == "f":
        return _FloatColumn(items, options)
    if kind == "c":
        return _ComplexColumn(items, options)
    if not _lines_up(dtype):
        return repr if kind in "TS" else str
    texts = [str(item) for item in items]
    width = max(map(len, texts), default=0)
    if kind == "b" and "True" in texts:
        width = max(width, 5)  # so that columns of masks stand under each other
    return lambda item: str(item).rjust(width)


def _digits(item: Any) -> tuple[str, str, int]:
    """Sign, significant digits and decimal exponent of the first one, in the item's shortest text."""
    from decimal import Decimal

    sign, digits, exponent = Decimal(str(item)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0") or "0"
    stripped = text.rstrip("0") or "0"
    first = len(digits) - 1 + int(exponent) - (len(digits) - len(text)) if stripped != "0" else 0
    return "-" if sign else "", stripped, first


def _positional(item: Any, precision: int) -> tuple[str, str]:
    """The parts before and after the point, cut to `precision` digits behind it."""
    from decimal import Decimal

    text = format(Decimal(str(item)), "f")
    whole, _, fraction = text.partition(".")
    if len(fraction) > precision:
        whole, _, fraction = f"{float(item):.{precision}f}".partition(".")
    return whole, fraction.rstrip("0")


def _scientific(item: Any, precision: int) -> tuple[str, str, int]:
    """The digit before the point, those after it, and the exponent, rounded to `precision`."""
    sign, digits, exponent = _digits(item)
    if len(digits) - 1 > precision:
        return _rounded(item, precision)
    return sign + digits[0], digits[1:], exponent


def _rounded(item: Any, precision: int) -> tuple[str, str, int]:
    """The same with exactly `precision` digits, of the value itself rather than of its shortest text."""
    mantissa, _, power = f"{float(item):.{precision}e}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    return whole, fraction.rstrip("0"), int(power)


class _RecordColumn:
    """Records: their fields in columns of their own, in parentheses."""

    def __init__(self, a: Array, items: Sequence[Any], options: PrintOptions) -> None:
        there = [item for item in items if item is not dtypes.NA]
        record = a.dtype.content or a.dtype
        self.columns = {
            name: _formatter(asarray([item[name] for item in there], dtype=kind), options)
            for name, kind, _ in record._layout
        }

    def __call__(self, item: Any) -> str:
        if item is dtypes.NA:
            return str(item)
        return "(" + ", ".join(column(item[name]) for name, column in self.columns.items()) + ")"


class _FloatColumn:
    """Real numbers in one width: positional, or scientific if too large, too small or too far apart."""

    def __init__(self, items: Sequence[Any], options: PrintOptions, sign: bool = False) -> None:
        self.options, self.sign = options, sign
        finite = [x for x in items if math.isfinite(x)]
        self.exponential = _too_wide(finite, options)
        self.left = self.right = self.exponent = 0
        if self.exponential:
            parts = [_scientific(x, options.precision) for x in finite]
            self.exponent = max(max(2, len(str(abs(power)))) for _, _, power in parts)
            self.right = max(len(fraction) for _, fraction, _ in parts)
        elif finite:
            parts = [(*_positional(x, options.precision), 0) for x in finite]
            self.right = max(len(fraction) for _, fraction, _ in parts)
        if finite:
            self.left = max(len(self.signed(whole)) for whole, _, _ in parts)
        tail = self.right + (2 + self.exponent if self.exponential else 0) + 1
        self.tail = tail
        strange = [self.special(x) for x in items if not math.isfinite(x)]
        self.left = max([self.left, *(len(text) - tail for text in strange)])

    def signed(self, whole: str) -> str:
        return "+" + whole if self.sign and not whole.startswith("-") else whole

    def special(self, item: Any) -> str:
        if math.isnan(item):
            return self.signed(self.options.nanstr)
        return "-" + self.options.infstr if item < 0 else self.signed(self.options.infstr)

    def __call__(self, item: Any) -> str:
        if not math.isfinite(item):
            return self.special(item).rjust(self.left + self.tail)
        if self.exponential:
            whole, fraction, power = _rounded(item, self.right)
            end = f"e{'-' if power < 0 else '+'}{abs(power):0{self.exponent}d}"
            return self.signed(whole).rjust(self.left) + "." + fraction.ljust(self.right, "0") + end
        whole, fraction = _positional(item, self.options.precision)
        return self.signed(whole).rjust(self.left) + "." + fraction.ljust(self.right)


def _too_wide(finite: Sequence[Any], options: PrintOptions) -> bool:
    """Whether numbers need exponents: NumPy's rule, in their own precision."""
    sizes = [abs(float(x)) for x in finite if x != 0]
    if not sizes:
        return False
    own = type(finite[0])
    largest, smallest = max(sizes), min(sizes)
    decimals = int(-math.log10(dtypes.finfo(own).eps))
    if largest >= 10.0 ** min(8, decimals):
        return True
    return not options.suppress and (smallest < own(1e-4) or own(largest / smallest) > 1000)


class _ComplexColumn:
    """Complex numbers: two columns of reals, the second signed and with a j."""

    def __init__(self, items: Sequence[Any], options: PrintOptions) -> None:
        self.real = _FloatColumn([x.real for x in items], options)
        self.imag = _FloatColumn([x.imag for x in items], options, sign=True)

    def __call__(self, item: Any) -> str:
        imag = self.imag(item.imag)
        end = len(imag.rstrip())
        return self.real(item.real) + imag[:end] + "j" + imag[end:]
