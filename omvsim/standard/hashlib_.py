"""``hashlib`` (extmod/modhashlib.c): SHA-256 as the measured firmware has it, SHA-1 and MD5 as the port has them beside
TLS (ports/mimxrt/mpconfigport.h)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.vstr import VStr
from omvsim.micropython.modules import NativeModule
from omvsim.micropython.native import NativeType, method
from omvsim.micropython.types import buffers, bytes_
from omvsim.micropython.values import Obj

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

SHA256_OBJECT: Final = 8 + 112
"""``mp_obj_hash_t`` and ``CRYAL_SHA256_CTX`` (measured: trace binascii_hash)."""
SHA1_OBJECT, MD5_OBJECT = 8 + 92, 8 + 88
"""With ``mbedtls_sha1_context`` and ``mbedtls_md5_context`` (mbedtls/sha1.h, md5.h)."""


class Hash(Obj):
    """A hash being made."""

    __slots__ = ("final", "host")
    type_name: ClassVar[str] = "hash"
    size: ClassVar[int]

    def __init__(self, memory: Memory, address: int) -> None:
        super().__init__(memory, address)
        self.host = hashlib.new(self.type_name, usedforsecurity=False)
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
        """Its bytes, once."""
        self._open(vm)
        self.final = True
        data = self.host.digest()
        vstr = VStr(vm.memory, len(data) + 1)
        vstr.data += data
        return bytes_.finish_bytes(vm, vstr)


class Sha256(Hash):
    """32 bytes."""

    __slots__ = ()
    type_name = "sha256"
    size = SHA256_OBJECT


class Sha1(Hash):
    """20 bytes."""

    __slots__ = ()
    type_name = "sha1"
    size = SHA1_OBJECT


class Md5(Hash):
    """16 bytes."""

    __slots__ = ()
    type_name = "md5"
    size = MD5_OBJECT


def _type(kind: type[Hash]) -> NativeType:
    def make(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
        vm.check_args(len(args), len(kwargs), 0, 1, keywords=False)
        made = kind(vm.memory, vm.memory.alloc(kind.size))
        if args:
            made.update(vm, args[0])
        return made

    return NativeType(kind.type_name, kind, make)


TYPES: Final[dict[str, Value]] = {kind.type_name: _type(kind) for kind in (Sha256, Sha1, Md5)}


def module(vm: Machine) -> NativeModule:
    """``hashlib``."""
    return NativeModule("hashlib", dict(TYPES))


__all__ = ["TYPES", "module"]
