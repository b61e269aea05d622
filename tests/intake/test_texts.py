"""Notebooks saved as text are hand-ins where they hold parts of the assignment, and only there."""

from __future__ import annotations

import zipfile

import pytest

from grader.intake import Content, find_submissions
from tests.intake.making import NOTEBOOK

PARTS, OTHER, NOTHING, BLANK = b"# parts", b"# other", b"# nothing", b"# blank"
MOODLE = "{}_{}_assignsubmission_file/{}"


def look(item, assignment):
    """Tell what is in a file by its first line; a notebook holds all."""
    if item.name.endswith(".ipynb"):
        return Content(readable=True, assignment="mlp", filled=7, blanks=7)
    said = {PARTS: "mlp", BLANK: "mlp", OTHER: "cnn" if assignment is None else "another"}
    data = item.path.read_bytes() if item.member is None else PARTS
    filled = 0 if data == BLANK else 7
    return Content(readable=True, assignment=said.get(data), filled=filled, blanks=7)


def write(root, files):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def handed_in(root, **options):
    return find_submissions([str(root)], look=look, **options)


def counted(found):
    return {one.student.id: one.origin.rpartition("/")[2] for one in found.counted}


CLASS = {"kim/mlp.ipynb": NOTEBOOK, "lee/mlp.ipynb": NOTEBOOK, "choi/mlp.ipynb": NOTEBOOK}
USUAL = {"kim": "mlp.ipynb", "lee": "mlp.ipynb", "choi": "mlp.ipynb"}
ROWS = {
    "an export beside the notebook": ({"kim/mlp.py": PARTS}, {}),
    "an export by another name": ({"kim/final.py": PARTS}, {}),
    "a helper module": ({"kim/helper.py": NOTHING}, {}),
    "a text alone": ({"park/mlp.py": PARTS}, {"park": "mlp.py"}),
    "a text alone, by another name": ({"park/x.qmd": PARTS}, {"park": "x.qmd"}),
    "the better of two": ({"park/a.py": BLANK, "park/b.md": PARTS}, {"park": "b.md"}),
    "a text and a helper": ({"park/mlp.py": PARTS, "park/helper.py": NOTHING}, {"park": "mlp.py"}),
    "a helper module alone": ({"park/helper.py": NOTHING}, {}),
    "another assignment's": ({"park/cnn.py": OTHER}, {}),
    "a text of the task above the students'": ({"README.md": NOTHING}, {}),
    "no text at all": ({"park/mlp.txt": PARTS}, {}),
}


@pytest.mark.parametrize(("more", "others"), ROWS.values(), ids=ROWS)
def test_in_folders(tmp_path, more, others):
    found = handed_in(write(tmp_path, CLASS | more), assignment="mlp")
    assert counted(found) == USUAL | others
    assert found.choices == () or others


@pytest.mark.parametrize(("more", "others"), ROWS.values(), ids=ROWS)
def test_in_a_download_of_moodle(tmp_path, more, others):
    files = {
        MOODLE.format(*(name.split("/")[0], sum(map(ord, name.split("/")[0])), name.split("/")[1]))
        if "/" in name
        else name: data
        for name, data in (CLASS | more).items()
    }
    found = handed_in(write(tmp_path, files), assignment="mlp")
    assert {
        s.name: n
        for s, n in zip(
            [one.student for one in found.counted], counted(found).values(), strict=True
        )
    } == USUAL | others


def test_each_file_is_a_student(tmp_path):
    files = {
        "kim.ipynb": NOTEBOOK,
        "lee.ipynb": NOTEBOOK,
        "kim.py": PARTS,
        "park.py": PARTS,
        "util.py": NOTHING,
    }
    found = handed_in(write(tmp_path, files), assignment="mlp")
    assert counted(found) == {"kim": "kim.ipynb", "lee": "lee.ipynb", "park": "park.py"}


@pytest.mark.parametrize(
    "layout", ["{}/mlp.py", "{}.py", "Kim {}_12{}_assignsubmission_file/mlp.py"]
)
def test_a_class_that_hands_in_nothing_else(tmp_path, layout):
    files = {layout.format(name, len(name)): PARTS for name in ("kim", "lee12", "choi345")}
    found = handed_in(write(tmp_path, files | {"helper.py": NOTHING}), assignment="mlp")
    assert len(found.counted) == 3
    assert all(one.origin.endswith(".py") for one in found.counted)


def test_what_is_blank_beside_what_is_filled_in(tmp_path):
    """The notebook counts wherever something is in it."""

    def looked(item, assignment):
        if item.name.endswith(".ipynb") and "kim" in item.parts:
            return Content(readable=True, assignment="mlp", filled=0, blanks=7)
        return look(item, assignment)

    root = write(tmp_path, CLASS | {"kim/mlp.py": PARTS})
    found = find_submissions([str(root)], look=looked, assignment="mlp")
    assert counted(found)["kim"] == "mlp.py"
    (choice,) = found.choices
    assert "nothing is filled in in mlp.ipynb" in choice.why


def test_nobody_moves_for_a_text(tmp_path):
    """A text that would tell other students' folders apart in another way is nobody's."""
    files = {
        "a/kim.ipynb": NOTEBOOK,
        "a/lee.ipynb": NOTEBOOK,
        "b/park.ipynb": NOTEBOOK,
        "b/choi.ipynb": NOTEBOOK,
    }
    before = counted(handed_in(write(tmp_path, files), assignment="mlp"))
    for name in ("park.py", "a/park.py", "b/x.py", "c/d/e.py", "a/kim/x.py", "a/a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(PARTS)
        after = counted(handed_in(tmp_path, assignment="mlp"))
        assert before.items() <= after.items(), name


def test_a_zip_that_holds_only_a_text(tmp_path):
    write(tmp_path, CLASS)
    (tmp_path / "park").mkdir()
    with zipfile.ZipFile(tmp_path / "park" / "homework.zip", "w") as archive:
        archive.writestr("mlp.py", PARTS)
    assert counted(handed_in(tmp_path, assignment="mlp")) == USUAL | {"park": "mlp.py"}


def test_nothing_is_looked_at_without_one_who_looks(tmp_path):
    found = find_submissions([str(write(tmp_path, CLASS | {"park/mlp.py": PARTS}))])
    assert counted(found) == USUAL
