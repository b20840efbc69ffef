"""How a run ended, as JSON: what ``run`` and ``exec`` say in the same words, from the same values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.report._advice_json import advice_json
from omvsim.units import format_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.advice import Advice
    from omvsim.frame_time import Frame
    from omvsim.runs import Failure, RefusedEvent, ScriptResult
    from omvsim.runs.states import MemorySnapshot
    from omvsim.world.world import ModelState


def ended_json(
    course: ScriptResult, snapshot: MemorySnapshot, advice: tuple[Advice, ...] | None, frame: Frame | None, name: str
) -> dict[str, Any]:
    """What went wrong, ways out, the time of a frame, and the memory at the end.

    ``advice`` is None when nobody looked for ways out; ``name`` is what the script is called.
    """
    unknown = course.verdict == "unknown"
    return {
        "failure": None if course.failure is None or unknown else _failure(course.failure, name),
        "unknown": _unknown(course, name) if unknown else None,
        "advice": None if advice is None else [advice_json(way) for way in advice],
        "ms_per_frame": None if frame is None else frame.ms.as_list(4),
        "ms_per_frame_provenance": None if frame is None else str(frame.provenance),
        "models": _models(course.loaded),
        "heap": _heap(snapshot) | {"collection_ms_estimated": round(course.collection_ms, 2)},
        "areas": _areas(snapshot),
        "pools": _pools(snapshot),
    }


def _heap(snapshot: MemorySnapshot) -> dict[str, Any]:
    return {
        "used_at_start_bytes": snapshot.used_at_start,
        "used_at_end_bytes": snapshot.used,
        "free_at_end_bytes": snapshot.free,
        "longest_free_at_end_bytes": snapshot.longest_free,
        "used_after_collect_bytes": snapshot.live,
        "free_after_collect_bytes": snapshot.free_collected,
        "longest_free_after_collect_bytes": snapshot.longest_collected,
        "high_water_bytes": snapshot.high_water,
    }


def _areas(snapshot: MemorySnapshot) -> list[dict[str, Any]]:
    return [
        {
            "index": area.index,
            "memory": area.memory,
            "origin": format_address(area.origin),
            "length": area.length,
            "pool_bytes": area.pool_bytes,
            "used_bytes": area.used_bytes,
            "free_bytes": area.pool_bytes - area.used_bytes,
            "longest_free_bytes": area.longest_free_bytes,
            "free_after_collect_bytes": after.pool_bytes - after.used_bytes,
        }
        for area, after in zip(snapshot.areas, snapshot.collected, strict=True)
    ]


def _pools(snapshot: MemorySnapshot) -> list[dict[str, Any]]:
    return [
        {
            "name": pool.name,
            "memory": pool.memory,
            "origin": format_address(pool.origin),
            "length": pool.length,
            "used_bytes": pool.used_bytes,
            "free_bytes": pool.length - pool.used_bytes,
            "longest_free_bytes": pool.longest_free_bytes,
        }
        for pool in snapshot.pools
    ]


def _models(loaded: Sequence[ModelState]) -> list[dict[str, Any]]:
    return [
        {
            "path": model.path,
            "ram": model.ram,
            "arena_address": None if model.arena_address is None else format_address(model.arena_address),
            "arena_area": model.arena_area,
            "data_address": None if model.data_address is None else format_address(model.data_address),
            "data_area": model.data_area,
        }
        for model in loaded
    ]


def _unknown(course: ScriptResult, name: str) -> dict[str, Any]:
    """Why nothing is promised, and the line at which omvsim's own run ended without it."""
    return {
        "not_modelled": [{"what": what, "line": line, "place": f"{name}:{line}"} for what, line in course.unmodelled],
        "time_limit_seconds": course.time_limit if course.outcome == "time limit" else None,
        "ended_at_line": None if course.failure is None else course.failure.line,
    }


def _failure(failure: Failure, name: str) -> dict[str, Any]:
    return {
        "exception": failure.text,
        "reason": failure.reason or None,
        "remedy": failure.remedy or None,
        "place": f"{name}:{failure.line}",
        "line": failure.line,
        "traceback": [{"line": line, "function": function} for line, function in failure.trace],
        "refused": None if failure.refused is None else _refused(failure.refused, name),
    }


def _refused(refused: RefusedEvent, name: str) -> dict[str, Any]:
    return {
        "asked_bytes": refused.bytes,
        "what": refused.what,
        "place": f"{name}:{refused.line}",
        "longest_free_bytes": refused.longest_free,
        "free_bytes": refused.free,
    }


__all__ = ["ended_json"]
