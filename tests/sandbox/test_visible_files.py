from pathlib import Path

from grader.sandbox import visible_files


def tree(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def readable(roots, package, folder):
    answers = visible_files._answers_of(str(package))
    found = [part for root in roots for part in visible_files._without(str(root), answers)]
    return {
        str(Path(path).relative_to(folder)) for path in [*found, *visible_files._own(str(package))]
    }


def test_an_installed_package_is_named_without_the_answers_in_it(tmp_path):
    site = tmp_path / "lib/site-packages"
    tree(site, "numpy/a.py", "six.py", "grader/x.py", "grader/sandbox/y.py")
    tree(site, "grader/_shipped/reference/answers.ipynb", "grader/checks/step_order/equivalence.py")
    assert readable([tmp_path / "lib"], site / "grader", tmp_path) == {
        "lib/site-packages/numpy",
        "lib/site-packages/six.py",
        "lib/site-packages/grader/probes",
        "lib/site-packages/grader/sandbox",
    }


def test_of_a_checkout_only_the_package_and_the_environment_in_it_are_named(tmp_path):
    tree(tmp_path, "repo/reference/answers.ipynb", "repo/grader/x.py", "repo/tests/t.py")
    tree(tmp_path, "repo/.venv/lib/site-packages/numpy/a.py")
    roots = [tmp_path / "repo/.venv/lib", tmp_path / "repo"]
    assert readable(roots, tmp_path / "repo/grader", tmp_path) == {
        "repo/.venv/lib",
        "repo/grader/probes",
        "repo/grader/sandbox",
    }


def test_an_installed_copy_beside_a_checkout_is_left_out_too(tmp_path, monkeypatch):
    site = tmp_path / "env/lib/site-packages"
    tree(site, "numpy/a.py", "grader/sandbox/y.py", "grader/_shipped/reference/answers.ipynb")
    monkeypatch.setattr("sys.path", [str(site)])
    assert visible_files.hidden() == (
        visible_files._answers_of(visible_files.package_folder()),
        str(site / "grader"),
    )
    assert str(site) in visible_files.listable()


def test_links_lead_to_no_answers(tmp_path):
    site = tmp_path / "env/lib/site-packages"
    tree(site, "numpy/a.py", "grader/_shipped/reference/answers.ipynb", "grader/x.py")
    (tmp_path / "env/lib/link").symlink_to(site)
    (site / "course").symlink_to(site / "grader/_shipped")
    named = readable([tmp_path / "env/lib"], site / "grader", tmp_path)
    own = {f"env/lib/site-packages/grader/{name}" for name in ("probes", "sandbox")}
    assert named == {"env/lib/site-packages/numpy"} | own


def test_here_nothing_of_the_course_is_readable():
    package = Path(visible_files.package_folder())
    for path in visible_files.readable():
        for secret in (
            package.parent / "reference",
            package / "_shipped",
            package.parent / "tests",
            *(package / name for name in ("judges", "challenges", "words", "engine", "skeleton")),
        ):
            assert not secret.is_relative_to(path)
            assert not Path(path).is_relative_to(secret)
    assert str(Path.home()) not in visible_files.readable()
