"""Sockets (extmod/modlwip.c). lwIP's own buffers are not on the heap; who answers is what the surroundings say."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Error, ScriptOver
from omvsim.micropython.native import method
from omvsim.micropython.types import buffers, bytes_
from omvsim.micropython.types.sequences import fixed
from omvsim.records import replace
from omvsim.standard.errno_ import NUMBERS
from omvsim.standard.streams import POLL_HUP, POLL_NVAL, POLL_RD, POLL_WR, StreamMethods, raise_os_error
from omvsim.world.clock import Clock
from omvsim.world.surroundings import Peer, Surroundings, Visitor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.memory.requests import Block, Memory
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out, PrintKind, Value

OBJECT: Final = 40
"""``lwip_socket_obj_t`` without IPv6 (ports/mimxrt/lwip_inc/lwipopts.h)."""
PACKETS: Final = 48
"""Four ``lwip_incoming_packet_t``, of a socket for packets."""
POINTER: Final = 4
SEND_BUFFER: Final = 6400
"""``TCP_SND_BUF``: 8 times ``TCP_MSS`` of 800 (extmod/lwip-include/lwipopts_common.h)."""
SEGMENT: Final = 800
"""``TCP_MSS``: what is sent and confirmed at once."""
LEAST_ROOM: Final = 16
SENT_A_SECOND: Final = 600_000
"""Bytes on a local network with these buffers, as that file has it."""
STREAM, PACKET, RAW = 1, 2, 3
NEW, LISTENING, CONNECTED, CLOSED = 0, 1, 3, -9
EBADF, EINVAL, EAGAIN = NUMBERS["EBADF"], NUMBERS["EINVAL"], NUMBERS["EAGAIN"]
ETIMEDOUT, EISCONN = NUMBERS["ETIMEDOUT"], 127
FOREVER: Final = -1
DONT_WAIT: Final = 2
PEEK: Final = 1
VISITS_US: Final = 1_000_000
"""How long nobody comes after a visitor that no world file tells of, to a script that does not stand and wait."""
BROWSER: Final = Visitor(b"GET / HTTP/1.1\r\nHost: openmv\r\n\r\n")


class Socket(StreamMethods):
    """One socket."""

    __slots__ = (
        *("accepted", "coming", "kind", "next_visit", "packets", "peer", "port"),
        *("queue", "sent_by", "state", "timeout_ms", "where"),
    )
    type_name: ClassVar[str] = "socket"

    def __init__(self, memory: Memory, address: int, kind: int) -> None:
        super().__init__(memory, address)
        self.kind = kind
        self.state = NEW
        self.timeout_ms = FOREVER
        self.packets: Block | None = None
        self.queue: Block | None = None
        self.coming = bytearray()
        self.peer: Peer | None = None
        self.where = ("", 0)
        self.accepted = 0
        self.next_visit = self.sent_by = 0

    # -- waiting -------------------------------------------------------------------------------------------------------

    def _wait(self, vm: Machine, what: str, *, now: bool = False) -> None:
        """Nothing comes: EAGAIN, ETIMEDOUT, or for ever."""
        if now or self.timeout_ms == 0:
            raise_os_error(vm, EAGAIN)
        if self.timeout_ms == FOREVER:
            raise ScriptOver(f"socket.{what} waits for ever: nothing comes (a world file says what does)")
        vm.part(Clock).wait(self.timeout_ms * 1000)
        vm.stand_in(f"socket.{what}", "nothing comes: a world file says what does")
        raise_os_error(vm, ETIMEDOUT)

    def _open(self, vm: Machine) -> None:
        if self.state == CLOSED:
            raise_os_error(vm, EBADF)

    # -- bytes ---------------------------------------------------------------------------------------------------------

    def receive(self, vm: Machine, count: int, flags: int, what: str) -> bytes:
        """Bytes that came; none: the peer has closed."""
        self._open(vm)
        if self.state == LISTENING or (self.state == NEW and self.kind == STREAM):
            raise_os_error(vm, NUMBERS["ENOTCONN"])
        if not self.coming:
            if self._gone():
                return b""
            self._wait(vm, what, now=bool(flags & DONT_WAIT))
        found = bytes(self.coming[:count])
        if not flags & PEEK:
            del self.coming[: len(found) if self.kind == STREAM else len(self.coming)]
        return found

    def send_some(self, vm: Machine, data: bytes) -> int:
        """``lwip_tcp_send``: as much as fits the buffer; the peer answers when it has it."""
        self._open(vm)
        if self.kind == STREAM and self.state != CONNECTED:
            raise_os_error(vm, NUMBERS["ENOTCONN"])
        if self._full(vm):
            raise_os_error(vm, EAGAIN)
        room = SEND_BUFFER - (self._under_way(vm) if self.timeout_ms == 0 else 0)
        count = min(len(data), room) if self.kind == STREAM else len(data)
        clock, time = vm.part(Clock), count * 1_000_000 // SENT_A_SECOND
        if self.timeout_ms == 0:
            self.sent_by = max(self.sent_by, clock.now) + time
        else:
            clock.wait(time)
        if self.peer is not None and self.peer.answers:
            self.coming += self.peer.answers.pop(0)
        return count

    def pull(self, vm: Machine, count: int) -> bytes | None:
        if self.timeout_ms == 0 and self.state == CONNECTED and not (self.coming or self._gone()):
            return None
        return self.receive(vm, count, 0, "read()")

    def push(self, vm: Machine, data: bytes) -> int | None:
        if self._full(vm):
            return None
        return self.send_some(vm, data)

    def _gone(self) -> bool:
        """Whether the peer has closed the connection."""
        return self.peer is not None and self.peer.closes and not self.peer.answers

    def _under_way(self, vm: Machine) -> int:
        """Bytes that a script which does not wait has sent and the network has not taken."""
        left = max(0, self.sent_by - vm.part(Clock).now) * SENT_A_SECOND // 1_000_000
        return min(SEND_BUFFER, -(-left // SEGMENT) * SEGMENT)

    def _full(self, vm: Machine) -> bool:
        """Whether a script that does not wait must come again (``lwip_tcp_send``: fewer than 16 bytes)."""
        return self.timeout_ms == 0 and self.kind == STREAM and SEND_BUFFER - self._under_way(vm) < LEAST_ROOM

    def shut(self, vm: Machine) -> None:
        self.state = CLOSED
        self.coming.clear()

    def poll(self, vm: Machine, events: int) -> int:
        """``lwip_socket_ioctl``."""
        if self.state == CLOSED:
            return POLL_NVAL
        there = self._awaited(vm) if self.state == LISTENING else bool(self.coming)
        found = events & POLL_RD if there else 0
        if self.kind != STREAM or not (self.state == LISTENING or self._full(vm)):
            found |= events & POLL_WR
        if self.state == NEW and self.kind == STREAM:
            found |= POLL_HUP
        elif self._gone():
            found |= events & (POLL_RD | POLL_WR)
        return found

    def comes_at(self, vm: Machine) -> int | None:
        """The next visitor, where no world file tells of them; room to send."""
        if self._full(vm):
            return self.sent_by - (SEND_BUFFER - SEGMENT) * 1_000_000 // SENT_A_SECOND
        return self.next_visit if self.state == LISTENING and not vm.part(Surroundings).visitors else None

    # -- connections ---------------------------------------------------------------------------------------------------

    @method("bind", 2)
    def bind(self, vm: Machine, where: Value) -> Value:
        """An address of its own."""
        self.where = parse_address(vm, where)
        return None

    @method("listen", 1, 2)
    def listen(self, vm: Machine, *backlog: Value) -> Value:
        """Wait for visitors: more than one at a time need a table."""
        count = max(0, vm.int_of(backlog[0])) if backlog else 2
        self._open(vm)
        if self.kind != STREAM:
            raise_os_error(vm, NUMBERS["EOPNOTSUPP"])
        if count > 1:
            self.queue = vm.memory.block(POINTER * count)
        self.state = LISTENING
        return None

    @method("accept", 1)
    def accept(self, vm: Machine) -> Value:
        """The next visitor, and where from."""
        if self.kind != STREAM:
            raise_os_error(vm, NUMBERS["EOPNOTSUPP"])
        early = not vm.dialect.accepts_late
        made = self._accepted(vm) if early else None
        if self.state != LISTENING:
            self._give_back(vm, made)
            raise_os_error(vm, EBADF if self.state == CLOSED else EINVAL)
        visitor = self._visitor(vm)
        if visitor is None:
            self._give_back(vm, made)
            self._wait(vm, "accept()")
            raise AssertionError
        made = made or self._accepted(vm)
        made.coming += visitor.data
        made.peer = Peer(closes=visitor.closes)
        made.state = CONNECTED
        made.timeout_ms = self.timeout_ms
        pair = vm.new_tuple((made, None))
        pair.items = (made, location(vm, visitor.address, visitor.port))
        return pair

    @staticmethod
    def _accepted(vm: Machine) -> Socket:
        return Socket(vm.memory, vm.memory.alloc(OBJECT, finaliser=True), STREAM)

    @staticmethod
    def _give_back(vm: Machine, made: Socket | None) -> None:
        if made is not None:
            vm.memory.free(made)

    def _visitor(self, vm: Machine) -> Visitor | None:
        """The surroundings' next one; a browser again and again where they have none."""
        visitors, clock = vm.part(Surroundings).visitors, vm.part(Clock)
        if self.timeout_ms == 0 and not self._awaited(vm):
            return None
        self.accepted += 1
        clock.wait(1000)
        if not visitors:
            self.next_visit = clock.now + VISITS_US
            vm.stand_in("socket.accept()", "a browser connects and asks for /, whenever it may")
            return replace(BROWSER, port=BROWSER.port + self.accepted)
        return visitors[self.accepted - 1] if self.accepted <= len(visitors) else None

    def _awaited(self, vm: Machine) -> bool:
        """Whether a visitor is there already."""
        visitors = vm.part(Surroundings).visitors
        return self.accepted < len(visitors) if visitors else vm.part(Clock).look() >= self.next_visit

    @method("connect", 2)
    def connect(self, vm: Machine, where: Value) -> Value:
        """To a peer: everybody takes the connection."""
        self._open(vm)
        host, port = self.where = parse_address(vm, where)
        if self.kind == STREAM and self.state != NEW:
            raise_os_error(vm, EISCONN if self.state == CONNECTED else NUMBERS["EALREADY"])
        # The handshake is looked at every 100 ms where a time is set; a script that does not wait goes on without.
        vm.part(Clock).wait(1000 if self.timeout_ms == FOREVER else 100_000 * (self.timeout_ms >= 100))
        around = vm.part(Surroundings)
        found = around.peers.get(f"{host}:{port}") or around.peers.get(str(port))
        if found is None:
            vm.stand_in("socket.connect()", "everybody takes the connection and says nothing")
            found = Peer(closes=False)
        self.peer = replace(found, answers=list(found.answers))
        self.coming += found.greeting
        self.state = CONNECTED
        if 0 <= self.timeout_ms < 100:
            raise_os_error(vm, NUMBERS["EINPROGRESS"])
        return None

    # -- sending and receiving -----------------------------------------------------------------------------------------

    @method("send", 2)
    def send(self, vm: Machine, data: Value) -> Value:
        """How much was taken."""
        self._open(vm)
        return vm.new_int(self.send_some(vm, bytes(buffers.buffer_of(vm, data))))

    @method("sendall", 2)
    def sendall(self, vm: Machine, data: Value) -> Value:
        """All of it."""
        self._open(vm)
        whole = bytes(buffers.buffer_of(vm, data))
        if self.kind != STREAM:
            vm.error(Error.NOT_IMPLEMENTED)
        if self.timeout_ms == 0 and len(whole) > SEND_BUFFER - self._under_way(vm):
            raise_os_error(vm, EAGAIN)
        while whole:
            whole = whole[self.send_some(vm, whole) :]
        return None

    @method("sendto", 3)
    def sendto(self, vm: Machine, data: Value, where: Value) -> Value:
        """A packet."""
        self._open(vm)
        packet = bytes(buffers.buffer_of(vm, data))
        host, port = parse_address(vm, where)
        if self.kind != STREAM:
            around = vm.part(Surroundings)
            found = around.peers.get(f"{host}:{port}") or around.peers.get(str(port))
            self.peer = found if self.peer is None else self.peer
            self.where = (host, port)
        return vm.new_int(self.send_some(vm, packet))

    @method("recv", 2, 3)
    def recv(self, vm: Machine, count: Value, *flags: Value) -> Value:
        """At most so many bytes."""
        return self._received(vm, count, flags, "recv()")

    @method("recvfrom", 2, 3)
    def recvfrom(self, vm: Machine, count: Value, *flags: Value) -> Value:
        """And where from."""
        found = self._received(vm, count, flags, "recvfrom()")
        return vm.new_tuple((found, location(vm, *self.where)))

    def _received(self, vm: Machine, count: Value, flags: Sequence[Value], what: str) -> Value:
        size = vm.int_of(count)
        how = vm.int_of(flags[0]) if flags else 0
        self._open(vm)
        vstr = VStr(vm.memory, size + 1)
        found = self.receive(vm, size, how, what)
        if not found:
            return bytes_.EMPTY
        vstr.data += found
        return bytes_.finish_bytes(vm, vstr)

    # -- settings ------------------------------------------------------------------------------------------------------

    @method("settimeout", 2)
    def settimeout(self, vm: Machine, seconds: Value) -> Value:
        """How long it waits; None: for ever."""
        self.timeout_ms = FOREVER if seconds is None else int(1000 * vm.float_of(seconds))
        return None

    @method("setblocking", 2)
    def setblocking(self, vm: Machine, flag: Value) -> Value:
        """For ever, or not at all."""
        self.timeout_ms = FOREVER if vm.truth(flag) else 0
        return None

    @method("setsockopt", 4)
    def setsockopt(self, vm: Machine, level: Value, option: Value, value: Value) -> Value:
        """Nobody notices."""
        vm.int_of(option)
        return None

    @method("makefile", 1, 3)
    def makefile(self, vm: Machine, *mode: Value) -> Value:
        """Itself."""
        return self

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """State, and what came."""
        timeout = self.timeout_ms & 0xFFFFFFFF
        state = self.state if self.kind == STREAM or self.state < 0 else vm.dialect.state_of_packets
        tail = "0 off=0>" if self.kind == STREAM else f"{int(bool(self.coming))}>"
        out(f"<socket state={state} timeout={timeout} incoming={tail}")


def parse_address(vm: Machine, where: Value) -> tuple[str, int]:
    """``lwip_parse_inet_addr``: a pair; no name is looked up."""
    parts = fixed(vm, where, 2)
    host = vm.str_of(parts[0])
    if host and not all(part.isdigit() and int(part) < 256 for part in host.split(".")):
        vm.raise_value("invalid arguments")
    return host, vm.int_of(parts[1])


def location(vm: Machine, host: str, port: int) -> Value:
    """``lwip_format_inet_addr``."""
    return vm.new_tuple((vm.new_str(host or "0.0.0.0"), port))


__all__ = ["DONT_WAIT", "EINVAL", "OBJECT", "PACKET", "PACKETS", "PEEK", "RAW", "STREAM", "Socket", "location"]
