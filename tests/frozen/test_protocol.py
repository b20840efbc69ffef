"""protocol and cbor2 (5.0.0): channels with fields, what they ask for; no host is connected.

The requests were made by the interpreter from the files of OpenMV and micropython-lib themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.runs import Outcome
from tests.frozen.test_hosts import HERE, asked, run

if TYPE_CHECKING:
    from pathlib import Path

DUMP = (
    "import cbor2\n"
    + HERE
    + 'print(cbor2.dumps([{0: "abc", -30: "label", 2: 1.5}, True, None, b"xy", 300, -5, 70000, bytearray(3)]))\n'
)
DUMPED = [
    *(16, 24, 16, 3, 16, 32, 16, 16, 16, 16, 12, 16, 8, 16, 12, 16, 2, 16, 2, 16, 12, 16, 68, 2, 16, 16, 2, 16, 5, 16),
    *(16, 68, 3, 16, 16, 2, 16, 7, 16, 16, 68, 2, 16, 10, 16, 2, 16, 4, 16, 68, 4, 16, 68, 2, 16, 68, 6, 16, 16, 4, 2),
    *(16, 5, 16, 16, 44),
]
FIELDS = (
    "from protocol import CBORChannel\n"
    + HERE
    + """c = CBORChannel()
c.add("temp", type="label", unit="Cel")
c.add("on", type="toggle")
c.add("lim", type="slider", min=-10.0, max=140.0, step=5.0, unit="Cel")
c.add("pick", type="select", options=["a", "b"])
c.add("depth", type="depth", width=8, height=8)
c["temp"] = 21.5
c["lim"] = (0, 10, 5)
c["depth"] = b"1234"
print(c["temp"], c["lim"], c["depth"], c.poll(), c.size(), c.read(0, 20), c.poll())
"""
)


def test_values_as_cbor(tmp_path: Path) -> None:
    """RFC 8949: a list of a map, simple values, bytes, numbers of each length."""
    result = run(tmp_path, DUMP, release="5.0.0")
    expected = (
        b"\x88\xa3\x00cabc\x38\x1delabel\x02\xfb\x3f\xf8\0\0\0\0\0\0\xf5\xf6Bxy\x19\x01,$\x1a\x00\x01\x11pC\0\0\0"
    )
    assert result.output == f"{expected!r}\n"
    assert asked(result) == DUMPED


def test_special_numbers(tmp_path: Path) -> None:
    text = "import cbor2\nprint(cbor2.dumps([float('nan'), float('inf'), float('-inf'), False]))\n"
    assert run(tmp_path, text, release="5.0.0").output == r"b'\x84\xf9~\x00\xf9|\x00\xf9\xfc\x00\xf4'" + "\n"


def test_fields_of_a_channel(tmp_path: Path) -> None:
    """Every change writes all fields anew: 1 391 requests."""
    result = run(tmp_path, FIELDS, release="5.0.0")
    assert result.output == r"21.5 5 b'1234' True 143 b'\x85\xa4\x00dtemp\x01cCel8\x1delabe' False" + "\n"
    sizes = asked(result)
    assert (len(sizes), sizes[:20]) == (1391, [16, 16, 16, 16, 16, 32, 48, 80, 16, 16, 32, *[16] * 5, 12, 16, 8, 16])


def test_a_callback_reads_before_the_size_is_told(tmp_path: Path) -> None:
    text = (
        "from protocol import CBORChannel\ndef read(ch):\n    ch['n'] = 7\n"
        "c = CBORChannel(on_read=read)\nprint(c.poll())\nc.add('n', type='label')\nprint(c.poll(), c.size(), c['n'])\n"
    )
    assert run(tmp_path, text, release="5.0.0").output == "False\nTrue 15 7\n"


CHANNEL = (
    "import protocol\nclass B:\n    def init(self):\n        print('init')\n    def size(self):\n        return 1\n"
)


def test_a_channel_is_registered_and_no_host_listens(tmp_path: Path) -> None:
    """The struct, then the object with a finaliser."""
    text = CHANNEL + HERE + "c = protocol.register(name='data', backend=B())\nprint(c, protocol.is_active())\n"
    result = run(tmp_path, text + "c.send_event(1, wait_ack=False)\n", release="5.0.0")
    assert result.output.startswith("init\n<ProtocolChannel: data> False\n")
    assert result.failure is not None
    assert result.failure.text == "RuntimeError: Failed to send channel event"
    assert [size for size in asked(result) if size in {88, 8}][:2] == [88, 8]
    assert any("no host is connected" in note for note in result.notes)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("protocol.register(name='x', backend=F())", "RuntimeError: Failed to register protocol channel"),
        ("protocol.register(backend=B())", "TypeError: 'name' argument required"),
        ("protocol.init(max_payload=5000)", "RuntimeError: Failed to initialize protocol"),
        ("protocol.init(lock_interval_ms=1)", "RuntimeError: Failed to initialize protocol"),
    ],
)
def test_what_is_refused(tmp_path: Path, call: str, text: str) -> None:
    failing = "class F:\n    def init(self):\n        raise ValueError\n"
    failure = run(tmp_path, CHANNEL + failing + call + "\n", release="5.0.0").failure
    assert failure is not None
    assert failure.text == text


@pytest.mark.parametrize(
    "text",
    [
        "import cbor2\ncbor2.loads(b'\\x01')\n",
        "import protocol\nclass T:\n    def read(self, *a): return 1\n    write = size = is_active = read\n"
        "protocol.register(name='t', flags=protocol.CHANNEL_FLAG_PHYSICAL, backend=T())\n",
    ],
)
def test_what_is_not_modelled(tmp_path: Path, text: str) -> None:
    assert run(tmp_path, text, release="5.0.0").outcome is Outcome.NOT_MODELLED


OWN = """import protocol, time
class T:
    def __init__(self):
        self.asked = 0
    def is_active(self):
        self.asked += 1
        if self.asked == 2:
            raise ValueError
        return self.asked == HOST
    def size(self): return 0
    def read(self, offset, count): return b""
    def write(self, offset, data): return len(data)
t = T()
"""


def test_a_transport_of_the_scripts_own_is_asked_for_a_host(tmp_path: Path) -> None:
    """When it is registered, when somebody asks, before events, and each time the timer looks; what it raises is no."""
    text = OWN.replace("HOST", "99") + (
        "protocol.init(poll_ms=10)\n"
        "c = protocol.register(name='net', flags=protocol.CHANNEL_FLAG_PHYSICAL, backend=t)\n"
        "print(t.asked, c, protocol.is_active(), t.asked)\ntime.sleep_ms(100)\nprint(t.asked)\n"
        "try:\n    c.send_event(1)\nexcept RuntimeError as e:\n    print(e, t.asked)\n"
    )
    printed = run(tmp_path, text, release="5.0.0").output
    assert printed == "1 <ProtocolChannel: net> False 2\n12\nFailed to send channel event 13\n"


@pytest.mark.parametrize(("settings", "asked_for"), [("", 2), ("protocol.init(events=False, poll_ms=25)\n", 4)])
def test_how_often_the_firmware_looks(tmp_path: Path, settings: str, asked_for: int) -> None:
    """Every 50 ms after boot; without events nothing is asked when it is registered."""
    text = OWN.replace("HOST", "99") + settings
    text += "protocol.register(name='n', flags=protocol.CHANNEL_FLAG_PHYSICAL, backend=t)\nn = t.asked\n"
    text += "time.sleep_ms(105)\nprint(n, t.asked - n)\n"
    assert run(tmp_path, text, release="5.0.0").output == f"{int(not settings)} {asked_for}\n"


def test_a_host_that_comes_is_not_known(tmp_path: Path) -> None:
    text = OWN.replace("HOST", "4") + "protocol.register(name='n', flags=protocol.CHANNEL_FLAG_PHYSICAL, backend=t)\n"
    result = run(tmp_path, text + "time.sleep_ms(120)\nprint(t.asked)\ntime.sleep_ms(100)\n", release="5.0.0")
    assert (result.output, result.outcome) == ("3\n", Outcome.NOT_MODELLED)
