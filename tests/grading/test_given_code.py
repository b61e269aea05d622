"""Given code that was changed: what it breaks shows, what it does not is only noted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import changed, code, solved, sources

ADAM = "optim.Adam(M.parameters(), lr=1e-3)"
LOSS = "nn.CrossEntropyLoss()"


def only(report: Any, check: str) -> Any:
    """The one finding of a check, which alone has lost points."""
    assert [c.id for c in report.checks if c.score < c.max_score] == [check]
    (found,) = [f for c in report.checks for f in c.findings if c.id == check]
    return found


@pytest.mark.parametrize(
    ("right", "wrong", "code", "said"),
    [
        (ADAM, "optim.Adam(M.parameters(), lr=-1e-3)", "fails_together", "Invalid learning rate"),
        (ADAM, "optim.Adam(M.parameters)", "fails_together", "not iterable"),
        (ADAM, "optim.Adam(M.parameters(), lr=0)", "parameters_stand_still", "learning rate is 0"),
        (ADAM, f"{ADAM}\nM = type(M)().to(device)", "parameters_stand_still", "the first one's"),
        (ADAM, f"{ADAM}\nM.lin_1.requires_grad_(False)", "parameters_stand_still", "requires_grad"),
        (ADAM, f"{ADAM}\ntorch.set_grad_enabled(False)", "gradients_switched_off", "On batch 1"),
        (LOSS, "nn.CrossEntropyLoss(reduction='none')", "fails_together", "On batch 1"),
        (LOSS, "nn.CrossEntropyLoss", "fails_together", "On batch 1"),
        (LOSS, "lambda scores, labels: -F.cross_entropy(scores, labels)", "does_not_learn", "60"),
    ],
)
def test_what_breaks_the_training(right: str, wrong: str, code: str, said: str, grade: Any) -> None:
    found = only(grade(changed(right, wrong)), "learns")
    assert (found.code, found.blank) == (code, None)
    assert said in found.message


@pytest.mark.parametrize(
    ("right", "other"),
    [
        (LOSS, "nn.CrossEntropyLoss(label_smoothing=0.1)"),
        (ADAM, "torch.optim.AdamW(M.parameters(), lr=1e-3)"),
    ],
)
def test_what_still_learns_is_noted(right: str, other: str, grade: Any) -> None:
    report = grade(changed(right, other))
    assert report.score == report.max_score
    (note,) = report.notes
    assert (note.code, note.got) == ("made_otherwise", other.replace("1e-3", "0.001"))


@pytest.mark.parametrize(
    "made",
    [
        "train_iter = iter(train_iter)",
        "train_iter, test_iter = iter(train_iter), iter(test_iter)",
        (
            "class Sized:\n"
            "    def __init__(self, loader):\n"
            "        self.loader, self.batches = loader, map(tuple, loader)\n"
            "    def __iter__(self):\n        return self.batches\n"
            "    def __len__(self):\n        return len(self.loader)\n"
            "train_iter, test_iter = Sized(train_iter), Sized(test_iter)"
        ),
    ],
)
def test_batches_that_can_be_read_once_leave_none_for_a_second_epoch(made: str, grade: Any) -> None:
    report = grade(changed(LOSS, f"{LOSS}\n{made}"))
    found = only(report, "step_order")
    assert (found.code, report.score) == ("iterator_used_up", 90)


MEAN = "(loss_out / len(batch_out)).backward()"


@pytest.mark.parametrize(
    ("loss", "answers"),
    [
        ("nn.CrossEntropyLoss(reduction='sum')", [("loss_out.backward()", MEAN)]),
        ("nn.CrossEntropyLoss(size_average=False)", [("loss_out.backward()", MEAN)]),
        ("nn.CrossEntropyLoss()\nloss.reduction = 'sum'", [("loss_out.backward()", MEAN)]),
        (
            "lambda scores, labels: F.cross_entropy(scores, labels, reduction='sum')",
            [("batch_out.to(device))\n", "batch_out.to(device)) / batch_in.size(0)\n")],
        ),
        # The last batch is shorter: each image has the same weight.
        (
            "nn.CrossEntropyLoss(reduction='sum')",
            [("loss_out.backward()", "(loss_out / BATCH_SIZE).backward()")],
        ),
        (
            "nn.CrossEntropyLoss(reduction='sum')",
            [("loss_out.backward()", "(loss_out / 256).backward()")],
        ),
        # The blanks are the solved notebook's; the loss is the student's own.
        ("nn.CrossEntropyLoss(reduction='sum')", []),
        (
            "nn.CrossEntropyLoss(reduction='none')",
            [("batch_out.to(device))\n", "batch_out.to(device)).sum() / len(batch_in)\n")],
        ),
    ],
)
def test_the_loop_gets_the_loss_of_its_notebook(
    loss: str, answers: list[tuple[str, str]], grade: Any
) -> None:
    notebook = changed(LOSS, loss)
    for right, answer in answers:
        notebook = changed(right, answer, notebook)
    report = grade(notebook)
    assert report.score == report.max_score


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([("loss_out.backward()", "(loss_out / len(train_iter)).backward()")], "scaled_gradient"),
        ([("loss_out.backward()", MEAN), ("optm.zero_grad()", "pass")], "missing_zero_grad"),
    ],
)
def test_a_loss_that_is_a_sum_makes_no_other_update_right(
    answers: list[tuple[str, str]], code: str, grade: Any
) -> None:
    notebook = changed(LOSS, "nn.CrossEntropyLoss(reduction='sum')")
    for right, answer in answers:
        notebook = changed(right, answer, notebook)
    (check,) = (c for c in grade(notebook).checks if c.id == "step_order")
    assert [f.code for f in check.findings] == [code]


def test_a_class_that_the_loss_leaves_out_is_named(grade: Any) -> None:
    report = grade(changed(LOSS, "nn.CrossEntropyLoss(ignore_index=3)"))
    (found,) = (f for c in report.checks for f in c.findings)
    assert (found.code, report.score) == ("class_never_named", 100)
    assert "class 3" in found.message


def test_images_have_the_type_that_is_set(grade: Any) -> None:
    first, *rest = sources(solved())
    notebook = code([first, "torch.set_default_dtype(torch.float64)", *rest])
    assert grade(notebook).score == 100


def test_the_same_in_other_words_is_not_noted(grade: Any) -> None:
    notebook = changed(ADAM, "torch.optim.Adam(M.parameters(), lr=0.001)")
    notebook = changed(LOSS, "torch.nn.CrossEntropyLoss().to(device)", notebook)
    assert [note.code for note in grade(notebook).notes] == []


def test_settings_of_one_program_do_not_reach_the_next(grade: Any) -> None:
    setting = "torch.set_grad_enabled(False)\n    for batch_in, batch_out in train_iter:"
    report = grade(changed("for batch_in, batch_out in train_iter:", setting))
    assert {c.id for c in report.checks if c.score < c.max_score} == {"step_order", "learns"}
    assert grade(solved()).score == 100


def test_double_precision_throughout(grade: Any) -> None:
    first, *rest = sources(
        changed(
            "batch_in.view(-1, 28*28).to(device))\n        loss_out",
            "batch_in.view(-1, 28*28).to(device).double())\n        loss_out",
        )
    )
    notebook = code([first, "torch.set_default_dtype(torch.float64)", *rest])
    report = grade(notebook)
    assert {c.id for c in report.checks if c.score < c.max_score} == set()


@pytest.mark.parametrize(
    ("right", "answer"),
    [
        ("optm.zero_grad()", "[p.grad.zero_() for p in M.parameters() if p.grad is not None]"),
        ("optm.zero_grad()", "any(p.grad.zero_().any() for p in M.parameters() if p.grad != None)"),
        ("optm.step()", "[p.data.sub_(0.001 * p.grad) for p in M.parameters()]"),
    ],
)
def test_an_answer_of_no_known_form_is_no_change_around_it(
    right: str, answer: str, grade: Any
) -> None:
    # The template's comment behind a blank stays in most notebooks.
    comment = {"zero_grad": "reset gradient", "step": "optimizer update"}[right[5:-2]]
    notes = grade(changed(right, f"{answer}      # {comment}")).notes
    assert "given_code_changed" not in {note.code for note in notes}
