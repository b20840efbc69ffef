"""``cbor2/_decoder.py``: its tables; decoding is not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.body import FrozenFunction, not_modelled
from omvsim.frozen.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

MAJOR: Final = {
    0: "decode_uint",
    1: "decode_negint",
    2: "decode_bytestring",
    3: "decode_string",
    4: "decode_array",
    5: "decode_map",
    7: "decode_special",
}
SPECIAL: Final = {
    **dict.fromkeys((20, 21, 22), ""),
    24: "decode_simple_value",
    25: "decode_float16",
    26: "decode_float32",
    27: "decode_float64",
    31: "",
}
"""By number; an empty name is a function without one."""


def _marker(vm: Machine, values: Sequence[Value]) -> Value:
    vm.dict_store(values[0], "break_marker", Steps(vm).run("object"))
    return None


def _table(name: str, functions: Mapping[int, str]) -> Callable[[Machine, Sequence[Value]], Value]:
    def make(vm: Machine, values: Sequence[Value]) -> Value:
        (names,) = values
        table = vm.new_dict(len(functions))
        for number, function in functions.items():
            found = vm.subscr(names, function) if function else _anonymous(vm)
            vm.dict_store(table, number, found)
        vm.dict_store(names, name, table)
        return None

    return make


def _anonymous(vm: Machine) -> Value:
    return FrozenFunction(vm, "<lambda>", ("self",), not_modelled("cbor2._decoder.special_decoders"), 0)


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "special break_marker": _marker,
    "special major_decoders": _table("major_decoders", MAJOR),
    "special special_decoders": _table("special_decoders", SPECIAL),
}

__all__ = ["FUNCTIONS"]
