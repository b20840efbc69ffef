"""CAN (openmv/micropython ports/mimxrt/machine_can.c): what it asks for, lets in, refuses; who takes what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import Unknown
from omvsim.world.can_bus import Filters, Mailboxes, Message
from omvsim.world.surroundings import CanBus, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine
    from tests.bare_machine import Run

OPEN = "from machine import CAN\ncan = CAN(0, CAN.NORMAL, baudrate=1000000, auto_restart=True)\n"


@pytest.mark.parametrize("release", ["4.5.1", "5.0.0"])
def test_releases_without_it(run: Callable[..., Run], release: str) -> None:
    """The driver came with 4.5.2 and was left out of 5.0.0."""
    assert run(OPEN, release=release).printed.splitlines()[-1] == "ImportError: can't import name CAN"


def test_the_first_release_that_has_it(run: Callable[..., Run]) -> None:
    assert run(OPEN + "print(can)", release="4.5.2").printed.startswith("CAN(0, mode=CAN.NORMAL")


def bus(*messages: Message, acknowledged: bool = True) -> Callable[[Machine], None]:
    """What stands around a machine."""

    def prepare(vm: Machine) -> None:
        vm.part(Surroundings).can = CanBus(acknowledged, list(messages))

    return prepare


def test_requests(run: Callable[..., Run]) -> None:
    """The object, the driver's settings, those of its queue, the queue's 128 filters."""
    before = len(run("from machine import CAN\n").asked)
    asked = run("from machine import CAN\nCAN(0, CAN.NORMAL, baudrate=500000)\n").asked[before:]
    assert asked == [("alloc", size) for size in (36, 32, 8, 512)]


PRINTED = [
    ("print(can)", "CAN(0, mode=CAN.NORMAL, auto_restart=True, baudrate=1000000)\n"),
    ("can.init(CAN.SILENT_LOOPBACK, baudrate=9600)\nprint(can)", None),
    ("can.deinit()\nprint(can, can.state())", "CAN(0) 0\n"),
    ("print(can.state() == CAN.ERROR_ACTIVE, can.info(), can.any(0))", "True [0, 0, 0, 0, 0, 0, 0, 0] False\n"),
    ("print(can.send('Hello', 1, timeout=100, extframe=False), can.info()[5])", "None 1\n"),
    ("l = [9] * 8\nprint(can.info(l) is l, l)", "True [0, 0, 0, 0, 0, 0, 0, 0]\n"),
    ("print(can.restart(), can.setfilter(0, CAN.DUAL, 0, [1, 2]), can.clearfilter(0))", "None None None\n"),
]


@pytest.mark.parametrize(("text", "expected"), PRINTED)
def test_printed(run: Callable[..., Run], text: str, expected: str | None) -> None:
    shown = "CAN(0, mode=CAN.SILENT_LOOPBACK, auto_restart=False, baudrate=9600)\n"
    assert run(OPEN + text).printed == (expected or shown)


REFUSED = [
    ("CAN(1, CAN.NORMAL)", "ValueError: CAN(1) doesn't exist"),
    ("CAN(0)", "TypeError: 'mode' argument required"),
    ("can.send(b'123456789', 1)", "ValueError: CAN data field too long"),
    ("can.send('a', 1)\ncan.send('a', 1)", "OSError: [Errno 116] ETIMEDOUT"),
    ("can.recv(0, timeout=100)", "OSError: [Errno 116] ETIMEDOUT"),
    ("can.recv(1)", "TypeError: fifo must be 0"),
    ("can.any(1)", "ValueError: Fifo must be 0"),
    ("can.rxcallback(1, None)", "ValueError: fifo must be 0"),
    ("can.setfilter(64, CAN.DUAL, 0, [1, 2])", "ValueError: 64 maximum banks"),
    ("can.clearfilter(-1)", "ValueError: 64 maximum banks"),
    ("can.setfilter(0, CAN.DUAL, 1, [1, 2])", "ValueError: fifo must be 0"),
    ("can.setfilter(0, CAN.DUAL, 0, [1])", "ValueError: CAN filter parameter error"),
    ("can.setfilter(0, CAN.DUAL, 0, [1, 2], rtr=[1])", "ValueError: CAN filter parameter error"),
    ("can.info((1, 2))", "TypeError: "),
    ("can.info([1])", "ValueError: "),
    ("can.deinit()\ncan.any(0)", "ValueError: CAN bus not enabled"),
    ("can.read()", "AttributeError: 'CAN' object has no attribute 'read'"),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_refused(run: Callable[..., Run], text: str, expected: str) -> None:
    assert run(OPEN + text).printed.splitlines()[-1] == expected


@pytest.mark.parametrize(
    "text", ["CAN(0, CAN.NORMAL)", "can.init(CAN.LOOPBACK, baudrate=9600)\ncan.send('a', 1)\ncan.recv(0)"]
)
def test_unknown(run: Callable[..., Run], text: str) -> None:
    with pytest.raises(Unknown):
        run(OPEN + text)


def test_what_comes_in(run: Callable[..., Run]) -> None:
    """Only what a filter lets in; the number of the filter is told, and the time is the message's."""
    messages = [Message(at, number, b"abc") for at, number in ((100, 7), (200, 2), (300, 0x1FF))]
    text = OPEN + "can.setfilter(3, CAN.DUAL, 0, [1, 2])\nprint(can.recv(0))\n"
    text += "l = [0, 0, 0, 0, memoryview(bytearray(8))]\ncan.setfilter(0, CAN.LIST32, 0, (0x1ff, 5))\n"
    text += "print(can.recv(0, l) is l, l[:4], bytes(l[4]))\n"
    done = run(text, prepare=bus(*messages))
    assert done.printed == "(2, False, False, 7, b'abc')\nTrue [511, False, False, 0] b'abc'\n"


def test_without_a_filter_only_number_0_comes_in(run: Callable[..., Run]) -> None:
    messages = (Message(10, 5, b"x"), Message(20, 0, b"y", extended=True))
    assert run(OPEN + "print(can.recv(0))", prepare=bus(*messages)).printed == "(0, True, False, 0, b'y')\n"


def test_the_tuple_is_made_before_its_bytes(run: Callable[..., Run]) -> None:
    text = OPEN + "import time\ntime.sleep_ms(1)\n"
    before = len(run(text).asked)
    asked = run(text + "can.recv(0)", prepare=bus(Message(10, 0, b"y"))).asked[before:]
    assert asked == [("alloc", 28), ("alloc", 16), ("alloc", 2)]


def test_a_callback_hears_of_every_message_and_may_not_ask_for_memory(run: Callable[..., Run]) -> None:
    text = OPEN + "import time\nheard = [0, 0]\ndef here(can, why):\n    heard[0] += 1\n    heard[1] = why\n"
    text += "can.rxcallback(0, here)\ntime.sleep_ms(50)\nprint(heard)\n"
    messages = [Message(1000 * at, 0, b"") for at in range(20)]
    assert run(text, prepare=bus(*messages[:5])).printed == "[5, 1]\n"
    assert run(text, prepare=bus(*messages)).printed == "[20, 2]\n"
    greedy = OPEN + "import time\ncan.rxcallback(0, lambda c, why: bytearray(100))\ntime.sleep_ms(50)\n"
    printed = run(greedy, prepare=bus(*messages)).printed
    assert printed.startswith("uncaught exception in CAN(0) rx interrupt handler\n")
    assert printed.count("MemoryError: \n") == 1  # no room for its text either


def test_nobody_acknowledges(run: Callable[..., Run]) -> None:
    """The first message stays in its mailbox for ever; another number has another, 25 in all."""
    text = OPEN + "for i in range(25):\n    can.send('a', i)\ntry:\n    can.send('b', 3, timeout=20)\n"
    text += "except OSError as e:\n    print(e)\ncan.send('c', 99)\n"
    printed = run(text, prepare=bus(acknowledged=False)).printed
    assert printed.startswith("[Errno 116] ETIMEDOUT\n")
    assert printed.endswith("OSError: [Errno 116] ETIMEDOUT\n")
    with pytest.raises(Unknown, match="nobody acknowledges"):
        run(OPEN + "can.send('a', 1)\ncan.state()", prepare=bus(acknowledged=False))


def test_mailboxes() -> None:
    """A number waits for its own message; the bus takes one after the other."""
    boxes = Mailboxes()
    message = Message.of(1, b"12345678", extended=False, remote=False)
    assert message.microseconds(1_000_000) == 47 + 64
    assert boxes.put(message, 0, 1_000_000, acknowledged=True) is None
    assert boxes.put(message, 100, 1_000_000, acknowledged=True) == 111
    assert boxes.put(message._replace(number=2), 100, 1_000_000, acknowledged=True) is None
    assert (boxes.bus_free, boxes.waiting(200), boxes.waiting(222)) == (222, 1, 0)
    assert boxes.put(message, 111, 1_000_000, acknowledged=True) is None


def test_filters() -> None:
    """Numbers of both kinds share a register of 29 bits; standard messages are told by its upper eleven."""
    filters = Filters()
    filters.set(1, [0x123, 0x1ABCDEF0], [False, False], extended=True)
    assert filters.hit(Message(0, 0x1ABCDEF0, b"", extended=True)) == 3
    assert filters.hit(Message(0, 0x1ABCDEF1, b"", extended=True)) is None
    assert filters.hit(Message(0, 0x1ABCDEF0 >> 18, b"")) == 3
    filters.clear(1)
    assert filters.hit(Message(0, 0x1ABCDEF0, b"", extended=True)) is None
