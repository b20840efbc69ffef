"""Calls, functions and classes.

Facts: micropython/micropython v1.26.0 ``py/objfun.c``, ``py/objclosure.c``, ``py/objgenerator.c``, ``py/objtype.c``,
``py/runtime.c`` (``mp_call_prepare_args_n_kw_var``).
"""

# ruff: noqa: RET503, PLR0917 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from omvsim.errors import DeviceError
from omvsim.script._errors import CLASSES, ScriptError
from omvsim.script._make import ENTRY, OBJECT, WORD, larger_map, type_name
from omvsim.script._values import (
    MISSING,
    BoundMethod,
    Class,
    Dict,
    Function,
    Generator,
    Instance,
    List,
    Native,
    NativeObject,
    NativeType,
    Super,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.script._frames import Frame
    from omvsim.script._make import Maker
    from omvsim.script._memory import Block, Memory

CELL = 8
CLOSURE = 12
GENERATOR = 28
TYPE_OBJECT = 60
TRACEBACK_ENTRY = 12
_HOST_NAMES = ("__static_attributes__", "__firstlineno__", "__classcell__")
"""Names that the host adds to a class's body."""


class Descriptor(Value):
    """A method made by ``property``, ``staticmethod`` or ``classmethod``."""

    __slots__ = ("block", "function", "kind", "setter")

    def __init__(self, kind: str, function: Any, block: Block) -> None:
        self.kind = kind
        self.function = function
        self.setter: Any = None
        self.block = block


class _Names(dict[str, Any]):
    """The names of a class body: their table grows as they are stored."""

    def __init__(self, make: Maker) -> None:
        super().__init__()
        self.make = make
        self.table: Block | None = None
        self.entries = 0

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self and name not in _HOST_NAMES:
            self._count()
        super().__setitem__(name, value)

    def _count(self) -> None:
        if sum(name not in _HOST_NAMES for name in self) < self.entries:
            return
        self.entries = larger_map(self.entries)
        table = self.make.alloc(ENTRY * self.entries, "names of a class: table")
        if self.table is not None:
            self.make.memory.free(self.table)
        self.table = table


class ClassMaker:
    """Runs a class body: a function for it, its names, then the type object."""

    def __init__(self, make: Maker) -> None:
        self.make = make
        self.body: Block | None = make.alloc(OBJECT, "class body")
        self.block = make.alloc(OBJECT, "names of a class")

    def __prepare__(self, _name: str, _bases: tuple[Any, ...], **_keywords: Any) -> _Names:
        return _Names(self.make)

    def __call__(self, name: str, _bases: tuple[Any, ...], members: _Names, *, bases: tuple[Any, ...]) -> Class:
        cell = members.pop("__classcell__", None)
        kept = (self.block,) if members.table is None else (self.block, members.table)
        own = {key: value for key, value in members.items() if key not in (*_HOST_NAMES, "__module__", "__qualname__")}
        result = Class(name, bases, own, (*kept, self.make.alloc(TYPE_OBJECT, "class")))
        self.body = None
        for base in bases:
            parent = base.error if isinstance(base, Class) else base
            if isinstance(parent, type) and issubclass(parent, ScriptError):
                result.error = type(name, (parent,), {"device_name": name, "__doc__": None})
        if cell is not None:
            cell.cell_contents = result
        return result


class Calls:
    """The calling half of the interpreter."""

    memory: Memory
    make: Maker
    frames: dict[int, Frame]
    lookup: Callable[[Any, str], tuple[Any, bool]]
    iterate: Callable[[Any], Iterator[Any]]
    no_attribute: Callable[[Any, str], Any]

    def __init__(self) -> None:
        self.cells: tuple[Block, ...] = ()
        self.slots: list[Any] = []
        """The running function's value stack: what calls left there, until something else is written over it."""

    # -- functions ----------------------------------------------------------------------------------------------

    def function(
        self, name: str, frame: int, free: int, cells: int, defaults: int = 0, generator: bool = False
    ) -> Callable[[Callable[..., Any]], Function]:
        """Decorator that makes a function object of a host function."""

        def make(host: Callable[..., Any]) -> Function:
            blocks = self.function_blocks(self.frames[frame], free, defaults)
            return Function(name, host, self.frames[frame], blocks, cells=cells, generator=generator)

        return make

    def function_blocks(self, _frame: Frame, free: int, defaults: int = 0) -> tuple[Block, ...]:
        """A function object (its default values in a tuple first) and, if it closes over cells, a closure."""
        blocks: list[Block] = []
        if defaults:
            blocks.append(self.make.alloc(2 * WORD + WORD * defaults, "default arguments"))
        blocks.append(self.make.alloc(OBJECT + WORD * defaults, "function"))
        if free:
            blocks.append(self.make.alloc(CLOSURE + WORD * free, "closure"))
            blocks += self.cells
        return tuple(blocks)

    @contextmanager
    def frame_block(self, frame: Frame) -> Iterator[None]:
        """The heap block of a call whose state does not fit the C stack."""
        size = frame.heap_bytes
        block = self.make.alloc(size, "call frame") if size else None
        try:
            yield
        finally:
            if block is not None:
                self.memory.free(block)

    def generator_block(self, frame: Frame) -> Block:
        """A generator object with its state."""
        return self.make.alloc(GENERATOR + frame.state_bytes, "generator")

    # -- the value stack ----------------------------------------------------------------------------------------

    def touch(self, first: int, count: int) -> None:
        """A statement writes these slots."""
        slots = self.slots
        for place in range(first, min(first + count, len(slots))):
            slots[place] = None

    def _put(self, base: int, target: Any, values: tuple[Any, ...], names: dict[str, Any]) -> None:
        slots, size = self.slots, base + 2 + len(values) + 2 * len(names)
        if len(slots) < size:
            slots.extend([None] * (size - len(slots)))
        slots[base] = target
        slots[base + 1 : base + 1 + len(values)] = values
        place = base + 1 + len(values)
        for value in names.values():
            slots[place] = None
            slots[place + 1] = value
            place += 2

    def call_at(self, base: int, target: Any, /, *values: Any, **names: Any) -> Any:
        """A call whose function is at slot ``base``."""
        self._put(base, target, values, names)
        return self.call(target, *values, **names)

    def callm_at(self, base: int, owner: Any, name: str, /, *values: Any, **names: Any) -> Any:
        """A method call: the method is at slot ``base``, its object at the next."""
        self._put(base, None, (owner, *values), names)
        return self.callm(owner, name, *values, **names)

    # -- calls --------------------------------------------------------------------------------------------------

    def call(self, target: Any, /, *values: Any, **names: Any) -> Any:
        """``target(*values, **names)``."""
        if isinstance(target, Function):
            return self._script_function(target, values, names)
        if isinstance(target, BoundMethod):
            return self.call(target.function, target.owner, *values, **names)
        if isinstance(target, Native | NativeType):
            return self._native(target, values, names)
        if isinstance(target, Class):
            return self._instantiate(target, values, names)
        if isinstance(target, type) and issubclass(target, ScriptError):
            return self.make.error(target.device_name, *values, text_object=False)
        if isinstance(target, NativeObject):
            handler = target.methods.get("__call__")
            if handler is not None:
                return self._guard(handler, (target, *values), names)
        if isinstance(target, Instance):
            method = target.klass.find("__call__")
            if method:
                return self.call(method, target, *values, **names)
            if target.native is not None:
                return self.call(target.native, *values, **names)
        self.make.throw_formatted("TypeError", f"'{type_name(target)}' object isn't callable")

    def callm(self, owner: Any, name: str, /, *values: Any, **names: Any) -> Any:
        """``owner.name(*values, **names)``: no bound method is made."""
        found, bound = self.lookup(owner, name)
        if found is MISSING:
            self.no_attribute(owner, name)
        if bound:
            return self.call(found, owner.owner if isinstance(owner, Super) else owner, *values, **names)
        return self.call(found, *values, **names)

    def call_star(self, target: Any, values: list[Any], names: list[Any]) -> Any:
        """A call with ``*`` or ``**``: its arguments are collected in a block that is freed afterwards.

        ``values`` holds ``(value,)`` and ``[iterable]``, ``names`` ``(name, value)`` and ``[mapping]``.
        """
        given: list[Any] = []
        for part in values:
            if isinstance(part, list):
                given += list(self.iterate(part[0]))
            else:
                given.append(part[0])
        keywords: dict[str, Any] = {}
        for part in names:
            pairs = part[0].items.items() if isinstance(part, list) else [part]
            keywords.update({str(key): value for key, value in pairs})
        block = self.make.alloc(WORD * (1 + len(given) + 2 * len(keywords)), "arguments of a call with stars")
        try:
            if isinstance(target, tuple):
                return self.callm(target[0], target[1], *given, **keywords)
            return self.call(target, *given, **keywords)
        finally:
            self.memory.free(block)

    def _script_function(self, target: Function, values: tuple[Any, ...], names: dict[str, Any]) -> Any:
        if target.generator:
            block = self.generator_block(target.frame)
            return Generator(self._guard(target.host, values, names), (block,))
        size = target.frame.heap_bytes
        block_of_frame = self.make.alloc(size, "call frame") if size else None
        outer, stack = self.cells, self.slots
        self.slots = []
        if target.cells:
            self.cells = tuple(self.make.alloc(CELL, "cell") for _ in range(target.cells))
        try:
            return self._guard(target.host, values, names)
        except (ScriptError, DeviceError) as error:
            self._unwind(error)
            raise
        finally:
            self.cells, self.slots = outer, stack
            if block_of_frame is not None:
                self.memory.free(block_of_frame)

    def _unwind(self, error: BaseException) -> None:
        """An exception leaves a function: one more traceback entry, if there is room."""
        if isinstance(error, ScriptError) and error.blocks:
            block = error.blocks[-1]
            self.memory.realloc(block, block.size + TRACEBACK_ENTRY)
        if self.memory.py.on_handler is not None:
            self.memory.py.on_handler()

    def _native(self, target: Any, values: tuple[Any, ...], names: dict[str, Any]) -> Any:
        if target.call is None:
            self.make.throw_formatted("TypeError", f"can't create '{target.name}' instances")
        return self._guard(target.call, values, names)

    def _guard(self, host: Callable[..., Any], values: tuple[Any, ...], names: dict[str, Any]) -> Any:
        """Call the host; arguments that do not fit its signature are the script's TypeError."""
        try:
            return host(*values, **names)
        except TypeError as error:
            trace = error.__traceback__
            if trace is not None and trace.tb_next is None:
                self.make.throw_formatted("TypeError", _arguments_text(str(error)))
            raise

    def varargs(self, values: tuple[Any, ...]) -> Any:
        """The tuple of ``*args``."""
        return self.make.new_tuple(values)

    def kwargs(self, names: dict[str, Any]) -> Dict:
        """The dict of ``**kwargs``."""
        result = self.make.new_dict(len(names))
        for name, value in names.items():
            self.make.store(result, name, value)
        return result

    # -- classes ------------------------------------------------------------------------------------------------

    def metaclass(self) -> ClassMaker:
        """What makes the class of a ``class`` statement."""
        return ClassMaker(self.make)

    def super(self, klass: Class, owner: Any) -> Super:
        """``super()`` in a method."""
        return Super(klass, owner)

    def native_super(self, base: Any, name: str) -> Callable[..., Any]:
        """What ``super().name`` finds in a class of the firmware."""

        def call(owner: Any, *values: Any, **names: Any) -> Any:
            if name == "__init__":
                if isinstance(owner, Instance) and isinstance(base, NativeType):
                    owner.native = self.call(base, *values, **names)
                elif isinstance(owner, ScriptError):
                    owner.values = values
                return None
            return self.callm(owner.native, name, *values, **names)

        return call

    def _instantiate(self, klass: Class, values: tuple[Any, ...], names: dict[str, Any]) -> Any:
        init = klass.find("__init__")
        if klass.error is not None:
            error = klass.error(*values, blocks=(self.make.alloc(OBJECT, "exception"),))
            error.klass = klass
            if init:
                self.call(init, error, *values, **names)
            elif values:
                error.blocks += (self.make.alloc(2 * WORD + WORD * len(values), "exception arguments"),)
            return error
        native = next((base for base in _natives(klass)), None)
        instance = Instance(klass, self.make.alloc(OBJECT + (WORD if native is not None else 0), klass.name))
        if init:
            count = len(values) + 2 * len(names)
            block = self.make.alloc(WORD * (2 + count), "arguments of __init__") if count else None
            self.call(init, instance, *values, **names)
            if block is not None:
                self.memory.free(block)
        elif native is not None:
            instance.native = self.call(native, *values, **names)
        elif values or names:
            self.make.throw_formatted(
                "TypeError", f"function takes 0 positional arguments but {len(values)} were given"
            )
        return instance

    def isinstance(self, value: Any, kinds: Any) -> bool:
        """``isinstance``."""
        for kind in kinds if isinstance(kinds, tuple) else (kinds,):
            if isinstance(kind, Class):
                if isinstance(value, Instance) and value.klass.is_under(kind):
                    return True
                if kind.error is not None and isinstance(value, kind.error):
                    return True
            elif isinstance(kind, NativeType):
                if isinstance(value, kind.classes) and not (isinstance(value, bool) and kind.name == "float"):
                    return True
                if isinstance(value, Instance) and any(base is kind for base in _natives(value.klass)):
                    return True
            elif isinstance(kind, type) and issubclass(kind, BaseException):
                if isinstance(value, kind):
                    return True
            elif isinstance(kind, List):
                self.make.throw("TypeError", "issubclass() arg 2 must be a class or a tuple of classes")
        return False


def _natives(klass: Class) -> Iterator[NativeType]:
    for base in klass.bases:
        if isinstance(base, NativeType) and base.name != "object":
            yield base
        elif isinstance(base, Class):
            yield from _natives(base)


def _arguments_text(text: str) -> str:
    """The camera's words for arguments that do not fit, from the host's."""
    match = re.search(r"takes (?:from )?(\d+).* positional arguments? but (\d+)", text)
    if match:
        return f"function takes {match[1]} positional arguments but {match[2]} were given"
    match = re.search(r"missing (\d+) required positional argument", text)
    if match:
        return f"function missing {match[1]} required positional arguments"
    match = re.search(r"unexpected keyword argument '(\w+)'", text)
    if match:
        return f"unexpected keyword argument '{match[1]}'"
    return "extra keyword arguments given" if "keyword" in text else "function takes other arguments"


__all__ = ["CLASSES", "Calls", "Descriptor"]
