"""What stands in a blank decides that blank alone."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from grader.report import Status
from tests.notebooks import (
    EVALUATION,
    MODEL,
    TRAINING,
    cell,
    changed,
    code,
    filled,
    solved,
    sources,
    template,
    text,
)


def statuses(report: Any) -> dict[str, str]:
    return {c.id: c.status.value for c in report.checks}


def codes(report: Any, check: str) -> list[str]:
    return [f.code for c in report.checks if c.id == check for f in c.findings]


def test_the_template_scores_nothing(grade: Any) -> None:
    report = grade(template())
    assert report.score == 0
    assert set(statuses(report).values()) == {"not_attempted"}
    assert [f.blank for f in report.checks[3].findings] == [5, 6, 7]
    assert {f.code for c in report.checks for f in c.findings} == {"not_filled_in"}


@pytest.mark.parametrize(
    ("number", "answer", "check", "line"),
    [
        (1, "self.xdim self.hdim", "layer_shapes", 11),
        (2, "self.hdim, self.ydim))", "layer_shapes", 14),
        (3, "batch_in.view(-1, 28*28", "eval_accuracy", None),
        (4, "y_pred = y_trgt", "eval_accuracy", 13),
        (5, "optm.zero_grad(", "step_order", 11),
        (6, "loss_out backward()", "step_order", 12),
        (7, "optm.step())", "step_order", 13),
    ],
)
def test_a_syntax_error_costs_its_blank_alone(
    number: int, answer: str, check: str, line: int | None, grade: Any
) -> None:
    report = grade(filled({number: answer}))
    found = next(c for c in report.checks if c.id == check)
    assert found.status is Status.ERROR
    assert [(f.code, f.blank) for f in found.findings] == [("syntax_error", number)]
    # A notebook written with a later Python may be read by that one.
    assert f"Python 3.{sys.version_info.minor} cannot" in found.findings[0].message
    finding = found.findings[0]
    assert finding.column is not None
    assert line is None or finding.line == line
    assert finding.excerpt
    # The other blank of a check that shares its points keeps its half.
    assert found.score == (0 if check == "step_order" else 10)
    others = {"eval_accuracy", "step_order"} if number <= 2 else {"layer_shapes", "forward_output"}
    others |= {"eval_accuracy", "step_order"} - {check}
    assert all(c.status is Status.PASSED for c in report.checks if c.id in others - {check})


@pytest.mark.parametrize(
    "answers", ["optm.zero_grad()\n{0}loss_out.backward()\n{0}optm.step()", ""]
)
def test_markers_that_a_tool_has_moved_to_given_lines(answers: str, grade: Any) -> None:
    notebook = template()
    own = cell(notebook, TRAINING)
    lines = [line for line in text(own).split("\n") if "FILL IN HERE" not in line]
    indent = " " * 8
    at = next(n for n, line in enumerate(lines) if "loss_val_sum +=" in line)
    lines[at:at] = [indent + answers.format(indent)] * bool(answers)
    # As marimo's conversion leaves them, where two cells bind the same name.
    given = [n for n, line in enumerate(lines) if "_accr = " in line or "loss_val_avg = " in line]
    for n in given:
        lines[n] += "  # FILL IN HERE"
    own["source"] = "\n".join(lines)
    (found,) = [c for c in grade(notebook).checks if c.id == "step_order"]
    assert found.status is (Status.PASSED if answers else Status.NOT_ATTEMPTED)
    assert found.score == (20 if answers else 0)


def test_two_syntax_errors_are_both_named(grade: Any) -> None:
    report = grade(filled({3: "batch_in.view(", 4: "y_pred = y_trgt"}))
    assert codes(report, "eval_accuracy") == ["syntax_error", "syntax_error"]
    assert {f.blank for f in report.checks[2].findings} == {3, 4}
    assert report.checks[2].score == 0
    assert report.checks[3].status is Status.PASSED


def test_a_syntax_error_beside_a_wrong_answer(grade: Any) -> None:
    report = grade(filled({1: "self.hdim, self.xdim", 2: "self.hdim self.ydim"}))
    assert {(f.code, f.blank) for f in report.checks[0].findings} == {
        ("syntax_error", 2),
        ("swapped_dims", 1),
    }
    assert report.checks[0].score == 0


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("model.lin_2.bias.fill_(0)", "changes_the_model"),
        ("model.half().float()", "changes_the_model"),
        ("optm.step()", "trains_the_model"),
    ],
)
@pytest.mark.parametrize(
    ("right", "broken", "stopped"),
    [
        ("                y_pred == y_trgt", "                (y_pred == y_trgt", "syntax_error"),
        ("batch_in.view(-1, 28*28).to(device)\n", "batch_in.view(3, 5)\n", "raises"),
    ],
)
def test_what_the_function_does_beside_is_no_fault_of_an_answer_put_aside(
    right: str, broken: str, stopped: str, line: str, code: str, grade: Any
) -> None:
    beside = changed("        model.eval()", f"        model.eval()\n        {line}")
    report = grade(changed(right, broken, beside))
    assert {stopped, code} <= set(codes(report, "eval_accuracy"))
    assert report.checks[2].score == 0


@pytest.mark.parametrize(
    ("left", "check"),
    [(1, "layer_shapes"), (2, "layer_shapes"), (3, "eval_accuracy"), (4, "eval_accuracy")],
)
def test_one_empty_expression_blank_costs_half(left: int, check: str, grade: Any) -> None:
    report = grade(filled({left: "# FILL IN HERE"}))
    found = next(c for c in report.checks if c.id == check)
    assert [(f.code, f.blank) for f in found.findings] == [("not_filled_in", left)]
    assert (found.status, found.score) == (Status.FAILED, 10)


@pytest.mark.parametrize(
    ("left", "code"), [(5, "missing_zero_grad"), (6, "missing_backward"), (7, "missing_step")]
)
def test_one_empty_update_line(left: int, code: str, grade: Any) -> None:
    report = grade(filled({left: "# FILL IN HERE"}))
    assert [(f.code, f.blank) for f in report.checks[3].findings] == [(code, left)]
    assert statuses(report)["eval_accuracy"] == statuses(report)["layer_shapes"] == "passed"


def test_an_error_is_carried_forward(grade: Any) -> None:
    """The first blank stops the class; the second is judged all the same."""
    report = grade(filled({1: "self.x_dim, self.hdim", 2: "self.ydim, self.hdim"}))
    assert {(f.code, f.blank) for f in report.checks[0].findings} == {
        ("raises", 1),
        ("swapped_dims", 2),
    }
    report = grade(filled({3: "batch_in.view(256, 784)", 4: "y_pred != y_trgt"}))
    assert {f.blank for f in report.checks[2].findings} == {3, 4}
    report = grade(filled({5: "pass", 6: "loss.backward()"}))
    assert {f.blank for f in report.checks[3].findings} == {5, 6}


def test_blanks_on_one_line_each_are_marked(grade: Any) -> None:
    notebook = changed(
        "nn.Linear(\n            self.xdim, self.hdim\n        )",
        "nn.Linear(self.hdim, self.xdim)  # 가나다",
    )
    finding = grade(notebook).checks[0].findings[0]
    line = finding.excerpt[0].text
    assert line[finding.column : finding.end_column] == "self.hdim, self.xdim"


def test_columns_count_characters_not_bytes(grade: Any) -> None:
    notebook = changed("self.xdim = xdim", "이름 = '가나다'; self.xdim = xdim")
    notebook = changed(
        "nn.Linear(\n            self.xdim, self.hdim\n        )",
        "nn.Linear(*('가나' and ()), self.hdim, self.xdim)",
        notebook,
    )
    finding = grade(notebook).checks[0].findings[0]
    line = next(n.text for n in finding.excerpt if n.number == finding.line)
    assert line[finding.column : finding.end_column] == "*('가나' and ()), self.hdim, self.xdim"


@pytest.mark.parametrize("gone", [EVALUATION, TRAINING, "class MultiLayerPerceptronClass"])
def test_a_missing_part_costs_its_checks_alone(gone: str, grade: Any) -> None:
    report = grade(code([s for s in sources(solved()) if gone not in s]))
    lost = {c.id for c in report.checks if c.score == 0}
    expected = {
        EVALUATION: {"eval_accuracy"},
        TRAINING: {"step_order", "learns"},
        "class MultiLayerPerceptronClass": {"layer_shapes", "forward_output", "learns"},
    }[gone]
    assert lost == expected
    assert all(c.findings[0].code == "part_missing" for c in report.checks if c.id in lost)


def test_a_part_that_cannot_be_read_at_all(grade: Any) -> None:
    notebook = solved()
    target = cell(notebook, "class MultiLayerPerceptronClass")
    target["source"] = text(target).replace("def __init__(self, name", "def __init__(self name")
    report = grade(notebook)
    assert statuses(report)["layer_shapes"] == "error"
    assert report.checks[0].findings[0].line == 4
    assert statuses(report)["eval_accuracy"] == statuses(report)["step_order"] == "passed"


def test_a_loop_in_a_function_that_nobody_calls(grade: Any) -> None:
    notebook = solved()
    target = cell(notebook, TRAINING)
    body = "\n".join("    " + line for line in text(target).split("\n"))
    target["source"] = f"def train():\n{body}"
    report = grade(notebook)
    assert codes(report, "step_order") == ["never_called"]
    assert statuses(report)["step_order"] == "failed"


def test_given_code_that_was_changed_is_noted_and_costs_nothing(grade: Any) -> None:
    report = grade(changed("n_total += batch_in.size(0)", "n_total += len(batch_in)"))
    assert report.score == 100
    assert [f.code for f in report.notes] == ["given_code_changed"]
    assert grade(solved()).notes == ()


def test_more_prints_are_no_change(grade: Any) -> None:
    assert (
        grade(
            changed("n_total, n_correct = 0, 0", "n_total, n_correct = 0, 0\n        print('안녕')")
        ).notes
        == ()
    )


def test_only_the_blank_is_blamed_where_only_blanks_were_changed(grade: Any) -> None:
    """The same mistake can be made around the blanks, and then it is no blank's."""
    inside = grade(filled({4: "y_pred.unsqueeze(1) == y_trgt"}))
    (finding,) = inside.checks[2].findings
    assert (finding.code, finding.blank, inside.score) == ("prediction_as_column", 4, 90)
    around = changed("torch.max(model_pred, 1)", "torch.max(model_pred, 1, keepdim=True)")
    outside = grade(around)
    (finding,) = outside.checks[2].findings
    assert (finding.code, finding.blank, outside.score) == ("prediction_as_column", None, 80)


def test_numbers_that_differ_are_shown_to_differ(grade: Any) -> None:
    report = grade(changed("n_correct / n_total", "n_correct / (n_total + 1e-3)"))
    (finding,) = report.checks[2].findings
    assert finding.code == "wrong_accuracy"
    assert finding.got != finding.expected


@pytest.mark.parametrize(
    ("answer", "advice"),
    [("self.xdim\uff0c self.hdim", "anew"), ("self.xdim,\u00a0self.hdim", "anew")],
)
def test_a_character_that_python_does_not_know(answer: str, advice: str, grade: Any) -> None:
    report = grade(filled({1: answer}))
    (finding,) = report.checks[0].findings
    assert (finding.code, finding.blank) == ("syntax_error", 1)
    assert advice in str(finding.hint)


@pytest.mark.parametrize("layer", ["nn.Embedding(", "nn.Sequential(nn.Linear("])
def test_the_blank_that_makes_given_code_fail_is_blamed(layer: str, grade: Any) -> None:
    """init_param is right; what it is given by the first blank is not."""
    layers = cell(notebook := solved(), MODEL)
    made = "self.lin_1 = nn.Linear(\n            self.xdim, self.hdim\n        )"
    assert made in layers["source"]
    answer = f"self.lin_1 = {layer}self.xdim, self.hdim{')' * layer.count('(')}"
    layers["source"] = layers["source"].replace(made, answer)
    report = grade(notebook)
    (finding,) = report.checks[0].findings
    assert (finding.code, finding.blank, report.score) == ("raises", 1, 50)


def test_a_loop_that_runs_goes_before_a_function_that_nothing_calls(grade: Any) -> None:
    notebook = changed("optm.zero_grad()", "pass")
    loop = sources(solved())[-2]
    draft = "def train():\n" + "\n".join(f"    {line}" for line in loop.split("\n"))
    report = grade(code([*sources(notebook)[:-2], draft, *sources(notebook)[-2:]]))
    assert codes(report, "step_order") == ["missing_zero_grad"]


def test_update_lines_below_the_loop_are_not_called_empty(grade: Any) -> None:
    lines = "optm.zero_grad()\nloss_out.backward()\noptm.step()"
    notebook = filled({5: "pass", 6: "pass", 7: "pass"})
    loop = cell(notebook, TRAINING)
    loop["source"] = f"{text(loop)}\n{lines}"
    (check,) = (c for c in grade(notebook).checks if c.id == "step_order")
    assert check.status is Status.FAILED
    last = len(text(loop).split("\n"))
    found = {f.code: f.line for f in check.findings}
    assert found == {
        "missing_zero_grad": last - 2,
        "missing_backward": last - 1,
        "missing_step": last,
    }
