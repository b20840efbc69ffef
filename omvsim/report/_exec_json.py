"""A script's run as one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.report._ended_json import ended_json

if TYPE_CHECKING:
    from omvsim.advice import Advice
    from omvsim.frame_time import Frame as FrameTime
    from omvsim.memory.requests import Request
    from omvsim.runs import Frame, FrameLoop, FrameRate, ScriptResult
    from omvsim.runs.outside import Outside

SCHEMA = "omvsim.exec"
SCHEMA_VERSION = 1


def exec_json(
    result: ScriptResult,
    advice: tuple[Advice, ...] | None = None,
    *,
    frame: FrameTime | None = None,
    allocations: bool = False,
) -> dict[str, Any]:
    """Everything a run of a script showed; sizes are bytes, of whole heap blocks unless the name says ``asked``.

    ``advice`` is None when nobody looked for ways out. ``frame`` is the time of one
    (:func:`omvsim.frame_time.frame_of_script`). ``allocations`` adds every request of the run in order.
    """
    more = {"allocations": [request_json(request) for request in result.requests]} if allocations else {}
    return more | {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "script": result.script,
        "board": result.board.name,
        "firmware": result.board.firmware,
        "verdict": result.verdict.value,
        "outcome": result.outcome.value,
        "provenance": result.provenance.value,
        "exception": None if result.failure is None or not result.failure.kind else result.failure.text,
        **ended_json(result, result.snapshot, advice, frame, result.script),
        "outside": _outside(result.outside),
        "loop": None if result.loop is None else _loop(result.loop),
        "collections": _collections(result),
        "lines": _lines(result),
        "marks": _marks(result),
        "inferences": result.inferences,
        "detections": list(result.detections),
        "output": result.output,
        "notes": [*result.board.notes, *result.notes],
    }


def _collections(result: ScriptResult) -> list[dict[str, Any]]:
    return [
        {
            "line": event.line,
            "before_bytes": event.before,
            "after_bytes": event.after,
            "automatic": event.automatic,
            "allocations_before": event.allocations,
        }
        for event in result.collections
    ]


def _lines(result: ScriptResult) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "source": source_of(result, line),
            "allocations": cost.allocations,
            "asked_bytes": cost.asked,
            "allocated_bytes": cost.bytes,
            "grown_bytes": cost.grown,
            "freed_bytes": cost.freed,
            "largest_asked_bytes": cost.largest,
            "high_water_bytes": cost.high_water,
            "garbage_bytes_per_frame": garbage_per_frame(result, line),
        }
        for line, cost in result.lines.items()
    ]


def _marks(result: ScriptResult) -> list[dict[str, Any]]:
    return [
        {
            "label": mark.label,
            "line": mark.line,
            "used_bytes": mark.books.used,
            "allocations": mark.books.allocations,
        }
        for mark in result.marks
    ]


def request_json(request: Request) -> dict[str, Any]:
    """One request as it was made; ``bytes`` as asked for, ``address`` 0x0 where it was refused."""
    found: dict[str, Any] = {
        "phase": request.phase.value,
        "line": request.line,
        "function": request.function,
        "kind": request.kind,
        "bytes": request.size,
        "address": f"0x{request.address:08x}",
    }
    if request.kind == "realloc":
        found["how"] = request.how
    return found


def _outside(outside: Outside) -> dict[str, Any]:
    """Frame buffers, fb_alloc (up to 4.8.1) and UMA pools (5.0.0)."""
    buffers, stack = outside.frame_buffers, outside.fb_alloc
    return {
        "frame_buffers": None if buffers is None else {"count": buffers.number, "bytes_each": buffers.bytes_each},
        "fb_alloc": None
        if stack is None
        else {
            "shared_bytes": stack.size,
            "used_at_end_bytes": stack.used,
            "peak_bytes": stack.peak,
            "asked_for_everything": stack.took_all,
            "left_at_end_bytes": stack.left,
            "overlay_bytes": stack.overlay_size,
            "overlay_peak_bytes": stack.overlay_peak,
        },
        "uma": [
            {
                "memory": pool.memory,
                "size_bytes": pool.size,
                "used_at_end_bytes": pool.used,
                "persistent_bytes": pool.persistent,
                "peak_bytes": pool.peak,
                "largest_free_bytes": pool.largest,
            }
            for pool in outside.uma
        ],
    }


def _loop(loop: FrameLoop) -> dict[str, Any]:
    return {
        "line": loop.line,
        "frames": [_frame(number, frame, number in loop.collections) for number, frame in enumerate(loop.frames)],
        "allocations_per_frame": loop.allocations,
        "allocated_bytes_per_frame": loop.allocated_bytes,
        "grown_bytes_per_frame": loop.grown_bytes,
        "garbage_bytes_per_frame": loop.garbage_bytes,
        "held_bytes_per_frame": loop.held_bytes,
        "full_at_frame": loop.full_at,
        "first_automatic_collection_frame": loop.first_collection,
        "automatic_collection_frames": list(loop.collections),
        "frames_until_collection": loop.frames_until_collection,
        "rate": None if loop.rate is None else _rate(loop.rate),
    }


def _rate(rate: FrameRate) -> dict[str, Any]:
    """Ranges are ``[low, nominal, high]``; nominal is what the camera's clock showed."""
    return {
        "frames_per_second": rate.fps.as_list(3),
        "frame_ms": rate.frame_ms.as_list(3),
        "computing_ms": rate.computing_ms.as_list(3),
        "camera_frame_ms": round(rate.camera_ms, 3),
        "provenance": str(rate.provenance),
        "unknown": list(rate.unknown),
    }


def _frame(number: int, frame: Frame, collected: bool) -> dict[str, Any]:
    return {
        "frame": number,
        "allocations": frame.allocations,
        "allocated_bytes": frame.bytes,
        "grown_bytes": frame.grown,
        "freed_bytes": frame.freed,
        "garbage_bytes": frame.garbage,
        "held_bytes": frame.held,
        "largest_asked_bytes": frame.largest,
        "used_at_start_bytes": frame.start.used,
        "used_at_end_bytes": frame.end.used,
        "automatic_collection": collected,
    }


def source_of(result: ScriptResult, line: int) -> str:
    """The text of a line; line 0 is what comes before the script."""
    if line == 0:
        return "boot and compiling"
    return result.source_lines[line - 1].strip() if line <= len(result.source_lines) else "the end of the file"


def garbage_per_frame(result: ScriptResult, line: int) -> int | None:
    """Bytes that a line inside the frame loop leaves behind in a frame, on average; None outside the loop."""
    loop = result.loop
    if loop is None or not loop.frames or line not in loop.body:
        return None
    cost = result.lines[line]
    return round((cost.bytes + cost.grown - cost.freed) / len(loop.frames))
