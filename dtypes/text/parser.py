"""Reads the text of a type: datashape's language, as `3 * var * {x: ?int32, y: decimal[18, 4]}`.

    type      = { dimension "*" } element
    dimension = length | "var" | Name | [Name] "..."
    element   = "?" element | "{" field ":" type, ... "}" | name [ "[" parameter, ... "]" ]
              | "(" type, ... ")" "->" type
    parameter = type | number | "text" | key "=" parameter | "[" parameter, ... "]" | [Name] "..."

Ends for every text, in time linear in its length; which dtype a name stands for is asked of dtypes.names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any as Anything

from .. import families
from . import tree
from .lexer import Token, TypeSyntaxError, tokens, unquoted
from .tree import VAR, DataShape, Dots, Function, Variable

DEEPEST = 40
_DIGITS = 40
_CONSTANTS = {"true": True, "True": True, "false": False, "False": False, "none": None, "None": None}
_VARIABLE = re.compile(r"[A-Z]\w*")
_SHORT_VARIABLE = re.compile(r"[A-Z]\d*")


def read(text: str, call: str = "parse", variables: bool = True) -> Anything:
    """The dtype or node that the text stands for.

    call        the name of the function that messages begin with
    variables   whether unknown names with a capital are variables; else they are texts as parameters

    TypeSyntaxError, with the position, if it stands for nothing.
    """
    if not isinstance(text, str):
        raise TypeError(f"{call}: expected the text of a type, not {text!r}")
    return _Reader(text, call, variables).whole()


class _Reader:
    """One text being read, token by token; `depth` bounds the nesting."""

    def __init__(self, text: str, call: str, variables: bool) -> None:
        self.text, self.call, self.variables = text, call, variables
        self.tokens = list(tokens(text, call))
        self.at = 0
        self.depth = 0

    # ---- tokens ----------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def following(self) -> str:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)].kind

    def take(self, kind: str | None = None, expected: str = "") -> Token:
        token = self.token
        if kind is not None and token.kind != kind:
            raise self.error(f"expected {expected or repr(kind)}, found {_found(token)}", token)
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def accept(self, kind: str) -> bool:
        met = self.token.kind == kind
        if met:
            self.take()
        return met

    def error(self, message: str, token: Token) -> TypeSyntaxError:
        return TypeSyntaxError(f"{self.call}: {message}", self.text, token.position)

    def series(self, end: str, part: Callable[[], Anything]) -> list[Anything]:
        """Parts between commas up to the closing mark; a comma may stand before it."""
        found = []
        while self.token.kind != end:
            found.append(part())
            if not self.accept(",") and self.token.kind != end:
                raise self.error(f"expected ',' or {end!r}, found {_found(self.token)}", self.token)
        self.take(end)
        return found

    # ---- types -----------------------------------------------------------------------------------------

    def whole(self) -> Anything:
        found = self.type()
        if self.token.kind != "end":
            raise self.error(f"the type ends here, but {_found(self.token)} follows", self.token)
        return found

    def type(self) -> Anything:
        dimensions = []
        while (dimension := self.dimension()) is not None:
            dimensions.append(dimension)
        if sum(isinstance(d, Dots) for d in dimensions) > 1:
            raise self.error("more than one ellipsis stands among the dimensions before this", self.token)
        element = self.element()
        return DataShape(tuple(dimensions), element) if dimensions else element

    def nested(self) -> Anything:
        """A type inside another: its dimensions are part of the element, as `fixed` and `list`."""
        token, found = self.token, self.type()
        return self.embedded(found, token) if isinstance(found, DataShape) else found

    def embedded(self, shaped: DataShape, token: Token) -> Anything:
        element: Anything = shaped.dtype
        fixed: tuple[Anything, ...] = ()
        for dimension in reversed(shaped.dimensions):
            if dimension is VAR:
                element, fixed = self.packed(element, fixed, token), ()
                element = self.apply(self.family(tree.VARYING, token), [element], token)
            else:
                fixed = (dimension, *fixed)
        return self.packed(element, fixed, token)

    def packed(self, element: Anything, lengths: tuple[Anything, ...], token: Token) -> Anything:
        if not lengths:
            return element
        return self.apply(self.family(tree.FIXED, token), [element, *lengths], token)

    def dimension(self) -> Anything:
        """The next dimension and its star; None where the element begins."""
        token, following = self.token, self.following
        if token.kind == "number":
            dimension: Anything = self.length(self.take())
        elif token.kind == "name" and following == "*":
            dimension = self.named_dimension(self.take())
        elif token.kind == "..." or (token.kind == "name" and following == "..."):
            dimension = self.dots()
        else:
            return None
        self.take("*", "'*' after a dimension")
        return dimension

    def named_dimension(self, token: Token) -> Anything:
        if token.value == "var":
            return VAR
        if not _VARIABLE.fullmatch(token.value):
            raise self.error(
                f"expected a dimension before '*' (a length, var, a name with a capital, or ...), found "
                f"{token.value!r}; the dtype comes last",
                token,
            )
        return Variable(token.value)

    def dots(self) -> Dots:
        name = self.take("name") if self.token.kind == "name" else None
        if name and not _VARIABLE.fullmatch(name.value):
            raise self.error("the name of an ellipsis begins with a capital", name)
        self.take("...")
        return Dots(name.value if name else "")

    def length(self, token: Token) -> int:
        length = self.number(token)
        if not isinstance(length, int) or not 0 <= length < tree.LONGEST:
            raise self.error("the length of a dimension is a whole number from 0 to 2**63 - 1", token)
        return length

    def number(self, token: Token) -> int | float:
        if len(token.value) > _DIGITS:
            raise self.error("a number this long is not read", token)
        whole = token.value.lstrip("+-").isdigit()
        return int(token.value) if whole else float(token.value)

    def element(self) -> Anything:
        if self.depth >= DEEPEST:
            raise self.error(f"types are nested deeper than {DEEPEST} here", self.token)
        self.depth += 1
        token = self.take()
        start = {"?": self.option, "{": self.fields, "(": self.function, "name": self.named}.get(token.kind)
        if start is None:
            raise self.error(f"expected a dtype, found {_found(token)}", token)
        found = start(token)
        self.depth -= 1
        return found

    def option(self, token: Token) -> Anything:
        return self.apply(self.family(tree.OPTION, token), [self.element()], token)

    def function(self, token: Token) -> Function:
        inputs = self.series(")", self.type)
        self.take("->", "'->' after the operands of a function")
        return Function(tuple(inputs), self.type())

    # ---- records ---------------------------------------------------------------------------------------

    def fields(self, token: Token) -> Anything:
        names: set[str] = set()
        found = self.series("}", lambda: self.field(names))
        return self.made(tree.FIELDS, token, lambda: tree.record(tuple(found)))

    def field(self, names: set[str]) -> tuple[str, Anything]:
        token = self.take()
        if token.kind not in ("name", "text"):
            raise self.error(f"expected the name of a field, found {_found(token)}", token)
        name = token.value if token.kind == "name" else self.string(token)
        if name in names:
            raise self.error(f"two fields are named {name!r}", token)
        names.add(name)
        self.take(":", "':' after the name of a field")
        return name, self.nested()

    # ---- names and their parameters --------------------------------------------------------------------

    def string(self, token: Token) -> str:
        try:
            return unquoted(token.value)
        except ValueError as error:
            raise self.error(str(error), token) from None

    def named(self, token: Token) -> Anything:
        found: Anything = self.lookup(token)
        if self.token.kind != "[":
            return self.unknown(token) if found is None else found
        family = getattr(found, "_sized_", None)  # the family of such elements of fixed size, by its name
        found = found if family is None else self.family(family, token)
        if not families.is_family(found):
            if found is None or isinstance(found, Variable):
                self.unknown(token, variables=False)
            raise self.error(f"{token.value} takes no parameters", self.token)
        opening = self.take("[")
        if self.token.kind == "]":
            raise self.error(f"{token.value} has parameters, and none stands here", self.token)
        return self.apply(found, self.series("]", self.parameter), opening)

    def lookup(self, token: Token) -> Anything:
        """The dtype of that name, abstract or not; a variable; or None."""
        from .. import names

        short = _SHORT_VARIABLE.fullmatch(token.value)
        if short and self.variables:
            return Variable(token.value)
        found = names.find(token.value)
        if found is None and self.variables and _VARIABLE.fullmatch(token.value):
            return Variable(token.value)
        return found

    def unknown(self, token: Token, variables: bool = True) -> Anything:
        from .. import names

        raise self.error(f"no dtype is named {token.value!r}{names.near(token.value)}", token)

    def family(self, name: str, token: Token) -> Anything:
        from .. import names

        found = names.find(name)
        if found is None:
            raise self.error(f"no family of dtypes is named {name!r}, which this notation needs", token)
        return found

    def parameter(self) -> Anything:
        token = self.token
        if token.kind == "text":
            return self.string(self.take())
        if token.kind == "[":
            return self.bracketed()
        if token.kind == "..." or (token.kind == "name" and self.following == "..."):
            return self.dots() if self.ends_after_dots() else self.nested()
        if token.kind == "number" and self.following != "*":
            return self.number(self.take())
        if token.kind == "name" and self.following in (",", "]", "="):
            return self.word(self.take())
        return self.nested()

    def bracketed(self) -> tuple[Anything, ...]:
        if self.depth >= DEEPEST:
            raise self.error(f"types are nested deeper than {DEEPEST} here", self.token)
        self.depth += 1
        self.take("[")
        found = tuple(self.series("]", self.parameter))
        self.depth -= 1
        return found

    def ends_after_dots(self) -> bool:
        after = self.at + (2 if self.token.kind == "name" else 1)
        return self.tokens[min(after, len(self.tokens) - 1)].kind != "*"

    def word(self, token: Token) -> Anything:
        """A bare word: a dtype or variable of that name, a constant, or a text, as in `datetime64[ns]`."""
        if self.token.kind == "=":
            raise self.error("parameters have no names; they are known by their order", token)
        if token.value in _CONSTANTS:
            return _CONSTANTS[token.value]
        found = self.lookup(token)
        return token.value if found is None else found

    def apply(self, family: Anything, parameters: list[Anything], token: Token) -> Anything:
        return self.made(family.name, token, lambda: tree.applied(family, tuple(parameters)))

    def made(self, name: str, token: Token, make: Callable[[], Anything]) -> Anything:
        """A member of a family, or a pattern of members; what the family refuses is told with the place."""
        try:
            return make()
        except (TypeError, ValueError, OverflowError) as error:
            said = error.message if isinstance(error, TypeSyntaxError) else str(error)
            said = said.removeprefix("dtype: ").removeprefix(f"{name}: ")
            raise self.error(f"{name}: {said}", token) from error


def _found(token: Token) -> str:
    return "the end" if token.kind == "end" else repr(token.value[:40])
