"""Writes a class's hand-ins the way each system lays them out, with its own list of students.

Where a layout was read stands in ``grader/intake/layouts``, beside the code that reads it.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.batch.marked import notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tests.downloads.people import Person

Files = dict[str, bytes]


@dataclass(frozen=True)
class Handed:
    """One file that a student handed in.

    ``what`` is "right", "wrong" (an earlier one), "blank", "unreadable" or "other"; ``mark`` is
    planted in it; ``at`` counts the times of handing in from 1.
    """

    person: Person
    name: str
    what: str
    mark: int
    at: int = 1
    late: bool = False

    @property
    def data(self) -> bytes:
        """The file."""
        if self.what == "unreadable":
            return b"<html>not a notebook</html>"
        if self.what == "other":
            return b"some words"
        return notebook(self.mark, blank=self.what == "blank")


@dataclass(frozen=True, repr=False)
class System:
    """A learning system: how it packs hand-ins, and the list of students that it exports.

    ``book`` is whether the list is a gradebook to fill in, with the points in ``column``.
    ``attempts`` is whether the download keeps earlier attempts, ``sure`` whether it tells
    namesakes apart. ``teams`` hand in together, and ``groups`` makes the file that says who.
    """

    name: str
    files: Callable[[Sequence[Handed]], Files]
    people: Callable[[Sequence[Person]], bytes]
    people_file: str
    column: int = -1
    attempts: bool = False
    sure: bool = True
    teams: bool = False
    groups: Callable[[Sequence[Person]], bytes] | None = None

    def __repr__(self) -> str:
        return self.name


def _letters(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _ascii(text: str) -> str:
    for special, plain in (("ä", "ae"), ("Ä", "Ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(special, plain)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(c if c.isalnum() or c in "_-. ()" else "_" for c in plain)


def _csv(rows: Iterable[Sequence[str]], *, delimiter: str = ",", every: bool = False) -> str:
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if every else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _canvas(handed: Sequence[Handed]) -> Files:
    files = {}
    for number, one in enumerate(handed, start=9001):
        late = "_LATE" if one.late else ""
        name = _letters(one.person.sortable)
        files[f"{name}{late}_{one.person.canvas}_{number}_{one.name}"] = one.data
    return files


def _canvas_people(people: Sequence[Person]) -> bytes:
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "mlp (77)", "Final Score"]
    rows = [[p.sortable, p.canvas, p.number, p.login, "A", "", ""] for p in people]
    test = ["Student, Test", "99999", "", "0123456789abcdef0123456789abcdef01234567", "A", "", ""]
    possible = ["    Points Possible", "", "", "", "", "100", "(read only)"]
    return _csv([head, possible, *rows, test]).encode()


def _moodle(handed: Sequence[Handed]) -> Files:
    return {f"{_moodle_prefix(h.person)}/{h.name}": h.data for h in handed}


def _moodle_flat(handed: Sequence[Handed]) -> Files:
    return {f"{_moodle_prefix(h.person)}_{h.name}": h.data for h in handed}


def _moodle_prefix(person: Person) -> str:
    name = person.full.replace("_", " ")
    return f"{name}_{person.participant}_assignsubmission_file"


def _moodle_people(people: Sequence[Person]) -> bytes:
    head = "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade"
    head += ",Grade can be changed,Last modified (submission),Last modified (grade)"
    rows = [
        [
            *(f"Participant {p.participant}", p.full, p.number, p.email, "Submitted", "", "100.00"),
            *("Yes", "Saturday, 1 March 2025, 11:58 PM", "-"),
        ]
        for p in people
    ]
    return _csv([head.split(","), *rows]).encode()


def _moodle_teams(handed: Sequence[Handed]) -> Files:
    # A group's number may be some participant's.
    numbers = {
        team: str(1001 + n) for n, team in enumerate(sorted({h.person.team for h in handed}))
    }
    return {
        f"{h.person.team}_{numbers[h.person.team]}_assignsubmission_file/{h.name}": h.data
        for h in handed
    }


def _moodle_team_people(people: Sequence[Person]) -> bytes:
    head = "Identifier,Full name,Email address,Status,Group,Grade,Maximum Grade"
    head += ",Grade can be changed,Last modified (submission),Last modified (grade)"
    rows = [
        [
            f"Participant {p.participant}",
            p.full,
            p.email,
            "Submitted",
            p.team,
            "",
            "100.00",
            "Yes",
            "-",
            "-",
        ]
        for p in people
    ]
    return _csv([head.split(","), *rows]).encode()


def _canvas_teams(handed: Sequence[Handed]) -> Files:
    return {
        f"{_letters(h.person.team)}_{h.person.canvas}_{n}_{h.name}": h.data
        for n, h in enumerate(handed, start=9001)
    }


def _canvas_groups(people: Sequence[Person]) -> bytes:
    head = ["name", "canvas_user_id", "user_id", "login_id", "sections", "group_name"]
    return _csv(
        [head, *([p.full, p.canvas, p.number, p.login, "A", p.team] for p in people)]
    ).encode()


def _moodle_german(people: Sequence[Person]) -> bytes:
    head = "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung"
    head += ",Bewertung kann geändert werden,Zuletzt geändert (Bewertung)"
    rows = [
        [f"Teilnehmer/in{p.participant}", p.full, p.email, "Abgegeben", "", "100,00", "Ja", "-"]
        for p in people
    ]
    return _csv([head.split(","), *rows]).encode()


def _blackboard(handed: Sequence[Handed]) -> Files:
    files = {}
    for one in handed:
        start = f"Lab 2_{one.person.login}_attempt_2025-03-{one.at:02}-10-00-00"
        files[f"{start}_{one.name}"] = one.data
        files[f"{start}.txt"] = f"Name: {one.person.full} ({one.person.login})\n".encode()
    return files


def _blackboard_people(people: Sequence[Person]) -> bytes:
    head = ["Last Name", "First Name", "Username", "Student ID", "Availability"]
    head += ["Lab 2 [Total Pts: 100 Score] |409586", "Weighted Total [Total Pts: up to 9 Score] |4"]
    rows = [[p.last, p.first, p.login, p.number, "Yes", "Needs Grading", ""] for p in people]
    return ("\ufeff" + _csv([head, *rows], delimiter="\t", every=True)).encode("utf-16-le")


def _d2l(handed: Sequence[Handed]) -> Files:
    return {
        f"{h.person.canvas}-25 - {h.person.full} - Sep {h.at}, 2024 1205 AM/{h.name}": h.data
        for h in handed
    }


def _d2l_people(people: Sequence[Person]) -> bytes:
    head = ["OrgDefinedId", "Username", "Last Name", "First Name", "Email"]
    head += ["Lab 2 Points Grade <Numeric MaxPoints:100 Weight:10>", "End-of-Line Indicator"]
    rows = [["#" + p.number, "#" + p.login, p.last, p.first, p.email, "", "#"] for p in people]
    return ("\ufeff" + _csv([head, *rows])).encode()


def _gradescope(handed: Sequence[Handed]) -> Files:
    numbers = {person: 300 + n for n, person in enumerate(dict.fromkeys(h.person for h in handed))}
    top = "assignment_70_export"
    told = [
        f"submission_{number}:\n  :submitters:\n  - :name: \"{p.full}\"\n    :sid: '{p.number}'\n"
        f"    :email: {p.email}\n  :created_at: 2025-03-01 12:00:00.000000000 Z\n"
        for p, number in numbers.items()
    ]
    files = {f"{top}/submission_metadata.yml": ("---\n" + "".join(told)).encode()}
    for one in handed:
        files[f"{top}/submission_{numbers[one.person]}/{one.name}"] = one.data
    return files


def _gradescope_people(people: Sequence[Person]) -> bytes:
    head = ["First Name", "Last Name", "SID", "Email", "Sections", "Lab 2", "Lab 2 - Max Points"]
    rows = [[p.first, p.last, p.number, p.email, "A", "", "100.0"] for p in people]
    return _csv([head, *rows]).encode()


def _openolat(handed: Sequence[Handed]) -> Files:
    files = {}
    for one in handed:
        person = f"{_ascii(one.person.last)}_{_ascii(one.person.first)}_{one.person.login}"
        top = f"ita_Lab_2_2025-03-02_10-00-00/{person}"
        folder = "2_submissions" if one.at == 1 else f"{2 * one.at}_revisions_{one.at - 1}"
        files[f"{top}/1_task/mlp.ipynb"] = b"{}"
        files[f"{top}/{folder}/{one.name}"] = one.data
    return files


def _plain_people(people: Sequence[Person]) -> bytes:
    head = ["id", "first_name", "last_name", "email"]
    return _csv([head, *([p.login, p.first, p.last, p.email] for p in people)]).encode()


def _ilias(handed: Sequence[Handed]) -> Files:
    files = {}
    for one in handed:
        p = one.person
        folder = f"{_ascii(p.last)}_{_ascii(p.first)}_{p.login}_{p.participant}"
        files[f"Lab_2/Abgaben/{folder}/{one.name}"] = one.data
    return files


def _ilias_people(people: Sequence[Person]) -> bytes:
    head = ["login", "Lastname", "Firstname", "Matriculation Number"]
    rows = [head, *([p.login, p.last, p.first, p.number] for p in people)]
    return _csv(rows, delimiter=";").encode()


def _sakai(handed: Sequence[Handed]) -> Files:
    files = {}
    for one in handed:
        top = f"Lab 2/{one.person.sortable}({one.person.login})"
        files[f"{top}/timestamp.txt"] = b"20250301120000000"
        files[f"{top}/Submission attachment(s)/{one.name}"] = one.data
    return files


def _sakai_people(people: Sequence[Person]) -> bytes:
    head = ["Display ID", "ID", "Last Name", "First Name", "grade", "Submission date", "Late"]
    rows = [
        [p.login, p.login, p.last, p.first, "", "2025-03-01T23:58:00Z", "On time"] for p in people
    ]
    title = _csv([["Lab 2", "SCORE_GRADE_TYPE"]], every=True) + '""\n'
    return ("\ufeff" + title + _csv([head, *rows], every=True)).encode()


def _teams(handed: Sequence[Handed]) -> Files:
    return {
        f"Student Work/Submitted files/{h.person.full}/Lab 2/Version {h.at}/{h.name}": h.data
        for h in handed
    }


def _teams_people(people: Sequence[Person]) -> bytes:
    head = ["First Name", "Last Name", "Email Address", "Lab 2", "Points", "Feedback"]
    return _csv([head, *([p.first, p.last, p.email, "", "100", ""] for p in people)]).encode()


def _submitted(handed: Sequence[Handed]) -> Files:
    return {f"submitted/{h.person.login}/lab2/{h.name}": h.data for h in handed}


def _inbound(handed: Sequence[Handed]) -> Files:
    files = {}
    for one in handed:
        when = f"2025-03-{one.at:02} 10:00:00.000000 UTC"
        top = f"inbound/{one.person.login}+lab2+{when}+{one.person.number}{one.at:04}"
        files[f"{top}/{one.name}"] = one.data
    return files


def _github(handed: Sequence[Handed]) -> Files:
    files = {}
    for one in handed:
        top = f"lab-2-submissions/lab-2-{_github_login(one.person)}"
        files[f"{top}/.git/HEAD"] = b"ref: refs/heads/main\n"
        files[f"{top}/{one.name}"] = one.data
    return files


def _github_zips(handed: Sequence[Handed]) -> Files:
    top = "lab-2-submissions/lab-2-"
    return {f"{top}{_github_login(h.person)}-main/{h.name}": h.data for h in handed}


def _github_login(person: Person) -> str:
    return person.login.replace("_", "-")


def _github_people(people: Sequence[Person]) -> bytes:
    head = ["identifier", "github_username", "github_id", "name"]
    rows = [[p.number, _github_login(p), p.canvas, p.full] for p in people]
    return _csv([head, *rows]).encode()


def _numbered(handed: Sequence[Handed]) -> Files:
    return {f"hw/{h.person.number}/{h.name}": h.data for h in handed}


def _numbered_people(people: Sequence[Person]) -> bytes:
    rows = [[p.number, p.full, p.email] for p in people]
    return _csv([["학번", "이름", "이메일"], *rows]).encode("cp949", "replace")


SYSTEMS = (
    System("canvas", _canvas, _canvas_people, "canvas.csv", column=5, attempts=True),
    System("moodle", _moodle, _moodle_people, "Grades.csv", column=5),
    System("moodle_flat", _moodle_flat, _moodle_people, "Grades.csv", column=5),
    System("moodle_german", _moodle, _moodle_german, "Bewertungen.csv", column=4),
    System("blackboard", _blackboard, _blackboard_people, "gc.xls", column=5, attempts=True),
    System("d2l", _d2l, _d2l_people, "Export.csv", column=5, attempts=True, sure=False),
    System("sakai", _sakai, _sakai_people, "grades.csv", column=4),
    System("moodle_teams", _moodle_teams, _moodle_team_people, "Grades.csv", column=5, teams=True),
    System(
        "canvas_teams",
        _canvas_teams,
        _canvas_people,
        "canvas.csv",
        column=5,
        teams=True,
        groups=_canvas_groups,
    ),
    System("gradescope", _gradescope, _gradescope_people, "roster.csv"),
    System("openolat", _openolat, _plain_people, "people.csv", attempts=True),
    System("ilias", _ilias, _ilias_people, "members.csv"),
    System("teams", _teams, _teams_people, "teams.csv", attempts=True, sure=False),
    System("nbgrader", _submitted, _plain_people, "people.csv"),
    System("inbound", _inbound, _plain_people, "people.csv", attempts=True),
    System("github", _github, _github_people, "classroom_roster.csv"),
    System("github_zips", _github_zips, _github_people, "classroom_roster.csv"),
    System("numbered", _numbered, _numbered_people, "명단.csv"),
)
