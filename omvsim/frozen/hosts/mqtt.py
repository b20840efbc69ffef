"""``mqtt.py``: MQTT 3.1.1 (OASIS, sections 2 and 3), as much of it as the firmware's client has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps
from omvsim.micropython.errors import Raised, Unknown
from omvsim.micropython.types import bytes_, float_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

MOST_LENGTH: Final = 2097152
MOST_ALIVE: Final = 65536
POLL_SECONDS: Final = 0.05
NO_CALLBACK: Final = "Subscribe callback is not set"


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, client, server, port, tls, user, password, alive, callback = values
    Steps(vm).puts(
        this,
        client_id=client,
        server=server,
        port=port,
        ssl_params=tls,
        user=user,
        pswd=password,
        keepalive=alive,
        cb=callback,
        sock=None,
        pid=0,
        lw_topic=None,
        lw_msg=None,
        lw_qos=0,
        lw_retain=False,
    )
    return None


def _write(do: Steps, this: Value, data: Value) -> None:
    do.ask(do.get(this, "sock"), "write", data)


def _read(do: Steps, this: Value, count: Value) -> Value:
    return do.ask(do.get(this, "sock"), "read", count)


def _send_str(vm: Machine, values: Sequence[Value]) -> Value:
    this, text = values
    do = Steps(vm)
    _write(do, this, do.of("struct", "pack", "!H", vm.length(text)))
    _write(do, this, text)
    return None


def _rom(vm: Machine, data: bytes) -> Value:
    """``bytearray(b"…")``: the constant is in ROM."""
    return Steps(vm).run("bytearray", bytes_.Bytes(None, 0, data, None))


def _receive_length(vm: Machine, values: Sequence[Value]) -> Value:
    do, found, shift = Steps(vm), 0, 0
    while True:
        byte = do.number_at(_read(do, values[0], 1), 0)
        found |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return vm.new_int(found)
        shift += 7


def _set_callback(vm: Machine, values: Sequence[Value]) -> Value:
    vm.set_attr(values[0], "cb", values[1])
    return None


def _set_last_will(vm: Machine, values: Sequence[Value]) -> Value:
    this, topic, message, retain, quality = values
    do = Steps(vm)
    do.require(0 <= vm.int_of(quality) <= 2)
    do.require(do.true(topic))
    do.puts(this, lw_topic=topic, lw_msg=message, lw_qos=quality, lw_retain=retain)
    return None


def _or(do: Steps, packet: Value, at: int, bits: int) -> None:
    do.set_at(packet, at, do.number_at(packet, at) | bits)


def _length(do: Steps, packet: Value, size: int) -> int:
    """The length field, 7 bits a byte: where it ends."""
    at = 1
    while size > 0x7F:
        do.set_at(packet, at, size & 0x7F | 0x80)
        size >>= 7
        at += 1
    do.set_at(packet, at, size)
    return at


def _dial(do: Steps, this: Value, timeout: Value) -> None:
    found = do.of("socket", "getaddrinfo", do.get(this, "server"), do.get(this, "port"))
    where = do.at(do.at(found, 0), -1)
    del found
    if do.get(this, "sock") is not None:
        do.ask(do.get(this, "sock"), "close")
        do.put(this, "sock", None)
    do.put(this, "sock", do.of("socket", "socket"))
    do.ask(do.get(this, "sock"), "settimeout", timeout)
    do.ask(do.get(this, "sock"), "connect", where)
    tls = do.get(this, "ssl_params")
    if tls is not None:
        raise Unknown("mqtt.MQTTClient.connect", "TLS is not modelled")


def _connect(vm: Machine, values: Sequence[Value]) -> Value:
    this, clean, timeout = values
    do = Steps(vm)
    _dial(do, this, timeout)
    head = _rom(vm, b"\x10\0\0\0\0\0")
    body = _rom(vm, b"\x04MQTT\x04\x02\0\0")
    size = 12 + vm.small_of(vm.length(do.get(this, "client_id")))
    do.set_at(body, 6, vm.int_of(clean) << 1)
    named = do.get(this, "user") is not None
    if named:
        size += 4 + sum(vm.small_of(vm.length(do.get(this, each))) for each in ("user", "pswd"))
        _or(do, body, 6, 0xC0)
    alive = do.get(this, "keepalive")
    if do.true(alive):
        do.require(vm.int_of(alive) < MOST_ALIVE)
        _or(do, body, 7, vm.int_of(alive) >> 8)
        _or(do, body, 8, vm.int_of(alive) & 0xFF)
    will = do.true(do.get(this, "lw_topic"))
    if will:
        size += 4 + sum(vm.small_of(vm.length(do.get(this, each))) for each in ("lw_topic", "lw_msg"))
        quality = vm.int_of(do.get(this, "lw_qos"))
        _or(do, body, 6, 0x4 | (quality & 1) << 3 | (quality & 2) << 3)
        _or(do, body, 6, vm.int_of(do.get(this, "lw_retain")) << 5)
    end = _length(do, head, size)
    _write(do, this, do.cut(head, 0, end + 2))
    _write(do, this, body)
    parts = ["client_id", *(["lw_topic", "lw_msg"] if will else []), *(["user", "pswd"] if named else [])]
    for part in parts:
        do.ask(this, "_send_str", do.get(this, part))
    return _welcome(do, this)


def _welcome(do: Steps, this: Value) -> Value:
    answer = _read(do, this, 4)
    do.require(do.number_at(answer, 0) == 0x20 and do.number_at(answer, 1) == 0x02)
    code = do.number_at(answer, 3)
    if code:
        raise Raised(do.vm.make_raise(do.run("MQTTException", code)))
    return do.number_at(answer, 2) & 1


def _disconnect(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    _write(do, values[0], bytes_.Bytes(None, 0, b"\xe0\0", None))
    do.ask(do.get(values[0], "sock"), "close")
    return None


def _ping(vm: Machine, values: Sequence[Value]) -> Value:
    _write(Steps(vm), values[0], bytes_.Bytes(None, 0, b"\xc0\0", None))
    return None


def _next_id(do: Steps, this: Value) -> Value:
    do.put(this, "pid", do.op(do.get(this, "pid"), "+", 1))
    return do.get(this, "pid")


def _publish(vm: Machine, values: Sequence[Value]) -> Value:
    this, topic, message, retain, quality = values
    do = Steps(vm)
    packet = _rom(vm, b"\x30\0\0\0")
    grade = vm.int_of(quality)
    _or(do, packet, 0, grade << 1 | vm.int_of(retain))
    size = 2 + vm.small_of(vm.length(topic)) + vm.small_of(vm.length(message)) + (2 if grade > 0 else 0)
    do.require(size < MOST_LENGTH)
    end = _length(do, packet, size)
    _write(do, this, do.cut(packet, 0, end + 1))
    do.ask(this, "_send_str", topic)
    number: Value = None
    if grade > 0:
        number = _next_id(do, this)
        do.of("struct", "pack_into", "!H", packet, 0, number)
        _write(do, this, do.cut(packet, 0, 2))
    _write(do, this, message)
    while grade == 1:
        do.turn()
        kind = do.ask(this, "wait_msg")
        if kind is not None and do.true(do.op(kind, "==", 0x40)):
            length = _read(do, this, 1)
            do.require(do.number_at(length, 0) == 2)
            confirmed = _short(do, _read(do, this, 2))
            if confirmed == number:
                return None
    do.require(grade != 2)
    return None


def _short(do: Steps, pair: Value) -> int:
    return do.number_at(pair, 0) << 8 | do.number_at(pair, 1)


def _subscribe(vm: Machine, values: Sequence[Value]) -> Value:
    this, topic, quality = values
    do = Steps(vm)
    do.require(do.get(this, "cb") is not None, NO_CALLBACK)
    packet = _rom(vm, b"\x82\0\0\0")
    number = _next_id(do, this)
    size = vm.small_of(vm.length(topic)) + 5
    do.of("struct", "pack_into", "!BH", packet, 1, size, number)
    _write(do, this, packet)
    do.ask(this, "_send_str", topic)
    _write(do, this, do.ask(quality, "to_bytes", 1, "little"))
    while True:
        do.turn()
        kind = do.ask(this, "wait_msg")
        if kind is not None and do.true(do.op(kind, "==", 0x90)):
            answer = _read(do, this, 4)
            do.require(do.number_at(answer, 1) == do.number_at(packet, 2))
            do.require(do.number_at(answer, 2) == do.number_at(packet, 3))
            code = do.number_at(answer, 3)
            if code == 0x80:
                raise Raised(vm.make_raise(do.run("MQTTException", code)))
            return None


def _wait(vm: Machine, values: Sequence[Value]) -> Value:
    (this,) = values
    do = Steps(vm)
    first = _read(do, this, 1)
    if first is None or vm.length(first) == 0:
        return None
    kind = do.number_at(first, 0)
    if kind == 0xD0:
        do.require(do.number_at(_read(do, this, 1), 0) == 0)
        return None
    if kind & 0xF0 != 0x30:
        return kind
    size = vm.int_of(do.ask(this, "_recv_len"))
    length = _short(do, _read(do, this, 2))
    topic = _read(do, this, length)
    size -= length + 2
    number = 0
    if kind & 6:
        number = _short(do, _read(do, this, 2))
        size -= 2
    do.ask(this, "cb", topic, _read(do, this, size))
    if kind & 6 == 2:
        packet = _rom(vm, b"\x40\x02\0\0")
        do.of("struct", "pack_into", "!H", packet, 2, number)
        _write(do, this, packet)
    do.require(kind & 6 != 4)
    return None


def _check(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    asked = vm.new_list((do.get(values[0], "sock"),))
    none = vm.new_list(()), vm.new_list(())
    ready = do.at(do.of("select", "select", asked, *none, float_.Float(None, 0, POLL_SECONDS)), 0)
    return do.ask(values[0], "wait_msg") if vm.length(ready) else None


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "MQTTClient.__init__": _init,
    "MQTTClient._send_str": _send_str,
    "MQTTClient._recv_len": _receive_length,
    "MQTTClient.set_callback": _set_callback,
    "MQTTClient.set_last_will": _set_last_will,
    "MQTTClient.connect": _connect,
    "MQTTClient.disconnect": _disconnect,
    "MQTTClient.ping": _ping,
    "MQTTClient.publish": _publish,
    "MQTTClient.subscribe": _subscribe,
    "MQTTClient.wait_msg": _wait,
    "MQTTClient.check_msg": _check,
}

__all__ = ["FUNCTIONS"]
