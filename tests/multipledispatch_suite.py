"""The tests of multipledispatch 1.0.0, fetched once a machine and laid out to run against any package.

They are in no file on the package index, so they come from the project's repository, or from the source that
Debian keeps of it; they are never part of this repository. What was fetched is believed by its digest alone.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path

VERSION = "1.0.0"
TESTS = 62
DIGEST = "22b76b7bbb73958f6764bee426fe6856fc2acf8ecf7baa67ce12a2df54306313"
REPOSITORY = f"https://github.com/mrocklin/multipledispatch/archive/refs/tags/{VERSION}.tar.gz"
IN_DEBIAN = f"main/p/python-multipledispatch/python-multipledispatch_{VERSION}.orig.tar.gz"

NAMES = ("", ".conflict", ".core", ".dispatcher", ".utils", ".variadic")
CONFTEST = """
import importlib, sys
for name in {names!r}:
    sys.modules["multipledispatch" + name] = importlib.import_module({package!r} + name)


def pytest_report_header():
    return "tested: " + sys.modules["multipledispatch"].Dispatcher.__module__
"""


def lay_out(folder: Path, package: str) -> None:
    """Put the tests into `folder`, where `multipledispatch` means `package`."""
    with tarfile.open(archive()) as tar:
        for name, text in _tests(tar).items():
            (folder / name).write_bytes(text)
    (folder / "conftest.py").write_text(CONFTEST.format(names=NAMES, package=package))


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the tests in `folder` in an interpreter of their own."""
    command = [sys.executable, "-P", "-m", "pytest", "--benchmark-disable", "-p", "no:cacheprovider"]
    command += ["--rootdir", str(folder), str(folder)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def archive() -> Path:
    """The source archive; RuntimeError if it cannot be had."""
    folder = Path(tempfile.gettempdir()) / f"arraykit-suites-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    kept = folder / f"multipledispatch-{VERSION}.tar.gz"
    failures = []
    if kept.exists() and _is_right(kept):
        return kept
    for fetch in (_given, _from_repository, _from_debian):
        work = Path(tempfile.mkdtemp(dir=folder)) / kept.name
        try:
            fetch(work)
            if not _is_right(work):
                raise ValueError("it holds other tests")
            os.replace(work, kept)
            return kept
        except (OSError, ValueError, LookupError, tarfile.TarError, subprocess.CalledProcessError) as error:
            failures.append(f"  {fetch.__doc__}: {error}")
        finally:
            shutil.rmtree(work.parent)
    raise RuntimeError(
        f"the tests of multipledispatch {VERSION} could not be fetched; put the archive of its tag where "
        "ARRAYKIT_MULTIPLEDISPATCH_SOURCE says\n" + "\n".join(failures)
    )


def _given(to: Path) -> None:
    """the file that ARRAYKIT_MULTIPLEDISPATCH_SOURCE names"""
    shutil.copy(os.environ["ARRAYKIT_MULTIPLEDISPATCH_SOURCE"], to)


def _from_repository(to: Path) -> None:
    """the project's repository"""
    with urllib.request.urlopen(REPOSITORY, timeout=30) as answer:
        to.write_bytes(answer.read())


def _from_debian(to: Path) -> None:
    """the mirror that apt uses"""
    mirrors = [m for path in _sources() for m in re.findall(r"https?://\S+", path.read_text())]
    mirror = next(m.rstrip("/") for m in mirrors if m.rstrip("/").endswith("/debian"))
    command = ["/usr/lib/apt/apt-helper", "download-file", f"{mirror}/pool/{IN_DEBIAN}", str(to)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def _sources() -> list[Path]:
    folder = Path("/etc/apt")
    found = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*"))]
    return [path for path in found if path.is_file()]


def _is_right(path: Path) -> bool:
    with tarfile.open(path) as tar:
        tests = _tests(tar)
    digest = hashlib.sha256()
    for name in sorted(tests):
        digest.update(name.encode() + b"\0" + tests[name] + b"\0")
    return digest.hexdigest() == DIGEST


def _tests(tar: tarfile.TarFile) -> dict[str, bytes]:
    found = {}
    for member in tar.getmembers():
        path = Path(member.name)
        if member.isfile() and path.parts[1:-1] == ("multipledispatch", "tests"):
            stream = tar.extractfile(member)
            found[path.name] = stream.read() if stream else b""
    return found
