"""What the README shows is so."""

import doctest
import re
from pathlib import Path


def test_the_readme_shows_what_there_is():
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    example = doctest.DocTestParser().get_doctest(shown, {}, "README.md", None, 0)
    assert example.examples and doctest.DocTestRunner().run(example).failed == 0
