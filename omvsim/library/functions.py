"""Functions of the frozen package: run by the host, asking for what the camera's bytecode asks for.

A host function takes the running machine and a value for each argument (a tuple for ``*args``, a dict for ``**kwargs``)
and does each step through the machine, so that what it returns and what it asks for come from one place. Its local
variables are the frame's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.frozen.body import ON_STACK, Body, FrozenFunction, not_modelled
from omvsim.library.package import package_of
from omvsim.memory import sizes
from omvsim.micropython.errors import Raised
from omvsim.micropython.functions import Cell, Closure
from omvsim.micropython.objects import TYPE
from omvsim.micropython.types import tuple_
from omvsim.micropython.types.float_ import Float
from omvsim.micropython.values import NULL, Obj
from omvsim.numerals.single import single
from omvsim.records import NamedTuple, dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Sentinel, Value

    Host = Callable[[Any, Sequence[Value]], Value]
    """The machine is a camera's where the function needs one."""

VERSION: Final = "0.0.1"
"""Of the package (manifest.py)."""
CLASS: Final = "__class__"
"""The cell that methods with ``super()`` close over: their first argument."""


def rom_float(value: float) -> Float:
    """A constant of frozen code: it costs nothing."""
    made: Float = Float.__new__(Float)
    made.address = 0
    made.value = single(value)
    return made


def rom_tuple(*values: Value) -> tuple_.Tuple:
    """Likewise."""
    made: tuple_.Tuple = tuple_.Tuple.__new__(tuple_.Tuple)
    made.address = 0
    made.items = values
    return made


@dataclass(frozen=True, slots=True)
class NewList:
    """Among defaults: a list of these that is made when the function is defined."""

    items: tuple[Value, ...] = ()


class Code(NamedTuple):
    """What one frozen function is.

    ``args`` are its arguments' names, ``*args`` and ``**kwargs`` at the end; ``state`` bytes of locals, value stack and
    exception stack (n_state words and 12 bytes an exception handler, computed by compiling the tag's source); ``line``
    what a traceback has.
    """

    name: str
    args: str
    host: Host
    state: int = 0
    defaults: tuple[Value | NewList, ...] = ()
    line: int = 1


class Line:
    """The line that the running function is at, as far as it says so."""

    def __init__(self) -> None:
        self.now = 0


def seen(vm: Machine, error: Obj, file: str, line: int, function: str) -> None:
    """A frame sees an exception, whether it handles it or not (py/vm.c, ``exception_handler``)."""
    vm.on_handler()
    vm.add_traceback(error, file, line, function)


class LibraryFunction(FrozenFunction):
    """A function made of a :class:`Code`."""

    __slots__ = ("code", "star", "star_star")

    def __init__(self, vm: Machine, code: Code, defaults: tuple[Value, ...] = ()) -> None:
        names = code.args.split()
        plain = tuple(name for name in names if not name.startswith("*"))
        super().__init__(vm, code.name, plain, code.host, 0, defaults)
        self.code = code
        self.star = any(name.startswith("*") and not name.startswith("**") for name in names)
        self.star_star = any(name.startswith("**") for name in names)

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """``fun_bc_call``: the frame, the arguments, the host function; the frame is given back whatever happens."""
        memory, state = vm.memory, self.code.state
        block = memory.block_maybe(sizes.CODE_STATE + state) if state > ON_STACK else None
        values = self.bound(vm, args, kwargs)
        line = vm.part(Line)
        outer, vm.globals = vm.globals, self.module_names
        caller, line.now = line.now, self.code.line
        error: Obj | None = None
        result: Value = None
        try:
            result = self.host(vm, values)
        except Raised as raised:
            error = raised.value
        del values
        vm.globals = outer
        if error is not None:
            seen(vm, error, self.file, line.now, self.name)
        line.now = caller
        if block is not None:
            memory.free(block)
        if error is not None:
            raise Raised(error)
        return result

    def bound(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> list[Value]:
        """A value for every argument, then ``*args``, then ``**kwargs`` (``mp_setup_code_state``)."""
        count = len(self.args)
        if not self.star and not self.star_star:
            return super().bound(vm, args, kwargs)
        extra = args[count:]
        star: Value = None
        if self.star:
            star = vm.new_tuple(extra) if extra else vm.empty_tuple()
        rest: Value = None
        named = [(name, value) for name, value in kwargs if name in self.args]
        if self.star_star:
            rest = vm.new_dict(len(kwargs))
            for name, value in kwargs:
                if name not in self.args:
                    vm.dict_store(rest, name, value)
        values = super().bound(vm, args[:count] if self.star else args, named if self.star_star else kwargs)
        return values + ([star] if self.star else []) + ([rest] if self.star_star else [])


class LibraryBody(Body):
    """A module or class body of the package."""

    def __init__(self, vm: Machine, names: Obj, cell: Cell | None = None) -> None:
        super().__init__(vm, names)
        self.cell = cell

    def define(self, code: Code) -> None:
        """``def …``: defaults are gathered in a tuple first, a method that closes over its class is a closure."""
        vm = self.vm
        defaults = tuple(vm.new_list(value.items) if isinstance(value, NewList) else value for value in code.defaults)
        held = vm.new_tuple(defaults) if defaults else None
        made: Value = LibraryFunction(vm, code, defaults)
        if code.args.startswith(f"{CLASS} "):
            assert self.cell is not None
            made = Closure(vm, made, (self.cell,))  # type: ignore[arg-type]  # it is called as a function is
        self.store(code.name, made)
        del held

    def finish(self) -> None:
        """What freezing appends to each file of a package with a version (tools/manifestfile.py, tagged_py_file)."""
        if package_of(self.vm).has_version:
            self.store("__version__", VERSION)

    def define_class(self, name: str, *codes: Code, bases: tuple[Value, ...] = ()) -> None:
        """``class name(bases): …`` with these methods (``__build_class__``)."""
        vm = self.vm
        fun = FrozenFunction(vm, name, (), not_modelled(name), 0)
        names = vm.new_dict(0)
        assert isinstance(names, Obj)
        cell = Cell(vm, NULL) if any(code.args.startswith(f"{CLASS} ") for code in codes) else None
        inner = LibraryBody(vm, names, cell)
        inner.store("__module__", self.load("__name__"))
        inner.store("__qualname__", name)
        for code in codes:
            inner.define(code)
        held = vm.new_tuple(bases) if bases else vm.empty_tuple()
        made = vm.call(TYPE, (name, held, names))
        if cell is not None:
            cell.value = made
        del fun, held
        self.store(name, made)


def library_body(body: Body) -> LibraryBody:
    """The package's kind of a body."""
    return LibraryBody(body.vm, body.names)


__all__ = [
    "CLASS",
    "Code",
    "LibraryBody",
    "LibraryFunction",
    "Line",
    "NewList",
    "library_body",
    "rom_float",
    "rom_tuple",
]
