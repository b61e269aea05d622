"""Saved outputs tell one run from another, and nothing else does."""

import json

from grader.notebook.read import parse_notebook
from tests import notebooks

LOSSES = "\n".join(f"epoch:{k} loss:[{1 / (k + 3):.5f}]" for k in range(10))


def outputs(*texts, count=1, **cell):
    notebook = notebooks.solved()
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    for target, text in zip(code, texts, strict=False):
        target["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
        target["execution_count"] = count
        target.update(cell)
    return parse_notebook(json.dumps(notebook).encode(), "n.ipynb").outputs


def test_the_same_run_is_recognised_though_it_was_saved_again():
    assert outputs(LOSSES) == outputs(LOSSES, count=7, metadata={"collapsed": True}) is not None


def test_another_run_is_another():
    assert outputs(LOSSES) != outputs(LOSSES.replace("0.25", "0.26"))


def test_what_everyone_prints_tells_nothing():
    assert outputs() is None
    assert (
        outputs("PyTorch version:[2.1].\ndevice:[cuda:0].", "train [60000], test [10000]") is None
    )


def test_outputs_nested_without_end_tell_nothing():
    notebook = json.dumps(notebooks.solved())
    deep = "[" * 900 + "]" * 900
    text = notebook.replace('"outputs": []', f'"outputs": {deep}', 1)
    assert parse_notebook(text.encode(), "n.ipynb").outputs is None
