"""Validates the simulator against recorded traces: predict each, compare, add up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.errors import InputError
from omvsim.traces import FirmwareTrace, open_trace
from omvsim.validate._compare import Point, Quantity, compare
from omvsim.validate._predict import predict_trace
from omvsim.validate._reason import CannotFollow
from omvsim.validate._requests import compare_requests
from omvsim.validate._totals import Total, totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from omvsim.traces import Trace
    from omvsim.validate._models import ModelLibrary

SUFFIXES = (".jsonl", ".jsonl.gz", ".log", ".txt")
MUST_BE_EXACT = (
    Quantity.EXCEPTION,
    Quantity.MODEL_RAM,
    Quantity.BIG_SIZE,
    Quantity.BIG_AREA,
    Quantity.BIG_ADDRESS,
    Quantity.REQUESTS,
)
"""Quantities that any difference spoils; the others have tolerances."""


@dataclass(frozen=True, slots=True)
class TraceResult:
    """One trace: its points, or the reason why there are none."""

    source: str
    points: tuple[Point, ...] = ()
    start: str = ""
    """Where the prediction starts."""
    complete: bool = True
    not_predicted: tuple[str, ...] = ()
    """Labels of recorded snapshots that the prediction does not reach."""
    stopped: str | None = None
    """Why the prediction ends before the recording does; what comes later is not known."""
    skipped: str | None = None
    """Why the trace says nothing about the simulator."""
    used_for_fit: str | None = None
    """What was fitted to it: it is left out then."""

    @property
    def misses(self) -> tuple[Point, ...]:
        """Points that are not exact."""
        return tuple(point for point in self.points if not point.exact)


@dataclass(frozen=True, slots=True)
class Validation:
    """The whole table. ``tolerances`` are relative errors by quantity; a quantity without one must be exact."""

    results: tuple[TraceResult, ...]
    totals: tuple[Total, ...]
    tolerances: Mapping[Quantity, float]

    @property
    def beyond(self) -> tuple[Point, ...]:
        """Points outside their tolerance."""
        return tuple(p for r in self.results for p in r.points if not within(p, self.tolerances))

    @property
    def passed(self) -> bool:
        """Whether anything was compared, to its end, and all of it is within tolerance."""
        whole = not any(result.stopped for result in self.results)
        return whole and any(result.points for result in self.results) and not self.beyond


def within(point: Point, tolerances: Mapping[Quantity, float]) -> bool:
    """Whether a point is exact or inside its quantity's tolerance."""
    if point.exact:
        return True
    tolerance = tolerances.get(point.quantity)
    return tolerance is not None and point.relative is not None and abs(point.relative) <= tolerance


def trace_files(paths: Iterable[str | Path]) -> list[Path]:
    """The given files, and the traces in given folders (not below them), sorted within each.

    Raises:
        InputError: no such file or folder, or a folder without any trace.
    """
    found: list[Path] = []
    for path in map(Path, paths):
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(entry for entry in path.iterdir() if entry.name.endswith(SUFFIXES))
        if not inside:
            raise InputError(path, f"no trace in this folder (files that end in {', '.join(SUFFIXES)})")
        found += inside
    return found


def validate_trace(recorded: Trace | FirmwareTrace, models: ModelLibrary) -> TraceResult:
    """Predict one trace and compare."""
    trace = recorded.trace if isinstance(recorded, FirmwareTrace) else recorded
    name = Path(trace.source).name
    if trace.header.used_for_fit is not None:
        return TraceResult(name, used_for_fit=trace.header.used_for_fit)
    try:
        prediction = predict_trace(recorded, models)
    except CannotFollow as reason:
        return TraceResult(name, skipped=str(reason), complete=trace.complete)
    whole = trace.complete and prediction.stopped is None
    covered = trace.events[prediction.first :]
    points, missing = compare(name, covered, prediction.trace.events, trace.header, complete=whole)
    if isinstance(recorded, FirmwareTrace):
        points += compare_requests(name, recorded.raw, prediction.requests, complete=trace.complete)
    return TraceResult(
        name, tuple(points), prediction.start, trace.complete, tuple(missing), stopped=prediction.stopped
    )


def validate(
    paths: Iterable[str | Path],
    models: ModelLibrary,
    tolerances: Mapping[Quantity, float] | None = None,
    progress: Callable[[Path], None] = lambda _: None,
) -> Validation:
    """Validate against trace files and folders of them.

    Args:
        paths: files or folders.
        models: where model files are found.
        tolerances: relative error allowed by quantity, e.g. ``{Quantity.USED: 0.05}``; default: everything exact.
        progress: called with each file before it is read.

    Raises:
        InputError: a file cannot be read as a trace.
    """
    results = []
    for path in trace_files(paths):
        progress(path)
        results.append(validate_trace(open_trace(path), models))
    return summarise(results, tolerances)


def summarise(results: Sequence[TraceResult], tolerances: Mapping[Quantity, float] | None = None) -> Validation:
    """The table over results of several traces."""
    rows = totals(point for result in results for point in result.points)
    return Validation(tuple(results), rows, dict(tolerances or {}))


__all__ = ["TraceResult", "Validation", "summarise", "trace_files", "validate", "validate_trace"]
