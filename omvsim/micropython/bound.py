"""Bound methods (py/objboundmeth.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from omvsim.memory import sizes
from omvsim.micropython.native import NativeType
from omvsim.micropython.values import UNSUPPORTED, BinaryOp, Obj, PrintKind, Sentinel, UnaryOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value

ARGUMENTS_ON_STACK = 4
"""Words of arguments that a call with self holds on the C stack, self not counted."""


class BoundMethod(Obj):
    """A function and the self it is called with."""

    __slots__ = ("bound", "fun")
    type_name: ClassVar[str] = "bound_method"

    def __init__(self, vm: Machine, fun: Value, bound: Value) -> None:
        super().__init__(vm.memory, vm.memory.alloc(sizes.BOUND_METHOD))
        self.fun = fun
        self.bound = bound

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """``bound_meth_call``."""
        return call_with_self(vm, self.fun, self.bound, args, kwargs)

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """Forwarded to the function."""
        found = vm.method_maybe(self.fun, name)[0]
        return UNSUPPORTED if isinstance(found, Sentinel) else found

    def unary(self, vm: Machine, op: UnaryOp) -> Value | Sentinel:
        """Only the hash: the two addresses, xor."""
        if op is not UnaryOp.HASH:
            return UNSUPPORTED
        if not vm.address_of(self.fun):
            vm.hash_of_rom("a method in ROM")
        return vm.word_of_address(vm.address_of(self.bound) ^ vm.address_of(self.fun))

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> Value | Sentinel:
        """Equal if self and function are."""
        if op is BinaryOp.EQUAL and isinstance(rhs, BoundMethod):
            return self.fun is rhs.fun and self.bound is rhs.bound
        return UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<bound_method address self.function>``."""
        for piece in ("<bound_method ", f"{self.address:x}", " "):
            out(piece)
        vm.print(self.bound, out, PrintKind.REPR)
        out(".")
        vm.print(self.fun, out, PrintKind.REPR)
        out(">")


def call_with_self(vm: Machine, fun: Value, bound: Value | Sentinel, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mp_call_method_self_n_kw``: more than four words of arguments go into a chunk for the call."""
    words = len(args) + 2 * len(kwargs)
    if words <= ARGUMENTS_ON_STACK:
        return vm.call_method(fun, bound, args, kwargs)
    block = vm.memory.block_maybe((1 + words) * sizes.WORD)
    result = vm.call_method(fun, bound, args, kwargs)
    if block is not None:
        vm.memory.free(block)
    return result


BOUND_METHOD = NativeType("bound_method", BoundMethod)

__all__ = ["BOUND_METHOD", "BoundMethod", "call_with_self"]
