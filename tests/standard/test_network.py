"""network and socket: states, requests and errors of the firmware; waiting takes the camera's time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import ScriptOver, Unknown
from omvsim.world.surroundings import Peer, Surroundings, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

IMPORT = "import socket, network, time\n"
RELEASES = ("4.8.1", "5.0.0")


def asked(run: Callable[..., Run], text: str, release: str = "4.8.1") -> list[tuple[str, int]]:
    """Requests after the imports."""
    before = len(run(IMPORT, release).asked)
    return run(IMPORT + text, release).asked[before:]


PRINTED = [
    (
        "w = network.WLAN(network.STA_IF)\nprint(w, w.active(), w.isconnected(), w.status())",
        "<CYW43 STA down 0.0.0.0> False False 0",
    ),
    (
        "w = network.WLAN()\nw.active(1)\nw.connect('n')\nprint(w.status())\ntime.sleep(2)\nprint(w.isconnected())",
        "1\nTrue",
    ),
    (
        "w = network.WLAN(network.AP_IF)\nw.active(1)\nw.config(ssid='cam', channel=3)\nprint(w.config('essid'), w)",
        None,
    ),
    (
        "a, w = network.WLAN(1), network.WLAN(0)\nprint(a.ifconfig()[0])\na.active(1)\nprint(a.ifconfig())\n"
        "a.ifconfig(('10.1.1.1', '255.0.0.0', '10.1.1.1', '8.8.8.8'))\nprint(a.ifconfig()[:2], w.ifconfig()[0])",
        "0.0.0.0\n('192.168.4.1', '255.255.255.0', '192.168.4.1', '0.0.0.0')\n('10.1.1.1', '255.0.0.0') 0.0.0.0",
    ),
    ("w = network.WLAN()\nw.ifconfig(('1.2.3.4', '5', '6', '7'))\nprint(w.ifconfig()[0])", "1.2.3.4"),
    ("n = network.LAN()\nprint(n.status())\nn.active(True)\nprint(n.isconnected(), n.status())", "1\nTrue 3"),
    (
        "print(network.hostname(), network.country())\nnetwork.hostname('cam')\nprint(network.hostname())",
        "openmvrt1060 XX\ncam",
    ),
    (
        "print(network.WLAN is network.WLAN, network.WLAN() is network.WLAN(0), network.WLAN.SEC_WPA3)",
        "True True 16777220",
    ),
    (
        "print(socket.socket(), socket.AF_INET, socket.SOCK_DGRAM)",
        "<socket state=0 timeout=4294967295 incoming=0 off=0> 2 2",
    ),
    ("print(socket.getaddrinfo('1.2.3.4', 80))", "[(2, 1, 0, '', ('1.2.3.4', 80))]"),
    ("s = socket.socket()\ns.connect(('1.2.3.4', 80))\nprint(s.send(bytes(9000)), s.write(bytes(9000)))", "6400 9000"),
]


@pytest.mark.parametrize(("text", "expected"), PRINTED)
def test_printed(run: Callable[..., Run], text: str, expected: str | None) -> None:
    """What they say."""
    assert run(IMPORT + text).printed == (expected or "cam <CYW43 AP up 192.168.4.1>") + "\n"


REFUSED = [
    ("network.WLAN().status('x')", "ValueError: unknown status param"),
    ("network.WLAN(1).status('rssi')", "ValueError: STA required"),
    ("network.WLAN().config('x')", "ValueError: unknown config param"),
    ("network.WLAN().config()", "TypeError: must query one param"),
    ("network.WLAN().connect()", "TypeError: 'ssid' argument required"),
    ("network.LAN(1)", "ValueError: Invalid LAN interface 1"),
    ("socket.socket(2, 9)", "OSError: [Errno 22] EINVAL"),
    ("socket.socket().recv(3)", "OSError: [Errno 128] ENOTCONN"),
    ("socket.socket().accept()", "OSError: [Errno 22] EINVAL"),
    ("s = socket.socket()\ns.close()\ns.send(b'1')", "OSError: [Errno 9] EBADF"),
    ("socket.socket().bind('x')", "TypeError: object 'str' isn't a tuple or list"),
    ("socket.socket().bind(('a.b', 1))", "ValueError: invalid arguments"),
    ("socket.socket(2, 2).sendall(b'')", "NotImplementedError: "),
    ("s = socket.socket(2, 2)\ns.setblocking(False)\ns.recv(3)", "OSError: [Errno 11] EAGAIN"),
    ("s = socket.socket()\ns.connect(('1.2.3.4', 80))\ns.connect(('1.2.3.4', 80))", "OSError: 127"),
    ("s = socket.socket()\ns.settimeout(2)\ns.connect(('1.2.3.4', 80))\ns.recv(3)", "OSError: [Errno 116] ETIMEDOUT"),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_refused(run: Callable[..., Run], text: str, expected: str) -> None:
    """The firmware's own."""
    assert run(IMPORT + text).printed.splitlines()[-1] == expected


@pytest.mark.parametrize("release", RELEASES)
def test_requests(run: Callable[..., Run], release: str) -> None:
    """Sockets are 40 bytes; those for packets have room for four; interfaces are in ROM."""
    assert asked(run, "socket.socket()", release) == [("alloc", 40)]
    assert asked(run, "socket.socket(2, 2)", release) == [("alloc", 40), ("alloc", 48)]
    assert asked(run, "network.WLAN().active(True)\nnetwork.LAN()", release) == []
    text = "s = socket.socket()\ns.bind(('', 80))\ns.listen({})"
    assert ("alloc", 20) in asked(run, text.format(5), release)
    assert len(asked(run, text.format(5), release)) == len(asked(run, text.format(1), release)) + 1
    text = "s = socket.socket()\ns.connect(('1.2.3.4', 80))\ns.settimeout(0)\n"
    text += "try:\n    s.recv(1000)\nexcept OSError:\n    pass"
    assert ("alloc", 1001) in asked(run, text, release)


def test_accept_asks_early_or_late(run: Callable[..., Run]) -> None:
    """MicroPython 1.26 makes the new socket before anybody is there, and gives it back."""
    text = "s = socket.socket()\ns.listen(1)\ns.settimeout(0)\ntry:\n    s.accept()\nexcept OSError as e:\n    print(e)"

    def nobody(vm: object) -> None:
        around: Surroundings = vm.part(Surroundings)  # type: ignore[attr-defined]  # a machine
        around.visitors = [Visitor()]

    twice = text.replace("    s.accept()\n", "    s.accept()\n    s.accept()\n")
    early, late = (run(IMPORT + twice, release, prepare=nobody) for release in RELEASES)
    assert early.printed == late.printed == "[Errno 11] EAGAIN\n"
    count = [[size for kind, size in done.asked if kind == "alloc"].count(40) for done in (early, late)]
    assert count == [3, 2]
    given_back = [("alloc", 40), ("free", 0)]
    assert [early.asked[at : at + 2] for at in range(len(early.asked))].count(given_back) == 1
    assert given_back not in [late.asked[at : at + 2] for at in range(len(late.asked))]


def test_nobody_said_who_answers(run: Callable[..., Run]) -> None:
    """A browser comes; who is asked says nothing, and who waits for ever is told."""
    done = run(IMPORT + "s = socket.socket()\ns.listen(1)\nc, a = s.accept()\nprint(c.recv(5), a[1])")
    assert done.printed == "b'GET /' 50001\n"
    assert "socket.accept()" in done.vm.stand_ins
    with pytest.raises(ScriptOver, match="waits for ever"):
        run(IMPORT + "s = socket.socket()\ns.connect(('1.2.3.4', 80))\ntry:\n    s.recv(5)\nexcept:\n    pass")


def test_packets_are_answered(run: Callable[..., Run]) -> None:
    """By port, one answer a packet; what does not fit is lost."""

    def answer(vm: object) -> None:
        around: Surroundings = vm.part(Surroundings)  # type: ignore[attr-defined]  # a machine
        around.peers["123"] = Peer(answers=[b"abcdef", b"gh"])

    text = "s = socket.socket(2, 2)\nfor i in 1, 2:\n    s.sendto(b'?', ('9.9.9.9', 123))\n    print(s.recvfrom(4))"
    assert run(IMPORT + text, prepare=answer).printed == ("(b'abcd', ('9.9.9.9', 123))\n(b'gh', ('9.9.9.9', 123))\n")


@pytest.mark.parametrize(
    "text", ["network.WLAN().send_ethernet(b'')", "network.WLAN().ioctl(1, b'')", "socket.print_pcbs()"]
)
def test_unknown(run: Callable[..., Run], text: str) -> None:
    """It is on the camera and not modelled."""
    with pytest.raises(Unknown):
        run(IMPORT + text)
