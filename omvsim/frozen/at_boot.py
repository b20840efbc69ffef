"""Objects that boot made and left for scripts to find: the frozen modules it imported, the names of ``_boot.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NoReturn

from omvsim.heap import GcHeap
from omvsim.memory.requests import Memory
from omvsim.micropython.errors import Unknown
from omvsim.micropython.modules import Module
from omvsim.micropython.values import Obj, PrintKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import BinaryOp, Out, UnaryOp, Value

ELSEWHERE: Final = ((0x10000000, 1 << 16),)
"""A heap of no camera for the objects of a module whose chunks are counted among boot's."""


class ImportedAtBoot(Module):
    """A frozen module among the loaded ones. Its chunks are boot's; its names are made when somebody asks for one."""

    __slots__ = ("_name", "_names", "_vm")

    def __init__(self, vm: Machine, name: str) -> None:
        Obj.__init__(self, vm.memory)
        self._vm = vm
        self._name = name
        self._names: Obj | None = None

    @property
    def globals(self) -> Obj:  # type: ignore[override]  # made late
        """Its dict."""
        if self._names is None:
            self._names = self._made()
        return self._names

    def _made(self) -> Obj:
        vm = self._vm
        camera = vm.memory
        vm.memory = Memory(GcHeap(ELSEWHERE), camera.fail)
        try:
            names = vm.new_dict(1)
            assert isinstance(names, Obj)
            vm.dict_store(names, "__name__", self._name)
            self._names = names
            vm.files.load(vm, self, f".frozen/{self._name}.py")
        finally:
            vm.memory = camera
        return names


class BootValue(Obj):
    """The value of a name that ``_boot.py`` left in ``__main__``. Using it ends the run as not known."""

    __slots__ = ("name",)
    type_name: ClassVar[str] = "boot"

    def __init__(self, vm: Machine, name: str) -> None:
        super().__init__(vm.memory)
        self.name = name

    def _unknown(self) -> NoReturn:
        raise Unknown(self.name, "a name that the camera's _boot.py left behind")

    def unary(self, vm: Machine, op: UnaryOp) -> NoReturn:
        self._unknown()

    def binary(self, vm: Machine, op: BinaryOp, rhs: Value) -> NoReturn:
        self._unknown()

    def attr(self, vm: Machine, name: str) -> NoReturn:
        self._unknown()

    def subscr(self, vm: Machine, index: Value) -> NoReturn:
        self._unknown()

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Sequence[tuple[str, Value]]) -> NoReturn:
        self._unknown()

    def iterate(self, vm: Machine, *, on_stack: bool) -> NoReturn:
        self._unknown()

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """Printing ``globals()`` is no reason to stop."""
        vm.stand_in(f"print() of {self.name}", "a name that the camera's _boot.py left behind")
        out("...")


__all__ = ["BootValue", "ImportedAtBoot"]
