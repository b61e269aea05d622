"""Reports as the judge makes them: a perfect one, the design's sample, every status, hostile."""

from __future__ import annotations

from dataclasses import replace

from grader.report import (
    CheckResult,
    Environment,
    Finding,
    Report,
    Severity,
    SourceLine,
    Status,
    SubmissionInfo,
)

TITLES = {
    "layer_shapes": "layer shapes",
    "forward_output": "forward output",
    "eval_accuracy": "accuracy logic",
    "step_order": "update order",
    "learns": "learns",
}

ENVIRONMENT = Environment(
    python="3.11.7",
    torch="2.15.0",
    device="cpu",
    threads=1,
    seed=20240917,
    dataset="uci-digits",
    isolation="strict",
)


def lines(first: int, *texts: str) -> tuple[SourceLine, ...]:
    return tuple(SourceLine(first + i, text) for i, text in enumerate(texts))


def finding(code="something", message="something was observed", **fields) -> Finding:
    known = {"severity": Severity.ERROR, "blank": None, "cell": None, "line": None}
    return Finding(code=code, message=message, **(known | fields))


def check(check_id="learns", status=Status.PASSED, score=None, *findings, title=None):
    score = {Status.PASSED: 20, Status.PARTIAL: 10}.get(status, 0) if score is None else score
    title = title or TITLES.get(check_id, check_id)
    return CheckResult(check_id, title, status, float(score), 20.0, 0.4, findings)


def report(*checks: CheckResult, path="submission.ipynb", notes=(), **environment) -> Report:
    return Report(
        assignment="mlp",
        submission=SubmissionInfo(path=path, sha256="ab" * 32, student=None),
        environment=replace(ENVIRONMENT, **environment),
        score=sum(item.score for item in checks),
        max_score=sum(item.max_score for item in checks),
        checks=checks,
        notes=tuple(notes),
        title="Multilayer perceptron on MNIST",
    )


HARD_CODED_BATCH = finding(
    "hard_coded_batch",
    "With 7 batches of 256 this works; the last, shorter batch of 40 images raises "
    "\"shape '[256, 784]' is invalid for input of size 31360\".",
    blank=3,
    cell=7,
    line=8,
    summary="the batch size is written into view()",
    hint="let PyTorch work out the number of images in a batch",
    column=26,
    end_column=29,
    excerpt=lines(
        7,
        "        model_pred = model(",
        "            batch_in.view(256, 28*28).to(device)",
    ),
)

NEVER_CLEARED = finding(
    "missing_zero_grad",
    "After the first batch your weights equal the reference's. From the second on they drift "
    "(18 % off after 2 batches, 42 % after 5), exactly as they do when every batch's gradient "
    "is added to those of all batches before it.",
    blank=5,
    cell=9,
    line=10,
    summary="gradients are never cleared",
    hint="something has to happen once per batch before backward()",
    excerpt=lines(10, "        loss_out.backward()", "        optm.step()"),
)

UNSTEADY = finding(
    "learns_too_little",
    "learns, but unsteadily",
    severity=Severity.PARTIAL,
    summary="learns, but unsteadily",
)

PERFECT = report(*(check(name) for name in TITLES))

DESIGN = report(
    check("layer_shapes"),
    check("forward_output"),
    check("eval_accuracy", Status.FAILED, 0, HARD_CODED_BATCH),
    check("step_order", Status.FAILED, 0, NEVER_CLEARED),
    check("learns", Status.PARTIAL, 16, UNSTEADY),
)

SYNTAX_ERROR = finding(
    "syntax_error",
    "Python can't read this cell: the bracket that opens here is never closed.",
    blank=1,
    cell=5,
    line=9,
    summary="a bracket is never closed",
    hint="every ( needs its )",
    column=30,
    excerpt=lines(
        8,
        "        # FILL IN HERE",
        "        self.lin_1 = nn.Linear(",
        "            self.xdim, self.hdim",
    ),
)

WRONG_FRACTION = finding(
    "percent",
    "func_eval returned the accuracy a hundred times too big for each of 6 models.",
    blank=4,
    cell=7,
    line=11,
    got=81.25,
    expected=0.8125,
    summary="returns a percentage, not a fraction",
    why="The notebook prints it with %.3f as a number from 0 to 1.",
    hint="what is the accuracy of a model that is always right?",
    column=15,
    end_column=18,
    excerpt=lines(11, "        return 100*n_correct / n_total"),
)

LEFT_IN_EVAL = finding(
    "not_back_in_train_mode",
    "After func_eval the model is still in evaluation mode.",
    severity=Severity.PARTIAL,
    cell=7,
    line=11,
    summary="the model stays in evaluation mode",
)

# One report with every status there is.
EVERY_STATUS = report(
    check("passed"),
    check("eval_accuracy", Status.PARTIAL, 13 + 1 / 3, LEFT_IN_EVAL, WRONG_FRACTION),
    check("step_order", Status.FAILED, 0, NEVER_CLEARED),
    check("blank", Status.NOT_ATTEMPTED, 0),
    check("layer_shapes", Status.ERROR, 0, SYNTAX_ERROR),
    check("time", Status.TIMEOUT, 0),
    check("memory", Status.OUT_OF_MEMORY, 0),
    check("crash", Status.CRASHED, 0),
    check("words", Status.NEEDS_GRADING, 0),
    check("learns", Status.INTERNAL_ERROR, 0),
    notes=[
        finding(
            "changed_outside",
            "The line that sets BATCH_SIZE was changed to 512; the checks use their own batches.",
            severity=Severity.INFO,
            cell=3,
            line=4,
        ),
        finding("old_format", "The notebook has format 4.0.", severity=Severity.INFO),
    ],
    isolation="basic",
    unprotected=("The submission could read files that this user can read.",),
)
