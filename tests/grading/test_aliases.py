"""An evaluation function may be whatever the notebook gives its name to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import EVALUATION, changed, code, solved, sources

SIGNATURE = "def func_eval(model, data_iter, device):"
RENAMED = {
    "an argument bound": (
        "def evaluate(model, data_iter, device, verbose):",
        "from functools import partial\nfunc_eval = partial(evaluate, verbose=False)",
    ),
    "arguments in another order": (
        "def evaluate(device, model, data_iter):",
        "func_eval = lambda model, data_iter, device: evaluate(device, model, data_iter)",
    ),
    "another name": ("def evaluate(model, data_iter, device):", "func_eval = evaluate"),
    "by two names": ("def evaluate(model, data_iter, device):", "own = evaluate\nfunc_eval = own"),
    "without gradients": (
        "def evaluate(model, data_iter, device):",
        "func_eval = torch.no_grad()(evaluate)",
    ),
}


def evaluation() -> str:
    return next(source for source in sources(solved()) if EVALUATION in source)


def with_evaluation(source: str) -> dict[str, Any]:
    return code([source if EVALUATION in s else s for s in sources(solved())])


@pytest.mark.parametrize(("head", "alias"), RENAMED.values(), ids=RENAMED)
def test_the_name_is_given_to_it(head: str, alias: str, grade: Any) -> None:
    notebook = with_evaluation(f"{evaluation().replace(SIGNATURE, head)}\n\n{alias}")
    assert grade(notebook).score == 100
    assert grade(changed("y_pred == y_trgt", "y_pred != y_trgt", notebook)).score == 90


@pytest.mark.parametrize("name", ["__call__", "measure"])
def test_a_class_whose_object_is_called(name: str, grade: Any) -> None:
    body = evaluation().replace(SIGNATURE, f"def {name}(self, model, data_iter, device):")
    indented = "\n".join(f"    {line}" for line in body.split("\n"))
    made = "Evaluator()" if name == "__call__" else f"Evaluator().{name}"
    notebook = with_evaluation(f"class Evaluator:\n{indented}\n\nfunc_eval = {made}")
    assert grade(notebook).score == 100
    assert grade(changed("y_pred == y_trgt", "y_pred != y_trgt", notebook)).score == 90


def test_a_definition_below_the_alias_counts(grade: Any) -> None:
    wrong = evaluation().replace(SIGNATURE, "def old(model, data_iter, device):")
    wrong = wrong.replace("y_pred == y_trgt", "y_pred != y_trgt")
    notebook = with_evaluation(f"{wrong}\n\nfunc_eval = old\n\n{evaluation()}")
    assert grade(notebook).score == 100
