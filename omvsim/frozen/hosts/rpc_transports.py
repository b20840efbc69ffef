"""The lines that ``rpc.py`` talks over: a serial one, and a master's SPI and I2C."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps
from omvsim.micropython.errors import Error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

EDGE_US: Final = 100


def _uart(parent: str) -> Callable[[Machine, Sequence[Value]], Value]:
    def init(vm: Machine, values: Sequence[Value]) -> Value:
        this, rate, port = values
        do = Steps(vm)
        do.put(this, "__uart", do.ask(do.name("machine"), "UART", port, rate, timeout=2, timeout_char=2))
        do.ask(do.name(parent), "__init__", this)
        return None

    return init


def _flush_uart(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    uart = do.get(values[0], "__uart")
    do.ask(uart, "read", do.ask(uart, "any"))
    return None


def _get_uart(vm: Machine, values: Sequence[Value], *, waits: bool) -> Value:
    this, buffer, _timeout = values
    do = Steps(vm)
    if do.ask(do.get(this, "__uart"), "readinto", buffer) is not None:
        return buffer
    if waits:
        do.of("time", "sleep_ms", do.get(this, "_get_short_timeout"))
    return None


def _put_uart(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    do.ask(do.get(values[0], "__uart"), "write", values[1])
    return None


def _init_spi(vm: Machine, values: Sequence[Value]) -> Value:
    this, pin, rate, polarity, phase, bus = values
    do = Steps(vm)
    out = do.get(do.get(do.name("machine"), "Pin"), "OUT")
    do.put(this, "__pin", do.of("machine", "Pin", pin, out))
    do.puts(this, __freq=rate, __polarity=polarity, __clk_phase=phase)
    do.put(this, "__spi", do.of("machine", "SPI", bus))
    do.ask(do.name("rpc_master"), "__init__", this)
    do.put(this, "_stream_writer_queue_depth_max", 1)
    return None


def _selected(do: Steps, this: Value, name: str, *args: Value) -> bool:
    """A transfer with the pin low: whether the bus took it."""
    pin, spi = do.get(this, "__pin"), do.get(this, "__spi")
    do.ask(pin, "value", False)
    do.of("time", "sleep_us", EDGE_US)
    rate, polarity, phase = (do.get(this, each) for each in ("__freq", "__polarity", "__clk_phase"))
    do.ask(spi, "init", baudrate=rate, polarity=polarity, phase=phase)
    went, _ = do.attempt((Error.OS,), lambda: do.ask(spi, name, *args))
    do.ask(spi, "deinit")
    do.ask(pin, "value", True)
    return went


def _get_spi(vm: Machine, values: Sequence[Value]) -> Value:
    this, buffer, _timeout = values
    do = Steps(vm)
    went = _selected(do, this, "write_readinto", buffer, buffer)
    if not went or do.true(do.ask(this, "_same", buffer, vm.length(buffer))):
        do.of("time", "sleep_ms", do.get(this, "_get_short_timeout"))
    return buffer if went else None


def _put_spi(vm: Machine, values: Sequence[Value]) -> Value:
    _selected(Steps(vm), values[0], "write", values[1])
    return None


def _init_i2c(vm: Machine, values: Sequence[Value]) -> Value:
    this, where, rate, bus = values
    do = Steps(vm)
    do.puts(this, __addr=where, __freq=rate)
    do.put(this, "__i2c", do.ask(do.name("machine"), "I2C", bus, freq=do.get(this, "__freq")))
    do.ask(do.name("rpc_master"), "__init__", this)
    do.put(this, "_stream_writer_queue_depth_max", 1)
    return None


def _needs_pyb(vm: Machine, values: Sequence[Value]) -> Value:
    """``import pyb``."""
    vm.import_name("pyb", None, 0)
    return None


TRANSPORTS: Final[dict[str, Callable[..., Value]]] = {
    "rpc_i2c_master.__init__": _init_i2c,
    "rpc_spi_master.__init__": _init_spi,
    "rpc_spi_master.get_bytes": _get_spi,
    "rpc_spi_master.put_bytes": _put_spi,
    **{f"rpc_uart_{kind}.__init__": _uart(f"rpc_{kind}") for kind in ("master", "slave")},
    **{f"rpc_uart_{kind}._flush": _flush_uart for kind in ("master", "slave")},
    **{f"rpc_uart_{kind}.put_bytes": _put_uart for kind in ("master", "slave")},
    "rpc_uart_master.get_bytes": lambda vm, values: _get_uart(vm, values, waits=True),
    "rpc_uart_slave.get_bytes": lambda vm, values: _get_uart(vm, values, waits=False),
    **{f"rpc_{line}.__init__": _needs_pyb for line in ("can_master", "can_slave", "i2c_slave", "spi_slave")},
}

__all__ = ["TRANSPORTS"]
