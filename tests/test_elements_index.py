"""The table of element types, and how many laws each is held to, as the documents show it."""

import inspect
import re
from importlib import import_module

import arraykit as ak
from arraykit.testing import DTypeTests
from codebase import ROOT
from test_coverage import INDEX, keep, printed

PAGES = {path.stem: path for path in sorted((ROOT / "docs/elements").glob("*.md")) if path != INDEX}


def tables():
    """Every table of a dtype in the tests."""
    for path in sorted((ROOT / "tests").glob("test_*.py")):
        if "DTypeTests" in path.read_text("utf-8") and path.stem not in (
            "test_elements_index",
            "test_testing",
        ):
            for value in vars(import_module(path.stem)).values():
                if (
                    inspect.isclass(value)
                    and issubclass(value, DTypeTests)
                    and value is not DTypeTests
                    and value.samples
                ):
                    yield value


def made() -> str:
    lines = ["| dtype | bytes | tests of its laws | example items |", "| --- | --- | --- | --- |"]
    for table in sorted(tables(), key=lambda t: (ak.dtype(t.dtype).itemsize, ak.dtype(t.dtype).name)):
        dtype = ak.dtype(table.dtype)
        if not dtype.name.startswith("test_"):
            items = ", ".join(shown(item) for item in table().items[:3])
            lines.append(f"| `{dtype.name}` | {dtype.itemsize} | {table.count()} | {items} |")
    pages = [f"* [{title(path)}]({path.name})" for path in PAGES.values()]
    return "\n".join([*lines, "", "Pages:", "", *pages])


def shown(item) -> str:
    text = repr(item) if isinstance(item, str | bytes) else str(item)
    return f"`{text}`".replace("|", "\\|")


def title(path) -> str:
    return re.match(r"# (.*)", path.read_text("utf-8"))[1]


def test_the_index_shows_all_element_types_and_counts():
    """ARRAYKIT_UPDATE_GOLDEN=1 writes the page as things are now."""
    made = "import test_elements_index as index; print(index.made())"
    keep(INDEX, printed("-c", made, PYTHONPATH=str(ROOT / "tests")))
