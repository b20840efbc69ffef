"""``open``, and files that are imported or executed (extmod/vfs.c, extmod/vfs_reader.c, py/builtinimport.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from omvsim.compiler.parsing.lexer import Lexer
from omvsim.compiler.parsing.parser import Input
from omvsim.compiler.parsing.readers import FileReader
from omvsim.compiler.running import run_source
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import function
from omvsim.micropython.values import Sentinel
from omvsim.standard.vfs.files import FileIO
from omvsim.standard.vfs.mounted import Mounted
from omvsim.standard.vfs.mounts import Mount, Mounts, proxy_call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.modules import Module
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value


class Frozen(Protocol):
    """What is frozen into the firmware. Paths are those of its files: ``asyncio/core.py``."""

    def kind(self, path: str) -> str:
        """ "file", "dir" or ""."""

    def load(self, vm: Machine, module: Module, path: str) -> None:
        """Run it in the module's names."""


@function("open", 0, None, keywords=True)
def open_(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A file; ``buffering`` and ``encoding`` are looked at by nobody."""
    path, mode, buffering, _ = vm.parse_keywords(args, kwargs, ("file", "mode", "buffering", "encoding"), 1, 4)
    if not isinstance(buffering, Sentinel):
        vm.int_of(buffering)
    assert not isinstance(path, Sentinel)
    return open_path(vm, path, "r" if isinstance(mode, Sentinel) else mode)


def open_path(vm: Machine, path: Value, mode: Value) -> Value:
    """``mp_vfs_open``."""
    mount, inside = vm.part(Mounts).lookup(vm, path)
    return proxy_call(vm, mount, "open", (inside, mode))


def lexer_from_file(vm: Machine, path: str) -> Lexer:
    """``mp_lexer_new_from_file``: the file stays as garbage."""
    file = open_path(vm, path, "rb")
    assert isinstance(file, FileIO)
    return Lexer(vm, path, FileReader(vm.memory, file, bytes(file.data)))


class ImportFiles:
    """Where imports look: the mounted file systems, and what is frozen into the firmware."""

    def __init__(self, vm: Machine, frozen: Frozen) -> None:
        self.vm = vm
        self.frozen = frozen

    def kind(self, path: str) -> str:
        """``mp_import_stat_any``."""
        if path.startswith(".frozen/"):
            return self.frozen.kind(path.removeprefix(".frozen/"))
        mount, inside = self.vm.part(Mounts).find(path)
        if not isinstance(mount, Mount) or not isinstance(mount.obj, Mounted):
            return ""
        return mount.obj.files.kind(mount.obj.absolute(inside))

    def load(self, vm: Machine, module: Module, path: str) -> None:
        """``do_load``."""
        if path.startswith(".frozen/"):
            self.frozen.load(vm, module, path.removeprefix(".frozen/"))
            return
        name = vm.strings.intern(path)
        if path.endswith(".mpy"):
            raise Unknown("import of an .mpy file", "compiled files are not modelled")
        lexer = lexer_from_file(vm, name)
        vm.dict_store(module.globals, "__file__", name)
        run_source(vm, lexer, Input.FILE, module.globals, module.globals)


__all__ = ["Frozen", "ImportFiles", "lexer_from_file", "open_", "open_path"]
