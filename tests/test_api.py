"""What ``import grader`` offers: its names, its examples, a report in one line, a whole class."""

import contextlib
import doctest
import inspect
import io
import shutil
from importlib.resources import files

import pytest

import grader
from grader import errors, report
from grader.grading import session
from tests.notebooks import REFERENCE, ROOT
from tests.reports import samples

SAMPLE = ROOT / "tests" / "samples" / "submission.ipynb"
TWO = samples.report(samples.check("layer_shapes"), samples.check("forward_output"))


def run_examples(module, **names):
    finder = doctest.DocTestFinder(recurse=True)
    flags = doctest.IGNORE_EXCEPTION_DETAIL | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(optionflags=flags)
    tried = 0
    for test in finder.find(module, extraglobs=names):
        runner.run(test)
        tried += len(test.examples)
    assert runner.failures == 0
    return tried


def test_examples_of_reports_and_errors():
    assert run_examples(report, sample=TWO.to_json()) >= 4
    assert run_examples(errors) >= 1


@pytest.mark.slow
@pytest.mark.usefixtures("workers")
def test_examples_of_grading(tmp_path, monkeypatch):
    shutil.copy(SAMPLE, tmp_path / "submission.ipynb")
    monkeypatch.chdir(tmp_path)
    assert run_examples(grader) >= 4
    assert run_examples(session) >= 3


def test_help_begins_with_grade():
    with contextlib.redirect_stdout(io.StringIO()) as told:
        help(grader)
    assert "grade(path)" in "\n".join(told.getvalue().split("\n")[:8])


def test_every_name_is_there_documented_and_typed():
    assert files("grader").joinpath("py.typed").is_file()
    for name in grader.__all__:
        assert inspect.getdoc(getattr(grader, name)), name
    for function in (grader.grade, grader.grade_class):
        parameters = inspect.signature(function).parameters.values()
        assert all(one.annotation is not one.empty for one in parameters)
        assert all(one.kind is not one.VAR_KEYWORD for one in parameters)


def test_a_report_is_one_line_and_comes_back():
    assert len(repr(samples.DESIGN)) < 100
    assert "\n" not in repr(samples.DESIGN)
    assert grader.Report.from_json(samples.DESIGN.to_dict()) == samples.DESIGN


@pytest.mark.slow
@pytest.mark.usefixtures("workers")
def test_a_class_is_yielded_one_by_one_also_what_cannot_be_read(tmp_path):
    for name, source in (("kim", SAMPLE), ("lee", SAMPLE), ("park", REFERENCE)):
        (tmp_path / name).mkdir()
        shutil.copy(source, tmp_path / name / "mlp.ipynb")
    (tmp_path / "choi").mkdir()
    (tmp_path / "choi" / "mlp.ipynb").write_text("no notebook")
    found = {
        one.submission.student: one
        for one in grader.grade_class(tmp_path, "mlp", seed=3, isolation="auto")
    }
    assert found.keys() == {"kim", "lee", "park", "choi"}
    assert (found["park"].score, found["kim"].score) == (100, found["lee"].score)
    assert found["choi"].notes[0].code == "unreadable"


@pytest.mark.parametrize(
    ("options", "error"),
    [({"device": "gpu"}, "no such device"), ({"rooster": "a.csv"}, "there is no option")],
)
def test_a_class_refuses_what_the_command_refuses(options, error):
    with pytest.raises(grader.GraderError, match=error):
        grader.grade_class("nowhere", "mlp", **options)
