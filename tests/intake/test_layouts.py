"""Every system's download, in every shape in which a TA may have it."""

from __future__ import annotations

import shutil

import pytest

from grader.errors import GraderError
from tests.intake.downloads import DOWNLOADS, Download, as_folder, as_zip, packed, plain
from tests.intake.making import found, ids

NAMES = sorted(DOWNLOADS)


def outer(files):
    return {f"Homework 1/{name}": data for name, data in files.items()}


def unpacked(tmp_path, files):
    return as_folder(tmp_path / "download", files)


def zipped(tmp_path, files):
    return as_zip(tmp_path / "download.zip", files)


def in_a_folder(tmp_path, files):
    """The zip as it came, in a folder with other things."""
    return as_folder(tmp_path / "x", {"download.zip": packed(files), "roster.csv": b"id\n1\n"})


def with_an_outer_folder(tmp_path, files):
    return as_zip(tmp_path / "download.zip", outer(files))


SHAPES = (unpacked, zipped, in_a_folder, with_an_outer_folder)


def check(download: Download, handed_in) -> None:
    assert handed_in.layout == download.layout
    counted = {attempt.student.id: attempt for attempt in handed_in.counted}
    assert counted.keys() == download.counted.keys()
    for id_, origin in download.counted.items():
        assert counted[id_].origin.endswith(origin), (id_, counted[id_].origin)
    for id_, name in download.names.items():
        assert counted[id_].student.name == name
    assert {id_ for id_, attempt in counted.items() if attempt.late} == download.late
    said = [one.reason for one in handed_in.unclear]
    for words in download.told:
        assert sum(words in reason for reason in said) == 1, (words, said)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", NAMES)
def test_a_download(tmp_path, name, shape):
    check(DOWNLOADS[name], found(shape(tmp_path, DOWNLOADS[name].files)))


ONE = [
    ("BLACKBOARD", "Homework 1_mkim", "mkim"),
    ("BRIGHTSPACE", "397064", "397064"),
    ("GRADESCOPE", "submission_301", "0123"),
    ("OPENOLAT", "Kim_", "mkim"),
    ("ILIAS", "Abgaben/Kim_", "mkim42"),
    ("SAKAI", "Kim, ", "mkim"),
    ("TEAMS", "Submitted files/Minsu", "Minsu Kim"),
    ("OPENEDX", "[1]Week 3, [2]Homework, [1]MLP/[1] - mkim", "mkim"),
    ("EXCHANGE", "inbound/mkim", "mkim"),
]


@pytest.mark.parametrize("make", [unpacked, zipped, with_an_outer_folder])
@pytest.mark.parametrize(("name", "start", "id_"), ONE)
def test_a_download_of_one_student(tmp_path, name, start, id_, make):
    download = DOWNLOADS[name]
    beside = ("submission_metadata.yml", "index.html", "grades.csv", "submissions.csv")
    files = {n: data for n, data in download.files.items() if n.startswith((start, *beside))}
    handed_in = found(make(tmp_path, files))
    assert handed_in.layout == download.layout
    assert ids(handed_in) == [id_]
    assert handed_in.counted[0].origin.endswith(download.counted[id_])


@pytest.mark.parametrize(
    "name", ["BRIGHTSPACE", "OPENOLAT", "SAKAI", "TEAMS", "EXCHANGE", "GITHUB_FOLDERS"]
)
def test_folders_named_one_by_one(tmp_path, name):
    """As a shell's ``*`` does."""
    root = unpacked(tmp_path, DOWNLOADS[name].files)
    inner = {"TEAMS": root / "Submitted files", "EXCHANGE": root / "inbound"}.get(name, root)
    some = [
        path
        for path in sorted(inner.iterdir())
        if path.name != "solutions" and (list(path.rglob("*.ipynb")) or list(path.rglob("*.zip")))
    ]
    if name == "GITHUB_FOLDERS":
        some = [shutil.make_archive(str(p), "zip", root, p.name) for p in some]
    if name == "TEAMS":
        some = [path / "Homework 1" for path in some]
    assert set(ids(found(*some))) == set(DOWNLOADS[name].counted)


PLAIN = [
    # each name alone is of some system's form
    (
        plain("hw_kim_minsu_1/a.ipynb", "hw_lee_jiwon_1/a.ipynb"),
        ["hw_kim_minsu_1", "hw_lee_jiwon_1"],
    ),
    (
        plain("cs_a_kim_20231/a.ipynb", "cs_a_lee_20232/a.ipynb"),
        ["cs_a_kim_20231", "cs_a_lee_20232"],
    ),
    (plain("kim-main/a.ipynb", "lee-main/b.ipynb"), ["kim-main", "lee-main"]),
    (plain("kim/Version 1/a.ipynb", "kim/Version 2/a.ipynb", "lee/main/a.ipynb"), ["kim", "lee"]),
    (plain("1 - Kim - mlp.ipynb", "2 - Lee - mlp.ipynb"), ["1 - Kim - mlp", "2 - Lee - mlp"]),
    (plain("kim/1_task.ipynb", "lee/1_task.ipynb"), ["kim", "lee"]),
    (plain("kim (a)/x.ipynb", "lee, b/x.ipynb"), ["kim (a)", "lee, b"]),
]


@pytest.mark.parametrize("make", [unpacked, zipped])
@pytest.mark.parametrize(("files", "expected"), PLAIN)
def test_what_people_name_themselves_is_no_system(tmp_path, files, expected, make):
    handed_in = found(make(tmp_path, files))
    assert handed_in.layout in {"notebooks", "one folder a student"}
    assert ids(handed_in) == expected


@pytest.mark.parametrize(
    "names",
    [
        [
            f"inbound/{who}+{ps}+2025-03-01 10:00:00 UTC/x.ipynb"
            for who in "ab"
            for ps in ("1", "2")
        ],
        [
            f"Submitted files/{who}/{hw}/x.ipynb"
            for who in ("kim", "lee")
            for hw in ("HW 1", "HW 2")
        ],
        [f"[1]A, [1]B, [{n}]C/[1] - {who} - x.ipynb" for who in ("kim", "lee") for n in (1, 2)],
    ],
)
def test_several_assignments_are_not_guessed_between(tmp_path, names):
    with pytest.raises(GraderError) as caught:
        found(zipped(tmp_path, plain(*names)))
    assert "several assignments" in caught.value.message
    assert caught.value.hint
