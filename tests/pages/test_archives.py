"""The zips hold each page under the name by which Moodle and Canvas know the student again."""

import zipfile

import pytest

from grader.classroom import Student
from grader.errors import GraderError
from grader.pages.archives import canvas_zip, moodle_zip
from grader.pages.feedback import write_feedback
from tests.pages.classroom import graded


def moodle_user(name):
    """The participant id and the file's name, as Moodle's importer (4.1 and later) reads them."""
    parts = name.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) < 4 or not info[1].isdigit() or info[2] != "assignsubmission":
            continue
        return info[1], "/".join([*info[4:], *parts]).lstrip("/")
    return None


def canvas_ids(name):
    """The user's and the attachment's id, as Canvas's importer reads them from a file's name."""
    parts = [part for part in name.split("_") if part != "LATE"]
    ids = parts[1:3] if parts[0] == "anon" else [part for part in parts if part.isdigit()][:2]
    return None if parts[-1].startswith("link") else tuple(ids)


def students(*origins):
    return [graded(origin=at, student=Student(f"s{n}")) for n, at in enumerate(origins)]


def zipped(make, folder, *origins):
    """Names in the zip, with the student whose page each is, and the students left out."""
    some = students(*origins)
    write_feedback(folder / "feedback", some)
    left_out = make(folder / "out.zip", some, folder / "feedback")
    with zipfile.ZipFile(folder / "out.zip") as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name).decode() for name in archive.namelist()}
    owners = {
        name: next(one.student.id for one in some if f"<bdi>{one.student.id}</bdi>" in page)
        for name, page in held.items()
    }
    return owners, [one.student.id for one in left_out]


MOODLE = {
    "class.zip/Kim Minji_4711_assignsubmission_file/mlp.ipynb": "4711",
    "downloads/김 민지_12_assignsubmission_file_/deep/er/mlp.ipynb": "12",
    "all/Lee Jun_99_assignsubmission_file_my_homework.ipynb": "99",
    "Group A-Ann O'Neil_5_assignsubmission_onlinetext/onlinetext.html": "5",
    "c:\\class\\Win Dows_77_assignsubmission_file\\mlp.ipynb": "77",
}


def test_moodle_knows_every_participant(tmp_path):
    owners, left_out = zipped(moodle_zip, tmp_path, *MOODLE)
    assert [moodle_user(name) for name in owners] == [
        (MOODLE[origin], "feedback.html")
        for name, owner in owners.items()
        for origin in [list(MOODLE)[int(owner[1:])]]
    ]
    assert len(owners) == len(MOODLE)
    assert not left_out


CANVAS = {
    "submissions.zip/kimminji_12345_67890_mlp.ipynb": ("12345", "67890"),
    "submissions.zip/leejun_LATE_2_31_my_link.ipynb": ("2", "31"),
    "submissions.zip/anon_5fA2x_88_mlp-2.ipynb": ("5fA2x", "88"),
    "submissions.zip/LATE_anon_7gB_89_mlp.ipynb": ("7gB", "89"),
    "submissions.zip/teamblue_smithann_3_32_4_5_mlp.ipynb": ("3", "32"),
    "submissions.zip/homework_of_4_41_mlp.zip/mlp.ipynb": ("4", "41"),
}


def test_canvas_knows_every_user_and_submission(tmp_path):
    owners, left_out = zipped(canvas_zip, tmp_path, *CANVAS)
    assert {owner: canvas_ids(name) for name, owner in owners.items()} == {
        f"s{n}": ids for n, ids in enumerate(CANVAS.values())
    }
    assert all(name.endswith("_feedback.html") for name in owners)
    assert not left_out


OTHERS = ["kim/mlp.ipynb", "mlp.ipynb", "", "a_1_assignsubmission_file.ipynb", "x_1_mlp.ipynb"]


@pytest.mark.parametrize(("make", "known"), [(moodle_zip, MOODLE), (canvas_zip, CANVAS)])
def test_who_has_no_such_name_is_left_out_and_named(make, known, tmp_path):
    owners, left_out = zipped(make, tmp_path, next(iter(known)), *OTHERS, next(iter(known)))
    assert list(owners.values()) == ["s0"]
    assert left_out == ["s1", "s2", "s3", "s4", "s5", "s6"]


@pytest.mark.parametrize("make", [moodle_zip, canvas_zip])
def test_no_name_leaves_the_archive(make, tmp_path):
    starts = ["../../x", "..\\y", "z\n", "\u202e", "/etc/b", "c:d", "<i>", ""]
    endings = ["1_2_a", "12_assignsubmission_file/a", "12_assignsubmission_file_a"]
    owners, _ = zipped(make, tmp_path, *(f"{a}_{b}" for a in starts for b in endings))
    assert owners
    for name in owners:
        assert name.isprintable()
        assert not set(name) & set('\\:<>"|?*')
        assert ".." not in name
        assert not name.startswith("/")


@pytest.mark.parametrize(("make", "known"), [(moodle_zip, MOODLE), (canvas_zip, CANVAS)])
def test_the_same_pages_are_the_same_bytes(make, known, tmp_path):
    for name in ("one", "two"):
        zipped(make, tmp_path / name, *known)
    one, two = ((tmp_path / name / "out.zip").read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize("make", [moodle_zip, canvas_zip])
def test_a_class_from_elsewhere_is_an_error_with_a_hint(make, tmp_path):
    with pytest.raises(GraderError, match="would know again") as caught:
        zipped(make, tmp_path, "kim/mlp.ipynb")
    assert caught.value.hint
    assert not (tmp_path / "out.zip").exists()


def test_a_page_that_is_not_there_is_an_error_with_a_hint(tmp_path):
    with pytest.raises(GraderError, match="cannot read") as caught:
        moodle_zip(tmp_path / "out.zip", students(*MOODLE), tmp_path)
    assert caught.value.hint


ANOTHERS = [
    ("Team A_1005_assignsubmission_file/mlp.ipynb", Student("1001", "Minsu Kim"), "Team A"),
    ("Lee_1006_assignsubmission_file/mlp.ipynb", Student("1006 (Lee)", "Lee"), ""),
    ("team1_12345_67890_mlp.ipynb", Student("12345"), "team1"),
    ("stranger_12346_67891_mlp.ipynb", Student("12346 (stranger)", "stranger"), ""),
]


@pytest.mark.parametrize(("make", "known"), [(moodle_zip, MOODLE), (canvas_zip, CANVAS)])
def test_no_page_goes_to_another_person(make, known, tmp_path):
    certain = graded(origin=next(iter(known)), student=Student("s0"))
    doubtful = [graded(origin=at, student=who, team=team) for at, who, team in ANOTHERS]
    write_feedback(tmp_path / "feedback", [certain, *doubtful])
    left_out = make(tmp_path / "out.zip", [certain, *doubtful], tmp_path / "feedback")
    assert left_out == doubtful
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert len(archive.namelist()) == 1
    assert make(tmp_path / "out.zip", doubtful, tmp_path / "feedback") == doubtful
    assert not (tmp_path / "out.zip").exists()
