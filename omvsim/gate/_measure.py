"""Running one job and reading its figures off the result."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from omvsim.boards import Board, board_once
from omvsim.firmware import LoadMode, storage_name, store
from omvsim.gate._types import Figure, Metric, figure_key
from omvsim.graph import read_model
from omvsim.modelfile import Plans, model_file
from omvsim.provenance import Provenance
from omvsim.runs.scenario import Case, Options, Scenario, default_mode, load_scenario
from omvsim.runs.trust import notes_of
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from omvsim.firmware import ModelFile
    from omvsim.gate._types import Entry, Job
    from omvsim.graph import Model
    from omvsim.runs.scenario import RunResult
    from omvsim.runs.steps import StepRecord
    from omvsim.timing import InferenceTime

_BLOCK = 16


@lru_cache(maxsize=16)
def scenario_of(name: str) -> Scenario:
    """The entry's scenario, read once a process."""
    return load_scenario(name)


class Bench:
    """Runs jobs of one model: it is read once, and planned once for all libraries that do the same."""

    def __init__(self, root: Path, model: str) -> None:
        self.root = root
        self.graph = read_model(root / model)
        self._others: dict[str, Model] = {}
        self.plans = Plans()

    def run(self, job: Job) -> RunResult:
        """Simulate a job.

        Raises:
            InputError: a model, board or scenario it names cannot be used.
        """
        entry = job.entry
        board = board_once(entry.board, job.firmware)
        scenario = scenario_of(entry.scenario)
        options = _options(entry, scenario)
        mode = default_mode(scenario, options)
        file = self._file(self.graph, board, mode)
        others = {name: self._file(self._other(name), board, mode) for name in scenario.models}
        return Case(board, file, scenario, options, others).run()

    def _other(self, name: str) -> Model:
        if name not in self._others:
            beside = self.root / name
            self._others[name] = read_model(str(beside) if beside.exists() else name)
        return self._others[name]

    def _file(self, graph: Model, board: Board, mode: LoadMode | None) -> ModelFile:
        return model_file(graph, self.plans.plan(graph, board), board, mode)


def _options(entry: Entry, scenario: Scenario) -> Options:
    """The entry's, with frames enough for its limits, and a last collection: what is free then can be counted on."""
    frames = max([entry.frames, *(limit.after_frames or 0 for limit in entry.limits)])
    return Options(
        load=entry.load,
        input=entry.input,
        loops=frames if "LOOPS" in scenario.options else None,
        keep_output=entry.keep_output,
        callback=entry.callback,
        collect_at_end=True,
    )


def figures(result: RunResult, entry: Entry) -> tuple[Figure, ...]:
    """Everything measured: of a run that fails, only what does not depend on its going on."""
    found = [*_of_model(result)]
    if result.verdict is Verdict.OK:
        found += _of_heap(result)
        wanted = {limit.after_frames for limit in entry.limits if limit.after_frames is not None}
        found += [figure for frame in sorted(wanted) for figure in _longest_after(result, frame)]
    return tuple(found)


def _of_model(result: RunResult) -> Iterator[Figure]:
    plan, graph = result.model.plan, result.model.graph
    whole, text = _arena_place(result)
    if plan.is_ok:
        yield Figure("arena", Metric.ARENA, plan.arena_used_bytes, whole, text)
    if result.model_ram is not None:
        yield Figure("model_ram", Metric.MODEL_RAM, result.model_ram, whole, text)
    store = _store(result)
    yield Figure("file_size", Metric.FILE_SIZE, graph.size, *store)


def _arena_place(result: RunResult) -> tuple[float | None, str]:
    """What has to hold the arena: fb_alloc of a release that keeps it there, else the largest GC area."""
    board = result.board
    if board.release.arena.sizing == "fb_alloc" and board.release.module == "tf" and board.fb_alloc is not None:
        return board.fb_alloc.size, "fb_alloc"
    area = max(result.areas, key=lambda area: area.pool_bytes)
    return area.pool_bytes, f"gc[{area.index}]"


def _store(result: RunResult) -> tuple[float | None, str]:
    file, board = result.model, result.board
    if file.mode is LoadMode.ROM:
        system, title = board.filesystem(LoadMode.ROM), "the ROM file system"
    else:
        system, place = store(board, file.path, file.graph.size), storage_name(board, file)
        title = f"the file system {place}" if place.startswith("/") else place
    return (None if system is None else system.size), title


def _of_heap(result: RunResult) -> Iterator[Figure]:
    total = sum(area.pool_bytes for area in result.areas)
    for area in result.areas:
        free = area.pool_bytes - area.used_bytes
        key = figure_key(Metric.HEADROOM, f"gc{area.index}")
        yield Figure(key, Metric.HEADROOM, free, area.pool_bytes, f"gc[{area.index}]")
    free = sum(area.pool_bytes - area.used_bytes for area in result.areas)
    yield Figure("headroom.total", Metric.HEADROOM, free, total, "the heap")
    yield from _longest_after(result, None)
    if result.loop is not None and result.loop.garbage_per_frame is not None:
        yield Figure("garbage_per_frame", Metric.GARBAGE, result.loop.garbage_per_frame, total, "the heap")


def predictions(result: RunResult) -> list[StepRecord]:
    """The records of every prediction of the run."""
    return [step for step in result.steps if step.name == "predict"]


def _longest_after(result: RunResult, frame: int | None) -> Iterator[Figure]:
    frames = predictions(result)
    number = len(frames) if frame is None else frame
    if frames and number <= len(frames):
        area = max(result.areas, key=lambda area: area.pool_bytes)
        longest = frames[number - 1].max_free_blocks * _BLOCK
        key = figure_key(Metric.LONGEST_FREE, after_frames=frame)
        yield Figure(key, Metric.LONGEST_FREE, longest, area.pool_bytes, f"gc[{area.index}]")


# -- time -----------------------------------------------------------------------------------------------------------


def time_figure(time: InferenceTime, entry: Entry) -> Figure | None:
    """The bound of the time that the entry holds against its budget; None where an operator's time is not known."""
    if time.unknown:
        return None
    value = time.ms.high if entry.high_time else time.ms.nominal
    return Figure("time_ms", Metric.TIME, round(value, 3))


# -- provenance -----------------------------------------------------------------------------------------------------


def doubt(result: RunResult) -> str:
    """Why the figures are not exact; empty if they are."""
    plan, reasons = result.model.plan, []
    library = plan.library
    if plan.refusal is not None and plan.provenance is Provenance.UNKNOWN:
        reasons.append(str(plan.refusal))
    if library.provenance is not Provenance.EXACT:
        reasons.append(f"firmware {result.board.firmware}, {library.name}: {library.note}")
    if not result.board.measured:
        reasons += notes_of(result.board)[:1]
    if not reasons and plan.provenance is not Provenance.EXACT:
        reasons.append(f"the tensor arena is {plan.provenance}")
    if not reasons and result.provenance is not Provenance.EXACT:
        reasons.append(f"firmware {result.board.firmware}: the heap's figures are {result.provenance}")
    return "; ".join(reasons)
