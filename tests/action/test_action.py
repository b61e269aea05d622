"""action.yml: its own steps, run by bash with what GitHub sets; only pip is a stand-in."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.action.composite import load, run_action
from tests.action.log import annotations, obeyed

ROOT = Path(__file__).resolve().parent.parent.parent
ACTION = ROOT / "action.yml"
WORKFLOW = ROOT / "student_templates" / ".github" / "workflows" / "grade.yml"
OUR_OWN = [ROOT / ".github" / "workflows" / name for name in ("ci.yml", "weekly.yml")]
SAMPLE = ROOT / "tests" / "samples" / "submission.ipynb"

# Makes an "environment" whose pip notes what it is asked for and whose grade is this checkout's,
# or for other commands a program that says how it was called.
FAKE_PYTHON = """#!/bin/bash
[ "$1 $2 $3" = "-I -m venv" ] || {{ echo "unexpected: $*"; exit 9; }}
mkdir -p "$4/bin"
cat > "$4/bin/pip" <<'END'
#!/bin/bash
printf '%s\\n' "$*" >> {log}/pip
END
cat > "$4/bin/grade" <<'END'
#!/bin/bash
printf '%s\\n' "$@" > {log}/grade
pwd > {log}/cwd
{grade}
END
chmod +x "$4/bin/"*
"""
REAL = f'PYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m grader "$@"'


@pytest.fixture
def action():
    return load(ACTION)


@pytest.fixture
def run(action, tmp_path):
    """Run the action in a checkout that holds files by name and content."""

    def ran(files: dict[str, str], grade: str = "exit 0", path: Path = ROOT, **inputs: str):
        for name in ("workspace", "temp", "asked"):
            (tmp_path / name).mkdir()
        for name, content in files.items():
            (tmp_path / "workspace" / name).write_text(content, encoding="utf-8")
        python = tmp_path / "python"
        python.write_text(FAKE_PYTHON.format(log=shlex.quote(str(tmp_path / "asked")), grade=grade))
        python.chmod(0o755)
        variables = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(tmp_path / "workspace"),
            "GITHUB_ACTION_PATH": str(path),
            "RUNNER_TEMP": str(tmp_path / "temp"),
            "PYTHON_PATH": str(python),
        }
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        return run_action(action, folder=tmp_path, variables=variables, inputs=given)

    return ran


def asked(tmp_path: Path, name: str) -> list[str]:
    path = tmp_path / "asked" / name
    return path.read_text().splitlines() if path.exists() else []


def workflow_steps() -> list[dict]:
    return load(WORKFLOW)["jobs"]["grade"]["steps"]


# ---------------------------------------------------------------- the files themselves


@pytest.mark.parametrize(
    ("schema", "path"),
    [("github-actions", ACTION), *(("github-workflows", path) for path in [WORKFLOW, *OUR_OWN])],
)
def test_published_schemas(schema, path):
    command = ["check-jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_script_has_an_expression_pasted_into_it(action):
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert not any("run" in step for step in workflow_steps())
    assert len(scripts) == 5
    assert not any("${{" in script for script in scripts)
    # Not even as a variable that bash would read as code.
    assert not any(re.search(r"\b(eval|source|bash -c)\b", script) for script in scripts)


def test_only_githubs_own_actions_pinned_to_a_major_version(action):
    used = [step["uses"] for step in action["runs"]["steps"] if "uses" in step]
    assert [name.split("@")[0] for name in used] == ["actions/setup-python"]
    used += [step["uses"] for step in workflow_steps()]
    for path in OUR_OWN:
        used += [s["uses"] for s in load(path)["jobs"]["run"]["steps"] if "uses" in s]
    assert all(re.fullmatch(r"(actions/[a-z-]+|OWNER/grader)@v\d+", name) for name in used)


def test_the_workflow_passes_only_inputs_that_the_action_has(action):
    for step in workflow_steps():
        if step["uses"].startswith("OWNER/grader"):
            assert set(step.get("with", {})) <= set(action["inputs"])


def test_the_workflow_pins_the_assignment():
    graded = [step["with"] for step in workflow_steps() if step.get("id") == "grade"]
    assert graded == [{"notebook": "mlp.ipynb", "assignment": "mlp"}]


def test_the_workflow_may_only_read():
    assert load(WORKFLOW)["permissions"] == {"contents": "read"}


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="needs shellcheck")
def test_shellcheck(action, tmp_path):
    for number, step in enumerate(step for step in action["runs"]["steps"] if "run" in step):
        (tmp_path / f"{number}.sh").write_text("#!/bin/bash\n" + step["run"])
    subprocess.run(["shellcheck", "-S", "warning", *tmp_path.glob("*.sh")], check=True)


# ---------------------------------------------------------------- install


@pytest.mark.parametrize(
    ("inputs", "installed"),
    [
        ({}, "--index-url https://download.pytorch.org/whl/cpu torch torchvision"),
        ({"torch_index": ""}, None),
        ({"torch_index": "$(touch z)"}, "--index-url $(touch z) torch torchvision"),
    ],
)
def test_install(inputs, installed, run, tmp_path):
    assert run({"a.ipynb": "{}"}, **inputs).status == 0
    expected = [f"install --quiet {installed}"] if installed else []
    assert asked(tmp_path, "pip") == [*expected, f"install --quiet {ROOT}"]
    assert [path.name for path in (tmp_path / "workspace").iterdir()] == ["a.ipynb"]


# ---------------------------------------------------------------- how grade is called


def test_grade_is_given_the_notebooks_as_words_of_their_own(run, tmp_path):
    names = ["a b.ipynb", "-x.ipynb", "$(touch pwned).ipynb", "`id`;.ipynb", "*.ipynb", "ü.ipynb"]
    ran = run(dict.fromkeys(names, "{}") | {"other.txt": ""})
    assert ran.status == 0
    options = ["--github", "--isolation", "auto", "--"]
    assert asked(tmp_path, "grade")[:4] == options
    assert sorted(asked(tmp_path, "grade")[4:]) == sorted(names)
    assert not (tmp_path / "workspace" / "pwned").exists()


@pytest.mark.parametrize(
    ("inputs", "options"),
    [
        ({"seed": "7"}, ["--seed", "7"]),
        ({"assignment": "mlp", "seed": "7"}, ["--assignment", "mlp", "--seed", "7"]),
        ({"assignment": "mlp --json x"}, ["--assignment", "mlp --json x"]),
        ({"seed": "7 --json x"}, ["--seed", "7 --json x"]),
        ({"args": "--junit\nmy report.xml\n"}, ["--junit", "my report.xml"]),
        ({"args": "\n\n"}, []),
        ({"args": "$(touch pwned)\n`touch pwned`;ls"}, ["$(touch pwned)", "`touch pwned`;ls"]),
        ({"seed": '"; touch pwned; "'}, ["--seed", '"; touch pwned; "']),
    ],
)
def test_inputs_are_words_and_never_code(inputs, options, run, tmp_path):
    assert run({"a.ipynb": "{}"}, **inputs).status == 0
    assert asked(tmp_path, "grade") == [
        *("--github", "--isolation", "auto"),
        *options,
        *("--", "a.ipynb"),
    ]
    assert not (tmp_path / "workspace" / "pwned").exists()


@pytest.mark.parametrize("pattern", ["", "missing*.ipynb", "a.ipynb b.ipynb*"])
def test_a_pattern_that_matches_nothing_is_an_error(pattern, run):
    ran = run({"a.ipynb": "{}", "b.ipynb": "{}"}, notebook=pattern)
    assert ran.status == 2
    assert [item.data for item in annotations(ran.log)] == [
        "no notebook matches the input notebook"
    ]


@pytest.mark.parametrize("name", ["$(ls)", "a.ipynb; ls", "missing.ipynb"])
def test_a_name_that_is_no_pattern_is_left_to_grade(name, run, tmp_path):
    assert run({"a.ipynb": "{}"}, notebook=name).status == 0
    assert asked(tmp_path, "grade")[-1] == name


@pytest.mark.parametrize("command", ["", "grad", "doctor", "grade; ls"])
def test_an_unknown_command_is_an_error_before_anything_is_installed(command, run, tmp_path):
    ran = run({"a.ipynb": "{}"}, command=command)
    assert ran.status == 2
    assert ran.steps == ["Refuse an unknown command"]
    assert len(annotations(ran.log)) == 1
    assert asked(tmp_path, "pip") == []


# ---------------------------------------------------------------- check and audit


def test_audit(run, tmp_path):
    ran = run({}, grade="exit 1", command="audit", args="--seeds\n3")
    assert ran.status == 1
    assert asked(tmp_path, "grade") == ["audit", "--seeds", "3"]
    assert ran.outputs == {"score": "", "max-score": ""}


@pytest.mark.parametrize("change", [None, "edited", "unknown", "stale", "none"])
def test_check(change, run, tmp_path):
    template = (ROOT / "student_templates" / "mlp.ipynb").read_text(encoding="utf-8")
    content = template.replace("FILL IN HERE", "filled in", 1) if change == "edited" else template
    files = {"other.ipynb" if change == "unknown" else "mlp.ipynb": content}
    stale = "exit 1" if change == "stale" else "exit 0"
    ran = run({} if change == "none" else files, grade=stale, command="check")
    assert (ran.status == 0) == (change is None)
    assert asked(tmp_path, "grade") == ["template", "check"]
    assert asked(tmp_path, "cwd") == [str(ROOT)]
    if change == "edited":
        assert re.search(r"^\+.*filled in", ran.log, re.MULTILINE)


# ---------------------------------------------------------------- the whole


@pytest.mark.slow
def test_a_real_notebook(run, tmp_path):
    """Two cells a line of their own in the file, so that annotations differ in their lines."""
    notebook = json.loads(SAMPLE.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if isinstance(cell["source"], str):
            cell["source"] = re.findall(r".*\n|.+$", cell["source"])
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    ran = run({"submission.ipynb": text}, grade=REAL, seed="7", args="--junit\nreport.xml")
    assert ran.status == 1, ran.log
    assert ran.outputs["score"] == "60"
    assert ran.outputs["max-score"] == "100"
    assert "| FAIL | update order | 0 / 20 |" in ran.summary
    assert (tmp_path / "workspace" / "report.xml").exists()

    names = [item.name for item in obeyed(ran.log)]
    assert names[0] == "stop-commands"
    assert names[2:] == ["error", "error", "warning"]
    assert "gradients are never cleared" in ran.log.split(f"::{obeyed(ran.log)[0].data}::")[0]
    rows = text.split("\n")
    first, second = annotations(ran.log)[:2]
    shown = rows[int(first.properties["line"]) - 1]
    assert "batch_in.view(256, 28*28).to(device)" in shown
    # A statement that is missing has no line.
    assert "line" not in second.properties
    assert {item.properties["file"] for item in annotations(ran.log)} == {"submission.ipynb"}


@pytest.mark.slow
def test_install_for_real(action, tmp_path):
    """With a real Python and a real pip; what PyTorch needs is found where this test has it."""
    workspace, temp = tmp_path / "workspace", tmp_path / "temp"
    workspace.mkdir()
    temp.mkdir()
    shutil.copy(SAMPLE, workspace)
    # A student's module of this name must not be what runs.
    (workspace / "venv.py").write_text("raise SystemExit('the wrong module')")
    installed = next(path for path in sys.path if (Path(path) / "torch").is_dir())
    variables = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_ACTION_PATH": str(ROOT),
        "RUNNER_TEMP": str(temp),
        "PYTHON_PATH": sys.executable,
        "PYTHONPATH": installed,
        "HOME": os.environ.get("HOME", "/"),
    }
    inputs = {"torch-index": "", "seed": "7"}
    ran = run_action(action, folder=tmp_path, variables=variables, inputs=inputs)
    assert ran.status == 1, ran.log
    assert ran.outputs["score"] == "60"
