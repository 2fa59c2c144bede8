"""Dtypes that a plug-in in C brings keep the laws that all dtypes must keep."""

from typing import ClassVar

import arraykit as ak
import c_plugins
from arraykit.testing import DTypeTests

c_plugins.odd()
level, text = ak.dtype("odd.level"), ak.dtype("odd.text")


class Test_level(DTypeTests):
    dtype = "odd.level"
    samples = (level(3), level(0), level(-7), level("unknown"), level(1000))
    exact = (level(3), level(0), level(-7))
    neighbours: ClassVar = {"odd.level": "odd.level", "string": None, "?odd.level": "?odd.level"}


class Test_text(DTypeTests):
    dtype = "odd.text"
    samples = (text("b"), text(""), text("more than sixteen bytes"), text("ärger"))
    neighbours: ClassVar = {"int64": None, "?odd.text": "?odd.text"}
