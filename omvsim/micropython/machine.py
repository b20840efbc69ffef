"""The running interpreter: dispatch of operations, calls, exceptions (py/runtime.c), over one heap and string pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from omvsim.micropython.dialect import Dialect
    from omvsim.micropython.errors import Error
    from omvsim.micropython.memory import Memory
    from omvsim.micropython.native import NativeType
    from omvsim.micropython.strings import StringPool
    from omvsim.micropython.values import BinaryOp, Obj, Out, PrintKind, Sentinel, UnaryOp, Value

    Keywords = Sequence[tuple[str, Value]]


class Machine:
    """One interpreter on one camera. Everything a type or a module needs of the others goes through it.

    What it expects of :mod:`omvsim.micropython.types` (read at run time only, so types may import this package):
    ``IMMEDIATE: dict[type, type[Obj]]`` (classes for host int, bool, NoneType and str) and the functions it delegates
    its ``new_*`` to, ``new_int(vm, value)`` … ``new_dict(vm, n)``, ``new_set(vm, items)``, ``new_slice(vm, start, stop,
    step)``, ``dict_store(vm, d, key, value)``, ``list_append(vm, l, item)``, ``set_store``; classes take
    ``(memory, address, …)``. Hash tables are :class:`omvsim.micropython.maps.Map` (``mp_map_t``; globals, members,
    class bodies, dicts alike).
    """

    memory: Memory
    strings: StringPool
    dialect: Dialect
    """What differs between the releases' MicroPythons."""
    write: Callable[[str], None]
    """Where ``print`` goes."""

    # -- operations (py/runtime.c); each raises the language's TypeError where nothing supports it
    def unary(self, op: UnaryOp, value: Value) -> Value:
        raise NotImplementedError

    def binary(self, op: BinaryOp, lhs: Value, rhs: Value) -> Value:
        raise NotImplementedError

    def truth(self, value: Value) -> bool:
        raise NotImplementedError

    def equal(self, lhs: Value, rhs: Value) -> bool:
        raise NotImplementedError

    def length(self, value: Value) -> int:
        raise NotImplementedError

    def attr(self, value: Value, name: str) -> Value:
        """``mp_load_attr``: a method comes back bound (12 bytes)."""
        raise NotImplementedError

    def attr_maybe(self, value: Value, name: str) -> Value | Sentinel:
        raise NotImplementedError

    def method(self, value: Value, name: str) -> tuple[Value, Value | Sentinel]:
        """``mp_load_method``: function and self (NULL if none): nothing is allocated."""
        raise NotImplementedError

    def set_attr(self, value: Value, name: str, new: Value | Sentinel) -> None:
        raise NotImplementedError

    def subscr(self, value: Value, index: Value) -> Value:
        raise NotImplementedError

    def set_subscr(self, value: Value, index: Value, new: Value | Sentinel) -> None:
        raise NotImplementedError

    def call(self, fun: Value, args: Sequence[Value] = (), kwargs: Keywords = ()) -> Value:
        raise NotImplementedError

    def iterate(self, value: Value, *, on_stack: bool = False) -> Value:
        raise NotImplementedError

    def next(self, iterator: Value) -> Value | Sentinel:
        """The next value or STOP."""
        raise NotImplementedError

    def items(self, value: Value, *, on_stack: bool = True) -> Iterator[Value]:
        """What iterating over ``value`` gives, for host loops."""
        raise NotImplementedError

    def print(self, value: Value, out: Out, kind: PrintKind) -> None:
        """``mp_obj_print_helper``: the text in the device's pieces; nothing is asked for by itself."""
        raise NotImplementedError

    def text(self, value: Value, kind: PrintKind) -> str:
        """The pieces of :meth:`print` in one."""
        raise NotImplementedError

    def type_of(self, value: Value) -> Obj:
        raise NotImplementedError

    def is_instance(self, value: Value, klass: Value) -> bool:
        raise NotImplementedError

    # -- values (each asks for its chunks first) -----------------------------------------------------------------------

    def new_int(self, value: int) -> Value:
        """A small int, or a big one (16 bytes and its digits)."""
        raise NotImplementedError

    def new_float(self, value: float) -> Value:
        """A float, rounded to single precision: 8 bytes."""
        raise NotImplementedError

    def new_str(self, text: str) -> Value:
        """``mp_obj_new_str``: the name if the pool has it, else 16 bytes and len + 1."""
        raise NotImplementedError

    def new_bytes(self, data: bytes) -> Value:
        raise NotImplementedError

    def new_tuple(self, items: Sequence[Value]) -> Value:
        """8 + 4n bytes; the empty tuple is in ROM."""
        raise NotImplementedError

    def new_list(self, items: Sequence[Value]) -> Value:
        raise NotImplementedError

    # -- arguments -----------------------------------------------------------------------------------------------------

    def int_of(self, value: Value) -> int:
        """``mp_obj_get_int``: TypeError "can't convert %s to int"."""
        raise NotImplementedError

    def int_of_maybe(self, value: Value) -> int | None:
        """``mp_obj_get_int_maybe``: None if it is no integer; OverflowError beyond a machine word."""
        raise NotImplementedError

    def type_name(self, value: Value) -> str:
        """``mp_obj_get_type_str``."""
        raise NotImplementedError

    def float_of(self, value: Value) -> float:
        raise NotImplementedError

    def str_of(self, value: Value) -> str:
        """``mp_obj_str_get_str``: the text of a name or text object; TypeError otherwise."""
        raise NotImplementedError

    def buffer_of(self, value: Value) -> bytes | bytearray | memoryview:
        """``mp_get_buffer_raise`` for reading: "object with buffer protocol required"."""
        raise NotImplementedError

    def check_args(self, given: int, keywords_given: int, least: int, most: int | None, *, keywords: bool) -> None:
        """``mp_arg_check_num_sig``."""
        raise NotImplementedError

    # -- exceptions ----------------------------------------------------------------------------------------------------

    def raise_(self, type_: NativeType, text: str | None = None, *values: object) -> NoReturn:
        """Raise a built-in exception.

        ``text`` is the firmware's own (``MP_ERROR_TEXT``); with ``values`` it is a C format (%q %s %d %u %c %x …) and
        the message costs what ``mp_raise_msg_varg`` asks for: the chunk starts with the *compressed* format's length
        and grows by the pieces printed. So give the format and its values apart: ``raise_(NAME_ERROR, "name '%q'
        isn't defined", name)``.
        """
        raise NotImplementedError

    def exception_type(self, error: Error) -> NativeType:
        """The built-in exception's type object."""
        raise NotImplementedError

    def error(self, error: Error, text: str | None = None, *values: object) -> NoReturn:
        """:meth:`raise_` for those who know the exception only by name."""
        self.raise_(self.exception_type(error), text, *values)

    def raise_arg(self, type_: NativeType, value: Value) -> NoReturn:
        """``mp_raise_type_arg``: KeyError and the like with one value."""
        raise NotImplementedError

    def raise_type(self, text: str | None = None, *values: object) -> NoReturn:
        raise NotImplementedError

    def raise_value(self, text: str | None = None, *values: object) -> NoReturn:
        raise NotImplementedError


__all__ = ["Machine"]
