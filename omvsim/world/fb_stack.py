"""fb_alloc (up to 4.8.1) for code of the camera's modules: its errors as the script's exceptions."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from omvsim.errors import DeviceMemoryError
from omvsim.micropython.errors import Error, Raised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.heap import FbAlloc
    from omvsim.world.world import CameraMachine

OUT_OF_STACK: Final = "Out of fast frame buffer stack memory"


@contextmanager
def out_of_stack(vm: CameraMachine) -> Iterator[None]:
    """A request without room inside becomes the camera's MemoryError.

    The stack has done by itself what the hook of ``nlr_raise`` does: ``alloc`` has popped to the last mark, ``mark``
    goes round the hook. So nothing is popped again here.
    """
    try:
        yield
    except DeviceMemoryError as error:
        text = error.text
    else:
        return
    raise Raised(vm.new_message(vm.exception_type(Error.MEMORY), text))


def fb_stack(vm: CameraMachine) -> FbAlloc:
    """The stack; a board profile without one has no room in it."""
    stack = vm.world.camera.fb_alloc
    if stack is None:
        vm.error(Error.MEMORY, OUT_OF_STACK)
    return stack


__all__ = ["fb_stack", "out_of_stack"]
