"""Makes values: what each kind of object asks of the heap, in the interpreter's order.

Facts: micropython/micropython v1.26.0 ``py/obj*.c``, ``py/map.c``, ``py/vstr.c``; sizes and orders measured on the
complete firmware of 4.8.1 and 5.0.0.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NoReturn

from omvsim.micropython.sizes import hash_size
from omvsim.script._errors import CLASSES, ScriptError
from omvsim.script._values import (
    SMALL_INT,
    AttrTuple,
    BigInt,
    Buffer,
    Bytes,
    Dict,
    Float,
    Iter,
    List,
    Set,
    Str,
    Tuple,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from omvsim.firmware.charges import Charge
    from omvsim.script._memory import Block, Memory

OBJECT = 16
WORD = 4
MIN_SLOTS = 4
ENTRY = 8
_SINGLE = struct.Struct("<f")


def single(value: float) -> float:
    """``value`` in single precision."""
    try:
        result: float = _SINGLE.unpack(_SINGLE.pack(value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return result


def larger_map(entries: int) -> int:
    """The next table size above ``entries``."""
    return hash_size(entries + 1)


class Maker:
    """Makes and grows values on one heap."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.alloc = memory.alloc
        self.known: set[str] = set()
        """Texts that the firmware or the script's code has as interned strings."""

    # -- numbers ------------------------------------------------------------------------------------------------

    def real(self, value: float) -> Float:
        result = Float(single(value))
        result.block = self.alloc(8, "float")
        return result

    def whole(self, value: int) -> int:
        if -SMALL_INT <= value < SMALL_INT:
            return int(value)
        result = BigInt(value)
        digits = -(-max(1, abs(value).bit_length()) // 16)
        result.blocks = (self.alloc(OBJECT, "int"), self.alloc(max(2 * digits, 8), "int: digits"))
        return result

    def number(self, value: float) -> Any:
        """A host number as the camera's."""
        if isinstance(value, bool):
            return value
        return self.whole(int(value)) if isinstance(value, int) else self.real(value)

    # -- text ---------------------------------------------------------------------------------------------------

    def text(self, value: str) -> str:
        """``mp_obj_new_str``: nothing for a known text, else object, then characters."""
        if value in self.known:
            return str(value)
        return self.text_copy(value)

    def text_copy(self, value: str) -> str:
        result = Str(value)
        block = self.alloc(OBJECT, "str")
        result.blocks = (block, self.alloc(len(value.encode()) + 1, "str: text"))
        return result

    def joined(self, value: str) -> str:
        """A text built in a buffer of its own size: characters, then the object."""
        return self.from_buffer(value, self.alloc(len(value.encode()) + 1, "str: text"))

    def from_buffer(self, value: str, buffer: Block) -> str:
        """``mp_obj_new_str_from_vstr``: the buffer is cut to the text, or freed when the text is known."""
        if value in self.known:
            self.memory.free(buffer)
            return str(value)
        self.memory.realloc(buffer, len(value.encode()) + 1)
        result = Str(value)
        result.blocks = (buffer, self.alloc(OBJECT, "str"))
        return result

    def new_bytes(self, value: bytes, *, copy: bool = False) -> bytes:
        result = Bytes(value)
        if copy:
            block = self.alloc(OBJECT, "bytes")
            result.blocks = (block, self.alloc(len(value) + 1, "bytes: data"))
        else:
            data = self.alloc(len(value) + 1, "bytes: data")
            result.blocks = (data, self.alloc(OBJECT, "bytes"))
        return result

    # -- containers ---------------------------------------------------------------------------------------------

    def new_tuple(self, items: Sequence[Any]) -> Any:
        if not items:
            return ()
        result = Tuple(items)
        result.block = self.alloc(2 * WORD + WORD * len(items), "tuple")
        return result

    def allotted(self, count: int) -> Callable[[Sequence[Any]], Tuple]:
        """A tuple whose block is asked for before its items are made."""
        block = self.alloc(2 * WORD + WORD * count, "tuple")

        def fill(items: Sequence[Any]) -> Tuple:
            result = Tuple(items)
            result.block = block
            return result

        return fill

    def attrtuple(self, names: Sequence[str], items: Sequence[Any]) -> AttrTuple:
        """A tuple whose names are a constant of the firmware: one word more."""
        result = AttrTuple(items)
        result.names = tuple(names)
        result.block = self.alloc(2 * WORD + WORD * (len(items) + 1), "named tuple")
        return result

    def new_list(self, items: Sequence[Any] = (), slots: int = 0) -> List:
        slots = max(slots or len(items), MIN_SLOTS)
        block = self.alloc(OBJECT, "list")
        return List(list(items), block, self.alloc(WORD * slots, "list: slots"), slots)

    def append(self, target: List, item: Any) -> None:
        if len(target.items) >= target.slots:
            self.memory.realloc(target.table, 2 * WORD * target.slots)
            target.slots *= 2
        target.items.append(item)

    def extended(self, items: Iterable[Any]) -> List:
        """``list(iterable)``: an empty list that is appended to."""
        result = self.new_list()
        for item in items:
            self.append(result, item)
        return result

    def new_dict(self, entries: int = 0) -> Dict:
        block = self.alloc(OBJECT, "dict")
        return Dict(block, self.alloc(ENTRY * entries, "dict: table") if entries else None, entries)

    def store(self, target: Dict, key: Any, value: Any) -> None:
        try:
            present = key in target.items
        except TypeError:
            self.throw("TypeError", f"unhashable type: '{type_name(key)}'")
        if not present:
            if target.used >= target.entries:
                self.grow(target)
            target.used += 1
        target.items[key] = value

    def grow(self, target: Dict) -> None:
        entries = larger_map(target.entries)
        table = self.alloc(ENTRY * entries, "dict: larger table")
        if target.table is not None:
            self.memory.free(target.table)
        target.table, target.entries, target.used = table, entries, len(target.items)

    def new_set(self, items: Iterable[Any]) -> Set:
        result = Set({}, self.alloc(OBJECT, "set"), None, 0)
        for item in items:
            self.add(result, item)
        return result

    def add(self, target: Set, item: Any) -> None:
        if item in target.items:
            return
        if len(target.items) >= target.entries:
            target.entries = larger_map(target.entries)
            table = self.alloc(WORD * target.entries, "set: larger table")
            if target.table is not None:
                self.memory.free(target.table)
            target.table = table
        target.items[item] = None

    def new_bytearray(self, data: bytes | bytearray) -> Buffer:
        block = self.alloc(OBJECT, "bytearray")
        table = self.alloc(len(data), "bytearray: data") if data else None
        return Buffer("bytearray", memoryview(bytearray(data)), "B", block, table)

    def buffer_on(self, data: memoryview, owner: object, kind: str = "bytearray", typecode: str = "B") -> Buffer:
        """An array object on memory that belongs to ``owner``."""
        return Buffer(kind, data, typecode, self.alloc(OBJECT, kind), None, owner)

    def iterator(self, kind: str, it: Iterator[Any], size: int = OBJECT) -> Iter:
        return Iter(kind, it, (self.alloc(size, kind),))

    # -- recorded charges ---------------------------------------------------------------------------------------

    def play(self, charges: Sequence[Charge], last: int = 0) -> list[Block]:
        """Make the requests of a tape; returns the blocks it keeps and the last ``last`` ones, in order."""
        memory = self.memory
        grown = {charge.grows for charge in charges if charge.grows is not None}
        blocks: dict[int, Block] = {}
        due: dict[int, list[Block]] = {}
        results: list[Block] = []
        for number, charge in enumerate(charges):
            for block in due.pop(number, ()):
                memory.free(block)
            if charge.grows is not None:
                memory.realloc(blocks[charge.grows], charge.size)
                continue
            block = memory.alloc(charge.size, charge.what)
            if charge.freed_before is not None:
                due.setdefault(charge.freed_before, []).append(block)
            elif charge.kept or number >= len(charges) - last:
                results.append(block)
            if number in grown:
                blocks[number] = block
        for left in due.values():
            for block in left:
                memory.free(block)
        return results

    # -- exceptions ---------------------------------------------------------------------------------------------

    def error(self, name: str, *values: Any, text_object: bool = True) -> ScriptError:
        """An exception raised by the firmware with a constant text: text object, exception, its arguments."""
        blocks = []
        if values and isinstance(values[0], str) and text_object:
            blocks.append(self.alloc(OBJECT, "exception text"))
        blocks.append(self.alloc(OBJECT, "exception"))
        if values:
            blocks.append(self.alloc(2 * WORD + WORD * len(values), "exception arguments"))
        return CLASSES[name](*values, blocks=tuple(blocks))

    def throw(self, name: str, *values: Any) -> NoReturn:
        raise self.traced(self.error(name, *values))

    def throw_formatted(self, name: str, text: str) -> NoReturn:
        """An exception whose text is built: the buffer grows from its first guess."""
        holder = self.alloc(OBJECT, "exception text")
        buffer = self.alloc(8, "exception text: buffer")
        self.memory.realloc(buffer, len(text) + 1)
        error = CLASSES[name](text, blocks=(holder, buffer, self.alloc(OBJECT, "exception")))
        error.blocks += (self.alloc(3 * WORD, "exception arguments"),)
        raise self.traced(error)

    def traced(self, error: ScriptError) -> ScriptError:
        """The traceback's first entry, made where the exception is raised."""
        py = self.memory.py
        if py.on_raise is not None:
            py.on_raise()
        if py.on_handler is not None:
            py.on_handler()
        error.blocks += (self.alloc(3 * WORD, "traceback"),)
        return error


def type_name(value: Any) -> str:
    """The camera's name of a value's type."""
    if value is None:
        return "NoneType"
    for host, name in _HOST_NAMES:
        if isinstance(value, host):
            return name
    if isinstance(value, BaseException):
        return str(getattr(value, "device_name", None) or getattr(value, "python_type", "Exception"))
    return str(getattr(value, "type_name", None) or type(value).__name__)


_HOST_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (int, "int"),
    (float, "float"),
    (str, "str"),
    (bytes, "bytes"),
    (tuple, "tuple"),
)
