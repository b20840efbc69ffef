"""``requests.py``: an HTTP/1.0 request (RFC 1945), as OpenMV's client sends it and reads the answer byte by byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.steps import Steps
from omvsim.micropython.errors import Error, Raised, Unknown
from omvsim.micropython.importing import import_name
from omvsim.micropython.types import bytes_, float_
from omvsim.micropython.values import NULL, BinaryOp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Obj, Value

TIMEOUT: Final = float_.Float(None, 0, 5.0)
BOUNDARY: Final = b"37a4bcce91521f74142f1868e328a6b9"
METHODS: Final = ("head", "get", "post", "put", "patch", "delete")


def rom(data: bytes) -> Value:
    """Bytes in ROM."""
    return bytes_.Bytes(None, 0, data, None)


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, code, reason, headers, content = values
    Steps(vm).puts(this, encoding="utf-8", _content=content, _headers=headers, reason=reason, status_code=code)
    return None


def _text(name: str) -> Callable[..., Value]:
    def text(vm: Machine, values: Sequence[Value]) -> Value:
        do = Steps(vm)
        return do.run("str", do.get(values[0], name), do.get(values[0], "encoding"))

    return text


def _json(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    return do.ask(import_name(vm, "json", None, 0), "loads", do.get(values[0], "_content"))


def _missed(do: Steps, error: Obj, function: str) -> None:
    """A bare ``except`` sees an exception."""
    do.vm.on_handler()
    do.vm.add_traceback(error, do.vm.str_of(do.name("__file__")), 1, function)


def _readline(vm: Machine, values: Sequence[Value]) -> Value:
    """Up to the first byte that cannot be read: no byte of a bytearray is equal to bytes."""
    do = Steps(vm)
    line = do.run("bytearray")
    while True:
        error: Obj | None = None
        try:
            line = vm.binary(BinaryOp.INPLACE_ADD, line, do.ask(values[0], "read", 1))
            do.at(line, -1)
        except Raised as raised:
            error = raised.value
        if error is not None:
            _missed(do, error, "readline")
            return line
        do.turn()


def _readall(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    found = rom(b"")
    while True:
        byte = rom(b"")
        error: Obj | None = None
        try:
            byte = do.ask(values[0], "recv", 1)
        except Raised as raised:
            error = raised.value
        if error is not None:
            _missed(do, error, "socket_readall")
        if not vm.length(byte):
            return found
        found = vm.binary(BinaryOp.INPLACE_ADD, found, byte)


class _Request:
    """One call of ``request``."""

    def __init__(self, vm: Machine, values: Sequence[Value]) -> None:
        self.vm, self.do = vm, Steps(vm)
        self.method, self.url, self.data, self.json, self.files, self.headers, self.auth, _ = values
        self.host: Value = None
        self.port: Value = 80
        self.path: Value = ""
        self.socket: Value = None
        self.found: Value = None
        self.answer: Value = None

    def _percent(self, text: bytes, values: Value) -> Value:
        return self.vm.binary(BinaryOp.MODULO, rom(text), values)

    def write(self, data: Value) -> None:
        """To the socket."""
        self.do.ask(self.socket, "write", data)

    def split(self) -> None:
        """The parts of the URL."""
        vm, do = self.vm, self.do
        error: Obj | None = None
        try:
            proto, _, self.host, self.path = vm.unpack(do.ask(self.url, "split", "/", 3), 4)
        except Raised as raised:
            error = raised.value
        if error is not None:
            do.caught(error, (Error.VALUE,))
            proto, _, self.host = vm.unpack(do.ask(self.url, "split", "/", 2), 3)
            self.path = ""
        if vm.equal(proto, "https:"):
            raise Unknown("requests.request", "TLS is not modelled")
        if not vm.equal(proto, "http:"):
            wrong = vm.call(vm.exception_type(Error.VALUE), (do.op("Unsupported protocol: ", "+", proto),))
            raise Raised(vm.make_raise(wrong))
        if vm.truth(vm.binary(BinaryOp.IN, ":", self.host)):
            self.host, self.port = vm.unpack(do.ask(self.host, "split", ":", 1), 2)
            self.port = do.run("int", self.port)
        if do.true(self.auth):
            pair = vm.new_tuple((do.at(self.auth, 0), do.at(self.auth, 1)))
            coded = do.of("binascii", "b2a_base64", vm.binary(BinaryOp.MODULO, "%s:%s", pair))
            do.set_at(self.headers, "Authorization", self._percent(b"Basic %s", do.cut(coded, 0, -1)))

    def connect(self) -> None:
        """A socket; what fails from here on closes it."""
        do = self.do
        self.answer = self.vm.new_list(())
        self.found = do.at(do.of("socket", "getaddrinfo", self.host, self.port), 0)
        self.socket = do.of("socket", "socket", *(do.at(self.found, at) for at in range(3)))

    def send(self) -> None:
        """The request's lines, and what goes with it."""
        vm, do = self.vm, self.do
        do.ask(self.socket, "connect", do.at(self.found, -1))
        do.ask(self.socket, "settimeout", TIMEOUT)
        self.write(self._percent(b"%s /%s HTTP/1.0\r\n", vm.new_tuple((self.method, self.path))))
        if not vm.truth(vm.binary(BinaryOp.IN, "Host", self.headers)):
            self.write(self._percent(b"Host: %s\r\n", self.host))
        for key in vm.items(self.headers, on_stack=True):
            self.write(key)
            self.write(rom(b": "))
            self.write(do.at(self.headers, key))
            self.write(rom(b"\r\n"))
        if self.json is not None:
            self.json = import_name(vm, "json", None, 0)
            self.data = do.ask(self.json, "dumps", self.json)
            self.write(rom(b"Content-Type: application/json\r\n"))
        if self.files is not None:
            self._form()
        if do.true(self.data):
            self.write(self._percent(b"Content-Length: %d\r\n\r\n", vm.length(self.data)))
            self.write(self.data)
        else:
            self.write(rom(b"\r\n"))

    def _form(self) -> None:
        """``multipart/form-data``."""
        vm, do = self.vm, self.do
        self.data = do.run("bytearray")

        def more(data: Value) -> None:
            self.data = vm.binary(BinaryOp.INPLACE_ADD, self.data, data)

        self.write(self._percent(b"Content-Type: multipart/form-data; boundary=%s\r\n", rom(BOUNDARY)))
        for pair in vm.items(do.ask(self.files, "items"), on_stack=True):
            name, file = vm.unpack(pair, 2)
            more(self._percent(b"--%s\r\n", rom(BOUNDARY)))
            head = b'Content-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n'
            more(self._percent(head, vm.new_tuple((name, do.at(file, 0)))))
            more(do.ask(do.at(file, 1), "read"))
            more(rom(b"\r\n"))
        more(self._percent(b"\r\n--%s--\r\n", rom(BOUNDARY)))

    def receive(self) -> tuple[Value, ...]:
        """Its answer: status, reason, headers, content."""
        vm, do = self.vm, self.do
        code: Value = 0
        reason: Value = None
        lines = do.ask(do.run("socket_readall", self.socket), "split", rom(b"\r\n"))
        while do.true(lines):
            line = do.ask(do.ask(lines, "pop", 0), "strip")
            if not do.true(line) or vm.equal(line, rom(b"\r\n")):
                break
            if do.true(do.ask(line, "startswith", rom(b"Transfer-Encoding:"))):
                if vm.truth(vm.binary(BinaryOp.IN, rom(b"chunked"), line)):
                    wrong = vm.call(vm.exception_type(Error.VALUE), (do.op("Unsupported ", "+", line),))
                    raise Raised(vm.make_raise(wrong))
            elif do.true(do.ask(line, "startswith", rom(b"Location:"))):
                vm.error(Error.NAME, "name '%q' isn't defined", "status")
            if any(vm.truth(vm.binary(BinaryOp.IN, word, line)) for word in ("HTTPS", "HTTP")):
                parts = do.ask(line, "split", None, 2)
                code = do.run("int", do.at(parts, 1))
                reason = ""
                if vm.small_of(vm.length(parts)) > 2:
                    reason = do.ask(do.ask(do.at(parts, 2), "decode"), "rstrip")
                continue
            do.ask(self.answer, "append", line)
        headers = do.ask(rom(b"\r\n"), "join", self.answer)
        return code, reason, headers, do.ask(rom(b"\r\n"), "join", lines)


def _request(vm: Machine, values: Sequence[Value]) -> Value:
    job = _Request(vm, values)
    job.split()
    job.connect()
    error: Obj | None = None
    parts: tuple[Value, ...] = ()
    try:
        job.send()
        parts = job.receive()
    except Raised as raised:
        error = raised.value
    if error is not None:
        vm.on_handler()
        vm.add_traceback(error, vm.str_of(job.do.name("__file__")), 1, "request")
    job.do.ask(job.socket, "close")
    if error is not None:
        raise Raised(error)
    return job.do.run("Response", *parts)


def _by(name: str) -> Callable[..., Value]:
    def send(vm: Machine, values: Sequence[Value]) -> Value:
        return vm.call_spread(Steps(vm).name("request"), NULL, (name, values[0]), ((NULL, values[1]),), 0)

    return send


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "Response.__init__": _init,
    "Response.headers": _text("_headers"),
    "Response.content": _text("_content"),
    "Response.json": _json,
    "readline": _readline,
    "socket_readall": _readall,
    "request": _request,
    **{name: _by(name.upper()) for name in METHODS},
}

__all__ = ["FUNCTIONS"]
