"""One configuration to try: everything that decides how a run ends, as plain values that travel between processes."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD, Board, describe_board, load_board
from omvsim.errors import BoardError, InputError
from omvsim.units import parse_size

if TYPE_CHECKING:
    from collections.abc import Callable

RUN_KEYS = {
    "model": "file of the model",
    "firmware": "release",
    "load": "rom, file or fb",
    "input": "camera, image, ndarray or callable",
    "loops": "number of predictions",
    "keep_output": "true: each output stays until the next is made",
    "callback": "true: a post-processing callback takes the outputs",
    "collect": "none, load (gc.collect() before ml.Model()), frame (before each prediction) or both",
    "framesize": "size of the camera's frame, e.g. QVGA",
    "pixformat": "GRAYSCALE or RGB565",
    "framebuffers": "number of frame buffers",
    "scenario": "name or path of a scenario",
    "until": "load or predict",
}
"""What can be varied besides a board's values."""
GC_SIZE = re.compile(r"gc\[([0-9]+)\]\.size")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A model, a camera and a script.

    ``settings`` are board values by name (``gc[2].size`` …); ``gc`` replaces the board's GC areas first, and then a
    setting of an area's size leaves every other address where it is. An area of 0 bytes is left out.
    """

    model: str
    board: str = DEFAULT_BOARD
    firmware: str = ""
    """Empty: the profile's own release, which takes its place at once."""
    gc: tuple[tuple[int, int | None], ...] | None = None
    settings: tuple[tuple[str, str], ...] = ()
    load: str | None = None
    """None: as the release loads a model by default."""
    input: str | None = None
    loops: int = 1
    keep_output: bool = False
    callback: bool = False
    collect: str = "none"
    framesize: str | None = None
    pixformat: str | None = None
    framebuffers: int | None = None
    scenario: str | None = None
    """None: the one that `omvsim run` runs."""
    until: str = "predict"

    def __post_init__(self) -> None:
        if not self.firmware:
            object.__setattr__(self, "firmware", describe_board(self.board).default_firmware)

    def with_value(self, key: str, value: str) -> Configuration:
        """This configuration with one key of :data:`RUN_KEYS`, or one value of the board, set.

        Raises:
            InputError: the value does not suit the key. Unknown board keys show when the board is built.
        """
        if key not in RUN_KEYS:
            kept = tuple(pair for pair in self.settings if pair[0] != key)
            return dataclasses.replace(self, settings=(*kept, (key, value)))
        changes: dict[str, str | int | bool] = {key: _converted(key, value)}
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def camera(self, load: Callable[[str, str], Board] = load_board) -> Board:
        """The board of this configuration; ``load`` reads a profile (callers that build many boards keep them).

        Raises:
            BoardError: unknown board, release or key, or a map that does not fit.
        """
        board = load(self.board, self.firmware)
        settings = dict(self.settings)
        if self.gc is not None:
            return _with_areas(board, self.gc, settings)
        return board.with_values(settings) if settings else board

    def described(self) -> dict[str, object]:
        """Every value, for tables; the settings by their own names."""
        row: dict[str, object] = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name not in ("settings", "gc")
        }
        if self.gc is not None:
            row["gc"] = ",".join(f"{size}" if at is None else f"{size}@0x{at:08x}" for size, at in self.gc)
        return row | dict(self.settings)


def _with_areas(board: Board, gc: tuple[tuple[int, int | None], ...], settings: dict[str, str]) -> Board:
    """Areas given one by one: only their sizes change, addresses stay."""
    areas = list(gc)
    rest = {}
    for key, value in settings.items():
        match = GC_SIZE.fullmatch(key)
        if match is None:
            rest[key] = value
            continue
        index, size = int(match[1]), _size(key, value)
        if index > len(areas):
            raise BoardError("--gc", f"there is no area {index - 1}, so {key} cannot be set")
        if index == len(areas):
            present = board.gc_areas[index].origin if index < len(board.gc_areas) else None
            areas.append((size, present))
        areas[index] = (size, areas[index][1])
    if rest:
        board = board.with_values(rest)
    return board.with_gc_areas(areas)


def _size(key: str, text: str) -> int:
    try:
        return parse_size(text)
    except ValueError as error:
        raise BoardError(key, str(error)) from error


def _converted(key: str, value: str) -> str | int | bool:
    if key in ("loops", "framebuffers"):
        if not value.isdigit() or not int(value):
            raise InputError(key, f"{value!r} is not a positive number")
        return int(value)
    if key in ("keep_output", "callback"):
        if value.lower() not in ("true", "false"):
            raise InputError(key, f"{value!r} is neither true nor false")
        return value.lower() == "true"
    allowed = _CHOICES.get(key)
    if allowed is not None and value not in allowed:
        raise InputError(key, f"{value!r} is none of {', '.join(allowed)}")
    return value


_CHOICES = {
    "load": ("rom", "file", "fb"),
    "input": ("camera", "image", "ndarray", "callable"),
    "collect": ("none", "load", "frame", "both"),
    "until": ("load", "predict"),
}
