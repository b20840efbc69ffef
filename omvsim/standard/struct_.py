"""``struct`` (py/modstruct.c, py/binary.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory.vstr import VStr
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import function
from omvsim.micropython.types import buffers, bytes_, tuple_
from omvsim.standard import binary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


class Layout:
    """A format: its byte order and its parts, count and type each."""

    def __init__(self, vm: Machine, text: str) -> None:
        self.vm = vm
        self.order = "@"
        if text[:1] and text[0] in "!@=<>":
            self.order = ">" if text[0] == "!" else text[0]
            text = text[1:]
        self.text = text
        self.size, self.items = self._measure()

    def parts(self) -> Iterator[tuple[int, str]]:
        """Count and type of each part."""
        at = 0
        while at < len(self.text):
            start = at
            while at < len(self.text) and self.text[at].isdigit():
                at += 1
            count = int(self.text[start:at]) if at > start else 1
            yield count, self.text[at : at + 1]
            at += 1

    def _measure(self) -> tuple[int, int]:
        """``calc_size_items``: bytes and values."""
        size = items = 0
        for count, kind in self.parts():
            if kind == "x":
                size += count
            elif kind == "s":
                items += 1
                size += count
            else:
                items += count
                width, align = binary.size_and_alignment(self.vm, self.order, kind)
                for _ in range(min(count, 1)):
                    size = (size + align - 1) & -align
                size += width * count
        return size, items


@function("calcsize", 1)
def _calcsize(vm: Machine, form: Value) -> Value:
    return Layout(vm, vm.str_of(form)).size


def _unpack(vm: Machine, form: Value, source: Value, *offset: Value) -> Value:
    layout = Layout(vm, vm.str_of(form))
    made = tuple_.new_tuple(vm, (None,) * layout.items)
    data = bytes(buffers.buffer_of(vm, source))
    start = vm.int_of(offset[0]) if offset else 0
    if start < 0:
        start += len(data)
    if start < 0 or start + layout.size > len(data):
        vm.raise_value("buffer too small")
    at = start
    values: list[Value] = []
    for count, kind in layout.parts():
        if len(values) >= layout.items:
            break
        if kind == "x":
            at += count
        elif kind == "s":
            values.append(bytes_.new_bytes(vm, data[at : at + count]))
            at += count
        else:
            for _ in range(count):
                value, at = binary.read(vm, layout.order, kind, data, start, at)
                values.append(value)
    made.items = tuple(values)
    return made


def _write(vm: Machine, layout: Layout, target: memoryview | bytearray, args: Sequence[Value]) -> None:
    """``struct_pack_into_internal``: stops where values or format end."""
    at = 0
    used = 0
    for count, kind in layout.parts():
        if used >= len(args):
            return
        if kind == "x":
            target[at : at + count] = bytes(count)
            at += count
        elif kind == "s":
            data = bytes(buffers.buffer_of(vm, args[used]))[:count]
            used += 1
            target[at : at + count] = data.ljust(count, b"\0")
            at += count
        else:
            for value in args[used : used + count]:
                at = binary.write(vm, layout.order, kind, value, target, at)
            used += count


@function("pack", 1, None)
def _pack(vm: Machine, form: Value, *args: Value) -> Value:
    layout = Layout(vm, vm.str_of(form))
    vstr = VStr(vm.memory, layout.size + 1)
    vstr.data.extend(bytes(layout.size))
    _write(vm, layout, vstr.data, args)
    return bytes_.finish_bytes(vm, vstr)


@function("pack_into", 3, None)
def _pack_into(vm: Machine, form: Value, target: Value, offset: Value, *args: Value) -> Value:
    room = buffers.buffer_of(vm, target, writable=True).cast("B")
    start = vm.int_of(offset)
    if start < 0:
        start += len(room)
    layout = Layout(vm, vm.str_of(form))
    if start < 0 or start + layout.size > len(room):
        vm.raise_value("buffer too small")
    _write(vm, layout, room[start:], args)
    return None


_UNPACK: Final = function("unpack", 2, 3)(_unpack)
_UNPACK_FROM: Final = function("unpack_from", 2, 3)(_unpack)


def module(vm: Machine) -> NativeModule:
    """``struct``."""
    functions = (_calcsize, _pack, _pack_into, _UNPACK, _UNPACK_FROM)
    return NativeModule("struct", {each.name: each for each in functions})


__all__ = ["module"]
