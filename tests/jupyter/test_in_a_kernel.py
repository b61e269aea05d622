"""%grade in a real kernel: what is shown, what stays as it was, and what is left afterwards."""

import json
import os
import time

import pytest
from jupyter_client.manager import start_new_kernel

from tests.notebooks import solved, text

_PATIENCE = 120


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel whose notebook's file is the solved one, as Jupyter's server starts it."""
    folder = tmp_path_factory.mktemp("kernel")
    path = folder / "homework.ipynb"
    notebook = solved()
    for cell in notebook["cells"]:
        cell["source"] = text(cell).replace("optm.zero_grad()", "pass")
    path.write_text(json.dumps(notebook), encoding="utf-8")
    environment = {**os.environ, "JPY_SESSION_NAME": str(path)}
    manager, client = start_new_kernel(env=environment, cwd=str(folder))
    try:
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


class Kernel:
    """Runs cells and returns what stands below them in the end, by the kind of output."""

    def __init__(self, client):
        self._client = client

    def run(self, cell):
        shown, printed = {}, {"stdout": "", "stderr": ""}

        def hook(message):
            content = message["content"]
            if message["msg_type"] in ("display_data", "update_display_data", "execute_result"):
                shown.update(content["data"])
            elif message["msg_type"] == "stream":
                printed[content["name"]] += content["text"]
            elif message["msg_type"] == "error":
                printed["stderr"] += content["ename"]

        self._client.execute_interactive(cell, output_hook=hook, timeout=_PATIENCE)
        return shown | printed


@pytest.mark.slow
def test_a_notebook_is_graded_where_it_is_open(kernel):
    kernel.run("before = dir(); y = [1, 2]")
    assert kernel.run("%load_ext grader")["stderr"] == ""
    begin = time.monotonic()
    first = kernel.run("%grade --seed 1")
    cold = time.monotonic() - begin
    assert "gradients are never cleared" in first["text/html"]
    assert "gradients are never cleared" in first["text/plain"]
    assert (first["stdout"], first["stderr"]) == ("", "")

    begin = time.monotonic()
    again = kernel.run("%grade --seed 1")
    warm = time.monotonic() - begin
    assert again["text/html"] == first["text/html"]
    assert warm < cold

    said = kernel.run("print(sorted(set(dir()) - set(before) - {'before', 'y'}), y)")["stdout"]
    names, _, y = said.strip().rpartition("] [")
    assert y == "1, 2]"
    assert all(name.strip("[]' ").startswith("_") for name in names.split(","))
    assert "torch" not in kernel.run("import sys; print([m for m in sys.modules if m == 'torch'])")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("%grade --sed 1", "error: there is no option --sed\n\nhint: did you mean --seed?"),
        ("%grade none.ipynb", "error: none.ipynb: no such file"),
        ("%grade 'open", "error: %grade 'open: No closing quotation"),
        ("%grade --assignment nothing", "error: there is no assignment 'nothing'"),
    ],
)
def test_errors_are_words_and_no_traceback(cell, words, kernel):
    kernel.run("%load_ext grader")
    said = kernel.run(cell)
    assert words in said["stderr"]
    assert "Traceback" not in said["stderr"]


@pytest.mark.slow
def test_unsaved_work_is_told(kernel):
    kernel.run("%reload_ext grader")
    kernel.run("optm.zero_grad  # mended, not saved")
    said = kernel.run("%grade --seed 1")
    assert "ran after the file was saved and is not in it" in said["text/plain"]
    assert "is not in it" in said["text/html"]


@pytest.mark.slow
def test_unloading_takes_the_magic_and_the_process_away(kernel):
    kernel.run("%reload_ext grader")
    kernel.run("%grade --seed 1")
    # Whole command lines, however wide the terminal is said to be.
    running = "import subprocess, os; print(subprocess.run(['ps', '-ww', '-o', 'args=', '--ppid',"
    running += " str(os.getpid())], capture_output=True, text=True).stdout.count('grader.jupyter'))"
    assert kernel.run(running)["stdout"].strip() == "1"
    kernel.run("%unload_ext grader")
    assert kernel.run(running)["stdout"].strip() == "0"
    assert "not found" in kernel.run("%grade")["stderr"]


@pytest.mark.slow
def test_a_shell_line_leaves_no_frames(kernel):
    said = kernel.run("!grade --seed 1 homework.ipynb")["stdout"]
    assert "gradients are never cleared" in said
    assert "starting" not in said
    assert "\x1b[2K" not in said
