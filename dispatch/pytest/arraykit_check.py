"""The pytest plug-in `arraykit_check`: one test item that fails while methods of the tested packages tie.

A module of its own beside the package arraykit, for pytest loads it in every run: arraykit is imported only
if it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

OPTION = "--arraykit-check"
INI = "arraykit_check"
YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("arraykit").addoption(
        OPTION,
        nargs="?",
        action="append",
        const="",
        metavar="PACKAGE",
        help="add a test that fails if methods of multimethods tie, or hints name nothing; "
        f"{OPTION}=PACKAGE looks at what concerns this package only (repeatable)",
    )
    parser.addini(INI, f"true, or the packages of {OPTION}", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    wanted(config)  # refuse what is no name before anything is collected


def wanted(config: pytest.Config) -> list[str] | None:
    """The packages to look at, [] for all; None: no check is asked for.

    Raises pytest.UsageError for what is no name of a package.
    """
    if (given := config.getoption(OPTION)) is not None:
        if OPTION in config.invocation_params.args and any(given):
            raise pytest.UsageError(
                f"{OPTION}: write {OPTION}=PACKAGE with '=', or {OPTION} alone after the other arguments"
            )
    else:
        given = config.getini(INI)
        if not given or [word.lower() for word in given] in ([word] for word in NO):
            return None
    words = [word for word in given if word and word.lower() not in YES]
    for word in words:
        if not all(part.isidentifier() for part in word.split(".")):
            raise pytest.UsageError(f"{OPTION}: expected the name of a package, not {word!r}")
    return words


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """The check comes first: all test modules have been imported, and no test has made classes yet."""
    packages = wanted(config)
    if packages is not None:
        items.insert(0, Check.from_parent(session, name=INI, nodeid=INI, packages=packages))


class Found(Exception):
    """The text of a report with findings."""


class Check(pytest.Item):
    """The test item; it fails with the text of the report."""

    def __init__(self, *, packages: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.packages = packages

    def runtest(self) -> None:
        from arraykit.dispatch import check

        report = check(*self.packages)
        if report:
            raise Found(str(report))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Found):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{INI}: {', '.join(self.packages) or 'all multimethods'}"


@pytest.fixture(scope="session")
def arraykit_check() -> Iterator[Callable[..., Any]]:
    """A function of packages as `arraykit.dispatch.check`, which fails the test if there is anything to report."""
    from arraykit.dispatch import check

    def checked(*packages: str, existing: bool = True) -> Any:
        __tracebackhide__ = True
        report = check(*packages, existing=existing)
        if report:
            pytest.fail(str(report), pytrace=False)
        return report

    yield checked
