"""Code that is large, deep or wide in one way each, made from a number: nothing in it does harm.

An expression stands wherever a value may, a block wherever statements may, a text only in a cell
of its own. ``size`` counts characters, roughly: so shapes of one size are compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Shape = dict[str, "Callable[[int], str]"]


def _many(size: int, line: str, head: str = "") -> str:
    """Repeat a line, its number in the place of #, until the text is so long."""
    count = max(1, size // (len(line) + 4 * line.count("#")))
    return head + "".join(line.replace("#", str(n)) for n in range(count))


def _nested(size: int, opening: str, middle: str, closing: str) -> str:
    count = max(1, size // (len(opening) + len(closing)))
    return opening * count + middle + closing * count


def _deep(size: int, head: str, body: str) -> str:
    """Nest a block's head in itself as often as Python and the size allow."""
    count, used = 0, 0
    while used + count + len(head) < size and count < 95:
        used += count + len(head)
        count += 1
    lines = [" " * n + head.replace("#", str(n)) for n in range(count)]
    rest = max(1, (size - used) // (count + len(body) + 1))
    return "\n".join([*lines, *[" " * count + body] * rest]) + "\n"


EXPRESSIONS: Shape = {
    "terms": lambda n: "1e-3" + "+0" * (n // 2),
    "signs": lambda n: "-" * n + "1",
    "nots": lambda n: "not " * (n // 4) + "1",
    "parentheses": lambda n: _nested(n, "(", "1", ")"),
    "lists in lists": lambda n: _nested(n, "[", "", "]"),
    "calls of calls": lambda n: "f" + "()" * (n // 2),
    "calls in calls": lambda n: _nested(n, "f(", "1", ")"),
    "attributes": lambda n: "a" + ".b" * (n // 2),
    "subscripts": lambda n: "a" + "[0]" * (n // 3),
    "lambdas": lambda n: "lambda:" * (n // 7) + "0",
    "comprehensions": lambda n: _nested(n, "[", "x", " for x in y]"),
    "conditions": lambda n: "1 if a else " * (n // 12) + "0",
    "or": lambda n: "a" + " or b" * (n // 5),
    "comparisons": lambda n: "a" + "<b" * (n // 2),
    "powers": lambda n: "a" + "**b" * (n // 3),
    "a list": lambda n: "[" + "1," * (n // 2) + "]",
    "a list of names": lambda n: "[" + _many(n, "n#,") + "]",
    "a dictionary": lambda n: "{" + _many(n, "#:0,") + "}",
    "arguments": lambda n: "f(" + "a," * (n // 2) + ")",
    "keywords": lambda n: "f(" + _many(n, "k#=0,") + ")",
    "a string": lambda n: "'" + "x" * n + "'",
    "strings": lambda n: "'x' " * (n // 4),
    "an f-string": lambda n: "f'" + "{a}" * (n // 3) + "'",
    "an f-string with quotes": lambda n: "f'" + "{a['b']}" * (n // 8) + "'",
    "f-strings in f-strings": lambda n: _nested(min(n, 200), "f'{", "1", "}'"),
    "a name": lambda n: "x" * n,
    "a name in Hangul": lambda n: "가" * (n // 3),
    "a name with marks": lambda n: "e" + "\u0301" * (n // 2),
    "digits": lambda n: "1" * n,
    "hexadecimal digits": lambda n: "0x" + "f" * n,
    "assignments in place": lambda n: _nested(n, "(a:=", "1", ")"),
    "a comprehension's loops": lambda n: "[0" + " for x in y" * (n // 11) + "]",
    "loops in a comprehension": lambda n: "[0 " + _many(n, "for x# in x#() ") + "]",
}
BLOCKS: Shape = {
    "names": lambda n: "a\n" * (n // 2),
    "one line": lambda n: "a;" * (n // 2) + "\n",
    "assignments": lambda n: _many(n, "n#=n#\n"),
    "a chain of names": lambda n: "".join(f"n{i}=n{i + 1}\n" for i in range(n // 14)),
    "a chain of names, backwards": lambda n: "".join(f"n{i + 1}=n{i}\n" for i in range(n // 14)),
    "a chain of loaders": lambda n: (
        "train_iter0=f(train_iter)\n"
        + "".join(f"train_iter{i + 1}=f(train_iter{i})\n" for i in range(n // 40))
    ),
    "names on one line that cannot be written": lambda n: (
        ";".join(f"b{i}={'-' * 300}1" for i in range(n // 308)) + "\n"
    ),
    "one line with one that cannot be written": lambda n: "a;" * (n // 2) + f"b={'-' * 300}1\n",
    "targets": lambda n: "a=" * (n // 2) + "1\n",
    "functions": lambda n: _many(n, "def f#(): g#()\n"),
    "functions that call the next": lambda n: "".join(
        f"def f{i}(): f{i + 1}()\n" for i in range(n // 22)
    ),
    "functions that call the last": lambda n: "".join(
        f"def f{i + 1}(): f{i}()\n" for i in range(n // 22)
    ),
    "functions that loop": lambda n: _many(n, "def f#():\n for i in train_iter: f#()\n"),
    "functions that update": lambda n: _many(
        n, "def f#(a):\n for i in a:\n  a.zero_grad();a.backward();a.step()\n"
    ),
    "a long function": lambda n: "def f():\n" + " a\n" * (n // 3),
    "a function's assignments": lambda n: "def f():\n" + _many(n, " n#=1\n"),
    "a function's functions": lambda n: "def f():\n" + _many(n, " def f#(): return n#\n"),
    "a function's lambdas": lambda n: "def f():\n" + _many(n, " n#=lambda:n#\n"),
    "arguments of a function": lambda n: "def f(" + _many(n, "a#,") + "): pass\n",
    "a long class": lambda n: "class A:\n" + " a\n" * (n // 3),
    "a class's assignments": lambda n: "class A:\n" + _many(n, " n#=1\n"),
    "a class's assignments of one name": lambda n: "class A:\n" + " a=1\n" * (n // 5),
    "methods": lambda n: "class A:\n" + _many(n, " def m#(self): self.m#()\n"),
    "methods that loop": lambda n: (
        "class A:\n" + _many(n, " def m#(self):\n  for x in train_iter: self.m#(); optm.step()\n")
    ),
    "attributes of a class": lambda n: "class A:\n def f(self):\n" + _many(n, "  self.n#=1\n"),
    "classes": lambda n: _many(n, "class A#(A): x=1\n"),
    "classes of one name": lambda n: "class A(A): x=1\n" * (n // 16),
    "the model's class again": lambda n: (
        "class MultiLayerPerceptronClass(MultiLayerPerceptronClass): x=1\n" * (n // 66)
    ),
    "func_eval again": lambda n: "def func_eval(a,b,c): return a\n" * (n // 33),
    "nearly func_eval": lambda n: _many(
        n, "def f#(m,i,d):\n for a,b in i: a.view(-1,28*28).to(d);(a==b).sum()\n"
    ),
    "loops": lambda n: "for i in train_iter: f()\n" * (n // 25),
    "loops that update": lambda n: (
        "for i in train_iter: optm.zero_grad();loss_out.backward();optm.step()\n" * (n // 71)
    ),
    "loops of functions": lambda n: _many(n, "def f#(): optm.step()\nfor i in train_iter: f#()\n"),
    "loops in loops": lambda n: _deep(n, "for i in train_iter:", "f.g(h)"),
    "whiles in whiles": lambda n: _deep(n, "while a:", "f.g(h)"),
    "functions in functions": lambda n: _deep(n, "def f#(a#):", "a0"),
    "classes in classes": lambda n: _deep(n, "class A#:", "a"),
    "ifs in ifs": lambda n: _deep(n, "if a:", "a"),
    "else if": lambda n: "if a: pass\n" + "elif a: pass\n" * (n // 13),
    "else if, short": lambda n: "if a: pass\n" + "elif a: pass\n" * min(n // 13, 900),
    "tries": lambda n: "try: a\nexcept A: b\n" * (n // 19),
    "excepts": lambda n: "try: a\n" + "except A: b\n" * (n // 12),
    "withs": lambda n: "with torch.no_grad(): a\n" * (n // 24),
    "withs in withs": lambda n: _deep(n, "with torch.no_grad():", "f()"),
    "items of a with": lambda n: "with " + "a," * (n // 2) + "a: pass\n",
    "decorators": lambda n: "@a\n" * (n // 3) + "def f(): pass\n",
    "imports": lambda n: _many(n, "import n#\n"),
    "star imports": lambda n: "from torch import *\n" * (n // 20),
    "globals": lambda n: "def f():\n" + _many(n, " global n#\n"),
    "patches": lambda n: _many(n, "MultiLayerPerceptronClass.n#=1\n"),
    "setattr": lambda n: _many(n, "setattr(MultiLayerPerceptronClass,'n#',1)\n"),
    "settings": lambda n: "torch.set_grad_enabled(True)\n" * (n // 29),
    "optimizers": lambda n: _many(n, "o#=optim.Adam(M.parameters())\n"),
    "optimizers of one name": lambda n: "optm=optim.Adam(M.parameters())\n" * (n // 32),
    "models": lambda n: _many(n, "M#=MultiLayerPerceptronClass()\n"),
    "aliases": lambda n: (
        "A0=optim.Adam\n" + "".join(f"A{i + 1}=A{i}\n" for i in range(n // 14)) + "optm=A9()\n"
    ),
    "makers": lambda n: _many(n, "def make#():\n m=Adam()\n return m\no#=make#()\n"),
    "makers that call the next": lambda n: "".join(
        f"def m{i}():\n return m{i + 1}()\no{i}=m{i}()\n" for i in range(n // 36)
    ),
    "steps": lambda n: "optm.step()\n" * (n // 12),
    "steps misspelt": lambda n: "optm.stepp()\n" * (n // 13),
    "long attributes": lambda n: _many(n, f"a.{'zero_grad' * 20}#()\n"),
    "one long attribute": lambda n: f"a.{'zero_grad' * (n // 9)}()\n",
    "texts": lambda n: '"optm.step()"\n' * (n // 14),
    "long texts": lambda n: ('"' + "optm.step();" * 150 + '"\n') * (n // 1803 or 1),
    "names that reach in": lambda n: _many(n, "a._getframe(#)\n"),
    "texts that run": lambda n: ("exec('" + "import ctypes;" * 50 + "')\n") * (n // 709 or 1),
    "cases": lambda n: "match a:\n" + _many(n, " case #: pass\n"),
    "comments": lambda n: "# a\n" * (n // 4) + "pass\n",
    "blank lines": lambda n: "\n" * n + "pass\n",
    "backslashes": lambda n: "a = \\\n" + "1 + \\\n" * (n // 6) + "1\n",
}
TEXTS: Shape = {
    "open brackets": lambda n: "f(\n" * (n // 3),
    "open brackets on one line": lambda n: "(" * n,
    "open braces on one line": lambda n: "{" * n,
    "open calls of keywords": lambda n: "f(a=" * (n // 4),
    "a few open brackets": lambda n: "(" * min(n, 150) + "a b",
    "a few open braces": lambda n: "{" * min(n, 90) + "a b",
    "a few open dictionaries": lambda n: "{1:" * min(n // 3, 90) + "a b",
    "a few open calls": lambda n: "f(a, b=" * min(n // 7, 90) + "a b",
    "a few open lambdas": lambda n: "(lambda a=" * min(n // 10, 90) + "a b",
    "a few open withs": lambda n: "with (" + "(" * min(n, 90) + "a b",
    "a few open deletes": lambda n: "del " + "(" * min(n, 90) + "a b",
    "a few open loops": lambda n: "for " + "(" * min(n, 90) + "a b",
    "closed brackets": lambda n: ")" * n,
    "open strings": lambda n: "'\n" * (n // 2),
    "open long strings": lambda n: "x='''\n(\n" * (n // 8),
    "quotes": lambda n: "'" * n,
    "open f-strings": lambda n: "f'{" * (n // 3),
    "f-strings and an error": lambda n: "f'{a!r:>{b}}' " * (n // 14) + "(",
    "f-strings without end": lambda n: "f'{a" * (n // 4) + "\n)",
    "definitions without end": lambda n: "def f(\n" * (n // 7),
    "classes without end": lambda n: "class A(\n" * (n // 9),
    "loops without end": lambda n: "for i in train_iter:\n" * (n // 21),
    "indented junk": lambda n: "a\n  b c\n" * (n // 8),
    "steps": lambda n: "".join(
        "".join(f"{' ' * d}if a:\n" for d in range(9)) for _ in range(n // 90)
    ),
    "words": lambda n: "a b\n" * (n // 4),
    "words and code": lambda n: "a b\nx = 1\n" * (n // 10),
    "indented words": lambda n: "if a:\n" + " a b\n" * (n // 5),
    "words in a loop": lambda n: (
        "for i in train_iter:\n" + " optm.step( )) zero_grad backward\n" * (n // 34)
    ),
    "blanks in words": lambda n: "    zero_grad backward step (\n" * (n // 30),
    "anchors": lambda n: "def func_eval(a):\n" + " x.view( model_pred = ((\n" * (n // 26),
    "the model in words": lambda n: "class MultiLayerPerceptronClass(\n" * (n // 33),
    "func_eval in words": lambda n: "def func_eval( a b\n" * (n // 19),
    "merges": lambda n: "<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n" * (n // 32),
    "merges without end": lambda n: "<<<<<<< a\n" * (n // 10),
    "magics": lambda n: "%matplotlib inline\n" * (n // 19),
    "shell lines": lambda n: "!ls\n" * (n // 4),
    "shell lines, continued": lambda n: "!ls \\\n" * (n // 6),
    "values of the shell": lambda n: "x = !ls\n" * (n // 8),
    "long values of the shell": lambda n: ("x." + "y" * 900 + " = !ls\n") * (n // 909 or 1),
    "many targets of the shell": lambda n: "a," * (n // 2) + " = !ls\n",
    "questions": lambda n: "a?\n" * (n // 3),
    "long questions": lambda n: "a" * n + "?\n(",
    "question marks": lambda n: "?" * n,
    "dots and a question": lambda n: "a." * (n // 2) + " ?(",
    "cell magics": lambda n: "%%time\n" * (n // 7) + "(",
    "spaces": lambda n: " " * n + "(",
    "tabs": lambda n: "\t" * n + "a\n(",
    "lines of spaces": lambda n: (" " * 99 + "\n") * (n // 100) + "(",
    "blank lines before an error": lambda n: "\n" * n + "class ( \n",
    "form feeds": lambda n: "\f" * n + "(",
    "exceptions without brackets": lambda n: "try: a\nexcept A, B: b\n" * (n // 22) + "(",
    "a long exception without brackets": lambda n: "except " + "A," * (n // 2) + "\n(",
    "type parameters": lambda n: "def f[A](): pass\n" * (n // 17) + "(",
    "open type parameters": lambda n: "def f" + "[" * n,
    "aliases of types": lambda n: "type A = B\n" * (n // 11) + "(",
    "lazy imports": lambda n: "lazy import a\n" * (n // 14) + "(",
    "operators": lambda n: "+" * n,
    "commas": lambda n: "," * n,
    "stars": lambda n: "*" * n,
    "at signs": lambda n: "@" * n,
    "open decorators": lambda n: "@a\n" * (n // 3),
    "marks": lambda n: "e" + "\u0301" * (n // 2) + " (",
    "replacement characters": lambda n: "\ufffd\n" * (n // 4),
    "hashes": lambda n: "#" * n + "\n(",
    "backslashes": lambda n: "\\\n" * (n // 2) + "(",
    "not ASCII": lambda n: "가" * (n // 3) + " 나",
}
