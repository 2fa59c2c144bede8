"""Draws the pictures of docs/dispatch.md into the folder that is named: `python docs/pictures/shapes.py FOLDER`."""

import sys
from pathlib import Path

from arraykit.dispatch import multimethod


class Shape: ...


class Round(Shape): ...


class Circle(Round): ...


class Polygon(Shape): ...


class Square(Polygon): ...


@multimethod
def meets(a: Shape, b: Shape):
    return "somehow"


@meets.register
def _(a: Round, b: Polygon):
    return "in up to two points a side"


@meets.register
def _(a: Circle, b: Circle):
    return "in two points"


@meets.register
def _(a: Polygon, b: Polygon):
    return "where sides cross"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    meets.diagram().save(folder / "methods.svg")
    meets.diagram(Circle(), Square()).save(folder / "call.svg")
