"""Operations on any values (py/runtime.c, py/obj.c): which type is asked, what happens where none answers.

Functions take the machine first; :class:`~omvsim.micropython.machine.Machine` has them as its methods.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final, Never

from omvsim.memory import sizes
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.operators import METHOD_OF, NORMAL_OF, REVERSE_OF, REVERSED
from omvsim.micropython.values import (
    NULL,
    SMALL_INT_MAX,
    SMALL_INT_MIN,
    STOP,
    UNSUPPORTED,
    BinaryOp,
    Obj,
    PrintKind,
    Sentinel,
    UnaryOp,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, Value

IS, IN, CONTAINS = BinaryOp.IS, BinaryOp.IN, BinaryOp.CONTAINS
EQUAL, NOT_EQUAL, EXCEPTION_MATCH = BinaryOp.EQUAL, BinaryOp.NOT_EQUAL, BinaryOp.EXCEPTION_MATCH
MAYBE: Final = frozenset({UnaryOp.INT, UnaryOp.FLOAT, UnaryOp.COMPLEX})
"""Conversions that answer UNSUPPORTED instead of raising."""
ARITHMETIC: Final[dict[BinaryOp, Callable[[int, int], int]]] = {
    BinaryOp.ADD: operator.add,
    BinaryOp.INPLACE_ADD: operator.add,
    BinaryOp.SUBTRACT: operator.sub,
    BinaryOp.INPLACE_SUBTRACT: operator.sub,
    BinaryOp.MULTIPLY: operator.mul,
    BinaryOp.INPLACE_MULTIPLY: operator.mul,
    BinaryOp.AND: operator.and_,
    BinaryOp.INPLACE_AND: operator.and_,
    BinaryOp.OR: operator.or_,
    BinaryOp.INPLACE_OR: operator.or_,
    BinaryOp.XOR: operator.xor,
    BinaryOp.INPLACE_XOR: operator.xor,
}
COMPARE: Final[dict[BinaryOp, Callable[[int, int], bool]]] = {
    BinaryOp.LESS: operator.lt,
    BinaryOp.MORE: operator.gt,
    BinaryOp.LESS_EQUAL: operator.le,
    BinaryOp.MORE_EQUAL: operator.ge,
}


def kind_of(vm: Machine, value: Value) -> type[Obj]:
    """The class whose methods answer for a value."""
    return vm.immediate.get(type(value)) or type(value)  # type: ignore[return-value]  # all others are Obj


def same(lhs: Value | Sentinel, rhs: Value | Sentinel) -> bool:
    """``is``: words are equal."""
    if lhs is rhs:
        return True
    return type(lhs) is type(rhs) and isinstance(lhs, int | str) and lhs == rhs


def unary(vm: Machine, op: UnaryOp, value: Value) -> Value:
    """``mp_unary_op``."""
    result = unary_maybe(vm, op, value)
    if isinstance(result, Sentinel):
        vm.raise_type("unsupported type for %q: '%s'", op.value, vm.type_name(value))
    return result


def unary_maybe(vm: Machine, op: UnaryOp, value: Value) -> Value | Sentinel:
    """``mp_unary_op``; UNSUPPORTED where the type has no such operation."""
    if op is UnaryOp.NOT:
        return not truth(vm, value)
    kind = vm.immediate.get(type(value)) or type(value)
    result: Value | Sentinel = kind.unary(value, vm, op)  # type: ignore[union-attr, arg-type]
    if result is not UNSUPPORTED:
        return result
    if op is UnaryOp.HASH and kind.unary is Obj.unary and isinstance(value, Obj):  # type: ignore[union-attr]
        if value.address:
            return word_of_address(value.address)
        vm.hash_of_rom("what is in ROM")
        return word_of_address(vm.rom_address(value))
    if op is UnaryOp.BOOL:
        return True
    return UNSUPPORTED


def word_of_address(address: int) -> int:
    """An address as a small int: ``MP_OBJ_NEW_SMALL_INT`` loses the highest bit."""
    value = address & 0x7FFFFFFF
    return value - 0x80000000 if value & 0x40000000 else value


def binary(vm: Machine, op: BinaryOp, lhs: Value, rhs: Value) -> Value:
    """``mp_binary_op``."""
    if type(lhs) is int and type(rhs) is int:
        small = ARITHMETIC.get(op)
        if small is not None:
            number = small(lhs, rhs)
            if SMALL_INT_MIN <= number <= SMALL_INT_MAX:
                return number
        else:
            compare = COMPARE.get(op)
            if compare is not None:
                return compare(lhs, rhs)
    if op is IS:
        return same(lhs, rhs)
    if op is EQUAL or op is NOT_EQUAL:
        return equal_not_equal(vm, op, lhs, rhs)
    if op is EXCEPTION_MATCH:
        return exception_match(vm, lhs, rhs)
    if op is BinaryOp.NOT_IN:
        return not truth(vm, binary(vm, IN, lhs, rhs))
    if op is BinaryOp.IS_NOT:
        return not same(lhs, rhs)
    if type(lhs) is int and (op in _NOT_OF_NUMBERS or op in REVERSED) and _is_number(rhs):
        unsupported(vm, op, lhs, rhs)
    if op is IN:
        op, lhs, rhs = CONTAINS, rhs, lhs
    return _generic_binary(vm, op, lhs, rhs)


_NOT_OF_NUMBERS = (IN, CONTAINS, BinaryOp.INPLACE_MAT_MULTIPLY)
"""With the reversed ones: operators that a small int and a number refuse at once (``mp_binary_op``)."""


def _is_number(value: Value) -> bool:
    """What a small int on the left is tried with before anything else: a small int, a float or a complex."""
    return type(value) is int or (isinstance(value, Obj) and value.type_name in ("float", "complex"))


def _generic_binary(vm: Machine, op: BinaryOp, lhs: Value, rhs: Value) -> Value:
    while True:
        kind = vm.immediate.get(type(lhs)) or type(lhs)
        result: Value | Sentinel = kind.binary(lhs, vm, op, rhs)  # type: ignore[union-attr, arg-type]
        if not isinstance(result, Sentinel):
            return result
        if op in NORMAL_OF:
            op = NORMAL_OF[op]
        elif op in REVERSE_OF:
            op, lhs, rhs = REVERSE_OF[op], rhs, lhs
        else:
            break
    if op in REVERSED:
        op, lhs, rhs = REVERSED[op], rhs, lhs
    if op is CONTAINS:
        return any(equal(vm, item, rhs) for item in items(vm, lhs))
    unsupported(vm, op, lhs, rhs)


def unsupported(vm: Machine, op: BinaryOp, lhs: Value, rhs: Value) -> Never:
    """The TypeError of an operator no side has."""
    name = METHOD_OF.get(op, "")
    vm.raise_type("unsupported types for %q: '%s', '%s'", name, vm.type_name(lhs), vm.type_name(rhs))


def exception_match(vm: Machine, lhs: Value, rhs: Value) -> bool:
    """``except`` of a class or a tuple of classes."""
    if vm.is_exception_type(rhs):
        return vm.exception_match(lhs, rhs)
    if isinstance(rhs, Obj) and rhs.type_name == "tuple":
        for item in vm.sequence(rhs):
            if not vm.is_exception_type(item):
                unsupported(vm, EXCEPTION_MATCH, lhs, item)
            if vm.exception_match(lhs, item):
                return True
        return False
    unsupported(vm, EXCEPTION_MATCH, lhs, rhs)


def truth(vm: Machine, value: Value) -> bool:
    """``mp_obj_is_true``."""
    if value is True or value is False:
        return value
    if value is None:
        return False
    if type(value) is int:
        return value != 0
    kind = vm.immediate.get(type(value)) or type(value)
    result: Value | Sentinel = kind.unary(value, vm, UnaryOp.BOOL)  # type: ignore[union-attr, arg-type]
    if result is not UNSUPPORTED:
        return result is True
    size: Value | Sentinel = kind.unary(value, vm, UnaryOp.LEN)  # type: ignore[union-attr, arg-type]
    return not (type(size) is int and size == 0)


def equal(vm: Machine, lhs: Value, rhs: Value) -> bool:
    """``mp_obj_equal``."""
    if lhs is rhs and (isinstance(lhs, int | str) or lhs is None):
        return True
    return truth(vm, equal_not_equal(vm, EQUAL, lhs, rhs))


def equal_not_equal(vm: Machine, op: BinaryOp, lhs: Value, rhs: Value) -> Value:
    """``mp_obj_equal_not_equal``: what ``==`` and ``!=`` give, which may be any value of a script's own method."""
    yes = op is EQUAL
    if isinstance(lhs, int | str) and type(lhs) is type(rhs):
        return (lhs == rhs) is yes
    kind, other = kind_of(vm, lhs), kind_of(vm, rhs)
    if lhs is rhs and kind.equals_itself:
        return yes
    for _ in range(2):
        small = type(lhs) is int or (type(lhs) is str and other is not kind)
        if not small and (kind.equals_other_types or other is kind):
            if not yes and kind.has_not_equal:
                result = kind.binary(lhs, vm, NOT_EQUAL, rhs)  # type: ignore[arg-type]
                if not isinstance(result, Sentinel):
                    return result
            result = kind.binary(lhs, vm, EQUAL, rhs)  # type: ignore[arg-type]
            if not isinstance(result, Sentinel):
                return result if yes else not truth(vm, result)
        lhs, rhs, kind, other = rhs, lhs, other, kind
    return same(lhs, rhs) is yes


def length_maybe(vm: Machine, value: Value) -> Value | Sentinel:
    """``mp_obj_len_maybe``."""
    kind = kind_of(vm, value)
    return kind.unary(value, vm, UnaryOp.LEN)  # type: ignore[arg-type]


def length_value(vm: Machine, value: Value) -> Value:
    """``mp_obj_len``: whatever the ``__len__`` of a script's class returned."""
    size = length_maybe(vm, value)
    if isinstance(size, Sentinel):
        vm.raise_type("object of type '%s' has no len()", vm.type_name(value))
    return size


def length(vm: Machine, value: Value) -> int:
    """``mp_obj_get_int(mp_obj_len(value))``."""
    size = length_value(vm, value)
    return size if isinstance(size, int) else vm.int_of(size)


def subscr(vm: Machine, value: Value, index: Value) -> Value:
    """``mp_obj_subscr``, loading."""
    kind = vm.immediate.get(type(value)) or type(value)
    result: Value | Sentinel = kind.subscr(value, vm, index)  # type: ignore[union-attr, arg-type]
    if isinstance(result, Sentinel):
        vm.raise_type("'%s' object isn't subscriptable", vm.type_name(value))
    return result


def set_subscr(vm: Machine, value: Value, index: Value, new: Value | Sentinel) -> None:
    """``mp_obj_subscr``, storing; NULL deletes."""
    kind = vm.immediate.get(type(value)) or type(value)
    if not kind.set_subscr(value, vm, index, new):  # type: ignore[union-attr, arg-type]
        text = (
            "'%s' object doesn't support item deletion"
            if new is NULL
            else "'%s' object doesn't support item assignment"
        )
        vm.raise_type(text, vm.type_name(value))


def iterate(vm: Machine, value: Value, *, on_stack: bool = False) -> Value:
    """``mp_getiter``."""
    kind = vm.immediate.get(type(value)) or type(value)
    if kind.next is not Obj.next and not kind.custom_iterate:  # type: ignore[union-attr]
        return value
    result: Value | Sentinel = kind.iterate(value, vm, on_stack=on_stack)  # type: ignore[union-attr, arg-type]
    if not isinstance(result, Sentinel):
        return result
    fun, bound = vm.method_maybe(value, "__getitem__")
    if isinstance(fun, Sentinel):
        vm.raise_type("'%s' object isn't iterable", vm.type_name(value))
    return GetItemIterator(vm, 0 if on_stack else vm.memory.alloc(sizes.ITERATOR), fun, bound)


def next_(vm: Machine, iterator: Value) -> Value | Sentinel:
    """``mp_iternext``: the next value or STOP, whoever raises StopIteration."""
    vm.check_stack()
    kind = type(iterator)
    if isinstance(iterator, Obj) and kind.next is not Obj.next:  # type: ignore[union-attr]
        vm.stop_value = NULL
        return iterator.next(vm)
    try:
        return next_or_raise(vm, iterator)
    except Raised as raised:
        value = raised.value
    if not vm.exception_match(value, vm.exception_type(Error.STOP_ITERATION)):
        raise Raised(value)
    vm.stop_value = vm.exception_value(value)
    return STOP


def next_or_raise(vm: Machine, iterator: Value) -> Value | Sentinel:
    """``mp_iternext_allow_raise``."""
    if isinstance(iterator, Obj) and type(iterator).next is not Obj.next:
        vm.stop_value = NULL
        return iterator.next(vm)
    fun, bound = vm.method_maybe(iterator, "__next__")
    if isinstance(fun, Sentinel):
        vm.raise_type("'%s' object isn't an iterator", vm.type_name(iterator))
    return vm.call_method(fun, bound)


def items(vm: Machine, value: Value, *, on_stack: bool = True) -> Iterator[Value]:
    """What iterating over ``value`` gives, for host loops."""
    iterator = iterate(vm, value, on_stack=on_stack)
    while True:
        item = next_(vm, iterator)
        if isinstance(item, Sentinel):
            return
        yield item


def print_(vm: Machine, value: Value, out: Out, kind: PrintKind) -> None:
    """``mp_obj_print_helper``: the text in the device's pieces."""
    vm.check_stack()
    vm.depth += sizes.PRINT_ON_STACK
    try:
        kind_of(vm, value).print(value, vm, out, kind)  # type: ignore[arg-type]
    finally:
        vm.depth -= sizes.PRINT_ON_STACK


def text(vm: Machine, value: Value, kind: PrintKind) -> str:
    """The pieces of :func:`print_` in one."""
    found: list[str] = []
    print_(vm, value, found.append, kind)
    return "".join(found)


class GetItemIterator(Obj):
    """Iterates by ``__getitem__`` (py/objgetitemiter.c)."""

    __slots__ = ("at", "bound", "fun")
    type_name = "iterator"

    def __init__(self, vm: Machine, address: int, fun: Value, bound: Value | Sentinel) -> None:
        super().__init__(vm.memory, address)
        self.fun = fun
        self.bound = bound
        self.at = 0

    def next(self, vm: Machine) -> Value | Sentinel:
        """``__getitem__(0)``, ``(1)`` … until IndexError or StopIteration."""
        try:
            value = vm.call_method(self.fun, self.bound, (self.at,))
        except Raised as raised:
            error = raised.value
        else:
            self.at += 1
            return value
        if vm.type_of(error) in (vm.exception_type(Error.STOP_ITERATION), vm.exception_type(Error.INDEX)):
            return STOP
        raise Raised(error)
