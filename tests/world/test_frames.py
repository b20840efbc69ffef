"""Camera frames: where they come from, how a picture is fitted, and what is said of one that cannot be read."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omvsim.errors import MissingExtraError, ScriptSourceError
from omvsim.world.frame_source import FrameSource
from omvsim.world.pictures import fit, read_picture

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = st.integers(1, 40)


def flat(value: int, height: int = 4, width: int = 6) -> NDArray[np.uint8]:
    return np.full((height, width, 3), value, dtype=np.uint8)


def saved(path: Path, array: NDArray[np.generic]) -> str:
    np.save(path, array)
    return str(path)


# -- fitting -----------------------------------------------------------------------------------------------------------


@given(SIDE, SIDE, SIDE, SIDE)
def test_a_fitted_picture_has_the_size_and_only_pixels_of_the_first(
    have_width: int, have_height: int, width: int, height: int
) -> None:
    """Each pixel holds its own place, so it is seen where it came from: in order, and as far from either border."""
    rows, columns = np.mgrid[0:have_height, 0:have_width]
    picture = np.stack([rows, columns, rows * 0], axis=2).astype(np.uint8)
    made = fit(picture, width, height)
    assert made.shape == (height, width, 3)
    assert (np.diff(made[:, 0, 0].astype(int)) >= 0).all()
    assert (np.diff(made[0, :, 1].astype(int)) >= 0).all()
    assert (made[..., 0] == made[:, :1, 0]).all()
    assert (made[..., 1] == made[:1, :, 1]).all()
    scale = max(width / have_width, height / have_height)
    for axis, have, want in ((0, have_height, height), (1, have_width, width)):
        places = made[:, 0, 0] if axis == 0 else made[0, :, 1]
        left = (have - want / scale) / 2  # what is cropped on one side
        assert left - 1 <= places[0] <= left + 1 / scale + 1
        assert have - 1 - left - 1 / scale - 1 <= places[-1] <= have - left


def test_a_picture_of_the_right_size_is_not_copied() -> None:
    picture = flat(7)
    assert fit(picture, 6, 4) is picture


def test_a_wide_picture_loses_its_sides_and_a_high_one_its_ends() -> None:
    picture = np.arange(8, dtype=np.uint8)[None, :, None].repeat(2, axis=0).repeat(3, axis=2)
    assert fit(picture, 2, 2)[0, :, 0].tolist() == [3, 4]
    assert fit(picture.transpose(1, 0, 2), 2, 2)[:, 0, 0].tolist() == [3, 4]


# -- sources -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, "noise"])
def test_noise_is_the_same_for_the_same_seed(given: str | None) -> None:
    first, again, other = (FrameSource(given, seed) for seed in (3, 3, 4))
    one, two = first.frame(8, 5), first.frame(8, 5)
    assert one.shape == (5, 8, 3)
    assert one.dtype == np.uint8
    assert not np.array_equal(one, two)
    assert np.array_equal(again.frame(8, 5), one)
    assert not np.array_equal(other.frame(8, 5), one)


def test_pictures_of_a_folder_come_by_name_and_start_again(tmp_path: Path) -> None:
    for name, value in (("b", 2), ("a", 1), ("c", 3)):
        saved(tmp_path / f"{name}.npy", flat(value))
    (tmp_path / "notes.txt").write_text("no picture")
    source = FrameSource(str(tmp_path))
    shown = [source.frame(6, 4)[0, 0, 0] for _ in range(4)]
    assert shown == [1, 2, 3, 1]
    source.skip()
    assert source.frame(6, 4)[0, 0, 0] == 3


def test_a_picture_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "one.npy"
    source = FrameSource(saved(path, flat(9)))
    source.skip()
    assert source.frame(6, 4)[0, 0, 0] == 9
    path.unlink()
    assert source.frame(3, 2).shape == (2, 3, 3)


def test_nothing_is_read_before_a_frame_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "bad.npy"
    path.write_bytes(b"nothing")
    source = FrameSource(str(path))
    with pytest.raises(ScriptSourceError, match=r"not a \.npy array"):
        source.frame(6, 4)


def test_what_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(ScriptSourceError, match="no such picture, folder or video"):
        FrameSource(str(tmp_path / "none.png"))
    with pytest.raises(ScriptSourceError, match="no pictures in this folder"):
        FrameSource(str(tmp_path))


# -- a picture ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([[1, 2]], np.uint8), [[[1, 1, 1], [2, 2, 2]]]),
        (np.array([[[1, 2, 3]]], np.uint8), [[[1, 2, 3]]]),
        (np.array([[[1, 2, 3, 255]]], np.uint8), [[[1, 2, 3]]]),  # what is transparent is shown
    ],
)
def test_an_array_is_a_picture(tmp_path: Path, array: NDArray[np.uint8], expected: list[list[list[int]]]) -> None:
    saved(tmp_path / "p.npy", array)
    assert read_picture(tmp_path / "p.npy").tolist() == expected


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 2), np.float32),
        np.zeros((2, 2), np.int16),
        np.zeros(4, np.uint8),
        np.zeros((1, 2, 2, 3), np.uint8),
    ],
)
def test_an_array_that_is_no_picture(tmp_path: Path, array: NDArray[np.generic]) -> None:
    saved(tmp_path / "p.npy", array)
    with pytest.raises(ScriptSourceError, match="frames are arrays of 8-bit numbers"):
        read_picture(tmp_path / "p.npy")


@pytest.mark.parametrize("channels", [1, 2])
def test_an_array_of_one_or_two_channels_is_no_picture(tmp_path: Path, channels: int) -> None:
    saved(tmp_path / "p.npy", np.zeros((4, 4, channels), np.uint8))
    with pytest.raises(ScriptSourceError, match="frames are arrays of 8-bit numbers"):
        read_picture(tmp_path / "p.npy")


def test_a_pickled_array_is_not_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "p.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ScriptSourceError, match=r"not a \.npy array"):
        read_picture(tmp_path / "p.npy")


@pytest.mark.parametrize(("mode", "fill", "shown"), [("L", 7, 7), ("RGB", (7, 0, 0), 7), ("1", 1, 255)])
def test_a_picture_file_becomes_rgb(tmp_path: Path, mode: str, fill: int | tuple[int, int, int], shown: int) -> None:
    pillow = pytest.importorskip("PIL.Image")
    pillow.new(mode, (3, 2), fill).save(tmp_path / "p.png")
    made = read_picture(tmp_path / "p.png")
    assert made.shape == (2, 3, 3)
    assert made[0, 0, 0] == shown


def test_a_file_that_is_no_picture(tmp_path: Path) -> None:
    pytest.importorskip("PIL.Image")
    (tmp_path / "p.png").write_bytes(b"\x89PNG and nothing")
    with pytest.raises(ScriptSourceError, match="not a picture that Pillow can read"):
        read_picture(tmp_path / "p.png")


@pytest.mark.parametrize(
    ("name", "missing", "told"), [("p.png", "PIL.Image", "Pillow"), ("v.mp4", "imageio.v3", "imageio")]
)
def test_what_is_missing_is_named_with_how_to_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, missing: str, told: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match=told) as caught:
        FrameSource(str(tmp_path / name)).frame(4, 4)
    assert "pip install" in str(caught.value)


def test_a_video_ends_with_its_frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """imageio stands in: three frames, of which the middle one is skipped; one with transparency."""
    path = tmp_path / "v.mp4"
    path.write_bytes(b"x")
    frames = [flat(1), flat(2), np.concatenate([flat(3), flat(255)[..., :1]], axis=2)]
    monkeypatch.setitem(sys.modules, "imageio.v3", SimpleNamespace(imiter=lambda _path: iter(frames)))
    source = FrameSource(str(path))
    first = source.frame(6, 4)
    source.skip()
    third = source.frame(3, 2)
    assert (first[0, 0, 0], third.shape, third[0, 0].tolist()) == (1, (2, 3, 3), [3, 3, 3])
    with pytest.raises(ScriptSourceError, match="it has fewer frames than the script takes"):
        source.skip()
