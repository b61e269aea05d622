#!/usr/bin/env bash
# ipykernel 7.4.0 asks every program that a notebook starts for colours, also where its output goes to
# a file.
#
# Guess: a kernel leaves the environment of the programs it starts as it found it, and a program that a
# cell starts with its output in a pipe sees no terminal, so it writes plain text.
# Seen: the kernel's environment holds FORCE_COLOR=1 and CLICOLOR_FORCE=1, which the shell that started
# Jupyter does not have. A program that uses rich 14.2.0 then writes escape sequences into a pipe that
# subprocess.run reads, and into the file of `!program > report.txt`, which a terminal would leave plain.
# NO_COLOR=1 in front of the command stops it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ipykernel==7.4.0 jupyter_client==8.10.0 rich==14.2.0

cd "$folder"
unset FORCE_COLOR CLICOLOR_FORCE CLICOLOR NO_COLOR
"$folder/venv/bin/python" - <<'PY'
import json
from jupyter_client.manager import start_new_kernel

CELL = """
import json, os, subprocess, sys
program = "from rich.console import Console; Console().print('[red]points[/red]')"
piped = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout
plain = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                       env={**os.environ, "NO_COLOR": "1"}).stdout
get_ipython().system(f'{sys.executable} -c "{program}" > report.txt')
print(json.dumps([os.environ.get("FORCE_COLOR"), os.environ.get("CLICOLOR_FORCE"), piped,
                  open("report.txt").read(), plain]))
"""
manager, client = start_new_kernel()
said = []
client.execute_interactive(
    CELL, output_hook=lambda m: said.append(m["content"].get("text", "")), timeout=60
)
client.stop_channels()
manager.shutdown_kernel(now=True)
force, clicolor, piped, filed, plain = json.loads("".join(said))
print(f"FORCE_COLOR={force} CLICOLOR_FORCE={clicolor}")
print(f"in a pipe {piped!r}, in a file {filed!r}, with NO_COLOR {plain!r}")
assert (force, clicolor) == ("1", "1")
assert "\x1b[31m" in piped and "\x1b[31m" in filed
assert "\x1b[31m" not in plain
PY
