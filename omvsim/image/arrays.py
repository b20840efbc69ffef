"""``array_t`` (common/array.c): a struct of four words and a table of pointers that grows by four."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.memory import sizes

if TYPE_CHECKING:
    from omvsim.memory.requests import Block
    from omvsim.world.world import CameraMachine

STRUCT: Final = 16
STEP: Final = 4


class PointerArray:
    """Elements and the chunks that each of them is (None: it has none)."""

    def __init__(self, vm: CameraMachine) -> None:
        self.vm = vm
        self.struct = vm.memory.block(STRUCT)
        self.room = STEP
        self.table = vm.memory.block(STEP * sizes.WORD)
        self.items: list[tuple[Any, Block | None]] = []

    def push(self, item: Any, block: Block | None) -> None:
        """``array_push_back``."""
        if len(self.items) == self.room:
            self.room += STEP
            self.vm.memory.resize(self.table, self.room * sizes.WORD)
        self.items.append((item, block))

    def cut(self, count: int) -> None:
        """``array_resize``: those behind are freed, the table fits."""
        if len(self.items) == count:
            return
        for _, block in self.items[count:]:
            if block is not None:
                self.vm.memory.free(block)
        del self.items[count:]
        self.room = count
        self.vm.memory.resize(self.table, count * sizes.WORD)

    def free(self) -> None:
        """``array_free``."""
        for _, block in self.items:
            if block is not None:
                self.vm.memory.free(block)
        self.items.clear()
        self.vm.memory.free(self.table)
        self.vm.memory.free(self.struct)


__all__ = ["PointerArray"]
