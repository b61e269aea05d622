"""What students hand in, by kind: how the folder is filled, and what is to come of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.notebooks import ROOT, changed, solved, template, write

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = ROOT / "tests" / "samples" / "submission.ipynb"
ENDLESS = changed("optm.zero_grad()", "while True: pass")
# It ends the process that runs it, and claims full points on every stream that it has.
HOSTILE = changed(
    "optm.zero_grad()",
    'import os; print("::error::x"); os.write(1, b\'{"score": 100}\'); os._exit(0)',
)


def one(notebook: dict, name: str = "mlp.ipynb"):
    def fill(folder: Path) -> None:
        write(notebook, folder, name)

    return fill


def several(folder: Path) -> None:
    write(solved(), folder, "a.ipynb")
    write(json.loads(SAMPLE.read_text(encoding="utf-8")), folder, "b.ipynb")


def nothing(folder: Path) -> None:
    (folder / "mlp.pdf").write_bytes(b"%PDF-1.4")


def cut_off(folder: Path) -> None:
    (folder / "mlp.ipynb").write_text(json.dumps(solved())[:5000], encoding="utf-8")


# Points from and to, and a word of what the student reads.
KINDS = {
    "full": (one(solved()), 100, 100, ""),
    "partial": (one(json.loads(SAMPLE.read_text(encoding="utf-8"))), 55, 65, "never cleared"),
    "blank": (one(template()), 0, 0, "filled in"),
    "unreadable": (cut_off, 0, 0, "mlp.ipynb"),
    "no notebook": (nothing, 0, 0, "no notebook"),
    "several": (several, 0, 0, "a.ipynb, b.ipynb"),
    "endless": (one(ENDLESS), 20, 60, ""),
    "hostile": (one(HOSTILE), 20, 60, ""),
}
