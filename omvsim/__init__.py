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
    from omvsim.scenario import RunResult, Verdict, load_scenario

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
    "RunResult": "scenario",
    "Verdict": "scenario",
    "load_scenario": "scenario",
    "load_board": "boards",
    "Board": "boards",
    "read_model": "graph",
    "Model": "graph",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'omvsim' has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - only when a name is asked for

    return getattr(importlib.import_module(f"omvsim.{home}"), name)
