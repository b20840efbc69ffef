"""What all scopes of one compilation share: names, constant objects, children (``mp_emit_common_t``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.memory import sizes

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.memory.requests import Memory
    from omvsim.micropython.values import Value


class NameTable:
    """The names that the code uses, numbered in the order of their first use: a hash table with one slot at first.

    Args:
        memory: where it stands.
        file: name of the source file, the first name.
    """

    def __init__(self, memory: Memory, file: str) -> None:
        self.memory = memory
        self.slots = 1
        self.block = memory.block(self.slots * sizes.MAP_ENTRY)
        self.numbers: dict[str, int] = {}
        self.use(file)

    def use(self, name: str) -> int:
        """``mp_emit_common_use_qstr``: the number of a name. A full table is made anew before the old one goes."""
        number = self.numbers.get(name)
        if number is None:
            number = len(self.numbers)
            if number == self.slots:
                self.slots = sizes.hash_size(self.slots + 1)
                old, self.block = self.block, self.memory.block(self.slots * sizes.MAP_ENTRY)
                self.memory.free(old)
            self.numbers[name] = number
        return number


class ConstantTable:
    """The constant objects that the code uses: a list with four slots at first, which doubles.

    Args:
        memory: where it stands.
        same: whether two constants are one (``strictly_equal`` in py/emitcommon.c).
    """

    def __init__(self, memory: Memory, same: Callable[[Value, Value], bool]) -> None:
        self.memory = memory
        self.same = same
        self.slots = sizes.LIST_MIN_ALLOC
        self.block = memory.block(self.slots * sizes.WORD)
        self.items: list[Value] = []

    def use(self, value: Value) -> int:
        """``mp_emit_common_use_const_obj``: the number of a constant."""
        for number, item in enumerate(self.items):
            if self.same(item, value):
                return number
        if len(self.items) == self.slots:
            self.memory.resize(self.block, 2 * self.slots * sizes.WORD)
            self.slots *= 2
        self.items.append(value)
        return len(self.items) - 1


__all__ = ["ConstantTable", "NameTable"]
