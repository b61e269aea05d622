"""A team is never taken for a person, and its points go to its members."""

from __future__ import annotations

import pytest

from grader.errors import GraderError
from grader.intake import find_submissions
from tests.intake.making import folder, zipped

PEOPLE = {"1001": "Minsu Kim", "1002": "김민수", "1003": "Hana Oh", "1005": "Yuna Choi"}
WORKSHEET = "Identifier,Full name,Email address,Status,{group},Grade,Maximum Grade\n"
MOODLE = (
    "Team A_1005_assignsubmission_file/mlp.ipynb",
    "Team B_88_assignsubmission_file/mlp.ipynb",
)
DEFAULT = "Default group_assignsubmission_file/mlp.ipynb"
CANVAS = ("team1_501_9_mlp.ipynb", "team2_LATE_502_10_mlp.ipynb")


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def worksheet(tmp_path, *groups, header="Group"):
    rows = [
        f"Participant {number},{name},p{number}@x.kr,Submitted,{group},,100\n"
        for (number, name), group in zip(PEOPLE.items(), groups, strict=True)
    ]
    return written(tmp_path, "sheet.csv", WORKSHEET.format(group=header) + "".join(rows))


def given(handed_in):
    return {one.student.id: one.team for one in handed_in.counted}


@pytest.mark.parametrize("header", ["Group", "Gruppe", "그룹", "ჯგუფი"])
def test_moodles_column_names_the_members(tmp_path, header):
    path = zipped(tmp_path / "m.zip", *MOODLE, DEFAULT)
    roster = worksheet(tmp_path, "Team A", "Team A", "Team B", "Default group", header=header)
    handed_in = find_submissions([str(path)], roster=roster)
    assert given(handed_in) == {
        "1001": "Team A",
        "1002": "Team A",
        "1003": "Team B",
        "1005": "Default group",
    }
    assert handed_in.missing == handed_in.unclear == ()
    origins = {one.student.id: one.origin.rpartition("/m.zip/")[2] for one in handed_in.counted}
    assert origins["1001"] == origins["1002"] == MOODLE[0]


def test_a_number_of_a_group_is_nobodys(tmp_path):
    """1005 is the group's number, and another participant's."""
    path = zipped(tmp_path / "m.zip", *MOODLE, DEFAULT)
    handed_in = find_submissions([str(path)], roster=worksheet(tmp_path, "", "", "", ""))
    assert given(handed_in) == {name: name for name in ("Default group", "Team A", "Team B")}
    assert len(handed_in.missing) == 4
    assert len(handed_in.unclear) == 3
    assert all("--groups FILE" in one.reason for one in handed_in.unclear)


def test_names_that_fit_nobody_look_like_teams(tmp_path):
    for path in (zipped(tmp_path / "m.zip", *MOODLE),):
        handed_in = find_submissions([str(path)], roster=worksheet(tmp_path, "", "", "", ""))
        assert given(handed_in) == {"Team A": "Team A", "Team B": "Team B"}
        assert "--groups FILE" in handed_in.unclear[-1].reason


GROUPS = {
    "Canvas": (
        "name,canvas_user_id,user_id,login_id,sections,group_name,canvas_group_id,group_id\n"
        '"Kim, Minsu",501,S1,mkim,CS,Team 1,7,\n"Oh, Hana",503,S3,hoh,CS,Team 1,7,\n'
        '"Choi, Yuna",502,S2,ychoi,CS,Team 2,8,\n"Jung, Woo",504,S4,wjung,CS,,,\n'
    ),
    "by hand, with names": "team,name\nteam1,Minsu Kim\nteam1,Hana Oh\nteam2,Yuna Choi\n",
    "by hand, with ids": "id;group\n501;Team 1\n503;Team 1\n502;Team 2\n",
    "by hand, in Korean": "조,학번\nTeam1,S1\nTeam1,S3\nTeam2,S2\n",
    "by hand, with logins": "Team,Login\nteam_1,mkim\nteam_1,hoh\nteam_2,ychoi\n",
    "headers that nobody knows": "აბგ,დევ\nteam1,Minsu Kim\nteam1,Hana Oh\nteam2,Yuna Choi\n",
}
BOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    '"Kim, Minsu",501,S1,mkim,CS\n"Choi, Yuna",502,S2,ychoi,CS\n"Oh, Hana",503,S3,hoh,CS\n'
    '"Jung, Woo",504,S4,wjung,CS\n'
)


@pytest.mark.parametrize("form", GROUPS)
def test_a_groups_file_names_the_members(tmp_path, form):
    path = zipped(tmp_path / "s.zip", *CANVAS)
    book = written(tmp_path, "book.csv", BOOK)
    groups = written(tmp_path, "groups.csv", GROUPS[form])
    handed_in = find_submissions([str(path)], roster=book, groups=groups)
    teams = {id_: team.replace(" ", "").replace("_", "") for id_, team in given(handed_in).items()}
    assert {id_: team.casefold() for id_, team in teams.items()} == {
        "501": "team1",
        "502": "team2",
        "503": "team1",
    }
    assert [one.late for one in handed_in.counted] == [False, True, False]
    assert [one.id for one in handed_in.missing] == ["504"]
    assert handed_in.unclear == ()


def test_a_groups_file_alone_is_a_roster(tmp_path):
    path = zipped(tmp_path / "s.zip", *CANVAS)
    groups = written(tmp_path, "groups.csv", GROUPS["Canvas"])
    handed_in = find_submissions([str(path)], groups=groups)
    assert given(handed_in) == {"501": "Team 1", "502": "Team 2", "503": "Team 1"}


def test_members_whom_the_roster_does_not_hold(tmp_path):
    path = zipped(tmp_path / "s.zip", *CANVAS)
    groups = "team,id,name\nteam1,501,Minsu Kim\nteam1,777,Ada New\nteam2,504,Hana Oh\n"
    handed_in = find_submissions(
        [str(path)],
        roster=written(tmp_path, "book.csv", BOOK),
        groups=written(tmp_path, "groups.csv", groups),
    )
    # 504 is Woo Jung: the id and the name are two people's.
    assert given(handed_in) == {"501": "team1", "777": "team1", "team2": "team2"}
    said = [one.reason for one in handed_in.unclear]
    assert any("Ada New 777 of the team team1 is nobody in book.csv" in one for one in said)
    assert any("Hana Oh 504 of the team team2" in one for one in said)


def test_a_member_who_also_handed_in_alone(tmp_path):
    names = (*CANVAS, "ohhana_503_11_mlp.ipynb")
    handed_in = find_submissions(
        [str(zipped(tmp_path / "s.zip", *names))],
        roster=written(tmp_path, "book.csv", BOOK),
        groups=written(tmp_path, "groups.csv", GROUPS["Canvas"]),
    )
    assert [one.student.id for one in handed_in.counted] == ["501", "502", "503"]


def test_teams_folders_by_hand(tmp_path):
    path = folder(tmp_path / "x", "Team 1/mlp.ipynb", "team_2/mlp.ipynb", "Woo Jung/mlp.ipynb")
    handed_in = find_submissions(
        [str(path)],
        roster=written(tmp_path, "book.csv", BOOK),
        groups=written(tmp_path, "groups.csv", GROUPS["Canvas"]),
    )
    assert given(handed_in) == {"501": "Team 1", "502": "Team 2", "503": "Team 1", "504": ""}


def test_a_file_called_like_a_section_is_no_team(tmp_path):
    path = folder(tmp_path / "x", "CS.ipynb", "A.ipynb", "Woo Jung.ipynb")
    book = written(
        tmp_path, "book.csv", BOOK.replace("\n", ",A\n").replace("Section,A", "Section,X")
    )
    handed_in = find_submissions([str(path)], roster=book)
    assert given(handed_in) == {"504": "", "A": "", "CS": ""}


def test_a_file_without_teams_is_refused(tmp_path):
    path = zipped(tmp_path / "s.zip", *CANVAS)
    groups = written(tmp_path, "groups.csv", "id,name\n1,Minsu Kim\n2,Hana Oh\n")
    with pytest.raises(GraderError, match="no column of teams") as caught:
        find_submissions([str(path)], groups=groups)
    assert caught.value.hint
