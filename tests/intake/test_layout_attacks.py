"""What a student puts into a hand-in decides nothing about anybody else's."""

from __future__ import annotations

import pytest

from tests.intake.downloads import DOWNLOADS, as_zip, plain
from tests.intake.making import found, ids, zip_bytes

# In each download the place that is a student's to fill, and that student's id.
OWN = {
    "BRIGHTSPACE": ("397065-2557371 - 민수 김 - 24 Sep, 2024 2126/", "397065"),
    "GRADESCOPE": ("submission_301/", "0123"),
    "OPENOLAT": ("Kim_Minsu_mkim/2_submissions/", "mkim"),
    "ILIAS": ("Abgaben/Kim_Minsu_mkim42_3001/", "mkim42"),
    "SAKAI": ("Kim, Minsu(mkim)/Submission attachment(s)/", "mkim"),
    "TEAMS": ("Submitted files/Minsu Kim/Homework 1/Version 10/", "Minsu Kim"),
    "EXCHANGE": ("inbound/mkim+ps1+2025-03-01 23:58:01.000001 UTC+aaaaaaaaaaaa/", "mkim"),
    "CLASSROOM_50": ("cs-mlp_submissions_2026_09_01_T_10_00_00/cs-mlp-k-minsu/", "k-minsu"),
    "GITHUB_FOLDERS": ("hw-1-minsu-kim-main/", "minsu-kim"),
}
MOODLE = plain(
    "Minsu Kim_11_assignsubmission_file/mlp.ipynb", "Jiwon Lee_12_assignsubmission_file/mlp.ipynb"
)
CANVAS = plain("kim_1_90_mlp.ipynb", "lee_2_91_mlp.ipynb")
NBGRADER = plain("submitted/kim/ps1/mlp.ipynb", "submitted/lee/ps1/mlp.ipynb")
PLAIN = plain("kim/mlp.ipynb", "lee/mlp.ipynb", "park/mlp.ipynb")
FILES = {
    **{name: DOWNLOADS[name].files for name in OWN},
    "MOODLE": MOODLE,
    "NBGRADER": NBGRADER,
    "PLAIN": PLAIN,
}
OWN |= {
    "MOODLE": ("Minsu Kim_11_assignsubmission_file/", "11"),
    "NBGRADER": ("submitted/kim/ps1/", "kim"),
    "PLAIN": ("kim/", "kim"),
}
EVIL = {name: one.files for name, one in DOWNLOADS.items()} | {
    "MOODLE": {**MOODLE, **plain(*(f"x_{n}_assignsubmission_file/m.ipynb" for n in range(40)))},
    "CANVAS": {**CANVAS, **plain(*(f"x_{n}_7{n}_mlp.ipynb" for n in range(40)))},
    "NBGRADER": NBGRADER,
    "PLAIN": plain("lee/mlp.ipynb", "park/mlp.ipynb", "12.ipynb", "lee.ipynb"),
    "CLONES": plain("lee/.git/HEAD", "park/.git/HEAD", ".git/HEAD", "lee/mlp.ipynb"),
}


def others(handed_in, own: str) -> dict[str, str]:
    return {a.student.id: a.origin for a in handed_in.counted if a.student.id != own}


def told_of_others(handed_in, place: str) -> list[str]:
    return [one.reason for one in handed_in.unclear if place not in one.origin]


@pytest.mark.parametrize("where", ["", "deep/"])
@pytest.mark.parametrize("evil", sorted(EVIL))
@pytest.mark.parametrize("name", sorted(OWN))
def test_a_download_within_a_students_folder(tmp_path, name, evil, where):
    place, own = OWN[name]
    path = tmp_path / "download.zip"
    before = found(as_zip(path, FILES[name]))
    more = {place + where + inner: data for inner, data in EVIL[evil].items()}
    after = found(as_zip(path, FILES[name] | more))
    assert after.layout == before.layout
    assert others(after, own) == others(before, own)
    assert set(ids(after)) == set(ids(before))
    assert told_of_others(after, place) == told_of_others(before, place)


@pytest.mark.parametrize("evil", sorted(EVIL))
@pytest.mark.parametrize("name", sorted(OWN))
def test_a_download_within_a_students_zip(tmp_path, name, evil):
    place, own = OWN[name]
    path = tmp_path / "download.zip"
    before = found(as_zip(path, FILES[name]))
    inner = [one for one in EVIL[evil] if not one.endswith(".zip")]
    packed = zip_bytes(*(inner or ["mlp.ipynb"]))
    after = found(as_zip(path, {**FILES[name], f"{place}hw.zip": packed}))
    assert after.layout == before.layout
    assert others(after, own) == others(before, own)


FLAT = {
    "BLACKBOARD": "Homework 1_mkim_attempt_2025-03-02-09-00-00_",
    "BRIGHTSPACE_FLAT": "1-9 - Minsu Kim - Sep 25, 2024 926 PM - ",
    "OPENEDX": "[1]Week 3, [2]Homework, [1]MLP/[1] - mkim - ",
    "SAKAI_FLAT": "Kim, Minsu(mkim)_Submission attachment(s)_",
}
FLAT_OWN = {"BLACKBOARD": "mkim", "BRIGHTSPACE_FLAT": "1", "OPENEDX": "mkim", "SAKAI_FLAT": "mkim"}


@pytest.mark.parametrize("name", sorted(FLAT))
def test_a_name_of_another_systems_form_in_a_flat_download(tmp_path, name):
    path = tmp_path / "download.zip"
    own = FLAT_OWN[name]
    before = found(as_zip(path, DOWNLOADS[name].files))
    evil = [inner.rpartition("/")[2] for one in EVIL.values() for inner in one]
    evil = [inner for inner in evil if inner.endswith(".ipynb")]
    after = found(as_zip(path, {**DOWNLOADS[name].files, **plain(*(FLAT[name] + e for e in evil))}))
    assert after.layout == before.layout
    assert others(after, own) == others(before, own)
    assert set(ids(after)) == set(ids(before))


def test_one_student_of_canvas_with_very_many_files(tmp_path):
    many = plain(*(f"kim_1_{n}_n{n}.ipynb" for n in range(300)))
    handed_in = found(as_zip(tmp_path / "s.zip", {**CANVAS, **many}))
    assert handed_in.layout == "a Canvas download"
    assert ids(handed_in) == ["1", "2"]


@pytest.mark.parametrize("inside", ["", "x/", "x/y/"])
def test_with_a_roster_a_students_folder_is_not_looked_into_for_names(tmp_path, inside):
    """Also where most of the class is under names that the roster does not know."""
    roster = tmp_path / "class.csv"
    people = [f"s{n}name,Student {chr(65 + n)}nderson" for n in range(12)]
    roster.write_text("id,name\n" + "\n".join(people) + "\n")
    honest = plain(*(f"u{n}/mlp.ipynb" for n in range(1, 9)), "s9name/mlp.ipynb")
    before = found(as_zip(tmp_path / "a.zip", honest), roster=roster)
    evil = plain(*(f"u1/{inside}s{n}name/mlp.ipynb" for n in range(12)))
    evil |= plain(*(f"u1/{inside}s{n}name.ipynb" for n in range(12)))
    after = found(as_zip(tmp_path / "a.zip", {**honest, **evil}), roster=roster)
    assert others(after, "u1") == others(before, "u1")
    assert set(ids(after)) == set(ids(before))
