"""What every command prints with ``--json``, as types; ``python -m tools.schemas`` writes ``docs/schemas`` from them.

Nothing here is imported while a command runs.
"""

from __future__ import annotations

from typing import Any

from omvsim.outputs._boards import BoardOut, BoardsDiffOut, BoardsOut
from omvsim.outputs._compare import CompareOut
from omvsim.outputs._gate import GateOut
from omvsim.outputs._model import (
    AgainstOut,
    ArenaOut,
    CalibrationOut,
    NoTimeOut,
    ReleasesOut,
    ScriptReleasesOut,
    TimeOut,
)
from omvsim.outputs._run import AllocationOut, ErrorOut, ReplayOut, RunOut
from omvsim.outputs._script import CoverageOut, ExecOut
from omvsim.outputs._validate import MapDiffOut, PointsOut, ValidateOut, ValidateTimeOut
from omvsim.outputs._whatif import MaxOut, MinOut, RecommendOut, RowOut, WhatIfCompareOut

OUTPUTS: dict[str, tuple[str, Any]] = {
    "allocation": ("a line of omvsim run --trace FILE", AllocationOut),
    "arena": ("omvsim arena --json", ArenaOut),
    "board": ("omvsim boards show --json", BoardOut),
    "boards": ("omvsim boards --json", BoardsOut),
    "boards.diff": ("omvsim boards diff --json", BoardsDiffOut),
    "calibrate": ("omvsim calibrate --json", CalibrationOut | AgainstOut),
    "compare": ("omvsim compare --json", CompareOut),
    "coverage": ("omvsim exec --coverage --json", CoverageOut),
    "error": ("a fault of omvsim itself, in place of the report that was asked for with --json", ErrorOut),
    "exec": ("omvsim exec --json", ExecOut),
    "gate": ("omvsim gate --json", GateOut),
    "map-diff": ("omvsim trace diff --json", MapDiffOut),
    "releases": ("omvsim releases --json", ReleasesOut),
    "releases.script": ("omvsim releases --json, of a script", ScriptReleasesOut),
    "replay": ("omvsim replay --json", ReplayOut),
    "run": ("omvsim run --json", RunOut),
    "time": ("omvsim time --json", TimeOut | NoTimeOut),
    "validate": ("omvsim validate --json", ValidateOut),
    "validate.points": ("omvsim validate --points FILE --json", PointsOut),
    "validate.time": ("omvsim validate --time --json", ValidateTimeOut),
    "what-if.compare": ("omvsim what-if compare --json", WhatIfCompareOut),
    "what-if.max": ("omvsim what-if max --json", MaxOut),
    "what-if.min": ("omvsim what-if min --json", MinOut),
    "what-if.recommend": ("omvsim what-if recommend --json", RecommendOut),
    "what-if.row": ("a line of omvsim what-if sweep", RowOut),
}
"""By name, which is ``schema`` without ``omvsim.``: what prints it, and its type."""

__all__ = ["OUTPUTS"]
