"""omvsim: simulates the memory of the OpenMV Cam RT1062.

>>> import omvsim
>>> result = omvsim.run("model.tflite", firmware="4.8.1")
>>> result.verdict, result.model_ram, result.exception

Everything is imported when it is first used: ``import omvsim`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim._version import __version__

if TYPE_CHECKING:
    from omvsim.api import plan, run
    from omvsim.boards import Board, load_board
    from omvsim.graph import Model, read_model
    from omvsim.runs.scenario import RunResult, load_scenario
    from omvsim.verdict import Verdict

__all__ = [
    "__version__",
    # the main job
    "run",
    "RunResult",
    "Verdict",
    "plan",
    # its parts
    "load_board",
    "Board",
    "read_model",
    "Model",
    "load_scenario",
]

_HOMES = {
    "run": "api",
    "plan": "api",
    "RunResult": "runs.scenario",
    "Verdict": "verdict",
    "load_scenario": "runs.scenario",
    "load_board": "boards",
    "Board": "boards",
    "read_model": "graph",
    "Model": "graph",
}


_ROOMS = (
    *("advice", "boards", "errors", "frame_time", "gate", "graph", "heap", "inference", "models", "releases"),
    *("tflm", "timing", "traces", "units", "validate", "whatif"),
)
"""Modules of the API that are there after ``import omvsim`` alone, e.g. ``omvsim.advice.suggest``."""


def __getattr__(name: str) -> Any:
    import importlib  # noqa: PLC0415 - only when a name is asked for

    if name in _ROOMS:
        return importlib.import_module(f"omvsim.{name}")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'omvsim' has no attribute {name!r}")
    return getattr(importlib.import_module(f"omvsim.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*__all__, *_ROOMS})
