"""The command line: what each command prints, its exit status, and what wrong words get."""

import os
import re
import subprocess
import sys
from fractions import Fraction
from importlib import metadata

import arraykit
import pytest
from arraykit.__main__ import main
from arraykit.cli import UsageError, config, names
from arraykit.cli.page import Page
from arraykit.tour import questions, weather
from codebase import ROOT
from golden import check_golden


@pytest.fixture
def said(capsys):
    """Runs a command in this process; its status and what it printed."""

    def run(*words):
        status = main(words)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_the_tour_checks_every_result_and_shows_both_tiers(said):
    status, out, err = said("tour")
    assert status == 0 and not err
    assert "WRONG" not in out and re.search(r"\d+ results checked, none wrong", out)
    assert out.count("exact") >= len(questions.QUESTIONS)
    for word in (
        "list of floats",
        "numpy.ndarray",
        "Runs (new array type)",
        "ratio (new dtype)",
        "arraykit explain",
    ):
        assert word in out


def test_a_wrong_result_makes_the_tour_fail(said, monkeypatch):
    lying = questions.QUESTIONS[0]._replace(exactly=lambda rain: sum(rain, Fraction(1, 1000)))
    monkeypatch.setattr("arraykit.tour.story.QUESTIONS", (lying,))
    status, out, _ = said("tour")
    assert status == 1 and "WRONG" in out and "none wrong" not in out


def test_the_tour_runs_without_rich_and_without_a_terminal(tmp_path):
    code = (
        "import sys; sys.modules['rich'] = None; from arraykit.__main__ import main; sys.exit(main(['tour']))"
    )
    environment = {k: v for k, v in os.environ.items() if k not in ("TERM", "COLUMNS")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "none wrong" in done.stdout and "\x1b" not in done.stdout


def test_explain_names_every_candidate_and_the_winner(said):
    status, out, _ = said("explain", "dot(Array[float32], ndarray[int64])")
    assert status == 0
    assert "dot" in out and "float64" in out
    for method in arraykit.dot.methods:
        assert str(method) in out


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("dott(Array, Array)", "did you mean dot"),
        ("dot(Aray, Array)", "did you mean Array"),
        ("dot(Array[float46], Array)", "float64"),
        ("dot(Array, Array", "is no call"),
        ("dot", "is no call"),
        ("nowhere.f(Array)", "cannot be imported"),
        ("os.getcwd()", "not a generic function"),
    ],
)
def test_a_call_that_names_nothing_says_what_would(said, call, expected):
    status, out, err = said("explain", call)
    assert status == 2 and not out
    assert expected in err and err.startswith("arraykit explain: ")


def test_methods_lists_methods_and_kernels_of_one_function(said):
    status, out, _ = said("methods", "dot")
    assert status == 0
    assert all(str(method) in out for method in arraykit.dot.methods)
    assert "float64[n], float64[n] -> float64" in out and "native" in out


def test_methods_without_a_name_lists_all_functions(said):
    status, out, _ = said("methods")
    assert status == 0 and {"dot", "sum", "add", "matmul"} <= set(re.findall(r"^\s*(\w+)", out, re.M))


def test_diagram_prints_or_writes_a_picture(said, tmp_path):
    status, out, _ = said("diagram", "dot")
    assert status == 0 and out == arraykit.dot.diagram().mermaid
    for name in ("dot.svg", "dot.dot", "dot.mmd"):
        status, out, _ = said("diagram", "dot(Array, ndarray[int64])", "-o", str(tmp_path / name))
        assert status == 0 and not out
    assert "dot(Array, ndarray) calls dot(Strided, Strided)" in (tmp_path / "dot.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("dott",), "did you mean dot"),
        (("dot(", "-o", "x.svg"), "is no call"),
        (("dot", "-o", "dot.png"), "should end in one of .svg"),
        (("dot", "-o", "/no/such/folder/dot.svg"), "No such file"),
    ],
)
def test_diagram_says_what_is_wrong(said, words, expected):
    status, out, err = said("diagram", *words)
    assert status == 2 and not out
    assert expected in err and err.startswith("arraykit diagram: ")


def test_config_answers_every_question(said):
    status, out, _ = said("config")
    assert status == 0 and "unknown" not in out
    assert all(name in out for name in config.facts())


def test_a_fact_that_cannot_be_had_is_said_to_be_unknown(monkeypatch):
    def broken():
        raise OSError("no such thing")

    monkeypatch.setitem(config.QUESTIONS, "BLAS", broken)
    assert config.facts()["BLAS"] == "unknown (OSError: no such thing)"


def test_names_of_classes_in_modules_are_imported():
    _, arguments = names.parse_call("add(fractions.Fraction, float)")
    assert [a.array_type for a in arguments] == [Fraction, float]
    with pytest.raises(UsageError, match="not a class"):
        names.parse_call("add(os.getcwd, float)")


def test_a_page_says_the_same_with_and_without_rich(capsys):
    for rich in (True, False):
        page = Page(rich=rich)
        page.heading("Title")
        page.line("[not markup]")
        page.table(["a", "b"], [["1", "[2]"]], "caption")
        out = capsys.readouterr().out
        assert {"Title", "[not markup]", "caption", "1", "[2]"} <= set(re.split(r"[\s─]{1,}|\n", out)) | {
            "[not markup]"
        }
        assert "[not markup]" in out


def test_the_data_are_as_described():
    table = weather.load()
    described = (ROOT / "arraykit/data/README.md").read_text()
    for name, column in table.items():
        missing = column.count(weather.MISSING)
        assert re.search(rf"\| `{name}` \|[^|]*\| {missing} \|", described), name
    assert f"{len(table['time'])} rows" in described and f"{len(table)} columns" in described
    assert sorted(set(table["time"])) == list(table["time"])


def test_an_unknown_column_names_the_columns():
    with pytest.raises(KeyError, match="the columns are time, temperature"):
        weather.column("rain", float)


def test_check_finds_nothing_in_a_clean_installation(tmp_path):
    """In a process of its own, for tests and the tour register methods."""
    command = [sys.executable, "-W", "error", "-m", "arraykit", "check", "arraykit"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    assert re.match(r"no ambiguities in \d+ multimethods with \d+ methods", done.stdout)


def test_check_imports_what_it_is_told_to_and_fails_for_what_it_finds(said, tmp_path, monkeypatch):
    (tmp_path / "tied_shapes.py").write_text(
        "from arraykit.dispatch import Multimethod, on_arrival\n"
        "class A: ...\n"
        "class B: ...\n"
        "class Both(A, B): ...\n"
        "f = Multimethod('f')\n"
        "f.register(A, B)(lambda a, b: None)\n"
        "def more():\n"
        "    f.register(B, A)(lambda a, b: None)\n"
        "on_arrival('tied_shapes', more)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    status, out, _ = said("check", "tied_shapes")
    assert status == 1
    check_golden("cli_check", out)
    status, out, _ = said("check", "tied_shapes", "--methods-alone")
    assert (status, out) == (0, "no ambiguities in 1 multimethod with 2 methods\n")


def test_check_says_what_cannot_be_imported(said):
    status, out, err = said("check", "no_such_module")
    assert status == 2 and not out
    assert err.startswith("arraykit check: no_such_module cannot be imported: ")


def test_check_without_modules_loads_the_plug_ins_and_goes_on_without_broken_ones(said, monkeypatch):
    entry = metadata.EntryPoint("methods.broken", "no_such_module_at_all", "arraykit.plugins")
    monkeypatch.setattr("arraykit.dispatch.plugins.entries", lambda: {entry.name: entry})
    monkeypatch.setattr("arraykit.cli.check.entries", lambda: {entry.name: entry})
    with pytest.warns(arraykit.dispatch.PluginWarning, match="no_such_module_at_all"):
        _, out, _ = said("check", "--methods-alone")
    assert "multimethods with" in out
