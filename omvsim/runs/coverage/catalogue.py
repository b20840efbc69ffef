"""The names of a release's firmware, asked of the simulated one: nothing of the script is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen import FrozenModules
from omvsim.micropython.classes import Class
from omvsim.micropython.errors import Raised, Unknown
from omvsim.micropython.importing import import_module
from omvsim.micropython.modules import Module, NativeModule
from omvsim.micropython.native import NativeType
from omvsim.micropython.objects import OBJECTS
from omvsim.micropython.values import Obj, Sentinel
from omvsim.modules.fidelity import Fidelity, fidelity_of, note_of
from omvsim.runs.coverage.things import ListOf, Local, Missing, Named, Object, Result, Things
from omvsim.standard.vfs.files import FILE_IO, TEXT_IO
from omvsim.world.camera_names import table

if TYPE_CHECKING:
    from omvsim.micropython.classes import Type
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

PICTURES: Final = frozenset({"sensor.snapshot", "sensor.alloc_extra_fb", "sensor.get_fb", "csi.CSI.snapshot"})
_MEASURES: Final = (
    "find_",
    "get_",
    "width",
    "height",
    "format",
    "size",
    "bytearray",
    "to_ndarray",
    "save",
    "similarity",
)
"""How methods of images begin that do not give an image."""
FOUND: Final = {
    "find_apriltags": "image.apriltag",
    "find_barcodes": "image.barcode",
    "find_blobs": "image.blob",
    "find_circles": "image.circle",
    "find_datamatrices": "image.datamatrix",
    "find_line_segments": "image.line",
    "find_lines": "image.line",
    "find_qrcodes": "image.qrcode",
    "find_rects": "image.rect",
}
MEASURED: Final = {
    "find_displacement": "image.displacement",
    "get_histogram": "image.histogram",
    "get_regression": "image.line",
    "get_similarity": "image.similarity",
    "get_statistics": "image.statistics",
    "histogram": "image.histogram",
    "statistics": "image.statistics",
}
MADE: Final = {"open": "TextIOWrapper", "socket.socket.accept": "socket.socket", "uos.open": "TextIOWrapper"}
"""Functions and the type of what they give."""


class Catalogue:
    """What a firmware has.

    Args:
        vm: a camera that was booted.
        local: whether a module of that name stands beside the script.
    """

    def __init__(self, vm: CameraMachine, local: frozenset[str]) -> None:
        self.vm = vm
        self._local = local
        self._pool = vm.strings.built_in
        self._release = vm.world.board.firmware.partition("-")[0]
        self.types: dict[str, Type] = {
            name: value for name, value in (OBJECTS | vm.builtins).items() if isinstance(value, NativeType)
        }
        """Types whose methods an object that cannot be followed may have, by name."""
        for kind in (TEXT_IO, FILE_IO):
            self.types.setdefault(kind.name, kind)

    def has(self, name: str) -> bool:
        """Whether the name occurs in the firmware at all."""
        return name in self._pool

    def module(self, name: str) -> Things:
        """What ``import name`` gives; the innermost module."""
        vm = self.vm
        if name.partition(".")[0] in self._local:
            return (Local(),)
        try:
            found = import_module(vm, name, vm.empty_tuple(), 0)
        except Unknown:
            return (Missing(name, known=True),)
        except Raised:
            return (Missing(name, known=False),)
        shown = getattr(found, "name", name) if isinstance(found, NativeModule) else name
        for each, value in _names_of(found).items():
            if isinstance(value, NativeType):
                self.types.setdefault(f"{shown}.{each}", value)
        return (Named(shown, found),)

    def builtin(self, name: str) -> Things:
        """A built-in name."""
        found = self.vm.builtin(name)
        return () if isinstance(found, Sentinel) else (Named(name, found),)

    def of_type(self, name: str) -> Things:
        """An object of a built-in type."""
        return (Object(name, self.types[name]),)

    def of_value(self, value: Value) -> Things:
        """An object of a constant's type."""
        found = self.vm.type_of(value)
        return (Object(found.name, found),) if isinstance(found, NativeType) else ()

    def names(self, module: Named) -> tuple[str, ...]:
        """All names of a module."""
        return tuple(_names_of(module.value))

    def some_result_has(self, name: str) -> bool:
        """Whether a result of some finder has a method of that name."""
        return any(self.result_has(Result(kind), name) for kind in {*FOUND.values(), *MEASURED.values()})

    def member(self, owner: Named | Object, name: str) -> Named | None:
        """An attribute of a module, a type, or an object of a type."""
        kind = owner.value if isinstance(owner, Named) else owner.kind
        found = _member(kind, name)
        return None if isinstance(found, Sentinel) else Named(f"{owner.path}.{name}", found)

    def submodule(self, owner: Named, name: str) -> Things:
        """A module of a package."""
        if not isinstance(owner.value, Module) or not self._is_frozen(f"{owner.path}.{name}"):
            return ()
        return self.module(f"{owner.path}.{name}")

    def _is_frozen(self, name: str) -> bool:
        path = name.replace(".", "/")
        frozen = FrozenModules(self._pool)
        return path in frozen.folders or f"{path}.py" in frozen.files

    def result_has(self, result: Result, name: str) -> bool:
        """Whether a method of a result can be called."""
        return name in table(result.kind, self._release)

    def given(self, called: Named) -> Things:
        """What calling it gives, as far as it is known."""
        path, value = called.path, called.value
        if self.fidelity(called)[0] in (Fidelity.UNKNOWN, Fidelity.ABSENT):
            return (Missing(path, known=True),)  # the run ends there
        if isinstance(value, NativeType | Class):
            return (Object(path, value),)
        owner, _, name = path.rpartition(".")
        if path in PICTURES or path == "image.Image.copy":
            return self._image()
        if owner == "image.Image":
            if name in FOUND:
                return (ListOf((Result(FOUND[name]),)),)
            if name in MEASURED:
                return (Result(MEASURED[name]),)
            return () if name.startswith(_MEASURES) else self._image()
        kind = MADE.get(path)
        found = None if kind is None else self.types.get(kind)
        return () if found is None or kind is None else (Object(kind, found),)

    def _image(self) -> Things:
        (module,) = self.module("image")
        kind = self.member(module, "Image") if isinstance(module, Named) else None
        return (Object("image.Image", kind.value),) if kind is not None and isinstance(kind.value, NativeType) else ()

    def fidelity(self, used: Named) -> tuple[Fidelity, str]:
        """What calling it is worth, and what is to be said."""
        found = fidelity_of(used.path, used.value)
        return found, note_of(used.path, found)


def _names_of(value: Value) -> dict[str, Value]:
    if isinstance(value, NativeModule):
        return value.names
    return {str(name): entry.value for name, entry in value.map.found.items()} if isinstance(value, Module) else {}


def _member(kind: Value, name: str) -> Value | Sentinel:
    if isinstance(kind, NativeType):
        found: Value | Sentinel = kind.locals.get(name, Sentinel("none"))
        return _member(kind.parent, name) if isinstance(found, Sentinel) and kind.parent is not None else found
    if isinstance(kind, Class):
        entry = kind.members.found.get(name)
        if entry is not None:
            return entry.value
        found = Sentinel("none")
        for base in kind.bases:
            found = _member(base, name)
            if not isinstance(found, Sentinel):
                break
        return found
    if isinstance(kind, NativeModule | Module):
        names = _names_of(kind)
        return names[name] if name in names else Sentinel("none")
    if isinstance(kind, Obj):
        own = type(kind).native_type if hasattr(type(kind), "native_type") else None
        return Sentinel("none") if own is None else _member(own, name)
    return Sentinel("none")


__all__ = ["Catalogue"]
