"""Values made and read by those who do not know their classes: what the machine delegates to the types.

Whoever lands a type fills in its functions here (and :data:`IMMEDIATE`); each asks for its chunks first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Map
    from omvsim.micropython.memory import Block
    from omvsim.micropython.values import Obj, Sentinel, Value

IMMEDIATE: dict[type[Any], type[Obj]] = {}
"""Classes that answer for host int, bool, NoneType and str."""


def not_implemented() -> Value | Sentinel:
    """The constant ``NotImplemented``."""
    raise NotImplementedError


def ellipsis() -> Obj:
    """The constant ``...``."""
    raise NotImplementedError


def new_int(vm: Machine, value: int) -> Value:
    """``mp_obj_new_int``: a small int, or a big one (16 bytes and its digits)."""
    raise NotImplementedError


def new_float(vm: Machine, value: float) -> Value:
    """A float, rounded to single precision: 8 bytes."""
    raise NotImplementedError


def new_str(vm: Machine, text: str) -> Value:
    """``mp_obj_new_str``: the name if the pool has it, else 16 bytes and len + 1."""
    raise NotImplementedError


def new_bytes(vm: Machine, data: bytes) -> Value:
    """``mp_obj_new_bytes``."""
    raise NotImplementedError


def new_tuple(vm: Machine, items: Sequence[Value]) -> Value:
    """8 + 4n bytes; the empty tuple is in ROM."""
    raise NotImplementedError


def tuple_maybe(vm: Machine, items: Sequence[Value]) -> Obj | None:
    """:func:`new_tuple`, None where there is no room (``m_new_obj_var_maybe``: exceptions)."""
    raise NotImplementedError


def empty_tuple(vm: Machine) -> Obj:
    """The empty tuple in ROM."""
    raise NotImplementedError


def new_list(vm: Machine, items: Sequence[Value]) -> Value:
    """``mp_obj_new_list``."""
    raise NotImplementedError


def list_append(vm: Machine, target: Value, item: Value) -> None:
    """``mp_obj_list_append``."""
    raise NotImplementedError


def list_cut(vm: Machine, target: Value, length: int) -> None:
    """``mp_obj_list_set_len``: forget the items behind, ask for nothing."""
    raise NotImplementedError


def sequence(vm: Machine, value: Value) -> Sequence[Value]:
    """The items of a tuple or list (``mp_obj_get_array``); TypeError for anything else."""
    raise NotImplementedError


def new_dict(vm: Machine, size: int) -> Value:
    """``mp_obj_new_dict``: an empty dict with room for ``size`` entries. Its table is the attribute ``map``."""
    raise NotImplementedError


def new_globals(vm: Machine) -> Obj:
    """The main module's dict (``dict_main``): the object is static, its table of one entry is not."""
    raise NotImplementedError


def dict_store(vm: Machine, target: Value, key: Value, value: Value) -> None:
    """``mp_obj_dict_store``."""
    raise NotImplementedError


def copy_of_map(vm: Machine, table: Map, *, fixed: bool) -> Value:
    """A dict with a copy of a table (``mp_obj_dict_copy``), read only if ``fixed``."""
    raise NotImplementedError


def rom_dict(vm: Machine, entries: dict[str, Value]) -> Value:
    """A read-only dict in ROM."""
    raise NotImplementedError


def new_set(vm: Machine, items: Sequence[Value]) -> Value:
    """``mp_obj_new_set``."""
    raise NotImplementedError


def set_store(vm: Machine, target: Value, item: Value) -> None:
    """``mp_obj_set_store``."""
    raise NotImplementedError


def new_slice(vm: Machine, start: Value, stop: Value, step: Value, *, on_stack: bool = False) -> Value:
    """``mp_obj_new_slice``; ``on_stack``: it serves one subscript only and needs no chunk."""
    raise NotImplementedError


def text_at(vm: Machine, address: int, text: str, block: Block | None) -> Value:
    """A str object in a chunk that is there already, its characters in ``block`` (None: in ROM)."""
    raise NotImplementedError


def attach_text(vm: Machine, value: Value, block: Block) -> None:
    """The characters of a str object of :func:`text_at` are in ``block`` from now on."""
    raise NotImplementedError


def parse_int(vm: Machine, text: str, base: int) -> Value:
    """``mp_parse_num_integer``: ValueError for what is no int."""
    raise NotImplementedError


def parse_decimal(vm: Machine, text: str) -> Value:
    """``mp_parse_num_decimal``, imaginary allowed: a float or complex; ValueError "invalid syntax for number"."""
    raise NotImplementedError


def module_constant(vm: Machine, module: str, name: str) -> Value | Sentinel:
    """``mp_load_method_maybe`` on a built-in module, for the parser: NULL if it has no such attribute."""
    raise NotImplementedError


def int_of(vm: Machine, value: Value) -> int:
    """``mp_obj_get_int``: TypeError "can't convert %s to int"."""
    raise NotImplementedError


def int_of_maybe(vm: Machine, value: Value) -> int | None:
    """``mp_obj_get_int_maybe``: None if it is no integer; OverflowError beyond a machine word."""
    raise NotImplementedError


def small_of(vm: Machine, value: Value) -> int:
    """``mp_obj_get_int_truncated`` as a small int."""
    raise NotImplementedError


def float_of(vm: Machine, value: Value) -> float:
    """``mp_obj_get_float``."""
    raise NotImplementedError


def str_of(vm: Machine, value: Value) -> str:
    """``mp_obj_str_get_str``: the text of a name or text object; TypeError otherwise."""
    raise NotImplementedError


def buffer_of(vm: Machine, value: Value) -> bytes | bytearray | memoryview:
    """``mp_get_buffer_raise`` for reading: "object with buffer protocol required"."""
    raise NotImplementedError
