"""Memory that a call of the image library works in: fb_alloc (up to 4.8.1) or the UMA pools (5.0.0).

Each request names what both releases ask for: the size, the hint of ``fb_alloc`` and the flags of ``uma_malloc``.
Everything is given back when the call ends. ``MemoryError`` has the release's own text.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from omvsim.heap import FbHint, UmaFlag
from omvsim.micropython.errors import Unknown
from omvsim.world.device_errors import as_exceptions
from omvsim.world.fb_stack import out_of_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.heap import FbAlloc, UmaPools
    from omvsim.world.world import CameraMachine

LINE: Final = 32
UMM_MOST: Final = 32768 * 260
"""``umm_init_x``: at most so many blocks of 256 bytes and their links (RT1062)."""


class Scratch:
    """The working memory of one call."""

    def __init__(self, vm: CameraMachine) -> None:
        self.vm = vm
        camera = vm.world.camera
        self.fb: FbAlloc | None = camera.fb_alloc
        self.uma: UmaPools | None = camera.uma
        if self.fb is None and self.uma is None:
            raise Unknown("the image library", "this board profile has neither fb_alloc nor UMA pools")

    def alloc(self, size: int, hint: int = 0, flags: int = 0) -> int | None:
        """``fb_alloc(size, hint)`` or ``uma_malloc(size, flags)``: the address; None for 0 bytes."""
        if self.fb is None:
            return self._uma(size, flags)
        with out_of_stack(self.vm):
            return self.fb.alloc(size, hint)

    def line(self, size: int) -> int | None:
        """Aligned to the cache: ``FB_ALLOC_CACHE_ALIGN``, ``UMA_CACHE``."""
        return self.alloc(size, FbHint.CACHE_ALIGN, UmaFlag.CACHE)

    def _uma(self, size: int, flags: int) -> int | None:
        assert self.uma is not None
        with as_exceptions(self.vm):
            return self.uma.malloc(size, flags)

    def free(self, address: int | None) -> None:
        """``fb_free()`` pops the newest entry; ``uma_free`` frees the one at ``address``."""
        if self.fb is not None:
            self.fb.free()
        elif address is not None and self.uma is not None:
            self.uma.free(address)

    def all(self, hint: int = 0) -> tuple[int | None, int]:
        """``fb_alloc_all``: what is left, and where (up to 4.8.1 only)."""
        assert self.fb is not None
        span = self.fb.alloc_all(hint)
        return span.address, span.size

    def umm_size(self, kept: int = 0, step: int = 1) -> int:
        """How large a heap of its own would be: what is left of fb_alloc, less ``kept`` bytes, in whole ``step``."""
        assert self.fb is not None
        return min((self.fb.avail() - kept) // step * step, UMM_MOST)

    def umm(self, kept: int = 0, step: int = 1) -> int | None:
        """``umm_init_x``."""
        return self.alloc(self.umm_size(kept, step))

    def avail(self, flags: int = 0) -> int:
        """``fb_avail()``, ``uma_avail(flags)``."""
        if self.fb is not None:
            return self.fb.avail()
        assert self.uma is not None
        return self.uma.avail(flags)


@contextmanager
def scratch(vm: CameraMachine) -> Iterator[Scratch]:
    """``fb_alloc_mark`` … ``fb_alloc_free_till_mark``: what a call asks for in between is gone behind it.

    An exception that leaves the call frees the same: by the hook of ``nlr_raise`` up to 4.8.1, by that of the frame
    that sees it on 5.0.0.
    """
    work = Scratch(vm)
    if work.fb is None:
        yield work
        return
    with out_of_stack(vm):
        work.fb.mark()
    yield work
    work.fb.free_till_mark()


__all__ = ["LINE", "Scratch", "scratch"]
