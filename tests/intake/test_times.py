"""When a hand-in was made: what downloads tell, and a CSV file where they do not."""

from __future__ import annotations

import pytest

from grader.classroom import Student
from grader.errors import GraderError
from grader.intake.times import HandInTime, read_times
from tests.intake import downloads
from tests.intake.making import NOTEBOOK, folder, found

# Of each download what is told of whom; everyone else's time is not known.
TOLD = [
    (downloads.BLACKBOARD, {"mkim": "2025-03-01 09:00:00", "s_lee": "2025-02-20 09:00:00"}),
    (downloads.BRIGHTSPACE, {"397064": "2024-09-24 00:05:00", "397066": "2024-10-01 13:26:00"}),
    (
        downloads.GRADESCOPE,
        {
            "0123": "2025-03-01 23:58:01.123456789 -08:00",
            "slee@uni.example": "2025-03-01 22:00:00.000000000 Z",
            "submission_303": "",
        },
    ),
    (downloads.EXCHANGE, {"mkim": "2025-03-01 23:58:01 UTC", "a+b": "2025-03-01 23:59:00 UTC"}),
    (downloads.SAKAI, {"mkim": "", "slee": ""}),
    (downloads.ILIAS, {"jau": ""}),
    (downloads.OPENOLAT, {"mkim": ""}),
    (downloads.TEAMS, {"Minsu Kim": ""}),
    (downloads.CLASSROOM_50, {"k-minsu": ""}),
]


@pytest.mark.parametrize(("download", "told"), TOLD, ids=lambda one: getattr(one, "layout", ""))
def test_a_download_tells_when_as_far_as_it_does(tmp_path, download, told):
    for name, data in download.files.items():
        folder(tmp_path, name)
        (tmp_path / name).write_bytes(NOTEBOOK if data is None else data)
    times = {attempt.student.id: attempt.time for attempt in found(tmp_path).counted}
    assert {id_: times[id_] for id_ in told} == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2025-03-01T14:58:01.123Z", "2025-03-01T14:58:01.123Z"),
        ("2025-03-01T14:58:01Z\n", "2025-03-01T14:58:01Z"),
        ("20250301145801000", ""),  # an older form, which names no zone and is in no source
        ("", ""),
        ("x" * 10_000, ""),
    ],
)
def test_sakai_writes_an_instant_beside_each_submission(tmp_path, written, told):
    names = [f"Kim, Minsu({id_})/Submission attachment(s)/mlp.ipynb" for id_ in ("mkim", "other")]
    folder(tmp_path, *names)
    (tmp_path / "Kim, Minsu(mkim)" / "timestamp.txt").write_text(written)
    # A student's own file of that name lies deeper.
    inside = tmp_path / "Kim, Minsu(other)" / "Submission attachment(s)" / "timestamp.txt"
    inside.write_text("2020-01-01T00:00:00Z")
    times = {attempt.student.id: attempt.time for attempt in found(tmp_path).counted}
    assert times == {"mkim": told, "other": ""}


def test_nbgrader_keeps_the_exchanges_time(tmp_path):
    names = ("submitted/kim/mlp/mlp.ipynb", "submitted/lee/mlp/deep/mlp.ipynb")
    folder(tmp_path, *names, "submitted/jo/mlp/mlp.ipynb")
    for id_, time in (("kim", "2025-03-01 23:58:01.000000 UTC\n"), ("lee", "2025-03-02 01:00 UTC")):
        (tmp_path / "submitted" / id_ / "mlp" / "timestamp.txt").write_text(time)
    for path in (tmp_path, tmp_path / "submitted"):
        times = {attempt.student.id: attempt.time for attempt in found(path).counted}
        assert times == {
            "kim": "2025-03-01 23:58:01.000000 UTC",
            "lee": "2025-03-02 01:00 UTC",
            "jo": "",
        }


CLASS = (
    Student("0012", "Kim Minsu", "kim@uni.example"),
    Student("lee", "Lee Seoyeon", "lee@uni.example"),
    Student("twin", "Kim Minsu"),
)
MLP = ("mlp", "MLP on MNIST")


@pytest.fixture
def read(tmp_path):
    def read(text: str, **options):
        (tmp_path / "times.csv").write_text(text, encoding="utf-8")
        return read_times(str(tmp_path / "times.csv"), CLASS, MLP, **options)

    return read


TABLES = [
    ("id,time\n0012,a\nlee,b\n", {"0012": "a", "lee": "b"}),
    ("id,time\n12,a\nLEE ,b\n", {"0012": "a", "lee": "b"}),  # as spreadsheets write them
    ("\ufeffid;time\nlee;b\n", {"lee": "b"}),
    ("Email\tSubmitted At\nLee@Uni.Example\tb\n", {"lee": "b"}),
    ("title\n\nName,ID,Time\nKim,12,a\n", {"0012": "a"}),
    ("SID,Email,Submission Time,Score\n12,kim@uni.example,a,5\n", {"0012": "a"}),
    # Classroom 50's scores.csv.
    ("username,score,max_score,datetime,late\nlee,5,9,b,true\n", {"lee": "b"}),
    ("id,time\nlee,\n0012,a\nnobody,c\n", {"0012": "a"}),
    ("id,time\nlee,b\nlee,b\n", {"lee": "b"}),
    ("id,assignment,time\nlee,mlp,b\nlee,cnn,c\n0012,MLP on mnist,a\n", {"lee": "b", "0012": "a"}),
    # The head of the column may say the zone of all times below it.
    ("id,Submission Time (UTC)\nlee,b\n", {"lee": "b UTC"}),
    ("id,time (Asia/Seoul)\nlee,b\n", {"lee": "b Asia/Seoul"}),
]


@pytest.mark.parametrize(("text", "told"), TABLES)
def test_a_table_is_matched_by_ids(read, text, told):
    times = read(text)
    assert {id_: one.text for id_, one in times.by_student.items()} == told


def test_rows_of_nobody_are_told(read):
    times = read("id,time\nlee,b\nnobody,c\n")
    assert times.by_student["lee"] == HandInTime("b", "the file of times times.csv, line 2")
    assert times.strangers == ("the file of times times.csv, line 3",)


REFUSED = [
    ("id,when\nlee,b\n", "no columns of ids and of times", "id,time"),
    ("name,time\nKim Minsu,b\n", "no columns of ids and of times", "id,time"),
    ("id,time,datetime\nlee,b,c\n", "several columns of times: time, datetime", "leave one"),
    ("id,time\nlee,b\nlee,c\n", "line 3: a second time of lee, c; line 2 says b", "that counts"),
    ("id,email,time\n12,lee@uni.example,b\n", "line 2 may mean 0012, lee", "one id"),
    ("id,time\nnobody,b\n", "no time of anybody in the class", "grades.csv"),
    ("", "no columns of ids and of times", "id,time"),
    ("PK\x03\x04", "is a spreadsheet", "CSV"),
]


@pytest.mark.parametrize(("text", "says", "hint"), REFUSED)
def test_what_is_not_certain_is_refused(read, text, says, hint):
    with pytest.raises(GraderError) as caught:
        read(text)
    assert says in caught.value.message
    assert hint in caught.value.hint


def test_a_course_needs_a_column_of_assignments(read):
    with pytest.raises(GraderError, match="no column of assignments"):
        read("id,time\nlee,b\n", of_course=True)
    assert read("id,homework,time\nlee,cnn,b\n", of_course=True).by_student == {}


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(GraderError, match="cannot be read"):
        read_times(str(tmp_path / "none.csv"), CLASS, MLP)
