"""Running a frozen module: its statements, done by the host, ask for what the camera's bytecode asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.errors import Raised, Unknown
from omvsim.micropython.functions import Cell
from omvsim.micropython.importing import import_all, import_from, import_name
from omvsim.micropython.native import NativeType
from omvsim.micropython.objects import TYPE
from omvsim.micropython.types import tuple_
from omvsim.micropython.values import NULL, Obj, PrintKind, Sentinel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.modules import Module
    from omvsim.micropython.values import Out, Value

    Host = Callable[[Machine, Sequence[Value]], Value]

ON_STACK: Final = sizes.STATE_ON_STACK


class FrozenFunction(Obj):
    """A function of a frozen module.

    Args:
        name: its name.
        args: names of its arguments.
        host: ``host(vm, values)`` with a value an argument.
        frame: bytes of its frame: one that is larger than 11 words is a chunk while the function runs.
        defaults: of the last arguments.
    """

    __slots__ = ("args", "defaults", "file", "frame", "host", "module_names", "name")
    type_name: ClassVar[str] = "function"
    binds_self = True

    def __init__(  # noqa: PLR0917 -- what a function is made of
        self, vm: Machine, name: str, args: tuple[str, ...], host: Host, frame: int, defaults: tuple[Value, ...] = ()
    ) -> None:
        super().__init__(vm.memory, vm.memory.alloc(sizes.FUNCTION + sizes.WORD * len(defaults)))
        self.name = name
        self.args = args
        self.host = host
        self.frame = frame
        self.defaults = defaults
        self.module_names = vm.globals
        entry = vm.globals.map.found.get("__file__")  # type: ignore[attr-defined]  # a dict
        self.file = vm.str_of(entry.value) if entry is not None else ""

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Bind the arguments, and run it in a frame."""
        memory = vm.memory
        block = memory.block_maybe(self.frame) if self.frame > ON_STACK else None
        values = self.bound(vm, args, kwargs)
        outer, vm.globals = vm.globals, self.module_names
        error: Obj | None = None
        result: Value = None
        try:
            result = self.host(vm, values)
        except Raised as raised:
            error = raised.value
        vm.globals = outer
        if error is not None:
            vm.on_handler()
            vm.add_traceback(error, self.file, 1, self.name)
        if block is not None:
            memory.free(block)
        if error is not None:
            raise Raised(error)
        return result

    def _mismatch(self, vm: Machine, expected: int, given: int) -> NoReturn:
        vm.raise_type("%q() takes %d positional arguments but %d were given", self.name, expected, given)

    def bound(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> list[Value]:
        """A value for every argument."""
        values: list[Value] = list(args)
        if len(values) > len(self.args):
            self._mismatch(vm, len(self.args), len(values))
        first = len(self.args) - len(self.defaults)
        if not kwargs and len(values) < first:
            self._mismatch(vm, first, len(values))
        given = dict(kwargs)
        for name in given:
            if name not in self.args:
                vm.raise_type("unexpected keyword argument '%q'", name)
            if self.args.index(name) < len(values):
                vm.raise_type("function got multiple values for argument '%q'", name)
        # The last one that is missing is named, by how many stand before it: the device looks from there.
        missing = [at for at in range(len(values), first) if self.args[at] not in given]
        if missing:
            vm.raise_type("function missing required positional argument #%d", missing[-1])
        for at in range(len(values), len(self.args)):
            name = self.args[at]
            values.append(given[name] if name in given else self.defaults[at - first])
        return values

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """As any function."""
        for piece in ("<function ", self.name, " at 0x", f"{self.address:x}", ">"):
            out(piece)


FROZEN_FUNCTION: Final = NativeType("function", FrozenFunction)


class NotModelled:
    """What a function does whose call ends the run as not known."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __call__(self, vm: Machine, values: Sequence[Value]) -> Value:
        raise Unknown(self.what)


def not_modelled(what: str) -> Host:
    """A function whose call ends the run as not known."""
    return NotModelled(what)


class Body:
    """A module or class body being run; statements store into ``names``."""

    def __init__(self, vm: Machine, names: Obj) -> None:
        self.vm = vm
        self.names = names
        self.cell: Cell | None = None

    def store(self, name: str, value: Value) -> None:
        """``name = value``."""
        self.vm.dict_store(self.names, name, value)

    def load(self, name: str) -> Value:
        """A name of the body."""
        return self.names.map.found[name].value  # type: ignore[attr-defined, no-any-return]  # a dict

    def from_import(self, module: str, *names: str, level: int = 0) -> None:
        """``from module import names``; ``name=new`` for ``as``."""
        wanted = tuple_.new_tuple(self.vm, tuple(name.partition("=")[0] for name in names))
        found = import_name(self.vm, module, wanted, level)
        if names == ("*",):
            import_all(self.vm, found)
            return
        for name in names:
            old, _, new = name.partition("=")
            self.store(new or old, import_from(self.vm, found, old))

    def import_(self, *names: str) -> None:
        """``import a, b``."""
        for name in names:
            self.store(name, import_name(self.vm, name, None, 0))

    def function(self, name: str, args: str, host: Host, frame: int = 0, defaults: tuple[Value, ...] = ()) -> None:
        """``def name(args): …``; defaults are gathered in a tuple first."""
        held = tuple_.new_tuple(self.vm, defaults) if defaults else None
        self.store(name, FrozenFunction(self.vm, name, tuple(args.split()), host, frame, defaults))
        del held

    def klass(
        self, name: str, bases: tuple[Value, ...], members: Callable[[Body], None], *, has_super: bool = False
    ) -> None:
        """``class name(bases): …`` (``__build_class__``); a method that calls ``super()`` needs a cell of the class."""
        vm = self.vm
        fun = FrozenFunction(vm, name, (), not_modelled(name), 0)
        body = vm.new_dict(0)
        assert isinstance(body, Obj)
        inner = Body(vm, body)
        inner.cell = Cell(vm, NULL) if has_super else None
        inner.store("__module__", self.load("__name__"))
        inner.store("__qualname__", name)
        members(inner)
        made = vm.call(TYPE, (name, vm.new_tuple(bases), body))
        del fun
        self.store(name, made)


def nothing(body: Body) -> None:
    """A class body that is ``pass``."""


def run_module(vm: Machine, module: Module, path: str, statements: Callable[[Body], None]) -> None:
    """``do_execute_proto_fun``: the names are the current ones meanwhile."""
    names = module.globals
    vm.dict_store(names, "__file__", vm.strings.intern(path))
    outer = vm.globals, vm.locals
    vm.globals = vm.locals = names
    try:
        fun = FrozenFunction(vm, "<module>", (), not_modelled(path), 0)
        statements(Body(vm, names))
        del fun
    finally:
        vm.globals, vm.locals = outer


__all__ = ["Body", "FrozenFunction", "NotModelled", "not_modelled", "nothing", "run_module"]
