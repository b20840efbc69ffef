"""``asyncio/stream.py``: streams that tasks read and write, connections, servers; TLS is not modelled.

Frames of the coroutines as MicroPython compiles the file of v1.26.0 and v1.28.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.asyncio_base import Core, IOQueue, create_task
from omvsim.frozen.coroutine import FrozenCoroutineFunction, awaited
from omvsim.frozen.steps import Steps as Do
from omvsim.micropython.errors import Error, Raised, Unknown
from omvsim.micropython.importing import import_from, import_name
from omvsim.micropython.types import bytes_
from omvsim.standard.errno_ import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.frozen.coroutine import Steps
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Obj, Value

EMPTY: Final = bytes_.Bytes(None, 0, b"", None)
NEWLINE: Final = 10
TLS: Final = "TLS is not modelled"


def _queue(vm: Machine) -> IOQueue:
    found = vm.part(Core).load(vm, "_io_queue")
    assert isinstance(found, IOQueue)
    return found


# -- streams -----------------------------------------------------------------------------------------------------------


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, stream, extra = values
    Do(vm).puts(this, s=stream, e=extra, out_buf=EMPTY)
    return None


def _extra(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.subscr(vm.attr(values[0], "e"), values[1])


def _close(vm: Machine, values: Sequence[Value]) -> Value:
    return None


def _closed(vm: Machine, values: Sequence[Value]) -> Steps:
    do = Do(vm)
    do.ask(do.get(values[0], "s"), "close")
    return None
    yield


def _readable(do: Do, this: Value) -> None:
    _queue(do.vm).queue_read(do.vm, do.get(this, "s"))


def _read(vm: Machine, values: Sequence[Value]) -> Steps:
    this, count = values
    do, found = Do(vm), EMPTY
    while True:
        _readable(do, this)
        yield None
        more = do.ask(do.get(this, "s"), "read", count)
        if more is None:
            continue
        if vm.int_of(count) >= 0:
            return more
        if not vm.length(more):
            return found
        found = do.op(found, "+", more)  # type: ignore[assignment]  # bytes


def _readinto(vm: Machine, values: Sequence[Value]) -> Steps:
    this, buffer = values
    do = Do(vm)
    _readable(do, this)
    yield None
    return do.ask(do.get(this, "s"), "readinto", buffer)


def _readexactly(vm: Machine, values: Sequence[Value]) -> Steps:
    this, left = values
    do = Do(vm)
    found: Value = EMPTY
    while do.true(left):
        _readable(do, this)
        yield None
        more = do.ask(do.get(this, "s"), "read", left)
        if more is None:
            continue
        if not vm.length(more):
            raise Raised(vm.make_raise(do.name("EOFError")))
        found = do.op(found, "+", more)
        left = do.op(left, "-", vm.length(more))
    return found


def _readline(vm: Machine, values: Sequence[Value]) -> Steps:
    do = Do(vm)
    line: Value = EMPTY
    while True:
        _readable(do, values[0])
        yield None
        more = do.ask(do.get(values[0], "s"), "readline")
        if more is None:
            continue
        line = do.op(line, "+", more)
        if not do.true(more) or do.true(do.op(do.at(line, -1), "==", NEWLINE)):
            return line


def _write(vm: Machine, values: Sequence[Value]) -> Value:
    this, data = values
    do = Do(vm)
    if not do.true(do.get(this, "out_buf")):
        taken = do.ask(do.get(this, "s"), "write", data)
        if taken is not None and vm.equal(taken, vm.length(data)):
            return None
        if taken is not None:
            data = do.cut(data, taken, None)
    do.put(this, "out_buf", do.op(do.get(this, "out_buf"), "+", data))
    return None


def _drain(vm: Machine, values: Sequence[Value]) -> Steps:
    (this,) = values
    do = Do(vm)
    if not do.true(do.get(this, "out_buf")):
        sleeper = vm.call(vm.part(Core).load(vm, "sleep_ms"), (0,))
        return (yield from awaited(vm, sleeper))
    view = do.run("memoryview", do.get(this, "out_buf"))
    at: Value = 0
    while do.true(do.op(at, "<", vm.length(view))):
        _queue(vm).queue_write(vm, do.get(this, "s"))
        yield None
        taken = do.ask(do.get(this, "s"), "write", do.cut(view, at, None))
        if taken is not None:
            at = do.op(at, "+", taken)
    do.put(this, "out_buf", EMPTY)
    return None


def _async(  # noqa: PLR0917 -- what a function is made of
    body: Body, name: str, args: str, host: object, frame: int, defaults: tuple[Value, ...] = ()
) -> None:
    held = body.vm.new_tuple(defaults) if defaults else None
    names = tuple(args.split())
    body.store(name, FrozenCoroutineFunction(body.vm, name, names, host, frame, defaults))  # type: ignore[arg-type]
    del held


def _stream(body: Body) -> None:
    body.function("__init__", "self s e", _init, defaults=(body.vm.new_dict(0),))
    body.function("get_extra_info", "self v", _extra)
    body.function("close", "self", _close)
    _async(body, "wait_closed", "self", _closed, 32)
    _async(body, "read", "self n", _read, 48, (-1,))
    _async(body, "readinto", "self buf", _readinto, 40)
    _async(body, "readexactly", "self n", _readexactly, 48)
    _async(body, "readline", "self", _readline, 44)
    body.function("write", "self buf", _write)
    _async(body, "drain", "self", _drain, 56)


# -- connections and servers -------------------------------------------------------------------------------------------


def _open(vm: Machine, values: Sequence[Value]) -> Steps:
    host, port, tls, _ = values
    do = Do(vm)
    wanted = vm.new_tuple(("EINPROGRESS",))
    import_from(vm, import_name(vm, "errno", wanted, 0), "EINPROGRESS")
    socket = import_name(vm, "socket", None, 0)
    found = do.at(do.ask(socket, "getaddrinfo", host, port, 0, do.get(socket, "SOCK_STREAM")), 0)
    made = do.ask(socket, "socket", do.at(found, 0), do.at(found, 1), do.at(found, 2))
    do.ask(made, "setblocking", False)
    refused: Obj | None = None
    try:
        do.ask(made, "connect", do.at(found, -1))
    except Raised as raised:
        refused = raised.value
    if refused is not None:
        do.caught(refused, (Error.OS,))
        if not vm.equal(do.get(refused, "errno"), NUMBERS["EINPROGRESS"]):
            raise Raised(refused)
    if do.true(tls):
        raise Unknown("asyncio.open_connection", TLS)
    stream = do.run("Stream", made)
    _queue(vm).queue_write(vm, made)
    yield None
    return vm.new_tuple((stream, stream))


def _enter(vm: Machine, values: Sequence[Value]) -> Steps:
    return values[0]
    yield


def _exit(vm: Machine, values: Sequence[Value]) -> Steps:
    do = Do(vm)
    do.ask(values[0], "close")
    yield from awaited(vm, do.ask(values[0], "wait_closed"))
    return None


def _stop(vm: Machine, values: Sequence[Value]) -> Value:
    do = Do(vm)
    do.put(values[0], "state", True)
    do.ask(do.get(values[0], "task"), "cancel")
    return None


def _stopped(vm: Machine, values: Sequence[Value]) -> Steps:
    yield from awaited(vm, vm.attr(values[0], "task"))
    return None


def _accepted(do: Do, listening: Value) -> Value:
    """``try: s.accept()  except: continue``."""
    missed: Obj | None = None
    try:
        return do.ask(listening, "accept")
    except Raised as raised:
        missed = raised.value
    _caught(do, missed, "_serve")
    return None


def _caught(do: Do, error: Obj, function: str) -> None:
    """The frame of a coroutine sees an exception."""
    do.vm.on_handler()
    do.vm.add_traceback(error, do.vm.str_of(do.name("__file__")), 1, function)


def _serve(vm: Machine, values: Sequence[Value]) -> Steps:
    this, listening, callback, tls = values
    do = Do(vm)
    do.put(this, "state", False)
    while True:
        cancelled: Obj | None = None
        try:
            _queue(vm).queue_read(vm, listening)
            yield None
        except Raised as raised:
            cancelled = raised.value
        if cancelled is not None:
            _caught(do, cancelled, "_serve")
            if not vm.exception_match(cancelled, vm.part(Core).load(vm, "CancelledError")):
                raise Raised(cancelled)
            do.ask(listening, "close")
            if do.true(do.get(this, "state")):
                return None
            raise Raised(cancelled)
        pair = _accepted(do, listening)
        if pair is None:
            continue
        if do.true(tls):
            raise Unknown("asyncio.start_server", TLS)
        accepted, where = vm.unpack(pair, 2)
        del pair
        do.ask(accepted, "setblocking", False)
        extra = vm.new_dict(1)
        vm.dict_store(extra, "peername", where)
        stream = do.run("Stream", accepted, extra)
        create_task(vm, vm.call(callback, (stream, stream)))


def _start(vm: Machine, values: Sequence[Value]) -> Steps:
    callback, host, port, backlog, tls = values
    do = Do(vm)
    socket = import_name(vm, "socket", None, 0)
    found = do.at(do.ask(socket, "getaddrinfo", host, port), 0)
    families = (do.at(found, 0),) if vm.dialect.serves_any_family else ()
    made = do.ask(socket, "socket", *families)
    do.ask(made, "setblocking", False)
    do.ask(made, "setsockopt", do.get(socket, "SOL_SOCKET"), do.get(socket, "SO_REUSEADDR"), 1)
    do.ask(made, "bind", do.at(found, -1))
    do.ask(made, "listen", backlog)
    server = do.run("Server")
    do.put(server, "task", create_task(vm, do.ask(server, "_serve", made, callback, tls)))
    cancelled: Obj | None = None
    try:
        yield from awaited(vm, vm.call(vm.part(Core).load(vm, "sleep_ms"), (0,)))
    except Raised as raised:
        cancelled = raised.value
    if cancelled is not None:
        _caught(do, cancelled, "start_server")
        do.ask(do.get(server, "task"), "cancel")
        raise Raised(cancelled)
    return server


def _server(body: Body) -> None:
    _async(body, "__aenter__", "self", _enter, 28)
    _async(body, "__aexit__", "self exc_type exc tb", _exit, 44)
    body.function("close", "self", _stop)
    _async(body, "wait_closed", "self", _stopped, 32)
    _async(body, "_serve", "self s cb ssl", _serve, 108)


def _awrite(vm: Machine, values: Sequence[Value]) -> Steps:
    this, data, start, count = values
    do = Do(vm)
    if not (vm.equal(start, 0) and vm.equal(count, -1)):
        data = do.run("memoryview", data)
        size = vm.length(data) if vm.equal(count, -1) else count
        data = do.cut(data, start, do.op(start, "+", size))
    do.ask(this, "write", data)
    yield from awaited(vm, do.ask(this, "drain"))
    return None


def statements(body: Body) -> None:
    """What importing the file runs."""
    vm = body.vm
    body.from_import("", "core", level=1)
    body.klass("Stream", (), _stream)
    stream = body.load("Stream")
    body.store("StreamReader", stream)
    body.store("StreamWriter", stream)
    _async(body, "open_connection", "host port ssl server_hostname", _open, 116, (None, None))
    body.klass("Server", (), _server)
    frame = 112 if vm.dialect.serves_any_family else 108
    _async(body, "start_server", "cb host port backlog ssl", _start, frame, (5, None))
    _async(body, "stream_awrite", "self buf off sz", _awrite, 52, (0, -1))
    vm.set_attr(stream, "aclose", vm.attr(stream, "wait_closed"))
    vm.set_attr(stream, "awrite", body.load("stream_awrite"))
    vm.set_attr(stream, "awritestr", body.load("stream_awrite"))


__all__ = ["statements"]
