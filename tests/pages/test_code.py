"""Code looks as in Jupyter, and no character of it is added, lost or moved."""

from html.parser import HTMLParser

import pytest
from nbconvert.filters.highlight import Highlight2HTML

from grader.pages.code import LONGEST, ODD, coloured, style_sheet
from tests.notebooks import solved, text


class Classes(HTMLParser):
    """The (class, character) pairs of what Pygments writes."""

    def __init__(self, html):
        super().__init__()
        self.pairs = []
        self._class = ""
        self.feed(html)

    def handle_starttag(self, _tag, attributes):
        self._class = dict(attributes).get("class") or ""

    def handle_endtag(self, _tag):
        self._class = ""

    def handle_data(self, data):
        self.pairs += [(self._class, character) for character in data if not character.isspace()]


def lines(source):
    return coloured(list(enumerate(source.split("\n"), 1)))


def pieces(line):
    return [*line.margin, *line.pieces]


def written(line):
    return "".join(piece.text for piece in pieces(line))


CELLS = [text(cell) for cell in solved()["cells"] if cell["cell_type"] == "code"]
MAGICS = "%matplotlib inline\n!pip install torch\nimport torch\nmodel?\n"


ODD_CELLS = {
    "cell magic": "%%time\nfor i in x:\n    pass",
    "cell of another language": "%%bash\nls -l | grep 'x' && echo $HOME",
    "magic with arguments": "%timeit -n 10 f(x, y=1)  # comment\n  %cd ..",
    "assigned": "files = !ls *.py\nx = %time f()\nprint(files)",
    "shell": "!echo {x} $y 'z'\n!!ls\n  !cd 'a b'",
    "help": "?print\nprint?\nmodel.forward??\n  x?",
    "unicode": "a = 'ㄱ'; 값 = 1; ñ = a\nª = 'e\u0301'",
    "not closed": 'def f(:\n    """never\n x = 1',
    "not Python": "<div>a & b</div>; $x^2$ ` \\ \nprint 'x'",
    "strings": "f'{x!r:>{w}} {{' rb'\\x00' u'' f'{a[0]}' \"\"\"a\nb\"\"\"",
    "numbers": "0x_ff 1_000.5e-3j 0b1 0o7 1if x else 2",
    "operators": "a @ b; x := 1; a //= 2; ~a; a<>b; lambda *, x: ...; -> !",
    "newer syntax": "@f\nasync def f(x: int) -> None: await g()\nmatch x:\n  case 1: pass",
    "percent": "x = 5 \\\n  % 3\ny = (a\n% b)",
}


@pytest.mark.parametrize(
    "source", [*CELLS, MAGICS, *ODD_CELLS.values()], ids=lambda source: repr(source[:20])
)
def test_the_colours_are_those_of_nbconvert(source):
    theirs = Classes(Highlight2HTML(pygments_lexer="ipython3")(source)).pairs
    ours = [
        (piece.kind, character)
        for line in lines(source)
        for piece in pieces(line)
        for character in piece.text
        if not character.isspace()
    ]
    assert ours == theirs


@pytest.mark.parametrize(
    "source",
    [*CELLS, MAGICS, "", "\n\n\nx", "def f(:\n\t'''never\n closed", "값 = '한국어'"],
)
def test_every_character_stays_in_its_line(source):
    assert [written(line) for line in lines(source)] == source.split("\n")


def test_what_cannot_be_seen_is_spelled_out():
    (line,) = lines("a\u00a0=\u202e 'b\x00\x1b\ud800'")
    odd = [piece.text for piece in pieces(line) if piece.kind == ODD]
    assert odd == ["\\xa0", "\\u202e", "\\x00", "\\x1b", "\\ud800"]
    assert written(line).isprintable()


def test_a_line_goes_on_where_it_began():
    one, two, three, four = lines("x\n    y\n\t\tz\n" + " " * 99 + "w")
    assert [line.indent for line in (one, two, three, four)] == [0, 4, 8, 24]
    assert "".join(piece.text for piece in two.margin) == "    y"
    assert not one.margin


def test_a_long_line_is_cut_around_its_mark():
    source = "a" * 5000 + "MARK" + "b" * 5000
    (line,) = coloured([(7, source)], {7: [(5000, 5004)]})
    assert line.number == 7
    assert len(written(line)) == LONGEST + 2
    assert [piece.text for piece in pieces(line) if piece.marked] == ["MARK"]
    (unmarked,) = coloured([(7, source)])
    assert written(unmarked) == "a" * LONGEST + "…"


def test_marks_may_touch_overlap_and_repeat():
    (line,) = coloured([(1, "abcdef")], {1: [(0, 2), (2, 3), (1, 4), (0, 2)]})
    assert "".join(piece.text for piece in pieces(line) if piece.marked) == "abcd"
    assert written(line) == "abcdef"


def test_huge_code_is_shown_in_one_colour():
    shown = coloured([(n, "for x in y: pass") for n in range(1, 5000)])
    assert {piece.kind for line in shown for piece in pieces(line)} == {""}


def test_the_style_is_jupyterlabs():
    assert ".highlight .k { color: var(--jp-mirror-editor-keyword-color)" in style_sheet()
    assert "background" not in style_sheet()
