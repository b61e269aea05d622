"""IPython's own syntax becomes Python on the same lines; everything else stays as it was."""

from __future__ import annotations

import ast
import time

import pytest

from grader.notebook.magics import to_python


def check(source, expected):
    assert to_python(source) == expected
    assert expected.count("\n") == source.count("\n")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n\n",
        "# nothing",
        "x = 1\n\n",
        's = """\n!ls\n%cd x\nobj?\n"""',
        'print("%d %s"\n      % (a, b))',
        "y = x \\\n  %b",
        "y = (a\n%b)",
        "# !ls\n'%matplotlib inline'",
        "# why?\nx = 1  # why?",
        "s = '''why?\n!ls\nwhy?'''",
        "s = 'a\\\n!ls'",
        "await f()",
    ],
)
def test_python_stays(source):
    ast.parse(source)
    check(source, source)
    # Also when a magic elsewhere forces the lines to be looked at.
    check(source + "\n!ls", source + "\npass")


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%cd /content/drive",
        "%config InlineBackend.figure_format='retina' # sharp",
        "%load_ext autoreload",
        "%time",
        "%run other.py",
        "%timeit -n 10",
        "%time !ls",
        "!pip install torch",
        "! ls",
        "!!ls",
        "!echo 'it",
        "!echo \"don't ( [ {",
        '!echo """',
        "!",
        "obj?",
        "obj??",
        "nn.Linear?",
        "x[0].y?",
        "d['a']?",
        "x = foo?",
        "What is this?",
        "?",
        "%time?",
        "*Linear*?",
        "?obj",
        "??nn.Linear",
        "? obj",
        "?%time",
        "/f x",
        ",f a b",
        ";f a b",
    ],
)
def test_line_magics_become_pass(line):
    check(line, "pass")
    check(f"if x:\n\t{line}\nelse:\n    {line}\ny = 1", "if x:\n\tpass\nelse:\n    pass\ny = 1")
    check(f"  # c\nf(\n)\n\n{line}\n\ny = (2", "  # c\nf(\n)\n\npass\n\ny = (2")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = !ls", "x = None"),
        ("x=!!ls", "x = None"),
        ("  # c\nif x:\n  files = %sx ls -l", "  # c\nif x:\n  files = None"),
        ("self.a['b'] = %env HOME", "self.a['b'] = None"),
        ("a, b = !ls", "a, b = None"),
        ("a: list = !ls", "a: list = None"),
        ("if x: y = !ls", "if x: y = None"),
        ("x = !ls \\\n  -l \\\n  -a\ny = 1", "x = None\n\n\ny = 1"),
        ("x = %timeit -o f()", "x = None"),
        ("x = %time f(1)", "x = f(1)"),
        ("x = %time f(\n  1)", "x = f(\n  1)"),
    ],
)
def test_assignments(source, expected):
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%time train(10)", "train(10)"),
        ("%time x = 1", "x = 1"),
        ("%time x = -1", "x = -1"),
        ("%time --no-raise-error f()", "f()"),
        ("%timeit f()", "f()"),
        ("%timeit -n 10 -r3 -q f(2)", "f(2)"),
        ("%prun -s cumulative -q f()", "f()"),
        ("%memit -r 1 f()", "f()"),
        ("%lprun -f g f()", "f()"),
        ("%time %timeit -n1 f()", "f()"),
        ("for i in a:\n    %time f(i)", "for i in a:\n    f(i)"),
        ("%time f(a) + \\\n  g(b)\n!ls", "f(a) + \\\n  g(b)\npass"),
        ("%time f(\n  a)\n!ls", "f(\n  a)\npass"),
        ("%timer f()", "pass"),
    ],
)
def test_a_timed_statement_runs(source, expected):
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("!pip install \\\n  torch \\\n  numpy\nx = 1", "pass\n\n\nx = 1"),
        ("%foo a \\\n 'b\nx = 1", "pass\n\nx = 1"),
        ("!a \\", "pass"),
        ("!a \\\\\nx", "pass\n"),
        ("!a # b \\ \nx = 1", "pass\nx = 1"),
    ],
)
def test_continued_magics(source, expected):
    check(source, expected)


@pytest.mark.parametrize(
    "line", ["%%time", "%%timeit -n 1", "%%capture out", "%%prun", "%%time  ", "# c\n\n%%time"]
)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = 1", "x = 1"),
        ("!ls\nfor i in a:\n    %cd x", "pass\nfor i in a:\n    pass"),
        ("%%capture\nx = 1", "\nx = 1"),
        ("x = = 1\n!ls", "x = = 1\npass"),
        ("    x = 1\n    y = 2", "x = 1\ny = 2"),
    ],
)
def test_cell_magics_around_python(line, body, expected):
    blanked = "\n".join("" if "%%" in part else part for part in line.split("\n"))
    check(f"{line}\n{body}", f"{blanked}\n{expected}")


@pytest.mark.parametrize(
    "name",
    [
        "bash",
        "sh",
        "script",
        "html",
        "HTML",
        "javascript",
        "js",
        "latex",
        "writefile",
        "markdown",
        "svg",
        "R",
        "perl",
        "cython",
        "python3",
        "sql",
        "!",
        "sx",
        "file",
    ],
)
def test_cell_magics_around_something_else(name):
    check(f"%%{name} -x\nx = 1\n\ndef f(", "\n\n\n")
    check(f"\n# c\n%%{name}", "\n\n")
    check(f"%%time\n%%{name}\nx = 1", "\n\n")


def test_an_indented_cell_magic():
    check("  %%time\n  x = 1\n  if x:\n    !ls", "\nx = 1\nif x:\n  pass")


def test_unknown_cell_magics():
    check("%%wandb\nx = 1\n!ls", "\nx = 1\npass")
    check("%%wandb\nselect *\nfrom x", "\n\n")
    check("%%\nx = 1", "\nx = 1")


def test_a_cell_magic_below_code_stays_and_is_no_python():
    check("x = 1\n%%bash\ny = 2", "x = 1\n%%bash\ny = 2")


@pytest.mark.parametrize(
    "line",
    [
        "x = = 1",
        "!= c",
        "% (a, b)",
        "/ b",
        ", b",
        "; b",
        "print(x?)",
        "f()?",
        "x = 1 1  # why?",
        "x = = 'why?'",
        "f(a=!x)",
        "x == !ls",
        "x = % (a)",
        "x = 1 !",
        "# x = !ls",
        "d['#'] = !ls",
        "assert x = !ls",
        "if x: !ls",
        "scores = # FILL IN HERE",
        "x = 'unclosed",
        ")",
    ],
)
def test_a_students_errors_stay(line):
    check(line, line)
    check(f"!ls\n{line}\n%cd x", f"pass\n{line}\npass")


def test_an_open_bracket_above():
    check("x = f(\n% (a)\n!ls", "x = f(\n% (a)\n!ls")
    check("x = f(\ndef g():\n    !ls", "x = f(\ndef g():\n    pass")


def test_indented_cells():
    check("    x = 1\n    y = 2", "x = 1\ny = 2")
    check("\n    # c\n    if x:\n        !ls\n", "\n# c\nif x:\n    pass\n")
    check("\t%cd x\n\tx = 1", "pass\nx = 1")
    check("  x = 1\n y = = 2", "x = 1\n y = = 2")


def test_odd_characters():
    check("\ufeffx = 1", "x = 1")
    check("\ufeff%cd x\nx = 1", "pass\nx = 1")
    check("x = 1\n\x0c!ls\n\x0cy = 2", "x = 1\n\x0cpass\n\x0cy = 2")
    check("x\0", "x\0")
    check("x = '\u2028\x0b\x85'\n!ls", "x = '\u2028\x0b\x85'\npass")


@pytest.mark.parametrize(
    "source",
    [
        "!" + "a" * 10**6,
        "a" * 10**6 + " !",
        " " * 10**6 + "?x",
        "a" * 10**6 + "??x",
        "a? " * 300_000 + "!",
        "'" * 100_001 + "\n!x",
        "'''a" * 100_001 + "\n!x",
        "'" + "\\'" * 500_000 + "\n!x",
        "(" * 10**6 + "\n!x",
        "\\" * 10**6 + "\n!x",
        "a = !x;" * 150_000,
        "%time " * 150_000 + "x",
        "%timeit " + "-n " * 300_000 + "x",
        "%%time\n" * 50_000,
        "%%foo\n" * 50_000,
        "!ls\n" * 50_000,
        "!x\\\n" * 50_000,
        "(\n" + "a b.c[0].d\n" * 50_000,
        "(\na" + ".b" * 500_000 + "\n!x",
        "(\na" + "[x" * 500_000 + "\n!x",
        "(\nfor " + ":" * 10**6 + "x",
        "-" * 300_000 + "1",
        "x" + ".a" * 300_000,
    ],
    ids=lambda source: repr(source[:12]),
)
def test_hostile_text_takes_little_time(source):
    begin = time.process_time()
    assert to_python(source).count("\n") == source.count("\n")
    assert time.process_time() - begin < 5
