"""Heap charges against traces of the real firmware, request by request."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from omvsim.firmware.charges import (
    POSTPROCESSORS,
    Charge,
    Detections,
    ModelSpec,
    OutputSpec,
    call_charges,
    constructor_charges,
    library_release,
    predict_charges,
    totals,
)
from omvsim.firmware.charges._nms import NmsCharge
from omvsim.firmware.charges._tape import Tape
from omvsim.firmware.charges._ulab import Array, Ulab
from omvsim.graph import read_model

if TYPE_CHECKING:
    from pathlib import Path

KINDS = {0: "f", 3: "B", 7: "h", 9: "b"}
FOMO, YOLO, FACE, PALM, PERSON = (
    ("fomo_face_detection", "fomo"),
    ("yolo_lc_192", "yolo-lc"),
    ("blazeface_front_128", "blazeface"),
    ("palm_detection_full_192", "blazepalm"),
    ("person_detect", None),
)


def none(pairs: int = 1) -> Detections:
    return Detections(((),) * pairs, (), ())


def some(count: int, survivors: tuple[int, ...], label: int, *, pairs: int = 1) -> Detections:
    return Detections(((True,) * count, *((),) * (pairs - 1)), survivors, (label,) * len(survivors))


# What the pictures show, read off the traces: candidates, how many boxes each round of suppression leaves, class.
SCRIPTS = [
    ("4.8.1", "person_detection", *PERSON, none()),
    ("4.8.1", "person_detection_noise", *PERSON, none()),
    ("5.0.0", "person_detection_160x120", *PERSON, none()),
    ("4.8.1", "yolo_lc", *YOLO, some(4, (0,), 0)),
    ("5.0.0", "yolo_lc", *YOLO, some(4, (0,), 0)),
    ("4.8.1", "yolo_lc_noise", *YOLO, none()),
    ("4.8.1", "fomo_face", *FOMO, some(4, (3, 2, 1, 0), 1)),
    ("5.0.0", "fomo_face", *FOMO, some(1, (0,), 1)),
    ("4.8.1", "fomo_face_noise", *FOMO, some(1, (0,), 1)),
    ("5.0.0", "fomo_face_noise", *FOMO, some(2, (0,), 1)),
    ("4.8.1", "fomo_face_thr005", *FOMO, some(11, (7, 6, 5, 4, 3, 2, 1, 0), 1)),
    ("5.0.0", "fomo_face_thr005", *FOMO, some(9, (6, 5, 4, 3, 2, 1, 0), 1)),
    ("5.0.0", "blazeface", *FACE, some(8, (1, 0), 0, pairs=2)),
    ("4.8.1", "blazeface__softcsi", *FACE, none(2)),
    ("5.0.0", "blazeface__softcsi", *FACE, none(2)),
    ("4.8.1", "hand_landmarks_single", *PALM, none()),
    ("5.0.0", "hand_landmarks_single", *PALM, none()),
]


def spec_of(path: Path) -> ModelSpec:
    graph = read_model(path).main
    inputs = tuple(OutputSpec(t.shape, KINDS[int(t.type)]) for t in graph.input_tensors)
    return ModelSpec(inputs, tuple(OutputSpec(t.shape, KINDS[int(t.type)]) for t in graph.output_tensors))


def recorded_predict(path: Path, iteration: int) -> tuple[list[Any], int]:
    """Requests, ``"free"`` and ``("grow", bytes)`` of one loop turn up to the end of predict(); where that is."""
    events: list[dict[str, Any]] = []
    turn = -1
    with gzip.open(path, "rt") as lines:
        for event in map(json.loads, lines):
            if event["ev"] == "mark" and event["label"] == "it":
                turn += 1
            elif event["ev"] == "mark" and turn == iteration:
                break
            elif turn == iteration and event["ev"] in ("alloc", "free", "realloc") and not event.get("in_realloc"):
                events.append(event)
    steps: list[Any] = []
    alive: dict[int, int] = {}
    vector = None
    for event in events:
        if event["ev"] == "free":
            born = alive.pop(event["addr"], None)
            if born is not None:
                steps.append("free")
            if born is not None and born == vector:
                break
            continue
        # predict()'s argument vector of 8 bytes is the first block of that size, and freed when it returns.
        if vector is None and event["n"] == 8:
            vector = len(steps)
        alive[event["addr"]] = len(steps)
        steps.append(event["n"] if event["ev"] == "alloc" else ("grow", event["n"]))
    return steps, len(steps)


def as_steps(charges: tuple[Charge, ...]) -> list[Any]:
    freed: dict[int, int] = {}
    for charge in charges:
        if charge.freed_before is not None:
            freed[charge.freed_before] = freed.get(charge.freed_before, 0) + 1
    steps: list[Any] = []
    for index, charge in enumerate(charges):
        steps += ["free"] * freed.get(index, 0)
        steps.append(charge.size if charge.grows is None else ("grow", charge.size))
    return steps + ["free"] * freed.get(len(charges), 0)


@pytest.mark.parametrize(("release", "script", "model", "name", "found"), SCRIPTS)
@pytest.mark.parametrize("iteration", [0, 3])
def test_predict_request_by_request(
    shared: Path, release: str, script: str, model: str, name: str | None, found: Detections, iteration: int
) -> None:
    picture, _, source = script.partition("__")
    trace = f"v{release}__{picture}__8M__natural{'__' + source if source else ''}.jsonl.gz"
    steps, end = recorded_predict(shared / "oracle/scripts/traces" / trace, iteration)
    ours = as_steps(
        predict_charges(spec_of(shared / f"models/real/{model}.tflite"), postprocess=name, found=found, release=release)
    )
    # Before the call the script makes its list of one image (and a frame), a handful of requests.
    assert end - len(ours) <= 5
    assert steps[-len(ours) :] == ours


def micro(shared: Path, release: str) -> dict[str, Any]:
    with gzip.open(shared / "oracle/scripts/micro.json.gz", "rt") as file:
        return {record["name"]: record for record in json.load(file)[f"v{release}"]}


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("Fomo()", "fomo"),
        ("YoloLC()", "yolo-lc"),
        ("YoloV2()", "yolov2"),
        ("YoloV5()", "yolov5"),
        ("YoloV8()", "yolov8"),
        ("HandLandmarks()", "hand-landmarks"),
        ("BlazeFace()", "blazeface"),
    ],
)
def test_constructors(shared: Path, release: str, call: str, name: str) -> None:
    record = micro(shared, release)[call]
    charges = constructor_charges(name)
    assert [charge.size for charge in charges] == record["second"]["sizes"]
    assert sum(charge.freed_before is not None for charge in charges) == record["second"]["n_frees"]
    assert totals(charges).kept_block_bytes == record["live_delta"]
    assert totals(charges).block_bytes == record["second"]["block_bytes"]


def test_blaze_constructors_are_mostly_garbage() -> None:
    face, palm = (totals(constructor_charges(name)) for name in ("blazeface", "blazepalm"))
    assert (face.requests, face.block_bytes, face.kept_block_bytes) == (25797, 678320, 7360)
    assert (palm.requests, palm.block_bytes, palm.kept_block_bytes) == (57981, 1524784, 16320)


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize("boxes", [1, 20, 100])
def test_suppression_of_disjoint_boxes(shared: Path, release: str, boxes: int) -> None:
    record = micro(shared, release)[f"NMS_get_{boxes}_disjoint"]["first"]
    charges = suppression(Detections.disjoint(boxes), release)
    # A reallocation is an allocation in the record if the block moved.
    assert len(charges) == record["n_allocs"] + len(record["grow_shrink"])
    plain = [charge.size for charge in charges if charge.grows is None]
    assert sum(plain) <= record["bytes"]


def suppression(found: Detections, release: str) -> tuple[Charge, ...]:
    tape = Tape()
    nms = NmsCharge(tape, release)
    for _ in range(found.boxes):
        nms.add(accepted=True)
    start = len(tape.charges)
    nms.get(found)
    return tape.charges[start:]


@pytest.mark.parametrize("name", POSTPROCESSORS)
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_more_boxes_cost_more(name: str, release: str) -> None:
    model = ModelSpec((OutputSpec((1, 96, 96, 3), "b"),), SHAPES[name])
    pairs = 2 if name == "blazeface" else 1
    costs = []
    for count in (0, 1) if "landmarks" in name or name == "movenet" else (0, 1, 2, 5, 30):
        survivors = tuple(range(count - 1, -1, -1))
        found = Detections(((True,) * count, *((),) * (pairs - 1)), survivors, (0,) * count)
        costs.append(totals(call_charges(name, model, found, release=release)).block_bytes)
    assert costs == sorted(set(costs))


SHAPES = {
    "yolov2": (OutputSpec((1, 3, 3, 30), "b"),),
    "yolo-lc": (OutputSpec((1, 3, 3, 30), "f"),),
    "yolov5": (OutputSpec((1, 60, 7), "b"),),
    "yolov8": (OutputSpec((1, 7, 60), "f"),),
    "fomo": (OutputSpec((1, 12, 12, 2), "b"),),
    "blazeface": (
        OutputSpec((1, 512, 16), "f"),
        OutputSpec((1, 512, 1), "f"),
        OutputSpec((1, 384, 1), "f"),
        OutputSpec((1, 384, 16), "f"),
    ),
    "blazepalm": (OutputSpec((1, 2016, 1), "f"), OutputSpec((1, 2016, 18), "f")),
    "hand-landmarks": (
        OutputSpec((1, 1), "f"),
        OutputSpec((1, 63), "f"),
        OutputSpec((1, 1), "f"),
        OutputSpec((1, 63), "f"),
    ),
    "face-landmarks": (OutputSpec((1, 1, 1, 1404), "f"), OutputSpec((1, 1, 1, 1), "f")),
    "movenet": (OutputSpec((1, 48, 48, 17), "f"),),
}


def test_totals_by_hand() -> None:
    tape = Tape()
    first = tape.take(20, "freed")
    kept = tape.take(16, "kept", kept=True)
    tape.free(first)
    tape.grow(kept, 40, "grown")
    tape.take(0, "nothing")
    summed = totals(tape.charges)
    # 20 -> 32 freed before the growth; 16 -> 48 bytes in blocks.
    assert (summed.requests, summed.bytes, summed.block_bytes) == (3, 76, 48)
    assert (summed.kept_block_bytes, summed.peak_block_bytes) == (48, 48)


def test_results_of_ulab_operations() -> None:
    np = Ulab(Tape())
    bytes_, words, reals = Array((3,), "B"), Array((3,), "H"), Array((2, 3), "f")
    assert np.binary(bytes_, "+", Array((3,), "b"), "x").kind == "h"
    assert np.binary(words, "*", Array((3,), "h"), "x").kind == "f"
    assert np.binary(words, "/", 2, "x").kind == "f"
    assert np.binary(reals, ">", 0.5, "x") == Array((2, 3), "B")
    assert np.binary(bytes_, "+", reals, "x").shape == (2, 3)
    assert [np.scalar(value, None, "x").kind for value in (-1, -128, 255, 256, 40000, 1.0)] == list("bhBHff")
    assert [np.scalar(value, Array((1,), "b"), "x").kind for value in (127, 128)] == list("bh")


def test_releases() -> None:
    assert library_release("v4.8.1") == "4.8.1"
    assert library_release("5.0.0") == "5.0.0"
    assert library_release("4.5.5") is None
