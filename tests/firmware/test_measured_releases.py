"""What differs between releases that were measured: boot, pictures, float inputs, outputs of a callback.

Figures are ours, measured on the complete firmware of each release in an emulator (the profile ``openmv-rt1062-qemu``).
"""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

import omvsim
from omvsim import models
from omvsim.boards import known_release, load_board
from omvsim.firmware import Camera, LoadMode, path_on_camera
from omvsim.runs.boot import boot
from omvsim.runs.start import new_camera_machine

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs.scenario import RunResult

MEASURED = ("4.5.8", "4.5.9", "4.6.20", "4.7.0", "4.8.1")
BOARD = "openmv-rt1062-qemu"


@pytest.fixture(scope="module")
def float_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """32 x 32 x 3 floats in, so 12 288 bytes."""
    path = tmp_path_factory.mktemp("releases") / "classifier.tflite"
    path.write_bytes(models.make("classifier", dtype="float32"))
    return path


def requests(result: RunResult, step: str, occurrence: int = 0) -> list[int]:
    index = [record.index for record in result.steps if record.name == step][occurrence]
    return [entry.bytes for entry in result.allocations if entry.step == index]


@pytest.mark.parametrize(
    ("release", "bytes_used"),
    [("4.5.8", 4368), ("4.5.9", 4368), ("4.6.20", 4976), ("4.7.0", 5024), ("4.8.1", 5024), ("5.0.0", 5024)],
)
def test_what_boot_leaves(release: str, bytes_used: int) -> None:
    board = load_board(BOARD, release)
    vm = new_camera_machine(board, Camera(board).heap)
    kept = boot(vm, board)
    assert vm.memory.heap.used == bytes_used
    assert kept.kept


@pytest.mark.parametrize(
    ("size", "exact", "aligned"),
    [(28 * 28, 784, 831), (49 * 40, 1960, 2015), (11 * 3, 33, 95), (31 * 33 * 2, 2046, 2079)],
)
def test_what_a_picture_asks(size: int, exact: int, aligned: int) -> None:
    """lib/imlib/imlib.c, ``image_xalloc``; the object is 24 bytes up to 4.5.9 and 28 from 4.6.0."""
    assert {known_release(release).pixels_request(size) for release in ("4.5.8", "4.5.9")} == {exact}
    assert {known_release(release).pixels_request(size) for release in ("4.6.20", "4.7.0", "4.8.1", "5.0.0")} == {
        aligned
    }
    assert [known_release(release).image_object for release in ("4.5.9", "4.6.0", "5.0.0")] == [24, 28, 28]


@pytest.mark.parametrize("release", ["4.5.6", *MEASURED, "5.0.0"])
def test_a_float_input_is_scaled_in_place_from_4_8_0(float_model: Path, release: str) -> None:
    result = omvsim.run(float_model, board=BOARD, firmware=release, input="image", loops=2)
    assert result.verdict == "ok"
    copies = requests(result, "predict").count(32 * 32 * 3 * 4)
    assert copies == (0 if release in ("4.8.1", "5.0.0") else 2)


@pytest.mark.slow
def test_the_copies_decide_whether_a_small_heap_is_enough(float_model: Path) -> None:
    """The first copy fits beside model and arena, the second does not: same heap, other release, other verdict."""
    need = omvsim.run(float_model, board=BOARD, firmware="4.8.1", load="file", input="image")
    assert need.verdict == "ok"
    size = next(
        kib
        for kib in range(16, 4096)
        if omvsim.run(
            float_model, board=BOARD, firmware="4.8.1", load="file", input="image", gc=[(kib * 1024, None)]
        ).verdict
        == "ok"
    )
    old = omvsim.run(float_model, board=BOARD, firmware="4.7.0", load="file", input="image", gc=[(size * 1024, None)])
    assert old.verdict == "memory_error"
    assert old.exception == "MemoryError: memory allocation failed, allocating 12288 bytes"


@pytest.mark.parametrize(("release", "by_reference"), [("4.5.9", False), ("4.7.0", False), ("4.8.0", True)])
def test_a_callback_gets_float_copies_before_4_8_0(float_model: Path, release: str, by_reference: bool) -> None:
    result = omvsim.run(float_model, board=BOARD, firmware=release, callback=True, input="ndarray")
    owners = {entry.owner for entry in result.allocations}
    assert ("output view" in owners) is by_reference
    assert ("output array" in owners) is not by_reference


@pytest.mark.parametrize(
    ("release", "folder", "card"),
    [
        ("4.5.5", "/", "/"),
        ("4.5.9", "/", "/"),
        ("4.6.0", "/flash/", "/sdcard/"),
        ("4.8.1", "/flash/", "/sdcard/"),
    ],
)
def test_the_one_file_system_is_the_root_up_to_4_5_9(release: str, folder: str, card: str) -> None:
    """The card where one is in the slot, else the internal flash: openmv/openmv v4.5.8, ports/mimxrt/main.c."""
    board = load_board(firmware=release)
    assert path_on_camera(board, LoadMode.FILE, "m.tflite", 1000) == f"{folder}m.tflite"
    assert path_on_camera(board, LoadMode.FILE, "m.tflite", 5_000_000) == f"{card}m.tflite"


def test_what_was_measured_is_called_so() -> None:
    measured = {release for release in ("4.5.5", "4.5.6", "4.5.6-dev", "4.5.7") if known_release(release).measured}
    assert measured == set()
    assert all(known_release(release).measured for release in (*MEASURED, "4.6.0", "4.8.0", "5.0.0"))


def test_a_failing_predict_keeps_its_picture_until_the_stack_is_used_again(shared: Path) -> None:
    """4.7.0: the list of inputs stays in the script's value stack, so the last collection leaves 73 824 bytes more."""
    from omvsim.validate import ModelLibrary, validate

    trace = shared / "oracle/releases/v4.7.0/dram1024k_26_288__palm_detection_full_192__rom.jsonl.gz"
    (result,) = validate([trace], ModelLibrary([shared / "models/real"])).results
    assert len(result.points) > 100
    assert not result.misses


def test_pictures_of_the_heap_exercise(shared: Path) -> None:
    """4.5.9, five pictures: every request of the trace between its marks, pixels first, then the object."""
    with gzip.open(shared / "oracle/releases/v4.5.9/heap_image_sizes.jsonl.gz", "rt") as file:
        events = [json.loads(line) for line in file]
    seen: list[list[int]] = []
    for event in events:
        if event["ev"] == "mark":
            seen.append([])
        elif event["ev"] == "alloc" and seen:
            seen[-1].append(event["n"])
    generation = known_release("4.5.9")
    sizes = [28 * 28, 49 * 40, 11 * 3, 31 * 33 * 2, 96 * 96 * 2]
    expected = [[generation.pixels_request(size), generation.image_object] for size in sizes]
    assert [requests for requests in seen if requests[-1:] == [24]] == expected
