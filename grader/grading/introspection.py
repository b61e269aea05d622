"""Finds code that reaches into the interpreter, which it shares with the grader's probes.

Nothing can stop such code inside its own process. No homework needs it, so a note tells a person
where it is; it costs no points by itself. The names are read from the syntax tree, and from strings
that are nothing but such a name. A name that is hidden on purpose is not found.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from typing import TYPE_CHECKING

from grader.notebook import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.grading.submission import Submission

_FRAMES = "_getframe _current_frames currentframe f_back f_locals f_globals tb_frame gi_frame"
_OBJECTS = "get_objects get_referrers get_referents __subclasses__ __globals__ __closure__ __code__"
_HOOKS = (
    "register_step_pre_hook register_step_post_hook register_optimizer_step_pre_hook "
    "register_optimizer_step_post_hook register_module_forward_hook "
    "register_module_forward_pre_hook register_module_full_backward_hook "
    "TorchDispatchMode TorchFunctionMode __torch_dispatch__ __torch_function__"
)
_OTHERS = "__self__ cr_frame ag_frame cell_contents settrace setprofile walk_stack getclosurevars"
_NAMES = frozenset(f"{_FRAMES} {_OBJECTS} {_HOOKS} {_OTHERS} getouterframes _exit".split())
# Names that are ordinary in other modules: torch.stack.
_OF_MODULES = frozenset(
    {"inspect.stack", "inspect.trace", "sys.modules", "os.system", "os.popen", "os.fork"}
)
_MODULES = frozenset({"ctypes", "_ctypes", "cffi", "grader"})
# A module's key in ``sys.modules``, and Linux's files about this process.
_TEXTS = re.compile(r"grader(\.\w+)+|/proc/(self|thread-self|\d+)/(mem|maps|fd|environ|task)\b.*")
# Functions that take a module's name, or the beginning of one.
_IMPORTERS = frozenset({"__import__", "import_module", "find_spec", "startswith"})
_RUNNERS = frozenset({"exec", "eval", "compile"})
# Only cells that match are parsed and walked through.
_LAST = {name.partition(".")[2] for name in _OF_MODULES}
_ANY = re.compile("|".join([*map(re.escape, sorted(_NAMES | _MODULES | _LAST)), "/proc/"]))
_LONGEST = 60
_MOST = 1000
_LONGEST_PROGRAM = 20_000


def reaches_in(submission: Submission) -> list[tuple[str, int, int]]:
    """Return the names that no homework needs, each once, with its first cell and line."""
    suspects = {cell for cell, text in submission.code.cells.items() if _ANY.search(_folded(text))}
    found: dict[str, tuple[int, int]] = {}
    aliases = {} if not suspects else _aliases(submission)
    for statement in submission.code.statements:
        if statement.cell in suspects:
            for name, line in _reaching(statement.node, aliases):
                found.setdefault(name, (statement.cell, line))
    return [(name, *place) for name, place in found.items()]


def _folded(text: str) -> str:
    """Return a text with its letters normalised as Python normalises those of names."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _aliases(submission: Submission) -> dict[str, str]:
    """Return the modules that a notebook imports under names of its own."""
    return {
        alias.asname: alias.name
        for statement in submission.code.statements
        if isinstance(statement.node, ast.Import)
        for alias in statement.node.names
        if alias.asname
    }


def _reaching(tree: ast.AST, aliases: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield the names in a tree that reach in, with their lines."""
    line = getattr(tree, "lineno", 1)
    asked: set[int] = set()
    for node in syntax.walk(tree):
        line = getattr(node, "lineno", line)
        if isinstance(node, ast.Compare):
            # "google.colab" in sys.modules: many notebooks ask where they run.
            asked |= {id(side) for side in node.comparators}
        if id(node) not in asked:
            for name in _named(node, aliases):
                yield name[:_LONGEST], line


def _named(node: ast.AST, aliases: Mapping[str, str]) -> Iterator[str]:
    """Yield the names that one node by itself reaches for."""
    if isinstance(node, ast.Attribute) and node.attr in _NAMES | _LAST:
        owner = node.value.id if isinstance(node.value, ast.Name) else ""
        whole = f"{aliases.get(owner, owner)}.{node.attr}"
        if node.attr in _NAMES or whole in _OF_MODULES:
            yield whole.removeprefix(".")
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if _is_inside(alias.name))
    elif isinstance(node, ast.ImportFrom) and not node.level:
        if _is_inside(node.module or ""):
            yield node.module or ""
        else:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (n for n in names if n in _OF_MODULES or n.rpartition(".")[2] in _NAMES)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
        if len(text) < _MOST and (text in _NAMES or _TEXTS.fullmatch(text)):
            yield text
    elif isinstance(node, ast.Call):
        yield from _called(node, aliases)


def _called(call: ast.Call, aliases: Mapping[str, str]) -> Iterator[str]:
    """Yield the names that a call imports, or runs as text."""
    function = getattr(call.func, "attr", getattr(call.func, "id", None))
    first = call.args[0] if call.args else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return
    if function in _IMPORTERS and first.value.rstrip(".") in _MODULES:
        yield first.value
    elif function in _RUNNERS and (found := _ANY.search(_folded(first.value))):
        if len(first.value) > _LONGEST_PROGRAM:
            yield found[0]
            return
        try:
            yield from (name for name, _ in _reaching(syntax.parse(first.value), aliases))
        except SyntaxError:
            return


def _is_inside(module: str) -> bool:
    return module.partition(".")[0] in _MODULES
