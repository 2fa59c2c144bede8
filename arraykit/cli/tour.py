"""`arraykit tour`: one year of weather through every kind of array, checked against exact arithmetic.

Only tells the story; the data, the new types and the checks are files of `arraykit.tour`.
"""

from __future__ import annotations

import argparse

from .page import Page

__all__ = ["run"]


def run(arguments: argparse.Namespace) -> int:
    from ..tour import story

    return story.tell(Page())
