"""Every number that the camera's post-processing classes return.

The figures written out here are ours: printed by the complete firmware 4.8.1 and 5.0.0 in an emulator, by scripts that
hand made-up outputs to the classes. The camera prints floats with a last digit of its own, hence the tolerance.
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

np = pytest.importorskip("numpy")

from omvsim.postprocess import Output, Settings, postprocess, suppress  # noqa: E402
from omvsim.postprocess._real import exp, logit, mean, sigmoid  # noqa: E402
from omvsim.postprocess._suppress import descending  # noqa: E402
from omvsim.postprocess._types import Candidates  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.postprocess import Result

PRINTED = 4e-7
RELEASES = ("4.8.1", "5.0.0")


def lists(result: Result, *, per_class: bool = True) -> list[Any]:
    """As the class returns it: by class, or of the first class alone."""
    classes: list[list[Any]] = [[] for _ in range(max(result.found.labels, default=0) + 1)]
    for box in result.detections:
        row: list[Any] = [[box.x, box.y, box.width, box.height], box.score]
        classes[box.label].append((*row, *([] if box.keypoints is None else [box.keypoints])))
    return classes if per_class else classes[0]


def same(ours: list[Any], theirs: list[Any]) -> bool:
    """Rectangles equal, scores and keypoints as printed."""
    if len(ours) != len(theirs):
        return False
    for one, other in zip(ours, theirs, strict=True):
        if one[0] != other[0] or len(one) != len(other):
            return False
        if any(not np.allclose(a, b, rtol=PRINTED, atol=0) for a, b in zip(one[1:], other[1:], strict=True)):
            return False
    return True


def printed(shared: Path, name: str, release: str) -> list[str]:
    """What the script printed, a value a line."""
    with gzip.open(shared / "oracle/language/traces" / release / f"{name}.jsonl.gz", "rt") as file:
        text = str(json.loads(next(file))["stdout"])
    return text.partition("\n\n[[END]]")[0].replace(",\n", ",").splitlines()


def value(text: str) -> Any:
    """A printed value; arrays become numpy's."""
    return eval(text, {"__builtins__": {}, "array": lambda rows, **_: np.array(rows, np.float32), "float32": 0})


# -- whole scripts ------------------------------------------------------------------------------------------------


def fomo_output(cells: list[tuple[int, int]]) -> Output:
    values = np.full((1, 12 * 12 * 2), -128, dtype=np.int8)
    for cell, score in cells:
        values[0, cell * 2 + 1] = score
    return Output(values.reshape((1, 12, 12, 2)), 0.00390625, -128)


@pytest.mark.parametrize("release", RELEASES)
def test_fomo_as_recorded(shared: Path, release: str) -> None:
    lines = iter(printed(shared, "ml_fomo_counts", release))
    other = Settings(threshold=0.8, nms_threshold=0.5, nms_sigma=0.1)
    scenes: list[list[tuple[int, int]]] = [
        [],
        [(17, 120)],
        [(17, 120), (18, 100)],
        [(i * 7, 60 + i) for i in range(20)],
    ]
    scenes += [[(i, 127) for i in range(144)], [(5, -25)], [(5, -27)]]
    for cells in scenes:
        for settings, head in ((Settings(), f"{len(cells)} "), (other, "")):
            expected = value(next(lines).removeprefix(head))
            result = postprocess(
                *("fomo", [fomo_output(cells)], (96, 96)),
                region=(0, 0, 320, 240),
                settings=settings,
                keep_aspect=release == "4.8.1",
            )
            ours = lists(result) if result.before else ()
            assert len(ours) == len(expected)
            assert all(same(a, b) for a, b in zip(ours, expected, strict=True)), (cells, settings)


@pytest.mark.parametrize("release", RELEASES)
def test_yolo_v2_and_lc_as_recorded(shared: Path, release: str) -> None:
    lines = iter(printed(shared, "ml_yolov2_lc", release))

    def output(count: int) -> Output:
        values = np.full((6 * 6 * 5, 6), -100, dtype=np.int8)
        for i in range(count):
            values[(i * 37) % 180] = (i % 20 - 10, 5, 3, -3, 30 + i, 20)
        return Output(values.reshape((1, 6, 6, 30)), 0.1, 0)

    cases = [(count, "yolo-lc", 0.5, f"{count} ") for count in (0, 1, 2, 5, 20, 60)] + [(10, "yolov2", 0.9, "")]
    for count, name, threshold, head in cases:
        expected = value(next(lines).removeprefix(head))
        result = postprocess(
            *(name, [output(count)], (192, 192)),
            settings=Settings(threshold=threshold),
            keep_aspect=release == "4.8.1",
        )
        ours = lists(result) if result.before else ()
        assert len(ours) == len(expected)
        assert all(same(a, b) for a, b in zip(ours, expected, strict=True)), count


@pytest.mark.parametrize("release", RELEASES)
def test_blazeface_as_recorded(shared: Path, release: str) -> None:
    lines = iter(printed(shared, "ml_blaze", release))
    for count in (0, 1, 3, 12):
        cords, scores = np.zeros((1, 896, 16), np.float32), np.full((1, 896, 1), -20.0, np.float32)
        for i in range(count):
            row = (i * 97) % 896
            scores[0, row, 0] = 2.0 + i * 0.1
            cords[0, row, 2:4] = 30.0
        result = postprocess(
            *("blazeface", [Output(cords), Output(scores)], (128, 128)),
            settings=Settings(threshold=0.5),
            keep_aspect=release == "4.8.1",
        )
        assert same(lists(result, per_class=False), value(next(lines).removeprefix(f"{count} "))), count


@pytest.mark.parametrize("release", RELEASES)
def test_suppression_as_recorded(shared: Path, release: str) -> None:
    lines = iter(printed(shared, "ml_nms_counts", release))
    cases = [((n, step), 0.1, 0.1) for n, step in ((0, 30), (1, 30), (2, 30), (5, 30), (5, 2), (12, 3), (8, 0))]
    for (count, step), threshold, sigma in [*cases, ((6, 4), 0.4, 0.001)]:
        rows = np.arange(count, dtype=np.float32) * step
        boxes = Candidates(
            np.stack([rows, rows, rows + 20, rows + 20], axis=1),
            np.array([0.5 + (i % 10) * 0.04 for i in range(count)], np.float32),
            np.arange(count) % 2,
            (count,),
        )
        result = suppress(
            *(boxes, (320, 240), (0, 0, 320, 240)), threshold=threshold, sigma=sigma, keep_aspect=release == "4.8.1"
        )
        head = f"{count} {step} " if (count, step) != (6, 4) else ""
        expected = value(next(lines).removeprefix(head))
        assert [len(group) for group in lists(result)] == [len(group) for group in expected]
        assert all(same(a, b) for a, b in zip(lists(result), expected, strict=True)), (count, step)


# -- written out --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("keep", "rectangle"), [(True, [135, 15, 27, 27]), (False, [126, 15, 36, 27])])
def test_one_fomo_cell(keep: bool, rectangle: list[int]) -> None:
    result = postprocess("fomo", [fomo_output([(17, 120)])], (96, 96), region=(0, 0, 320, 240), keep_aspect=keep)
    assert same(lists(result)[1], [(rectangle, 0.96875)])
    assert lists(result)[0] == []


def test_two_fomo_cells_side_by_side_with_other_settings() -> None:
    result = postprocess(
        *("fomo", [fomo_output([(17, 120), (18, 100)])], (96, 96)),
        region=(0, 0, 320, 240),
        settings=Settings(threshold=0.8, nms_threshold=0.5, nms_sigma=0.1),
    )
    assert same(lists(result)[1], [([135, 15, 27, 27], 0.96875), ([155, 15, 27, 27], 0.694099936)])


def test_a_fomo_box_of_another_size() -> None:
    cell = [fomo_output([(6 * 12 + 6, 120)])]
    box = postprocess("fomo", cell, (96, 96), settings=Settings(w_scale=3.0, h_scale=1.0)).detections[0]
    assert (box.x, box.y, box.width, box.height) == (40, 48, 24, 8)


def test_blazeface_keypoints_lie_around_the_anchor() -> None:
    cords, scores = np.zeros((1, 896, 16), np.float32), np.full((1, 896, 1), -20.0, np.float32)
    scores[0, 0, 0], cords[0, 0, 2:4], cords[0, 0, 4:6] = 2.0, 30.0, (3.0, -1.0)
    result = postprocess("blazeface", [Output(cords), Output(scores)], (128, 128), region=(10, 0, 256, 192))
    box = result.detections[0]
    # Scale 1.5; (256 - 192) / 2 pixels are cut off left and right, and the region starts at 10.
    assert (box.x, box.y, box.width, box.height) == (42, 0, 28, 28)
    assert box.keypoints.tolist() == [[(4 + 3) * 1.5 + 42, (4 - 1) * 1.5], *[[4 * 1.5 + 42, 6.0]] * 5]
    stretched = postprocess(
        "blazeface", [Output(cords), Output(scores)], (128, 128), region=(10, 0, 256, 192), keep_aspect=False
    )
    assert stretched.detections[0].keypoints.tolist()[1] == [4 * 2.0 + 10, 6.0]


def test_landmarks_have_three_columns_and_the_scale_reaches_the_depth_before_5_0_0() -> None:
    points = np.zeros((1, 63), np.float32)
    points[0, 3:6], points[0, 6:9] = (50, 60, 1), (100, 20, 4)
    outputs = [Output(a) for a in (np.ones((1, 1), np.float32), points, np.full((1, 1), 0.9, np.float32), points)]
    for keep, depth in ((True, 8.0), (False, 4.0)):
        result = postprocess("hand-landmarks", outputs, (224, 224), region=(0, 0, 448, 448), keep_aspect=keep)
        assert result.detections[0].keypoints.shape == (21, 3)
        assert result.detections[0].keypoints[2].tolist() == [200.0, 40.0, depth]


def movenet(cells: dict[int, tuple[int, int, float]]) -> list[Output]:
    heat = np.zeros((1, 48, 48, 17), np.float32)
    for point, (x, y, score) in cells.items():
        heat[0, y, x, point] = score
    return [Output(heat)]


def test_movenet_returns_x_y_score_of_every_keypoint() -> None:
    """openmv/openmv v5.0.0, mediapipe.py: all 17 rows come from the model; the box is around those that count."""
    result = postprocess(
        *("movenet", movenet({0: (10, 4, 0.75), 5: (20, 24, 0.625), 9: (47, 47, 0.25)}), (192, 192)),
        region=(0, 0, 192, 192),
        keep_aspect=False,
    )
    box = result.detections[0]
    assert box.keypoints.shape == (17, 3)
    assert box.keypoints[0].tolist() == [42.0, 18.0, 0.75]
    assert box.keypoints[5].tolist() == [82.0, 98.0, 0.625]
    assert box.keypoints[9].tolist() == [190.0, 190.0, 0.25]
    assert box.keypoints[16].tolist() == [2.0, 2.0, 0.0]
    assert (box.x, box.y, box.width, box.height) == (42, 18, 40, 80)
    assert box.score == 0.6875
    assert result.found.candidates == ((True, True),)


def test_movenet_without_anybody_and_with_one_point() -> None:
    assert postprocess("movenet", movenet({}), (192, 192), keep_aspect=False).found.candidates == ((),)
    alone = postprocess("movenet", movenet({3: (7, 7, 0.9)}), (192, 192), keep_aspect=False)
    assert (alone.before, alone.after) == (1, 0)  # a box without area does not enter


def test_a_negative_scale_turns_the_comparison_round() -> None:
    values = np.full((1, 1, 7), 100, np.int8)
    values[0, 0] = (-50, -50, -25, -50, -80, -10, -90)
    result = postprocess("yolov5", [Output(values, -0.01, 0)], (96, 96))
    assert [(box.label, round(box.score, 2)) for box in result.detections] == [(1, 0.8)]


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ([], []),
        ([1.0, 1.0, 1.0], [0, 1, 2]),
        ([1.0, 2.0, 3.0], [2, 1, 0]),
        ([2.0, 1.0, 2.0, 1.0], [0, 2, 1, 3]),
        ([1.0, 2.0, 1.0, 2.0, 3.0, 1.0], [4, 1, 3, 2, 0, 5]),
    ],
)
def test_the_camera_s_sort(keys: list[float], order: list[int]) -> None:
    found = descending(keys)
    assert [keys[i] for i in found] == sorted(keys, reverse=True)
    assert sorted(found) == list(range(len(keys)))
    assert found == order


def test_single_precision_by_operation() -> None:
    assert sigmoid(np.float32([2.0]))[0] == np.float32(0.880797)
    assert logit(np.float32(0.5)) == 0
    assert logit(np.float32(1.0)) == np.inf
    assert exp(np.float32([1.0]))[0] == np.float32(2.7182817)
    assert mean(np.float32([0.75, 0.625])) == np.float32(0.6875)
    assert mean([]) == 0
