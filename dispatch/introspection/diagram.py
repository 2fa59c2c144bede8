"""Pictures of multimethods: the classes of their signatures with the methods on them, or one call explained.

Only chooses the form; what is in a picture is hierarchy's, and how it looks drawing's and graph_text's.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    from arraykit._core import Multimethod

    from .hierarchy import Picture


def diagram(self: Multimethod, *types_or_args: Any, **named: Any) -> Diagram:
    """A picture of the classes that the methods ask for, with the methods on them.

    types_or_args, named  as for `explain`: then the picture is of this call, with the linearisation of each
                          argument's class, and the method that is called

    Notebooks show it. A solid arrow leads to a superclass, a dashed one to a class that says of itself
    who its subclasses are.

    >>> from arraykit.dispatch import Multimethod
    >>> f = Multimethod("f")
    >>> _ = f.register(int)(hex)
    >>> _ = f.register(object)(repr)
    >>> print(f.diagram().mermaid)  # doctest: +ELLIPSIS
    ---
    title: "f: 2 methods"
    ...
    flowchart RL
    ...
    """
    from .hierarchy import of_call, of_methods

    asked = types_or_args or named
    return Diagram(of_call(self.explain(*types_or_args, **named)) if asked else of_methods(self))


FORMS = {".svg": "svg", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".mermaid": "mermaid"}


class Diagram:
    """A picture in several notations.

    picture  what is in it
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture

    @property
    def svg(self) -> str:
        """An SVG file."""
        from .drawing import svg

        return svg(self.picture)

    @property
    def dot(self) -> str:
        """For graphviz."""
        from .graph_text import dot

        return dot(self.picture)

    @property
    def mermaid(self) -> str:
        """For Mermaid, which many sites draw in Markdown."""
        from .graph_text import mermaid

        return mermaid(self.picture)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a file, in the form that its name ends in: .svg, .dot or .gv, .mmd or .mermaid.

        Raises ValueError for another ending.
        """
        from pathlib import Path

        file = Path(path)
        form = FORMS.get(file.suffix.lower())
        if form is None:
            raise ValueError(f"Diagram.save: {file.name!r} should end in one of {', '.join(FORMS)}")
        file.write_text(getattr(self, form), encoding="utf-8")

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<diagram of {self.picture.title}>"
