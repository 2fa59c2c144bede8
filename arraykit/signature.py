"""Reads signatures of operations and kernels, as `T[m,n], T[n] -> T[m] where T: Numeric - Integral`.

Names stay text here: which dtype a name means is asked by those who need it.  A core dimension is one
letter and perhaps a digit, so that `missing[float64]` is a dtype and `float64[n]` a vector.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_CORE = re.compile(r"\[([a-z]\d?(?:\s*,\s*[a-z]\d?)*)\]$")
_RULE = re.compile(r"(\w+)\((\w+)\)$")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_VARIABLE = re.compile(r"(?<![\w.])[A-Z]|\.\.\.")


class Term(NamedTuple):
    """One operand: a dtype's name or a type variable, the rule applied to it, its core dimensions."""

    name: str
    core: tuple[str, ...] = ()
    rule: str = ""

    def __str__(self) -> str:
        text = f"{self.rule}({self.name})" if self.rule else self.name
        return text + (f"[{','.join(self.core)}]" if self.core else "")


class Constraint(NamedTuple):
    """What a type variable may be: below any of `within`, below none of `outside`."""

    within: tuple[str, ...]
    outside: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " - ".join((" | ".join(self.within), *self.outside))


class Signature(NamedTuple):
    """Operands in, operands out, and what the type variables stand for."""

    inputs: tuple[Term, ...]
    outputs: tuple[Term, ...]
    constraints: dict[str, Constraint]

    def __str__(self) -> str:
        text = f"{', '.join(map(str, self.inputs))} -> {', '.join(map(str, self.outputs))}"
        if self.constraints:
            text += " where " + ", ".join(f"{v}: {c}" for v, c in self.constraints.items())
        return text

    @property
    def core(self) -> str | None:
        """The core dimensions in the notation of gufuncs, `(m,n),(n)->(m)`; None without any."""
        if not any(t.core for t in self.inputs + self.outputs):
            return None
        sides = ([f"({','.join(t.core)})" for t in side] for side in (self.inputs, self.outputs))
        return "->".join(map(",".join, sides))

    def is_variable(self, name: str) -> bool:
        return name in self.constraints or (len(name) == 1 and name.isupper())

    @property
    def is_concrete(self) -> bool:
        return not any(
            self.is_variable(t.name) or t.name[0].isupper() or is_pattern(t.name) for t in self.inputs
        )

    def groups(self) -> dict[str, list[int]]:
        """The positions of the inputs that share a type variable."""
        found: dict[str, list[int]] = {}
        for position, term in enumerate(self.inputs):
            if self.is_variable(term.name):
                found.setdefault(term.name, []).append(position)
        return found


@cache
def is_pattern(name: str) -> bool:
    """Whether a name has variables or abstract dtypes among its parameters, as `decimal[P, S]` and `?Integral`.

    TypeSyntaxError for a name that is no type.
    """
    if not any(mark in name for mark in "?[{") or not _VARIABLE.search(_QUOTED.sub("", name)):
        return False
    from .dtypes import DType, parse

    found = parse(name)
    return not (isinstance(found, DType) and found.is_concrete)


def _outside(text: str) -> Iterator[int]:
    """The places of letters that stand in no bracket and in no quotes, as the parameters of dtypes do."""
    depth, quoted, escaped = 0, False, False
    for i, letter in enumerate(text):
        if quoted:
            quoted, escaped = escaped or letter != '"', letter == "\\" and not escaped
            continue
        quoted = letter == '"'
        depth -= letter in "])}"
        if not depth and not quoted:
            yield i
        depth += letter in "[({"


def _partition(text: str, mark: str) -> tuple[str, str, str]:
    """As str.partition, by the first mark that stands in no bracket and in no quotes."""
    at = next((i for i in _outside(text) if text.startswith(mark, i)), None)
    return (text, "", "") if at is None else (text[:at], mark, text[at + len(mark) :])


def split(text: str) -> Iterator[str]:
    """The parts between commas that stand in no bracket."""
    while text.strip():
        part, _, text = _partition(text, ",")
        yield part.strip()


def _term(text: str) -> Term:
    core: tuple[str, ...] = ()
    if match := _CORE.search(text):
        core = tuple(part.strip() for part in match[1].split(","))
        text = text[: match.start()].strip()
    if match := _RULE.match(text):
        return Term(match[2], core, match[1])
    return Term(text, core)


def _constraint(text: str) -> Constraint:
    within, *outside = (part.strip() for part in text.split(" - "))
    return Constraint(tuple(name.strip() for name in within.split("|")), tuple(outside))


@cache
def parse(text: str) -> Signature:
    """The signature that `text` spells; ValueError with the grammar if it spells none.

    >>> parse("T[n], T[n] -> T where T: Numeric").groups()
    {'T': [0, 1]}
    """
    body, _, where = _partition(text, " where ")
    inputs, arrow, outputs = _partition(body, "->")
    terms = tuple(map(_term, split(inputs))), tuple(map(_term, split(outputs)))
    if not arrow or not all(terms):
        raise ValueError(
            f"{text!r} is no signature; write it as 'T, T -> T where T: Numeric' or 'float64[n] -> float64'"
        )
    constraints = {}
    for part in split(where):
        variable, colon, allowed = part.partition(":")
        if not colon:
            raise ValueError(f"{part!r} in the signature {text!r} is no constraint; write it as 'T: Numeric'")
        constraints[variable.strip()] = _constraint(allowed.strip())
    return Signature(*terms, constraints)
