"""``hashlib`` (extmod/modhashlib.c): SHA-256, as the measured firmware has it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import buffers, bytes_
from omvsim.micropython.values import Obj
from omvsim.micropython.vstr import VStr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.memory import Memory
    from omvsim.micropython.values import Value

OBJECT: Final = 8 + 112
"""``mp_obj_hash_t`` and ``CRYAL_SHA256_CTX`` (measured: trace binascii_hash)."""


class Sha256(Obj):
    """A hash being made."""

    __slots__ = ("final", "host")
    type_name: ClassVar[str] = "sha256"

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.host = hashlib.sha256()
        self.final = False

    def _open(self, vm: Machine) -> None:
        if self.final:
            vm.raise_value("hash is final")

    @method("update", 2)
    def update(self, vm: Machine, data: Value) -> Value:
        """More bytes."""
        self._open(vm)
        self.host.update(bytes(buffers.buffer_of(vm, data)))
        return None

    @method("digest", 1)
    def digest(self, vm: Machine) -> Value:
        """The 32 bytes, once."""
        self._open(vm)
        self.final = True
        data = self.host.digest()
        vstr = VStr(vm.memory, len(data) + 1)
        vstr.data += data
        return bytes_.finish_bytes(vm, vstr)


def _make_new(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
    made = Sha256(vm.memory, vm.memory.alloc(OBJECT))
    if args:
        made.update(vm, args[0])
    return made


SHA256: Final = NativeType("sha256", Sha256, _make_new)


def module(vm: Machine) -> NativeModule:
    """``hashlib``."""
    return NativeModule("hashlib", {"sha256": SHA256})


__all__ = ["SHA256", "module"]
