"""Where camera frames come from: pictures, folders of pictures, videos, or noise."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.errors import MissingExtraError, ScriptSourceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".ppm", ".pgm", ".webp", ".tif", ".tiff", ".npy")


class FrameSource:
    """Frames as 8-bit RGB arrays, one after the other, from the start again at the end.

    Args:
        given: a picture, a folder of pictures, a video, ``noise``, or None (also noise).
        seed: of the noise.

    Raises:
        ScriptSourceError: no such file, or no picture in the folder.
    """

    def __init__(self, given: str | None = None, seed: int = 0) -> None:
        self.count = 0
        self._generator = np.random.default_rng(seed)
        self._video: Any = None
        self._pictures: list[Path] = []
        self._cache: dict[Path, NDArray[np.uint8]] = {}
        if given in (None, "noise"):
            return
        path = Path(str(given))
        if path.is_dir():
            self._pictures = sorted(each for each in path.iterdir() if each.suffix.lower() in PICTURES)
            if not self._pictures:
                raise ScriptSourceError(path, "no pictures in this folder")
        elif not path.is_file():
            raise ScriptSourceError(path, "no such picture, folder or video")
        elif path.suffix.lower() in PICTURES:
            self._pictures = [path]
        else:
            self._video = _open_video(path)

    def frame(self, width: int, height: int) -> NDArray[np.uint8]:
        """The next frame, scaled to ``width`` x ``height``, shape (height, width, 3)."""
        number, self.count = self.count, self.count + 1
        if self._video is not None:
            return fit(self._next_of_video(), width, height)
        if self._pictures:
            path = self._pictures[number % len(self._pictures)]
            if path not in self._cache:
                self._cache[path] = read_picture(path)
            return fit(self._cache[path], width, height)
        return self._generator.integers(0, 256, (height, width, 3), dtype=np.uint8)

    def _next_of_video(self) -> NDArray[np.uint8]:
        try:
            frame = next(self._video)
        except StopIteration:
            raise ScriptSourceError("video", "it has fewer frames than the script takes") from None
        return np.asarray(frame)[..., :3]


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
        if array.ndim not in (2, 3) or array.dtype != np.uint8:
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


def _open_video(path: Path) -> Any:
    try:
        reader: Any = importlib.import_module("imageio.v3")
    except ImportError as error:
        raise MissingExtraError("reading a video needs imageio", 'pip install "imageio[ffmpeg]"') from error
    return iter(reader.imiter(path))


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
