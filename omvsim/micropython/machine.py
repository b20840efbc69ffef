"""The running interpreter: one heap, one string pool, everything a type or a module needs of the others.

What its methods do stands in the modules they come from: operations, attributes, calls, exceptions, classes; and for
all that needs to know the built-in types, :mod:`omvsim.micropython.making`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn

from omvsim.boards import RT1062_PORT
from omvsim.memory import sizes
from omvsim.micropython import (
    attributes,
    calls,
    classes,
    descriptors,
    exceptions,
    functions,
    generators,
    importing,
    making,
    messages,
    operations,
    static_methods,
)
from omvsim.micropython.attributes import CheckedFunction
from omvsim.micropython.bound import BoundMethod
from omvsim.micropython.classes import Class, Instance, native_bases
from omvsim.micropython.errors import Error
from omvsim.micropython.exceptions import TYPES, ExceptionValue
from omvsim.micropython.modules import Module
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.micropython.parts import Parts
from omvsim.micropython.values import NULL, Obj, Sentinel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.boards import Port, Release
    from omvsim.memory.requests import Memory
    from omvsim.memory.strings import StringPool
    from omvsim.micropython.importing import Files
    from omvsim.micropython.maps import Entry
    from omvsim.micropython.modules import NativeModule
    from omvsim.micropython.values import Value

    Keywords = Sequence[tuple[str, Value]]

CALLS_A_TICK: Final = 5000
"""Calls between two looks at the clock."""


class NoFiles:
    """A camera without file systems."""

    def kind(self, path: str) -> str:
        """Nothing is there."""
        return ""

    def load(self, vm: Machine, module: Module, path: str) -> None:
        """Nothing can be."""
        raise AssertionError(f"{path} was found where there is nothing")


class Machine(Parts):
    """One interpreter on one camera.

    Args:
        memory: its heap.
        strings: its pool of names.
        release: whose firmware it is in.
        write: where ``print`` goes.
    """

    port: Port = RT1062_PORT
    """The board's, until a board says another."""

    def __init__(
        self,
        memory: Memory,
        strings: StringPool,
        release: Release,
        write: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.memory = memory
        self.strings = strings
        self.release, self.dialect = release, release.dialect
        self.messages = messages.error_texts(release.dialect)
        self.write = write
        self.opt_level = 0
        """``micropython.opt_level()``."""
        self.immediate: dict[type[Any], type[Obj]] = making.IMMEDIATE
        self.stop_value: Value | Sentinel = NULL
        """``stop_iteration_arg``: what a generator that just answered STOP returned; NULL for None."""
        self.depth = 0
        """Bytes of the C stack that running calls hold (see :data:`omvsim.memory.sizes.CALL_ON_STACK`)."""
        self.depth_limit = sizes.STACK_LIMIT
        self.ticks = CALLS_A_TICK
        self.on_tick: Callable[[], None] = lambda: None
        """Called now and then while a script runs; raises where a limit on the host's time or memory is reached."""
        self.pending = False
        """Set by whoever wants to know when a loop comes round next …"""
        self.on_turn: Callable[[int, int], None] = lambda _line, _last_line: None
        """… which is told here, with the first and last line of that loop."""
        self.main: Obj = making.new_globals(self)
        """The main module's names."""
        self.main_module: Obj = Module(self, 0, self.main)
        """What ``import __main__`` gives."""
        self.globals: Obj = self.main
        self.locals: Obj = self.main
        self.builtins: dict[str, Value] = {}
        """Names in ROM."""
        self.overrides: dict[object, Entry] = {}
        """Built-in names that a script replaced."""
        self.native_methods: dict[tuple[type[Any], str], NativeFunction] = {}
        """Methods of built-in types that were looked up, by host class and name: they are in ROM."""
        self._overriding: Obj | None = None
        self.modules: dict[str, NativeModule] = {}
        """Modules in ROM, by name; ``extensible`` names those that a file of the same name comes before."""
        self.extensible: frozenset[str] = frozenset()
        self.loaded: Obj = making.new_globals(self)
        """``sys.modules``: the object is static."""
        self.files: Files = NoFiles()
        self.search_path: Callable[[], Sequence[str]] = lambda: ("", ".frozen", "/lib")
        """``sys.path``."""
        self.generator_exit = generators.generator_exit(self)
        self.stop_iteration = TYPES[Error.STOP_ITERATION]
        self.not_implemented: Value | Sentinel = making.not_implemented()
        """The constant ``NotImplemented``."""
        self.errno_name: Callable[[int], str | None] = lambda _: None
        """``mp_errno_to_str``."""
        memory.fail = self._no_memory
        strings.too_long = self._name_too_long

    # -- operations ----------------------------------------------------------------------------------------------------
    unary = operations.unary
    unary_maybe = operations.unary_maybe
    binary = operations.binary
    truth = operations.truth
    equal = operations.equal
    length = operations.length
    length_value = operations.length_value
    length_maybe = operations.length_maybe
    subscr = operations.subscr
    set_subscr = operations.set_subscr
    iterate = operations.iterate
    next = operations.next_
    next_or_raise = operations.next_or_raise
    items = operations.items
    print = operations.print_
    text = operations.text
    word_of_address = staticmethod(operations.word_of_address)

    # -- attributes ----------------------------------------------------------------------------------------------------
    attr = attributes.attr
    attr_maybe = attributes.attr_maybe
    method = attributes.method
    method_maybe = attributes.method_maybe
    set_attr = attributes.set_attr
    new_class = attributes.new_class
    method_quietly = attributes.method_quietly
    attribute_quietly = attributes.attribute_quietly

    # -- calls ---------------------------------------------------------------------------------------------------------
    call = calls.call
    call_method = calls.call_method
    call_spread = calls.call_spread
    check_args = calls.check_args
    parse_keywords = calls.parse_keywords
    name_of = calls.name_of
    unpack = calls.unpack
    unpack_star = calls.unpack_star

    new_generator = generators.new_generator
    make_function = functions.make_function
    make_closure = functions.make_closure
    new_cell = functions.new_cell
    import_name = importing.import_name
    import_from = importing.import_from
    import_all = importing.import_all

    # -- names ---------------------------------------------------------------------------------------------------------
    @property
    def locals_found(self) -> dict[object, Entry]:
        """Entries of the current local names."""
        found: dict[object, Entry] = self.locals.map.found  # type: ignore[attr-defined]  # a dict
        return found

    def builtin(self, name: str) -> Value | Sentinel:
        """What a built-in name stands for; NULL if nothing."""
        entry = self.overrides.get(name)
        return self.builtins.get(name, NULL) if entry is None else entry.value

    def override(self, name: str, value: Value | Sentinel) -> None:
        """Store into or delete from the module ``builtins``: its first such name costs a dict."""
        if self._overriding is None:
            made = self.new_dict(1)
            assert isinstance(made, Obj)
            self._overriding = made
            self.overrides = made.map.found  # type: ignore[attr-defined]  # a dict
        if not isinstance(value, Sentinel):
            self.dict_store(self._overriding, name, value)
        elif self._overriding.map.remove(self, name) is None:  # type: ignore[attr-defined]  # a dict
            self.raise_arg(TYPES[Error.KEY], name)

    def look_at_clock(self) -> None:
        """Let the driver end the run."""
        self.ticks = CALLS_A_TICK
        self.on_tick()

    def turn(self, line: int, last_line: int) -> None:
        """A loop comes round while somebody wants to know."""
        self.pending = False
        self.on_turn(line, last_line)

    def warn(self, text: str) -> None:
        """``mp_warning``: nothing is printed (MICROPY_WARNINGS is 0)."""

    # -- types ---------------------------------------------------------------------------------------------------------
    def type_of(self, value: Value) -> Obj:
        """``mp_obj_get_type``."""
        if isinstance(value, Instance | ExceptionValue):
            return value.klass
        kind = self.immediate.get(type(value))
        native: NativeType = kind.native_type if kind else value.native_type  # type: ignore[union-attr]  # an Obj
        return native

    def type_name(self, value: Value) -> str:
        """``mp_obj_get_type_str``."""
        kind = self.type_of(value)
        assert isinstance(kind, Class | NativeType)
        return kind.name

    is_subclass = descriptors.is_subclass
    is_subclass_fast = descriptors.is_subclass_fast

    def is_instance(self, value: Value, klass: Value) -> bool:
        """``isinstance``."""
        return self.is_subclass(self.type_of(value), klass)

    def native_bases(self, klass: classes.Type) -> list[NativeType]:
        """The native types at the root of a class."""
        return native_bases(klass)

    def address_of(self, value: Value) -> int:
        """The word that stands for an object (``id``): its address, 0 for what is in ROM or in the word itself."""
        return self.memory.expose(value.address) if isinstance(value, Obj) else 0

    def has_protocol(self, klass: classes.Type) -> bool:
        """Whether a base has a C-level protocol (streams and pins do)."""
        return any(native.protocol for native in native_bases(klass))

    # -- values (each asks for its chunks first) -----------------------------------------------------------------------
    new_int = making.new_int
    new_float = making.new_float
    new_str = making.new_str
    new_bytes = making.new_bytes
    new_tuple = making.new_tuple
    new_list = making.new_list
    new_dict = making.new_dict
    new_set = making.new_set
    new_slice = making.new_slice
    dict_store = making.dict_store
    set_store = making.set_store
    list_append = making.list_append
    list_cut = making.list_cut
    sequence = making.sequence
    empty_tuple = making.empty_tuple
    tuple_maybe = making.tuple_maybe
    text_at = making.text_at
    attach_text = making.attach_text
    copy_of_map = making.copy_of_map
    rom_dict = making.rom_dict
    parse_int = making.parse_int
    parse_decimal = making.parse_decimal
    module_constant = making.module_constant

    def bind(self, fun: Value, bound: Value) -> Value:
        """A bound method: 12 bytes."""
        return BoundMethod(self, fun, bound)

    def checked_function(self, klass: Obj, fun: Value) -> Value:
        """``mp_obj_new_checked_fun``."""
        return CheckedFunction(self, klass, fun)

    def static_method(self, fun: Value) -> Value:
        """``staticmethod(fun)``."""
        return self.call(static_methods.STATIC_METHOD, (fun,))

    def is_function(self, value: Value) -> bool:
        """``mp_obj_is_fun``."""
        return isinstance(value, Obj) and value.type_name == "function"

    def dict_of_type(self, klass: classes.Type) -> Value:
        """``__dict__`` of a class: a read-only copy; a built-in type's own."""
        if isinstance(klass, Class):
            return self.copy_of_map(klass.members, fixed=True)
        return self.rom_dict(klass.locals)

    # -- arguments -----------------------------------------------------------------------------------------------------
    int_of = making.int_of
    int_of_maybe = making.int_of_maybe
    small_of = making.small_of
    float_of = making.float_of
    str_of = making.str_of
    buffer_of = making.buffer_of

    @property
    def ellipsis(self) -> Obj:
        """The constant ``...``."""
        return making.ellipsis()

    # -- exceptions ----------------------------------------------------------------------------------------------------
    is_exception_type = exceptions.is_exception_type
    exception_match = exceptions.exception_match
    new_message = exceptions.new_message
    pieces = staticmethod(messages.pieces)
    make_raise = exceptions.make_raise
    exception_value = exceptions.exception_value
    native_exception = exceptions.native_exception
    is_native_exception = exceptions.is_native_exception
    print_exception_of_subclass = exceptions.print_exception_of_subclass
    too_deep = exceptions.too_deep

    def raise_(self, type_: NativeType, text: str | None = None, *values: object) -> NoReturn:
        """Raise a built-in exception.

        ``text`` is the firmware's own (``MP_ERROR_TEXT``); with ``values`` it is a C format (%q %s %d %u %c %x …) and
        the message costs what ``mp_raise_msg_varg`` asks for: the chunk starts with the *compressed* format's length
        and grows by the pieces printed. So give the format and its values apart.
        """
        self.throw(self.new_message(type_, text, *values))

    def exception_type(self, error: Error) -> NativeType:
        """The built-in exception's type object."""
        return TYPES[error]

    def error(self, error: Error, text: str | None = None, *values: object) -> NoReturn:
        """:meth:`raise_` for those who know the exception only by name."""
        self.throw(self.new_message(TYPES[error], text, *values))

    def new_error(self, error: Error, text: str | None = None, *values: object) -> Obj:
        """``mp_obj_new_exception_msg``: an exception that is raised later (the parser's and the compiler's)."""
        return self.new_message(TYPES[error], text, *values)

    def add_traceback(self, exception: Obj, file: str, line: int, function: str | None) -> None:
        """``mp_obj_exception_add_traceback``; ``function`` None: the text was only parsed."""
        self.native_exception(exception).add_traceback((file, line, function or ""))

    def retype(self, exception: Obj, error: Error, new: Error) -> bool:
        """Make an exception of type ``error`` one of type ``new`` (parsenum.c, ``raise_exc``); whether it was one."""
        native = self.native_exception(exception)
        if native.klass is not TYPES[error]:
            return False
        native.klass = TYPES[new]
        return True

    def raise_arg(self, type_: NativeType, value: Value) -> NoReturn:
        """``mp_raise_type_arg``: KeyError and the like with one value."""
        self.throw(exceptions.new_exception(self, type_, (value,)))

    def raise_type(self, text: str | None = None, *values: object) -> NoReturn:
        """TypeError."""
        self.throw(self.new_message(TYPES[Error.TYPE], text, *values))

    def raise_value(self, text: str | None = None, *values: object) -> NoReturn:
        """ValueError."""
        self.throw(self.new_message(TYPES[Error.VALUE], text, *values))

    def raise_stop(self) -> NoReturn:
        """StopIteration for an iterator that just answered STOP, with what it returned."""
        value = self.stop_value
        args = () if isinstance(value, Sentinel) else (value,)
        self.throw(exceptions.new_exception(self, TYPES[Error.STOP_ITERATION], args))

    def check_stack(self) -> None:
        """``mp_cstack_check``: RuntimeError where the C stack is used up."""
        if self.depth >= self.depth_limit:
            self.throw(self.too_deep())

    def _name_too_long(self) -> NoReturn:
        """``qstr_from_strn``."""
        self.error(Error.RUNTIME, "name too long")

    def _no_memory(self, size: int) -> NoReturn:
        """``m_malloc_fail``."""
        if self.memory.heap.lock_depth:
            self.error(Error.MEMORY, "memory allocation failed, heap is locked")
        self.error(Error.MEMORY, "memory allocation failed, allocating %u bytes", size)


__all__ = ["Machine"]
