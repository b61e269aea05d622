"""An evaluation is judged by what it does, whatever else the notebook has lying around."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.notebooks import BLANKS, MODEL, changed, code, filled, sources

if TYPE_CHECKING:
    from grader.report import CheckResult, Report

INPUT = "batch_in.view(-1, 28*28).to(device)"
COUNTED = "n_total += batch_in.size(0)"
RETURN = "    return val_accr"


def check(report: Report) -> CheckResult:
    return next(c for c in report.checks if c.id == "eval_accuracy")


def said(report: Report) -> list[str]:
    return [finding.code for finding in check(report).findings]


def shown(answer: str) -> dict[str, Any]:
    """The solved notebook with another answer in blank 3."""
    return filled({**BLANKS, 3: answer})


@pytest.mark.parametrize(
    "answer",
    [
        f"{INPUT} + 1",
        f"{INPUT} - batch_in.mean()",
        "(batch_in - batch_in.mean(dim=(1, 2, 3), keepdim=True)).view(-1, 28*28).to(device)",
        "(batch_in + 0.001 * torch.randn(batch_in.shape)).view(-1, 28*28).to(device)",
    ],
)
def test_changed_images_are_noticed_whatever_the_accuracy(answer: str, grade: Any) -> None:
    found = check(grade(shown(answer)))
    assert [(f.code, f.blank) for f in found.findings] == [("wrong_input_values", 3)]
    assert (found.status.value, found.score) == ("failed", 10)


@pytest.mark.parametrize(
    "answer",
    [
        "batch_in.view(-1, M.xdim).to(device)",
        "batch_in.view(-1, train_iter.dataset[0][0].numel()).to(device)",
        "batch_in.view(-1, mnist_test.data[0].numel()).to(next(M.parameters()).device)",
        "batch_in.view(-1, 28*28).to(model.lin_1.weight.device)",
        "(batch_in / batch_in.max()).view(-1, 28*28).to(device)",
        "batch_in.view(-1, 28*28).double().float().contiguous().clone().to(device)",
    ],
)
def test_an_answer_may_ask_the_notebook_for_sizes_and_places(answer: str, grade: Any) -> None:
    found = check(grade(shown(answer)))
    assert (found.status.value, list(found.findings)) == ("passed", [])


@pytest.mark.parametrize(
    "line",
    [
        "print('train' if data_iter is train_iter else 'test', val_accr)",
        "print(M.name, optm.param_groups[0]['lr'], BATCH_SIZE, loss)",
    ],
)
def test_globals_may_be_printed(line: str, grade: Any) -> None:
    assert said(grade(changed(RETURN, f"    {line}\n{RETURN}"))) == []


def test_a_look_at_the_batches_before_is_no_use_of_them(grade: Any) -> None:
    cells = sources(shown("batch_in.view(-1, n_in).to(device)"))
    place = next(k for k, source in enumerate(cells) if MODEL in source)
    peek = "images, labels = next(iter(train_iter))\nn_in = images[0].numel()"
    assert said(grade(code([*cells[:place], peek, *cells[place:]]))) == []


def test_an_exception_in_a_later_call_is_said_as_such(grade: Any) -> None:
    end = f"    func_eval.calls.pop()\n{RETURN}\n\nfunc_eval.calls = [0]\n"
    (finding,) = check(grade(changed(RETURN, end))).findings
    assert finding.code == "raises"
    assert finding.message.startswith("When it is called for the second time, this line raises")


@pytest.mark.parametrize("answer", ["y_pred == y_trgt.sum()", "y_pred.sum() == y_trgt.sum()"])
def test_what_counts_hardly_anything_is_not_taken_for_all(answer: str, grade: Any) -> None:
    assert said(grade(filled({**BLANKS, 4: answer}))) == ["wrong_accuracy"]


def test_batches_read_twice_are_no_fault_of_the_count(grade: Any) -> None:
    report = grade(changed("in data_iter:", "in list(data_iter) + list(data_iter):"))
    assert said(report) == ["needs_several_passes"]
    assert check(report).status.value == "passed"


@pytest.mark.parametrize(
    "line", ["if n_total >= 1000:", "if len(scores) == 20:", "if len(scores) == 32:"]
)
def test_a_limit_on_what_is_looked_at_is_noticed(line: str, grade: Any) -> None:
    notebook = changed("n_total, n_correct = 0, 0", "n_total, n_correct, scores = 0, 0, []")
    lines = [COUNTED, "scores.append(model_pred)", line, "    break"]
    kept = "\n            ".join(lines)
    (finding,) = check(grade(changed(COUNTED, kept, notebook))).findings
    assert (finding.code, finding.blank) == ("stops_early", None)


def test_a_step_without_gradients_is_a_step(grade: Any) -> None:
    report = grade(changed(COUNTED, f"{COUNTED}\n            optm.step()"))
    assert said(report) == ["trains_the_model"]


def test_layers_left_in_eval_mode_are_noticed(grade: Any) -> None:
    report = grade(changed("        model.train()\n", "        model.training = True\n"))
    (finding,) = check(report).findings
    assert finding.code == "not_back_in_train_mode"
    assert "the model's layers are still in eval mode" in finding.message


def test_one_image_at_a_time_leaves_the_count_its_own_fault(grade: Any) -> None:
    notebook = changed(
        f"model_pred = model(\n                {INPUT}\n            )",
        "model_pred = torch.cat([model(image.view(1, 28*28).to(device)) for image in batch_in])",
    )
    found = check(grade(changed("y_pred == y_trgt", "y_pred != y_trgt", notebook)))
    assert {finding.blank for finding in found.findings} == {4}


LOOP = "for batch_in, batch_out in data_iter:"
NUMBERED = "for i, (batch_in, batch_out) in enumerate(data_iter):"


@pytest.mark.parametrize("limit", [3, 50, 234, 299, 1000])
def test_a_number_of_batches_is_a_limit_whatever_it_is(limit: int, grade: Any) -> None:
    lines = [NUMBERED, f"if i == {limit}:", "    break"]
    (finding,) = check(grade(changed(LOOP, "\n            ".join(lines)))).findings
    assert (finding.code, finding.excerpt[0].text.strip()) == ("stops_early", "break")


@pytest.mark.parametrize("rows", [60, 256, 1024, 4000])
def test_a_number_of_rows_is_a_limit_whatever_it_is(rows: int, grade: Any) -> None:
    found = check(grade(filled({**BLANKS, 4: f"(y_pred == y_trgt)[:{rows}]"})))
    assert [(f.code, f.blank) for f in found.findings] == [("wrong_accuracy", 4)]


def test_a_large_number_in_the_code_is_no_mistake(grade: Any) -> None:
    report = grade(changed(COUNTED, f"{COUNTED}\n            assert n_total < 2_000_000, 2024"))
    assert (check(report).status.value, said(report)) == ("passed", [])


@pytest.mark.parametrize(
    ("where", "inputs"),
    [
        ("device.type, dtype=torch.bfloat16", INPUT),
        ("'cpu', dtype=torch.float16", INPUT),
        ("'cpu', dtype=torch.bfloat16", "batch_in.view(-1, 28*28).to(device, torch.bfloat16)"),
        ("'cuda', dtype=torch.float16, enabled=torch.cuda.is_available()", INPUT),
    ],
)
def test_a_notebook_chooses_its_precision(where: str, inputs: str, grade: Any) -> None:
    notebook = changed(
        "model_pred = model(\n",
        f"with torch.autocast({where}):\n              model_pred = model(\n",
        shown(inputs),
    )
    report = grade(notebook)
    assert (check(report).status.value, said(report)) == ("passed", [])


@pytest.mark.parametrize(
    ("answers", "codes", "score"),
    [
        ({3: "batch_in.view(-1, 28*28)"}, ["not_on_device"], 17.5),
        ({3: "batch_in.to(device).flatten(1).cpu()"}, ["not_on_device"], 17.5),
        ({3: "batch_in.flatten(1).to('cuda')"}, ["not_on_device"], 17.5),
        ({3: "batch_in.flatten(1).to('cuda:1')"}, ["not_on_device"], 17.5),
        ({4: "y_pred.cpu() == y_trgt"}, ["devices_mixed"], 17.5),
        (
            {3: "batch_in.flatten(1)", 4: "y_pred == batch_out"},
            ["not_on_device", "devices_mixed"],
            15,
        ),
        ({4: "torch.tensor(y_pred.numpy() == y_trgt.numpy())"}, ["array_off_the_cpu"], 17.5),
        ({3: "batch_in.flatten(1).to('cuda' if torch.cuda.is_available() else 'cpu')"}, [], 20),
        (
            {3: "batch_in.flatten(1).cuda() if device.type == 'cuda' else batch_in.flatten(1)"},
            [],
            20,
        ),
        ({4: "torch.tensor([p == t for p, t in zip(y_pred.tolist(), y_trgt.tolist())])"}, [], 20),
    ],
)
def test_a_device_is_asked_for_without_one(
    answers: dict[int, str], codes: list[str], score: float, grade: Any
) -> None:
    found = check(grade(filled({**BLANKS, **answers})))
    assert ([f.code for f in found.findings], found.score) == (codes, score)
    assert all(f.blank in answers for f in found.findings)


@pytest.mark.parametrize(
    ("labels", "line"),
    [
        ("batch_out", "y_trgt = batch_out"),
        ("batch_out.cuda()", "y_trgt = batch_out.cuda()"),
        ("batch_out.to('cpu')", "y_trgt = batch_out.to('cpu')"),
    ],
)
def test_a_right_answer_is_not_blamed_for_a_move_elsewhere(
    labels: str, line: str, grade: Any
) -> None:
    notebook = changed("y_trgt = batch_out.to(device)", f"y_trgt = {labels}")
    (finding,) = check(grade(notebook)).findings
    assert (finding.code, finding.blank) == ("devices_mixed", None)
    pointed = [shown.text.strip() for shown in finding.excerpt if shown.number == finding.line]
    assert pointed == [line]


@pytest.mark.parametrize(
    ("find", "replace", "code", "line"),
    [
        (
            "        n_total, n_correct = 0, 0\n        for batch_in, batch_out in data_iter:\n",
            (
                "        for batch_in, batch_out in data_iter:\n"
                "            n_total, n_correct = 0, 0\n"
            ),
            "accuracy_of_last_batch",
            "n_total, n_correct = 0, 0",
        ),
        (
            "            _, y_pred = torch.max(model_pred, 1)",
            (
                "            probs = F.softmax(model_pred, dim=0)\n"
                "            _, y_pred = torch.max(probs, 1)"
            ),
            "softmax_over_batch",
            "probs = F.softmax(model_pred, dim=0)",
        ),
        (
            "n_total, n_correct = 0, 0",
            "n_total, n_correct = 0, torch.zeros(1)",
            "devices_mixed",
            "n_total, n_correct = 0, torch.zeros(1)",
        ),
    ],
)
def test_the_line_that_leads_to_it_is_pointed_at(
    find: str, replace: str, code: str, line: str, grade: Any
) -> None:
    notebook = changed(find, replace)
    if code == "devices_mixed":
        notebook = changed(").sum().item()", ").sum()", notebook)
    (finding,) = check(grade(notebook)).findings
    pointed = [shown.text.strip() for shown in finding.excerpt if shown.number == finding.line]
    assert (finding.code, pointed) == (code, [line])


def test_only_our_stand_in_for_the_evaluation_fails_a_loop_that_takes_its_values(
    grade: Any,
) -> None:
    notebook = changed("return val_accr", "return val_accr, n_correct")
    calls = "len(train_iter)\n        train_accr = func_eval("
    notebook = changed(calls, calls.replace("train_accr", "train_accr, _"), notebook)
    report = grade(notebook)
    found = {c.id: [f.code for f in c.findings] for c in report.checks if c.findings}
    assert found == {"eval_accuracy": ["returns_no_number"]}


@pytest.mark.parametrize(
    ("skip", "code"),
    [
        ("len(batch_in) < BATCH_SIZE", "short_batches_left_out"),
        ("len(batch_in) != 256", "short_batches_left_out"),
        ("len(batch_in) < 10", "short_batches_left_out"),
        ("len(batch_in) > 250", "batches_left_out"),
    ],
)
def test_batches_that_are_skipped_are_named(skip: str, code: str, grade: Any) -> None:
    lines = [LOOP, f"if {skip}:", "    continue"]
    (finding,) = check(grade(changed(LOOP, "\n            ".join(lines)))).findings
    assert (finding.code, finding.line) == (code, 7)


def test_the_extra_pass_is_pointed_at(grade: Any) -> None:
    line = "        n_images = sum(len(labels) for _, labels in data_iter)"
    notebook = changed(
        "        n_total, n_correct = 0, 0\n", f"{line}\n        n_total, n_correct = 0, 0\n"
    )
    (finding,) = check(grade(notebook)).findings
    assert (finding.code, finding.severity.value) == ("needs_several_passes", "warning")
    assert finding.excerpt[0].text == line
