"""Serial ports and buses: what making and using them asks for, what they say, what the surroundings answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.world.surroundings import Arrival, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.world.surroundings import Surroundings as Around
    from tests.bare_machine import Run

RELEASES = ("4.8.1", "5.0.0")
IMPORT = "from machine import *\nimport time\n"


def asked(run: Callable[..., Run], text: str, release: str = "4.8.1") -> list[int]:
    """Sizes of the requests of a text after the imports."""
    before = len(run(IMPORT, release).asked)
    return [size for kind, size in run(IMPORT + text, release).asked[before:] if kind == "alloc"]


@pytest.mark.parametrize("release", RELEASES)
def test_uart_asks_for_object_and_two_buffers(run: Callable[..., Run], release: str) -> None:
    """ports/mimxrt/machine_uart.c: the buffer for reading has a byte more."""
    assert asked(run, "UART(1, 115200, rxbuf=2048)", release) == [108, 2049, 256]
    assert asked(run, "UART(1)", release) == [108, 257, 256]
    assert asked(run, "UART(1, rxbuf=5, txbuf=1000)", release) == [108, 33, 1000]


def test_uart_without_input(run: Callable[..., Run]) -> None:
    """``read()`` asks for 256 bytes before it finds nothing; ``read(4)`` for five, which it gives back."""
    assert run(IMPORT + "u = UART(1)\nprint(u.any(), u.read(), u.read(4), u.readline())").printed == (
        "0 None None None\n"
    )
    assert asked(run, "u = UART(1)\nu.read()\nu.read(4)")[3:] == [256, 5]


def test_uart_init_keeps_buffers_of_the_same_size(run: Callable[..., Run]) -> None:
    """Another size makes a new one; the old one is garbage."""
    assert asked(run, "u = UART(1)\nu.init(9600)\nu.init(9600, rxbuf=256)\nu.init(9600, rxbuf=300)")[3:] == [301]


REFUSED = [
    ("UART(3)", "ValueError: UART(3) doesn't exist"),
    ("UART(1, rxbuf=40000)", "ValueError: rxbuf too large"),
    ("UART(1, txbuf=40000)", "ValueError: txbuf too large"),
    ("UART(1, flow=UART.RTS)", "ValueError: rts not available"),
    ("UART(1, flow=4)", "ValueError: bad flow mask"),
    ("UART(1, invert=8)", "ValueError: bad inversion mask"),
    ("u = UART(1)\nu.deinit()\nu.read()", "OSError: [Errno 5] EIO"),
    ("UART(1).irq()", "AttributeError: 'UART' object has no attribute 'irq'"),
    ("UART(1).seek(0)", "AttributeError: 'UART' object has no attribute 'seek'"),
    ("I2C(3)", "ValueError: I2C(3) doesn't exist"),
    ("I2C(1).start()", "OSError: I2C operation not supported"),
    ("I2C(1).writeto(0x40, b'1')", "OSError: [Errno 19] ENODEV"),
    ("I2C(1).readfrom_mem(0x40, 0, 2, addrsize=12)", "ValueError: invalid addrsize"),
    ("SoftI2C('P4', 'Q')", "ValueError: Pin doesn't exist"),
    ("SPI(2)", "ValueError: SPI(2) doesn't exist"),
    ("SPI(1).write_readinto(b'12', bytearray(3))", "ValueError: buffers must be the same length"),
    ("SoftSPI(sck='P2', mosi='P0')", "ValueError: must specify all of sck/mosi/miso"),
    ("SoftSPI(bits=9)", "ValueError: bits must be 8"),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_refused(run: Callable[..., Run], text: str, expected: str) -> None:
    """The firmware's own texts."""
    assert run(IMPORT + text).printed.splitlines()[-1] == expected


def with_surroundings(run: Callable[..., Run], text: str, change: Callable[[Around], None]) -> str:
    """What a text prints among surroundings."""

    def prepare(vm: object) -> None:
        change(vm.part(Surroundings))  # type: ignore[attr-defined]  # a machine

    return run(IMPORT + text, prepare=prepare).printed


def test_uart_receives_at_its_time(run: Callable[..., Run]) -> None:
    """What comes later than the port waits is read later; a full ring has lost its oldest bytes."""

    def change(around: Around) -> None:
        around.uarts[1] = [Arrival(0, b"hello\nwo"), Arrival(50_000, b"rld")]

    text = (
        "u = UART(1, timeout=20)\nprint(u.readline(), u.read(), u.any())\ntime.sleep_ms(60)\nprint(u.any(), u.read(2))"
    )
    assert with_surroundings(run, text, change) == "b'hello\\n' b'wo' 0\n3 b'rl'\n"

    def much(around: Around) -> None:
        around.uarts[1] = [Arrival(0, bytes(range(100)))]

    text = "u = UART(1, rxbuf=32)\nprint(u.any(), u.read(1)[0])"
    assert with_surroundings(run, text, much) == "31 69\n"


def test_uart_that_echoes(run: Callable[..., Run]) -> None:
    """Its output is wired to its input."""
    text = "u = UART(1, timeout=5)\nprint(u.write(b'ping'), u.read())"
    assert with_surroundings(run, text, lambda around: around.echoing.add(1)) == "4 b'ping'\n"


def test_i2c_device(run: Callable[..., Run]) -> None:
    """Registers are read from where the last write pointed, and beyond them as ones."""

    def change(around: Around) -> None:
        around.i2c[1] = {0x29: bytearray(b"\x00\x11\x22\x33")}

    text = (
        "i = I2C(1)\nprint(i.scan(), i.readfrom_mem(0x29, 1, 2), i.writeto(0x29, b'\\x02'), i.readfrom(0x29, 3))\n"
        "i.writeto_mem(0x29, 1, b'\\x99')\nb = bytearray(2)\ni.readfrom_mem_into(0x29, 0, b)\nprint(b)"
    )
    expected = "[41] b'\\x11\"' 1 b'\"3\\xff'\nbytearray(b'\\x00\\x99')\n"
    assert with_surroundings(run, text, change) == expected


def test_i2c_asks(run: Callable[..., Run]) -> None:
    """Object and settings; hardware puts register and bytes into one buffer, which it gives back."""
    assert asked(run, "I2C(1)") == [20, 28]
    assert asked(run, "SoftI2C('P4', 'P5')") == [20]
    tail = "\ntry:\n    i.writeto_mem(9, 1, b'abc')\nexcept OSError:\n    pass"
    assert asked(run, "i = I2C(1)" + tail)[2:3] == [4]
    assert 4 not in asked(run, "i = SoftI2C('P4', 'P5')" + tail)[1:2]


def test_spi(run: Callable[..., Run]) -> None:
    """Zeros come from an empty bus; a read asks for its text and its object."""
    assert asked(run, "s = SPI(1)\ns.read(10)") == [16, 32, 11, 16]
    assert run(IMPORT + "s = SPI(1, 2000000)\nprint(s)\nprint(s.read(2))").printed == (
        "SPI(1, baudrate=2000000, polarity=0, phase=0, bits=8, firstbit=MSB, gap_ns=1000)\nb'\\x00\\x00'\n"
    )
    text = "s = SPI(1)\nb = bytearray(5)\ns.readinto(b)\nprint(b, s.write(b'1'))"
    got = with_surroundings(run, text, lambda around: around.spi.update({1: b"ab"}))
    assert got == "bytearray(b'ababa') None\n"
