"""A CSV file comes back to the byte, but for the cells that change."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.gradebooks.table import Table, read_table

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=150)
WORDS = st.text(
    st.one_of(
        st.sampled_from(list('",;\t\r\n =+@\'"ab1')),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=6,
)
ROWS = st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=4)


def read(tmp_path, data: bytes) -> Table:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    return read_table(path)


# With line ends of one character, Python's writer leaves the other one bare in a cell.
STYLES = [
    *(("\r\n", style) for style in (csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC)),
    *((end, csv.QUOTE_ALL) for end in "\n\r"),
]


@STEADY
@given(ROWS, st.sampled_from(",;\t"), st.sampled_from(STYLES), st.booleans())
def test_every_file_comes_back_and_means_what_csv_says(tmp_path_factory, rows, sign, style, mark):
    end, quoting = style
    rows = [["first", *rows[0]], *rows[1:]]  # the delimiter is the sign after the first cell
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator=end, quoting=quoting).writerows(rows)
    data = text.getvalue().encode("utf-8-sig" if mark else "utf-8")
    table = read(tmp_path_factory.mktemp("t"), data)
    assert table.with_cells({}) == data
    assert [list(row.values) for row in table.rows] == rows

    last = len(rows) - 1, len(rows[-1]) - 1
    changed = read(tmp_path_factory.mktemp("t"), table.with_cells({last: "12,5"}))
    rows[-1][-1] = "12,5"
    assert [list(row.values) for row in changed.rows] == rows
    assert changed.rows[:-1] == table.rows[:-1]
    assert changed.rows[-1].cells[:-1] == table.rows[-1].cells[:-1]


def test_a_changed_cell_keeps_its_quotes(tmp_path):
    table = read(tmp_path, b'"a","b",c\r\n"1","",\r\n')
    assert table.with_cells({(1, 1): "20", (1, 2): "20"}) == b'"a","b",c\r\n"1","20",20\r\n'
    assert table.with_cells({(1, 2): "12,5"}).endswith(b'"","12,5"\r\n')


def test_what_excel_saved_in_korea_comes_back(tmp_path):
    data = "Student,ID\n김민수,1\n".encode("cp949")
    table = read(tmp_path, data)
    assert table.rows[1].values == ("김민수", "1")
    assert table.with_cells({}) == data


def test_bytes_of_no_encoding_come_back(tmp_path):
    data = b"a,b\n\xff\xfe\x80,1\n"
    assert read(tmp_path, data).with_cells({(1, 1): "2"}) == b"a,b\n\xff\xfe\x80,2\n"


def test_a_large_cell_is_read(tmp_path):
    essay = b'"' + b"word\r\n" * 50_000 + b'"'
    data = b"a,b\n1," + essay + b"\n"
    table = read(tmp_path, data)
    assert len(table.rows) == 2
    assert table.with_cells({}) == data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "spreadsheet"),
        (b"\xff\xfea\0,\0b\0\n", "encoding"),
        (b"a,\0b\n", "not text"),
        (b"", "one cell"),
        (b"only one cell\n", "one cell"),
        (b'a,b\n1,"never closed\n', "line 2"),
        (b'a,b\n1,2\n"x"y,3\n', "line 3"),
    ],
)
def test_what_is_no_csv_file_is_refused_in_words(tmp_path, data, says):
    with pytest.raises(GraderError, match=says):
        read(tmp_path, data)


def test_what_cannot_be_read_is_refused_in_words(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(GraderError, match="cannot read"):
            read_table(path)
