"""The runtime as machine code sees it: its functions by number, viper's types by name (py/nativeglue.h)."""

from __future__ import annotations

from typing import Final, NoReturn

from omvsim.compiler.native.stack import Type
from omvsim.micropython.errors import Unknown

_FUNCTIONS: Final = [
    "none",
    "false",
    "true",
    "to_native",
    "to_object",
    "swap_globals",
    "load_name",
    "load_global",
    "load_build_class",
    "load_attr",
    "load_method",
    "load_super_method",
    "store_name",
    "store_global",
    "store_attr",
    "subscr",
    "is_true",
    "unary_op",
    "binary_op",
    "build_tuple",
    "build_list",
    "build_map",
    "build_set",
    "store_set",
    "list_append",
    "store_map",
    "make_function",
    "call_function",
    "call_method",
    "call_method_var",
    "getiter",
    "iternext",
    "nlr_push",
    "nlr_pop",
    "raise",
    "import_name",
    "import_from",
    "import_all",
    "new_slice",
    "unpack_sequence",
    "unpack_ex",
    "delete_name",
    "delete_global",
    "new_closure",
    "arg_check",
    "setup_code_state",
    "floor_divide",
    "modulo",
    "yield_from",
    "setjmp",
]
F: Final = {name: number for number, name in enumerate(_FUNCTIONS)}
"""``mp_fun_kind_t``: where the table of functions has each."""
TYPES: Final = {kind.value: kind for kind in Type if kind not in (Type.NONE, Type.UNBOUND, Type.CAST)}
"""``mp_native_type_from_qstr``."""


def not_modelled(what: str) -> NoReturn:
    """The run ends here with "not known"."""
    raise Unknown("machine code", f"{what} in a function with @micropython.native or viper is not modelled")


__all__ = ["TYPES", "F", "not_modelled"]
