"""``import`` (py/builtinimport.c): built-in modules, files, packages, frozen modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.modules import Module, NativeModule, new_module
from omvsim.micropython.values import NULL, Obj, Sentinel

if TYPE_CHECKING:
    from omvsim.micropython.frames import Slot
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Map
    from omvsim.micropython.values import Value


class Files(Protocol):
    """The file systems that imports look in."""

    def kind(self, path: str) -> str:
        """``mp_import_stat``: "file", "dir" or "" for nothing; paths below ``.frozen/`` are frozen modules."""

    def load(self, vm: Machine, module: Module, path: str) -> None:
        """``do_load``: run the file in the module's names."""


def import_name(vm: Machine, name: str, names: Value, level: Value) -> Value:
    """``mp_import_name``: what ``import`` calls, or a script's own ``__import__``."""
    override = vm.overrides.get("__import__")
    if override is not None:
        return vm.call(override.value, (name, None, None, names, level))
    assert isinstance(level, int)
    return import_module(vm, name, names, level)


def import_module(vm: Machine, name: str, names: Value, level: int) -> Value:
    """``mp_builtin___import__``: the outermost module, or with ``names`` the innermost."""
    if level < 0:
        vm.raise_value()
    if level:
        name = _absolute(vm, name, level)
    if not name:
        vm.raise_value()
    top: Value | None = None
    outer: Slot = NULL
    for at in [at for at, letter in enumerate(name) if letter == "."] + [len(name)]:
        if at == 0:
            continue
        full = vm.strings.intern(name[:at])
        own = vm.strings.intern(full.rpartition(".")[2])
        outer = _import_at(vm, full, own, outer)
        if top is None:
            top = outer
    assert not isinstance(outer, Sentinel)
    return outer if names is not None else top


def _absolute(vm: Machine, name: str, level: int) -> str:
    """``evaluate_relative_import``."""
    table: Map = vm.globals.map  # type: ignore[attr-defined]  # a dict
    own = table.found.get("__name__")
    if own is None:
        vm.raise_arg(vm.exception_type(Error.KEY), "__name__")
    current = vm.str_of(own.value)
    if "__path__" in table.found:
        level -= 1
    end = len(current)
    while level and end > 0:
        end -= 1
        if current[end] == ".":
            level -= 1
    if not end:
        vm.error(Error.IMPORT, "can't perform relative import")
    return vm.strings.intern(f"{current[:end]}.{name}" if name else current[:end])


def _import_at(vm: Machine, full: str, own: str, outer: Slot) -> Value:
    """``process_import_at_level``."""
    loaded: Map = vm.loaded.map  # type: ignore[attr-defined]  # a dict
    if vm.search_path():
        entry = loaded.found.get(full)
        if entry is not None:
            return entry.value
    path = ""
    if isinstance(outer, Sentinel):
        built_in = find_built_in(vm, own, extensible=False)
        if built_in is not None:
            return built_in
        path = _search(vm, own)
        built_in = None if path else find_built_in(vm, own, extensible=True)
        if built_in is not None:
            return built_in
    else:
        place = vm.method_maybe(outer, "__path__")[0]
        if not isinstance(place, Sentinel):
            path = _find(vm, f"{vm.str_of(place)}/{own}")
    if not path:
        vm.error(Error.IMPORT, "no module named '%q'", full)
    return _load(vm, full, own, outer, path)


def _load(vm: Machine, full: str, own: str, outer: Slot, path: str) -> Value:
    module = new_module(vm, full)
    try:
        if vm.files.kind(path) == "dir":
            vm.set_attr(module, "__path__", vm.new_str(path))
            start = _file(vm, f"{path}/__init__.py")
            if start:
                vm.files.load(vm, module, start)
        else:
            vm.files.load(vm, module, path)
        if not isinstance(outer, Sentinel):
            vm.set_attr(outer, own, module)
    except Raised as raised:
        error = raised.value
    else:
        return module
    loaded: Map = vm.loaded.map  # type: ignore[attr-defined]  # a dict
    loaded.remove(vm, full)
    raise Raised(error)


def find_built_in(vm: Machine, name: str, *, extensible: bool) -> Value | None:
    """``mp_module_get_builtin``: ``u`` in front forces the built-in of an extensible module."""
    if name == "__main__":
        return None if extensible else vm.main_module
    module = vm.modules.get(name)
    if module is not None and (module.name in vm.extensible) == extensible:
        return _initialised(vm, module)
    if not extensible and name.startswith("u"):
        short = vm.strings.intern(name[1:])
        module = vm.modules.get(short)
        if module is not None and short in vm.extensible:
            return _initialised(vm, module)
    return None


def _initialised(vm: Machine, module: NativeModule) -> Value:
    """Call the module's ``__init__`` where it has one."""
    start = module.initialiser()
    if isinstance(start, Obj):
        vm.call(start)
    return module


def _search(vm: Machine, name: str) -> str:
    """``stat_top_level``: where on ``sys.path`` a module stands."""
    for place in vm.search_path():
        found = _find(vm, f"{place}/{name}" if place else name)
        if found:
            return found
    return ""


def _find(vm: Machine, path: str) -> str:
    """``stat_module``: a package's directory, or a file."""
    return path if vm.files.kind(path) == "dir" else _file(vm, path + ".py")


def _file(vm: Machine, path: str) -> str:
    """``stat_file_py_or_mpy``."""
    if vm.files.kind(path) == "file":
        return path
    compiled = f"{path[:-2]}mpy"
    return compiled if vm.files.kind(compiled) == "file" else ""


def import_from(vm: Machine, module: Value, name: str) -> Value:
    """``mp_import_from``: an attribute, or a module of the package."""
    value, bound = vm.method_maybe(module, name)
    if not isinstance(bound, Sentinel):
        if not vm.dialect.imports_bound_methods:
            _cannot(vm, name)
        assert not isinstance(value, Sentinel)
        return vm.bind(value, bound)
    if not isinstance(value, Sentinel):
        return value
    if isinstance(vm.method_maybe(module, "__path__")[0], Sentinel):
        _cannot(vm, name)
    package = vm.method_maybe(module, "__name__")[0]
    assert not isinstance(package, Sentinel)
    return vm.import_name(vm.strings.intern(f"{vm.str_of(package)}.{name}"), True, 0)


def _cannot(vm: Machine, name: str) -> None:
    vm.error(Error.IMPORT, "can't import name %q", name)


def import_all(vm: Machine, module: Value) -> None:
    """``mp_import_all``: the names in ``__all__``, else all that do not begin with an underscore."""
    names: list[tuple[str, Value]]
    if isinstance(module, NativeModule):
        names = list(module.names.items())
        listed = module.names.get("__all__", NULL)
    else:
        assert isinstance(module, Module)
        names = [(vm.str_of(entry.key), entry.value) for entry in module.map.entries()]
        listed = vm.method_maybe(module, "__all__")[0]
    if not isinstance(listed, Sentinel):
        for item in vm.sequence(listed):
            name = vm.name_of(item)
            vm.dict_store(vm.locals, name, vm.method(module, name)[0])
        return
    for name, value in names:
        if not name.startswith("_"):
            vm.dict_store(vm.locals, vm.strings.intern(name), value)


__all__ = ["Files", "find_built_in", "import_all", "import_from", "import_module", "import_name"]
