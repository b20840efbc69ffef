"""``time.py`` (micropython-lib): the module in ROM with ``strftime``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps
from omvsim.micropython.importing import import_from, import_name
from omvsim.micropython.types.tuple_ import Tuple
from omvsim.micropython.values import BinaryOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

FRAME: Final = 84
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
YEAR, MONTH, HOUR, WEEKDAY = 0, 1, 3, 6
TWO_DIGITS: Final = {"d": 2, "H": HOUR, "m": MONTH, "M": 4, "S": 5}
DAY_OF_YEAR: Final = 7
SHORT: Final = 3


def _part(do: Steps, code: str, parts: Value) -> Value:
    """What stands for one code; another stands for itself."""
    if code in {"a", "A"}:
        name = do.at(Tuple(None, 0, DAYS), do.at(parts, WEEKDAY))
        return do.cut(name, 0, SHORT) if code == "a" else name
    if code in {"b", "B"}:
        name = do.at(Tuple(None, 0, MONTHS), do.op(do.at(parts, MONTH), "-", 1))
        return do.cut(name, 0, SHORT) if code == "b" else name
    if code in TWO_DIGITS:
        return do.op("%02d", "%", do.at(parts, TWO_DIGITS[code]))
    if code == "j":
        return do.op("%03d", "%", do.at(parts, DAY_OF_YEAR))
    if code in {"I", "y"}:
        at, most = (HOUR, 12) if code == "I" else (YEAR, 100)
        return do.op("%02d", "%", do.op(do.at(parts, at), "%", most))
    if code == "P":
        return "AM" if do.true(do.op(do.at(parts, HOUR), "<", 12)) else "PM"
    if code in {"w", "Y"}:
        return do.run("str", do.at(parts, WEEKDAY if code == "w" else YEAR))
    return code


def _strftime(vm: Machine, values: Sequence[Value]) -> Value:
    text, parts = values
    do = Steps(vm)
    module = import_name(vm, "io", vm.new_tuple(("StringIO",)), 0)
    buffer = vm.call(import_from(vm, module, "StringIO"))
    coded = False
    for each in vm.items(text, on_stack=True):
        if coded:
            fun, bound = vm.method(buffer, "write")
            vm.call_method(fun, bound, (_part(do, vm.str_of(each), parts),))
            coded = False
        elif vm.truth(vm.binary(BinaryOp.EQUAL, each, "%")):
            coded = True
        else:
            do.ask(buffer, "write", each)
    found = do.ask(buffer, "getvalue")
    do.ask(buffer, "close")
    return found


def statements(body: Body) -> None:
    """Its constants have names with an underscore: they are nowhere at run time."""
    body.from_import("utime", "*")
    body.from_import("micropython", "const")
    body.function("strftime", "datefmt ts", _strftime, FRAME)


__all__ = ["statements"]
