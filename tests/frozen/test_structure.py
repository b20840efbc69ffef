"""Frozen modules of which the structure is written down: importing binds their names and asks as their bytecode does.

The list of requests was made by the interpreter from OpenMV's own files of v4.8.1 (put on the camera's flash as
modules; opening, parsing and compiling left out): the structure must ask for the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.frozen.structure import has_structure, read_structure
from omvsim.micropython.errors import ScriptOver, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

PID_IMPORT = [
    *(
        16,
        16,
        16,
        8,
        16,
        16,
        12,
        16,
        16,
        8,
        16,
        16,
        12,
        32,
        48,
        64,
        80,
        96,
        136,
        12,
        16,
        184,
        32,
        16,
        48,
        16,
        16,
        16,
        32,
    ),
    *(48, 64, 80, 8, 8, 8, 96, 24, 32, 16, 136, 16, 60),
]


def test_importing_pid_asks_as_its_file_does(run: Callable[..., Run]) -> None:
    """Its own names, the class and its constants; the frozen time is imported on the way."""
    assert [size for kind, size in run("import pid").asked if kind == "alloc"] == PID_IMPORT


def test_pid_computes(run: Callable[..., Run]) -> None:
    """Values of OpenMV's file on the interpreter; a first answer has no derivative, each step is a float."""
    text = (
        "import pid, time\np = pid.PID(p=0.5, i=2, d=3, imax=4)\n"
        "for i in range(3):\n    print(p.get_pid(10 - i, 1.5))\n    time.sleep_ms(20)\np.reset_I()"
    )
    printed = run(text).printed.split()
    assert printed[0] == "7.5"
    assert len(printed) == 3
    before = run("import pid\np = pid.PID()").asked
    asked = run("import pid\np = pid.PID()\np.get_pid(1, 2)").asked
    assert [size for kind, size in asked[len(before) :] if kind == "alloc"] == [68, 8, 64, 8, 8, 8, 8, 8, 8]


def test_mutex(run: Callable[..., Run]) -> None:
    """A word in an array; waiting for oneself never ends."""
    text = "import mutex\nm = mutex.Mutex()\nwith m:\n    print(m.test())\nprint(m.test())\nm.release()\n"
    done = run(text + "try:\n    m.release()\nexcept mutex.MutexException as e:\n    print(e)")
    assert done.printed == "False\nTrue\nSemaphore already released\n"
    with pytest.raises(ScriptOver, match="waits for ever"):
        run("import mutex\nm = mutex.Mutex()\nwith m:\n    with m:\n        pass")


IMPORTED = [
    ("import modbus\nprint(modbus.ModbusRTU)", "<class 'ModbusRTU'>"),
    ("import requests\nprint(requests.get.__name__ if hasattr(requests.get, '__name__') else 'get')", None),
    ("import vl53l1x\nprint(len(vl53l1x.VL51L1X_DEFAULT_CONFIGURATION))", "91"),
    ("import pca9674a\nprint(hasattr(pca9674a, '_DEFAULT_ADDR'), pca9674a.Pin)", "False <class 'Pin'>"),
]


@pytest.mark.parametrize(("text", "expected"), IMPORTED)
def test_names_are_there(run: Callable[..., Run], text: str, expected: str | None) -> None:
    """Classes with their bases, constants with their values; what the compiler replaces is nowhere."""
    done = run(text)
    assert done.error is None
    assert expected is None or done.printed == expected + "\n"


@pytest.mark.parametrize("name", ["tb6612", "bno055", "ssd1306"])
def test_modules_for_other_boards_fail_as_on_the_camera(run: Callable[..., Run], name: str) -> None:
    """They are frozen into the firmware and import what its port does not have."""
    assert run(f"import {name}").printed.splitlines()[-1] == "ImportError: no module named 'pyb'"


@pytest.mark.parametrize(
    "text",
    ["import requests\nrequests.get('https://x/')", "import modbus\nmodbus.ModbusRTU(None).handle()", "import aioble"],
)
def test_what_is_not_modelled(run: Callable[..., Run], text: str) -> None:
    """The call, or the import, is named."""
    with pytest.raises(Unknown) as caught:
        run(text)
    assert any(name in str(caught.value) for name in ("requests.request", "modbus.ModbusRTU.handle", "aioble"))


def test_reading() -> None:
    """Depth, words, text."""
    assert read_structure("pid")[2:4] == [(0, ["class", "PID"], "class PID"), (1, ["set", "_kp", "0"], "set _kp 0")]
    assert has_structure("pid.py")
    assert not has_structure("asyncio/core.py")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import display\nprint(display.FWVGA2, hasattr(display, 'SSD1351'), display.SPIDisplay.__class__)", None),
        ("import onewire, _onewire\nprint(onewire.OneWire.SKIP_ROM, _onewire.crc8(b'123456789'))", "204 161"),
        ("import ssl\nprint(ssl.CERT_REQUIRED, ssl.SSLContext)", "2 <class 'SSLContext'>"),
        ("import neopixel, ntptime, mqtt\nprint(neopixel.NeoPixel.ORDER, ntptime.host)", "(1, 0, 2, 3) pool.ntp.org"),
    ],
)
def test_modules_that_import_others(run: Callable[..., Run], text: str, expected: str | None) -> None:
    """What they import is there; what is not frozen is passed over where they catch it."""
    done = run(text)
    assert done.error is None
    assert expected is None or done.printed == expected + "\n"


@pytest.mark.parametrize(
    ("release", "name"), [("4.8.1", "lwip"), ("5.0.0", "umalloc"), ("4.7.0", "fir"), ("4.8.1", "cryptolib")]
)
def test_modules_in_rom_that_are_not_modelled(run: Callable[..., Run], release: str, name: str) -> None:
    """Importing them makes no module object, using them ends the run."""
    assert 16 not in [size for _, size in run(f"import {name}", release).asked]
    with pytest.raises(Unknown, match=name):
        run(f"import {name}\n{name}.x", release)


@pytest.mark.parametrize(
    ("release", "name"),
    [
        ("4.8.1", "umalloc"),
        ("4.8.1", "protocol"),
        ("5.0.0", "tv"),
        ("4.8.1", "tof"),
        ("5.0.0", "crc"),
        ("5.0.0", "imu"),
    ],
)
def test_modules_that_a_release_or_the_board_does_not_have(run: Callable[..., Run], release: str, name: str) -> None:
    """The camera's own error."""
    assert run(f"import {name}", release).printed.splitlines()[-1] == f"ImportError: no module named '{name}'"
