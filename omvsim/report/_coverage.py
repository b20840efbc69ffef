"""What a script uses of the camera, as text and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from omvsim.modules.fidelity import Fidelity
from omvsim.runs.coverage import UseKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.runs.coverage import Coverage, Use

SCHEMA: Final = "omvsim.coverage"
SCHEMA_VERSION: Final = 1
_ENDINGS: Final = {
    "known": "everything it uses is known.",
    "absent": "the camera raises an error where what is absent is reached.",
    "unknown": "NO PROMISE: a run ends where what is unknown is reached.",
}


def coverage_json(found: Coverage) -> dict[str, object]:
    """Schema ``docs/schemas/coverage.json``."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "script": found.script,
        "board": found.board.name,
        "firmware": found.board.firmware,
        "verdict": found.verdict,
        "exception": found.refused or None,
        "counts": {fidelity.value: found.count(fidelity) for fidelity in Fidelity},
        "uses": [
            {
                "line": use.line,
                "kind": use.kind.value,
                "name": use.name,
                "fidelity": use.fidelity.value,
                "note": use.note or None,
            }
            for use in found.uses
        ],
    }


def coverage_text(found: Coverage) -> Iterator[str]:
    """One line a use."""
    yield f"{Path(found.script).name} on {found.board.name}, OpenMV {found.board.firmware}: {_ENDINGS[found.verdict]}"
    if found.refused:
        yield found.refused.rstrip("\n")
    width = max((len(_shown(use)) for use in found.uses), default=0)
    for use in found.uses:
        yield f"{use.line:6}  {_shown(use):{width}}  {use.fidelity.value:9}  {use.note}".rstrip()
    yield ", ".join(f"{found.count(fidelity)} {fidelity.value}" for fidelity in Fidelity)


def _shown(use: Use) -> str:
    return f"import {use.name}" if use.kind is UseKind.IMPORT else use.name + "()" * (use.kind is UseKind.CALL)


__all__ = ["coverage_json", "coverage_text"]
