"""The labels that ``ml.Model`` looks for beside the model.

``model.py`` (openmv/openmv v4.8.1, ``scripts/libraries/ml/ml-core/ml/model.py``) opens the path up to its first dot
with ``.txt`` and keeps its lines without their ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.firmware import LoadMode
from omvsim.memory import sizes
from omvsim.micropython.values import BinaryOp
from omvsim.modules.ml.data import file_object
from omvsim.standard.streams import raise_os_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

READ_BUFFER: Final = 16
ENOENT: Final = 2


def read_labels(vm: CameraMachine, path: Value) -> Value:
    """The list of labels. No such file: the camera's OSError."""
    memory = vm.memory
    fun, bound = vm.method(path, "split")
    parts = vm.call_method(fun, bound, (".",))
    stem = vm.binary(BinaryOp.ADD, vm.subscr(parts, 0), ".txt")
    del parts
    comprehension = memory.block(sizes.FUNCTION)
    text = vm.str_of(stem)
    inside = vm.new_str("/" + text.removeprefix("/").partition("/")[2])
    file = vm.world.models[vm.str_of(path)]
    in_rom = file.mode is LoadMode.ROM
    opened = file_object(memory, file.mode)
    if file.labels is None:
        if not in_rom:
            memory.free(opened)
        raise_os_error(vm, ENOENT)
    labels = _lines(vm, file.labels)
    del comprehension, inside
    return labels


def _lines(vm: CameraMachine, lines: Sequence[bytes]) -> Value:
    labels = vm.new_list(())
    for line in lines:
        buffer = _buffer(vm, line)
        text = vm.text_at(vm.memory.alloc(sizes.STR), line.decode("utf-8", "replace"), buffer)
        del buffer
        fun, bound = vm.method(text, "rstrip")
        vm.list_append(labels, vm.call_method(fun, bound, ("\n",)))
    vm.memory.free(vm.memory.block(READ_BUFFER))
    return labels


def _buffer(vm: CameraMachine, line: bytes) -> Block:
    """``stream_unbuffered_readline``: grows byte by byte (py/vstr.c), cut to size at the end."""
    buffer = vm.memory.block(READ_BUFFER)
    for length in range(READ_BUFFER + 1, len(line) + 1):
        if length > buffer.size:
            vm.memory.resize(buffer, (length & ~7) + 8 + 16)
    vm.memory.resize(buffer, len(line) + 1)
    return buffer


__all__ = ["read_labels"]
