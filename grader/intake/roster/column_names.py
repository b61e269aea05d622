"""Names of a roster's columns, by what the columns hold.

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

from grader.intake.names import letters

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
BY_NAME = {
    purpose: {letters(word): rank for rank, word in enumerate(words.split())}
    for purpose, words in _NAMES.items()
}
KNOWN = frozenset(word for words in BY_NAME.values() for word in words)

TITLES = 12  # rows in which the header is looked for
_CELLS = re.compile(r"[,;\t|]")


def known_names(text: str) -> int:
    """Return how many cells of a text's first lines are known names of columns."""
    first = text.splitlines()[:TITLES]
    return sum(letters(cell) in KNOWN for line in first for cell in _CELLS.split(line))
