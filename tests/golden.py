"""Compares texts with the files of tests/golden, which hold what users are told.

Paths are normalised, so the files are the same on every machine. To accept new texts, run the tests once
with ARRAYKIT_UPDATE_GOLDEN=1 and look at the difference before committing it.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "golden"


def normalised(text: str) -> str:
    """The text without what differs between machines and edits: folders, line numbers, addresses."""
    text = re.sub(r"(?:/|[A-Za-z]:\\)[^\s'\":]*[/\\]([\w.-]+\.py)", r"\1", text)
    text = re.sub(r"(\.py):\d+", r"\1:LINE", text)
    text = re.sub(r"0x[0-9a-fA-F]{6,}", "0xADDRESS", text)
    return text.rstrip() + "\n"


def check_golden(name: str, text: str) -> None:
    """Assert that `text` is what tests/golden/<name>.txt holds."""
    path, text = FOLDER / f"{name}.txt", normalised(text)
    if os.environ.get("ARRAYKIT_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), (
        f"there is no {path.name}; write it with ARRAYKIT_UPDATE_GOLDEN=1 {sys.executable} -m pytest"
    )
    assert text == path.read_text(encoding="utf-8"), f"differs from {path}; see the head of {__file__}"
