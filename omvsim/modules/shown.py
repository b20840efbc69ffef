"""Drawing a picture onto a display line by line (modules/py_spi_display.c, modules/py_tv.c): what that asks for."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from omvsim.heap import FbHint, UmaFlag
from omvsim.image import draw_image, formats
from omvsim.image.arguments import image_of, roi
from omvsim.image.converting import decoder, placed
from omvsim.image.scratch import Scratch, scratch
from omvsim.later import np
from omvsim.world.fb_stack import fb_stack, out_of_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

BUFFERS: Final = 3
PIXEL: Final = 2
FLIPPED: Final = "Vertical flip requires triple buffering!"
OPTIONS: Final = (
    *("x", "y", "x_scale", "y_scale", "roi", "rgb_channel", "alpha", "color_palette", "alpha_palette", "hint"),
)


@contextmanager
def line(work: Scratch, width: int) -> Iterator[None]:
    """The line that is sent."""
    address = work.alloc(PIXEL * width, FbHint.NO_HINT, UmaFlag.FAST)
    yield
    work.free(address)


def how_to_draw(vm: CameraMachine, given: dict[str, Any], picture: Value) -> tuple[draw_image.Source, Any]:
    """A call's picture and options, checked in the firmware's order."""
    image = image_of(vm, picture)
    area = roi(vm, image, given.get("roi"))
    how = placed(vm, given, area, vm.int_of(given.get("hint", 0)) | draw_image.BLACK)
    how.decode = decoder(image)
    return draw_image.source_of(image), how


def send(
    vm: CameraMachine, shape: tuple[int, int], code: int, source: draw_image.Source | None, how: Any, *, buffered: bool
) -> None:
    """Draw a picture (None: black), line by line or into a buffer."""
    width, height = shape
    with scratch(vm) as work:
        if source is None and buffered:
            return
        if source is None:
            with line(work, width):
                return
        values: Any = np.zeros((height, width), np.uint16 if code == formats.RGB565 else np.uint8)
        target = draw_image.Target(width, height, code, values)
        if buffered:
            draw_image.draw(work, target, source, how)
            return
        how.overridden = True
        with line(work, width):
            draw_image.draw(work, target, source, how)


def reserve(vm: CameraMachine, size: int) -> list[int | None]:
    """Three buffers that no exception frees."""
    work = Scratch(vm)
    if work.fb is None:
        return [work.alloc(size, 0, UmaFlag.CACHE | UmaFlag.PERSIST) for _ in range(BUFFERS)]
    stack = fb_stack(vm)
    with out_of_stack(vm):
        stack.mark()
        for _ in range(BUFFERS):
            stack.alloc(size, FbHint.CACHE_ALIGN)
        stack.mark_permanent()
    return [None] * BUFFERS


def give_back(vm: CameraMachine, buffers: list[int | None]) -> None:
    """Free what :func:`reserve` took."""
    work = Scratch(vm)
    if not buffers:
        return
    if work.fb is not None:
        work.fb.free_till_mark_past_permanent()
        return
    for address in buffers:
        work.free(address)


__all__ = ["FLIPPED", "OPTIONS", "give_back", "how_to_draw", "reserve", "send"]
