"""Every system's file comes back to the byte, but for the points, however it was written."""

import codecs
import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gradebooks.people import fill_in, graded

STEADY = settings(deadline=None, database=None, derandomize=True, max_examples=60)
WORDS = st.text(
    st.one_of(
        st.sampled_from(list('",;\t =+@\'"ab1')),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\0"),
    ),
    max_size=6,
)
HEADS = {
    "canvas": [["Student", "ID", "SIS Login ID", "Section", "Notes", "HW (5)"]],
    "moodle": [["Identifier", "Full name", "Online text", "Grade", "Maximum grade", "Comments"]],
    "blackboard": [["Last Name", "First Name", "Username", "Student ID", "Access", "HW [T: 9] |7"]],
    "d2l": [
        ["OrgDefinedId", "Last Name", "First Name", "HW Points Grade", "End-of-Line Indicator"]
    ],
    "sakai": [["HW", "SCORE_GRADE_TYPE"], [""], ["a", "b", "c", "d", "grade", "date", "late"]],
}
COLUMN = {"canvas": 5, "moodle": 3, "blackboard": 5, "d2l": 3, "sakai": 4}
ENCODINGS = {
    "utf-8": b"",
    "utf-8 mark": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


def rows_of(system, number, words, points):
    """One student's row, with free text wherever the system has some."""
    one, two, three = words
    return {
        "canvas": [one, f"{number}", two, "A", three, points],
        "moodle": [f"Participant {number}", one, two, points, "100.00", three],
        "blackboard": [one, two, f"u{number}", three, "", points],
        "d2l": [f"#{number}", one, two, points, "#"],
        "sakai": [f"u{number}", f"{number}", one, two, points, three, ""],
    }[system]


@pytest.mark.parametrize("system", HEADS)
@STEADY
@given(
    st.lists(
        st.tuples(st.tuples(WORDS, WORDS, WORDS), st.sampled_from(["", "7.00", "-"])),
        min_size=2,
        max_size=4,
    ),
    st.sampled_from(",;\t"),
    st.sampled_from(list(ENCODINGS)),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from([0.0, 7.0, 12.5]),
)
def test_only_points_change(tmp_path_factory, system, people, sign, encoding, quoting, new):
    rows = [rows_of(system, 1000 + i, *one) for i, one in enumerate(people)]
    text = io.StringIO()
    csv.writer(text, delimiter=sign, lineterminator="\r\n", quoting=quoting).writerows(
        [*HEADS[system], *rows]
    )
    codec = encoding.partition(" ")[0]
    data = ENCODINGS[encoding] + text.getvalue().encode(codec)
    folder = tmp_path_factory.mktemp("t")
    source, out = folder / "a.csv", folder / "b.csv"
    source.write_bytes(data)
    who = f"u{1001}" if system == "blackboard" else "1001"
    result = fill_in(source, out, [graded(who, new)])
    assert (result.matched, result.written) == (1, 1)

    column, top = COLUMN[system], len(HEADS[system])
    after = out.read_bytes()
    assert after.startswith(ENCODINGS[encoding])
    written = after[len(ENCODINGS[encoding]) :].decode(codec)
    found = list(csv.reader(io.StringIO(written, newline=""), delimiter=sign))
    assert float(found[top + 1][column].replace(",", ".")) == new
    # With the old points in its place, the file is the one that was given.
    if people[1][1] == "7.00" and new == 7.0:
        assert after == data
    lines, old_lines = written.split("\r\n"), text.getvalue().split("\r\n")
    assert [i for i, pair in enumerate(zip(lines, old_lines, strict=True)) if len({*pair}) > 1] in (
        [],
        [top + 1],
    )
    cell = found[top + 1][column]
    shown = f'"{cell}"' if quoting == csv.QUOTE_ALL or sign in cell else cell
    was = people[1][1]
    old = f'"{was}"' if quoting == csv.QUOTE_ALL else was
    before, behind = _around(old_lines[top + 1], sign, column, old)
    assert lines[top + 1] == before + (old if lines == old_lines else shown) + behind


def _around(line, sign, column, cell):
    """Return a written line's text before and behind the cell of a column."""
    at, quoted = 0, False
    for _ in range(column):
        while line[at] != sign or quoted:
            quoted ^= line[at] == '"'
            at += 1
        at += 1
    assert line[at:].startswith(cell)
    return line[:at], line[at + len(cell) :]
