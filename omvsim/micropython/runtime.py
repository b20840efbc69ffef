"""What blocks call by name: the instructions' work that is too long to stand in the generated text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.micropython import attributes, operations
from omvsim.micropython.classes import Instance
from omvsim.micropython.descriptors import Super
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.values import NULL, STOP, UNSUPPORTED, Obj, Sentinel

if TYPE_CHECKING:
    from omvsim.micropython.frames import Frame, Slot, Step
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Map
    from omvsim.micropython.values import Value

STACK_SLICES: Final = frozenset({"bytearray", "memoryview"})
"""Types with MP_TYPE_FLAG_SUBSCR_ALLOWS_STACK_SLICE: a slice that only serves one subscript needs no chunk."""


# -- names -------------------------------------------------------------------------------------------------------------


def unbound(frame: Frame) -> NoReturn:
    """A local without a value."""
    frame.vm.error(Error.NAME, "local variable referenced before assignment")


def load_name(frame: Frame, name: str) -> Value:
    """``mp_load_name``."""
    entry = frame.locals.get(name)
    return entry.value if entry is not None else load_global(frame, name)


def load_global(frame: Frame, name: str) -> Value:
    """``mp_load_global``: the module's names, then what overrides built-in ones, then those."""
    entry = frame.globals.get(name)
    if entry is not None:
        return entry.value
    value = frame.vm.builtin(name)
    if isinstance(value, Sentinel):
        frame.vm.error(Error.NAME, "name '%q' isn't defined", name)
    return value


def store_name(frame: Frame, name: str, value: Value) -> None:
    """``mp_store_name``."""
    entry = frame.locals.get(name)
    if entry is not None:
        entry.value = value
    else:
        frame.vm.dict_store(frame.vm.locals, name, value)


def store_global(frame: Frame, name: str, value: Value) -> None:
    """``mp_store_global``."""
    entry = frame.globals.get(name)
    if entry is not None:
        entry.value = value
    else:
        frame.vm.dict_store(frame.fun.module_globals, name, value)


def delete_name(frame: Frame, name: str) -> None:
    """``mp_delete_name``: a KeyError where there is none."""
    _delete(frame.vm, frame.vm.locals, name)


def delete_global(frame: Frame, name: str) -> None:
    """``mp_delete_global``."""
    _delete(frame.vm, frame.fun.module_globals, name)


def _delete(vm: Machine, names: Obj, name: str) -> None:
    table: Map = names.map  # type: ignore[attr-defined]  # globals and locals are dicts
    if table.remove(vm, name) is None:
        vm.raise_arg(vm.exception_type(Error.KEY), name)


def load_build_class(vm: Machine) -> Value:
    """``mp_load_build_class``."""
    value = vm.builtin("__build_class__")
    assert not isinstance(value, Sentinel)
    return value


# -- attributes and items ----------------------------------------------------------------------------------------------


def load_attr(vm: Machine, value: Value, name: str) -> Value:
    """LOAD_ATTR: members of instances first."""
    if type(value) is Instance:
        entry = value.members.found.get(name)
        if entry is not None:
            return entry.value
    return attributes.attr(vm, value, name)


def super_method(vm: Machine, klass: Value, owner: Value, name: str) -> tuple[Value, Slot]:
    """``mp_load_super_method``: a super object that needs no chunk."""
    return attributes.method(vm, Super(vm, 0, klass, owner), name)


def load_subscr(vm: Machine, value: Value, index: Value) -> Value:
    """LOAD_SUBSCR."""
    if isinstance(value, Obj):
        result = value.subscr(vm, index)
        if not isinstance(result, Sentinel):
            return result
    return operations.subscr(vm, value, index)


def build_slice(frame: Frame, first: int, step: Value, *, one_use: bool) -> Value:
    """BUILD_SLICE: without a chunk if a subscript follows and the type takes it so."""
    vm, slots = frame.vm, frame.slots
    start, stop, base = slots[first], slots[first + 1], slots[first - 1] if one_use else NULL
    assert not isinstance(start, Sentinel)
    assert not isinstance(stop, Sentinel)
    on_stack = not isinstance(base, Sentinel) and vm.type_name(base) in STACK_SLICES
    return vm.new_slice(start, stop, step, on_stack=on_stack)


# -- iterating ---------------------------------------------------------------------------------------------------------


def iterate_on_stack(vm: Machine, slots: list[Slot], at: int) -> None:
    """GET_ITER_STACK: four slots for the iterator, or NULL and the iterator that is elsewhere."""
    value = slots[at]
    assert not isinstance(value, Sentinel)
    iterator = operations.iterate(vm, value, on_stack=True)
    if isinstance(iterator, Obj) and not iterator.address and iterator is not value:
        slots[at] = slots[at + 1] = slots[at + 2] = slots[at + 3] = iterator
    else:
        slots[at] = NULL
        slots[at + 1] = iterator


def next_item(vm: Machine, iterator: Value) -> Slot:
    """FOR_ITER."""
    if isinstance(iterator, Obj):
        item = iterator.next(vm)
        if item is not UNSUPPORTED:
            return item
    return operations.next_or_raise(vm, iterator)


# -- raising -----------------------------------------------------------------------------------------------------------


def raise_(value: Obj) -> NoReturn:
    """``nlr_raise``."""
    raise Raised(value)


def raise_from(vm: Machine, value: Value, cause: Value) -> NoReturn:
    """RAISE_FROM: the cause is dropped; a warning is printed where there is one."""
    if cause is not None:
        vm.warn("exception chaining not supported")
    raise Raised(vm.make_raise(value))


def end_finally(frame: Frame, at: int, top: int) -> Step | None:
    """END_FINALLY inside a finally that a return or a jump is under way through."""
    if frame.slots[top] is None:
        frame.handled -= 1
        translation = frame.fun.translation
        return translation.step(at + 1, top - translation.instrs[at + 1].depth)
    return frame.end_finally(at, top)


EXPORTS: Final[dict[str, object]] = {
    "STOP": STOP,
    "binary": operations.binary,
    "build_slice": build_slice,
    "delete_global": delete_global,
    "delete_name": delete_name,
    "end_finally": end_finally,
    "iterate": operations.iterate,
    "iterate_on_stack": iterate_on_stack,
    "load_attr": load_attr,
    "load_build_class": load_build_class,
    "load_global": load_global,
    "load_name": load_name,
    "load_subscr": load_subscr,
    "method": attributes.method,
    "next_item": next_item,
    "raise_": raise_,
    "raise_from": raise_from,
    "set_attr": attributes.set_attr,
    "set_subscr": operations.set_subscr,
    "store_global": store_global,
    "store_name": store_name,
    "super_method": super_method,
    "true": operations.truth,
    "unary": operations.unary,
    "unbound": unbound,
}
"""Functions of this module and others that the templates name."""

__all__ = ["EXPORTS"]
