"""Input values: a picture as the camera would hand it to the model, an array from a file, zeros or noise."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.errors import MissingExtraError
from omvsim.later import np
from omvsim.runtime._draw import draw_scaled, from_rgb565, to_grayscale, to_rgb565
from omvsim.runtime._errors import InputDataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.runtime._types import Array, TensorInfo

_CAMERA_TYPES = ("float32", "int8", "uint8", "int16", "uint16")
"""Element types that the camera's ``ml.Model`` takes and quantises to (openmv v4.8.1, lib/tflm/tflm_backend.cc)."""

_PIXEL_TYPES = ("float32", "int8", "uint8")
"""Element types that ``Image.to_ndarray`` writes (openmv v4.8.1, modules/py_image.c)."""

_NPY_MAGIC = b"\x93NUMPY"


def make_inputs(
    tensors: Sequence[TensorInfo], source: str | None = None, *, seed: int = 0, keep_aspect: bool = True
) -> tuple[Array, ...]:
    """Arrays for all inputs of a model.

    Args:
        tensors: the model's inputs.
        source: ``zero`` (also ``None``), ``random``, a ``.npy`` file or a picture. A file feeds the first input and
            the others are zero.
        seed: of ``random``.
        keep_aspect: see :func:`read_picture`.

    Raises:
        InputDataError: the file does not exist, cannot be read or does not fit the model.
        MissingExtraError: a picture is given and Pillow is not installed.
    """
    if source is None or source == "zero":
        return tuple(zero_input(tensor) for tensor in tensors)
    if source == "random":
        generator = np.random.default_rng(seed)
        return tuple(random_input(tensor, generator) for tensor in tensors)
    if not tensors:
        raise InputDataError(source, "the model has no input to feed it to")
    path = Path(source)
    first = read_array(path, tensors[0]) if _is_npy(path) else read_picture(path, tensors[0], keep_aspect=keep_aspect)
    return (first, *(zero_input(tensor) for tensor in tensors[1:]))


def zero_input(tensor: TensorInfo) -> Array:
    """All bytes zero, as a fresh arena's."""
    return np.zeros(tensor.shape, tensor.dtype)


def random_input(tensor: TensorInfo, generator: np.random.Generator) -> Array:
    """Noise over the whole range of 8- and 16-bit types and 0 … 1 for floats.

    Wider integers are zeros and ones: they are indices, sizes or counters, which a model does not take from anywhere
    in their range.
    """
    kind = np.dtype(tensor.dtype)
    if kind.kind == "f":
        return generator.random(tensor.shape, dtype=np.float32).astype(kind)
    if kind.kind in "iu" and kind.itemsize <= 2:
        limits = np.iinfo(kind)
        return generator.integers(limits.min, limits.max, tensor.shape, dtype=kind, endpoint=True)
    return generator.integers(0, 2, tensor.shape).astype(kind)


def read_array(path: Path, tensor: TensorInfo) -> Array:
    """A ``.npy`` file: an array of the tensor's own type goes in as it is, any other is converted as on the camera.

    Raises:
        InputDataError: not a readable array, or of another shape.
    """
    try:
        array = np.load(path, allow_pickle=False)
    except OSError as error:
        raise InputDataError(path, error.strerror or str(error)) from error
    except (ValueError, EOFError) as error:
        raise InputDataError(path, f"not a .npy array of numbers ({str(error).splitlines()[0]})") from error
    if array.shape != tensor.shape:
        raise InputDataError(path, f"its shape is {_shape(array.shape)}, the model's input is {_shape(tensor.shape)}")
    if array.dtype == np.dtype(tensor.dtype):
        return np.ascontiguousarray(array)
    if array.dtype.kind not in "biuf":
        raise InputDataError(path, f"cannot make {tensor.dtype} of its element type {array.dtype}")
    return quantize_as_camera(array, tensor)


def quantize_as_camera(array: Array, tensor: TensorInfo) -> Array:
    """Real values to the input's type by ``predict()``'s rule (openmv v4.8.1, modules/py_ml.c).

    In single precision ``value * (1 / scale) + zero_point``, then the fraction is cut off (towards zero, not rounded)
    and the low bits are kept: values out of range wrap, they are not clamped. A tensor without scale has 1.

    Raises:
        InputDataError: the camera has no such input type.
    """
    if tensor.dtype not in _CAMERA_TYPES:
        raise InputDataError(tensor.name, f"give an array of type {tensor.dtype}: the camera cannot convert to it")
    real = np.asarray(array, dtype=np.float32)
    if tensor.dtype == "float32":
        return real
    scale = tensor.scales[0] if tensor.scales and tensor.scales[0] else 1.0
    zero_point = tensor.zero_points[0] if tensor.zero_points else 0
    steps = real * (np.float32(1.0) / np.float32(scale)) + np.float32(zero_point)
    # The FPU's conversion to a 32-bit integer saturates and gives 0 for NaN; then the low bits are stored.
    whole = np.clip(np.nan_to_num(np.trunc(steps.astype(np.float64))), -(2.0**31), 2.0**31 - 1).astype(np.int64)
    return whole.astype(tensor.dtype)


def read_picture(path: Path, tensor: TensorInfo, *, keep_aspect: bool = True) -> Array:
    """A picture file as a camera frame of its size, put into the model as ``Normalization()`` does.

    Raises:
        InputDataError: not a picture, or the model's input is none.
        MissingExtraError: Pillow is not installed.
    """
    try:
        pillow: Any = importlib.import_module("PIL.Image")
    except ImportError as error:
        raise MissingExtraError("reading a picture needs Pillow", "pip install Pillow") from error
    try:
        with pillow.open(path) as picture:
            frame = np.asarray(picture.convert("RGB"))
    except pillow.UnidentifiedImageError as error:
        raise InputDataError(path, "not a picture that Pillow can read, nor a .npy array") from error
    except OSError as error:
        raise InputDataError(path, error.strerror or str(error)) from error
    return normalize(frame, tensor, keep_aspect=keep_aspect)


def normalize(
    frame: Any,
    tensor: TensorInfo,
    *,
    keep_aspect: bool = True,
    scale: tuple[float, float] = (0.0, 1.0),
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0),
    stdev: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> Array:
    """What ``ml.preprocessing.Normalization`` writes into the input tensor for an RGB565 frame.

    Facts: openmv/openmv, v4.8.1, ``scripts/libraries/ml/ml-core/ml/preprocessing.py``. Integer inputs get the pixels
    (int8: less 128) whatever the model's scale and zero point are; only float inputs are scaled. ``keep_aspect`` is
    how 4.8.1 draws; 5.0.0 stretches instead.

    Args:
        frame: 8-bit RGB, shape (height, width, 3).
        tensor: the model's input.
        keep_aspect: crop (``True``) or stretch.
        scale: range that 0 … 255 is mapped to.
        mean: subtracted from each channel afterwards.
        stdev: divides each channel at last.

    Raises:
        InputDataError: the input is not (1, height, width, 1 or 3) of float32, int8 or uint8, as on the camera.
    """
    shape = tensor.shape
    if len(shape) != 4 or shape[0] != 1 or shape[3] not in (1, 3):
        raise InputDataError(tensor.name, f"a picture needs an input of shape (1, H, W, 1 or 3), not {_shape(shape)}")
    if tensor.dtype not in _PIXEL_TYPES:
        raise InputDataError(tensor.name, f"the camera cannot put a picture into an input of type {tensor.dtype}")
    _, height, width, channels = shape
    drawn = from_rgb565(draw_scaled(to_rgb565(np.asarray(frame)), width, height, keep_aspect=keep_aspect))
    pixels = drawn if channels == 3 else to_grayscale(drawn)[..., None]
    if tensor.dtype == "uint8":
        return pixels[None]
    if tensor.dtype == "int8":
        return (pixels ^ np.uint8(0x80)).view(np.int8)[None]
    gain, offset = _gain_and_offset(channels, scale, mean, stdev)
    result: Array = (pixels.astype(np.float32) * gain + offset)[None]
    return result


def _gain_and_offset(
    channels: int, scale: tuple[float, float], mean: tuple[float, ...], stdev: tuple[float, ...]
) -> tuple[Any, Any]:
    """Factor and summand of a pixel in single precision, one for grayscale or one a channel."""
    gain = np.float32(scale[1] - scale[0]) / np.float32(255.0)
    means, deviations = (_as_channels(values, channels) for values in (mean, stdev))
    return gain / deviations, (np.float32(scale[0]) - means) / deviations


def _as_channels(values: tuple[float, ...], channels: int) -> Any:
    """One value a channel, or their luma (0.299, 0.587, 0.114) for a grayscale input."""
    single = np.asarray(values, dtype=np.float32)
    if channels == 3:
        return single
    weighted = single * np.array([0.299, 0.587, 0.114], dtype=np.float32)
    return weighted[0] + weighted[1] + weighted[2]


def _is_npy(path: Path) -> bool:
    """Whether the file is a numpy array, by its content; a file that cannot be opened goes by its name."""
    try:
        with path.open("rb") as file:
            return file.read(len(_NPY_MAGIC)) == _NPY_MAGIC or path.suffix == ".npy"
    except OSError as error:
        raise InputDataError(path, error.strerror or str(error)) from error


def _shape(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
