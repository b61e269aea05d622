"""What layouts tell of teams, further ids and attempts, and the names above them that mislead."""

from __future__ import annotations

import pytest

from grader.intake.archives import Archives
from grader.intake.identify import identify
from grader.intake.paths import trees_at
from tests.intake.downloads import DOWNLOADS, as_folder, as_zip, plain
from tests.intake.making import found, ids, reasons, zip_bytes

PAIR = b"""submission_1:
  :submitters:
  - :name: Minsu Kim
    :sid: '1'
    :email: m@x.example
  - :name: Seoyeon Lee
    :sid:
    :email: s@x.example
"""


def owners(path):
    with Archives() as archives:
        trees, _ = trees_at([str(path)], archives)
        claims, _, _ = identify(trees)
    return {claim.item.origin.removeprefix(f"{path}/"): claim.owner for claim in claims}


TEAMS = [
    # the files, the team's id, the members' ids and names
    (
        {"submission_metadata.yml": PAIR, "submission_1/mlp.ipynb": None},
        ("submission_1", {"1": "Minsu Kim", "s@x.example": "Seoyeon Lee"}),
    ),
    (
        plain("H/Kim, Minsu(mkim); Lee, Jo(jlee)/Submission attachment(s)/mlp.ipynb"),
        ("Kim, Minsu(mkim); Lee, Jo(jlee)", {"mkim": "Minsu Kim", "jlee": "Jo Lee"}),
    ),
    (
        {
            "H/Group 3/Submission attachment(s)/mlp.ipynb": None,
            "H/Group 3/comments.txt": b"",
            "H/Group 3/members.txt": b"Kim, Minsu(mkim); Lee, Jo(jlee)",
        },
        ("Group 3", {"mkim": "Minsu Kim", "jlee": "Jo Lee"}),
    ),
    (
        plain(
            "MLP/Abgaben/Team 12/Kim_Minsu_mkim_3001/mlp.ipynb",
            "MLP/Abgaben/Team 12/Lee_Jo_jlee_3002/notes.pdf",
        ),
        ("Team 12", {"mkim": "Kim Minsu", "jlee": "Lee Jo"}),
    ),
    (
        plain("1-2 - Group 3 - Minsu Kim - Sep 24, 2024 926 PM/mlp.ipynb"),
        ("Group 3", {"1": "Minsu Kim"}),
    ),
    (plain("grouptask_MLP_2025-03-02_10-00-00/Team_A_98/1_submissions/m.ipynb"), ("Team A", {})),
]


@pytest.mark.parametrize(("files", "expected"), TEAMS)
def test_teams(tmp_path, files, expected):
    (owner,) = owners(as_zip(tmp_path / "d.zip", files)).values()
    assert owner.team
    assert (owner.id, {member.id: member.name for member in owner.members}) == expected


def test_further_ids(tmp_path):
    gradescope = owners(as_zip(tmp_path / "g.zip", DOWNLOADS["GRADESCOPE"].files))
    assert gradescope["submission_301/mlp.ipynb"].ids == ("mkim@uni.example",)
    ilias = owners(as_zip(tmp_path / "i.zip", DOWNLOADS["ILIAS"].files))
    assert ilias["Abgaben/Lee_Seoyeon_s_lee_3002/Verspaetete Abgabe - mlp.ipynb"].ids == ("s_lee",)
    name = "1-2 - N0123456 - Minsu Kim - Sep 24, 2024 926 PM/mlp.ipynb"
    brightspace = owners(as_zip(tmp_path / "d.zip", plain(name)))
    assert brightspace[name].ids == ("N0123456",)
    assert not brightspace[name].team


def test_every_attempt_is_ordered_by_what_its_name_says(tmp_path):
    """All files have one time, as after a copy."""
    for name in ("BLACKBOARD", "BRIGHTSPACE", "EXCHANGE", "ILIAS", "OPENOLAT", "TEAMS"):
        told = owners(as_zip(tmp_path / f"{name}.zip", DOWNLOADS[name].files)).values()
        assert any(owner.attempt for owner in told), name


# A download's own name, or a title, may be of a form that a layout looks for.
MISLEADING = [
    ("BLACKBOARD", "gradebook_CS_Homework_2025-03-04-10-11-12"),
    ("SAKAI", "Homework 1, part 2 (MLP)"),
    ("ILIAS", "Home_work_MLP_77"),
    ("GITHUB_FOLDERS", "course-main"),
    ("BRIGHTSPACE", "Homework 1 Download Sep 30, 2024 803 PM"),
    ("TEAMS", "Version 2"),
]


@pytest.mark.parametrize(("name", "title"), MISLEADING)
def test_a_misleading_name_above(tmp_path, name, title):
    files = DOWNLOADS[name].files
    before = found(as_zip(tmp_path / "d.zip", files))
    root = as_folder(tmp_path / "x", {f"{title}/{inner}": data for inner, data in files.items()})
    after = found(root)
    assert after.layout == before.layout
    assert ids(after) == ids(before)


ROSTER = "id,name,email\n10001,Minsu Kim,mkim@x.example\n10002,Seoyeon Lee,slee@x.example\n"
LEVELS = [
    ("{}/HW 1/final/mlp.ipynb", ("Minsu Kim", "Seoyeon Lee")),
    ("HW 1/{}/final/mlp.ipynb", ("Minsu Kim", "Seoyeon Lee")),
    ("a/b/c/{}/x/mlp.ipynb", ("mkim", "slee")),
    ("all/{}.ipynb", ("hw_10001_x", "hw_10002_x")),
    ("{}/Version 1/mlp.ipynb", ("10001", "10002")),
]


@pytest.mark.parametrize(("form", "names"), LEVELS)
def test_with_a_roster_the_level_that_names_its_students_counts(tmp_path, form, names):
    roster = tmp_path / "class.csv"
    roster.write_text(ROSTER)
    files = plain(*(form.format(name) for name in names))
    handed_in = found(as_zip(tmp_path / "d.zip", files), roster=roster)
    assert ids(handed_in) == ["10001", "10002"]
    assert handed_in.unclear == ()


def test_with_a_roster_whoever_handed_in_no_notebook_is_told(tmp_path):
    roster = tmp_path / "class.csv"
    roster.write_text(ROSTER)
    files = plain("Minsu Kim/mlp.ipynb", "Seoyeon Lee/mlp.py", "Seoyeon Lee/x.pdf", "README.md")
    handed_in = found(as_zip(tmp_path / "d.zip", files), roster=roster)
    assert ids(handed_in) == ["10001"]
    (remark,) = handed_in.unclear
    assert "not as a notebook" in remark.reason
    assert remark.origin.endswith("Seoyeon Lee/mlp.py")


def test_a_zip_without_a_notebook_is_told_beside_a_notebook(tmp_path):
    files = {
        "1-9 - Kim - Sep 24, 2024 926 PM/mlp.ipynb": None,
        "1-9 - Kim - Sep 24, 2024 926 PM/hw.zip": zip_bytes("report.pdf"),
        "2-9 - Lee - Sep 24, 2024 926 PM/hw.zip": zip_bytes("mlp.ipynb", "old.zip"),
    }
    handed_in = found(as_zip(tmp_path / "d.zip", files))
    assert ids(handed_in) == ["1", "2"]
    assert reasons(handed_in) == {
        "hw.zip": "an archive in which no notebook was found",
        "old.zip": "a zip within a zip, which is not looked into",
    }
