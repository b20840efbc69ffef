"""A full run and a foreseen one, side by side: every address the heap gave, and every figure of the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from omvsim.firmware import Camera
from omvsim.heap import GcHeap
from omvsim.runs import ScriptOptions, ScriptSession
from omvsim.tape import Courses, Foreseen, Player, outside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from omvsim.boards import Board
    from omvsim.runs import ScriptResult

Log = list[tuple[Any, ...]]


class LoggedHeap(GcHeap):
    """Writes down what it gives."""

    def __init__(self, areas: Iterable[tuple[int, int]]) -> None:
        self.log: Log = []
        super().__init__(areas)

    def alloc(self, size: int, *, finaliser: bool = False) -> int | None:
        address = super().alloc(size, finaliser=finaliser)
        if size > 0:
            self.log.append(("alloc", size, finaliser, address))
        return address

    def free(self, address: int | None) -> int:
        self.log.append(("free", address))
        return super().free(address)

    def realloc(self, address: int | None, size: int, *, allow_move: bool = True) -> int | None:
        moved = super().realloc(address, size, allow_move=allow_move)
        self.log.append(("realloc", address, size, allow_move, moved))
        return moved

    def release(self, dead: Iterable[int]) -> None:
        gone = sorted(dead)
        self.log.append(("release", gone))
        super().release(gone)


def areas_of(board: Board) -> list[tuple[int, int]]:
    return [(area.origin, area.length) for area in board.gc_areas]


@dataclass
class Scripted:
    """A script on any board, in full and by tape."""

    script: Path
    options: ScriptOptions
    courses: Courses = field(init=False)

    def __post_init__(self) -> None:
        self.courses = Courses(self.session)

    def session(self, board: Board, camera: Camera) -> ScriptSession:
        return ScriptSession(board, self.script, self.options, camera=camera)

    def full(self, board: Board) -> tuple[ScriptResult, Log]:
        camera = Camera(board)
        heap = camera.heap = LoggedHeap(areas_of(board))
        return self.session(board, camera).run(), heap.log

    def foreseen(self, board: Board) -> tuple[Foreseen, Log]:
        """Foreseen, and played once more with a heap that is logged."""
        seen = self.courses.on(board)
        heap = LoggedHeap(areas_of(board))
        assert Player(heap, outside(board)).play(seen.tape) is None
        return seen, heap.log


def figures(result: ScriptResult) -> dict[str, Any]:
    """What a run shows that its heap may decide."""
    return {
        "verdict": result.verdict,
        "outcome": result.outcome,
        "failure": result.failure,
        "output": result.output,
        "start": result.snapshot.used_at_start,
        "end": result.snapshot.used,
        "high water": result.snapshot.high_water,
        "free": result.snapshot.free_collected,
        "longest": result.snapshot.longest_collected,
        "live": result.snapshot.live,
        "collections": [(each.before, each.after, each.automatic) for each in result.collections],
        "refused": [(each.bytes, each.longest_free, each.free) for each in result.refused],
        "inferences": result.inferences,
        "placed": list(result.placed),
    }


def figures_foreseen(seen: Foreseen) -> dict[str, Any]:
    """The same by tape; the last collection is not the run's."""
    end = next(point for point in seen.points if point.label == "end")
    return {
        "verdict": seen.verdict,
        "outcome": seen.course.outcome,
        "failure": seen.failure,
        "output": seen.course.output,
        "start": seen.used_at_start,
        "end": end.used,
        "high water": seen.high_water,
        "free": seen.free,
        "longest": seen.longest_free,
        "live": seen.live,
        "collections": [(each.before, each.after, each.automatic) for each in seen.collections[:-1]],
        "refused": [(each.size, each.longest_free, each.free) for each in seen.refused],
        "inferences": seen.course.inferences,
        "placed": list(seen.placed),
    }


def differences(scripted: Scripted, board: Board) -> dict[str, tuple[Any, Any]]:
    """What the full run and the foreseen one differ in; empty if they agree byte for byte."""
    result, log = scripted.full(board)
    seen, played = scripted.foreseen(board)
    mine, theirs = figures(result), figures_foreseen(seen)
    found = {name: (mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]}
    if log != played:
        at = next((n for n, (a, b) in enumerate(zip(log, played, strict=False)) if a != b), min(len(log), len(played)))
        found["log"] = ((at, log[at : at + 3]), (at, played[at : at + 3]))
    return found
