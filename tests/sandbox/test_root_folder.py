"""Where the kernel has no Landlock, a process sees a root folder with Python in it and no more."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import grader

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these are Linux's mounts")

ROOT = Path(grader.__file__).parent.parent
ENTRY = """
import os
from pathlib import Path

def warm_up():
    return {}

def perform(request, task):
    def tried(what):
        try:
            return str(what())
        except OSError as error:
            return type(error).__name__
    import grader.sandbox.rwlock, colorsys  # neither of them was imported before
    home = Path(os.environ["HOME"])
    (home / "own").write_text("mine")
    return {
        "secret": tried(lambda: Path(request["secret"]).read_text()),
        "changed": tried(lambda: Path(request["secret"]).write_text("changed")),
        "library": tried(lambda: Path(os.__file__).with_name("poison.py").write_text("")),
        "password file": tried(lambda: Path("/etc/passwd").read_text()),
        "root": tried(lambda: os.listdir("/")),
        "beside": tried(lambda: os.listdir(home.parent)),
        "new folder": tried(lambda: os.mkdir("/new")),
        "answers": tried(lambda: os.listdir(request["answers"])),
        "own": (home / "own").read_text(),
        "processes": sorted(name for name in os.listdir("/proc") if name.isdigit()),
        "itself": os.readlink("/proc/self/cwd") == os.getcwd() == str(home),
    }
"""
ASKING = """
import json, sys
from tests.attacks import settings
from grader.sandbox import Job, Limits, Workers
entry, home, request = sys.argv[1:]
settings.enter("old", home)
with Workers(entry, isolation="auto") as workers:
    answer = workers.run(Job(json.loads(request), ("task",), Limits({"task": 20})))["task"]
    rows = {row.layer: [row.on, row.why] for row in workers.layers}
print(json.dumps([answer.value, answer.detail, rows, workers.unprotected]))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What a process saw, and which layers it had."""
    folder = tmp_path_factory.mktemp("old")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o755)
    (folder / "entry.py").write_text(ENTRY)
    (folder / "secret").write_text("secret")
    (folder / "secret").chmod(0o666)
    (folder / "home").mkdir(mode=0o755)
    request = {"secret": str(folder / "secret"), "answers": str(ROOT / "reference")}
    arguments = (str(folder / "entry.py"), str(folder / "home"), json.dumps(request))
    ran = subprocess.run(
        [sys.executable, "-c", ASKING, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    value, detail, rows, unprotected = json.loads(ran.stdout)
    if not rows["namespaces"][0]:
        pytest.skip(f"no mounts of one's own here: {rows['namespaces'][1]}")
    assert value is not None, detail
    return value, rows, unprotected, folder


def test_it_stands_in_for_landlock(told):
    _, rows, unprotected, _ = told
    assert rows["landlock"] == [False, "this kernel has no Landlock"]
    assert rows["root"][0]
    assert not any("files" in sentence for sentence in unprotected)


def test_what_is_not_python_is_not_there(told):
    value, *_ = told
    for what in ("secret", "password file", "answers"):
        assert value[what] == "FileNotFoundError", what
    assert value["changed"] in {"OSError", "FileNotFoundError"}
    assert (told[3] / "secret").read_text() == "secret"


def test_what_is_there_can_be_read_and_not_changed(told):
    value, *_ = told
    assert value["library"] in {"OSError", "PermissionError"}
    assert value["new folder"] in {"OSError", "PermissionError"}
    assert value["root"] == value["beside"] == "PermissionError"


def test_it_has_its_own_files_and_itself(told):
    value, *_ = told
    assert value["own"] == "mine"
    assert value["itself"]
    assert value["processes"] == []
