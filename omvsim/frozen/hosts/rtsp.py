"""``rtsp.py``: a server that waits for somebody to connect. What answers an RTSP request is not modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.body import FrozenFunction
from omvsim.frozen.steps import Steps
from omvsim.micropython.errors import Error, Raised, ScriptOver, Unknown
from omvsim.micropython.types import float_
from omvsim.world.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Obj, Value

MOST_BYTES: Final = 1400
PATIENCE: Final = float_.Float(None, 0, 0.001)
WAIT_SECONDS: Final = 5
MOST_QUIET: Final = 500
"""Looks, each of a millisecond or of five seconds, after which nobody comes any more: what comes in comes at once."""
INTERLEAVED, REASSEMBLED = 0x24, 0x80
PATTERN: Final = r"rtsp(u)?://[a-zA-Z0-9\-\.]+(:\d+)?(/)?"
OS: Final = (Error.OS,)


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, interface, port = values
    do = Steps(vm)
    do.put(this, "__network", interface)
    do.put(this, "__myip", do.at(do.ask(do.get(this, "__network"), "ifconfig"), 0))
    do.put(this, "__myaddr", vm.new_tuple((do.get(this, "__myip"), port)))
    for name in ("__tcp__socket", "__udp_rtp__socket", "__udp_rtcp__socket"):
        do.put(this, name, None)
    for name in ("setup", "play", "pause", "teardown"):
        do.put(this, f"__{name}_cb", None)
    do.put(this, "__pathname", "")
    do.put(this, "__session", do.of("random", "getrandbits", 30))
    do.puts(this, __transport_is_tcp=False, __client_rtp_addr=None, __playing=False, __playing_session=0)
    do.put(this, "__sequence_number", do.of("random", "getrandbits", 16))
    do.put(this, "__ssrc", do.of("random", "getrandbits", 30))
    do.run("print", do.op("IP Address:Port %s:%d\nRunning...", "%", do.get(this, "__myaddr")))
    return None


def _keeps(name: str) -> Callable[[Machine, Sequence[Value]], Value]:
    def keep(vm: Machine, values: Sequence[Value]) -> Value:
        vm.set_attr(values[0], name, values[1])
        return None

    return keep


def _valid_tcp_socket(vm: Machine, values: Sequence[Value]) -> Value:
    (this,) = values
    do = Steps(vm)
    if do.get(this, "__tcp__socket") is None:
        went, _ = do.attempt(OS, lambda: _wait(do, this))
        if not went:
            do.put(this, "__tcp__socket", None)
    return do.get(this, "__tcp__socket") is not None


def _wait(do: Steps, this: Value) -> Value:
    sockets = do.name("socket")
    server = do.ask(sockets, "socket", do.get(sockets, "AF_INET"), do.get(sockets, "SOCK_STREAM"))

    def accept() -> Value:
        if do.true(do.run("hasattr", sockets, "SO_REUSEADDR")):
            level, option = do.get(sockets, "SOL_SOCKET"), do.get(sockets, "SO_REUSEADDR")
            do.ask(server, "setsockopt", level, option, 1)
        do.ask(server, "bind", do.get(this, "__myaddr"))
        do.ask(server, "listen", 0)
        do.ask(server, "settimeout", WAIT_SECONDS)
        found = do.ask(server, "accept")
        client, where = do.vm.unpack(found, 2)
        do.put(this, "__tcp__socket", client)
        do.put(this, "__client_addr", where)
        return None

    do.attempt(OS, accept)
    do.ask(server, "close")
    return None


def _close_tcp_socket(vm: Machine, values: Sequence[Value]) -> Value:
    (this,) = values
    do = Steps(vm)
    if do.get(this, "__tcp__socket") is not None:
        do.ask(do.get(this, "__tcp__socket"), "close")
        do.put(this, "__tcp__socket", None)
    if do.true(do.get(this, "__playing")):
        raise Unknown("rtsp.rtsp_server.__close_tcp_socket", "the end of a stream is not modelled")
    return None


def _close_udp_socket(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    for name in ("__udp_rtp__socket", "__udp_rtcp__socket"):
        if do.get(values[0], name) is not None:
            do.ask(do.get(values[0], name), "close")
            do.put(values[0], name, None)
    return None


def _respond(vm: Machine, values: Sequence[Value]) -> Value:
    this, code, name, extra = values
    do = Steps(vm)
    socket = do.get(this, "__tcp__socket")
    do.ask(socket, "send", do.op("RTSP/1.0 %d %s\r\n%s\r\n", "%", vm.new_tuple((code, name, extra))))
    return None


def _wanted(vm: Machine, values: Sequence[Value]) -> Value:
    """Lines that are not empty and do not tell the browser's name."""
    do = Steps(vm)
    return do.true(values[0]) and not do.true(do.ask(values[0], "startswith", "User-Agent"))


def _parse(vm: Machine, values: Sequence[Value]) -> Value:
    this, data = values
    do = Steps(vm)
    first = do.number_at(data, 0)
    if first == INTERLEAVED or first >= REASSEMBLED:
        return None
    keep = FrozenFunction(vm, "<lambda>", ("x",), _wanted, 0)
    lines = do.run("list", do.run("filter", keep, do.ask(do.ask(data, "decode"), "splitlines")))
    del keep
    if vm.small_of(vm.length(lines)) > 1:
        words = do.ask(do.at(lines, 0), "split", " ")
        do.put(this, "__pathname", do.of("re", "sub", PATTERN, "/", do.at(words, 1)))
        path = vm.str_of(do.get(this, "__pathname"))
        if path != "/" and path.endswith("/"):
            do.put(this, "__pathname", do.cut(do.get(this, "__pathname"), None, -1))
        if vm.str_of(do.at(words, 2)) == "RTSP/1.0":
            raise Unknown("rtsp.rtsp_server", "answering an RTSP request is not modelled")
    do.ask(this, "__send_rtsp_response", 400, "Bad Request")
    return None


def _stream(vm: Machine, values: Sequence[Value]) -> Value:
    (this, *_) = values
    do = Steps(vm)
    quiet = 0
    while True:
        do.turn()
        quiet += 1
        if quiet > MOST_QUIET and not vm.part(Clock).alarms:
            raise ScriptOver("rtsp.rtsp_server.stream waits for ever: nobody asks for a stream (a world file says who)")
        if do.true(do.ask(this, "__valid_tcp_socket")):
            went, heard = do.attempt(OS, lambda: _serve(do, this))
            if heard:
                quiet = 0
            if not went:
                do.ask(this, "__close_tcp_socket")
                do.ask(this, "__close_udp_socket")


def _serve(do: Steps, this: Value) -> Value:
    """One look at what the client sent: whether there was something."""
    do.ask(do.get(this, "__tcp__socket"), "settimeout", PATIENCE)
    again: Obj | None = None
    try:
        _receive(do, this)
    except Raised as raised:
        again = raised.value
    if again is not None:
        do.caught(again, OS)
        number = do.vm.attr(again, "errno")
        codes = do.get(do.name("errno"), "EAGAIN"), do.get(do.name("errno"), "ETIMEDOUT")
        if number not in codes:
            raise Raised(again)
    heard = again is None
    del again
    if do.true(do.get(this, "__playing")):
        raise Unknown("rtsp.rtsp_server.__send_rtp", "sending a stream is not modelled")
    return heard


def _receive(do: Steps, this: Value) -> None:
    data = do.ask(do.get(this, "__tcp__socket"), "recv", MOST_BYTES)
    if not do.true(data):
        raise Raised(do.vm.make_raise(do.vm.exception_type(Error.OS)))
    do.ask(this, "__parse_rtsp_request", data)


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "rtsp_server.__init__": _init,
    "rtsp_server.__valid_tcp_socket": _valid_tcp_socket,
    "rtsp_server.__close_tcp_socket": _close_tcp_socket,
    "rtsp_server.__close_udp_socket": _close_udp_socket,
    "rtsp_server.__send_rtsp_response": _respond,
    "rtsp_server.__parse_rtsp_request": _parse,
    "rtsp_server.stream": _stream,
    **{f"rtsp_server.register_{name}_cb": _keeps(f"__{name}_cb") for name in ("setup", "play", "pause", "teardown")},
}

__all__ = ["FUNCTIONS"]
