"""Decoding and suppression, by hand, against the firmware's rounds and on real outputs."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

np = pytest.importorskip("numpy")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from omvsim.firmware.charges import POSTPROCESSORS, Charge, Detections  # noqa: E402
from omvsim.postprocess import Output, PostprocessError, Settings, postprocess  # noqa: E402
from omvsim.postprocess._suppress import suppress  # noqa: E402
from omvsim.postprocess._types import Candidates  # noqa: E402

from .test_charges import suppression  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path


def candidates(boxes: list[tuple[float, float, float, float, float, int]]) -> Candidates:
    table = np.array(boxes, dtype=np.float32).reshape(-1, 6)
    return Candidates(table[:, :4], table[:, 4], table[:, 5].astype(np.int64), (len(table),))


def suppressed(boxes: list[tuple[float, float, float, float, float, int]], **options: object) -> object:
    chosen = {"threshold": 0.1, "sigma": 0.1, "keep_aspect": True, **options}
    return suppress(candidates(boxes), (192, 192), (0, 0, 320, 240), **chosen)  # type: ignore[arg-type]


def overlapping(count: int) -> list[tuple[float, float, float, float, float, int]]:
    return [(i, i, i + 60, i + 60, 0.9 - i * 0.004, 0) for i in range(count)]


def disjoint(count: int) -> list[tuple[float, float, float, float, float, int]]:
    return [
        ((i % 10) * 19, i // 10 * 19, (i % 10) * 19 + 10, i // 10 * 19 + 10, 0.5 + i * 0.004, 0) for i in range(count)
    ]


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize(
    ("kind", "count"), [("disjoint", 20), ("disjoint", 100)] + [("overlap", n) for n in (5, 20, 100)]
)
def test_as_many_requests_as_the_camera(shared: Path, release: str, kind: str, count: int) -> None:
    with gzip.open(shared / "oracle/scripts/micro.json.gz", "rt") as file:
        records = {record["name"]: record for record in json.load(file)[f"v{release}"]}
    record = records[f"NMS_get_{count}_{kind}"]["first"]
    result = suppressed(disjoint(count) if kind == "disjoint" else overlapping(count))
    charges: tuple[Charge, ...] = suppression(result.found, release)  # type: ignore[attr-defined]
    assert len(charges) == record["n_allocs"] + len(record["grow_shrink"])
    frames = [charge.size for charge in charges].count(80)
    assert frames == record["sizes"].count(80)


def test_one_box_is_mapped_to_the_frame() -> None:
    result = suppressed([(10, 20, 40, 50, 0.5, 3)])
    box = result.detections[0]  # type: ignore[attr-defined]
    # 240/192 = 1.25 in both directions, 40 pixels cropped left and right of the frame.
    assert (box.x, box.y, box.width, box.height, box.label) == (52, 25, 37, 37, 3)
    stretched = suppressed([(10, 20, 40, 50, 0.5, 3)], keep_aspect=False).detections[0]  # type: ignore[attr-defined]
    assert (stretched.x, stretched.y, stretched.width, stretched.height) == (16, 25, 50, 37)


def test_boxes_without_area_or_with_odd_scores_do_not_enter() -> None:
    result = suppressed([(5, 5, 5, 9, 0.5, 0), (0, 0, 9, 9, 1.5, 0), (-9, -9, 9, 9, 0.4, 0), (300, 0, 400, 9, 0.4, 0)])
    assert result.before == 4  # type: ignore[attr-defined]
    assert result.found == Detections(((False, False, True, False),), (0,), (0,))  # type: ignore[attr-defined]
    assert result.after == 1  # type: ignore[attr-defined]


def test_no_decay_without_sigma() -> None:
    assert suppressed(overlapping(5), sigma=0.0).after == 5  # type: ignore[attr-defined]
    assert suppressed(overlapping(5)).after == 1  # type: ignore[attr-defined]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 180), st.integers(0, 180), st.integers(0, 60), st.integers(0, 60), st.floats(0, 1)),
        max_size=30,
    )
)
def test_suppression_keeps_its_books(rows: list[tuple[int, int, int, int, float]]) -> None:
    result = suppressed([(x, y, x + w, y + h, score, 0) for x, y, w, h, score in rows])
    found = result.found  # type: ignore[attr-defined]
    entered = found.boxes
    assert result.before == len(rows) >= entered >= result.after  # type: ignore[attr-defined]
    assert len(found.survivors) == len(found.labels) == result.after  # type: ignore[attr-defined]
    left = entered
    for survivors in found.survivors:
        assert survivors < left
        left = survivors
    assert left == 0


def quantized(values: object, scale: float = 1 / 256, zero_point: int = -128) -> Output:
    steps = np.rint(np.asarray(values) / scale) + zero_point
    return Output(np.clip(steps, -128, 127).astype(np.int8), scale, zero_point)


def test_yolov8_and_yolov5() -> None:
    columns = np.zeros((1, 6, 4), np.float32)
    columns[0, :, 2] = (0.5, 0.5, 0.25, 0.5, 0.1, 0.9)
    rows = np.zeros((1, 3, 7), np.float32)
    rows[0, 1] = (0.5, 0.5, 0.25, 0.5, 0.8, 0.1, 0.9)
    for name, values in (("yolov8", columns), ("yolov5", rows)):
        for output in (Output(values), quantized(values)):
            result = postprocess(name, [output], (96, 96))
            assert (result.before, result.after) == (1, 1)
            box = result.detections[0]
            assert box.label == 1
            assert abs(box.x - 36) + abs(box.y - 24) + abs(box.width - 24) + abs(box.height - 48) <= 4
        assert postprocess(name, [Output(values)], (96, 96), settings=Settings(threshold=0.95)).before == 0


def test_fomo_counts_cells() -> None:
    heat = np.zeros((1, 4, 4, 2), np.float32)
    heat[0, 1, 2, 1] = heat[0, 3, 3, 1] = 0.75
    result = postprocess("fomo", [quantized(heat)], (96, 96))
    assert (result.before, result.after) == (2, 2)
    assert {(box.x, box.y) for box in result.detections} == {(43, 19), (67, 67)}
    assert result.found.labels == (1, 1)


def test_yolo_lc() -> None:
    values = np.full((1, 2, 2, 30), -9.0, np.float32)
    values[0, 1, 0, 12:18] = (0.0, 0.0, 0.0, 0.0, 3.0, 5.0)
    result = postprocess("yolo-lc", [Output(values)], (96, 96))
    assert (result.before, result.after) == (1, 1)
    box = result.detections[0]
    # Anchor 2 of the cell (0, 1), centre in its middle.
    assert abs(box.x - (24 - 0.234769 / 2 * 96 / 2)) <= 1
    assert abs(box.width - 0.234769 * 96 / 2) <= 1
    assert postprocess("yolov2", [Output(values)], (96, 96)).before == 1
    with pytest.raises(PostprocessError, match="7 channels are not 5 anchors"):
        postprocess("yolo-lc", [Output(np.zeros((1, 2, 2, 7), np.float32))], (96, 96))


def test_blazeface_and_palm() -> None:
    cords, scores = np.zeros((1, 512, 16), np.float32), np.full((1, 512, 1), -9.0, np.float32)
    scores[0, 2 * 17] = 4.0
    cords[0, 34, 2:4] = 32.0
    outputs = [cords, scores, np.full((1, 384, 1), -9.0, np.float32), np.zeros((1, 384, 16), np.float32)]
    result = postprocess("blazeface", [Output(values) for values in outputs], (128, 128))
    assert result.found == Detections(((True,), ()), (0,), (0,))
    # Cell (1, 1) of a grid of 16: centre at 12 pixels; the half that is outside is cut off.
    assert (result.detections[0].x, result.detections[0].width) == (0, 28)
    palm = [np.full((1, 2016, 1), -9.0, np.float32), np.zeros((1, 2016, 18), np.float32)]
    assert postprocess("blazepalm", [Output(values) for values in palm], (192, 192)).before == 0
    with pytest.raises(PostprocessError, match="output 1 has 3 scores and output 0 512 boxes for 512 anchors"):
        postprocess("blazeface", [Output(cords), Output(scores[:, :3]), *map(Output, outputs[2:])], (128, 128))


def test_landmarks() -> None:
    points = np.zeros((1, 63), np.float32)
    points[0, 3:6], points[0, 6:9] = (50, 60, 1), (100, 20, 1)
    outputs = [np.ones((1, 1), np.float32), points, np.full((1, 1), 0.9, np.float32), points]
    result = postprocess("hand-landmarks", [Output(values) for values in outputs], (224, 224))
    box = result.detections[0]
    assert (box.x, box.y, box.width, box.height, box.label) == (0, 0, 100, 60, 1)
    outputs[2][:] = 0.1
    assert postprocess("hand-landmarks", [Output(values) for values in outputs], (224, 224)).found == Detections(
        ((),), (), ()
    )
    face = [points.reshape(1, 1, 1, 63), np.full((1, 1, 1, 1), 3.0, np.float32)]
    assert postprocess("face-landmarks", [Output(values) for values in face], (192, 192)).after == 1


def test_movenet() -> None:
    heat = np.zeros((1, 48, 48, 17), np.float32)
    assert postprocess("movenet", [Output(heat)], (192, 192)).found == Detections(((),), (), ())
    heat[0, 10, 20, 0] = heat[0, 30, 40, 5] = 0.8
    result = postprocess("movenet", [Output(heat)], (192, 192))
    assert result.found.candidates == ((True, True),)
    assert (result.detections[0].x, result.detections[0].y) == (82, 42)


def test_what_it_does_not_take() -> None:
    with pytest.raises(PostprocessError, match=r"^nonsense: no such post-processing \(there are yolov2, "):
        postprocess("nonsense", [], (96, 96))
    with pytest.raises(PostprocessError, match="it needs output 0, the model has 0"):
        postprocess("yolov8", [], (96, 96))
    with pytest.raises(PostprocessError, match="output 0 has 1 dimensions, not 4"):
        postprocess("fomo", [Output(np.zeros(4, np.float32))], (96, 96))


def test_every_charge_has_an_implementation() -> None:
    for name in POSTPROCESSORS:
        with pytest.raises(PostprocessError, match="it needs output"):
            postprocess(name, [], (96, 96))
