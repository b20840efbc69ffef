"""``time.strftime`` and ``neopixel``: what they give and ask for.

The requests were made by the interpreter from micropython-lib's own files, put on the camera's flash, with the same
scripts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.frozen.test_hosts import HERE, asked, run

if TYPE_CHECKING:
    from pathlib import Path

DATE = (
    "import time, io\nt = (2025, 3, 4, 15, 9, 7, 1, 63)\n"
    + HERE
    + """print(time.strftime("%a %A %b %B %d %H %I %j %m %M %P %S %w %y %Y %% %q x", t))
print(time.strftime("%Y-%m-%d", time.localtime(0)))
"""
)
LIGHTS = (
    "import neopixel\nfrom machine import Pin\np = Pin('P0')\n"
    + HERE
    + """n = neopixel.NeoPixel(p, 8)
n[0] = (1, 2, 3)
n.write()
print(n[0], n[1], len(n), n.timing)
n.fill((9, 8, 7))
print(n[7], n.buf[:6])
w = neopixel.NeoPixel(p, 2, bpp=4, timing=0)
w[1] = (1, 2, 3, 4)
w.write()
print(w[1], w.timing)
try:
    n[9] = (1, 2, 3)
except IndexError as e:
    print(e)
"""
)
LIT = r"""(1, 2, 3) (0, 0, 0) 8 (400, 850, 800, 450)
(9, 8, 7) bytearray(b'\x08\t\x07\x08\t\x07')
(1, 2, 3, 4) (800, 1700, 1600, 900)
bytearray index out of range
"""
A_COLOUR = (8, 8, 16, 20, 16, 16, 76)
"""Of ``n[i]``: two cells, the generator's function and closure, a range, its iterator, the generator."""


def test_dates(tmp_path: Path) -> None:
    result = run(tmp_path, DATE)
    said = "Tue Tuesday Mar March 04 15 03 063 03 09 PM 07 1 25 2025 % q x\n1970-01-01\n"
    assert result.output == said
    sizes = asked(result)
    assert (len(sizes), sum(sizes), sizes[:3]) == (47, 922, [84, 12, 16])


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_lights(tmp_path: Path, release: str) -> None:
    result = run(tmp_path, LIGHTS, release=release)
    assert result.output == LIT
    sizes = [size for size in asked(result) if size not in {48, 136}]  # names' table grows at another line in 5.0.0
    assert sizes == [
        *(16, 16, 16, 32, 16, 24, *A_COLOUR, 16, 20, *A_COLOUR, 16, 20, 72, *A_COLOUR, 16, 20, 16, 6),
        *(16, 32, 16, 32, 16, 8, *A_COLOUR, 16, 24, 16, 8, 16, 12, 12),
    ]


def test_how_long_the_lights_take(tmp_path: Path) -> None:
    """24 bits a light, 1.25 microseconds a bit."""
    text = "import neopixel, time\nfrom machine import Pin\nn = neopixel.NeoPixel(Pin('P0'), 100)\n"
    text += "a = time.ticks_us()\nn.write()\nprint(2990 < time.ticks_us() - a < 3030)\n"
    assert run(tmp_path, text).output == "True\n"
