"""What is said of a value that a cast refuses, because the target has nothing for it.

C finds the element; nothing here decides what is refused.
"""

from __future__ import annotations

from typing import Any as Anything

from arraykit._core import DType, dtypes

from .hierarchy import Complex, Integral
from .limits import iinfo

__all__ = ["located", "placed", "refusal"]

# The exceptions of the codes of an ak_error.
_RAISED = {
    1: ValueError, 2: TypeError, 3: OverflowError, 4: ZeroDivisionError, 5: MemoryError, 6: IndexError,
    7: NotImplementedError,
}  # fmt: skip


def refusal(wanted: DType, value: Anything, index: tuple[int, ...], code: int, told: str) -> Exception:
    """The exception for the element at an index; `told` is what the kernel said, with its code.

    As Python's own int(): OverflowError for what is out of range, infinities included, ValueError for what is not
    in any range, NaN and imaginary parts.  A kernel that says nothing leaves that to the class.
    """
    if code and not told:
        return _by_class(wanted, value, index)
    kind, why = (_RAISED.get(code, RuntimeError), f": {told}") if code else _why(wanted, value)
    return kind(_begin(wanted, value, index) + why)


def _by_class(wanted: DType, value: Anything, index: tuple[int, ...]) -> Exception:
    """What the class raises when it is given the value."""
    try:
        wanted(value)
    except Exception as error:
        return placed(wanted, value, index, error)
    return RuntimeError(f"{_begin(wanted, value, index)}, which a kernel refuses and the class takes")


def placed(wanted: DType, value: Anything, index: tuple[int, ...], error: Exception) -> Exception:
    """What a kernel in Python raised for the element at an index, telling which it was.

    An exception of a class of its own, whose text is its own affair, is told by a note.
    """
    begin = _begin(wanted, value, index)
    if type(error) not in _PLAIN:
        error.add_note(begin)
        return error
    said = str(error)
    alone = _begin(wanted, value, ())
    why = f": {said.removeprefix(f'{wanted.name}: ')}" if said else ""
    return _reworded(error, begin + (said.removeprefix(alone) if said.startswith(alone) else why))


def located(error: Exception, where: str) -> Exception:
    """What was raised for an element of nested sequences, telling where it stands, as "[1][0]"."""
    if type(error) not in _PLAIN:
        error.add_note(f"for the element at {where}")
        return error
    return _reworded(error, f"the element at {where}: {error}")


def _reworded(error: Exception, text: str) -> Exception:
    told = type(error)(text).with_traceback(error.__traceback__)
    told.__cause__, told.__suppress_context__ = error.__cause__, True
    for note in getattr(error, "__notes__", ()):
        told.add_note(note)
    return told


_PLAIN = (
    ArithmeticError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    ZeroDivisionError,
)


def _begin(wanted: DType, value: Anything, index: tuple[int, ...]) -> str:
    place = f"element [{', '.join(map(str, index))}] is" if index else "the value is"
    return f"cannot cast {type(value).name} to {wanted.name}: {place} {_shown(value)}"


def _shown(value: Anything) -> str:
    text = repr(value) if isinstance(value, (str, bytes)) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _why(wanted: DType, value: Anything) -> tuple[type[Exception], str]:
    given = type(value)
    if issubclass(given, Complex) and not issubclass(wanted, Complex) and value.imag != 0:
        return ValueError, ", which has an imaginary part; arraykit.real(x) gives the real parts"
    if not (issubclass(wanted, Integral) and wanted._native):
        return OverflowError, f", which {wanted.name} does not hold"
    number = value.real if issubclass(given, Complex) else value
    if number != number:
        return ValueError, (
            ", which no integer stands for; arraykit.where(arraykit.isnan(x), 0, x) puts a number there"
        )
    limits = iinfo(wanted)
    least, most = limits.min, limits.max
    clip = f"arraykit.clip(x, {least}, {most}) stays within it, "
    return OverflowError, (
        f", out of the range {least} … {most}; {_wider(number)}"
        f"{clip if issubclass(given, Integral) or limits.bits < 53 else ''}casting='unsafe' converts as C does"
    )


def _wider(number: Anything) -> str:
    """The narrowest integers that have room for the number, as the beginning of an advice."""
    try:
        whole = int(number)
    except (OverflowError, TypeError):  # infinite, or an item that is no number to Python
        return ""
    found = [d for d in dtypes().values() if d._native and issubclass(d, Integral) and d.itemsize]
    for d in sorted(found, key=lambda d: (d.itemsize, d.kind == "u")):
        limits = iinfo(d)
        if limits.min <= whole <= limits.max:
            return f"{d.name} has room for it, "
    return ""
