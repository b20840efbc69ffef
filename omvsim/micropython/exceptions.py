"""Exceptions: the built-in types, their values, tracebacks and messages (py/objexcept.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.memory.strings import encode
from omvsim.micropython.classes import Instance
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType
from omvsim.micropython.values import UNSUPPORTED, Obj, PrintKind, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value

Entry = tuple[str, int, str]
"""File, line and function of a traceback."""


class ExceptionValue(Obj):
    """``mp_obj_exception_t``: a tuple of arguments and a growing traceback.

    ``packed`` is the bytes of a message still compressed in ROM: unpacking it asks for a buffer once.
    """

    __slots__ = ("args", "klass", "packed", "trace", "trace_block")
    type_name: ClassVar[str] = "exception"

    def __init__(self, vm: Machine, address: int, klass: NativeType, args: Obj) -> None:
        super().__init__(vm.memory, address)
        self.klass = klass
        self.args = args
        self.packed = False
        self.trace: list[Entry] = []
        self.trace_block: Block | None = None

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """``args``, and ``value`` or ``errno`` for the first of them."""
        if name == "args":
            self.unpack(vm)
            return self.args
        if name in ("value", "errno"):
            return self.first(vm)
        return UNSUPPORTED

    def set_attr(self, vm: Machine, name: str, value: Value | Sentinel) -> bool:
        """Only ``__traceback__ = None``."""
        if name != "__traceback__" or value is not None:
            return False
        self.trace.clear()
        return True

    def first(self, vm: Machine) -> Value:
        """``mp_obj_exception_get_value``."""
        items = vm.sequence(self.args)
        if not items:
            return None
        self.unpack(vm)
        return items[0]

    def unpack(self, vm: Machine) -> None:
        """``decompress_error_text_maybe``: the buffer stays with the text, if there was room for a tuple with it."""
        if self.packed and vm.sequence(self.args):
            self.packed = False
            block = vm.memory.block_maybe(vm.messages.longest + 1)
            if block is None:
                self.args = vm.empty_tuple()
            else:
                vm.attach_text(vm.sequence(self.args)[0], block)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``mp_obj_exception_print``."""
        self.print_as(vm, out, kind, subclass=False)

    def print_as(self, vm: Machine, out: Out, kind: PrintKind, *, subclass: bool) -> None:
        """Print, ``subclass`` having written its own name already."""
        if not subclass and kind in (PrintKind.REPR, PrintKind.EXC):
            out(self.klass.name)
        if kind is PrintKind.EXC:
            out(": ")
        self.unpack(vm)
        items = vm.sequence(self.args)
        if kind in (PrintKind.STR, PrintKind.EXC):
            if not items:
                out("")
                return
            if self.klass is TYPES[Error.OS] and len(items) < 3 and type(items[0]) is int:
                name = vm.errno_name(items[0])
                if name:
                    for piece in ("[Errno ", str(items[0]), "] ", name):
                        out(piece)
                    if len(items) > 1:
                        out(": ")
                        vm.print(items[1], out, PrintKind.STR)
                    return
            if len(items) == 1:
                vm.print(items[0], out, PrintKind.STR)
                return
        vm.print(self.args, out, kind)

    def add_traceback(self, entry: Entry) -> None:
        """``mp_obj_exception_add_traceback``: 12 bytes an entry; without room it is left out."""
        memory = self.memory
        if self.trace_block is None:
            block = memory.block_maybe(sizes.TRACEBACK_ENTRY)
            if block is None:
                return
            self.trace_block = block
            self.trace = []
        else:
            needed = (len(self.trace) + 1) * sizes.TRACEBACK_ENTRY
            if needed > self.trace_block.size and not memory.resize_maybe(
                self.trace_block, self.trace_block.size + sizes.TRACEBACK_ENTRY
            ):
                return
        self.trace.append(entry)


def new_exception(vm: Machine, klass: NativeType, args: Sequence[Value], kwargs: Keywords = ()) -> ExceptionValue:
    """``mp_obj_exception_make_new``: without room the emergency object, then without arguments."""
    vm.check_args(len(args), len(kwargs), 0, None, keywords=False)
    address = vm.memory.alloc_maybe(sizes.EXCEPTION)
    tuple_ = vm.tuple_maybe(args)
    return ExceptionValue(vm, address, klass, vm.empty_tuple() if tuple_ is None else tuple_)


def _define(name: str, parent: NativeType | None) -> NativeType:
    made: NativeType = NativeType(name, ExceptionValue, parent=parent)
    made.make_new = lambda vm, args, kwargs: new_exception(vm, made, args, kwargs)
    return made


BASE_EXCEPTION: Final = _define("BaseException", None)
_TREE: Final = {
    "BaseException": "SystemExit KeyboardInterrupt GeneratorExit Exception",
    "Exception": "StopAsyncIteration StopIteration ArithmeticError AssertionError AttributeError EOFError ImportError"
    " LookupError MemoryError NameError OSError RuntimeError SyntaxError TypeError ValueError",
    "ArithmeticError": "OverflowError ZeroDivisionError",
    "LookupError": "IndexError KeyError",
    "RuntimeError": "NotImplementedError",
    "SyntaxError": "IndentationError",
    "TypeError": "ViperTypeError",
    "ValueError": "UnicodeError",
}
"""Parents and children (py/objexcept.c)."""
BY_NAME: Final[dict[str, NativeType]] = {"BaseException": BASE_EXCEPTION}
for _parent, _children in _TREE.items():
    for _child in _children.split():
        BY_NAME[_child] = _define(_child, BY_NAME[_parent])
TYPES: Final = {error: BY_NAME[error.value] for error in Error}


def is_exception_type(vm: Machine, value: Value) -> bool:
    """``mp_obj_is_exception_type``."""
    return isinstance(value, Obj) and value.type_name == "type" and vm.is_subclass_fast(value, BASE_EXCEPTION)


def exception_match(vm: Machine, value: Value, klass: Value) -> bool:
    """``mp_obj_exception_match``: an instance or a class against a class."""
    own = vm.type_of(value)
    if is_exception_type(vm, own):
        return vm.is_subclass_fast(own, klass)
    return vm.is_subclass_fast(value, klass)


def exception_value(vm: Machine, value: Value) -> Value:
    """``mp_obj_exception_get_value``: the first argument or None."""
    return native_exception(vm, value).first(vm)


def native_exception(vm: Machine, value: Value) -> ExceptionValue:
    """``get_native_exception``: the exception itself, or what an instance of a script's class is built on."""
    if isinstance(value, Instance):
        value = value.inner(vm)
    assert isinstance(value, ExceptionValue)
    return value


def make_raise(vm: Machine, value: Value) -> Obj:
    """``mp_make_raise_obj``: what ``raise value`` raises."""
    if is_exception_type(vm, value):
        value = vm.call(value)
    if isinstance(value, Obj) and is_exception_type(vm, vm.type_of(value)):
        return value
    return new_message(vm, TYPES[Error.TYPE], "exceptions must derive from BaseException")


def new_message(vm: Machine, type_: NativeType, text: str | None, *values: object) -> ExceptionValue:
    """An exception with a message, asked for as ``mp_obj_new_exception_msg`` or its ``_vlist`` do."""
    if text is None:
        return new_exception(vm, type_, ())
    address = vm.memory.alloc_maybe(sizes.STR)
    if values:
        return _formatted(vm, type_, address, text, values)
    if not address:
        return new_exception(vm, type_, ())
    made = new_exception(vm, type_, (vm.text_at(address, text, None),))
    made.packed = vm.messages.is_packed(text)
    return made


def _formatted(vm: Machine, type_: NativeType, address: int, text: str, values: Sequence[object]) -> ExceptionValue:
    memory = vm.memory
    block = memory.block_maybe(vm.messages.length(text) + 1)
    if not address:
        return new_exception(vm, type_, ())
    if block is None:
        made = new_exception(vm, type_, (vm.text_at(address, text, None),))
        made.packed = vm.messages.is_packed(text)
        return made
    room, written, grows = block.size, "", True
    for piece in vm.pieces(text, values):
        size = len(encode(piece))
        kept = size
        if len(encode(written)) + size >= room:
            if grows and memory.resize_maybe(block, room + size + 16):
                room += size + 16
            else:
                grows = False
                kept = max(room - len(written) - 1, 0)
        written += piece[:kept]
    return new_exception(vm, type_, (vm.text_at(address, written, block),))


def is_native_exception(vm: Machine, value: Value) -> bool:
    """``mp_obj_is_native_exception_instance``."""
    return isinstance(value, ExceptionValue)


def print_exception_of_subclass(vm: Machine, name: str, value: Value, out: Out, kind: PrintKind) -> None:
    """Print the native part of an exception whose class a script made."""
    assert isinstance(value, ExceptionValue)
    if kind is not PrintKind.STR:
        out(name)
    value.print_as(vm, out, kind, subclass=True)


def too_deep(vm: Machine) -> Obj:
    """``mp_raise_recursion_depth``; also what the host's own limit becomes, should built-ins nest so deep."""
    return new_exception(vm, TYPES[Error.RUNTIME], ("maximum recursion depth exceeded",))


__all__ = [
    "BASE_EXCEPTION",
    "BY_NAME",
    "TYPES",
    "ExceptionValue",
    "exception_match",
    "exception_value",
    "is_exception_type",
    "is_native_exception",
    "make_raise",
    "native_exception",
    "new_exception",
    "print_exception_of_subclass",
    "too_deep",
    "new_message",
]
