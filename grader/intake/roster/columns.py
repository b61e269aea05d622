"""The names of a roster's columns, in exports of common systems and in files made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.intake.names import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

# By purpose, the most telling first. Written as `letters` returns them: "Student ID", "student_id"
# and "StudentId" are the same.
_NAMES: dict[str, tuple[str, ...]] = {
    "id": (
        *("id", "studentid", "studentnumber", "studentno", "sid", "uid", "userid", "학번"),
        *("학생번호", "학생id", "identifier", "식별자", "idnumber", "id번호", "sisuserid"),
        *("orgdefinedid", "matriculationnumber", "matrikelnummer"),
    ),
    "name": (
        *("name", "fullname", "studentname", "student", "이름", "성명", "학생이름", "학생명"),
        *("학생", "전체이름"),
    ),
    "first": ("firstname", "givenname", "first"),
    "last": ("lastname", "familyname", "surname", "last", "성"),
    "email": (
        *("email", "emailaddress", "mail", "mailaddress", "이메일", "이메일주소", "메일"),
        *("메일주소", "전자우편", "전자메일"),
    ),
    "section": ("section", "sections", "group", "class", "분반", "반", "그룹", "모둠"),
    "login": (
        *("github", "githublogin", "githubusername", "githubid", "login", "loginid"),
        *("sisloginid", "username", "깃허브", "깃허브아이디", "아이디", "사용자이름"),
    ),
}
# GitHub Classroom's "github_id" is a number that nobody writes and harmless beside the login.


def columns(header: Sequence[str]) -> dict[str, list[int]]:
    """Return the numbers of each purpose's columns, the most telling first."""
    called = [letters(cell) for cell in header]
    found = {
        purpose: [called.index(name) for name in names if name in called]
        for purpose, names in _NAMES.items()
    }
    # If there is a column for the family name, this one holds the given name.
    if found["last"] and not found["first"] and "이름" in called:
        found["first"] = [called.index("이름")]
        found["name"] = [place for place in found["name"] if place not in found["first"]]
    return found
