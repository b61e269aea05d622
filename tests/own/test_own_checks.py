"""A check in the assignment's folder: found, isolated, judged and told like the grader's own."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import load_assignment
from grader.errors import AssignmentError
from grader.grading.grader import Grader
from grader.report import Status
from grader.rubric.lint import lint
from tests.checks.plain_python import notebook
from tests.own.course import CHECK, write_course

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.report import CheckResult

Judged = "Callable[[str], CheckResult]"


@pytest.fixture(scope="module")
def own(tmp_path_factory: Any, shared_workers: Any) -> Iterator[Grader]:
    folder = write_course(tmp_path_factory.mktemp("course") / "reference" / "double")
    with Grader(folder, seed=5, device="cpu") as grader:
        with shared_workers.in_place():
            grader.start()
        yield grader


@pytest.fixture
def judged(own: Grader, tmp_path: Path) -> Callable[[str], CheckResult]:
    def of(source: str, grader: Grader = own) -> CheckResult:
        path = tmp_path / "one.ipynb"
        path.write_text(json.dumps(notebook([source])), encoding="utf-8")
        return grader.grade(path).checks[0]

    return of


def _double(answer: str, before: str = "") -> str:
    return f"import torch\n{before}\ndef double(x):\n    answer1 = {answer}\n    return answer1\n"


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        ("x + x", "passed", None),
        ("2 * x", "passed", None),
        ("3 * x", "failed", "thrice"),
        ("x", "failed", "observed_differs"),
        ("x[:1]", "failed", "observed_differs"),
        ("None", "failed", "observed_in_another_form"),
        ("'text'", "failed", "observed_in_another_form"),
        ("x.no_such()", "error", "raises"),
        ("1 / 0", "error", "raises"),
    ],
)
def test_a_student_gets_the_verdict_and_the_words_of_the_check(
    judged: Callable[[str], CheckResult], answer: str, status: str, code: str | None
) -> None:
    found = judged(_double(answer))
    assert found.status.value == status
    assert [one.code for one in found.findings] == ([] if code is None else [code])
    assert found.score == (10 if code is None else 0)


def test_words_of_the_file_are_what_a_student_reads(judged: Callable[[str], CheckResult]) -> None:
    (found,) = judged(_double("3 * x")).findings
    assert found.summary == "three times"
    assert "not twice as much" in found.message
    assert found.blank == 1


# What a student's code may try on the probe in its process, and on what it was told.
_LOOKING = """
import gc, sys
seen = [str(o) for o in gc.get_objects() if isinstance(o, dict)]
seen += [str(vars(m)) for n, m in list(sys.modules.items()) if "own_probe" in n]
words = ["".join(reversed(word)) for word in ("TERCESPEEK", "semit eerht", "egduj fed")]
if any(word in text for word in words for text in seen):
    raise SystemExit("found it")
"""
_PATCHING = """
import sys
for name, module in list(sys.modules.items()):
    if "own_probe" in name:
        module.probe = lambda student, challenge: {"doubled": []}
"""


@pytest.mark.parametrize("before", [_LOOKING, _PATCHING])
def test_hostile_code_finds_nothing_and_gains_nothing(
    judged: Callable[[str], CheckResult], before: str
) -> None:
    lines = "".join(f"    {line}\n" for line in before.strip().splitlines())
    for answer, most in (("x + x", 10), ("x", 0)):
        source = f"import torch\ndef double(x):\n{lines}    answer1 = {answer}\n    return answer1"
        found = judged(source)
        assert found.score <= most
        assert "found it" not in str(found.findings)


def test_only_the_probes_half_goes_to_the_student(own: Grader) -> None:
    check = own.assignment.checks[0]
    assert check.own is not None
    assert "KEEP" not in check.own.probe
    assert "def judge" not in check.own.probe
    assert "WORDS" not in check.own.probe
    assert "def _tensor" in check.own.probe
    assert "import torch" not in check.own.judge
    assert "def probe" not in check.own.judge


def test_what_the_check_does_wrong_costs_nobody_points(
    tmp_path: Path, judged: Any, shared_workers: Any
) -> None:
    probing = CHECK.replace("[student(_tensor(x)) for", "[student(_tensor(x)) * 1.0 for")
    judging = CHECK.replace("got.shape == want.shape and", "(got != want).any() and int('x') and")
    for number, (text, answer) in enumerate(((probing, "None"), (judging, "x"))):
        folder = write_course(tmp_path / str(number), text)
        with Grader(folder, seed=5, device="cpu") as grader:
            with shared_workers.in_place():
                grader.start()
            found = judged(_double(answer), grader)
        assert found.status is Status.INTERNAL_ERROR
        assert found.findings[0].code == "check_fault"
        assert "twice.py, line" in found.findings[0].message


BROKEN = [
    ("def draw(rng, options)", "def draw(rng, option)", 'draw gets nothing called "option"'),
    ("def draw(", "def drawing(", "there is no function draw"),
    ("def probe(", "def prob(", "there is no function probe"),
    ("    return torch.as_tensor(x)", "    return torch.tensr(x", "line 32: not valid Python"),
    ("_tensor(x)) for", "_tensr(x)) for", "line 36: the probe uses _tensr"),
    ("student(_tensor(x))", "judge", "the probe uses judge"),
    ("import torch\n", "import torchh\n", "torch"),
    ("    assert SECRET\n", "    import nosuchmodule\n", "there is no module nosuchmodule"),
    ("import torch\n", "import torch\nprint(1)\n", "line 8: this would run"),
    ("import torch\n", "import torch\nA = 1; B = 2\n", "line 8: two statements"),
    ("    return torch.as_", "    import grader\n    return torch.as_", "imports the grader"),
    ("    return []\n", "    return torch.zeros(3)\n", "the judge imports torch"),
    ("    return []\n", "    return NOTHING\n", "line 47: the judge uses NOTHING"),
    ('Remark("thrice"', 'Remark("thrise"', 'line 44: there are no words for "thrise"'),
    ('"summary": "three', '"sumary": "three', "line 11: WORDS"),
    ("class Options(TypedDict, total=False)", "class Options", "Options is no TypedDict"),
    ('SECRET = "KEEP" + "SECRET"', "SECRET = 1 / 0", "line 12: ZeroDivisionError"),
    ('options.get("most", 3)', "options['moost']", "line 28: KeyError"),
    ('"xs": [rng', '"xs": [object() or rng', "what draw returns cannot be sent"),
    ("rng.normal(size=3)", "rng", "cannot be sent.*Generator"),
    ("    most: int", "    mosst: int", 'check double has no key "most"'),
    ("    most: int", "    most: str", "toml, line 29: check double, most: it has to be a text"),
    ("    most: int", "    most: list[int]", "most: it has to be a list: a whole number"),
    ("    most: int", "    most: bool", "most: it has to be true or false, not 2"),
    ("{x} became {got}", "{y} became {got}", "line 11: no Remark.*thrice.*{y}"),
]  # fmt: skip


@pytest.mark.parametrize(("find", "put", "said"), BROKEN)
def test_a_file_that_is_wrong_is_told_before_anything_runs(
    tmp_path: Path, find: str, put: str, said: str
) -> None:
    assert find in CHECK
    folder = write_course(tmp_path / "x", CHECK.replace(find, put, 1))
    with pytest.raises(AssignmentError, match=said):
        Grader(folder)


@pytest.mark.parametrize(("find", "put", "said"), BROKEN)
def test_a_wrong_file_brings_no_second_error(
    tmp_path: Path, find: str, put: str, said: str
) -> None:
    folder = write_course(tmp_path / "x", CHECK.replace(find, put, 1))
    found = [told for told in lint(folder) if told.level == "error"]
    assert [told.message for told in found if re.search(said, told.message)]
    assert len(found) == 1, found


def test_a_misspelt_parameter_is_told_with_the_parameter(tmp_path: Path) -> None:
    text = CHECK.replace('for x in challenge["xs"]]}', 'for x in chalenge["xs"]]}')
    with pytest.raises(AssignmentError, match="the probe uses chalenge") as refused:
        load_assignment(str(write_course(tmp_path / "x", text)))
    assert refused.value.hint == 'did you mean "challenge"?'


def test_words_whose_facts_nobody_can_read_off_are_let_be(tmp_path: Path) -> None:
    text = CHECK.replace("{x} became", "{more} became")
    text = text.replace('facts={"x": x[0], "got": got[0]}', 'facts=dict(got=1, **{"more": 2})')
    assert load_assignment(str(write_course(tmp_path / "x", text)))


@pytest.mark.parametrize("name", ["calls", "2nd", "twicee"])
def test_a_name_that_no_check_can_have_is_told(tmp_path: Path, name: str) -> None:
    folder = write_course(tmp_path / "x")
    (folder / "checks" / f"{name}.py").write_text(CHECK, encoding="utf-8")
    with pytest.raises(AssignmentError, match=name):
        load_assignment(str(folder))


def test_the_kind_belongs_to_its_assignment_alone(tmp_path: Path) -> None:
    folder = write_course(tmp_path / "x")
    (folder / "checks" / "twice.py").unlink()
    with pytest.raises(AssignmentError, match='there is no kind "twice"'):
        Grader(folder)


def test_a_renamed_part_is_found_under_the_solved_notebooks_name(
    tmp_path: Path, judged: Any, shared_workers: Any
) -> None:
    text = CHECK.replace("[student(_tensor(x)) for", '[student["double"](_tensor(x)) for')
    with Grader(write_course(tmp_path / "x", text), seed=5, device="cpu") as grader:
        with shared_workers.in_place():
            grader.start()
        for name in ("double", "twice_as_much"):
            found = judged(_double("x + x").replace("double", name), grader)
            assert found.status is Status.PASSED, found
