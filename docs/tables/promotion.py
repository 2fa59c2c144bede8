"""Writes the tables of docs/promotion.md from what the promotion policies say, or checks that they are so.

python docs/tables/promotion.py [--write]
"""

import sys
from pathlib import Path

import arraykit as ak

PAGE = Path(__file__).parents[1] / "promotion.md"
BEGIN, END = "<!-- tables: docs/tables/promotion.py -->\n", "<!-- end of tables -->\n"
SHORT = {
    "bool_": "b1", "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8", "int8": "i1", "int16": "i2",
    "int32": "i4", "int64": "i8", "bfloat16": "bf", "float16": "f2", "float32": "f4", "float64": "f8",
    "complex64": "c8", "complex128": "c16",
}  # fmt: skip
WEAK = {"int": int, "float": float, "complex": complex}


def cell(policy: str, a: str, b: object) -> str:
    try:
        return SHORT[ak.result_type(a, b, promotion=policy).name]
    except ak.PromotionError:
        return "·"


def table(policy: str) -> str:
    heads = [*SHORT.values(), *WEAK]
    lines = ["| | " + " | ".join(heads) + " |", "| --- " * (len(heads) + 1) + "|"]
    for name, short in SHORT.items():
        cells = [cell(policy, name, b) for b in (*SHORT, *WEAK.values())]
        lines.append(f"| **{short}** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def tables() -> str:
    described = ak.dtypes.promotion_policies()
    parts = [
        f"### {name}\n\n{described[name][0].upper()}{described[name][1:]}.\n\n{table(name)}\n"
        for name in ("numpy", "jax", "strict")
    ]
    return "\n" + "\n".join(parts) + "\n"


def main() -> int:
    text = PAGE.read_text("utf-8")
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    current = text[:start] + tables() + text[end:]
    if "--write" in sys.argv:
        PAGE.write_text(current, "utf-8")
    elif current != text:
        print("docs/promotion.md is of yesterday: python docs/tables/promotion.py --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
