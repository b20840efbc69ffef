"""Input values: the camera's drawing and quantisation rules, files, noise."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.errors import MissingExtraError
from omvsim.runtime import InputDataError, TensorInfo, make_inputs, normalize, quantize_as_camera, read_picture
from omvsim.runtime._draw import draw_scaled, from_rgb565, to_rgb565

if TYPE_CHECKING:
    from pathlib import Path


def tensor(shape: tuple[int, ...], dtype: str, scale: float = 0.5, zero_point: int = -10) -> TensorInfo:
    return TensorInfo(0, "input", shape, dtype, (scale,), (zero_point,))


GRADIENT = np.stack(np.broadcast_arrays(np.arange(64)[None] * 4, np.arange(48)[:, None] * 5, 128), axis=-1).astype(
    np.uint8
)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "float32"])
@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_do_not_use_the_models_scale(dtype: str, channels: int) -> None:
    array = normalize(GRADIENT, tensor((1, 48, 64, channels), dtype))
    assert array.shape == (1, 48, 64, channels)
    assert array.dtype == dtype
    pixels = from_rgb565(to_rgb565(GRADIENT)).astype(int)
    if channels == 1:
        pixels = ((pixels * (38, 75, 15)).sum(axis=-1, keepdims=True)) >> 7
    unsigned = {
        "int8": array.astype(int) + 128,
        "uint8": array.astype(int),
        "float32": np.rint(array.astype(float) * 255).astype(int),
    }
    assert (unsigned[dtype][0] == pixels).all()


def test_mean_and_deviation_of_channels() -> None:
    white = np.full((4, 4, 3), 255, np.uint8)
    array = normalize(
        white, tensor((1, 4, 4, 3), "float32"), scale=(-1, 1), mean=(0.5, 0.0, 1.0), stdev=(0.5, 1.0, 2.0)
    )
    assert np.allclose(array[0, 0, 0], [(1 - 0.5) / 0.5, 1.0, 0.0], atol=1e-6)


def test_keeping_the_aspect_crops_and_stretching_does_not() -> None:
    wide = np.zeros((20, 40, 3), np.uint8)
    wide[:, :10], wide[:, 30:] = (255, 0, 0), (0, 0, 255)
    cropped = normalize(wide, tensor((1, 20, 20, 3), "uint8"))[0]
    stretched = normalize(wide, tensor((1, 20, 20, 3), "uint8"), keep_aspect=False)[0]
    assert not cropped.any()
    assert stretched[0, 0].tolist() == [255, 0, 0]
    assert stretched[0, -1].tolist() == [0, 0, 255]


def test_bilinear_by_hand() -> None:
    # Two pixels to four: the camera samples at -0.5, 0, 0.5 and 1; five-bit weights, edges repeated.
    row = np.array([[0, 31], [0, 31]], np.int32)[..., None]
    drawn = draw_scaled(row, 4, 4, keep_aspect=False)[1, :, 0]
    assert drawn.tolist() == [0, 0, (31 * 16 + 16) >> 5, 31]


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.booleans())
def test_a_plain_frame_stays_plain(width: int, height: int, target_width: int, target_height: int, keep: bool) -> None:
    frame = np.full((height, width, 3), 7, np.int32)
    drawn = draw_scaled(frame, target_width, target_height, keep_aspect=keep)
    assert drawn.shape == (target_height, target_width, 3)
    # The camera cuts fractions of the scaled size off, so an edge may stay black.
    assert set(np.unique(drawn)) <= {0, 7}
    assert (drawn == 7).mean() >= 0.5 or min(target_width, target_height) <= 2


def test_quantisation_cuts_and_wraps() -> None:
    int8 = tensor((1, 5), "int8")
    array = quantize_as_camera(np.array([[0.0, 0.7, -0.7, 68.5, 1000.0]], np.float32), int8)
    # value / 0.5 - 10, cut towards zero; 127 fits, 1990 keeps its low eight bits.
    assert array.tolist() == [[-10, -8, -11, 127, np.array(1990).astype(np.int8)]]
    assert quantize_as_camera(np.array([[np.nan] * 5]), int8).tolist() == [[0] * 5]
    assert quantize_as_camera(np.array([3], np.int16), TensorInfo(0, "x", (1,), "uint8")).tolist() == [3]
    assert quantize_as_camera(np.array([3], np.int16), tensor((1,), "float32")).dtype == np.float32
    with pytest.raises(InputDataError, match="give an array of type int32"):
        quantize_as_camera(np.zeros(1), tensor((1,), "int32"))


def test_zero_and_seeded_noise() -> None:
    tensors = (tensor((2, 3), "int8"), tensor((4,), "float32"), tensor((9,), "int32"), tensor((5,), "bool"))
    assert not any(array.any() for array in make_inputs(tensors))
    first, again = make_inputs(tensors, "random", seed=3), make_inputs(tensors, "random", seed=3)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert [str(array.dtype) for array in first] == ["int8", "float32", "int32", "bool"]
    assert set(first[2].tolist()) <= {0, 1}
    assert any((a != b).any() for a, b in zip(first, make_inputs(tensors, "random", seed=4), strict=True))


def test_npy_files(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    int8 = tensor((1, 2), "int8")
    np.save(path, np.array([[5, -5]], np.int8))
    assert make_inputs((int8, int8), str(path))[0].tolist() == [[5, -5]]
    assert make_inputs((int8, int8), str(path))[1].tolist() == [[0, 0]]
    np.save(path, np.array([[0.5, 1.0]]))
    assert make_inputs((int8,), str(path))[0].tolist() == [[-9, -8]]
    np.save(path, np.zeros(3))
    with pytest.raises(InputDataError, match=r"x\.npy: its shape is \(3,\), the model's input is \(1, 2\)"):
        make_inputs((int8,), str(path))
    np.save(path, np.array([["a", "b"]]))
    with pytest.raises(InputDataError, match="cannot make int8 of its element type <U1"):
        make_inputs((int8,), str(path))
    path.write_bytes(b"\x93NUMPY garbage")
    with pytest.raises(InputDataError, match=r"x\.npy: not a \.npy array of numbers"):
        make_inputs((int8,), str(path))
    with pytest.raises(InputDataError, match=r"nothing\.npy: No such file"):
        make_inputs((int8,), str(tmp_path / "nothing.npy"))
    with pytest.raises(InputDataError, match="the model has no input"):
        make_inputs((), str(path))


def test_pictures(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    path = tmp_path / "photo.png"
    image.fromarray(GRADIENT).save(path)
    picture = tensor((1, 48, 64, 3), "int8")
    assert (make_inputs((picture,), str(path))[0] == normalize(GRADIENT, picture)).all()
    path.write_text("no picture")
    with pytest.raises(InputDataError, match=r"photo\.png: not a picture"):
        make_inputs((picture,), str(path))
    with pytest.raises(InputDataError, match="No such file"):
        read_picture(tmp_path / "absent.png", picture)


def test_pictures_need_pillow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG")
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    picture = tensor((1, 4, 4, 3), "int8")
    with pytest.raises(
        MissingExtraError, match=r"^reading a picture needs Pillow; install it with: pip install Pillow$"
    ):
        make_inputs((picture,), str(path))


@pytest.mark.parametrize(
    ("shape", "dtype", "message"),
    [
        ((1, 4, 4, 2), "int8", r"a picture needs an input of shape \(1, H, W, 1 or 3\), not \(1, 4, 4, 2\)"),
        ((2, 4, 4, 3), "int8", "a picture needs"),
        ((1, 4, 3), "int8", "a picture needs"),
        ((1, 4, 4, 3), "int16", "cannot put a picture into an input of type int16"),
    ],
)
def test_inputs_that_take_no_picture(shape: tuple[int, ...], dtype: str, message: str) -> None:
    with pytest.raises(InputDataError, match=message):
        normalize(GRADIENT, tensor(shape, dtype))
