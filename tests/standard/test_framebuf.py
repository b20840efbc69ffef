"""``framebuf``: pixels, errors and requests; the same pictures as MicroPython's own build draws."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

_spec = importlib.util.spec_from_file_location("npm_oracle", Path(__file__).parents[1] / "oracles" / "npm.py")
assert _spec is not None
assert _spec.loader is not None
npm = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(npm)

FORMATS = ("MONO_VLSB", "RGB565", "GS4_HMSB", "MONO_HLSB", "MONO_HMSB", "GS2_HMSB", "GS8")
HEAD = """
import framebuf
from array import array
def t(f):
    try:
        print(f())
    except Exception as e:
        print(repr(e))
"""
DRAWING = """
import framebuf
from array import array
seed = 12345
def r(n):
    global seed
    seed = (seed * 1103 + 12345) % 65521
    return seed % n
def xy():
    return r(40) - 10
for form in (0, 1, 2, 3, 4, 5, 6):
    for width, height, stride in ((19, 13, 19), (16, 9, 21), (1, 1, 1), (8, 17, 9)):
        data = bytearray(500)
        fb = framebuf.FrameBuffer(data, width, height, form, stride)
        other = framebuf.FrameBuffer(bytearray(range(200)), 7, 5, GS8)
        palette = framebuf.FrameBuffer(bytearray(r(256) for i in range(512)), 256, 1, framebuf.RGB565)
        def show(what):
            print(form, width, height, stride, what, data.hex())
        fb.fill(r(70000)); show('fill')
        fb.fill(0)
        for i in range(2):
            fb.line(xy(), xy(), xy(), xy(), r(300)); show('line')
            fb.rect(xy(), xy(), xy(), xy(), r(300), r(2)); show('rect')
            fb.fill_rect(xy(), xy(), xy(), xy(), r(300)); show('fill_rect')
            fb.hline(xy(), xy(), xy(), r(300)); fb.vline(xy(), xy(), xy(), r(300)); show('lines')
            fb.ellipse(xy(), xy(), xy(), xy(), r(300), r(2), r(16)); show('ellipse')
            fb.ellipse(xy(), xy(), r(15), r(15), r(300)); show('whole ellipse')
            fb.poly(xy(), xy(), array('h', [xy() for j in range(r(12))]), r(300), r(2)); show('poly')
            fb.blit(other, xy(), xy(), r(40)); show('blit')
            fb.blit((b'abcdefghijklmnop', 4, 4, GS8), xy(), xy(), -1, palette); show('palette')
            fb.blit(fb, r(9) - 4, r(9) - 4); show('onto itself')
            fb.scroll(r(11) - 5, r(11) - 5); show('scroll')
            fb.pixel(xy(), xy(), r(70000)); print(fb.pixel(r(width), r(height)), fb.pixel(xy(), xy()))
""".replace("GS8", "framebuf.GS8")
ERRORS = """
framebuf.FrameBuffer(bytearray(8), 8, 8, 9)
framebuf.FrameBuffer(bytearray(7), 8, 8, 0)
framebuf.FrameBuffer(bytearray(8), 0, 8, 0)
framebuf.FrameBuffer(bytearray(8), 8, -1, 0)
framebuf.FrameBuffer(bytearray(8), 8, 8, 0, 7)
framebuf.FrameBuffer(bytearray(8), 70000, 8, 0)
framebuf.FrameBuffer(b'12345678', 8, 8, 0)
framebuf.FrameBuffer(5, 8, 8, 0)
framebuf.FrameBuffer(5, 'a', 8, 0)
framebuf.FrameBuffer(bytearray(8), 8, 8)
framebuf.FrameBuffer(bytearray(8), 8, 8, format=0)
framebuf.FrameBuffer(bytearray(14), 5, 2, framebuf.MONO_HLSB, 100)
framebuf.FrameBuffer(bytearray(13), 5, 2, framebuf.MONO_HLSB, 100)
framebuf.FrameBuffer(bytearray(14), 5, 2, framebuf.MONO_HLSB, 97)
framebuf.FrameBuffer1(bytearray(8), 8, 8)
framebuf.FrameBuffer1(bytearray(8), 8, 8, 6)
bytes(framebuf.FrameBuffer(bytearray(b'abcd'), 2, 2, framebuf.GS8))
memoryview(framebuf.FrameBuffer(array('H', [1, 700]), 2, 1, framebuf.RGB565))[1]
F().fill()
F().fill('a')
F().fill(1 << 40)
F().pixel(9, 0, 'a'), F().pixel(-1, 0)
F().pixel(0, 0, 'a')
F().line(1, 2, 3, 4)
F().poly(0, 0, array('f', [1, 2]), 1)
F().poly(0, 0, array('h', [1]), 'a')
F().poly(0, 0, 5, 1)
F().blit(5, 0, 0)
F().blit((b'12', 1, 1), 0, 0)
F().blit((b'12', 3, 1, framebuf.GS8), 0, 0)
F().blit((b'12', 2, 1, framebuf.GS8), 0, 0), F().blit([b'12', 2, 1, framebuf.GS8, 2], 0, 0, 1, None)
F().text(5, 0, 0)
F().text('', 0, 0), F().text('a', 100, 0), F().text('a', 0, -8), F().text('  ', 0, 0, 1)
framebuf.FrameBuffer.fill(5, 5)
F().width
"""


def errors() -> str:
    """A script with a line for each call."""
    lines = [f"t(lambda: ({line}))" for line in ERRORS.split("\n") if line]
    return HEAD + "F = lambda: framebuf.FrameBuffer(bytearray(8), 8, 8, 0)\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("text", [DRAWING, errors()], ids=["drawing", "errors"])
def test_same_as_micropython(run: Callable[..., Run], tmp_path: Path, text: str) -> None:
    """Every picture, every error, line by line."""
    path = tmp_path / "script.py"
    path.write_text(text, encoding="utf-8")
    expected = npm.run_micropython(path, heap=1 << 20).splitlines()
    mine = run(text).printed.splitlines()
    named = list(zip(expected, mine, strict=True))
    assert next((pair for pair in named if pair[0] != pair[1]), None) is None
    assert len(mine) > 30


def test_constants(run: Callable[..., Run]) -> None:
    """By name, as the C code numbers them."""
    names = ", ".join(f"framebuf.{name}" for name in (*FORMATS, "MVLSB"))
    assert run(f"import framebuf\nprint({names})").printed == "0 1 2 3 4 5 6 0\n"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("MONO_VLSB", "00020000"),
        ("MONO_HLSB", "00400000"),
        ("MONO_HMSB", "00020000"),
        ("GS2_HMSB", "000c0000"),
        ("GS4_HMSB", "00000f00"),
        ("GS8", "0000000000ff0000"),
        ("RGB565", "00000000000000000000ffff00000000"),
    ],
)
def test_where_a_pixel_is(run: Callable[..., Run], form: str, expected: str) -> None:
    """The pixel in the second column and row."""
    size = {"GS8": 8, "RGB565": 16}.get(form, 4)
    width = {"MONO_VLSB": 4, "GS8": 4, "RGB565": 4, "GS4_HMSB": 4}.get(form, 4)
    text = f"""
import framebuf
data = bytearray({size})
fb = framebuf.FrameBuffer(data, {width}, 2, framebuf.{form})
fb.pixel(1, 1, 0xffff)
print(data.hex(), fb.pixel(1, 1), fb.pixel(0, 0))
"""
    assert run(text).printed.split()[0] == expected


def test_an_object_of_20_bytes_and_nothing_else(run: Callable[..., Run]) -> None:
    """Drawing asks for nothing; corners beyond a small int do, each time they are read."""
    make = "import framebuf\nb = bytearray(64)\n"
    before = run(make).asked
    made = run(make + "f = framebuf.FrameBuffer(b, 8, 8, 6)\n").asked
    assert made[: len(before)] == before
    assert made[len(before) :] == [("alloc", 20)]
    drawn = run(make + "f = framebuf.FrameBuffer(b, 8, 8, 6)\nf.fill(3)\nf.line(0, 0, 7, 7, 1)\nf.scroll(1, 1)\n").asked
    assert drawn == made


def test_it_keeps_its_buffer(run: Callable[..., Run]) -> None:
    """The pixels survive a collection when only the frame buffer knows them."""
    text = """
import framebuf, gc
f = framebuf.FrameBuffer(bytearray(4000), 50, 40, framebuf.RGB565)
f.fill(0x1234)
gc.collect()
a = [bytearray(4000) for i in range(4)]
print(hex(f.pixel(49, 39)), bytes(memoryview(f)[:2]))
"""
    assert run(text).printed == "0x1234 b'4\\x12'\n"


def test_a_view_lets_the_buffer_grow(run: Callable[..., Run]) -> None:
    """Host and device: a memoryview of it does not lock the bytearray."""
    text = """
import framebuf
b = bytearray(4)
v = memoryview(framebuf.FrameBuffer(b, 2, 2, framebuf.GS8))
b.append(1)
print(len(b), len(v))
"""
    assert run(text).printed == "5 4\n"


@pytest.mark.parametrize(
    "call",
    [
        "f.text('a', 0, 0)",
        "f.text('a', -7, 7)",
        "f.text(' a', -8, 0)",
        "f.ellipse(0, 0, 40000, 3, 1)",
        "f.line(-0x40000000, 0, 0x7fffffff, 3, 1)",
        "f.blit((b'\\xff', 1, 1, framebuf.GS8), 0, 0, -1, (b'ab', 2, 1, framebuf.GS8))",
        "framebuf.FrameBuffer(bytearray(8), 16384, 16384, framebuf.RGB565).pixel(9, 9, 1)",
    ],
)
def test_what_is_not_known(run: Callable[..., Run], call: str) -> None:
    """The font, overflows, and what is behind the end of a buffer."""
    with pytest.raises(Unknown) as unknown:
        run(f"import framebuf\nf = framebuf.FrameBuffer(bytearray(8), 8, 8, 0)\n{call}")
    assert unknown.value.what.startswith("framebuf.FrameBuffer")
