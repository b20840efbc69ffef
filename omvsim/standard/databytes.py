"""The bytearray that ``tobytes`` gives on a part of an array's data (``mp_obj_new_bytearray_by_ref``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.memory.requests import Block
from omvsim.micropython.errors import Unknown
from omvsim.micropython.types import array_, slice_
from omvsim.micropython.types.common import index_of
from omvsim.micropython.types.items import write_item
from omvsim.micropython.values import Obj, Sentinel

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

_WHY = "grown where it is part of an array's data"


class DataBytes(array_.ByteArray):
    """Bytes of somebody else's chunk: what is stored is seen there; it cannot grow."""

    __slots__ = ("view",)

    def __init__(self, vm: Machine, address: int, view: memoryview, block: Block | None) -> None:
        Obj.__init__(self, vm.memory, address)
        self.code = array_.BYTEARRAY_CODE
        self.view = view
        self.block = block or Block(vm.memory, 0, 0)

    @property
    def data(self) -> bytearray:  # type: ignore[override]
        """A copy of its bytes, for reading."""
        return bytearray(self.view)

    @property
    def spare(self) -> int:  # type: ignore[override]
        """Asked for by whoever wants to make it longer."""
        raise Unknown("bytearray", _WHY)

    def length(self) -> int:
        return len(self.view)

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        return self.view

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        if isinstance(index, slice_.Slice):
            return super().subscr(vm, index)
        return self.view[index_of(vm, self.type_name, len(self.view), index)]

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        if isinstance(value, Sentinel):
            return False
        if not isinstance(index, slice_.Slice):
            write_item(vm, self.code, self.view, index_of(vm, self.type_name, len(self.view), index), value)
            return True
        start, stop = array_.span(vm, index, len(self.view))
        new = array_.source_items(vm, value, 1)
        if len(new) != stop - start:
            raise Unknown("bytearray", _WHY)
        self.view[start:stop] = new
        return True


__all__ = ["DataBytes"]
