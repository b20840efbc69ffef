"""What a run of a script may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.records import dataclass, field
from omvsim.runs.limits import DEFAULT_MEMORY, DEFAULT_SECONDS
from omvsim.world.kernels import Kernels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from omvsim.firmware import LoadMode, ModelFile, Watcher
    from omvsim.world.surroundings import Surroundings

DEFAULT_FRAMES: Final = 20


@dataclass(frozen=True, slots=True)
class ScriptOptions:
    """What a run may be given.

    ``files`` is the folder behind the camera's file systems (the script's own by default), ``models`` are files that
    are on all of them under their name, ``source`` says where frames come from, ``frames`` ends the run after so many
    frames (None: never). Limits: ``time_limit`` (seconds) and ``memory_limit`` (bytes) of the host, ``until_us`` of the
    camera's time. ``load`` and ``collect_before_load`` change how models are loaded, whatever the script says.
    """

    frames: int | None = DEFAULT_FRAMES
    source: str | None = None
    files: Path | None = None
    models: tuple[Path, ...] = ()
    detections: int | None = None
    run_models: bool = True
    kernels: Kernels = Kernels.AUTO
    echo: bool = False
    seed: int = 0
    time_limit: float | None = DEFAULT_SECONDS
    memory_limit: int | None = DEFAULT_MEMORY
    until_us: int | None = None
    load: LoadMode | None = None
    collect_before_load: bool = False
    requests: bool = False
    """Whether every request is kept."""
    surroundings: Surroundings | None = None
    """What buses, pins and networks answer; None: networks are connected, nothing is received."""
    extra: dict[str, Path] = field(default_factory=dict)
    watcher: Watcher | None = None
    """Looks at the camera's memory while the script runs; requests are kept then."""
    given: Mapping[str, ModelFile] = field(default_factory=dict)
    """Model files by their path on the camera; there need be no file of that name on the host."""
    computed: Mapping[str, Sequence[NDArray[Any]]] = field(default_factory=dict)
    """What models compute in every inference, by their path, where somebody has run them."""
    only_memory: bool = False
    """Whether outputs and times are nobody's question: models are not computed, an inference takes no time."""
    collect_at_end: bool = False
    """Whether a script that came to its end is followed by a collection."""
    told_when_interrupted: bool = True
    """Whether Ctrl-C ends the run with what came out so far (:attr:`Outcome.INTERRUPTED`); else it is raised."""
    labels: Mapping[int, str] | None = None
    """What a report calls the steps that lines of the script do, where the run is to be told step by step."""


__all__ = ["DEFAULT_FRAMES", "ScriptOptions"]
