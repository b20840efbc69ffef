"""World files: what stands in them reaches the script; what is wrong with them is said in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.boards import load_board
from omvsim.errors import WorldError
from omvsim.runs import ScriptOptions, run_script
from omvsim.runs.world_file import read_world_file
from omvsim.world.surroundings import Arrival

if TYPE_CHECKING:
    from pathlib import Path

WORLD = """
[uart.1]
echo = true
receives = [{ at = "1s", every = "100ms", times = 2, hex = "01 02" }, { text = "hello\\n" }]
[can]
acknowledged = false
receives = [{ id = 0x123, at = "10ms", every = "1ms", times = 2, text = "abc", extended = true }]
[i2c.1]
0x29 = "00 11 22"
[spi]
1 = "ab"
[pin]
P0 = [1, 0]
[adc]
P6 = [65535]
[wlan]
join = "200ms"
found = [{ name = "net", channel = 6 }]
[lan]
cable = false
[hosts]
"example.com" = "10.0.0.1"
[[peer]]
address = "10.0.0.1:80"
greeting.text = "220 "
answers = [{ text = "hi" }]
[[visitor]]
text = "ping"
closes = true
"""
SCRIPT = """
from machine import *
import socket, network
print(UART(1).readline(), I2C(1).readfrom_mem(0x29, 1, 2), SPI(1).read(2), Pin('P0')(), ADC('P6').read_u16())
where = socket.getaddrinfo('example.com', 80)[0][-1]
s = socket.socket()
s.connect(where)
print(where, s.recv(9), s.send(b'x'), s.recv(9), s.recv(9))
l = socket.socket()
l.bind(('', 80))
l.listen(1)
c, who = l.accept()
print(c.recv(9), c.recv(9), who)
w = network.WLAN()
w.active(True)
print(w.scan()[0][0], network.LAN().isconnected())
"""


def test_everything_reaches_the_script(tmp_path: Path) -> None:
    """Each of them is read where the camera reads it; nothing stands in for it."""
    (tmp_path / "world.toml").write_text(WORLD, encoding="utf-8")
    (tmp_path / "main.py").write_text(SCRIPT, encoding="utf-8")
    around = read_world_file(tmp_path / "world.toml")
    assert around.uarts[1] == [Arrival(0, b"hello\n"), Arrival(1_000_000, b"\1\2"), Arrival(1_100_000, b"\1\2")]
    assert [(each.at_us, each.number, each.data, each.extended) for each in around.can.messages] == [
        (10_000, 0x123, b"abc", True),
        (11_000, 0x123, b"abc", True),
    ]
    assert not around.can.acknowledged
    board = load_board("openmv-rt1062")
    for _ in range(2):
        result = run_script(tmp_path / "main.py", board, ScriptOptions(surroundings=around))
        assert result.output == (
            "b'hello\\n' b'\\x11\"' b'\\xab\\xab' 1 65535\n"
            "('10.0.0.1', 80) b'220 ' 1 b'hi' b''\n"
            "b'ping' b'' ('192.168.1.100', 50000)\n"
            "b'net' False\n"
        )
        assert not result.notes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "x: "),
        ("[uart.1]\nreceives = [{ at = 3 }]", "uart.1.receives.0.at: a time is a text"),
        ("[uart.x]", "'x' is no number"),
        ("[i2c.1]\n0x29 = 'zz'", "i2c.1.0x29: bytes are a text of hexadecimal digits"),
        ("[pin]\nP0 = [2]", "pin.P0.0: "),
        ("[adc]\nP6 = [70000]", "adc.P6.0: "),
        ("[can]\nreceives = [{ id = 1, text = '123456789' }]", "can: a message has at most 8 bytes"),
        ("[can]\nreceives = [{ text = '1' }]", "can.receives.0.id: Field required"),
        ("[uart", "Expected"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    """File and place."""
    path = tmp_path / "world.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorldError) as caught:
        read_world_file(path)
    assert said in str(caught.value)
    assert "world.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """As any other."""
    with pytest.raises(WorldError, match="No such file"):
        read_world_file(tmp_path / "none.toml")
