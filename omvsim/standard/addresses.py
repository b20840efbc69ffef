"""Memory by its address, as ``uctypes`` reaches it: the buffers whose address a script asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import ref

from omvsim.memory.requests import Block
from omvsim.memory.strings import encode
from omvsim.micropython.classes import Instance
from omvsim.micropython.errors import Unknown
from omvsim.micropython.types.array_ import Array, ByteArray
from omvsim.micropython.types.bytes_ import Bytes
from omvsim.micropython.types.items import item_size
from omvsim.micropython.types.memoryview_ import MemoryView
from omvsim.micropython.types.str_ import Str

if TYPE_CHECKING:
    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

    Data = bytes | bytearray

_WHAT = "uctypes"


class Region:
    """A chunk of the heap and its bytes. It does not keep the chunk."""

    __slots__ = ("_block", "_died", "_memory", "address", "data", "size")

    def __init__(self, memory: Memory, block: Block, data: Data) -> None:
        self.address = block.address
        self.size = block.size
        self.data = data
        self._memory = memory
        self._died: list[int] | None = None
        self._block = ref(block, self._dies)

    def _dies(self, _gone: object) -> None:
        self._died = self._memory.dead

    def block(self) -> Block | None:
        """Its chunk, None once it was freed. One that only waits for the next collection is taken back: the script
        still has the address, and what it reads there is what was there.
        """
        block = self._block()
        if block is None and self._memory.recorder is not None:
            self._memory.recorder.unrepeatable("memory is read by the address of a chunk that died")
        if block is None and self._died is self._memory.dead and self.address in self._died:
            self._died.remove(self.address)
            block = Block(self._memory, self.address, self.size)
            self._died = None
            self._block = ref(block, self._dies)
        return block if block is not None and block.address == self.address else None


class Addresses:
    """What is known of memory by address; the newest of each place."""

    def __init__(self) -> None:
        self._regions: dict[int, Region] = {}

    def remember(self, memory: Memory, block: Block, data: Data) -> int:
        """Note a chunk and its bytes; its address."""
        if block.address:
            self._regions[int(block.address)] = Region(memory, block, data)
        return memory.expose(block.address)

    def keeper(self, address: int) -> Block | None:
        """The chunk that a pointer keeps: a collection follows those to the start of a chunk only (py/gc.c)."""
        region = self._regions.get(address)
        return None if region is None else region.block()

    def window(self, address: int, size: int, *, writable: bool = False) -> memoryview:
        """The bytes from an address on.

        Raises:
            Unknown: what is there is not known, or it is written where the language has constants.
        """
        data, _, start = self.holder(address, size)
        if writable and isinstance(data, bytes) and size:
            raise Unknown(_WHAT, "written into the bytes of a constant object")
        return memoryview(data)[start : start + size]

    def holder(self, address: int, size: int) -> tuple[Data, Block | None, int]:
        """What holds those bytes, their chunk, and where the first of them is in it; Unknown as :meth:`window`."""
        if not size:
            return b"", None, 0
        for region in self._regions.values():
            start = address - int(region.address)
            if start >= 0 and start + size <= len(region.data):
                block = region.block()
                if block is not None:
                    return region.data, block, start
        raise Unknown(_WHAT, f"what is in the memory at 0x{address:08x} is not modelled")


def address_of(vm: Machine, value: Value) -> int:
    """Where the bytes of a value stand (0: it has none).

    Raises:
        Unknown: it is not known.
    """
    if isinstance(value, Instance):
        native = value.native
        if isinstance(native, Bytes | Array | MemoryView | Str):
            return address_of(vm, native)
    known = vm.part(Addresses)
    if isinstance(value, MemoryView) and value.base is not None and isinstance(value.source, bytes | bytearray):
        start = value.start * item_size(None, value.code)
        return _noted(vm, known, value.base, value.source) + start
    if type(value) in {Array, ByteArray}:
        assert isinstance(value, Array)
        return _noted(vm, known, value.block, value.data)
    if isinstance(value, Bytes | Str) and value.block is not None:
        return _noted(vm, known, value.block, value.data if isinstance(value, Bytes) else encode(value.text))
    raise Unknown("uctypes.addressof", "where these bytes stand is not known")


def _noted(vm: Machine, known: Addresses, block: Block, data: Data) -> int:
    if len(data) > block.size or not isinstance(data, bytes | bytearray):
        raise Unknown("uctypes.addressof", "where these bytes stand is not known")
    return known.remember(vm.memory, block, data)


__all__ = ["Addresses", "address_of"]
