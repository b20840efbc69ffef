"""A run as JSON: the contract other tools rely on (documented in ``docs/json.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.advice import diagnose
from omvsim.report._ended_json import ended_json
from omvsim.report._run_tf import tf_result_json

if TYPE_CHECKING:
    from omvsim.advice import Advice, Diagnosis
    from omvsim.frame_time import FrameTime
    from omvsim.inference import Inference
    from omvsim.runs import RefusedEvent
    from omvsim.runs.scenario import RunResult
    from omvsim.runs.steps import Allocation

SCHEMA_VERSION = 1
NAME = "main.py"
"""What the run's script is called on the camera."""


def run_json(
    result: RunResult,
    advice: tuple[Advice, ...] | None = None,
    *,
    time: FrameTime | None = None,
    allocations: bool = False,
) -> dict[str, Any]:
    """The whole result; ``allocations`` adds every allocation in order. ``advice`` is None when nobody looked.

    ``time`` is that of one frame (:func:`omvsim.frame_time.time_of_run`).
    """
    failure = result.failure
    report: dict[str, Any] = {
        "schema": "omvsim.run",
        "schema_version": SCHEMA_VERSION,
        "model": result.model.graph.source,
        "board": result.board.name,
        "firmware": result.board.firmware,
        "scenario": result.scenario.name,
        "load": result.model.mode,
        "verdict": result.verdict,
        "exception": result.exception,
        "failed_step": None if failure is None else failure.step,
        "reason": None if failure is None else failure.reason or None,
        "remedy": None if failure is None else failure.remedy or None,
        "library_message": None if failure is None else failure.library_message or None,
        "refused_request": None if failure is None else _refusal(failure.refused),
        "diagnosis": _diagnosis(diagnose(result)),
        **ended_json(result.course, result.snapshot, advice, None if time is None else time.frame, NAME),
        "tf_result": None if advice is None else tf_result_json(result),
        "provenance": result.provenance,
        "model_ram": result.model_ram,
        "arena": _arena(result),
        "steps": _steps(result),
        "loop": _loop(result),
        "notes": [*result.board.notes, *result.notes],
    }
    if allocations:
        names = [step.name for step in result.steps]
        report["allocations"] = [allocation_json(entry, names) for entry in result.allocations]
    return report


def inference_json(inference: Inference, result: RunResult) -> dict[str, Any]:
    """A real inference: what came out, and what the run's post-processing made of it."""
    boxes, chosen = (result.boxes or (None,))[0], result.options.postprocess
    return {
        "runtime": inference.runtime,
        "source": inference.source,
        "outputs": [
            {
                "name": output.name,
                "shape": list(output.shape),
                "dtype": output.dtype,
                "lowest": output.lowest,
                "highest": output.highest,
                "largest_at": output.largest_at,
            }
            for output in inference.outputs
        ],
        "postprocess": None if chosen is None else chosen.name,
        "boxes_before": None if boxes is None else boxes.suggested,
        "boxes_after": None if boxes is None else boxes.left,
    }


def allocation_json(entry: Allocation, step_names: list[str]) -> dict[str, Any]:
    """One allocation; ``address`` is a number, as in the recorded traces."""
    return {
        "step": step_names[entry.step] if entry.step < len(step_names) else "",
        "step_index": entry.step,
        "bytes": entry.bytes,
        "address": entry.address,
        "area": entry.area,
        "owner": entry.owner,
    }


def _arena(result: RunResult) -> dict[str, Any]:
    plan = result.model.plan
    return {
        "library": plan.library.name,
        "status": plan.status,
        "refusal": None if plan.refusal is None else str(plan.refusal),
        "arena_used_bytes": plan.arena_used_bytes,
        "head_bytes": plan.head_bytes,
        "tail_bytes": plan.tail_bytes,
        "provenance": plan.provenance,
    }


def _steps(result: RunResult) -> list[dict[str, Any]]:
    return [
        {
            "name": step.name,
            "detail": step.detail,
            "used_bytes": step.used_bytes,
            "free_bytes": step.free_bytes,
            "max_free_blocks": step.max_free_blocks,
            "allocations": step.allocations,
            "allocated_bytes": step.allocated_bytes,
            "garbage_bytes": step.garbage_bytes,
            "collections": step.collections,
            "exception": step.exception,
        }
        for step in result.steps
    ]


def _refusal(refusal: RefusedEvent | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    return {
        "bytes": refusal.bytes,
        "owner": refusal.what,
        "longest_free_bytes": refusal.longest_free,
        "free_bytes": refusal.free,
    }


def _diagnosis(diagnosis: Diagnosis | None) -> dict[str, Any] | None:
    if diagnosis is None:
        return None
    return {
        "step": diagnosis.step,
        "detail": diagnosis.detail,
        "occurrence": diagnosis.occurrence,
        "what": diagnosis.what or None,
        "needed_bytes": diagnosis.needed,
        "longest_free_bytes": diagnosis.longest_free,
        "missing_bytes": diagnosis.missing,
        "area": diagnosis.place,
        "reason": diagnosis.reason or None,
    }


def _loop(result: RunResult) -> dict[str, Any] | None:
    loop = result.loop
    if loop is None:
        return None
    return {
        "frames": loop.frames,
        "garbage_per_frame": loop.garbage_per_frame,
        "held_per_frame": loop.held_per_frame,
        "full_at_frame": loop.full_at,
        "collected_at_frames": list(loop.collected_at),
        "frames_until_collection": loop.frames_until_collection,
        "foreseen": None
        if loop.foreseen is None
        else {
            "frames_run": loop.foreseen.run,
            "frames_played": loop.foreseen.played,
            "period_frames": loop.foreseen.period,
            "collections": loop.foreseen.collections,
        },
    }
