"""Whole notebooks that are large in one way: a shape of code in one of many places, or the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.notebooks import EVALUATION, MODEL, TRAINING, cell, changed, code, solved, text
from tests.trusted.code_shapes import BLOCKS, EXPRESSIONS, TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Characters of code: near the most that a notebook may hold, and where less of it is too much.
SIZES = [400_000, 120_000, 40_000, 15_000]
Named = tuple[str, "Callable[[int], bytes]"]


def packed(notebook: dict[str, Any]) -> bytes:
    return json.dumps(notebook).encode()


def in_cell(source: str, *, last: bool = False) -> dict[str, Any]:
    """The solved notebook with one more cell, before or behind the others."""
    notebook = solved()
    more = {**code([source])["cells"][0], "id": "shape"}
    notebook["cells"].insert(len(notebook["cells"]) if last else 0, more)
    return notebook


def _indented(block: str, width: int) -> str:
    return "".join(" " * width + line for line in block.splitlines(keepends=True))


def in_class(block: str) -> dict[str, Any]:
    notebook = solved()
    target = cell(notebook, MODEL)
    head, rest = text(target).split("    def forward", 1)
    target["source"] = f"{head}{_indented(block, 4)}    def forward{rest}"
    return notebook


def in_evaluation(block: str) -> dict[str, Any]:
    notebook = solved()
    target = cell(notebook, EVALUATION)
    head, rest = text(target).split("device):\n", 1)
    target["source"] = f"{head}device):\n{_indented(block, 4)}{rest}"
    return notebook


def in_loop(block: str) -> dict[str, Any]:
    notebook = solved()
    target = cell(notebook, TRAINING)
    lines = text(target).split("\n")
    at = next(n for n, line in enumerate(lines) if "zero_grad" in line)
    width = len(lines[at]) - len(lines[at].lstrip())
    target["source"] = "\n".join([*lines[:at], _indented(block, width).rstrip("\n"), *lines[at:]])
    return notebook


def in_rate(value: str) -> dict[str, Any]:
    return changed("lr=1e-3", f"lr={value}")


def in_answer(value: str) -> dict[str, Any]:
    return changed("self.xdim, self.hdim", f"self.xdim, {value}")


def in_condition(value: str) -> dict[str, Any]:
    return changed("y_pred == y_trgt", value)


def in_attribute(value: str) -> dict[str, Any]:
    return in_class(f"size = {value}\n")


EXPRESSION_PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "its learning rate": in_rate,
    "answer 1": in_answer,
    "answer 4": in_condition,
    "a cell": lambda value: in_cell(f"x = {value}\n"),
    "the class": in_attribute,
}
BLOCK_PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "a cell": in_cell,
    "a last cell": lambda block: in_cell(block, last=True),
    "the class": in_class,
    "func_eval": in_evaluation,
    "the loop": in_loop,
}
TEXT_PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "a cell": in_cell,
    "the loop": lambda value: in_loop(value + "\n"),
    "func_eval": lambda value: in_evaluation(value + "\n"),
}


def _cells(size: int, source: str) -> dict[str, Any]:
    count = min(9_900, size // max(len(source), 1))
    notebook = solved()
    more = [{**code([source])["cells"][0], "id": f"cell-{n}"} for n in range(count)]
    notebook["cells"] = [*more, *notebook["cells"]]
    return notebook


def _with(change: Callable[[dict[str, Any]], Any]) -> bytes:
    notebook = solved()
    change(notebook)
    return packed(notebook)


def _outputs(outputs: list[Any]) -> bytes:
    return _with(lambda n: cell(n, TRAINING).update(outputs=outputs))


def _stream(lines: Any) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": lines}


def _deep_json(size: int, opening: str, closing: str) -> bytes:
    text = packed({**solved(), "metadata": "HERE"}).decode()
    count = size // 2
    return text.replace('"HERE"', '{"a":' + opening * count + closing * count + "}").encode()


# The file is what is large here, and may be larger than the code in it.
FILES: dict[str, Callable[[int], bytes]] = {
    "cells of one line": lambda n: packed(_cells(n, "x = 1")),
    "cells that are broken": lambda n: packed(_cells(n, "x = (")),
    "cells that are split": lambda n: packed(_cells(n, "  x = 1\nfor i in a:")),
    "cells with a function": lambda n: packed(_cells(n, "def f(a):\n    return a.b(c)")),
    "cells with the training": lambda n: packed(_cells(n, text(cell(solved(), TRAINING)))),
    "cells with the class": lambda n: packed(_cells(n, text(cell(solved(), MODEL)))),
    "cells with func_eval": lambda n: packed(_cells(n, text(cell(solved(), EVALUATION)))),
    "outputs of numbers": lambda n: _outputs([_stream("0.1234 " * n)]),
    "outputs in lines": lambda n: _outputs([_stream(["x\n"] * n)]),
    "many outputs": lambda n: _outputs([_stream("x")] * (n // 4)),
    "a line written over": lambda n: _outputs([_stream("x\r" * n)]),
    "escapes in an output": lambda n: _outputs([_stream("\x1b[" * n)]),
    "metadata": lambda n: _with(
        lambda b: b["metadata"].update({f"k{i}": i for i in range(n // 4)})
    ),
    "tags": lambda n: _with(lambda b: b["cells"][0]["metadata"].update(tags=["t"] * n)),
    "Markdown": lambda n: _with(lambda b: b["cells"][0].update(source="*a* [b](c) " * n)),
    "headings": lambda n: _with(lambda b: b["cells"][0].update(source="# a\n" * n)),
    "open Markdown": lambda n: _with(lambda b: b["cells"][0].update(source="[![" * n)),
    "marks in Markdown": lambda n: _with(lambda b: b["cells"][0].update(source="\u0301" * n)),
    "lists in metadata": lambda n: _deep_json(n, "[", "]"),
    "objects in metadata": lambda n: _deep_json(n, '{"a":', "}"),
    "numbers in metadata": lambda n: _with(lambda b: b["metadata"].update(n=[1] * n)),
    "code in pieces": lambda n: packed(code([["x"] * n, *_sources()])),
}


def _sources() -> list[str]:
    return [text(c) for c in solved()["cells"] if c["cell_type"] == "code"]


def every_shape() -> Iterator[Named]:
    """Yield each shape of code in each place, and each shape of a file, by name."""
    for kinds, places in (
        (EXPRESSIONS, EXPRESSION_PLACES),
        (BLOCKS, BLOCK_PLACES),
        (TEXTS, TEXT_PLACES),
    ):
        for shape, make in kinds.items():
            for place, put in places.items():
                yield f"{shape} in {place}", _placed(make, put)
    yield from FILES.items()


def _placed(
    make: Callable[[int], str], put: Callable[[str], dict[str, Any]]
) -> Callable[[int], bytes]:
    return lambda size: packed(put(make(size)))
