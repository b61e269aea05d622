"""Compares what a cluster's workers say of themselves, and names those that differ.

The last digits of a number depend on Python, PyTorch, numpy and the processor. Two students with
the same code must not get different digits because their notebooks met different machines.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError
from grader.runners.dask.worker import facts_digest, ours
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHOWN = 3
_CHARS = 60
# Digests, and a page of instruction sets: not worth showing.
_LONG = ("grader", "machine.environment", "machine.processor")


def agreed(said: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the facts "about" a worker that all share; ``said`` are their answers, by address.

    The versions of grader and Dask must be this machine's, too. Raises ``GraderError`` that names
    the workers that differ.
    """
    about = {address: one["about"] for address, one in said.items()}
    here = ours()
    sums = {address: facts_digest(facts) for address, facts in about.items()}
    usual = Counter(sums.values()).most_common(1)[0][0]
    common = next(dict(about[address]) for address in about if sums[address] == usual)
    strangers = {
        address: _differences(facts, {**facts, **here}) for address, facts in about.items()
    }
    _refuse(strangers, "this machine", "install the same versions of grader and Dask everywhere")
    others = {address: _differences(facts, common) for address, facts in about.items()}
    _refuse(
        others, "the others", "use workers of one kind: the same Python, packages and processor"
    )
    return common


def differs(facts: Mapping[str, Any], common: Mapping[str, Any]) -> GraderError:
    """Return the error for a worker that came later and differs from the others."""
    said = "; ".join(_differences(facts, common)[:_SHOWN])
    return GraderError(
        f"a worker joined the cluster that differs from the others: {said}",
        "take it away and give the same command again: it goes on where it stopped",
    )


def _refuse(differences: Mapping[str, list[str]], whom: str, hint: str) -> None:
    found = {address: said for address, said in differences.items() if said}
    if not found:
        return
    named = [
        f"{printable(address, _CHARS)} ({'; '.join(said[:_SHOWN])})"
        for address, said in list(found.items())[:_SHOWN]
    ]
    more = len(found) - len(named)
    verb = "differs" if len(found) == 1 else "differ"
    also = f" and {more} more" if more else ""
    raise GraderError(
        f"{len(found)} of the cluster's {len(differences)} workers {verb} from {whom}: "
        f"{', '.join(named)}{also}",
        hint,
    )


def _differences(facts: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Return a phrase for each fact that differs from the wanted one."""
    ours, theirs = _flat(wanted), _flat(facts)
    return [
        _difference(name, _shown(theirs.get(name)), _shown(ours.get(name)))
        for name in sorted({*ours, *theirs})
        if ours.get(name) != theirs.get(name)
    ]


def _difference(name: str, theirs: str, ours: str) -> str:
    short = name.rpartition(".")[2]
    if name in _LONG or theirs == ours:  # which differ where they are cut
        return f"another {short}"
    return f"{short} {theirs}, not {ours}"


def _flat(facts: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _shown(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return printable(str(value), _CHARS) if value not in (None, "") else "none"
