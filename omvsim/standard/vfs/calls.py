"""Functions on paths that ``os`` and ``vfs`` share (extmod/vfs.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.memory.strings import encode
from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import NativeFunction, function
from omvsim.micropython.types import bytes_, str_
from omvsim.micropython.types.common import Iterator
from omvsim.micropython.values import STOP, Sentinel
from omvsim.standard.streams import raise_os_error
from omvsim.standard.vfs.filesystem import EEXIST, EINVAL, EPERM
from omvsim.standard.vfs.mounted import FOLDER
from omvsim.standard.vfs.mounts import ROOT, Mount, Mounts, Root, proxy_call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value

ROOT_ITERATOR: Final = 16
"""``mp_vfs_ilistdir_it_t``: base, iternext, cur, is_str and is_iter."""
PATH_LONGEST: Final = 256
"""``MICROPY_ALLOC_PATH_MAX``."""


class RootIterator(Iterator):
    """Lists the mounts; the rest is what is in the file system that is mounted at the root, from where it comes on."""

    __slots__ = ("as_bytes", "at", "inside", "mounts")

    def __init__(self, memory: Memory, address: int, mounts: list[Mount], *, as_bytes: bool) -> None:
        super().__init__(memory, address)
        self.mounts = mounts
        self.as_bytes = as_bytes
        self.at = 0
        self.inside: Value = None

    def next(self, vm: Machine) -> Value | Sentinel:
        if self.inside is not None:
            return vm.next(self.inside)
        if self.at >= len(self.mounts):
            return STOP
        mount = self.mounts[self.at]
        self.at += 1
        if mount.is_root:
            self.inside = proxy_call(vm, mount, "ilistdir", ("/",))
            return vm.next(self.inside)
        name = mount.path[1:]
        made = vm.new_tuple((None,) * 3)
        text = vm.new_bytes(encode(name)) if self.as_bytes else vm.new_str(name)
        made.items = (text, FOLDER, 0)
        return made


@function("chdir", 1)
def chdir(vm: Machine, path: Value) -> Value:
    """Where relative paths begin."""
    mounts = vm.part(Mounts)
    mount, inside = mounts.lookup(vm, path)
    at_root = mounts.at_root()
    if not isinstance(mount, Root):
        proxy_call(vm, mount, "chdir", (inside,))
    elif at_root is not None:  # relative paths begin at its own root from now on
        proxy_call(vm, at_root, "chdir", ("/",))
    mounts.current = mount if mount is not None else ROOT
    return None


@function("getcwd", 0)
def getcwd(vm: Machine) -> Value:
    """Mount and folder inside it."""
    current = vm.part(Mounts).current
    if isinstance(current, Root):
        return "/"
    told = proxy_call(vm, current, "getcwd", ())
    if current.is_root:
        return told
    inside = vm.str_of(told)
    vstr = VStr(vm.memory, len(encode(current.path)) + len(encode(inside)) + 1)
    vstr.add(encode(current.path))
    if inside != "/":
        vstr.add(encode(inside))
    return str_.finish_str(vm, vstr)


def _list(vm: Machine, args: Sequence[Value]) -> Value:
    path = args[0] if args else ""
    mounts = vm.part(Mounts)
    mount, inside = mounts.lookup(vm, path)
    if isinstance(mount, Root):
        address = vm.memory.alloc(ROOT_ITERATOR)
        return RootIterator(vm.memory, address, list(mounts.table), as_bytes=isinstance(path, bytes_.Bytes))
    return proxy_call(vm, mount, "ilistdir", (inside,))


@function("ilistdir", 0, 1)
def ilistdir(vm: Machine, *args: Value) -> Value:
    """Tuples about what is in a folder."""
    return _list(vm, args)


@function("listdir", 0, 1)
def listdir(vm: Machine, *args: Value) -> Value:
    """Names in a folder."""
    entries = _list(vm, args)
    names = vm.new_list(())
    while not isinstance(entry := vm.next(entries), Sentinel):
        vm.list_append(names, vm.subscr(entry, 0))
    return names


@function("mkdir", 1)
def mkdir(vm: Machine, path: Value) -> Value:
    """A new folder."""
    mount, inside = vm.part(Mounts).lookup(vm, path)
    if isinstance(mount, Root) or (mount is not None and vm.str_of(inside) == "/"):
        raise_os_error(vm, EEXIST)
    return proxy_call(vm, mount, "mkdir", (inside,))


def _on_path(name: str) -> NativeFunction:
    """A function that is a method of the file system."""

    @function(name, 1)
    def call(vm: Machine, path: Value) -> Value:
        mount, inside = vm.part(Mounts).lookup(vm, path)
        return proxy_call(vm, mount, name, (inside,))

    return call


@function("rename", 2)
def rename(vm: Machine, path: Value, new: Value) -> Value:
    """Within one file system."""
    mounts = vm.part(Mounts)
    mount, inside = mounts.lookup(vm, path)
    other, place = mounts.lookup(vm, new)
    if mount is not other:
        raise_os_error(vm, EPERM)
    return proxy_call(vm, mount, "rename", (inside, place))


@function("stat", 1)
def stat(vm: Machine, path: Value) -> Value:
    """Ten numbers about a file or folder."""
    mount, inside = vm.part(Mounts).lookup(vm, path)
    if isinstance(mount, Root):
        return vm.new_tuple((FOLDER, *(0,) * 9))
    return proxy_call(vm, mount, "stat", (inside,))


@function("statvfs", 1)
def statvfs(vm: Machine, path: Value) -> Value:
    """Ten numbers about a file system."""
    mounts = vm.part(Mounts)
    mount, inside = mounts.lookup(vm, path)
    if isinstance(mount, Root):
        at_root = mounts.at_root()
        if at_root is None:
            return vm.new_tuple((*(0,) * 9, PATH_LONGEST))
        mount, inside = at_root, "/"
    return proxy_call(vm, mount, "statvfs", (inside,))


@function("mount", 0, None, keywords=True)
def mount(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """The table of mounts; a script's own block device is not modelled."""
    if args or kwargs:
        raise Unknown("vfs.mount", "file systems on a script's own block device are not modelled")
    made = vm.new_list(())
    for each in vm.part(Mounts).table:
        vm.list_append(made, vm.new_tuple((each.obj, vm.new_str(each.path))))
    return made


@function("umount", 1)
def umount(vm: Machine, place: Value) -> Value:
    """Forget a mount."""
    mounts = vm.part(Mounts)
    path = vm.str_of(place) if str_.is_str(place) else None
    for each in mounts.table:
        if each.path == path or each.obj is place:
            mounts.table.remove(each)
            if mounts.current is each:
                mounts.current = ROOT
            proxy_call(vm, each, "umount", ())
            return None
    raise_os_error(vm, EINVAL)
    return None


remove: Final = _on_path("remove")
PATHS: Final = (chdir, getcwd, listdir, mkdir, remove, rename, _on_path("rmdir"), stat, statvfs)

__all__ = ["PATHS", "ilistdir", "mount", "remove", "umount"]
