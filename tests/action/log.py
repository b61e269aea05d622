"""What GitHub's runner does with the lines of a step's log, after its ActionCommandManager."""

from __future__ import annotations

import re
from dataclasses import dataclass

REGISTERED = {
    *("error", "warning", "notice", "debug", "echo", "group", "endgroup", "add-mask"),
    *("add-matcher", "remove-matcher", "save-state", "set-output", "set-env", "add-path"),
    "stop-commands",
}
_NEW = re.compile(r"\s*::([^ :]*)(?: (.*?))?::(.*)", re.DOTALL)
_OLD = re.compile(r"##\[([^ \]]*)(?: ([^\]]*))?\](.*)", re.DOTALL)


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def obeyed(log: str) -> list[Command]:
    """Return the commands that take effect, those that stop and resume among them."""
    commands, token = [], None
    for line in log.split("\n"):
        found = _parsed(line, REGISTERED | ({token} if token else set()))
        if found is None or (token is not None and found.name != token):
            continue
        commands.append(found)
        token = found.data if found.name == "stop-commands" else None
    assert token is None, "commands stay stopped"
    return commands


def annotations(log: str) -> list[Command]:
    return [item for item in obeyed(log) if item.name in {"error", "warning", "notice"}]


def _parsed(line: str, registered: set[str]) -> Command | None:
    new = _NEW.match(line)
    if new and new[1].lower() in registered:
        pairs = [pair.partition("=") for pair in (new[2] or "").split(",") if "=" in pair]
        return Command(
            new[1].lower(),
            {name.strip(): _unescaped(value, prop=True) for name, _, value in pairs if value},
            _unescaped(new[3]),
        )
    old = _OLD.search(line)
    if old and old[1].lower() in registered:
        return Command(old[1].lower(), {}, old[3])
    return None


def _unescaped(text: str, *, prop: bool = False) -> str:
    pairs = [("%0D", "\r"), ("%0A", "\n")] + [("%3A", ":"), ("%2C", ",")] * prop
    for escaped, character in [*pairs, ("%25", "%")]:
        text = text.replace(escaped, character)
    return text
