"""Notebooks that are right and train in a thread, or in a pool of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.notebooks import TRAINING, cell, solved, text

STARTS = {
    "a thread that is joined": "t = threading.Thread(target=train)\nt.start()\nt.join()",
    "a thread of which nothing is kept": "threading.Thread(target=train).start()",
    "a list of threads": (
        "threads = [threading.Thread(target=train)]\n"
        "for t in threads:\n    t.start()\nfor t in threads:\n    t.join()"
    ),
    "a pool": "with futures.ThreadPoolExecutor() as pool:\n    pool.submit(train).result()",
    "a pool that is not waited for": "f = futures.ThreadPoolExecutor(1).submit(train)\nf.result()",
}


def in_a_thread(start: str) -> dict[str, Any]:
    notebook = solved()
    c = cell(notebook, TRAINING)
    head, loop = text(c).split("for epoch", 1)
    body = "\n".join("    " + line for line in ("for epoch" + loop).split("\n"))
    imports = "import threading\nfrom concurrent import futures\n"
    c["source"] = f"{imports}{head}def train():\n{body}\n\n\n{start}"
    return notebook


def in_a_thread_of_its_own_class() -> dict[str, Any]:
    """Its ``run`` holds the loop, and ``start`` calls that."""
    notebook = solved()
    c = cell(notebook, TRAINING)
    head, loop = text(c).split("for epoch", 1)
    body = "\n".join("        " + line for line in ("for epoch" + loop).split("\n"))
    trainer = f"class Trainer(threading.Thread):\n    def run(self):\n{body}"
    start = "t = Trainer()\nt.start()\nt.join()"
    c["source"] = f"import threading\n{head}{trainer}\n\n\n{start}"
    return notebook


def _named(name: str, form: Any) -> Any:
    form.__name__ = name
    return form


FORMS = [_named(name, partial(in_a_thread, start)) for name, start in STARTS.items()]
FORMS.append(in_a_thread_of_its_own_class)
