"""Canvas says everything in the names of files."""

from __future__ import annotations

import zipfile

import pytest

from grader.intake import Archives, find_submissions, read_attempt
from tests.intake.making import folder, found, ids, reasons, zip_bytes, zipped

NAMES = (
    "kimminsu_12345_67890_mlp.ipynb",
    "leejiwon_LATE_12346_67891_own-name.ipynb",
    "박서준_12347_67892_mlp.ipynb",
)


@pytest.mark.parametrize("make", [folder, zipped])
def test_users_are_students(tmp_path, make):
    handed_in = found(make(tmp_path / "submissions.zip", *NAMES))
    assert handed_in.layout == "a Canvas download"
    assert ids(handed_in) == ["12345", "12346", "12347"]
    assert [a.student.name for a in handed_in.counted] == ["kimminsu", "leejiwon", "박서준"]
    assert [a.late for a in handed_in.counted] == [False, True, False]
    assert handed_in.unclear == ()


def test_notebooks_named_one_by_one(tmp_path):
    folder(tmp_path, *NAMES)
    handed_in = found(*tmp_path.iterdir())
    assert handed_in.layout == "a Canvas download"
    assert ids(handed_in) == ["12345", "12346", "12347"]


def test_the_last_attempt_counts(tmp_path):
    handed_in = found(
        zipped(
            tmp_path / "s.zip",
            "kim_1_90_mlp-2.ipynb",
            "kim_1_100_mlp-10.ipynb",
            "kim_1_80_mlp.ipynb",
            "lee_2_81_mlp.ipynb",
        )
    )
    kim, lee = handed_in.counted
    assert kim.member == "kim_1_100_mlp-10.ipynb"
    assert (kim.number, kim.total) == (3, 3)
    assert [(a.member, a.number) for a in handed_in.earlier] == [
        ("kim_1_80_mlp.ipynb", 1),
        ("kim_1_90_mlp-2.ipynb", 2),
    ]
    assert (lee.number, lee.total) == (1, 1)


def test_two_downloads_of_one_class(tmp_path):
    first = zipped(tmp_path / "monday.zip", "kim_1_80_mlp.ipynb", "lee_2_81_mlp.ipynb")
    second = zipped(tmp_path / "friday.zip", "kim_LATE_1_99_mlp-1.ipynb")
    for paths in ([first, second], [second, first]):
        handed_in = found(*paths)
        assert ids(handed_in) == ["1", "2"]
        assert handed_in.counted[0].late
        assert [a.origin for a in handed_in.earlier] == [f"{first}/kim_1_80_mlp.ipynb"]


def test_anonymous(tmp_path):
    handed_in = found(
        zipped(
            tmp_path / "s.zip",
            "anon_aB3dE_500_mlp.ipynb",
            "LATE_anon_Zz9yX_501_mlp.ipynb",
        )
    )
    assert ids(handed_in) == ["anon_aB3dE", "anon_Zz9yX"]
    assert [a.late for a in handed_in.counted] == [False, True]
    assert {a.student.name for a in handed_in.counted} == {""}


def test_a_zip_from_a_student_is_looked_into(tmp_path):
    path = tmp_path / "s.zip"
    inner = zip_bytes("hw/mlp.ipynb", "hw/plot.png", "__MACOSX/hw/._mlp.ipynb")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kim_1_80_hw.zip", inner)
        archive.writestr("lee_2_81_mlp.ipynb", b"{}")
    with Archives() as archives:
        handed_in = find_submissions([str(path)], archives=archives)
        assert ids(handed_in) == ["1", "2"]
        kim = handed_in.counted[0]
        assert kim.origin == f"{path}/kim_1_80_hw.zip/hw/mlp.ipynb"
        assert read_attempt(kim, archives).endswith(b"hw/mlp.ipynb")
    assert read_attempt(kim).endswith(b"hw/mlp.ipynb")


def test_attempts_in_zips(tmp_path):
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kim_1_80_hw.zip", zip_bytes("hw/mlp.ipynb"))
        archive.writestr("kim_1_95_hw-1.zip", zip_bytes("hw/mlp.ipynb", "hw/old/mlp.ipynb"))
        archive.writestr("lee_2_81_mlp.ipynb", b"{}")
    handed_in = found(path)
    assert handed_in.counted[0].member == "kim_1_95_hw-1.zip/hw/mlp.ipynb"
    assert [a.member for a in handed_in.earlier] == ["kim_1_80_hw.zip/hw/mlp.ipynb"]
    beside, attempts = handed_in.choices
    assert beside.left == (f"{path}/kim_1_95_hw-1.zip/hw/old/mlp.ipynb",)
    assert beside.why == "named as an old version: kim_1_95_hw-1/hw/old/mlp.ipynb"
    assert attempts.left == (f"{path}/kim_1_80_hw.zip/hw/mlp.ipynb",)
    assert (attempts.why, attempts.ordinary) == (
        *("the last of 2 attempts, by the number in its name", True),
    )


def test_other_files_are_told(tmp_path):
    handed_in = found(
        zipped(tmp_path / "s.zip", *NAMES, "choi_9_10_report.pdf", "kimminsu_12345_67893_a.pdf")
    )
    assert ids(handed_in) == ["12345", "12346", "12347"]
    assert "not as a notebook" in reasons(handed_in)["choi_9_10_report.pdf"]
    assert len(handed_in.unclear) == 1


def test_a_file_that_a_ta_put_in_is_graded_and_told(tmp_path):
    handed_in = found(folder(tmp_path, *NAMES, "by mail.ipynb"))
    assert ids(handed_in) == ["12345", "12346", "12347", "by mail"]
    assert "graded under the name of the file" in reasons(handed_in)["by mail.ipynb"]


def test_names_that_only_look_like_canvas(tmp_path):
    """One number for a whole class is no user's."""
    names = [f"hw_1_{20230000 + n}_kim.ipynb" for n in range(20)]
    handed_in = found(folder(tmp_path, *names))
    assert len(handed_in.counted) == 20
    assert handed_in.layout == "notebooks"
    other = folder(tmp_path / "b", "kim_1_2_x.ipynb", "lee_1_3_x.ipynb")
    assert len(found(other).counted) == 2
