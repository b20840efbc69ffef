"""``uctypes`` (extmod/moductypes.c of v1.26.0): structures over memory by address."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.memory.requests import Block
from omvsim.micropython.errors import Error, Unknown
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, function
from omvsim.micropython.types import buffers, bytes_
from omvsim.micropython.types.array_ import BYTEARRAY_CODE, ByteArray
from omvsim.micropython.types.dict_ import Dict, get_item
from omvsim.micropython.types.items import read_item, write_item
from omvsim.micropython.types.tuple_ import Tuple
from omvsim.micropython.values import UNSUPPORTED, Obj, PrintKind, Sentinel, UnaryOp, Value
from omvsim.standard import binary, layouts
from omvsim.standard.addresses import Addresses, address_of
from omvsim.standard.databytes import DataBytes
from omvsim.standard.layouts import Measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out

_STRUCT: Final = 16
"""``mp_obj_uctypes_struct_t``: type, descriptor, address, flags."""
_WORD: Final = 0xFFFFFFFF
_ALIGNED: Final = frozenset("Qqfd")
"""Types whose native access is a fault of the processor at an address that is no multiple of four (Armv7-M: LDRD and
VLDR)."""


class BytesAt(DataBytes):
    """``mp_obj_new_bytearray_by_ref`` at an address: what is there is looked up when it is read."""

    __slots__ = ("extent", "known", "place")

    def __init__(self, vm: Machine, place: int, count: int) -> None:
        Obj.__init__(self, vm.memory, vm.memory.alloc(sizes.ARRAY))
        self.code = BYTEARRAY_CODE
        self.known = vm.part(Addresses)
        self.place = place
        self.extent = count
        self.block = self.known.keeper(place) or Block(vm.memory, 0, 0)

    @property
    def view(self) -> memoryview:  # type: ignore[override]  # no window is held: its source may grow
        """Its bytes."""
        return self.known.window(self.place, self.extent)

    @property
    def data(self) -> bytearray:  # type: ignore[override]
        """A copy of its bytes, for reading."""
        return bytearray(self.known.window(self.place, self.extent))

    def length(self) -> int:
        return self.extent

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        self.known.window(self.place, self.extent, writable=True)
        return super().set_subscr(vm, index, value)

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        return self.known.window(self.place, self.extent, writable=writable)

    def holder(self) -> tuple[bytes | bytearray, Block | None, int]:
        """For views."""
        return self.known.holder(self.place, self.extent)


class Struct(Obj):
    """A descriptor at an address; ``kept`` is the chunk that its pointer keeps."""

    __slots__ = ("desc", "flags", "kept", "place", "vm")
    type_name: ClassVar[str] = "struct"

    def __init__(self, vm: Machine, desc: Value, place: int, flags: int) -> None:
        super().__init__(vm.memory, vm.memory.alloc(_STRUCT))
        self.vm = vm
        self.desc = desc
        self.place = place & _WORD
        self.flags = flags
        self.kept = vm.part(Addresses).keeper(self.place)

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """All its bytes."""
        return self.vm.part(Addresses).window(self.place, self.size(), writable=writable)

    def holder(self) -> tuple[bytes | bytearray, Block | None, int]:
        """For views."""
        return self.vm.part(Addresses).holder(self.place, self.size())

    def size(self) -> int:
        """Bytes; TypeError for what is no descriptor."""
        return Measure(self.vm, self.flags).size(self.desc)

    def buffer_code(self) -> str:
        """As a bytearray's."""
        return BYTEARRAY_CODE

    def aggregate(self) -> int | None:
        """Kind of a descriptor that is a tuple."""
        if isinstance(self.desc, Tuple) and layouts.is_tuple(self.desc):
            return layouts.type_of(layouts.number_at(self.desc, 0), layouts.AGGREGATE_BITS)
        return None

    def pointer(self) -> int:
        """The word at its address."""
        return int.from_bytes(self.vm.part(Addresses).window(self.place, layouts.POINTER), "little")

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        if op is UnaryOp.INT and self.aggregate() == layouts.PTR:
            return vm.new_int(self.pointer())
        return UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        if isinstance(self.desc, Dict):
            name = "STRUCT"
        else:
            found = self.aggregate()
            name = "ERROR" if found is None else {layouts.PTR: "PTR", layouts.ARRAY: "ARRAY"}.get(found, "unk")
        for piece in ("<struct ", name, " ", f"{self.place:x}", ">"):
            out(piece)

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        field = self._field(vm, name)
        if type(field) is int:
            return self._read_field(vm, field)
        return self._part(vm, field)

    def set_attr(self, vm: Machine, name: str, value: Value | Sentinel) -> bool:
        """To delete is to read, without a result (``dest[1]`` is ``MP_OBJ_NULL``)."""
        if isinstance(value, Sentinel):
            return not isinstance(self.attr(vm, name), Sentinel)
        field = self._field(vm, name)
        if type(field) is not int:
            layouts.syntax_error(vm)
        kind = layouts.type_of(field, layouts.VALUE_BITS)
        offset = layouts.rest_of(field, layouts.VALUE_BITS)
        if kind in layouts.BITFIELDS:
            self._write_bits(vm, kind, offset, value)
        else:
            _write(vm, self.flags, kind, self.place + offset, value)
        return True

    def _field(self, vm: Machine, name: str) -> Value:
        if not isinstance(self.desc, Dict):
            vm.raise_type("struct: no fields")
        return get_item(vm, self.desc, name)

    def _read_field(self, vm: Machine, field: int) -> Value:
        kind = layouts.type_of(field, layouts.VALUE_BITS)
        offset = layouts.rest_of(field, layouts.VALUE_BITS)
        if kind not in layouts.BITFIELDS:
            return _read(vm, self.flags, kind, self.place + offset)
        first, length, at = _bits(offset)
        word = self._word(vm, kind, at)
        return vm.new_int((word & _WORD) >> first & ((1 << length) - 1))

    def _word(self, vm: Machine, kind: int, offset: int) -> int:
        """The number that bits are in; of a signed type it is extended unless the layout is the native one."""
        native = self.flags == layouts.NATIVE
        window = vm.part(Addresses).window(self.place + offset, layouts.scalar_size(kind))
        order = "big" if self.flags and not native else "little"
        return int.from_bytes(window, order, signed=bool(kind & 1) and not native)  # type: ignore[arg-type]

    def _write_bits(self, vm: Machine, kind: int, offset: int, value: Value) -> None:
        first, length, at = _bits(offset)
        word = self._word(vm, kind, at)
        mask = (1 << length) - 1
        size = layouts.scalar_size(kind)
        word = (word & ~(mask << first)) | ((vm.int_of(value) & mask) << first)
        target = vm.part(Addresses).window(self.place + at, size, writable=True)
        target[:] = (word & ((1 << 8 * size) - 1)).to_bytes(size, "big" if self.flags == layouts.BIG else "little")

    def _part(self, vm: Machine, field: Value) -> Value | Sentinel:
        """A structure, array or pointer inside: an object of its own; bytes are a bytearray on the memory."""
        if not isinstance(field, Tuple) or not layouts.is_tuple(field):
            layouts.syntax_error(vm)
        number = layouts.number_at(field, 0)
        kind = layouts.type_of(number, layouts.AGGREGATE_BITS)
        place = self.place + layouts.rest_of(number, layouts.AGGREGATE_BITS)
        if kind == layouts.STRUCT:
            return Struct(vm, layouts.item_at(field, 1), place, self.flags)
        if kind not in {layouts.ARRAY, layouts.PTR}:
            return UNSUPPORTED
        scalars = kind == layouts.ARRAY and len(field.items) == 2
        if scalars and layouts.type_of(layouts.number_at(field, 1), layouts.VALUE_BITS) == 0:
            return BytesAt(vm, place & _WORD, Measure(vm, self.flags).aggregate(field))
        return Struct(vm, field, place, self.flags)

    def subscr(self, vm: Machine, index: Value) -> Value | Sentinel:
        kind, at = self._index(vm, index)
        assert isinstance(self.desc, Tuple)
        if kind == layouts.PTR:
            base = self.pointer()
            item = layouts.item_at(self.desc, 1)
            if type(item) is int:
                scalar = layouts.type_of(item, layouts.VALUE_BITS)
                return _read(vm, layouts.NATIVE, scalar, base + at * layouts.scalar_size(scalar))
        else:
            if len(self.desc.items) == 2:
                scalar, place = self._scalar(at)
                return _read(vm, self.flags, scalar, place)
            base, item = self.place, layouts.item_at(self.desc, 2)
        size = Measure(vm, self.flags).size(item)
        return Struct(vm, item, base + size * at, self.flags)

    def set_subscr(self, vm: Machine, index: Value, value: Value | Sentinel) -> bool:
        """What is stored through a pointer is only read, without a result."""
        if isinstance(value, Sentinel):
            return False
        kind, at = self._index(vm, index)
        assert isinstance(self.desc, Tuple)
        if kind == layouts.PTR:
            self.subscr(vm, index)
            return True
        if len(self.desc.items) != 2:
            return False
        scalar, place = self._scalar(at)
        _write(vm, self.flags, scalar, place, value)
        return True

    def _index(self, vm: Machine, index: Value) -> tuple[int, int]:
        kind = self.aggregate()
        if kind is None:
            vm.raise_type("struct: can't index")
        if type(index) is not int or kind not in {layouts.ARRAY, layouts.PTR}:
            raise Unknown("uctypes.struct", "indexed with what is no small number, or what is no array or pointer")
        if kind == layouts.ARRAY:
            assert isinstance(self.desc, Tuple)
            if index >= layouts.rest_of(layouts.number_at(self.desc, 1), layouts.VALUE_BITS):
                vm.error(Error.INDEX, "struct: index out of range")
        return kind, index

    def _scalar(self, at: int) -> tuple[int, int]:
        assert isinstance(self.desc, Tuple)
        scalar = layouts.type_of(layouts.number_at(self.desc, 1), layouts.VALUE_BITS)
        return scalar, self.place + at * layouts.scalar_size(scalar)


def _bits(offset: int) -> tuple[int, int, int]:
    """First bit, number of bits, and the offset of the number they are in."""
    return (
        (offset >> layouts.OFFSET_BITS) & 31,
        (offset >> layouts.LENGTH_BITS) & 31,
        offset & ((1 << layouts.OFFSET_BITS) - 1),
    )


def _code(kind: int, flags: int, place: int) -> str:
    code = layouts.CODES[kind]
    if code == "-":
        raise Unknown("uctypes.struct", "bits as items of an array")
    if flags == layouts.NATIVE and code in _ALIGNED and place % layouts.POINTER:
        raise Unknown("uctypes.struct", "a native number of this type that is not aligned: the processor may fault")
    return code


def _read(vm: Machine, flags: int, kind: int, place: int) -> Value:
    """``get_aligned`` or ``get_unaligned``."""
    code = _code(kind, flags, place)
    data = bytes(vm.part(Addresses).window(place & _WORD, layouts.scalar_size(kind)))
    if flags == layouts.NATIVE:
        return read_item(vm, code, data, 0)
    return binary.read(vm, ">" if flags else "<", code, data, 0, 0)[0]


def _write(vm: Machine, flags: int, kind: int, place: int, value: Value) -> None:
    """``set_aligned`` or ``set_unaligned``."""
    code = _code(kind, flags, place)
    cell = bytearray(layouts.scalar_size(kind))
    if flags == layouts.NATIVE:
        write_item(vm, code, cell, 0, value)
    else:
        binary.write(vm, ">" if flags else "<", code, value, cell, 0)
    vm.part(Addresses).window(place & _WORD, len(cell), writable=True)[:] = cell


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 2, 3, keywords=False)
    made = Struct(vm, args[1], 0, layouts.NATIVE)
    made.place = vm.small_of(args[0]) & _WORD
    made.kept = vm.part(Addresses).keeper(made.place)
    if len(args) == 3:
        made.flags = vm.int_of(args[2])
    return made


@function("sizeof", 1, 2)
def _sizeof(vm: Machine, value: Value, *layout: Value) -> Value:
    if isinstance(value, ByteArray):
        return value.length()
    if isinstance(value, Struct):
        if layout:
            vm.raise_type()
        return value.size()
    return Measure(vm, vm.int_of(layout[0]) if layout else layouts.NATIVE).size(value)


@function("addressof", 1)
def _addressof(vm: Machine, value: Value) -> Value:
    if isinstance(value, Struct):
        value.size()
        return vm.new_int(value.place)
    if isinstance(value, BytesAt):
        return vm.new_int(value.place)
    buffers.buffer_of(vm, value).release()
    return vm.new_int(address_of(vm, value))


@function("bytes_at", 2)
def _bytes_at(vm: Machine, place: Value, size: Value) -> Value:
    window = vm.part(Addresses).window(vm.small_of(place) & _WORD, vm.small_of(size) & _WORD)
    return bytes_.new_bytes(vm, bytes(window))


@function("bytearray_at", 2)
def _bytearray_at(vm: Machine, place: Value, size: Value) -> Value:
    return BytesAt(vm, vm.small_of(place) & _WORD, vm.small_of(size) & _WORD)


_TYPE: Final = NativeType("struct", Struct, _make_new)
_ALIASES: Final = {
    **{"VOID": "UINT8", "SHORT": "INT16", "USHORT": "UINT16", "INT": "INT32", "UINT": "UINT32"},
    **{"LONG": "INT32", "ULONG": "UINT32", "LONGLONG": "INT64", "ULONGLONG": "UINT64"},
}
"""C's names of types on ARM."""


def module(vm: Machine) -> NativeModule:
    """``uctypes``."""
    names: dict[str, Value] = {"struct": _TYPE}
    names |= {each.name: each for each in (_sizeof, _addressof, _bytes_at, _bytearray_at)}
    names |= {"NATIVE": layouts.NATIVE, "LITTLE_ENDIAN": layouts.LITTLE, "BIG_ENDIAN": layouts.BIG}
    types = {name: layouts.constant(kind, layouts.VALUE_BITS) for kind, name in enumerate(layouts.SCALARS)}
    names |= types
    names |= {name: types[same] for name, same in _ALIASES.items()}
    names |= {"BF_POS": layouts.OFFSET_BITS, "BF_LEN": layouts.LENGTH_BITS}
    names["PTR"] = layouts.constant(layouts.PTR, layouts.AGGREGATE_BITS)
    names["ARRAY"] = layouts.constant(layouts.ARRAY, layouts.AGGREGATE_BITS)
    return NativeModule("uctypes", names)


__all__ = ["module"]
