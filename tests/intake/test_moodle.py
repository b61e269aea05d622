"""Moodle makes a folder a student, or puts it all into the name."""

from __future__ import annotations

import shutil

import pytest

from tests.intake.making import folder, found, ids, reasons, zip_bytes, zipped

FOLDERS = (
    "Minsu Kim_12345_assignsubmission_file/mlp.ipynb",
    "Jiwon Lee_12346_assignsubmission_file_/deep/er/mlp.ipynb",
    "박서준_12347_assignsubmission_file/my_own_1.ipynb",
    "박서준_12347_assignsubmission_onlinetext/onlinetext.html",
)
FLAT = (
    "Minsu Kim_12345_assignsubmission_file_mlp.ipynb",
    "Jiwon Lee_12346_assignsubmission_file_mlp.ipynb",
    "박서준_12347_assignsubmission_file_my_own.ipynb",
)


@pytest.mark.parametrize("names", [FOLDERS, FLAT])
@pytest.mark.parametrize("make", [folder, zipped])
def test_participants_are_students(tmp_path, make, names):
    handed_in = found(make(tmp_path / "m.zip", *names))
    assert handed_in.layout == "a Moodle download"
    assert ids(handed_in) == ["12345", "12346", "12347"]
    assert [a.student.name for a in handed_in.counted] == ["Minsu Kim", "Jiwon Lee", "박서준"]
    assert handed_in.unclear == ()


def test_one_students_folder(tmp_path):
    folder(tmp_path, *FOLDERS)
    handed_in = found(tmp_path / "Minsu Kim_12345_assignsubmission_file")
    assert ids(handed_in) == ["12345"]
    assert len(found(*tmp_path.iterdir()).counted) == 3


def test_anonymous_submissions_have_no_name(tmp_path):
    names = [f"Participant_{n}_assignsubmission_file/mlp.ipynb" for n in (101, 102)]
    handed_in = found(zipped(tmp_path / "m.zip", *names))
    assert [a.student.shown for a in handed_in.counted] == ["101", "102"]


def test_two_downloads_that_number_alike(tmp_path):
    """Participants are numbered for each assignment: sections may have one each."""
    first = zipped(tmp_path / "a.zip", "Kim_1_assignsubmission_file/mlp.ipynb")
    second = zipped(tmp_path / "b.zip", "Lee_1_assignsubmission_file/mlp.ipynb")
    handed_in = found(first, second)
    assert ids(handed_in) == ["1 (Kim)", "1 (Lee)"]
    roster = tmp_path / "class.csv"
    roster.write_text("id,name\nk,Kim\nl,Lee\n")
    assert ids(found(first, second, roster=roster)) == ["k", "l"]
    assert len(found(first, first).counted) == 1


def test_a_team_without_a_number_shows_that_all_are_teams(tmp_path):
    names = (
        "Team A_7_assignsubmission_file/x.ipynb",
        "Default_assignsubmission_file/x.ipynb",
    )
    handed_in = found(zipped(tmp_path / "m.zip", *names))
    assert ids(handed_in) == ["Default", "Team A"]
    assert [attempt.team for attempt in handed_in.counted] == ["Default", "Team A"]
    assert all("--groups FILE" in one.reason for one in handed_in.unclear)
    assert len(handed_in.unclear) == 2


def test_online_text_alone_is_told(tmp_path):
    path = zipped(
        tmp_path / "m.zip", *FOLDERS, "Dain Choi_5_assignsubmission_onlinetext/onlinetext.html"
    )
    handed_in = found(path)
    assert "5" not in ids(handed_in)
    assert "not as a notebook" in reasons(handed_in)["onlinetext.html"]


@pytest.mark.parametrize("packed", [True, False])
def test_a_students_own_zip(tmp_path, packed):
    inner = zip_bytes("hw/mlp.ipynb", "hw/.ipynb_checkpoints/mlp-checkpoint.ipynb")
    root = folder(tmp_path / "m", *FOLDERS)
    own = root / "Dain Choi_5_assignsubmission_file"
    own.mkdir()
    (own / "hw.zip").write_bytes(inner)
    path = root
    if packed:
        path = shutil.make_archive(str(tmp_path / "m"), "zip", root)
    handed_in = found(path)
    assert ids(handed_in) == ["5", "12345", "12346", "12347"]
    assert handed_in.counted[0].origin.endswith("file/hw.zip/hw/mlp.ipynb")
    assert handed_in.unclear == ()


def test_a_students_zip_without_notebook_or_damaged(tmp_path):
    folder(tmp_path, *FOLDERS)
    for number, data in ((5, zip_bytes("report.pdf")), (6, b"PK\x03\x04 nonsense")):
        own = tmp_path / f"X_{number}_assignsubmission_file"
        own.mkdir()
        (own / f"{number}.zip").write_bytes(data)
    handed_in = found(tmp_path)
    assert ids(handed_in) == ["12345", "12346", "12347"]
    assert "not as a notebook" in reasons(handed_in)["5.zip"]
    assert "damaged" in reasons(handed_in)["6.zip"]
    assert len(handed_in.unclear) == 2
