"""Reads .mpy files (version 6.3, py/persistentcode.c) and decodes their bytecode (py/bc.h, py/bc0.h) as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from omvsim.micropython.isa import Code
from omvsim.micropython.values import BinaryOp, UnaryOp

STATIC: Final = 165
_KINDS: Final = {5: "str", 6: "bytes", 7: "int", 8: "float", 9: "complex"}
_NAMES: Final = {
    0x10: Code.LOAD_CONST_STRING, 0x11: Code.LOAD_NAME, 0x12: Code.LOAD_GLOBAL, 0x13: Code.LOAD_ATTR,
    0x14: Code.LOAD_METHOD, 0x15: Code.LOAD_SUPER_METHOD, 0x16: Code.STORE_NAME, 0x17: Code.STORE_GLOBAL,
    0x18: Code.STORE_ATTR, 0x19: Code.DELETE_NAME, 0x1A: Code.DELETE_GLOBAL, 0x1B: Code.IMPORT_NAME,
    0x1C: Code.IMPORT_FROM,
}  # fmt: skip
_NUMBERS: Final = {
    0x23: Code.LOAD_CONST_OBJ, 0x24: Code.LOAD_FAST, 0x25: Code.LOAD_DEREF, 0x26: Code.STORE_FAST,
    0x27: Code.STORE_DEREF, 0x28: Code.DELETE_FAST, 0x29: Code.DELETE_DEREF, 0x2A: Code.BUILD_TUPLE,
    0x2B: Code.BUILD_LIST, 0x2C: Code.BUILD_MAP, 0x2D: Code.BUILD_SET, 0x2E: Code.BUILD_SLICE, 0x2F: Code.STORE_COMP,
    0x30: Code.UNPACK_SEQUENCE, 0x31: Code.UNPACK_EX, 0x32: Code.MAKE_FUNCTION, 0x33: Code.MAKE_FUNCTION_DEFARGS,
    0x34: Code.CALL_FUNCTION, 0x35: Code.CALL_FUNCTION_VAR_KW, 0x36: Code.CALL_METHOD, 0x37: Code.CALL_METHOD_VAR_KW,
}  # fmt: skip
_CLOSURES: Final = {0x20: Code.MAKE_CLOSURE, 0x21: Code.MAKE_CLOSURE_DEFARGS}
_JUMPS: Final = {
    0x40: Code.UNWIND_JUMP, 0x42: Code.JUMP, 0x43: Code.POP_JUMP_IF_TRUE, 0x44: Code.POP_JUMP_IF_FALSE,
    0x45: Code.JUMP_IF_TRUE_OR_POP, 0x46: Code.JUMP_IF_FALSE_OR_POP, 0x47: Code.SETUP_WITH, 0x48: Code.SETUP_EXCEPT,
    0x49: Code.SETUP_FINALLY, 0x4A: Code.POP_EXCEPT_JUMP, 0x4B: Code.FOR_ITER,
}  # fmt: skip
_LAST_SIGNED: Final = 0x44
_PLAIN: Final = {
    0x50: Code.LOAD_CONST_FALSE, 0x51: Code.LOAD_CONST_NONE, 0x52: Code.LOAD_CONST_TRUE, 0x53: Code.LOAD_NULL,
    0x54: Code.LOAD_BUILD_CLASS, 0x55: Code.LOAD_SUBSCR, 0x56: Code.STORE_SUBSCR, 0x57: Code.DUP_TOP,
    0x58: Code.DUP_TOP_TWO, 0x59: Code.POP_TOP, 0x5A: Code.ROT_TWO, 0x5B: Code.ROT_THREE, 0x5C: Code.WITH_CLEANUP,
    0x5D: Code.END_FINALLY, 0x5E: Code.GET_ITER, 0x5F: Code.GET_ITER_STACK, 0x62: Code.STORE_MAP,
    0x63: Code.RETURN_VALUE, 0x64: Code.RAISE_LAST, 0x65: Code.RAISE_OBJ, 0x66: Code.RAISE_FROM,
    0x67: Code.YIELD_VALUE, 0x68: Code.YIELD_FROM, 0x69: Code.IMPORT_STAR,
}  # fmt: skip


class Bytes:
    """Bytes read one after the other."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def uint(self) -> int:
        value = 0
        while True:
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value

    def int(self) -> int:
        first = self.data[self.at]
        value = -1 if first & 0x40 else 0
        while True:
            byte = self.byte()
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                return value


@dataclass
class Function:
    """One function of a file: what its prelude says, its instructions as text, their lines."""

    name: str = ""
    arguments: tuple[str, ...] = ()
    n_state: int = 0
    n_exc_stack: int = 0
    flags: int = 0
    counts: tuple[int, int, int] = (0, 0, 0)
    cells: tuple[int, ...] = ()
    listing: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    size: int = 0
    children: list[Function] = field(default_factory=list)


class Mpy:
    """A file. ``static``: the names that the format has by number."""

    def __init__(self, data: bytes, static: tuple[str, ...]) -> None:
        self.bytes = Bytes(data)
        self.static = static
        assert self.bytes.take(2) == b"M\x06"
        self.bytes.take(2)
        names, objects = self.bytes.uint(), self.bytes.uint()
        self.names = [self._name() for _ in range(names)]
        self.objects = [self._object() for _ in range(objects)]
        self.module = self._function()

    def _name(self) -> str:
        length = self.bytes.uint()
        if length & 1:
            return self.static[(length >> 1) - 1]
        text = self.bytes.take((length >> 1) + 1)[:-1]
        return text.decode("utf-8", "surrogateescape")

    def _object(self) -> str:
        """A constant as it is printed: kind and text of numbers are the file's."""
        kind = self.bytes.byte()
        if kind in (0, 1, 2, 3, 4):
            return ("function table", "None", "False", "True", "Ellipsis")[kind]
        count = self.bytes.uint()
        if kind == 10:
            return "(" + ", ".join(self._object() for _ in range(count)) + ")"
        text = self.bytes.take(count + (kind in (5, 6)))
        text = text[:-1] if kind in (5, 6) else text
        if kind == 5:
            return repr(text.decode("utf-8", "surrogateescape"))
        return repr(text) if kind == 6 else text.decode()

    def _function(self) -> Function:
        head = self.bytes.uint()
        data = self.bytes.take(head >> 3)
        assert head & 3 == 0, "machine code"
        made = self._decode(data)
        if head & 4:
            made.children = [self._function() for _ in range(self.bytes.uint())]
        return made

    def _decode(self, data: bytes) -> Function:
        source = Bytes(data)
        made = Function(size=len(data))
        self._signature(source, made)
        info, cells = _prelude_size(source)
        start = source.at
        name, *arguments = (self.names[source.uint()] for _ in range(1 + made.counts[0] + made.counts[1]))
        made.name, made.arguments = name, tuple(arguments)
        table = data[source.at : start + info]
        made.cells = tuple(data[start + info : start + info + cells])
        base = start + info + cells
        self._instructions(Bytes(data, base), base, made, table)
        return made

    def _signature(self, source: Bytes, made: Function) -> None:
        z = source.byte()
        state, exc, args = z >> 3 & 0xF, z >> 2 & 1, z & 3
        flags = keyword_only = defaults = n = 0
        while z & 0x80:
            z = source.byte()
            state |= (z & 0x30) << 2 * n
            exc |= (z & 2) << n
            flags |= (z >> 6 & 1) << n
            args |= (z & 4) << n
            keyword_only |= (z >> 3 & 1) << n
            defaults |= (z & 1) << n
            n += 1
        made.n_state, made.n_exc_stack, made.flags = state + 1, exc, flags
        made.counts = args, keyword_only, defaults

    def _instructions(self, source: Bytes, base: int, made: Function, table: bytes) -> None:
        starts: list[int] = []
        found: list[tuple[Code, object]] = []
        while source.at < len(source.data):
            starts.append(source.at)
            found.append(self._instruction(source))
        index = {at: number for number, at in enumerate(starts)}
        for code, arg in found:
            made.listing.append(f"{code.name} {_shown(code, arg, index)}".rstrip())
        made.lines = [_line(table, at - base) for at in starts]

    def _instruction(self, source: Bytes) -> tuple[Code, object]:
        op = source.byte()
        if op >= 0x70:
            return _short(op)
        if op in _PLAIN:
            return _PLAIN[op], None
        if op in _NAMES:
            return _NAMES[op], self.names[source.uint()]
        if op in _NUMBERS:
            number = source.uint()
            return _NUMBERS[op], self.objects[number] if op == 0x23 else number
        if op in _CLOSURES:
            return _CLOSURES[op], (source.uint(), source.byte())
        if op in _JUMPS:
            return _JUMPS[op], _target(source, op)
        assert op == 0x22, hex(op)
        return Code.LOAD_CONST_SMALL_INT, source.int()


def _short(op: int) -> tuple[Code, object]:
    """Bytecodes that hold their argument."""
    if op < 0xB0:
        return Code.LOAD_CONST_SMALL_INT, op - 0x70 - 16
    if op < 0xD0:
        return (Code.LOAD_FAST if op < 0xC0 else Code.STORE_FAST), op & 0xF
    if op < 0xD7:
        return Code.UNARY_OP, list(UnaryOp)[op - 0xD0].value or "not"
    return Code.BINARY_OP, list(BinaryOp)[op - 0xD7].value


def _shown(code: Code, arg: object, index: dict[int, int]) -> str:
    """An argument, labels as numbers of instructions."""
    if code is Code.UNWIND_JUMP:
        assert isinstance(arg, tuple)
        return str((index[arg[0]], arg[1], arg[2]))
    if code in _JUMPS.values():
        assert isinstance(arg, int)
        return str(index[arg])
    return "" if arg is None else str(arg)


def _target(source: Bytes, op: int) -> object:
    value = source.byte()
    if value & 0x80:
        value = value & 0x7F | source.byte() << 7
        value -= 0x4000 if op <= _LAST_SIGNED else 0
    elif op <= _LAST_SIGNED:
        value -= 0x40
    target = source.at + value
    if op != 0x40:
        return target
    unwinding = source.byte()
    return target, unwinding & 0x7F, bool(unwinding & 0x80)


def _prelude_size(source: Bytes) -> tuple[int, int]:
    info = cells = n = 0
    while True:
        z = source.byte()
        info |= (z >> 1 & 0x3F) << 6 * n
        cells |= (z & 1) << n
        n += 1
        if not z & 0x80:
            return info, cells


def _line(table: bytes, offset: int) -> int:
    """``mp_bytecode_get_source_line``."""
    line, at = 1, 0
    while at < len(table):
        first = table[at]
        if first & 0x80:
            skip, lines, step = first & 0xF, (first << 4 & 0x700) | table[at + 1], 2
        else:
            skip, lines, step = first & 0x1F, first >> 5, 1
        if offset < skip:
            break
        offset -= skip
        line += lines
        at += step
    return line
