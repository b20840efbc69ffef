"""Where camera frames come from: pictures, folders of pictures, videos, or noise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from omvsim.errors import ScriptSourceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".ppm", ".pgm", ".webp", ".tif", ".tiff", ".npy")


class _Frames(Protocol):
    def frame(self, width: int, height: int) -> NDArray[np.uint8]: ...

    def skip(self) -> None: ...


class FrameSource:
    """Frames as 8-bit RGB arrays, one after the other. Nothing is read before the first is asked for.

    Args:
        given: a picture, a folder of pictures, a video, ``noise``, or None (also noise).
        seed: of the noise.

    Raises:
        ScriptSourceError: no such file, or no picture in the folder.
    """

    def __init__(self, given: str | None = None, seed: int = 0) -> None:
        self._seed = seed
        self._video: Path | None = None
        self._pictures: list[Path] = []
        self._frames: _Frames | None = None
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
            self._video = path

    def frame(self, width: int, height: int) -> NDArray[np.uint8]:
        """The next frame, scaled to ``width`` x ``height``, shape (height, width, 3)."""
        if self._frames is None:
            self._frames = self._open()
        return self._frames.frame(width, height)

    def skip(self) -> None:
        """Leave one out: nobody looks at it."""
        if self._frames is None:
            self._frames = self._open()
        self._frames.skip()

    def _open(self) -> _Frames:
        from omvsim.world import pictures  # noqa: PLC0415 - a script without pictures must not pay for numpy

        if self._video is not None:
            return pictures.Video(self._video)
        return pictures.Folder(self._pictures) if self._pictures else pictures.Noise(self._seed)


__all__ = ["PICTURES", "FrameSource"]
