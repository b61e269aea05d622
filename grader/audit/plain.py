"""An audit as JSON, for scripts and for comparing runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from grader.audit.model import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.audit.model import Audit, CheckOutcome


def to_text(audits: Sequence[Audit]) -> str:
    """Return the audits as one JSON object, ASCII only, since it may quote any text."""
    plain = {"schema": SCHEMA, "audits": [_audit(audit) for audit in audits]}
    return json.dumps(plain, indent=1, ensure_ascii=True, allow_nan=False) + "\n"


def _audit(audit: Audit) -> dict[str, Any]:
    return {
        "assignment": audit.assignment,
        "seeds": list(audit.seeds),
        "seconds": round(audit.seconds, 1),
        "holes": audit.holes,
        "answers": [
            {
                "kind": str(row.case.kind),
                "label": row.case.label,
                "place": row.case.place,
                "codes": [mistake.code for mistake in row.case.mistakes],
                "seed": row.seed,
                "outcome": row.outcome or None,
                "checks": {cell.check: _cell(cell) for cell in row.cells},
                "holes": list(row.holes),
            }
            for row in audit.rows
        ],
        "mutants": [
            {
                "part": trial.mutant.part,
                "blank": trial.mutant.blank,
                "cell": trial.mutant.cell,
                "line": trial.mutant.line,
                "operator": trial.mutant.operator,
                "was": trial.mutant.was,
                "becomes": trial.mutant.becomes,
                "noticed": None
                if trial.killer is None
                else {"check": trial.killer.check, **_cell(trial.killer)},
            }
            for trial in audit.trials
        ],
        "survivors": [
            {
                "part": survivor.mutant.part,
                "was": survivor.mutant.was,
                "becomes": survivor.mutant.becomes,
                "reason": survivor.reason,
            }
            for survivor in audit.survivors
        ],
        "margins": [{**asdict(margin), "thin": margin.thin} for margin in audit.margins],
    }


def _cell(cell: CheckOutcome) -> dict[str, Any]:
    return {"status": str(cell.status), "score": cell.score, "codes": list(cell.codes)}
