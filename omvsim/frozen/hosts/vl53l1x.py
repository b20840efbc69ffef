"""``vl53l1x.py``: a distance sensor on an I2C bus, with registers of 16 bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps
from omvsim.micropython.errors import Error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

MODEL: Final = 0xEACC
MODEL_AT, CONFIGURATION_AT, OFFSET_AT, TIMING_AT, RESULT_AT = 0x010F, 0x2D, 0x001E, 0x0022, 0x0089
RESULTS: Final = 17
RANGE: Final = 13
WRONG: Final = "Failed to find expected ID register values. Check wiring!"


def _bus(do: Steps, this: Value, name: str, register: Value, last: Value) -> Value:
    """One transfer."""
    return do.ask(do.get(this, "i2c"), name, do.get(this, "address"), register, last, addrsize=16)


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, bus, address = values
    do = Steps(vm)
    do.puts(this, i2c=bus, address=address)
    do.ask(this, "reset")
    do.of("time", "sleep_ms", 1)
    if do.true(do.op(do.ask(this, "read_model_id"), "==", MODEL)) is False:
        vm.error(Error.RUNTIME, WRONG)
    _bus(do, this, "writeto_mem", CONFIGURATION_AT, do.name("VL51L1X_DEFAULT_CONFIGURATION"))
    do.ask(this, "writeReg16Bit", OFFSET_AT, do.op(do.ask(this, "readReg16Bit", TIMING_AT), "*", 4))
    do.of("time", "sleep_ms", 200)
    return None


def _write(vm: Machine, values: Sequence[Value]) -> Value:
    this, register, value = values
    do = Steps(vm)
    return _bus(do, this, "writeto_mem", register, do.run("bytes", vm.new_list((value,))))


def _write_16(vm: Machine, values: Sequence[Value]) -> Value:
    this, register, value = values
    do = Steps(vm)
    number = vm.int_of(value)
    parts = vm.new_list((number >> 8 & 0xFF, number & 0xFF))
    return _bus(do, this, "writeto_mem", register, do.run("bytes", parts))


def _read(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    return do.at(_bus(do, values[0], "readfrom_mem", values[1], 1), 0)


def _read_16(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    return _short(do, _bus(do, values[0], "readfrom_mem", values[1], 2), 0)


def _short(do: Steps, data: Value, at: int) -> int:
    return (do.number_at(data, at) << 8) + do.number_at(data, at + 1)


def _model(vm: Machine, values: Sequence[Value]) -> Value:
    return Steps(vm).ask(values[0], "readReg16Bit", MODEL_AT)


def _reset(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    do.ask(values[0], "writeReg", 0, 0)
    do.of("time", "sleep_ms", 100)
    do.ask(values[0], "writeReg", 0, 1)
    return None


def _distance(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    return _short(do, _bus(do, values[0], "readfrom_mem", RESULT_AT, RESULTS), RANGE)


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "VL53L1X.__init__": _init,
    "VL53L1X.writeReg": _write,
    "VL53L1X.writeReg16Bit": _write_16,
    "VL53L1X.readReg": _read,
    "VL53L1X.readReg16Bit": _read_16,
    "VL53L1X.read_model_id": _model,
    "VL53L1X.reset": _reset,
    "VL53L1X.read": _distance,
}

__all__ = ["FUNCTIONS"]
