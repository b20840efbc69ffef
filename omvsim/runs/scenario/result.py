"""What a run of a model found out, as frozen values that reports render."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile
    from omvsim.provenance import Provenance
    from omvsim.runs.options import ScriptOptions
    from omvsim.runs.result import Failure, ScriptResult
    from omvsim.runs.scenario.edits import Edit
    from omvsim.runs.scenario.options import Options
    from omvsim.runs.scenario.scenario import Scenario
    from omvsim.runs.states import AreaState, MemorySnapshot, PoolState
    from omvsim.runs.steps import Allocation, Collection, StepRecord
    from omvsim.verdict import Verdict
    from omvsim.world.world import Boxes, ModelState


class Foresight(NamedTuple):
    """How the frames of a long loop are known that were not run; frames count from 1."""

    run: int
    """Frames that were run; after the last of them the script was in a state that it had been in."""
    played: int
    """Frames up to this one were played on the heap."""
    period: int | None
    """After so many frames the heap is in the same state too, so all further ones follow; None: every frame was
    played."""
    collections: int
    """Frames with collections, in all."""


class LoopState(NamedTuple):
    """What a loop of predictions does to the heap."""

    frames: int
    garbage_per_frame: int | None
    """Bytes in blocks that one frame leaves behind; None when frames differ too much to say (a collection in each)."""
    collected_at: tuple[int, ...]
    """Frames in which an automatic collection ran, from 1."""
    frames_until_collection: int | None
    """From a fresh collection; extrapolated from what frames leave when no collection was seen. None: they leave
    nothing."""
    held_per_frame: int = 0
    """Bytes by which what the script holds still grows, a frame; 0 where it does not."""
    full_at: int | None = None
    """Frame (from 1) about which what the script holds fills the heap, if it goes on growing so."""
    foreseen: Foresight | None = None
    """Of a loop that was not run to its end; then ``collected_at`` has the first 1000."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """Everything a run found out."""

    board: Board
    model: ModelFile
    scenario: Scenario
    options: Options
    script: str
    """What ran on the camera: the scenario with its options."""
    verdict: Verdict
    failure: Failure | None
    steps: tuple[StepRecord, ...]
    allocations: tuple[Allocation, ...]
    collections: tuple[Collection, ...]
    course: ScriptResult
    """The same run as that of any script; of a loop that was not run to its end, of the frames that were."""
    snapshot: MemorySnapshot
    """The memory at the very end."""
    models: tuple[ModelState, ...]
    loop: LoopState | None
    provenance: Provenance
    notes: tuple[str, ...]
    output: str
    """What the script printed."""
    others: Mapping[str, ModelFile]
    """The scenario's further models by file."""
    boxes: tuple[Boxes, ...] = ()
    """What every call of a post-processing object found."""
    edits: tuple[Edit, ...] = ()
    """Changes of the script's text."""
    settings: ScriptOptions | None = None
    """What the run was given, of a script that was not made for a model."""

    @property
    def areas(self) -> tuple[AreaState, ...]:
        """GC areas at the end or at the failure, with garbage."""
        return self.snapshot.areas

    @property
    def pools(self) -> tuple[PoolState, ...]:
        """The memory beside the heap."""
        return self.snapshot.pools

    @property
    def exception(self) -> str | None:
        """The line the camera prints; None if it runs, hangs or may die without a word."""
        return None if self.failure is None or self.failure.is_silent else self.failure.text

    @property
    def model_ram(self) -> int | None:
        """``model.ram`` of the run's model, None if it did not load."""
        return self.models[0].ram if self.models else None

    def __repr__(self) -> str:
        what = self.exception or f"model.ram {self.model_ram}"
        return f"<RunResult {self.model.path} on {self.board.name} {self.board.firmware}: {self.verdict}, {what}>"

    def _repr_html_(self) -> str | None:
        """For notebooks."""
        from omvsim.notebook import notebook_html  # noqa: PLC0415 - of use in a notebook only

        return notebook_html(self)


__all__ = ["Foresight", "LoopState", "RunResult"]
