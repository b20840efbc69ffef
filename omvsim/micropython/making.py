"""Values made and read by those who do not know their classes: what the machine delegates to the types.

Each asks for its chunks first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.micropython.errors import Error
from omvsim.micropython.maps import Map
from omvsim.micropython.types import (
    buffers,
    bytes_,
    dict_,
    float_,
    int_,
    inttext,
    list_,
    numbertext,
    sequences,
    set_,
    singletons,
    slice_,
    str_,
    tuple_,
)
from omvsim.micropython.types.common import word
from omvsim.micropython.values import NULL, Obj, Sentinel, UnaryOp, Value
from omvsim.numerals import single

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine

IMMEDIATE: Final[dict[type[Any], type[Obj]]] = {
    int: int_.Int,
    bool: singletons.Bool,
    str: str_.Str,
    type(None): singletons.NoneKind,
}
"""Classes that answer for host int, bool, NoneType and str."""

new_int = int_.new_int
new_str = str_.new_str
new_bytes = bytes_.new_bytes
new_tuple = tuple_.new_tuple
tuple_maybe = tuple_.tuple_maybe
new_set = set_.new_set
new_slice = slice_.new_slice
sequence = sequences.sequence


def not_implemented() -> Value:
    """The constant ``NotImplemented``."""
    return singletons.NOT_IMPLEMENTED


def ellipsis() -> Obj:
    """The constant ``...``."""
    return singletons.ELLIPSIS


def new_float(vm: Machine, value: float) -> Value:
    """A float, rounded to single precision: 8 bytes."""
    return float_.new_float(vm, single.single(value))


def empty_tuple(vm: Machine) -> Obj:
    """The empty tuple in ROM."""
    return tuple_.EMPTY


def new_list(vm: Machine, items: Sequence[Value]) -> Value:
    """``mp_obj_new_list``."""
    return list_.new_list(vm, items)


def list_append(vm: Machine, target: Value, item: Value) -> None:
    """``mp_obj_list_append``."""
    assert isinstance(target, list_.List)
    list_.append(vm, target, item)


def list_cut(vm: Machine, target: Value, length: int) -> None:
    """``mp_obj_list_set_len``: forget the items behind, ask for nothing."""
    assert isinstance(target, list_.List)
    del target.items[length:]


def new_dict(vm: Machine, size: int) -> Value:
    """``mp_obj_new_dict``: an empty dict with room for ``size`` entries. Its table is the attribute ``map``."""
    return dict_.new_dict(vm, size)


def new_globals(vm: Machine) -> Obj:
    """The main module's dict (``dict_main``), or that of the loaded modules: the object is static; its table is made,
    grown and filled by boot.
    """
    made = dict_.Dict(vm.memory, 0)
    made.map = Map(vm.memory)
    return made


def dict_store(vm: Machine, target: Value, key: Value, value: Value) -> None:
    """``mp_obj_dict_store``."""
    assert isinstance(target, dict_.Dict)
    dict_.store(vm, target, key, value)


def copy_of_map(vm: Machine, table: Map, *, fixed: bool) -> Value:
    """A dict with a copy of a table (``mp_obj_dict_copy``), read only if ``fixed``."""
    return dict_.copy_of(vm, table, fixed=fixed)


def rom_dict(vm: Machine, entries: Mapping[str, Value] | Mapping[int, Value]) -> Value:
    """A read-only dict in ROM."""
    made = dict_.Dict(vm.memory, 0)
    made.map = Map.rom(vm.memory, entries)
    return made


def set_store(vm: Machine, target: Value, item: Value) -> None:
    """``mp_obj_set_store``."""
    assert isinstance(target, set_.AnySet)
    target.set.add(vm, item)


def text_at(vm: Machine, address: int, text: str, block: Block | None) -> Value:
    """A str object in a chunk that is there already, its characters in ``block`` (None: in ROM)."""
    return str_.Str(vm.memory, address, text, block)


def attach_text(vm: Machine, value: Value, block: Block) -> None:
    """The characters of a str object of :func:`text_at` are in ``block`` from now on."""
    assert isinstance(value, str_.Str)
    value.block = block


def parse_int(vm: Machine, text: str, base: int) -> Value:
    """``mp_parse_num_integer``: ValueError for what is no int."""
    return inttext.parse_int(vm, text, base)


def parse_decimal(vm: Machine, text: str) -> Value:
    """``mp_parse_num_decimal``, imaginary allowed: a float or complex; ValueError "invalid syntax for number"."""
    return numbertext.parse_decimal(vm, text, imaginary=True, force_complex=False)


def module_constant(vm: Machine, module: str, name: str) -> Value | Sentinel:
    """``mp_load_method_maybe`` on a built-in module, for the parser: NULL if it has no such attribute."""
    found = vm.modules.get(module)
    return NULL if found is None else vm.method_maybe(found, name)[0]


def int_of(vm: Machine, value: Value) -> int:
    """``mp_obj_get_int``: TypeError "can't convert %s to int"."""
    if type(value) is int:
        return value
    number = int_of_maybe(vm, value)
    if number is None:
        vm.raise_type("can't convert %s to int", vm.type_name(value))
    return number


def int_of_maybe(vm: Machine, value: Value) -> int | None:
    """``mp_obj_get_int_maybe``: None if it is no integer; OverflowError beyond a machine word."""
    if isinstance(value, int):
        return int(value)
    converted = value if isinstance(value, int_.Int) else vm.unary_maybe(UnaryOp.INT, value)
    if isinstance(converted, Sentinel):
        return None
    number = int_.int_value(converted)  # type: ignore[arg-type]  # what INT answers is an int
    if word(number) != number:
        vm.error(Error.OVERFLOW, "overflow converting long int to machine word")
    return number


def small_of(vm: Machine, value: Value) -> int:
    """``mp_obj_get_int_truncated`` as a small int."""
    return word(value.mpz.value) if isinstance(value, int_.Int) else int_of(vm, value)


def float_of(vm: Machine, value: Value) -> float:
    """``mp_obj_get_float``."""
    number = float_.float_maybe(vm, value)
    if number is None:
        vm.raise_type("can't convert %s to float", vm.type_name(value))
    return number


def str_of(vm: Machine, value: Value) -> str:
    """``mp_obj_str_get_str``: the text of a name or text object, or of bytes; TypeError otherwise."""
    from omvsim.memory.strings import decode
    from omvsim.micropython.types.texts import str_or_bytes

    found = str_or_bytes(vm, value)
    return found if isinstance(found, str) else decode(found)


def buffer_of(vm: Machine, value: Value) -> bytes | bytearray | memoryview:
    """``mp_get_buffer_raise`` for reading: "object with buffer protocol required"."""
    return buffers.buffer_of(vm, value)
