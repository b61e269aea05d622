"""A program is what runs: layout, comments and places are not part of it, but are found again."""

import ast
import json

import pytest

from grader.assignment import load_assignment
from grader.grading.submission import open_submission, program_for
from grader.locate.statements import parse_cells
from grader.notebook.read import parse_notebook
from tests import notebooks


def opened(notebook):

    read = parse_notebook(json.dumps(notebook).encode(), "submission.ipynb")
    return open_submission(read, load_assignment("mlp"))


def programs(notebook):
    assignment = load_assignment("mlp")
    submission = opened(notebook)
    found = [program_for(submission, check, assignment) for check in assignment.checks]
    assert None not in found
    return [program.to_plain() for program in found]


def relaid(notebook):
    """The same code as somebody else would have laid it out."""
    odd = []
    for source in notebooks.sources(notebook):
        code = "\n".join(line for line in source.split("\n") if not line.startswith(("%", "!")))
        odd.append(f"# by me\n\n{ast.unparse(ast.parse(code))}\n# end")
    return notebooks.code([*odd[:-1], "'stray text'", odd[-1]])


def test_layout_comments_and_cells_are_not_part_of_a_program():
    solved = notebooks.solved()
    assert programs(relaid(solved)) == programs(solved)


def test_another_answer_is_another_program():
    solved = notebooks.solved()
    other = notebooks.changed("optm.step()", "optm.step(); 1")
    same = [a == b for a, b in zip(programs(other), programs(solved), strict=True)]
    assert same == [True, True, True, False, False]


def test_a_node_is_found_on_its_own_line():
    source = "\n\nresult = (\n    first(\n        second( 1 ),\n    )\n)"
    statement = parse_one(source)
    text, pick = statement.canonical
    assert (text, pick) == ("result = first(second(1))", 0)
    nodes = list(ast.walk(ast.parse(text).body[0]))
    calls = {
        node.func.id: statement.node_lines[number]
        for number, node in enumerate(nodes)
        if isinstance(node, ast.Call)
    }
    assert calls == {"first": 4, "second": 5}


@pytest.mark.parametrize(
    "source",
    [
        "f'{a!r:>{width}} {b=}'",
        "x = (yield)",
        "@decorated\nclass A(B, metaclass=C):\n    '''doc'''\n    x: int = 1",
        "u'text' + f'{1}', b'bytes'",
        "lambda *a, k=1, **r: (a, k)",
        "x = -1 ** 2, not a, 1_000, 1j, 1e400, ...",
        "async def f():\n    async with a as b: await c",
        "del a[1:2, ::3]; b",
        "print('\\N{BULLET}', '''a\nb''', '\\x1b', '한글')",
        "try:\n    pass\nexcept* ValueError:\n    pass" if hasattr(ast, "TryStar") else "pass",
        "match a:\n    case [1, *_] | {'k': v}: pass",
    ],
)
def test_what_is_sent_is_the_same_code(source):
    statement = parse_one(source)
    text, pick = statement.canonical
    sent = ast.parse(text).body[pick]
    assert ast.dump(sent) == ast.dump(statement.node)
    assert len(list(ast.walk(sent))) == len(statement.node_lines)


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("first = 1\nsecond = (  2 )", "second = (  2 )"),
        ("\n\nfirst = 1; second = (  2 )\nthird = 3", "second = (  2 )"),
        # Its line begins in another statement's string.
        ("first = '''\n'''; second = (  2 )", "second = (  2 )"),
        ("한글 = '한글'; second = (\n '한글' )  # 한글", "second = (\n '한글' )"),
        (
            "first = 1\n@a\n@b(\n1)\ndef second(): # c\n  pass",
            "@a\n@b(\n1)\ndef second(): # c\n  pass",
        ),
    ],
)
def test_code_that_cannot_be_written_out_again_is_sent_as_it_is(source, sent, monkeypatch):
    statement = parse_one(source, pick=1)
    monkeypatch.setattr(ast, "unparse", lambda _node: "second = 3")
    assert statement.canonical == (sent, 0)


@pytest.mark.parametrize("frame", [[], [0], [99, 1], [0, 0], [0, 10**9], [-1, 1], [0, -1]])
def test_a_frame_that_no_program_gives_has_no_place(frame):
    assignment = load_assignment("mlp")
    program = program_for(opened(notebooks.solved()), assignment.checks[0], assignment)
    assert program.location(frame) is None


def parse_one(source, pick=0):

    notebook = notebooks.code([source])
    code = parse_cells(parse_notebook(json.dumps(notebook).encode(), "n.ipynb"))
    assert not code.broken
    return code.statements[pick]
