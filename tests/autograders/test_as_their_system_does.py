"""The bundles as their systems run them: in folders like theirs, by their commands, and no more.

Only the installation is a stand-in: the wheel is installed by pip, and what it needs is this
environment's.
"""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import sysconfig
import venv
from typing import TYPE_CHECKING

import pytest

from grader.autograders.wheel import wheel, wheel_name
from tests.autograders.hand_ins import KINDS
from tests.autograders.runner import RUNNER
from tests.autograders.schemas import classroom50_result, gradescope_results

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="both systems run on Linux")
BARE = {"PATH": "/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Return an environment into which pip has put our wheel, and nothing else of ours."""
    place = tmp_path_factory.mktemp("environment")
    (place / wheel_name()).write_bytes(wheel())
    venv.create(place / "grader-env", symlinks=True)
    python = place / "grader-env" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    done = [*pip, "--no-deps", "--no-index", str(place / wheel_name())]
    subprocess.run(done, check=True)
    (packages,) = (place / "grader-env" / "lib").glob("python*/site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / "grader-env"


def gradescope(root: Path, environment: Path | None) -> subprocess.CompletedProcess[str]:
    """Run the autograder in a folder that is laid out as /autograder."""
    if environment is not None:
        (root / "grader-env").symlink_to(environment)
    shutil.copy(root / "source" / "run_autograder", root / "run_autograder")
    (root / "run_autograder").chmod(0o755)
    command = [str(root / "run_autograder")]
    return subprocess.run(
        command, cwd=root, env=BARE, capture_output=True, text=True, check=False, timeout=500
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_gradescope(kind, autograder, environment):
    fill, least, most, words = KINDS[kind]
    fill(autograder / "submission")
    ran = gradescope(autograder, environment)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    data = gradescope_results((autograder / "results" / "results.json").read_text())
    assert least <= data["score"] <= most
    assert words in data["output"] + "".join(test["output"] for test in data["tests"])


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_classroom50(kind, published, tmp_path, environment):
    fill, least, most, words = KINDS[kind]
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    fill(checkout)
    # What a student would have found there instead of the grader.
    for name in ("grade", "grader.py", "torch.py", "venv.py"):
        (checkout / name).write_text("raise SystemExit('not this')")
        (checkout / name).chmod(0o755)
    env = {**BARE, **RUNNER, "PATH": f".:{environment / 'bin'}:{BARE['PATH']}"}
    command = [sys.executable, str(published / "autograder.py")]
    ran = subprocess.run(
        command, cwd=checkout, env=env, capture_output=True, text=True, check=False, timeout=500
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "::error" not in ran.stdout + ran.stderr
    data = classroom50_result((checkout / "result.json").read_text())
    assert least <= data["score"] <= most
    assert data["max-score"] == 100
    assert words in html.unescape((checkout / "release-body.md").read_text())


# ---------------------------------------------------------------- what fails before grading


def test_gradescope_without_the_grader(autograder):
    ran = gradescope(autograder, None)
    assert ran.returncode == 1
    assert "setup.sh ended early" in ran.stdout
    assert not (autograder / "results" / "results.json").exists()


@pytest.mark.parametrize("status", [0, 2, 3, 124])
def test_gradescope_where_the_grader_ends_without_results(status, autograder, tmp_path):
    """Not even the results of an earlier run, or of whoever wrote some there, are left."""
    program = tmp_path / "environment" / "bin" / "grade"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nexit {status}\n")
    program.chmod(0o755)
    (autograder / "results" / "results.json").write_text('{"score": 100}')
    ran = gradescope(autograder, tmp_path / "environment")
    assert ran.returncode == 1
    assert f"status {status}" in ran.stdout
    assert not (autograder / "results" / "results.json").exists()


FAKE_PYTHON = """#!/bin/bash
echo "python3 $*" >> {log}
case "$1 $2" in
"-m venv")
    mkdir -p "$3/bin"
    for name in pip grade; do
        printf '#!/bin/bash\\necho "%s $*" >> {log}\\n' $name > "$3/bin/$name"
        echo "[ $name != '{broken}' ]" >> "$3/bin/$name"
        chmod +x "$3/bin/$name"
    done ;;
esac
"""


@pytest.mark.parametrize("broken", ["", "pip"])
def test_setup(broken, autograder, tmp_path):
    """setup.sh with programs that note how they were called; one that fails ends it."""
    log, programs = tmp_path / "log", tmp_path / "bin"
    programs.mkdir()
    (programs / "python3").write_text(FAKE_PYTHON.format(log=log, broken=broken))
    (programs / "python3").chmod(0o755)
    env = {**BARE, "PATH": f"{programs}:{BARE['PATH']}"}
    command = ["bash", str(autograder / "source" / "setup.sh")]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    asked = log.read_text().splitlines()[2:]
    assert asked[0] == f"python3 -m venv {autograder / 'grader-env'}"
    index = "--index-url https://download.pytorch.org/whl/cpu torch torchvision"
    assert asked[1] == f"pip install --quiet --no-cache-dir {index}"
    if broken:
        assert (ran.returncode, len(asked)) == (1, 2)
        return
    assert ran.returncode == 0, ran.stderr
    whole = autograder / "source" / f"{wheel_name()}[notebooks]"
    assert asked[2:] == [f"pip install --quiet --no-cache-dir {whole}", "grade doctor"]
    # The solved notebook is for nobody else.
    assert not (autograder / "source" / "reference").stat().st_mode & 0o077


@pytest.mark.parametrize("broken", ["venv", pytest.param("pip", marks=pytest.mark.slow)])
def test_classroom50_where_nothing_can_be_installed(broken, published, tmp_path):
    (tmp_path / "checkout").mkdir()
    env = {**BARE, **RUNNER, "RUNNER_TEMP": str(tmp_path), "TORCH_INDEX": "file:///nowhere"}
    if broken == "venv":
        (tmp_path / "grader-env").write_text("in the way")
    ran = subprocess.run(
        [sys.executable, str(published / "autograder.py")],
        cwd=tmp_path / "checkout",
        env=env | {"PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "::error title=grader::the grader could not be installed" in ran.stdout
    assert [*(tmp_path / "checkout").iterdir()] == []


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck")
def test_shellcheck(autograder):
    scripts = [autograder / "source" / name for name in ("setup.sh", "run_autograder")]
    subprocess.run(["shellcheck", "-S", "warning", *scripts], check=True)
