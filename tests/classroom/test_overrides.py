"""A TA's decisions are read from a file that people write by hand."""

import re
from dataclasses import replace

import pytest

from grader.classroom import Override
from grader.classroom.overrides import Overrides, load_overrides
from grader.classroom.overrides_example import example
from grader.errors import GraderError
from tests.gradebooks.people import graded

CHECKS = {"layer_shapes": 20.0, "step_order": 20.0, "learns": 12.5}


@pytest.fixture
def read(tmp_path):
    def read(text: str | bytes) -> Overrides:
        path = tmp_path / "overrides.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_overrides(path, CHECKS)

    return read


SOME = """\
[[student]]
id = "20231234"
checks.step_order = 20
checks.learns = 12.5
reason = " seen in the lab "
by = "Kim"

[[group]]
id = "9f3a"
score = 40
reason = '"ours"'

[[student]]
id = 20239999
score = 0
reason = "copied"
"""


def test_decisions_are_read(read):
    overrides = read(SOME)
    assert overrides.students == {
        "20231234": Override(
            reason="seen in the lab", checks={"step_order": 20.0, "learns": 12.5}, by="Kim"
        ),
        "20239999": Override(reason="copied", score=0.0),
    }
    assert overrides.groups == {"9f3a": Override(reason='"ours"', score=40.0)}


def test_the_students_own_decision_counts_before_the_groups(read):
    overrides = read(SOME)
    assert overrides.for_student("20231234", "9f3a").by == "Kim"
    assert overrides.for_student("other", "9f3a").score == 40
    assert overrides.for_student("20239999", "9f3a").score == 0
    assert overrides.for_student("other", "else") is None


def test_a_decision_changes_what_counts(read):
    overrides, one = read(SOME), graded("20231234", 40.0)
    decided = replace(one, override=overrides.for_student("20231234", one.group))
    assert decided.checks["step_order"] == 20
    assert decided.score == 72.5
    assert replace(one, override=overrides.for_student("20239999", "x")).score == 0
    assert replace(one, override=overrides.for_student("x", "9f3a")).score == 40


@pytest.mark.parametrize(("score", "counts"), [("39.999", "40"), ("-0.0", "0"), ("12.5", "12.5")])
def test_points_are_those_that_every_output_shows(read, score, counts):
    overrides = read(f'[[student]]\nid = "a"\nscore = {score}\nreason = "x"\n')
    assert f"{overrides.for_student('a', '').score:g}" == counts


def test_without_the_file_nothing_is_decided(tmp_path):
    assert load_overrides(tmp_path / "none.toml", CHECKS) == Overrides()


def test_a_file_of_windows_is_read(read):
    text = SOME.replace("\n", "\r\n").replace("20231234", "김민수")
    assert "김민수" in read(b"\xef\xbb\xbf" + text.encode()).students


def test_the_same_letters_are_the_same_id(read):
    parts = "\u1100\u1175\u11b7"  # 김, as macOS takes it apart
    overrides = read(f'[[student]]\nid = "{parts}"\nscore = 1\nreason = "x"\n')
    assert overrides.for_student("김", "").score == 1


def test_a_decision_for_nobody_is_said(read):
    overrides = read(SOME)
    assert overrides.without_effect(["20231234", "20239999"], iter(["9f3a"])) == ()
    one, two = overrides.without_effect(["20231243", "20239999"], ["0000"])
    assert one == (
        'overrides.toml decides for the student "20231234", and no graded work is that '
        'student\'s; did you mean "20231243"?'
    )
    assert 'the group "9f3a"' in two
    assert "mean" not in two


def entry(**changes) -> str:
    fields = {"id": '"kim"', "score": "10", "reason": '"why"'} | changes
    lines = [f"{key} = {value}" for key, value in fields.items() if value is not None]
    return "\n".join(["[[student]]", *lines, ""])


CASES = [
    (entry(id=None), ["number 1", "no id"]),
    (entry(id='" "'), ["no id"]),
    (entry(id="true"), ["no id"]),
    (entry(reason=None), ['(id "kim")', "no reason"]),
    (entry(reason='"  "'), ["no reason"]),
    (entry(reason="3"), ["no reason"]),
    (entry(by='""'), ["no by"]),
    (entry(score=None), ["no points are given", "checks.layer_shapes"]),
    (entry(score=None, checks="{}"), ["no points are given"]),
    (entry(**{"checks.learns": "1"}), ["both score and checks"]),
    (entry(score="52.6"), ["score is 52.6", "0 to 52.5"]),
    (entry(score="-1"), ["score is -1"]),
    (entry(score="nan"), ["score is nan"]),
    (entry(score="inf"), ["score is inf"]),
    (entry(score="true"), ["score is True"]),
    (entry(score='"10"'), ["score is 10", "without quotes"]),
    (entry(score=None, **{"checks.learns": "13"}), ["learns is 13", "0 to 12.5"]),
    (
        entry(score=None, **{"checks.learn": "1"}),
        ['no check "learn"', 'mean "learns"', "step_order"],
    ),
    (entry(score=None, checks="5"), ["checks.NAME"]),
    (entry(reasons='"x"'), ['"reasons" is not known', 'mean "reason"']),
    (entry(step_order="5"), ['"step_order" is not known', "checks.NAME"]),
    (entry() + entry(), ["number 2", '"kim" has an entry already']),
    (entry() + entry(id='"kim "'), ["already"]),
    (entry().replace("[[student]]", "[student]"), ["not a list", "[[student]]"]),
    (entry().replace("[[student]]", "[[students]]"), ['"students" is neither', "[[group]]"]),
    ('id = "kim"\n', ['"id" is neither']),
    ("student = [1]\n", ["not a list"]),
    (entry(id="00123"), ["not valid TOML", "line 2", "ids stand in quotes"]),
    (entry(reason="because"), ["not valid TOML", "line 4"]),
    (entry(id='"\\u001b[31mred"', score="99"), ['(id "red")']),
    (b'[[student]]\nid = "\xff"\n', ["cannot read", "UTF-8"]),
]


@pytest.mark.parametrize(("text", "says"), CASES)
def test_an_unclear_decision_is_refused_with_its_entry_and_a_hint(read, text, says):
    with pytest.raises(GraderError) as caught:
        read(text)
    assert caught.value.hint
    told = f"{caught.value.message}\n{caught.value.hint}"
    assert told.startswith(("overrides.toml", "cannot read overrides.toml"))
    for words in says:
        assert words in told
    assert "\x1b" not in told


def test_a_folder_in_its_place_is_refused(tmp_path):
    with pytest.raises(GraderError, match="cannot read"):
        load_overrides(tmp_path, CHECKS)


def test_the_example_decides_nothing(read):
    assert read(example(CHECKS)) == Overrides()
    assert read(example({})) == Overrides()


def test_the_example_is_right_when_its_marks_are_taken_away(read):
    lines = example(CHECKS).splitlines()
    samples = [
        line.removeprefix("#").strip() for line in lines if re.match(r"#   (\[\[|[\w.]+ = )", line)
    ]
    overrides = read("\n".join(samples))
    assert overrides.students["20231234"].checks == {"layer_shapes": 20.0}
    assert overrides.groups["9f3a"].score == 26.25
    assert all(name in example(CHECKS) for name in CHECKS)
    assert max(map(len, lines)) <= 100
