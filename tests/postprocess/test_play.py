"""Charges on the simulated heap, and whole example loops by their totals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from omvsim.boards import known_release
from omvsim.errors import DeviceMemoryError
from omvsim.firmware import MicroPython
from omvsim.firmware.charges import Charge, Detections, constructor_charges, play, predict_charges, totals
from omvsim.heap import ObjectHeap

from .test_charges import spec_of

if TYPE_CHECKING:
    from pathlib import Path

AREAS = [(0x20280000, 65536), (0x20300000, 278528), (0x60000000, 700 * 1024)]
ELEMENT = [4, 12, 16, 16, 52, 8]
ROW = [4, 12, 16, 16, 52]
NORMALIZATION = [16, 16, 16, 32, 48]
NORMALIZED = [128, 12, 16, 24, 16, 32, 48]
"""``n(img)`` with a region given (measured: ``n(img)`` in the micro records)."""
OWN_NORMALIZATION = (12, 412)
"""Requests and bytes of ``Normalization()(img)``, which ``predict([n(img)])`` does not make."""


def loop_turn(shared: Path, release: str, name: str) -> tuple[int, int]:
    records = json.loads((shared / "oracle/scripts/iterations.json").read_text())
    (turn,) = (
        record["iterations"][2]
        for record in records
        if (record["version"], record["config"], record["mode"], record["source"], record["name"])
        == (f"v{release}", "8M", "natural", "img", name)
    )
    return turn["n_allocs"], turn["bytes"]


def predict_prepared(shared: Path, model: str, name: str, found: Detections, release: str) -> tuple[int, int]:
    spec = spec_of(shared / f"models/real/{model}.tflite")
    summed = totals(predict_charges(spec, postprocess=name, found=found, release=release))
    return summed.requests - OWN_NORMALIZATION[0], summed.bytes - OWN_NORMALIZATION[1]


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_hand_landmarks_turn(shared: Path, release: str) -> None:
    old = release == "4.8.1"
    requests, size = predict_prepared(
        shared, "hand_landmarks_full_224", "hand-landmarks", Detections(((True,),), (0,), (0,)), release
    )
    # The rest of the example's loop: the region, enumerating the hands, drawing 21 points and 21 lines.
    script = [*NORMALIZED, 16, 16, 12, 16, 16, 24, *NORMALIZATION, 8]
    script += [16, 16, 144, 12, 16, 16, 5, 16] if old else [16, 16, 176, 12, 16, 16, 24, 24, 16, 5, 16]
    script += [116, 108] if old else [112, 100]
    script += ([52, *ELEMENT * 2] if old else [52, *ELEMENT * 2, 20]) * 21
    script += ([*ROW, *ELEMENT] * 4 if old else [*[*ROW, *ELEMENT] * 4, 24]) * 21
    assert (requests + len(script), size + sum(script)) == loop_turn(shared, release, "hand_landmarks_single_370")


def test_face_landmarks_turn(shared: Path) -> None:
    release = "5.0.0"
    detector = predict_charges(
        spec_of(shared / "models/real/blazeface_front_128.tflite"),
        postprocess="blazeface",
        found=Detections(((True,) * 8, ()), (1, 0), (0, 0)),
        release=release,
    )
    requests, size = totals(detector).requests, totals(detector).bytes
    for found in (Detections(((True,),), (0,), (0,)), Detections(((),), (), ())):
        more = predict_prepared(shared, "face_landmarks_192", "face-landmarks", found, release)
        requests, size = requests + more[0], size + more[1]
    # Two regions, one face drawn with its 468 points.
    script = [16, 16, 8] + [24, *NORMALIZATION, *NORMALIZED, 16, 16] * 2
    script += [16, 16, 176, 12, 16, 16, 24, 24, 16, 5, 16, 100] + [52, *ELEMENT * 2, 16] * 468
    assert (requests + len(script), size + sum(script)) == loop_turn(shared, release, "face_landmarks_multi")


def test_one_block_of_blazeface_stays_in_the_large_area() -> None:
    python = MicroPython(ObjectHeap(AREAS), known_release("4.8.1"))
    face = play(python, constructor_charges("blazeface"))
    assert face is not None
    python.heap.globals["p"] = face
    assert python.heap.gc.info().used > 500_000
    python.heap.collect()
    assert python.heap.gc.info().used == 7360
    # The attribute table grew last, when areas 0 and 1 were full of garbage: it splits the large one for good.
    (pin,) = [chunk for chunk in python.heap.reachable() if chunk.address >= 0x60000000]
    assert (pin.size, pin.what) == (48, "BlazeFace: attributes")


def test_frees_growth_and_garbage() -> None:
    python = MicroPython(ObjectHeap(AREAS[:1]), known_release("4.8.1"))
    charges = (
        Charge(64, "freed", freed_before=2),
        Charge(16, "list", kept=True),
        Charge(100, "garbage"),
        Charge(16, "other list"),
        Charge(48, "list grown", kept=True, grows=1),
        Charge(400, "other list grown", grows=3),
        Charge(32, "freed at the end", freed_before=7),
    )
    before = python.heap.gc.info().used
    kept = play(python, charges)
    assert kept is not None
    assert kept.size == 48
    python.heap.globals["x"] = kept
    python.heap.collect()
    assert python.heap.gc.info().used == before + 48


def test_no_room() -> None:
    python = MicroPython(ObjectHeap([(0x20280000, 4096)]), known_release("4.8.1"))
    with pytest.raises(DeviceMemoryError, match="allocating 9000 bytes"):
        play(python, (Charge(9000, "too much"),))
    with pytest.raises(DeviceMemoryError, match="allocating 9000 bytes"):
        play(python, (Charge(16, "list", kept=True), Charge(9000, "too much", grows=0)))
