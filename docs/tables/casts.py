"""Writes the table of docs/casts.md from what casts do, or checks that it is so.

python docs/tables/casts.py [--write]
"""

import sys
from pathlib import Path

import arraykit as ak

PAGE = Path(__file__).parents[1] / "casts.md"
BEGIN, END = "<!-- table: docs/tables/casts.py -->\n", "<!-- end of table -->\n"
LEVELS = ("exact", "safe", "same_kind", "checked", "unsafe")
ROWS = [
    (7, "int8", "int64"),
    (2.0, "float64", "int8"),
    (2.5, "float64", "int8"),
    (300, "int64", "int8"),
    (300.0, "float64", "int8"),
    (-1, "int8", "uint8"),
    (float("nan"), "float64", "int8"),
    (float("inf"), "float64", "int8"),
    (2**53 + 1, "int64", "float64"),
    (0.1, "float64", "float16"),
    (1e300, "float64", "float32"),
    (1 + 2j, "complex128", "float64"),
    (1 + 0j, "complex128", "float64"),
    (3, "int8", "bool"),
    (100, "int64", "decimal[4, 2]"),
    (2**70, "bigint", "int64"),
    ("12", "string", "int8"),
]


def cell(value: object, given: str, wanted: str, casting: str) -> str:
    try:
        made = ak.astype(ak.asarray([value], dtype=given), wanted, casting=casting)
    except (ArithmeticError, TypeError, ValueError) as error:
        return type(error).__name__
    if casting == "unsafe" and cell(value, given, wanted, "checked").endswith("Error"):
        return "anything" if given.startswith("float") else f"`{made[0]}`"  # the processor's choice
    return f"`{made[0]}`"


def table() -> str:
    lines = ["| " + " | ".join(["value", "from", "to", *LEVELS]) + " |", "| --- " * (3 + len(LEVELS)) + "|"]
    for value, given, wanted in ROWS:
        cells = [cell(value, given, wanted, casting) for casting in LEVELS]
        lines.append("| " + " | ".join([f"`{value!r}`", f"`{given}`", f"`{wanted}`", *cells]) + " |")
    return "\n" + "\n".join(lines) + "\n\n"


def main() -> int:
    text = PAGE.read_text("utf-8")
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    current = text[:start] + table() + text[end:]
    if "--write" in sys.argv:
        PAGE.write_text(current, "utf-8")
    elif current != text:
        print("docs/casts.md is of yesterday: python docs/tables/casts.py --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
