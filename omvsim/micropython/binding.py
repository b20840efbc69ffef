"""Arguments to locals: ``mp_setup_code_state`` (py/bc.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.micropython.errors import Error
from omvsim.micropython.values import NULL, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.frames import Slot
    from omvsim.micropython.functions import Function
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Map
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value


def bind_arguments(vm: Machine, fun: Function, slots: list[Slot], args: Sequence[Value], kwargs: Keywords) -> None:
    """Put arguments where the code has its locals; collect the surplus; make the cells it starts with."""
    code = fun.code
    last = len(slots) - 1
    surplus = _bind_positional(vm, fun, slots, args, filled=not kwargs and not code.has_default_kwargs)
    if kwargs or code.has_default_kwargs:
        _bind_keywords(vm, fun, slots, surplus, kwargs)
    else:
        if code.n_kwonly_args:
            vm.raise_type("function missing keyword-only argument")
        if code.has_varkeywords:
            slots[surplus] = vm.new_dict(0)
    for number in code.cells:
        slots[last - number] = vm.new_cell(slots[last - number])


def _bind_positional(vm: Machine, fun: Function, slots: list[Slot], args: Sequence[Value], *, filled: bool) -> int:
    """Put positional arguments into place, defaults too if all must be ``filled``; the slot for ``**kwargs``."""
    code = fun.code
    last = len(slots) - 1
    expected = code.n_pos_args
    surplus = last - expected - code.n_kwonly_args
    given = min(len(args), expected)
    if len(args) > expected:
        if not code.has_varargs:
            _mismatch(vm, fun, expected, len(args))
        slots[surplus] = vm.new_tuple(args[expected:])
        surplus -= 1
    else:
        if code.has_varargs:
            slots[surplus] = vm.empty_tuple()
            surplus -= 1
        if filled:
            needed = expected - code.n_default_pos_args
            if given < needed:
                _mismatch(vm, fun, needed, given)
            for at in range(given, expected):
                slots[last - at] = fun.defaults[at - needed]
    for at in range(given):
        slots[last - at] = args[at]
    return surplus


def _mismatch(vm: Machine, fun: Function, expected: int, given: int) -> NoReturn:
    vm.raise_type("%q() takes %d positional arguments but %d were given", fun.code.name, expected, given)


def _bind_keywords(vm: Machine, fun: Function, slots: list[Slot], surplus: int, kwargs: Keywords) -> None:
    code = fun.code
    last = len(slots) - 1
    rest: Value = None
    if code.has_varkeywords:
        rest = vm.new_dict(len(kwargs))
        slots[surplus] = rest
    places = {name: last - at for at, name in reversed(list(enumerate(code.arg_names))) if name != "*"}
    for name, value in kwargs:
        place = places.get(name)
        if place is not None:
            if slots[place] is not NULL:
                _repeated(vm, name)
            slots[place] = value
        elif not code.has_varkeywords:
            vm.raise_type("unexpected keyword argument '%q'", name)
        else:
            table: Map = rest.map  # type: ignore[union-attr]  # a dict
            if name in table.found:
                _repeated(vm, name)
            table.set(vm, name, value)
    _fill_positional(vm, fun, slots)
    _fill_keyword_only(vm, fun, slots)


def _repeated(vm: Machine, name: str) -> NoReturn:
    vm.raise_type("function got multiple values for argument '%q'", name)


def _fill_positional(vm: Machine, fun: Function, slots: list[Slot]) -> None:
    """Defaults where nothing was given; the last missing one is named first, as the device looks from there."""
    code = fun.code
    last = len(slots) - 1
    needed = code.n_pos_args - code.n_default_pos_args
    for at in range(code.n_pos_args - 1, needed - 1, -1):
        if slots[last - at] is NULL:
            slots[last - at] = fun.defaults[at - needed]
    for at in range(needed - 1, -1, -1):
        if slots[last - at] is NULL:
            vm.raise_type("function missing required positional argument #%d", at)


def _fill_keyword_only(vm: Machine, fun: Function, slots: list[Slot]) -> None:
    code = fun.code
    last = len(slots) - 1
    for number in range(code.n_pos_args, code.n_pos_args + code.n_kwonly_args):
        if slots[last - number] is not NULL:
            continue
        name = code.arg_names[number]
        defaults = fun.keyword_defaults
        entry = None
        if code.has_default_kwargs and not isinstance(defaults, Sentinel):
            table: Map = defaults.map  # type: ignore[union-attr]  # a dict
            entry = table.found.get(name)
        if entry is None:
            vm.error(Error.TYPE, "function missing required keyword argument '%q'", name)
        slots[last - number] = entry.value


__all__ = ["bind_arguments"]
