"""Module objects (py/objmodule.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.errors import Error
from omvsim.micropython.native import NativeType
from omvsim.micropython.values import UNSUPPORTED, Obj, PrintKind, Sentinel

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Map
    from omvsim.micropython.values import Out, Value


class Module(Obj):
    """A module whose names are a dict: one of a file, or frozen."""

    __slots__ = ("globals",)
    type_name: ClassVar[str] = "module"

    def __init__(self, vm: Machine, address: int, names: Obj) -> None:
        super().__init__(vm.memory, address)
        self.globals = names

    @property
    def map(self) -> Map:
        """The table of its names."""
        table: Map = self.globals.map  # type: ignore[attr-defined]  # a dict
        return table

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """``module_attr``: a name, ``__dict__``, or what the module's ``__getattr__`` gives."""
        entry = self.map.found.get(name)
        if entry is not None:
            return entry.value
        if name == "__dict__":
            return self.globals
        entry = self.map.found.get("__getattr__") if name != "__getattr__" else None
        return UNSUPPORTED if entry is None else vm.call(entry.value, (name,))

    def set_attr(self, vm: Machine, name: str, value: Value | Sentinel) -> bool:
        """``module_attr``, storing."""
        if self.map.fixed:
            return False
        if not isinstance(value, Sentinel):
            vm.dict_store(self.globals, name, value)
        elif self.map.remove(vm, name) is None:
            vm.raise_arg(vm.exception_type(Error.KEY), name)
        return True

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<module 'name' from 'file'>``."""
        name, file = self.map.found.get("__name__"), self.map.found.get("__file__")
        out("<module '")
        out("" if name is None else vm.str_of(name.value))
        if file is not None:
            out("' from '")
            out(vm.str_of(file.value))
        out("'>")


class NativeModule(Obj):
    """A module in ROM.

    Args:
        name: as imported.
        names: what it has; ``stored`` those that a script may set (``sys.ps1`` and the like).
    """

    __slots__ = ("name", "names", "stored")
    type_name: ClassVar[str] = "module"

    def __init__(self, name: str, names: dict[str, Value], stored: tuple[str, ...] = ()) -> None:
        self.address = 0
        self.name = name
        self.names = {"__name__": name, **names}
        self.stored = stored

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """A name of it."""
        if name == "__dict__":
            return vm.rom_dict(self.names)
        return self.names.get(name, UNSUPPORTED)

    def initialiser(self) -> Value | None:
        """What importing it calls."""
        return self.names.get("__init__")

    def set_attr(self, vm: Machine, name: str, value: Value | Sentinel) -> bool:
        """Only what it lets be set."""
        if self.name == "builtins":
            vm.override(name, value)
            return True
        if name not in self.stored or isinstance(value, Sentinel):
            return False
        self.names[name] = value
        return True

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<module 'name'>``: what it calls itself, without making names that are made later."""
        own = self.name if isinstance(self, LaterModule) else vm.str_of(self.names["__name__"])
        for piece in ("<module '", own, "'>"):
            out(piece)


class LaterModule(NativeModule):
    """A module in ROM whose names are made when one of them is looked for that is not among ``early``."""

    __slots__ = ("early", "make")

    def __init__(self, name: str, make: Callable[[], dict[str, Value]], early: dict[str, Value] | None = None) -> None:
        self.address = 0
        self.name = name
        self.stored = ()
        self.make = make
        self.early = early or {}

    def __getattr__(self, attribute: str) -> dict[str, Value]:
        """``names``, once."""
        if attribute != "names":
            raise AttributeError(attribute)
        self.names = {"__name__": self.name, **self.make()}
        return self.names

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """A name of it."""
        found = self.early.get(name)
        return super().attr(vm, name) if found is None else found

    def initialiser(self) -> Value | None:
        """None: a module with one is made at once."""
        return None


MODULE: Final = NativeType("module", Module)
NativeModule.native_type = MODULE

MODULE_NAMES: Final = 1
"""``MICROPY_MODULE_DICT_SIZE``: entries a new module's dict has room for."""


def new_module(vm: Machine, name: str) -> Module:
    """``mp_obj_new_module``: context and dict, put among the loaded ones."""
    vm.loaded.map.set(vm, name, None)  # type: ignore[attr-defined]  # a dict
    address = vm.memory.alloc(sizes.MODULE_CONTEXT)
    names = vm.new_dict(MODULE_NAMES)
    assert isinstance(names, Obj)
    vm.dict_store(names, "__name__", name)
    module = Module(vm, address, names)
    vm.dict_store(vm.loaded, name, module)
    return module


__all__ = ["MODULE", "LaterModule", "Module", "NativeModule", "new_module"]
