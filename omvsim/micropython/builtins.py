"""Built-in functions on any values (py/modbuiltins.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.objects import OBJECTS
from omvsim.micropython.types import float_, int_, list_, str_
from omvsim.micropython.values import NULL, SMALL_INT_MAX, BinaryOp, PrintKind, Sentinel, UnaryOp
from omvsim.micropython.vstr import VStr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

UNICODE_END: Final = 0x110000


@function("abs", 1)
def _abs(vm: Machine, value: Value) -> Value:
    return vm.unary(UnaryOp.ABS, value)


@function("all", 1)
def _all(vm: Machine, value: Value) -> Value:
    return all(vm.truth(item) for item in vm.items(value))


@function("any", 1)
def _any(vm: Machine, value: Value) -> Value:
    return any(vm.truth(item) for item in vm.items(value))


@function("bin", 1)
def _bin(vm: Machine, value: Value) -> Value:
    fun, bound = vm.method("{:#b}", "format")
    return vm.call_method(fun, bound, (value,))


@function("hex", 1)
def _hex(vm: Machine, value: Value) -> Value:
    return vm.binary(BinaryOp.MODULO, "%#x", value)


@function("oct", 1)
def _oct(vm: Machine, value: Value) -> Value:
    return vm.binary(BinaryOp.MODULO, "%#o", value)


@function("chr", 1)
def _chr(vm: Machine, value: Value) -> Value:
    """``mp_obj_new_str_via_qstr``: the letter becomes a name."""
    code = vm.int_of(value)
    if not 0 <= code < UNICODE_END:
        vm.raise_value("chr() arg not in range(0x110000)")
    return vm.strings.intern(chr(code))


@function("ord", 1)
def _ord(vm: Machine, value: Value) -> Value:
    if vm.type_name(value) == "bytes":
        data = bytes(vm.buffer_of(value))
        if len(data) == 1:
            return data[0]
        length = len(data)
    else:
        text = vm.str_of(value)
        if len(text) == 1:
            return ord(text)
        length = len(text)
    vm.raise_type("ord() expected a character, but string of length %d found", length)


@function("dir", 0, 1)
def _dir(vm: Machine, *args: Value) -> Value:
    """Names of the local scope, or of an object: every name that exists is tried, in the pool's order."""
    found = vm.new_list(())
    if not args:
        table = vm.locals.map  # type: ignore[attr-defined]  # a dict
        for entry in table.entries():
            vm.list_append(found, entry.key)
        return found
    for name in (*sorted(vm.strings.built_in), *list(vm.strings.added)):
        if vm.attribute_quietly(args[0], name) is not NULL:
            vm.list_append(found, name)
    return found


@function("divmod", 2)
def _divmod(vm: Machine, lhs: Value, rhs: Value) -> Value:
    return vm.binary(BinaryOp.DIVMOD, lhs, rhs)


@function("hash", 1)
def _hash(vm: Machine, value: Value) -> Value:
    return vm.unary(UnaryOp.HASH, value)


@function("id", 1)
def _id(vm: Machine, value: Value) -> Value:
    address = vm.word_for(value)
    return address if address <= SMALL_INT_MAX else vm.new_int(address)


@function("len", 1)
def _len(vm: Machine, value: Value) -> Value:
    return vm.length(value)


def _best(vm: Machine, args: Sequence[Value], kwargs: Keywords, op: BinaryOp) -> Value:
    """``mp_builtin_min_max``: keywords other than key and default are passed over."""
    named = dict(kwargs)
    key = named.get("key", NULL)
    best: Value | Sentinel = NULL
    best_key: Value = None
    for item in vm.items(args[0]) if len(args) == 1 else args:
        own = item if isinstance(key, Sentinel) else vm.call(key, (item,))
        if isinstance(best, Sentinel) or vm.binary(op, own, best_key) is True:
            best, best_key = item, own
    if isinstance(best, Sentinel):
        if "default" not in named:
            vm.raise_value("arg is an empty sequence")
        return named["default"]
    return best


@function("max", 1, None, keywords=True)
def _max(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return _best(vm, args, kwargs, BinaryOp.MORE)


@function("min", 1, None, keywords=True)
def _min(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    return _best(vm, args, kwargs, BinaryOp.LESS)


@function("pow", 2, 3)
def _pow(vm: Machine, base: Value, exponent: Value, *modulus: Value) -> Value:
    if not modulus:
        return vm.binary(BinaryOp.POWER, base, exponent)
    return int_.pow3(vm, base, exponent, modulus[0])


@function("repr", 1)
def _repr(vm: Machine, value: Value) -> Value:
    vstr = VStr(vm.memory, 16)
    vm.print(value, str_.writer(vstr), PrintKind.REPR)
    return str_.finish_str(vm, vstr)


@function("round", 1, 2)
def _round(vm: Machine, value: Value, *digits: Value) -> Value:
    if vm.type_name(value) == "int":
        return value if not digits else _round_int(vm, value, vm.int_of(digits[0]))
    number = vm.float_of(value)
    if digits:
        scale = 10.0 ** vm.int_of(digits[0])
        return vm.new_float(round(number * scale) / scale)
    return int_.int_from_float(vm, float_.Float(vm.memory, 0, float(round(number))))


def _round_int(vm: Machine, value: Value, digits: int) -> Value:
    """Round to tens, hundreds …, half to even, by the operations the device uses."""
    if digits >= 0:
        return value
    scale = vm.binary(BinaryOp.POWER, 10, -digits)
    half = vm.binary(BinaryOp.FLOOR_DIVIDE, scale, 2)
    rest = vm.binary(BinaryOp.MODULO, value, scale)
    rounded = vm.binary(BinaryOp.SUBTRACT, value, rest)
    if vm.truth(vm.binary(BinaryOp.MORE, half, rest)):
        return rounded
    if vm.truth(vm.binary(BinaryOp.MORE, rest, half)):
        return vm.binary(BinaryOp.ADD, rounded, scale)
    if vm.truth(vm.binary(BinaryOp.AND, vm.binary(BinaryOp.FLOOR_DIVIDE, value, scale), 1)):
        return vm.binary(BinaryOp.ADD, rounded, scale)
    return rounded


@function("sorted", 1, None, keywords=True)
def _sorted(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    if len(args) > 1:
        vm.raise_type("must use keyword argument for key function")
    made = vm.call(list_.LIST, (args[0],))
    fun, bound = vm.method(made, "sort")
    vm.call_method(fun, bound, (), kwargs)
    return made


@function("sum", 1, 2)
def _sum(vm: Machine, values: Value, *start: Value) -> Value:
    total: Value = start[0] if start else 0
    for item in vm.items(values):
        total = vm.binary(BinaryOp.ADD, total, item)
    return total


_FUNCTIONS: Final[tuple[NativeFunction, ...]] = (
    *(_abs, _all, _any, _bin, _chr, _dir, _divmod, _hash, _hex, _id, _len, _max, _min),
    *(_oct, _ord, _pow, _repr, _round, _sorted, _sum),
)
BUILTINS: Final[dict[str, Value]] = {
    **OBJECTS,
    **{native.name: native for native in _FUNCTIONS},
}
"""Built-in names that are no types of values."""

__all__ = ["BUILTINS"]
