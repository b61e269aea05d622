"""Classroom 50's autograder.py: finds or installs the grader, and has it grade this checkout.

Its runner starts this with the Python of the assignment's "runtime", in the student's checkout.
Exit status 0 means that result.json is there, whatever the points; any other that nothing was
graded by no fault of the student's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BUNDLE = Path(__file__).resolve().parent
TORCH = os.environ.get("TORCH_INDEX", "https://download.pytorch.org/whl/cpu")  # without CUDA


def main() -> int:
    """Grade the checkout that this runs in, and return the exit status."""
    (wheel,) = BUNDLE.glob("*.whl")
    try:
        grade = found(wheel.name.split("-")[1]) or installed(wheel)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"::error title=grader::the grader could not be installed: {error}")  # noqa: T201
        return 1
    command = [grade, "classroom50", "run", str(BUNDLE)]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - ours


def found(version: str) -> str | None:
    """Return the grader of this version that the machine has, such as a self-hosted runner."""
    # Not in the working folder, which is the checkout, and may hold one, too.
    folders = filter(os.path.isabs, os.environ.get("PATH", "").split(os.pathsep))
    grade = shutil.which("grade", path=os.pathsep.join(folders) or os.devnull)
    if grade is None:
        return None
    told = subprocess.run(  # noqa: S603 - ours, or a stranger of that name
        [grade, "--version"], cwd=BUNDLE, capture_output=True, text=True, check=False
    )
    return grade if told.stdout.split() == ["grader", version] else None


def installed(wheel: Path) -> str:
    """Install the grader and PyTorch into an environment of their own; return its program."""
    place = Path(os.environ.get("RUNNER_TEMP") or tempfile.mkdtemp()) / "grader-env"
    python = str(place / "bin" / "python")
    pip = [python, "-I", "-m", "pip", "install", "--quiet"]
    for command in (
        [sys.executable, "-I", "-m", "venv", str(place)],
        [*pip, "--index-url", TORCH, "torch", "torchvision"],
        [*pip, f"{wheel}[notebooks]"],
    ):
        # Not in the checkout, where a student's files would be taken for modules.
        subprocess.run(command, cwd=BUNDLE, check=True)  # noqa: S603 - ours
    return str(place / "bin" / "grade")


if __name__ == "__main__":
    sys.exit(main())
