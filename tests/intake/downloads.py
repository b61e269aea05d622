"""Downloads as the systems lay them out, as data: names of files, and whose they are."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.intake.making import NOTEBOOK, zip_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Download:
    """Files by name, whose contents matter only where given, and the id and file that count."""

    layout: str
    files: Mapping[str, bytes | None]
    counted: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    late: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()  # parts of the remarks


def plain(*names: str) -> dict[str, bytes | None]:
    return dict.fromkeys(names)


def content(name: str, data: bytes | None) -> bytes:
    return NOTEBOOK + name.encode() if data is None else data


def as_folder(root: Path, files: Mapping[str, bytes | None]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(name, data))
    return root


def as_zip(path: Path, files: Mapping[str, bytes | None]) -> Path:
    path.write_bytes(packed(files))
    return path


def packed(files: Mapping[str, bytes | None]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, content(name, data))
    return buffer.getvalue()


def _bb(user: str, date: str, own: str) -> str:
    return f"Homework 1_{user}_attempt_{date}_{own}"


def _about(user: str, name: str, date: str, word: str = "Name") -> dict[str, bytes | None]:
    text = f"{word}: {name} ({user})\nAssignment: Homework 1\n\nFiles:\n".encode()
    return {f"Homework 1_{user}_attempt_{date}.txt": text}


_FIRST, _SECOND = "2025-02-20-09-00-00", "2025-03-01-09-00-00"
BLACKBOARD = Download(
    "a Blackboard download",
    {
        **plain(_bb("mkim", _SECOND, "mlp.ipynb"), _bb("mkim", _FIRST, "mlp.ipynb")),
        **_about("mkim", "Minsu Kim", _SECOND),
        **plain(_bb("s_lee", _FIRST, "a_attempt_2030-01-01-00-00-00_b.ipynb")),
        **_about("s_lee", "Seoyeon Lee", _FIRST, "Nom"),
        _bb("wjung", _FIRST, "hw.zip"): zip_bytes("sub/mlp.ipynb"),
        **_about("wjung", "Woo Jung", _FIRST),
        **_about("ychoi", "Yuna Choi", _FIRST),
    },
    {
        "mkim": _bb("mkim", _SECOND, "mlp.ipynb"),
        "s_lee": _bb("s_lee", _FIRST, "a_attempt_2030-01-01-00-00-00_b.ipynb"),
        "wjung": "sub/mlp.ipynb",
    },
    {"mkim": "Minsu Kim", "s_lee": "Seoyeon Lee", "wjung": "Woo Jung"},
    told=frozenset({"not as a notebook (.ipynb): Yuna Choi"}),
)
BLACKBOARD_WITHOUT_TXT = Download(
    "a Blackboard download",
    plain(*(_bb(user, _FIRST, "mlp.ipynb") for user in ("mkim", "s_lee", "jo_park"))),
    {user: _bb(user, _FIRST, "mlp.ipynb") for user in ("mkim", "s_lee", "jo_park")},
)
BRIGHTSPACE = Download(
    "a Brightspace download",
    {
        "index.html": b"",
        **plain(
            "397064-2557370 - Seoyeon Lee - Sep 24, 2024 1205 AM/mlp.ipynb",
            "397064-2557370 - Seoyeon Lee - Sep 23, 2024 1126 PM/mlp.ipynb",
            "397065-2557371 - 민수 김 - 24 Sep, 2024 2126/deep/er/mlp.ipynb",
            "397067-2557373 - Jiho Park - Oct 1, 2024 801 PM/mlp.py",
        ),
        "397066-2557372 - José Núñez - oct. 1, 2024 126 PM/hw.zip": zip_bytes("mlp.ipynb"),
    },
    {
        "397064": "1205 AM/mlp.ipynb",
        "397065": "deep/er/mlp.ipynb",
        "397066": "hw.zip/mlp.ipynb",
    },
    {"397064": "Seoyeon Lee", "397065": "민수 김", "397066": "José Núñez"},
    told=frozenset({"not as a notebook (.ipynb): Jiho Park"}),
)
BRIGHTSPACE_FLAT = Download(
    "a Brightspace download",
    plain(
        "1-9 - Minsu Kim - Sep 24, 2024 926 PM - my - own.ipynb",
        "2-9 - Jiho Park - Sep 24, 2024 926 AM - mlp.ipynb",
    ),
    {"1": "my - own.ipynb", "2": "AM - mlp.ipynb"},
    {"1": "Minsu Kim"},
)
_METADATA = """---
submission_301:
  :submitters:
  - :name: "Minsu \\"M\\" Kim"
    :sid: '0123'
    :email: mkim@uni.example
  :created_at: 2025-03-01 23:58:01.123456789 -08:00
  :results:
    tests:
    - output: |
        submission_302:
          :submitters:
          - :sid: '0123'
  :history: []
submission_302:
  :submitters:
  - :name: 이서연
    :sid:
    :email: slee@uni.example
  :created_at: 2025-03-01 22:00:00.000000000 Z
submission_303:
  :submitters: [[[
submission_304:
  :submitters:
  - :name: Hana Oh
    :sid: '0125'
    :email: hoh@uni.example
"""
GRADESCOPE = Download(
    "a Gradescope export",
    {
        "submission_metadata.yml": _METADATA.encode(),
        **plain(*(f"submission_{number}/mlp.ipynb" for number in (301, 302, 303))),
        "submission_302/submission_metadata.yml": b"mlp.ipynb:\n  :submitters:\n  - :sid: '9'\n",
        "submission_304/mlp.py": b"",
    },
    {
        "0123": "submission_301/mlp.ipynb",
        "slee@uni.example": "submission_302/mlp.ipynb",
        "submission_303": "submission_303/mlp.ipynb",
    },
    {"0123": 'Minsu "M" Kim', "slee@uni.example": "이서연"},
    told=frozenset({"not as a notebook (.ipynb): Hana Oh"}),
)
OPENOLAT = Download(
    "an OpenOlat archive",
    plain(
        "Kim_Minsu_mkim/1_task/mlp.ipynb",
        "Kim_Minsu_mkim/2_submissions/mlp.ipynb",
        "Kim_Minsu_mkim/3_corrections/mlp.ipynb",
        "Kim_Minsu_mkim/4_revisions_1/mlp.ipynb",
        "Kim_Minsu_mkim/5_corrections_1/mlp.ipynb",
        "Kim_Minsu_mkim/6_revisions_2/mlp.ipynb",
        "Kim_Minsu_mkim/8_assessment/mlp.ipynb",
        "Van_Dam_Jo_jvandam/1_submissions/own/mlp.ipynb",
        "Oh_Hana_hoh/1_submissions/mlp.py",
        "solutions/mlp.ipynb",
    ),
    {"mkim": "6_revisions_2/mlp.ipynb", "jvandam": "own/mlp.ipynb"},
    {"mkim": "Kim Minsu", "jvandam": "Van Dam Jo"},
    told=frozenset(
        {"the task that", "a correction by the coach, not a submission (and 1 more", "assessment"}
        | {"a sample solution", "not as a notebook (.ipynb): Oh Hana"}
    ),
)
ILIAS = Download(
    "an ILIAS download",
    plain(
        "Abgaben/Kim_Minsu_mkim42_3001/mlp.ipynb",
        "Abgaben/Kim_Minsu_mkim42_3001/mlp (2).ipynb",
        "Abgaben/Lee_Seoyeon_s_lee_3002/Verspaetete Abgabe - mlp.ipynb",
        "Abgaben/von der Au_Joerg_jau_3003/Late Submission - mlp (2).ipynb",
        "Abgaben/von der Au_Joerg_jau_3003/mlp.ipynb",
        "Abgaben/Oh_Hana_hoh_3004/mlp.py",
    ),
    {"mkim42": "mlp (2).ipynb", "lee": "Abgabe - mlp.ipynb", "jau": "Submission - mlp (2).ipynb"},
    {"mkim42": "Kim Minsu", "jau": "von der Au Joerg"},
    late=frozenset({"lee", "jau"}),
    told=frozenset({"not as a notebook (.ipynb): Oh Hana"}),
)
_TEXT = "Adjuntos del envío"
SAKAI = Download(
    "a Sakai download",
    {
        "grades.csv": b"",
        "Kim, Minsu(mkim)/timestamp.txt": b"20250301145800000",
        "Lee, Seoyeon(slee)/comments.txt": b"",
        "García, José(jgarcia)/Submission attachment(s)/hw.zip": zip_bytes("x/mlp.ipynb"),
        **plain(
            "Kim, Minsu(mkim)/Submission attachment(s)/mlp.ipynb",
            "Lee, Seoyeon(slee)/Submission attachment(s)/mlp.ipynb",
            "Lee, Seoyeon(slee)/Feedback Attachment(s)/mlp.ipynb",
            "Oh, Hana(hoh)/Oh, Hana(hoh)_submissionText.html",
        ),
    },
    {
        "jgarcia": "hw.zip/x/mlp.ipynb",
        "mkim": "mkim)/Submission attachment(s)/mlp.ipynb",
        "slee": "slee)/Submission attachment(s)/mlp.ipynb",
    },
    {"mkim": "Minsu Kim", "jgarcia": "José García"},
    told=frozenset({"the instructor's feedback", "not as a notebook (.ipynb): Hana Oh"}),
)
SAKAI_OTHER_LANGUAGE = Download(
    "a Sakai download",
    plain(
        f"Kim, Minsu(mkim)/{_TEXT}/mlp.ipynb",
        f"Lee, Seoyeon(slee)/{_TEXT}/mlp.ipynb",
        "Lee, Seoyeon(slee)/Xyzzy/mlp.ipynb",
    ),
    {"mkim": f"mkim)/{_TEXT}/mlp.ipynb", "slee": f"slee)/{_TEXT}/mlp.ipynb"},
    told=frozenset({"the instructor's feedback"}),
)
SAKAI_FLAT = Download(
    "a Sakai download",
    plain(
        "Kim, Minsu(mkim)_Submission attachment(s)_mlp.ipynb",
        "Kim, Minsu(mkim)_Feedback Attachment(s)mlp.ipynb",
        "Lee, Seoyeon(slee)_Submission attachment(s)_my feedback_mlp.ipynb",
    ),
    {"mkim": "attachment(s)_mlp.ipynb", "slee": "my feedback_mlp.ipynb"},
    told=frozenset({"the instructor's feedback"}),
)
TEAMS = Download(
    "Teams' library of student work",
    plain(
        "Submitted files/Minsu Kim/Homework 1/Version 2/mlp.ipynb",
        "Submitted files/Minsu Kim/Homework 1/Version 10/mlp.ipynb",
        "Submitted files/Seoyeon Lee/Homework 1/mlp.ipynb",
        "Submitted files/김민수/Homework 1/Version 1/mlp.ipynb",
        "Submitted files/김민수/Homework 0/Version 1/intro.ipynb",
        "Submitted files/Hana Oh/Homework 1/Version 1/mlp.pdf",
        "Working files/Minsu Kim/Homework 1/mlp.ipynb",
    ),
    {
        "Minsu Kim": "Version 10/mlp.ipynb",
        "Seoyeon Lee": "Homework 1/mlp.ipynb",
        "김민수": "Homework 1/Version 1/mlp.ipynb",
    },
    told=frozenset(
        {"a draft that was not turned in", "another assignment than Homework 1"}
        | {"not as a notebook (.ipynb): Hana Oh"}
    ),
)
TEAMS_OTHER_LANGUAGE = Download(
    "Teams' library of student work",
    plain(
        "Xyzzy/Minsu Kim/Homework 1/Version 1/mlp.ipynb",
        "Xyzzy/Minsu Kim/Homework 1/Version 2/mlp.ipynb",
        "Xyzzy/Seoyeon Lee/Homework 1/Version 1/mlp.ipynb",
    ),
    {"Minsu Kim": "Version 2/mlp.ipynb", "Seoyeon Lee": "Version 1/mlp.ipynb"},
)
_UNIT = "[1]Week 3, [2]Homework, [1]MLP"
OPENEDX = Download(
    "an Open edX download",
    {
        "submissions.csv": b"",
        **plain(
            f"{_UNIT}/[1] - mkim - prompt_0.txt",
            f"{_UNIT}/[1] - mkim - mlp.ipynb",
            f"{_UNIT}/[1] - 703dee642c9872a35d84fa9b2d96950f - my - own.ipynb",
            f"{_UNIT}/[1] - hoh - prompt_0.txt",
            "Removed from course/[x] - mkim - old.ipynb",
        ),
    },
    {"mkim": "[1] - mkim - mlp.ipynb", "703dee642c9872a35d84fa9b2d96950f": "my - own.ipynb"},
    told=frozenset({"another assignment than [1]", "not as a notebook (.ipynb): hoh"}),
)
_NIGHT = "2025-03-01 23:58:01.000000 UTC"
EXCHANGE = Download(
    "nbgrader's exchange",
    plain(
        f"inbound/mkim+ps1+{_NIGHT}+bbbbbbbbbbbb/mlp.ipynb",
        "inbound/mkim+ps1+2025-03-01 23:58:01.000001 UTC+aaaaaaaaaaaa/mlp.ipynb",
        "inbound/mkim+ps1+2025-03-01 10:00:00.000000 UTC+zzzzzzzzzzzz/mlp.ipynb",
        "inbound/a+b+ps1+2025-03-02 08:58:01 +0900+Ab-_12345678/mlp.ipynb",
        "inbound/a+b+ps1+2025-03-01 23_59_00 UTC/mlp.ipynb",
        "inbound/hoh+ps1+2025-03-01 23:58:01.000000 UTC+cccccccccccc/mlp.py",
        "outbound/ps1/mlp.ipynb",
    ),
    {"a+b": "23_59_00 UTC/mlp.ipynb", "mkim": "000001 UTC+aaaaaaaaaaaa/mlp.ipynb"},
    told=frozenset({"released to students", "not as a notebook (.ipynb): hoh"}),
)
CLASSROOM_50 = Download(
    "clones from Classroom 50",
    plain(
        *(
            f"cs-mlp_submissions_2026_09_01_T_10_00_00/cs-mlp-{login}/{file}"
            for login in ("k-minsu", "k-jiwon")
            for file in ("mlp.ipynb", "result.json", "results.json", ".git/HEAD")
        ),
        "cs-mlp_submissions_2026_09_01_T_10_00_00/scores.csv",
    ),
    {"k-jiwon": "k-jiwon/mlp.ipynb", "k-minsu": "k-minsu/mlp.ipynb"},
)
GITHUB_FOLDERS = Download(
    "repositories from GitHub",
    plain(
        "hw-1-minsu-kim-main/mlp.ipynb",
        "hw-1-jiwon-main/src/mlp.ipynb",
        "hw-1-kms-dev-master/mlp.ipynb",
        "hw-1-hoh-main/mlp.py",
    ),
    {"jiwon": "src/mlp.ipynb", "kms-dev": "mlp.ipynb", "minsu-kim": "mlp.ipynb"},
    told=frozenset({"not as a notebook (.ipynb): hoh"}),
)
GITHUB_ZIPS = Download(
    "repositories from GitHub",
    {
        f"hw-1-{login}-main.zip": zip_bytes(f"hw-1-{login}-main/mlp.ipynb")
        for login in ("minsu-kim", "jiwon", "kms-dev")
    },
    dict.fromkeys(("jiwon", "kms-dev", "minsu-kim"), "mlp.ipynb"),
)
CLONES_WITHOUT_GIT = Download(
    "clones from GitHub Classroom",
    plain(*(f"mlp-submissions/mlp-k-{login}/mlp.ipynb" for login in ("minsu", "jiwon"))),
    {"k-jiwon": "k-jiwon/mlp.ipynb", "k-minsu": "k-minsu/mlp.ipynb"},
)
DOWNLOADS = {name: one for name, one in globals().items() if isinstance(one, Download)}
