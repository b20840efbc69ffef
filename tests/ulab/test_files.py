"""Files of ``ulab.numpy``: what is written, read and asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

START = "from ulab import numpy as np\nm = np.array([[1, 2.5], [-3, 4]])\n"
TABLE = "with open('t.txt', 'w') as f:\n    f.write('# x\\n1 2 3\\n4 5 6\\n7 8 9\\n')\n"


def test_save_and_load(run: Callable[..., Run]) -> None:
    """A header of 128 bytes, then the data; 16-bit integers keep their type."""
    text = "np.save('m.npy', m)\nprint(np.load('m.npy'))\nd = open('m.npy', 'rb').read()\nprint(len(d), d[10:62])\n"
    text += "np.save('u.npy', np.array(range(3), dtype=np.uint16))\nprint(np.load('u.npy'))"
    assert run(START + text).printed == (
        "array([[1.0, 2.5],\n       [-3.0, 4.0]], dtype=float32)\n"
        "144 b\"{'descr': '<f4', 'fortran_order': False, 'shape': (2\"\n"
        "array([0, 1, 2], dtype=uint16)\n"
    )


def test_requests_of_load(run: Callable[..., Run]) -> None:
    """A buffer, the file, the shape, the array; the file is left to the collector."""
    start = START + "np.save('m.npy', m)\ndef f():\n    np.load('m.npy')\n"
    before = run(start).asked
    assert run(start + "f()").asked[len(before) :] == [
        ("alloc", 128),
        ("alloc", 88),
        ("alloc", 16),
        ("alloc", 52),
        ("alloc", 16),
        ("alloc", 16),
        ("free", 0),
        ("free", 0),
    ]


def test_savetxt(run: Callable[..., Run]) -> None:
    """Newer versions mark every line of a header."""
    text = START + "np.savetxt('m.txt', m, header='a\\nb', footer='z', delimiter=',')\nprint(open('m.txt').read())"
    rows = "1.0000000,2.5000000\n-3.0000000,4.0000000\n# z\n\n"
    assert run(text).printed == "# a\nb\n" + rows
    assert run(text, "5.0.0").printed == "# a\n# b\n" + rows


LOADED = [
    (
        "np.loadtxt('t.txt')",
        "array([[1.0, 2.0, 3.0],\n       [4.0, 5.0, 6.0],\n       [7.0, 8.0, 9.0]], dtype=float32)",
    ),
    (
        "np.loadtxt('t.txt', usecols=(0, 2))",
        "array([[1.0, 3.0],\n       [4.0, 6.0],\n       [7.0, 9.0]], dtype=float32)",
    ),
    ("np.loadtxt('t.txt', usecols=1, dtype=np.int8)", "array([[2],\n       [5],\n       [8]], dtype=int8)"),
    ("np.loadtxt('t.txt', skiprows=2)", "array([[4.0, 5.0, 6.0],\n       [7.0, 8.0, 9.0]], dtype=float32)"),
]


@pytest.mark.parametrize(("text", "expected"), LOADED)
def test_loadtxt(run: Callable[..., Run], text: str, expected: str) -> None:
    """Comments are left out but count as rows."""
    assert run(f"{START}{TABLE}print({text})").printed == expected + "\n"


ERRORS = [
    ("np.load('t.txt')", "RuntimeError: corrupted file"),
    ("np.load(3)", "TypeError: wrong input type"),
    ("np.load('none.npy')", "OSError: [Errno 2] ENOENT"),
    ("np.save('x', 3)", "TypeError: wrong input type"),
    ("np.savetxt('x', np.zeros((1, 1, 1)))", "ValueError: array has too many dimensions"),
    ("np.loadtxt('t.txt', usecols=(0, 1, 2, 3))", "ValueError: usecols is too high"),
    ("np.loadtxt('t.txt', skiprows=9)", "ValueError: empty file"),
]


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_errors(run: Callable[..., Run], text: str, expected: str) -> None:
    """The last line of the traceback."""
    assert run(START + TABLE + text).printed.splitlines()[-1] == expected
