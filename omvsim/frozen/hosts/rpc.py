"""``rpc.py``: packets with a magic number and a CRC over a serial line; a master calls functions of a slave by hash.

Slaves on SPI and I2C, and CAN, are written for ``pyb``, which this port lacks: making one fails there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.hosts.rpc_transports import TRANSPORTS
from omvsim.frozen.steps import Steps
from omvsim.micropython.types import buffers, tuple_
from omvsim.micropython.values import NULL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

POLYNOMIAL: Final = 0x1021
HASH_START: Final = 5381
COMMAND_HEADER, COMMAND_DATA, RESULT_HEADER, RESULT_DATA = 0x1209, 0xABD1, 0x9021, 0x1DBA
LONG_MS: Final = 5000
DEEPEST: Final = 255
WORD: Final = 0xFFFFFFFF
NO_COMMAND: Final = tuple_.Tuple(None, 0, (None, None))
"""A constant in ROM."""


def _data(vm: Machine, value: Value, size: Value) -> bytearray:
    """What a viper function sees of a buffer."""
    return bytearray(bytes(buffers.buffer_of(vm, value).cast("B"))[: vm.int_of(size)])


def _crc(vm: Machine, values: Sequence[Value]) -> Value:
    crc = 0xFFFF
    for byte in _data(vm, *values[1:]):
        crc ^= byte << 8
        for _ in range(8):
            crc = crc << 1 ^ (POLYNOMIAL if crc & 0x8000 else 0)
    return crc & 0xFFFF


def _zero(vm: Machine, values: Sequence[Value]) -> Value:
    view = buffers.buffer_of(vm, values[1], writable=True).cast("B")
    size = vm.int_of(values[2])
    view[:size] = bytes(size)
    return None


def _same(vm: Machine, values: Sequence[Value]) -> Value:
    data = _data(vm, *values[1:])
    return len(set(data)) == 1


def _hash(vm: Machine, values: Sequence[Value]) -> Value:
    found = HASH_START
    for byte in _data(vm, *values[1:]):
        found = (found * 33 ^ byte) & WORD
    return vm.new_int(found)


# -- packets -----------------------------------------------------------------------------------------------------------


def _old(vm: Machine, this: Value) -> bool:
    """Up to 4.8.1 the CRC is chosen by the board: a bound method, after two questions."""
    return vm.method_maybe(this, "__def_crc_16")[0] is not NULL


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    do, this = Steps(vm), values[0]
    if _old(vm, this):
        do.put(this, "__crc_16", do.get(this, "__def_crc_16"))
        for board in ("H7", "F7"):
            do.true(do.op(do.of("omv", "board_type"), "==", board))
    do.put(this, "_stream_writer_queue_depth_max", DEEPEST)
    return None


def _crc_of(do: Steps, this: Value, packet: Value, size: Value) -> Value:
    return do.ask(this, "__crc_16" if _old(do.vm, this) else "_crc_16", packet, size)


def _pre_alloc(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    buffer = do.run("bytearray", do.op(values[1], "+", 4))
    view = do.run("memoryview", buffer)
    return vm.new_tuple((buffer, do.cut(view, 2, -2)))


def _get_packet(vm: Machine, values: Sequence[Value]) -> Value:
    this, magic, pair, timeout = values
    do = Steps(vm)
    packet = do.ask(this, "get_bytes", do.at(pair, 0), timeout)
    if packet is None:
        return None
    found = do.number_at(packet, 0) | do.number_at(packet, 1) << 8
    crc = do.number_at(packet, -2) | do.number_at(packet, -1) << 8
    size = do.op(vm.length(packet), "-", 2)
    if found == vm.int_of(magic) and crc == vm.int_of(_crc_of(do, this, packet, size)):
        return do.at(pair, 1)
    return None


def _set_packet(vm: Machine, values: Sequence[Value]) -> Value:
    this, magic, payload = values
    do = Steps(vm)
    size = vm.length(payload)
    packet = do.run("bytearray", do.op(size, "+", 4))
    do.set_cut(packet, None, 2, do.of("struct", "pack", "<H", magic))
    do.set_cut(packet, 2, -2, payload)
    crc = _crc_of(do, this, packet, do.op(size, "+", 2))
    do.set_cut(packet, -2, None, do.of("struct", "pack", "<H", crc))
    return packet


def _nothing(vm: Machine, values: Sequence[Value]) -> Value:
    return None


def _no_bytes(vm: Machine, values: Sequence[Value]) -> Value:
    return Steps(vm).run("bytes")


# -- masters -----------------------------------------------------------------------------------------------------------


def _timeouts(do: Steps, this: Value, short: int) -> None:
    do.puts(this, _put_short_timeout_reset=short, _get_short_timeout_reset=short)
    do.puts(this, _put_long_timeout=LONG_MS, _get_long_timeout=LONG_MS)


def _packet(do: Steps, this: Value, magic: str) -> Value:
    return do.ask(this, "_set_packet", do.get(this, magic))


def _init_master(vm: Machine, values: Sequence[Value]) -> Value:
    do, this = Steps(vm), values[0]
    do.ask(do.name("rpc"), "__init__", this)
    do.put(this, "__in_command_header_buf", do.ask(this, "_get_packet_pre_alloc"))
    do.put(this, "__in_command_data_buf", do.ask(this, "_get_packet_pre_alloc"))
    do.put(this, "__out_result_header_ack", _packet(do, this, "_RESULT_HEADER_PACKET_MAGIC"))
    do.put(this, "__in_result_header_buf", do.ask(this, "_get_packet_pre_alloc", 4))
    do.put(this, "__out_result_data_ack", _packet(do, this, "_RESULT_DATA_PACKET_MAGIC"))
    _timeouts(do, this, 3)
    return None


def _begin(do: Steps, this: Value) -> None:
    for which in ("_put_short_timeout", "_get_short_timeout"):
        do.put(this, which, do.get(this, f"{which}_reset"))


def _in_time(do: Steps, start: Value, timeout: Value) -> bool:
    do.turn()
    passed = do.of("time", "ticks_diff", do.of("time", "ticks_ms"), start)
    return do.true(do.op(passed, "<", timeout))


def _cleared(do: Steps, this: Value, *names: str) -> None:
    do.of("gc", "collect")
    for name in names:
        buffer = do.at(do.get(this, name), 0)
        do.ask(this, "_zero", buffer, do.vm.length(buffer))
    do.ask(this, "_flush")


def _got(do: Steps, this: Value, magic: str, pair: Value, timeout: str) -> Value:
    return do.ask(this, "_get_packet", do.get(this, magic), pair, do.get(this, timeout))


def _send(do: Steps, this: Value, data: Value, timeout: str) -> None:
    do.ask(this, "put_bytes", data, do.get(this, timeout))


def _slower(do: Steps, this: Value, timeout: Value, *, by_a_third: bool) -> None:
    for which in ("_put_short_timeout", "_get_short_timeout"):
        now = do.get(this, which)
        more = do.op(do.op(now, "*", 4), "//", 3) if by_a_third else do.op(now, "+", 1)
        do.put(this, which, do.run("min", more, timeout))


def _put_command(vm: Machine, values: Sequence[Value]) -> Value:
    this, command, data, timeout = values
    do = Steps(vm)
    _begin(do, this)
    head = do.of("struct", "pack", "<II", command, vm.length(data))
    header = do.ask(this, "_set_packet", do.get(this, "_COMMAND_HEADER_PACKET_MAGIC"), head)
    del head
    body = do.ask(this, "_set_packet", do.get(this, "_COMMAND_DATA_PACKET_MAGIC"), data)
    start = do.of("time", "ticks_ms")
    buffers_ = ("__in_command_header_buf", "__in_command_data_buf")
    while _in_time(do, start, timeout):
        _cleared(do, this, *buffers_)
        _send(do, this, header, "_put_short_timeout")
        if _acknowledged(do, this, "_COMMAND_HEADER_PACKET_MAGIC", buffers_[0]):
            _send(do, this, body, "_put_long_timeout")
            if _acknowledged(do, this, "_COMMAND_DATA_PACKET_MAGIC", buffers_[1]):
                return True
        _slower(do, this, timeout, by_a_third=True)
    return False


def _acknowledged(do: Steps, this: Value, magic: str, buffer: str) -> bool:
    return _got(do, this, magic, do.get(this, buffer), "_get_short_timeout") is not None


def _get_result(vm: Machine, values: Sequence[Value]) -> Value:
    this, timeout = values
    do = Steps(vm)
    _begin(do, this)
    start = do.of("time", "ticks_ms")
    while _in_time(do, start, timeout):
        _cleared(do, this, "__in_result_header_buf")
        _send(do, this, do.get(this, "__out_result_header_ack"), "_put_short_timeout")
        pair = do.get(this, "__in_result_header_buf")
        packet = _got(do, this, "_RESULT_HEADER_PACKET_MAGIC", pair, "_get_short_timeout")
        if packet is not None:
            found = do.ask(this, "_get_packet_pre_alloc", do.at(do.of("struct", "unpack", "<I", packet), 0))
            _send(do, this, do.get(this, "__out_result_data_ack"), "_put_short_timeout")
            data = _got(do, this, "_RESULT_DATA_PACKET_MAGIC", found, "_get_long_timeout")
            if data is not None:
                return data
        _slower(do, this, timeout, by_a_third=True)
    return None


def _call(vm: Machine, values: Sequence[Value]) -> Value:
    this, name, data, send_timeout, receive_timeout = values
    do = Steps(vm)
    number = do.ask(this, "_hash", name, vm.length(name))
    if do.true(do.ask(this, "__put_command", number, data, send_timeout)):
        return do.ask(this, "__get_result", receive_timeout)
    return None


# -- slaves ------------------------------------------------------------------------------------------------------------


def _init_slave(vm: Machine, values: Sequence[Value]) -> Value:
    do, this = Steps(vm), values[0]
    do.put(this, "__dict", vm.new_dict(0))
    do.puts(this, __schedule_cb=None, __loop_cb=None)
    do.ask(do.name("rpc"), "__init__", this)
    do.put(this, "__in_command_header_buf", do.ask(this, "_get_packet_pre_alloc", 8))
    do.put(this, "__out_command_header_ack", _packet(do, this, "_COMMAND_HEADER_PACKET_MAGIC"))
    do.put(this, "__out_command_data_ack", _packet(do, this, "_COMMAND_DATA_PACKET_MAGIC"))
    do.put(this, "__in_response_header_buf", do.ask(this, "_get_packet_pre_alloc"))
    do.put(this, "__in_response_data_buf", do.ask(this, "_get_packet_pre_alloc"))
    _timeouts(do, this, 2)
    return None


def _get_command(vm: Machine, values: Sequence[Value]) -> Value:
    this, timeout = values
    do = Steps(vm)
    _begin(do, this)
    start = do.of("time", "ticks_ms")
    while _in_time(do, start, timeout):
        _cleared(do, this, "__in_command_header_buf")
        pair = do.get(this, "__in_command_header_buf")
        packet = _got(do, this, "_COMMAND_HEADER_PACKET_MAGIC", pair, "_get_short_timeout")
        if packet is not None:
            head = do.of("struct", "unpack", "<II", packet)
            command, size = do.at(head, 0), do.at(head, 1)
            del head
            found = do.ask(this, "_get_packet_pre_alloc", size)
            _send(do, this, do.get(this, "__out_command_header_ack"), "_put_short_timeout")
            data = _got(do, this, "_COMMAND_DATA_PACKET_MAGIC", found, "_get_long_timeout")
            if data is not None:
                _send(do, this, do.get(this, "__out_command_data_ack"), "_put_short_timeout")
                return vm.new_tuple((command, data))
        _slower(do, this, timeout, by_a_third=False)
    return NO_COMMAND


def _put_result(vm: Machine, values: Sequence[Value]) -> Value:
    this, data, timeout = values
    do = Steps(vm)
    _begin(do, this)
    head = do.of("struct", "pack", "<I", vm.length(data))
    header = do.ask(this, "_set_packet", do.get(this, "_RESULT_HEADER_PACKET_MAGIC"), head)
    del head
    body = do.ask(this, "_set_packet", do.get(this, "_RESULT_DATA_PACKET_MAGIC"), data)
    start = do.of("time", "ticks_ms")
    buffers_ = ("__in_response_header_buf", "__in_response_data_buf")
    while _in_time(do, start, timeout):
        _cleared(do, this, *buffers_)
        if _acknowledged(do, this, "_RESULT_HEADER_PACKET_MAGIC", buffers_[0]):
            _send(do, this, header, "_put_short_timeout")
            if _acknowledged(do, this, "_RESULT_DATA_PACKET_MAGIC", buffers_[1]):
                _send(do, this, body, "_put_long_timeout")
                return True
        _slower(do, this, timeout, by_a_third=False)
    return False


def _register(vm: Machine, values: Sequence[Value]) -> Value:
    this, callback = values
    do = Steps(vm)
    name = do.get(callback, "__name__")
    do.set_at(do.get(this, "__dict"), do.ask(this, "_hash", name, vm.length(name)), callback)
    return None


def _keeps(name: str) -> Callable[[Machine, Sequence[Value]], Value]:
    def keep(vm: Machine, values: Sequence[Value]) -> Value:
        vm.set_attr(values[0], name, values[1])
        return None

    return keep


def _loop(vm: Machine, values: Sequence[Value]) -> Value:
    this, receive_timeout, send_timeout = values
    do = Steps(vm)
    while True:
        pair = do.ask(this, "__get_command", receive_timeout)
        command, data = do.at(pair, 0), do.at(pair, 1)
        del pair
        if command is not None:
            callback = do.ask(do.get(this, "__dict"), "get", command)
            answer = vm.call(callback, (data,)) if callback is not None else do.run("bytes")
            sent = do.true(do.ask(this, "__put_result", answer, send_timeout))
            del answer
            if sent and do.get(this, "__schedule_cb") is not None:
                do.ask(this, "__schedule_cb")
            do.put(this, "__schedule_cb", None)
        if do.get(this, "__loop_cb") is not None:
            do.ask(this, "__loop_cb")


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "rpc._crc_16": _crc,
    "rpc.__def_crc_16": _crc,
    "rpc._zero": _zero,
    "rpc._same": _same,
    "rpc._hash": _hash,
    "rpc.__init__": _init,
    "rpc._get_packet_pre_alloc": _pre_alloc,
    "rpc._get_packet": _get_packet,
    "rpc._set_packet": _set_packet,
    "rpc._flush": _nothing,
    "rpc.get_bytes": _no_bytes,
    "rpc.put_bytes": _nothing,
    "rpc_master.__init__": _init_master,
    "rpc_master.__put_command": _put_command,
    "rpc_master.__get_result": _get_result,
    "rpc_master.call": _call,
    "rpc_slave.__init__": _init_slave,
    "rpc_slave.__get_command": _get_command,
    "rpc_slave.__put_result": _put_result,
    "rpc_slave.register_callback": _register,
    "rpc_slave.schedule_callback": _keeps("__schedule_cb"),
    "rpc_slave.setup_loop_callback": _keeps("__loop_cb"),
    "rpc_slave.loop": _loop,
    **TRANSPORTS,
}

__all__ = ["FUNCTIONS"]
