"""Pictures of the host as 8-bit RGB arrays, shape (height, width, 3)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.errors import MissingExtraError, ScriptSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class Noise:
    """Random pictures, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.default_rng(seed)

    def frame(self, width: int, height: int) -> NDArray[np.uint8]:
        """The next one."""
        return self._generator.integers(0, 256, (height, width, 3), dtype=np.uint8)

    def skip(self) -> None:
        """One is as good as the other."""


class Video:
    """Frames of a video file, scaled."""

    def __init__(self, path: Path) -> None:
        try:
            reader: Any = importlib.import_module("imageio.v3")
        except ImportError as error:
            raise MissingExtraError("reading a video needs imageio", 'pip install "imageio[ffmpeg]"') from error
        self._frames: Iterator[Any] = iter(reader.imiter(path))

    def frame(self, width: int, height: int) -> NDArray[np.uint8]:
        """The next one."""
        return fit(np.asarray(self._next())[..., :3], width, height)

    def skip(self) -> None:
        """Leave one out."""
        self._next()

    def _next(self) -> Any:
        try:
            return next(self._frames)
        except StopIteration:
            raise ScriptSourceError("video", "it has fewer frames than the script takes") from None


class Folder:
    """Pictures one after the other, from the start again at the end, scaled."""

    def __init__(self, pictures: Sequence[Path]) -> None:
        self._pictures = pictures
        self._count = 0
        self._cache: dict[Path, NDArray[np.uint8]] = {}

    def frame(self, width: int, height: int) -> NDArray[np.uint8]:
        """The next one."""
        path = self._pictures[self._count % len(self._pictures)]
        self._count += 1
        if path not in self._cache:
            self._cache[path] = read_picture(path)
        return fit(self._cache[path], width, height)

    def skip(self) -> None:
        """Leave one out."""
        self._count += 1


def read_picture(path: Path) -> NDArray[np.uint8]:
    """A picture as RGB.

    Raises:
        ScriptSourceError: it cannot be read.
        MissingExtraError: Pillow is needed.
    """
    if path.suffix.lower() == ".npy":
        try:
            array = np.load(path, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise ScriptSourceError(path, f"not a .npy array ({str(error).splitlines()[0]})") from error
        if array.dtype != np.uint8 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
            raise ScriptSourceError(path, "frames are arrays of 8-bit numbers, (height, width) or (height, width, 3)")
        return np.repeat(array[..., None], 3, axis=2) if array.ndim == 2 else array[..., :3]
    try:
        pillow: Any = importlib.import_module("PIL.Image")
    except ImportError as error:
        raise MissingExtraError("reading pictures needs Pillow", "pip install Pillow") from error
    try:
        with pillow.open(path) as picture:
            return np.asarray(picture.convert("RGB"))
    except (pillow.UnidentifiedImageError, OSError) as error:
        raise ScriptSourceError(path, "not a picture that Pillow can read") from error


def fit(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Crop to the aspect of the target and take the nearest pixels."""
    have_height, have_width = picture.shape[:2]
    if (have_width, have_height) == (width, height):
        return picture
    scale = max(width / have_width, height / have_height)
    top, left = (have_height - height / scale) / 2, (have_width - width / scale) / 2
    rows = np.clip((top + (np.arange(height) + 0.5) / scale).astype(int), 0, have_height - 1)
    columns = np.clip((left + (np.arange(width) + 0.5) / scale).astype(int), 0, have_width - 1)
    result: NDArray[np.uint8] = picture[rows][:, columns]
    return result


__all__ = ["Folder", "Noise", "Video", "fit", "read_picture"]
