"""Post-processing classes on random outputs against what numpy computes by each model's published decoding: boxes as
the library gives them (left, top, width, height in whole pixels), score and class, in order of falling score.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from tests.library.running import MODEL, asked, printed

if TYPE_CHECKING:
    from pathlib import Path

NEW = ("4.8.1", "5.0.0")
SIZE = 96
"""Sides of the model's window and of the region: boxes come back unscaled."""
V2_ANCHORS = np.array(
    [[0.98830, 3.36060], [2.11940, 5.37590], [3.05200, 9.13360], [5.55170, 9.30660], [9.72600, 11.1422]], np.float32
)
"""YOLOv2's anchors for Pascal VOC, sides in cells."""


class Box(NamedTuple):
    """A detection before suppression: corners in pixels."""

    corners: tuple[float, float, float, float]
    score: float
    label: int

    def rectangle(self) -> list[int] | None:
        """Inside the window, in whole pixels; None without area."""
        left, top, right, bottom = (min(max(float(side), 0.0), float(SIZE)) for side in self.corners)
        width, height = int(right - left), int(bottom - top)
        return [int(left), int(top), width, height] if width > 0 and height > 0 else None


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def iou(a: list[int], b: list[int]) -> float:
    wide = max(0, min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0]))
    high = max(0, min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1]))
    return wide * high / (a[2] * a[3] + b[2] * b[3] - wide * high)


def suppressed(boxes: list[Box], sigma: float = 0.1, limit: float = 0.1) -> list[list[tuple[list[int], float]]]:
    """Soft suppression over all classes together, written out: the best first, others lose ``exp(-iou² / sigma)``."""
    left = [[box.rectangle(), float(box.score), box.label] for box in boxes if box.rectangle() is not None]
    kept = []
    while left:
        best = max(left, key=lambda box: box[1])
        left.remove(best)
        kept.append(best)
        for other in left:
            other[1] *= np.exp(-(iou(best[0], other[0]) ** 2) / sigma)
        left = [other for other in left if other[1] >= limit]
    classes: list[list[tuple[list[int], float]]] = [[] for _ in range(max((box[2] for box in kept), default=-1) + 1)]
    for rectangle, score, label in kept:
        classes[label].append((rectangle, score))
    return classes


def literal(values: np.ndarray) -> str:
    return repr([round(float(value), 6) for value in values.ravel()])


def result(
    folder: Path, firmware: str, arrays: list[np.ndarray], make: str, shapes: list[tuple[int, ...]] | None = None
) -> object:
    """What an object of the library returns for outputs of these values."""
    shapes = shapes or [array.shape for array in arrays]
    text = MODEL.replace("96, 96, 3", f"{SIZE}, {SIZE}, 3").replace("[SHAPE]", repr(shapes))
    for name in ("output_scale = [1.0]", "output_zero_point = [0]", 'output_dtype = ["f"]'):
        text = text.replace(name, name + f" * {len(shapes)}")
    given = ", ".join(f"np.array({literal(array)}).reshape({array.shape})" for array in arrays)
    lines = printed(folder, f"{text}\n{make}\nprint(post(M, [In], [{given}]))\n", firmware)
    return ast.literal_eval(lines[-1])


def assert_same(found: object, expected: list[list[tuple[list[int], float]]]) -> None:
    """The same boxes in the same order; single precision may move a side by a pixel and a score by little."""
    assert isinstance(found, list)
    assert [len(boxes) for boxes in found] == [len(boxes) for boxes in expected]
    for mine, theirs in zip(found, expected, strict=True):
        for (rectangle, score), (other, wanted) in zip(mine, theirs, strict=True):
            assert np.abs(np.subtract(rectangle, other)).max() <= 1
            assert score == pytest.approx(wanted, abs=2e-3)


@pytest.mark.parametrize("firmware", NEW)
@pytest.mark.parametrize("seed", range(3))
def test_yolo_v5(tmp_path: Path, firmware: str, seed: int) -> None:
    """Rows of x, y, width, height (of the window), score, classes."""
    chance = np.random.default_rng(seed)
    rows = chance.uniform(0.05, 0.95, (1, 12, 8)).astype(np.float32)
    rows[..., 2:4] *= 0.3
    boxes = [
        Box(
            tuple(SIZE * np.array([r[0] - r[2] / 2, r[1] - r[3] / 2, r[0] + r[2] / 2, r[1] + r[3] / 2])),
            r[4],
            int(r[5:].argmax()),
        )
        for r in rows[0]
        if r[4] > 0.6
    ]
    make = "from ml.postprocessing.ultralytics import YoloV5\npost = YoloV5()"
    assert_same(result(tmp_path, firmware, [rows], make), suppressed(boxes))


@pytest.mark.parametrize("firmware", NEW)
@pytest.mark.parametrize("threshold", [0.5, 0.9])
def test_yolo_v8(tmp_path: Path, firmware: str, threshold: float) -> None:
    """Columns of x, y, width, height, classes: the best class is the score."""
    chance = np.random.default_rng(5)
    table = chance.uniform(0.02, 0.98, (1, 7, 14)).astype(np.float32)
    table[:, 2:4] *= 0.25
    boxes = [
        Box(
            tuple(SIZE * np.array([c[0] - c[2] / 2, c[1] - c[3] / 2, c[0] + c[2] / 2, c[1] + c[3] / 2])),
            c[4:].max(),
            int(c[4:].argmax()),
        )
        for c in table[0].T
        if c[4:].max() > threshold
    ]
    make = f"from ml.postprocessing.ultralytics import YoloV8\npost = YoloV8(threshold={threshold})"
    assert_same(result(tmp_path, firmware, [table], make), suppressed(boxes))


@pytest.mark.parametrize("firmware", NEW)
@pytest.mark.parametrize("seed", range(2))
def test_yolo_v2(tmp_path: Path, firmware: str, seed: int) -> None:
    """Five anchors a cell: offsets by sigmoid within the cell, sides by exp times the anchor's, score by sigmoid."""
    chance = np.random.default_rng(seed)
    rows, cols, classes = 3, 3, 2
    grid = chance.normal(0, 1, (rows, cols, 5, 5 + classes)).astype(np.float32)
    grid[..., 2:4] = grid[..., 2:4] * 0.2 - 1.5
    boxes = []
    for row, col, anchor in np.ndindex(rows, cols, 5):
        cell = grid[row, col, anchor]
        score = sigmoid(cell[4])
        if score <= 0.6:
            continue
        x, y = (col + sigmoid(cell[0])) / cols * SIZE, (row + sigmoid(cell[1])) / rows * SIZE
        wide = V2_ANCHORS[anchor, 0] * np.exp(cell[2]) / cols * SIZE
        high = V2_ANCHORS[anchor, 1] * np.exp(cell[3]) / rows * SIZE
        corners = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        boxes.append(Box(corners, score, int(cell[5:].argmax())))
    make = "from ml.postprocessing.darknet import YoloV2\npost = YoloV2()"
    output = grid.reshape(1, rows, cols, 5 * (5 + classes))
    assert_same(result(tmp_path, firmware, [output], make), suppressed(boxes))


@pytest.mark.parametrize("firmware", NEW)
def test_fomo(tmp_path: Path, firmware: str) -> None:
    """A cell whose best class but the background is over the threshold is a box around its middle."""
    chance = np.random.default_rng(8)
    rows, cols = 6, 6
    grid = chance.uniform(0, 0.6, (1, rows, cols, 3)).astype(np.float32)
    side = 1.414214 / cols * SIZE
    boxes = []
    for row, col in np.ndindex(rows, cols):
        scores = grid[0, row, col, 1:]
        if scores.max() > 0.4:
            x, y = (col + 0.5) / cols * SIZE, (row + 0.5) / rows * SIZE
            corners = (x - side / 2, y - side / 2, x + side / 2, y + side / 2)
            boxes.append(Box(corners, scores.max(), int(scores.argmax()) + 1))
    make = "from ml.postprocessing.edgeimpulse import Fomo\npost = Fomo()"
    assert_same(result(tmp_path, firmware, [grid], make), suppressed(boxes, sigma=0.001))


def test_movenet(tmp_path: Path) -> None:
    """The best cell of each heat map is a point; the box is that of the points over the threshold."""
    chance = np.random.default_rng(3)
    heat = chance.uniform(0, 0.3, (1, 4, 4, 5)).astype(np.float32)
    places = [(0, 1), (2, 3), (3, 0), (1, 1)]
    for point, (row, col) in enumerate(places):
        heat[0, row, col, point] = 0.9
    middles = np.array([((col + 0.5) / 4 * SIZE, (row + 0.5) / 4 * SIZE) for row, col in places])
    left, top = middles.min(axis=0)
    right, bottom = middles.max(axis=0)
    text = MODEL.replace("SHAPE", "(1, 4, 4, 5)") + "from ml.postprocessing.mediapipe import MoveNet\n"
    text += f"r = MoveNet(threshold=0.5)(M, [In], [np.array({literal(heat)}).reshape((1, 4, 4, 5))])\n"
    text += "(rect, score, points), = r\nprint(rect)\nprint(score)\nprint(points.shape, points[2, 0], points[2, 1])\n"
    lines = printed(tmp_path, text, "5.0.0")
    assert ast.literal_eval(lines[0]) == [int(left), int(top), int(right - left), int(bottom - top)]
    assert float(lines[1]) == pytest.approx(0.9, abs=1e-3)
    assert lines[2] == f"(5, 3) {middles[2][0]} {middles[2][1]}"


@pytest.mark.parametrize("firmware", NEW)
@pytest.mark.parametrize("score", [0.2, 0.8])
def test_hand_landmarks(tmp_path: Path, firmware: str, score: float) -> None:
    """21 points of three numbers; the box is theirs; which hand is the class."""
    points = np.random.default_rng(1).uniform(10, 80, (21, 3)).astype(np.float32)
    text = MODEL.replace("SHAPE", "(1, 1)") + "from ml.postprocessing.mediapipe import HandLandmarks\n"
    text += f"p = np.array({literal(points)}).reshape((1, 63))\ns = np.array([[{score}]])\nh = np.array([[0.9]])\n"
    text += "r = HandLandmarks(threshold=0.5)(M, [In], [h, p, s, p])\n"
    text += "if r:\n    print([len(c) for c in r])\n    for q in r[1]: print(q[0])\n"
    lines = printed(tmp_path, text, firmware)
    if score < 0.5:
        assert lines == []
        return
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    assert lines[0] == "[0, 1]"
    assert np.abs(np.subtract(ast.literal_eval(lines[1]), [*low, *(high - low)])).max() <= 1


@pytest.mark.parametrize("firmware", NEW)
@pytest.mark.parametrize("score", [-2.0, 2.0])
def test_face_landmarks(tmp_path: Path, firmware: str, score: float) -> None:
    """Its score is a logit; the box is that of its points."""
    points = np.random.default_rng(2).uniform(5, 90, (30, 3)).astype(np.float32)
    text = MODEL.replace("SHAPE", "(1, 1)") + "from ml.postprocessing.mediapipe import FaceLandmarks\n"
    text += f"p = np.array({literal(points)}).reshape((1, 1, 1, 90))\ns = np.array([{score}]).reshape((1, 1, 1, 1))\n"
    text += "r = FaceLandmarks(threshold=0.5)(M, [In], [p, s])\nfor q in r: print(q[0], q[1])\n"
    lines = printed(tmp_path, text, firmware)
    if score < 0:
        assert lines == []
        return
    rectangle, _, found = lines[0].rpartition(" ")
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    assert np.abs(np.subtract(ast.literal_eval(rectangle), [*low, *(high - low)])).max() <= 1
    assert float(found) == pytest.approx(1 / (1 + np.exp(-score)), abs=1e-3)


@pytest.mark.parametrize("firmware", ["4.5.8", *NEW])
@pytest.mark.parametrize("seed", range(3))
def test_suppression_of_random_boxes(tmp_path: Path, firmware: str, seed: int) -> None:
    """``NMS`` over boxes that overlap, some with corners outside, some without area."""
    chance = np.random.default_rng(seed)
    corners = chance.uniform(-10, 110, (12, 4)).astype(np.float32)
    scores = chance.uniform(0.2, 1, 12)
    labels = chance.integers(0, 3, 12)
    boxes = [
        Box(tuple(c), s, int(label)) for c, s, label in zip(np.round(corners, 2), scores.round(4), labels, strict=True)
    ]
    text = f"from ml.utils import NMS\nn = NMS({SIZE}, {SIZE}, (0, 0, {SIZE}, {SIZE}))\n"
    for box in boxes:
        sides = ", ".join(f"{float(side):.2f}" for side in box.corners)
        text += f"n.add_bounding_box({sides}, {float(box.score):.4f}, {box.label})\n"
    lines = printed(tmp_path, text + "print(n.get_bounding_boxes(threshold=0.15, sigma=0.3))\n", firmware)
    assert_same(ast.literal_eval(lines[-1]), suppressed(boxes, sigma=0.3, limit=0.15))


@pytest.mark.parametrize("firmware", NEW)
def test_quantised_outputs_are_decoded_by_scale_and_zero_point(tmp_path: Path, firmware: str) -> None:
    """The same grid as bytes and as floats finds the same cells."""
    chance = np.random.default_rng(4)
    grid = chance.integers(-128, 127, (1, 4, 4, 2))
    text = MODEL.replace("[SHAPE]", "[(1, 4, 4, 2)]").replace('["f"]', '["b"]')
    text = text.replace("[1.0]", "[0.00390625]").replace("point = [0]", "point = [-128]")
    text += "from ml.postprocessing.edgeimpulse import Fomo\n"
    text += f"a = np.array({grid.ravel().tolist()}, dtype=np.int8).reshape((1, 4, 4, 2))\nprint(Fomo()(M, [In], [a]))\n"
    found = ast.literal_eval(printed(tmp_path, text, firmware)[-1])
    floats = (grid.astype(np.float32) + 128) / 256
    make = "from ml.postprocessing.edgeimpulse import Fomo\npost = Fomo()"
    expected = result(tmp_path, firmware, [floats], make)
    assert isinstance(expected, list)
    assert_same(found, expected)
    assert sum(map(len, expected)) > 3


def tables_of_boxes(folder: Path, candidates: int) -> int:
    """How many tables of seven words ``YoloV5`` asks for with so many boxes that do not overlap."""
    rows = np.zeros((1, 10, 6), np.float32)
    for at in range(candidates):
        rows[0, at] = ((at % 4 + 0.5) / 4, (at // 4 + 0.5) / 4, 0.1, 0.1, 0.9, 1)
    text = MODEL.replace("SHAPE", "(1, 10, 6)") + "from ml.postprocessing.ultralytics import YoloV5\npost = YoloV5()\n"
    text += f"a = np.array({literal(rows)}).reshape((1, 10, 6))\nr = post(M, [In], [a])\nprint(len(r[0]))\n"
    assert printed(folder, text)[-1] == str(candidates)
    line = text.count("\n", 0, text.index("r = post")) + 1
    return [size for kind, size in asked(folder, text, line) if kind == "alloc"].count(28)


def test_a_candidate_is_a_list_of_seven(tmp_path: Path) -> None:
    """Each further box asks for one more table of that size."""
    counts = [tables_of_boxes(tmp_path, candidates) for candidates in (1, 4, 9)]
    assert [count - counts[0] for count in counts] == [0, 3, 8]
