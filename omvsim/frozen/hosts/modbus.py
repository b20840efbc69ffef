"""``modbus.py``: a Modbus RTU slave's registers on a serial port; answering a request is not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

POLYNOMIAL: Final = 0xA001
ENTRIES: Final = 256


def _entry(number: int) -> int:
    """A byte's CRC-16/MODBUS, reflected."""
    for _ in range(8):
        number = number >> 1 ^ (POLYNOMIAL if number & 1 else 0)
    return number


def _registers(do: Steps, this: Value) -> None:
    zero = do.vm.new_list((0,))
    do.put(this, "REGISTER", do.op(zero, "*", do.get(this, "register_num")))


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, uart, slave, count = values
    do = Steps(vm)
    do.puts(this, SLAVE_ID=slave, uart=uart, register_num=count)
    _registers(do, this)
    do.put(this, "CRC16_TABLE", vm.new_list(tuple(_entry(number) for number in range(ENTRIES))))
    return None


def _any(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    return do.ask(do.get(values[0], "uart"), "any")


def _clear(vm: Machine, values: Sequence[Value]) -> Value:
    _registers(Steps(vm), values[0])
    return None


def _crc16(vm: Machine, values: Sequence[Value]) -> Value:
    this, data = values
    do = Steps(vm)
    crc, table = 0xFFFF, do.get(this, "CRC16_TABLE")
    for byte in vm.items(data, on_stack=True):
        crc = crc >> 8 ^ do.number_at(table, (crc ^ vm.int_of(byte)) & 0xFF)
    return do.of("struct", "pack", "<H", crc)


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "ModbusRTU.__init__": _init,
    "ModbusRTU.any": _any,
    "ModbusRTU.clear": _clear,
    "ModbusRTU.crc16": _crc16,
}

__all__ = ["FUNCTIONS"]
