"""Finds a roster's columns by their names, and by their form where the names are unknown.

Names are those of exports of Moodle, Canvas, Blackboard, D2L Brightspace, Sakai, ILIAS, OpenOlat,
Gradescope, Google Classroom, Microsoft Teams, GitHub Classroom and Classroom 50, and of files made
by hand. Read in sources: Moodle's strings ``recordid`` and ``hiddenuser`` (language packs of mod
assign: en, de, fr, es, it, nl, pt, sv, ja, zh_cn, zh_tw, ar), Canvas' lib/gradebook_exporter.rb
(commit 0140a2ef) and its export of a group set, ``name, canvas_user_id, user_id, login_id,
sections, group_name, canvas_group_id, group_id``. Other translations were not read in a source;
unknown ones are recognised by form.
"""

# ruff: noqa: RUF001 - letters of other scripts that look like Latin ones

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from grader.identity import participant_number
from grader.intake.names import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from grader.intake.roster.text import Row

Places = dict[str, list[int]]

# By purpose, the most telling first, as ``letters`` returns them: "Student ID" and "student_id"
# are the same.
_NAMES: dict[str, str] = {
    "id": """
        id studentid studentnumber studentno studentsid sid 학번 학생번호 학생id identifier 식별자
        identifiant identificador identificatore identificatie identifikator идентификатор 识别码
        識別碼 识别号 المعرف المعرّف displayid orgdefinedid canvasuserid idnumber id번호 sisuserid
        sisid userid uid matriculationnumber matriculation matrikelnummer matrikelnr matrnr
        matricule matrícula matricola registrationnumber regno rollno rollnumber numérodétudiant
        numéroétudiant numérodidentification númerodeidentificación númerodeidentificação
        númerodealumno studienummer studentnummer studentennummer opiskelijanumero numerindeksu
        nrindeksu nralbumu номерстудента номерзачетки номерзачётки зачетка idномер
        学号 學號 学生番号
        学籍番号 學生證號 学生证号 الرقمالجامعي رقمالطالب رقمالهوية öğrencino öğrencinumarası mssv
        idnummer идентификационныйномер
    """,
    "name": """
        name fullname studentname student 이름 성명 학생이름 학생명 학생 전체이름 displayname
        vollständigername anzeigename nomcomplet nombrecompleto nomecompleto nomecognome
        volledigenaam fullständigtnamn nazwisko fio фио полноеимя 姓名 全名 氏名 フルネーム 名前
        الاسم الاسمالكامل اسمالطالب adsoyad adısoyadı họvàtên họtên
    """,
    "first": """
        firstname givenname first forename vorname prénom nombre nome voornaam förnamn fornavn
        etunimi imię имя 名 名字 الاسمالأول ad adı tên
    """,
    "last": """
        lastname familyname surname last 성 nachname familienname nom nomdefamille apellidos
        apellido cognome achternaam efternamn etternavn sukunimi фамилия 姓 姓氏 اسمالعائلة اللقب
        soyad soyadı sobrenome apelido họ
    """,
    "email": """
        email emailaddress mail mailaddress studentemail 이메일 이메일주소 메일 메일주소 전자우편
        전자메일 emailadresse mailadresse adressedecourriel adresseemail courriel adressemail
        correoelectrónico correo direccióndecorreo endereçodeemail indirizzoemail emailadres
        epost epostadress электроннаяпочта почта адресэлектроннойпочты 邮箱 电子邮件 电子邮箱
        電子郵件 メールアドレス البريدالإلكتروني عنوانالبريدالإلكتروني eposta
    """,
    "section": """
        section sections 분반 반 class klasse kurs classe seccion sección turma classroom 班级 班級
        クラス
        группа group 그룹 모둠
    """,
    "group": """
        groupname group team teamname 그룹 모둠 조 팀 그룹명 팀명 조이름 gruppe gruppenname groupe
        équipe grupo equipo equipe gruppo groep grupp grupa ryhmä группа команда 组 组别 小组 群组
        組 小組 グループ チーム المجموعة مجموعة الفريق takım nhóm skupina csoport gruppa tým
    """,
    "login": """
        github githublogin githubusername githubid login loginid sisloginid username 깃허브
        깃허브아이디 아이디 사용자이름 benutzername anmeldename nomdutilisateur nombredeusuario
        nomedeutente nomedoutilizador gebruikersnaam användarnamn имяпользователя логин 用户名
        使用者名稱 ユーザ名 ユーザー名 اسمالمستخدم kullanıcıadı netid
    """,
}
# GitHub Classroom's "github_id" is a number that nobody writes and harmless beside the login.
_BY_NAME = {
    purpose: {letters(word): rank for rank, word in enumerate(words.split())}
    for purpose, words in _NAMES.items()
}
_KNOWN = frozenset(word for words in _BY_NAME.values() for word in words)

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_WORD_AND_NUMBER = re.compile(r"(\D*[^\W\d_]\D*?)[\s_]*([0-9]+)")
# No marks and dates: four digits at least, and letters only before them.
_NUMBER_OF_A_PERSON = re.compile(r"#?[A-Za-z]{0,4}[-_]?\d{4,}(?:\.0+)?")
_LOGIN = re.compile(r"#?[a-z][a-z0-9._-]{1,}")
_PERSON = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019.,() \-·])*[^\W\d_.]\.?")
_POINTS = re.compile(r"\d+(?:[.,]\d+)?")
_MOST = 0.8  # of the cells that are not empty
_LONGEST = 100  # letters of a cell that tell its form
_TITLES = 12  # rows in which the header is looked for


def header_of(rows: Sequence[Row]) -> int | None:
    """Return the number of the row that names the columns, None if there is none.

    Titles may stand above it.
    """
    first = rows[:_TITLES]
    known = [sum(letters(cell) in _KNOWN for cell in row.cells) for row in first]
    if any(known):
        return known.index(max(known))
    # In an unknown language: the first row as wide as most, if it holds no data.
    widths = [len(row.cells) for row in rows]
    width = max(set(widths), key=widths.count, default=0)
    for number, row in enumerate(first):
        if len(row.cells) == width:
            holds_data = any("@" in cell or cell.isdecimal() for cell in row.cells)
            return None if holds_data or width < 2 else number
    return None


def columns(header: Sequence[str], rows: Sequence[Row]) -> Places:
    """Return the numbers of each purpose's columns, the most telling first.

    ``participant`` is the column of Moodle's participant numbers, if there is one.
    """
    called = [letters(cell) for cell in header]
    found: Places = {
        purpose: sorted(
            (place for place, name in enumerate(called) if name in ranks),
            key=lambda place, ranks=ranks: (ranks[called[place]], place),  # type: ignore[misc]
        )
        for purpose, ranks in _BY_NAME.items()
    }
    # If there is a column for the family name, this one holds the given name.
    if found["last"] and not found["first"] and "이름" in called:
        found["first"] = [called.index("이름")]
        found["name"] = [place for place in found["name"] if place not in found["first"]]
    if not found["last"] and not found["name"]:
        found["name"], found["first"] = found["first"], []
    cells = [
        [row.cells[n] if n < len(row.cells) else "" for row in rows] for n in range(len(called))
    ]
    found["participant"] = _participants(cells) if rows else []
    _by_form(found, cells)
    return found


def _participants(cells: Sequence[Sequence[str]]) -> list[int]:
    """Return the column of Moodle's participant numbers: in all rows the same word and a number.

    An unknown word counts in the first column, if the table has a worksheet's grade and maximum.
    """
    for place, column in enumerate(cells):
        matches = [_WORD_AND_NUMBER.fullmatch(cell) for cell in column if cell]
        words = {found[1].strip() if found else "" for found in matches}
        if len(words) != 1 or words == {""} or len(set(column)) < len(column):
            continue
        known = participant_number(f"{min(words)} 1")
        if known or (place == 0 and len(letters(min(words))) > 1 and _has_maximum(cells)):
            return [place]
    return []


def _has_maximum(cells: Sequence[Sequence[str]]) -> bool:
    """Whether a column holds one number in all rows, and that before it at most numbers."""
    pairs = pairwise(cells[1:])
    return any(
        len(set(most)) == 1
        and _POINTS.fullmatch(most[0])
        and all(_POINTS.fullmatch(cell) for cell in points if cell.strip("-"))
        for points, most in pairs
    )


def _by_form(found: Places, cells: Sequence[Sequence[str]]) -> None:
    taken = {place for places in found.values() for place in places}
    free = [place for place in range(len(cells)) if place not in taken]

    def of_form(matches: Callable[[str], object], *, distinct: float) -> list[int]:
        return [place for place in free if _mostly(cells[place], matches, distinct)]

    if not found["email"]:
        found["email"] = of_form(_ADDRESS.fullmatch, distinct=_MOST)
        free = [place for place in free if place not in found["email"]]
    if not found["id"]:
        found["id"] = of_form(_NUMBER_OF_A_PERSON.fullmatch, distinct=1.0)[:3]
        free = [place for place in free if place not in found["id"]]
    if not found["name"] and not found["first"] and not found["last"]:
        people = of_form(_PERSON.fullmatch, distinct=0.5)
        logins = [p for p in people if _mostly(cells[p], _LOGIN.fullmatch, 1.0)]
        people = [place for place in people if place not in logins]
        # Two columns of single words side by side are a given and a family name.
        if people[1:] and people[1] == people[0] + 1 and not _whole_names(cells[people[0]]):
            found["last"], found["first"] = people[:1], people[1:2]
        else:
            found["name"] = people[:1]
        free = [place for place in free if place not in people[:2]]
    if not found["login"]:
        found["login"] = of_form(_LOGIN.fullmatch, distinct=1.0)[:2]


def _mostly(cells: Iterable[str], matches: Callable[[str], object], distinct: float) -> bool:
    filled = [cell for cell in cells if cell]
    if not filled or len(set(filled)) < distinct * len(filled):
        return False
    return sum(bool(matches(cell)) for cell in filled) >= _MOST * len(filled)


def _whole_names(cells: Sequence[str]) -> bool:
    """Whether these are whole names: of two words, or in scripts that write them as one."""
    filled = [cell for cell in cells if cell]
    several = sum(" " in cell or "," in cell for cell in filled)
    together = sum(not cell.isascii() and len(cell) >= 3 and cell[0] > "\u2e80" for cell in filled)
    return 2 * (several + together) > len(filled)


def shared_values(found: Mapping[str, Sequence[int]], rows: Sequence[Row], width: int) -> list[int]:
    """Return the columns that may tell a person's team, those that are called so first."""
    own = {"id", "participant", "name", "first", "last", "email", "login", "section"}
    taken = {place for purpose in own for place in found[purpose]} | {*found["group"]}
    maybe = []
    for place in range(width):
        cells = [row.cells[place] for row in rows if place < len(row.cells) and row.cells[place]]
        if place not in taken and 1 < len(set(cells)) < len(cells):
            maybe.append(place)
    return [*found["group"], *maybe]
