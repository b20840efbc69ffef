"""Runs one model on every release of a board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD, load_board, releases
from omvsim.firmware import LoadMode
from omvsim.modelfile import Plans, model_file
from omvsim.releases._changes import changes
from omvsim.runs.scenario import Case, Options, RunResult, load_scenario
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.graph import Model

FRAMES = 2


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release: what the model does there."""

    firmware: str
    result: RunResult
    with_fb: RunResult | None
    """The same with ``load_to_fb=True``, where a load from a file fails and the release has it."""
    changes: tuple[str, ...]
    """What changed against the release before it."""

    @property
    def best(self) -> RunResult:
        """The run that works if only one of the two does."""
        return self.with_fb if self.with_fb is not None and self.with_fb.verdict is Verdict.OK else self.result

    @property
    def free_after_load(self) -> int | None:
        """``gc.mem_free()`` after the model was loaded, None if it was not."""
        return next((step.free_bytes for step in self.best.steps if step.name == "load" and not step.exception), None)


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """What a table says of one release: plain values, cheap to send between processes."""

    firmware: str
    verdict: str
    load: str
    """``rom``, ``file`` or ``fb``: where it was loaded from or to."""
    exception: str | None
    reason: str | None
    """In the user's terms, where the exception's text does not say why."""
    failed_step: str | None
    model_ram: int | None
    """This, the area and what is left: of the run that works, if only one does of the two."""
    arena_area: str | None
    free_after_load: int | None
    with_load_to_fb: str | None
    provenance: str
    changes: tuple[str, ...]

    @classmethod
    def of(cls, row: ReleaseRow) -> ReleaseSummary:
        """The summary of a row."""
        result, best = row.result, row.best
        return cls(
            firmware=row.firmware,
            verdict=str(result.verdict),
            load=str(result.model.mode),
            exception=result.exception,
            reason=None if result.failure is None else result.failure.reason or None,
            failed_step=None if result.failure is None else result.failure.step,
            model_ram=best.model_ram,
            arena_area=best.models[0].arena_area if best.models else None,
            free_after_load=row.free_after_load,
            with_load_to_fb=None if row.with_fb is None else str(row.with_fb.verdict),
            provenance=str(best.provenance),
            changes=row.changes,
        )


def compare_releases(
    graph: Model, *, load: LoadMode | None = None, board: str = DEFAULT_BOARD, frames: int = FRAMES
) -> tuple[ReleaseRow, ...]:
    """Load ``graph`` and predict ``frames`` times on every release of ``board``, oldest first.

    ``load`` None is each release's own default: its ROM file system where the model fits it, else a file. ``fb`` on a
    release without ``load_to_fb`` loads from a file. The arena is planned once for each library.
    """
    comparison = _Comparison(graph, frames)
    rows: list[ReleaseRow] = []
    before = None
    for version in releases(board):
        camera = load_board(board, version)
        result = comparison.run(camera, load)
        with_fb = None
        if result.model.mode is LoadMode.FILE and result.verdict is not Verdict.OK and camera.release.load_to_fb:
            with_fb = comparison.run(camera, LoadMode.FB)
        rows.append(ReleaseRow(version, result, with_fb, () if before is None else changes(before, camera)))
        before = camera
    return tuple(rows)


class _Comparison:
    """Runs one model on board after board."""

    def __init__(self, graph: Model, frames: int) -> None:
        self.graph = graph
        self.frames = frames
        self.story = load_scenario()
        self._plans = Plans()

    def run(self, camera: Board, load: LoadMode | None) -> RunResult:
        """One run."""
        file = model_file(self.graph, self._plans.plan(self.graph, camera), camera, load)
        return Case(camera, file, self.story, Options(load=load, loops=self.frames), {}).run()
