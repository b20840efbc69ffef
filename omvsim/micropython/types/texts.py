"""What str, bytes and bytearray have in common: making a result of the type of an operand (py/objstr.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.memory import sizes
from omvsim.memory.strings import decode, encode, size_of
from omvsim.micropython.errors import Error
from omvsim.micropython.types import array_, bytes_, str_
from omvsim.micropython.types.common import bad_implicit_conversion, compare_bytes
from omvsim.micropython.values import UNSUPPORTED, BinaryOp, Sentinel, Value

if TYPE_CHECKING:
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Obj


def raw(value: object) -> str | bytes:
    """Host text of a str, host bytes of bytes and bytearray."""
    if type(value) is str:
        return value
    if isinstance(value, bytes_.Bytes):
        return value.data
    if isinstance(value, array_.ByteArray):
        return bytes(value.data)
    return str_.text_of(value)


def data_of(value: object) -> bytes:
    """The bytes of a str, bytes or bytearray."""
    data = raw(value)
    return encode(data) if isinstance(data, str) else data


def same_kind(vm: Machine, mine: object, other: Value) -> str | bytes:
    """``str_check_arg_type``: the argument's text or bytes, if it is of the same type (bytearray is as bytes)."""
    if str_.is_str(mine) is str_.is_str(other) and (str_.is_str(other) or is_bytes_like(other)):
        return raw(other)
    bad_implicit_conversion(vm, other)


def is_bytes_like(value: object) -> bool:
    """bytes or bytearray."""
    return isinstance(value, bytes_.Bytes | array_.ByteArray)


def name_of_str(vm: Machine, value: Value) -> str:
    """``mp_obj_str_get_qstr``: the name of a str, made if there is none; bytes are refused."""
    if type(value) is str:
        return value
    if isinstance(value, str_.Str):
        return vm.strings.intern(value.text)
    bad_implicit_conversion(vm, value)


def str_or_bytes(vm: Machine, value: Value) -> str | bytes:
    """``mp_obj_str_get_data``."""
    if str_.is_str(value) or isinstance(value, bytes_.Bytes):
        return raw(value)
    bad_implicit_conversion(vm, value)


def part(vm: Machine, like: object, data: str | bytes) -> Value:
    """``mp_obj_new_str_of_type``: a new value of the type of ``like``; texts may be names."""
    if isinstance(data, str):
        return str_.new_str(vm, data)
    if isinstance(like, array_.ByteArray):
        return array_.new_bytearray(vm, data)
    return bytes_.new_bytes(vm, data)


def from_block(vm: Machine, like: object, data: str | bytes, block: Block) -> Value:
    """``mp_obj_new_str_type_from_vstr`` for a buffer of exactly the size: a name frees it."""
    if isinstance(data, str):
        if vm.strings.has(data):
            vm.memory.free(block)
            return data
        return str_.Str(vm.memory, vm.memory.alloc(sizes.STR), data, block)
    if isinstance(like, array_.ByteArray):
        return array_.bytearray_of(vm, data, block)
    return bytes_.Bytes(vm.memory, vm.memory.alloc(sizes.STR), data, block)


def empty(like: object) -> Value:
    """The empty str or bytes, in ROM."""
    return "" if str_.is_str(like) else bytes_.EMPTY


def multiplied(vm: Machine, value: str | Obj, times: Value) -> Value | Sentinel:
    """``text * n``."""
    count = vm.int_of_maybe(times)
    if count is None:
        return UNSUPPORTED
    if count <= 0:
        return empty(value)
    data = raw(value)
    size = size_of(data) if isinstance(data, str) else len(data)
    block = vm.memory.block(size * count + 1)
    return from_block(vm, value, data * count, block)


def joined(
    vm: Machine, left: str | Obj, right: Value, left_size: int, right_size: int, *, rhs_is_same_type: bool
) -> Value:
    """``left + right``; an empty side costs nothing."""
    if left_size == 0 and rhs_is_same_type:
        return right
    if right_size == 0:
        return left
    block = vm.memory.block(left_size + right_size + 1)
    mine = raw(left)
    if isinstance(mine, str):
        return from_block(vm, left, mine + str_.text_of(right), block)
    from omvsim.micropython.types.buffers import buffer_of

    return from_block(vm, left, mine + bytes(buffer_of(vm, right)), block)


def compare(op: BinaryOp, left: bytes, right: bytes) -> bool | Sentinel:
    """The five orders and ``==`` of bytes."""
    return compare_bytes(op, left, right)


def no_keywords(vm: Machine, kwargs: Keywords) -> None:
    """``mp_arg_error_unimpl_kw``."""
    if kwargs:
        vm.error(Error.NOT_IMPLEMENTED, "keyword argument(s) not implemented - use normal args instead")


__all__ = [
    "compare",
    "data_of",
    "decode",
    "empty",
    "from_block",
    "is_bytes_like",
    "joined",
    "multiplied",
    "name_of_str",
    "no_keywords",
    "part",
    "raw",
    "same_kind",
    "str_or_bytes",
]
