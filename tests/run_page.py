"""Runs the python examples of a document in one fresh namespace, in order: `python run_page.py FILE`.

Blocks that begin with `>>>` are compared with what they show; others are executed.  A block behind the line
`<!-- needs NAME -->` shows another library, and is run where that is installed; one behind the line
`<!-- file NAME -->` is written to a file of that name here before the others run.  Exits with the number of
failed examples.
"""

import doctest
import re
import sys
from importlib.util import find_spec
from pathlib import Path

BLOCK = re.compile(r"^(?:<!-- needs (\w+) -->\n)?```(\w*)[^\n]*\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"^<!-- file (\S+) -->\n```\w*\n(.*?)^```$", re.M | re.S)
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(text: str, kind: str) -> list[str]:
    return [
        body
        for needed, language, body in BLOCK.findall(text)
        if language == kind and not (needed and find_spec(needed) is None)
    ]


def run(page: Path) -> int:
    for name, text in FILE.findall(page.read_text(encoding="utf-8")):
        Path(name).write_text(text, encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for number, block in enumerate(blocks(page.read_text(encoding="utf-8"), "python"), 1):
        title = f"{page.name}, block {number}"
        if block.lstrip().startswith(">>>"):
            example = doctest.DocTestParser().get_doctest(block, names, title, str(page), 0)
            runner.run(example, clear_globs=False)
            names = example.globs
        else:
            exec(compile(block, title, "exec"), names)
    return runner.summarize(verbose=False).failed


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
