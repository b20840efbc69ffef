"""``protocol/__init__.py`` (5.0.0): fields with names as one CBOR channel of the host protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps
from omvsim.micropython.types import bytes_, tuple_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

NAME, UNIT, VALUE, DATA = 0, 1, 2, 8
WIDTH, HEIGHT, LOWEST, HIGHEST = -20, -21, -23, -24
TYPE, LEAST, MOST, STEP, CHOICES = -30, -31, -32, -33, -34
EMPTY: Final = bytes_.Bytes(None, 0, b"", None)


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, on_read, on_write = values
    do = Steps(vm)
    do.put(this, "_fields", vm.new_list(()))
    do.put(this, "_index", vm.new_dict(0))
    do.puts(this, _buf=EMPTY, _on_read=on_read, _on_write=on_write, _dirty=False)
    return None


def _or(value: Value, other: Value) -> Value:
    return other if value is None else value


def _add(vm: Machine, values: Sequence[Value]) -> Value:
    this, name, kind, value, unit, least, most, step, choices, width, height = values
    do = Steps(vm)
    field = vm.new_dict(2)
    vm.dict_store(field, NAME, name)
    vm.dict_store(field, TYPE, kind)
    what = vm.str_of(kind)
    if what == "label":
        do.set_at(field, VALUE, _or(value, 0))
    elif what == "toggle":
        do.set_at(field, VALUE, _or(value, False))
    elif what == "slider":
        do.set_at(field, VALUE, _or(value, _or(least, 0)))
        for at, given, default in ((LEAST, least, 0), (MOST, most, 100), (STEP, step, 1)):
            do.set_at(field, at, _or(given, default))
    elif what == "select":
        do.set_at(field, VALUE, _or(value, ""))
        do.set_at(field, CHOICES, choices if choices is not None else vm.new_list(()))
    elif what == "depth":
        do.set_at(field, DATA, EMPTY)
        for at, given in ((WIDTH, width), (HEIGHT, height), (LOWEST, _or(least, 0)), (HIGHEST, _or(most, 1000))):
            do.set_at(field, at, given)
    if what in {"label", "slider"} and do.true(unit):
        do.set_at(field, UNIT, unit)
    do.set_at(do.get(this, "_index"), name, vm.length(do.get(this, "_fields")))
    do.ask(do.get(this, "_fields"), "append", field)
    do.ask(this, "_serialize")
    return None


def _field(do: Steps, this: Value, name: Value) -> Value:
    return do.at(do.get(this, "_fields"), do.at(do.get(this, "_index"), name))


def _get(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    field = _field(do, *values)
    return do.ask(field, "get", DATA, do.ask(field, "get", VALUE))


def _set(vm: Machine, values: Sequence[Value]) -> Value:
    this, name, value = values
    do = Steps(vm)
    field = _field(do, this, name)
    has_data = field.map.lookup(vm, DATA) is not None  # type: ignore[union-attr]  # a dict
    if has_data:
        do.set_at(field, DATA, value)
    elif isinstance(value, tuple_.Tuple) and vm.equal(do.at(field, TYPE), "slider"):
        for at, index in ((LEAST, 0), (MOST, 1), (VALUE, 2)):
            do.set_at(field, at, do.at(value, index))
    elif isinstance(value, tuple_.Tuple):
        do.set_at(field, VALUE, do.run("list", value))
    else:
        do.set_at(field, VALUE, value)
    do.ask(this, "_serialize")
    return None


def _serialize(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    do.put(values[0], "_buf", do.of("cbor2", "dumps", do.get(values[0], "_fields")))
    do.put(values[0], "_dirty", True)
    return None


def _poll(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    if do.get(values[0], "_on_read") is not None:
        return do.op(vm.length(do.get(values[0], "_fields")), ">", 0)
    return do.get(values[0], "_dirty")


def _size(vm: Machine, values: Sequence[Value]) -> Value:
    (this,) = values
    do = Steps(vm)
    if do.true(do.get(this, "_on_read")):
        do.ask(this, "_on_read", this)
    do.put(this, "_dirty", False)
    return vm.length(do.get(this, "_buf"))


def _read(vm: Machine, values: Sequence[Value]) -> Value:
    this, offset, size = values
    do = Steps(vm)
    end = do.run("min", do.op(offset, "+", size), vm.length(do.get(this, "_buf")))
    return do.run("bytes", do.cut(do.get(this, "_buf"), offset, end))


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "CBORChannel.__init__": _init,
    "CBORChannel.add": _add,
    "CBORChannel.__getitem__": _get,
    "CBORChannel.__setitem__": _set,
    "CBORChannel._serialize": _serialize,
    "CBORChannel.poll": _poll,
    "CBORChannel.size": _size,
    "CBORChannel.read": _read,
}

__all__ = ["FUNCTIONS"]
