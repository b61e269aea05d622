"""Text that is no Python is named once, at its line; no answer that is there counts as missing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import (
    EVALUATION,
    MODEL,
    TRAINING,
    cell,
    changed,
    code,
    solved,
    sources,
)

ZERO, BACK, STEP = (
    "        optm.zero_grad()\n",
    "        loss_out.backward()\n",
    "        optm.step()\n",
)
EQUAL = "                y_pred == y_trgt\n"


def conflict(mine: str, other: str) -> str:
    return f"<<<<<<< local\n{mine}=======\n{other}>>>>>>> remote\n"


# What is changed into what; the check that loses points, the blank that is to blame, the line.
CASES = {
    "zero_grad at the margin": (ZERO, ZERO.lstrip(), "step_order", 5, "optm.zero_grad()"),
    "backward at the margin": (BACK, BACK.lstrip(), "step_order", 6, "loss_out.backward()"),
    "step at the margin": (STEP, STEP.lstrip(), "step_order", 7, "optm.step()"),
    "backward two columns to the left": (BACK, BACK[2:], "step_order", 6, BACK[2:-1]),
    "backward four columns to the right": (
        BACK,
        "    " + BACK,
        "step_order",
        6,
        "    " + BACK[:-1],
    ),
    "a tab": (BACK, "\t" + BACK.lstrip(), "step_order", 6, "\tloss_out.backward()"),
    "a conflict about one line": (ZERO, conflict(ZERO, BACK), "step_order", 5, "<<<<<<< local"),
    "a conflict about three": (
        ZERO + BACK + STEP,
        conflict(ZERO + BACK + STEP, STEP),
        "step_order",
        5,
        "<<<<<<< local",
    ),
    "a conflict in an expression": (
        EQUAL,
        conflict(EQUAL, EQUAL.replace("==", "!=")),
        "eval_accuracy",
        4,
        "<<<<<<< local",
    ),
    "a conflict around the blanks": (
        "        loss_val_sum += loss_out.item()\n",
        conflict("        loss_val_sum += 1\n", "        loss_val_sum += 2\n"),
        "step_order",
        None,
        "<<<<<<< local",
    ),
    "a given line at the margin": (
        "        y_pred = M(batch_in",
        "y_pred = M(batch_in",
        "step_order",
        None,
        "y_pred = M(batch_in.view(-1, 28*28).to(device))",
    ),
    "a colon that is missing": (
        "epoch == EPOCHS - 1:",
        "epoch == EPOCHS - 1",
        "step_order",
        None,
        "    if epoch % print_every == 0 or epoch == EPOCHS - 1",
    ),
}


def findings(report: Any) -> list[Any]:
    return [f for check in report.checks for f in check.findings if f.code != "follows"]


@pytest.mark.parametrize(("old", "new", "check", "blank", "line"), CASES.values(), ids=CASES)
def test_it_is_said_once_at_its_line(
    old: str, new: str, check: str, blank: int | None, line: str, grade: Any
) -> None:
    report = grade(changed(old, new))
    (finding,) = findings(report)
    assert (finding.code, finding.blank) == ("syntax_error", blank)
    assert [x.text for x in finding.excerpt if x.number == finding.line] == [line]
    assert next(c for c in report.checks if c.id == check).status.value == "error"
    unhurt = {c.id for c in report.checks if c.score == c.max_score}
    assert unhurt >= {"layer_shapes", "forward_output"}


def test_the_other_blank_of_a_conflict_keeps_its_points(grade: Any) -> None:
    report = grade(changed(EQUAL, conflict(EQUAL, EQUAL)))
    assert next(c for c in report.checks if c.id == "eval_accuracy").score == 10


def test_a_conflict_around_whole_statements(grade: Any) -> None:
    notebook = solved()
    c = cell(notebook, EVALUATION)
    whole = "".join(c["source"])
    c["source"] = conflict(whole + "\n", whole + "\n")
    found = findings(grade(notebook))
    assert {f.code for f in found} == {"syntax_error"}
    assert {f.line for f in found} == {1}


@pytest.mark.parametrize(
    ("part", "last"), [(TRAINING, "for epoch in"), (EVALUATION, "        model.train()")]
)
def test_a_split_whose_lower_half_could_be_read_alone(part: str, last: str, grade: Any) -> None:
    """IPython takes away the indentation with which a cell begins."""
    cells = sources(solved())
    at = next(n for n, source in enumerate(cells) if part in source)
    lines = cells[at].split("\n")
    kept = 1 + next(n for n, line in enumerate(lines) if line.startswith(last))
    cells[at : at + 1] = ["\n".join(lines[:kept]), "\n".join(lines[kept:])]
    (finding,) = findings(grade(code(cells)))
    assert (finding.code, finding.cell, finding.line) == ("syntax_error", at + 2, 1)
    assert "it was split there" in finding.message


@pytest.mark.parametrize("part", [TRAINING, EVALUATION])
@pytest.mark.parametrize("kept", [8, 9, 11, 12])
def test_a_cell_that_was_split_in_a_loop(part: str, kept: int, grade: Any) -> None:
    notebook = solved()
    lines = cell(notebook, part)["source"]
    lines = "".join(lines).split("\n")
    cells = sources(notebook)
    at = next(n for n, source in enumerate(cells) if part in source)
    cells[at : at + 1] = ["\n".join(lines[:kept]), "\n".join(["# %%", *lines[kept:]])]
    (finding,) = findings(grade(code(cells)))
    assert (finding.code, finding.blank, finding.cell) == ("syntax_error", None, at + 2)
    shown = next(line.text for line in finding.excerpt if line.number == finding.line)
    assert shown == next(line for line in lines[kept:] if not line.strip().startswith("#"))


def test_two_errors_in_one_cell_are_two_findings(grade: Any) -> None:
    broken = changed("self.xdim, self.hdim\n", "self.xdim self.hdim\n")
    report = grade(changed("self.hdim, self.ydim\n", "self.hdim, self.ydim))\n", broken))
    found = [(f.code, f.blank, f.message.split(": ", 1)[1]) for f in findings(report)]
    assert [(code, blank) for code, blank, _ in found] == [("syntax_error", 1), ("syntax_error", 2)]
    assert "unmatched" in found[1][2]
    assert "unmatched" not in found[0][2]


# Where it stands in the cell, and what a student left there: from a chat, an older Python, a slip.
STRAY = {
    "a fence above": ("```python\n{}", 0),
    "a fence below": ("{}\n```", -1),
    "a sentence above": ("Here is the corrected version:\n\n{}", 0),
    "a sentence below": ("{}\n\nLet me know if you need more!", -1),
    "a print of Python 2": ("{}\nprint 'done'", -1),
    "an open bracket": ("{}\nprint('done'", -1),
    "a shell line without its mark": ("pip install torch\n{}", 0),
    "a cell magic below other code": ("import time\n%%time\n{}", -1),
}
UNHURT = {"layer_shapes", "forward_output", "eval_accuracy", "step_order", "learns"}
LOST = {
    MODEL: {"layer_shapes", "forward_output", "learns"},
    EVALUATION: {"eval_accuracy"},
    TRAINING: {"step_order", "learns"},
}


def beside(part: str, form: str) -> dict[str, Any]:
    return code([form.replace("{}", s) if part in s else s for s in sources(solved())])


@pytest.mark.parametrize("part", LOST, ids=["model", "evaluation", "training"])
@pytest.mark.parametrize(("form", "where"), STRAY.values(), ids=STRAY)
def test_beside_a_part_it_keeps_the_cell_from_running(
    form: str, where: int, part: str, grade: Any
) -> None:
    report = grade(beside(part, form))
    (finding,) = findings(report)
    assert (finding.code, finding.blank) == ("syntax_error", None)
    text = [line for line in form.replace("{}", "").split("\n") if line][where]
    assert [x.text for x in finding.excerpt if x.number == finding.line] == [text]
    assert {c.id for c in report.checks if not c.score} == LOST[part]
    assert {c.id for c in report.checks if c.score == c.max_score} == UNHURT - LOST[part]


@pytest.mark.parametrize(
    "form",
    [
        "%%time\n{}",
        "\n%%time\n{}",
        "{}\n%%time\nprint('done')",
        "!pip install torch\n{}",
        "%matplotlib inline\n{}\n!nvidia-smi",
        "{}\nfunc_eval?",
        "{}\n# ```",
    ],
)
@pytest.mark.parametrize("part", LOST, ids=["model", "evaluation", "training"])
def test_what_ipython_reads_keeps_no_cell_from_running(form: str, part: str, grade: Any) -> None:
    assert grade(beside(part, form)).score == 100


def test_a_cell_magic_below_a_comment_is_noted(grade: Any) -> None:
    report = grade(beside(EVALUATION, "# section 7\n\n%%time\n{}"))
    (note,) = report.notes
    assert (report.score, note.code, note.line) == (100, "magic_below_comment", 3)
    assert "%%time" in note.message


def test_a_cell_that_runs_counts_before_one_that_does_not(grade: Any) -> None:
    cells = sources(solved())
    copies = ["```\n" + source for source in cells if any(part in source for part in LOST)]
    assert grade(code([*cells, *copies])).score == 100


def test_an_error_in_a_blank_hurts_no_part_beside_it(grade: Any) -> None:
    cells = sources(changed(EQUAL, EQUAL.replace("==", "= =")))
    assert grade(code(["\n\n".join(cells)])).score == 90
