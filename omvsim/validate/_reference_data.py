"""The reference data that travels with omvsim, so that anyone can check it on a machine without a camera.

Two sets, both measured by us on the firmware's own code in an emulator: what the OpenMV library measured of our
synthetic models' arenas (predicted from the model files), and heap exercises that ran on the complete 4.8.1 firmware
(their requests replayed; addresses and heap states are the simulator's own). ``tools/make_reference.py`` gathered them.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.graph import read_model
from omvsim.heap import GcReplay
from omvsim.tflm import Status, plan_arena
from omvsim.traces import gc_areas, read_events
from omvsim.units import align_up
from omvsim.validate._compare import Point, Quantity
from omvsim.validate._validate import TraceResult

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from omvsim.tflm import ArenaPlan

ARENA_ALIGN, ARENA_EXTRA = 16, 512
"""How 4.8.1 sizes the arena it keeps (``lib/tflm/tflm_backend.cc``)."""


def reference_results() -> Iterator[TraceResult]:
    """Every reference set, predicted and compared."""
    with resources.as_file(resources.files("omvsim.validate") / "_reference") as folder:
        yield _arenas(folder)
        for path in sorted((folder / "heap").glob("*.jsonl.gz")):
            yield _exercise(path)


def _arenas(folder: Path) -> TraceResult:
    points: list[Point] = []
    with tempfile.TemporaryDirectory() as temporary, zipfile.ZipFile(folder / "models.zip") as archive:
        archive.extractall(temporary)
        for line in (folder / "arena.jsonl").read_text(encoding="utf-8").splitlines():
            measured = json.loads(line)
            plan = plan_arena(read_model(Path(temporary, measured["file"])))
            points += _arena_points(measured, plan)
    return TraceResult("arenas of synthetic models", tuple(points), "the model file")


def _arena_points(measured: Mapping[str, Any], plan: ArenaPlan) -> Iterator[Point]:
    source, name = "arenas of synthetic models", str(measured["file"])
    accepted = {True: "accepted", False: "refused"}
    ok = plan.status is Status.OK
    yield Point(source, Quantity.EXCEPTION, name, accepted[measured["status"] == 0], accepted[ok])
    if measured["status"] != 0 or not ok:
        return
    kept = align_up(plan.arena_used_bytes, ARENA_ALIGN) + ARENA_EXTRA
    yield Point(source, Quantity.ARENA, f"{name}: head", measured["head"], plan.head_bytes)
    yield Point(source, Quantity.ARENA, f"{name}: tail", measured["tail"], plan.tail_bytes)
    yield Point(source, Quantity.ARENA, f"{name}: all", measured["arena_used_bytes"], plan.arena_used_bytes)
    if measured["model_ram"] is not None:
        yield Point(source, Quantity.MODEL_RAM, name, measured["model_ram"], kept)


def _exercise(path: Path) -> TraceResult:
    """A heap exercise: the recorded requests, our addresses."""
    lines = read_events(path)
    header = next(lines).event
    replay = GcReplay(gc_areas(path, header))
    points: list[Point] = []
    for number, event in lines:
        before = replay.counts.address_mismatches
        replay.feed(event)
        if event["ev"] == "alloc":
            where = f"line {number}: {event['n']} bytes"
            recorded = "refused" if event["addr"] is None else f"0x{event['addr']:08x}"
            ours = recorded if replay.counts.address_mismatches == before else "elsewhere"
            points.append(Point(path.name, Quantity.REPLAYED_ADDRESS, where, recorded, ours))
        elif event["ev"] in ("info", "collect_end"):
            info = replay.heap.info()
            told = (("used", event["used"]), ("free", event["free"]), ("max_free", event["max_free"]))
            for (field, then), value in zip(told, (info.used, info.free, info.max_free), strict=True):
                points.append(Point(path.name, Quantity.REPLAYED_HEAP, f"line {number}: {field}", then, value))
    return TraceResult(path.name, tuple(points), "power-up, requests replayed")


__all__ = ["reference_results"]
