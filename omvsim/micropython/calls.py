"""Calls: who is callable, how ``*args`` and ``**kwargs`` are laid out (py/runtime.c, py/argcheck.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.memory import sizes
from omvsim.micropython.errors import Error
from omvsim.micropython.values import NULL, UNSUPPORTED, Obj, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Map
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value


def call(vm: Machine, fun: Value, args: Sequence[Value] = (), kwargs: Keywords = ()) -> Value:
    """``mp_call_function_n_kw``."""
    result = fun.call(vm, args, kwargs) if isinstance(fun, Obj) else UNSUPPORTED
    if isinstance(result, Sentinel):
        vm.raise_type("'%s' object isn't callable", vm.type_name(fun))
    return result


def call_method(
    vm: Machine, fun: Value, bound: Value | Sentinel, args: Sequence[Value] = (), kwargs: Keywords = ()
) -> Value:
    """``mp_call_method_n_kw``: ``bound`` in front of the arguments unless NULL."""
    return call(vm, fun, args if isinstance(bound, Sentinel) else (bound, *args), kwargs)


def check_args(vm: Machine, given: int, keywords_given: int, least: int, most: int | None, *, keywords: bool) -> None:
    """``mp_arg_check_num_sig``."""
    if keywords_given and not keywords:
        vm.raise_type("function doesn't take keyword arguments")
    if least == most:
        if given != least:
            vm.raise_type("function takes %d positional arguments but %d were given", least, given)
    elif given < least:
        vm.raise_type("function missing %d required positional arguments", least - given)
    elif most is not None and given > most:
        vm.raise_type("function expected at most %d arguments, got %d", most, given)


class Arguments:
    """The array a call with ``*`` or ``**`` builds: grows as ``mp_call_prepare_args_n_kw_var`` lets it."""

    def __init__(self, vm: Machine, room: int) -> None:
        self.vm = vm
        self.room = room
        self.block: Block = vm.memory.block(room * sizes.WORD)
        self.positional: list[Value] = []
        self.keywords: list[tuple[str, Value]] = []

    @property
    def used(self) -> int:
        """Words in use."""
        return len(self.positional) + 2 * len(self.keywords)

    def grow(self, room: int) -> None:
        """Make room for so many words."""
        self.vm.memory.resize(self.block, room * sizes.WORD)
        self.room = room


def call_spread(
    vm: Machine,
    fun: Value,
    bound: Value | Sentinel,
    args: Sequence[Value],
    pairs: Sequence[tuple[Value | Sentinel, Value]],
    stars: int,
) -> Value:
    """``mp_call_method_n_kw_var``: bit i of ``stars`` spreads ``args[i]``, a NULL key spreads a mapping."""
    hint = _hint(vm, [arg for at, arg in enumerate(args) if stars >> at & 1])
    mapping_hint = sum(vm.length(value) - 1 for key, value in pairs if key is NULL and _is_dict(value))
    named = 2 * (len(pairs) + mapping_hint)
    array = Arguments(vm, 1 + len(args) + hint + named)
    if not isinstance(bound, Sentinel):
        array.positional.append(bound)
    for at, arg in enumerate(args):
        if stars >> at & 1:
            _spread(array, arg, len(args) - at)
        else:
            array.positional.append(arg)
    if len(array.positional) + named > array.room:
        array.grow(len(array.positional) + named)
    for key, value in pairs:
        if isinstance(key, Sentinel):
            _spread_mapping(array, value)
        else:
            array.keywords.append((vm.name_of(key), value))
    result = call(vm, fun, array.positional, array.keywords)
    vm.memory.free(array.block)
    return result


def _hint(vm: Machine, spread: Sequence[Value]) -> int:
    """Words more than one each that the spread arguments say they have."""
    sizes_said = [vm.length_maybe(arg) for arg in spread]
    return sum(size - 1 for size in sizes_said if isinstance(size, int))


def _is_dict(value: Value) -> bool:
    return isinstance(value, Obj) and value.type_name == "dict"


def _spread(array: Arguments, value: Value, left: int) -> None:
    vm = array.vm
    if isinstance(value, Obj) and value.type_name in ("tuple", "list"):
        array.positional.extend(vm.sequence(value))
        return
    for item in vm.items(value):
        if len(array.positional) + left >= array.room:
            array.grow(array.room * 2)
        array.positional.append(item)


def _spread_mapping(array: Arguments, value: Value) -> None:
    vm = array.vm
    if _is_dict(value):
        table: Map = value.map  # type: ignore[union-attr]  # a dict has its table
        for entry in table.entries():
            array.keywords.append((vm.name_of(entry.key), entry.value))
        return
    fun, bound = vm.method(value, "keys")
    for key in vm.items(vm.call_method(fun, bound), on_stack=False):
        if array.used + 1 >= array.room:
            array.grow(array.room * 2)
        name = vm.name_of(key)
        fun, bound = vm.method(value, "__getitem__")
        array.keywords.append((name, vm.call_method(fun, bound, (name,))))


def unpack(vm: Machine, value: Value, count: int) -> list[Value]:
    """``mp_unpack_sequence``: items in order, ValueError for another number."""
    items: list[Value] = []
    if isinstance(value, Obj) and value.type_name in ("tuple", "list"):
        items = list(vm.sequence(value))
        if len(items) < count:
            _too_few(vm, len(items))
    else:
        iterator = vm.iterate(value, on_stack=True)
        while len(items) < count:
            item = vm.next(iterator)
            if isinstance(item, Sentinel):
                _too_few(vm, len(items))
            items.append(item)
        if isinstance(vm.next(iterator), Sentinel):
            return items
        items.append(None)
    if len(items) > count:
        vm.raise_value("too many values to unpack (expected %d)", count)
    return items


def _too_few(vm: Machine, found: int) -> NoReturn:
    vm.raise_value("need more than %d values to unpack", found)


def unpack_star(vm: Machine, value: Value, left: int, right: int) -> list[Value]:
    """``mp_unpack_ex``: ``left`` items, a list of those between, ``right`` items."""
    if isinstance(value, Obj) and value.type_name in ("tuple", "list"):
        items = list(vm.sequence(value))
        if len(items) < left + right:
            _too_few(vm, len(items))
        end = len(items) - right
        return [*items[:left], vm.new_list(items[left:end]), *items[end:]]
    iterator = vm.iterate(value)
    first: list[Value] = []
    while len(first) < left:
        item = vm.next(iterator)
        if isinstance(item, Sentinel):
            _too_few(vm, len(first))
        first.append(item)
    rest = vm.new_list(())
    while not isinstance(item := vm.next(iterator), Sentinel):
        vm.list_append(rest, item)
    between = list(vm.sequence(rest))
    if len(between) < right:
        _too_few(vm, left)
    vm.list_cut(rest, len(between) - right)
    return [*first, rest, *between[len(between) - right :]]


def name_of(vm: Machine, key: Value) -> str:
    """``mp_obj_str_intern_checked``: a keyword's name, interned if it was a text on the heap."""
    if isinstance(key, str):
        return key
    return vm.strings.intern(vm.str_of(key))


def parse_keywords(
    vm: Machine, args: Sequence[Value], kwargs: Keywords, names: Sequence[str], required: int, keyword_only: int
) -> list[Value | Sentinel]:
    """``mp_arg_parse_all`` for objects: one value a name, NULL where its default stands.

    The first ``required`` must be given; those from ``keyword_only`` on only by keyword.
    """
    found: list[Value | Sentinel] = []
    by_name = dict(kwargs)
    used = 0
    for at, name in enumerate(names):
        if at < len(args):
            if at >= keyword_only:
                vm.raise_type("extra positional arguments given")
            found.append(args[at])
        elif name in by_name:
            used += 1
            found.append(by_name[name])
        else:
            if at < required:
                vm.error(Error.TYPE, "'%q' argument required", name)
            found.append(NULL)
    if len(args) > len(names):
        vm.raise_type("extra positional arguments given")
    if used < len(by_name):
        vm.raise_type("extra keyword arguments given")
    return found


__all__ = [
    "call",
    "call_method",
    "call_spread",
    "check_args",
    "name_of",
    "parse_keywords",
    "unpack",
    "unpack_star",
]
