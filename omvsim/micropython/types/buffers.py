"""The buffer protocol (``mp_get_buffer``, py/obj.c)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeGuard, runtime_checkable

from omvsim.memory.strings import encode
from omvsim.micropython.classes import Instance
from omvsim.micropython.values import Sentinel

if TYPE_CHECKING:
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value


@runtime_checkable
class HasBuffer(Protocol):
    """A type with a ``buffer`` slot."""

    def buffer(self, *, writable: bool = False) -> memoryview | None:
        """Its bytes; None if it cannot be written but should be."""

    def buffer_code(self) -> str:
        """Typecode of the items."""


@runtime_checkable
class HasChunk(Protocol):
    """A buffer whose items are in a chunk of their own."""

    def chunk(self) -> Block | None:
        """That chunk (address 0 if there are no items); None for one in ROM."""


@runtime_checkable
class HasHolder(Protocol):
    """A buffer whose bytes are somebody else's, which may grow: a view of it must not hold a window on them."""

    def holder(self) -> tuple[bytes | bytearray | memoryview, Block | None, int]:
        """What holds the bytes on the host, their chunk, and the first byte that is its own."""


@cache
def _buffered(kind: type) -> bool:
    return issubclass(kind, HasBuffer)


def has_buffer(value: Value) -> TypeGuard[HasBuffer]:
    """Whether its type has the slot; looking for it takes long, so each type is looked at once."""
    kind: type = type(value)
    return _buffered(kind)


def buffer_maybe(value: Value, *, writable: bool = False) -> memoryview | None:
    """The bytes of a value, None if it has none (or only ones to read); those of its native base for an instance."""
    if type(value) is str:
        return None if writable else memoryview(encode(value))
    if isinstance(value, Instance):
        return None if isinstance(value.native, Sentinel) else buffer_maybe(value.native, writable=writable)
    if has_buffer(value):
        return value.buffer(writable=writable)
    return None


def buffer_of(vm: Machine, value: Value, *, writable: bool = False) -> memoryview:
    """``mp_get_buffer_raise``."""
    found = buffer_maybe(value, writable=writable)
    if found is None:
        vm.raise_type("object with buffer protocol required")
    return found


def is_null(value: Value) -> bool:
    """Whether an empty buffer has no chunk at all: bytes of it get no byte for a zero (``mp_obj_new_str_copy``)."""
    chunk = value.chunk() if isinstance(value, HasChunk) else None
    return chunk is not None and chunk.address == 0


def code_of(value: Value) -> str:
    """Typecode of a value with a buffer: ``B`` for texts and bytes."""
    if isinstance(value, Instance) and not isinstance(value.native, Sentinel):
        return code_of(value.native)
    return value.buffer_code() if has_buffer(value) else "B"


__all__ = ["HasBuffer", "HasChunk", "HasHolder", "buffer_maybe", "buffer_of", "code_of", "has_buffer", "is_null"]
