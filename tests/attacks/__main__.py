"""Makes every attack in every setting and prints the table of what came of it.

    python -m tests.attacks [here user container bare old old-user] [-o FOLDER]

As root, for only root can become somebody else; anybody else has the setting "here" alone. It
takes a minute or two a setting. The status is 1 where an attack gained or left something.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.attacks import settings, table
from tests.notebooks import ROOT

_SECONDS = 900


def attacked(setting: str) -> dict[str, Any]:
    """Return what the scoreboard found in one setting."""
    with tempfile.TemporaryDirectory(prefix="attacked-") as folder:
        Path(folder).chmod(0o755)
        ran = subprocess.run(
            [sys.executable, "-m", "tests.attacks.scoreboard", setting, folder],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def main() -> int:
    wanted = _arguments()
    names = wanted.which or (settings.SETTINGS if os.getuid() == 0 else ("here",))
    boards = {}
    for name in names:
        print(f"attacking: {name}", file=sys.stderr)
        boards[name] = attacked(name)
    found = table.rows(boards)
    text = table.markdown(found)
    print(text, end="")
    if wanted.out is not None:
        folder = Path(wanted.out)
        folder.mkdir(parents=True, exist_ok=True)
        data = json.dumps(table.plain(found, boards), indent=2, ensure_ascii=False)
        (folder / "attacks.json").write_text(data + "\n", encoding="utf-8")
        (folder / "attacks.md").write_text(text, encoding="utf-8")
    # An attack of which nothing is known was not stopped by anything that is known, either.
    unknown = any("unknown" in met for row in found for met in row.met.values())
    return int(unknown or any(row.gained or row.left or row.through for row in found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    names = ", ".join(settings.SETTINGS)
    parser.add_argument("which", nargs="*", metavar="SETTING", help=f"of {names} (all)")
    parser.add_argument("-o", "--output", dest="out", metavar="FOLDER", help="write Markdown, JSON")
    wanted = parser.parse_args()
    if unknown := set(wanted.which) - set(settings.SETTINGS):
        parser.error(f"there is no setting {min(unknown)}; there are {names}")
    return wanted


if __name__ == "__main__":
    sys.exit(main())
