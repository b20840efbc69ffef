"""``deflate``: what zlib wrote is read, what is written zlib reads; sizes, windows, damage."""

from __future__ import annotations

import gzip
import random
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omvsim.micropython.errors import Unknown
from omvsim.standard.deflate_.deflating import Deflater
from omvsim.standard.deflate_.inflate import DISTANCES, LENGTHS, Bits, Damaged, inflated

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

IMPORT = "import deflate, io\n"
WORDS = b"hello camera, " * 60 + bytes(range(256)) * 3


def raw(data: bytes, wbits: int, level: int = 9) -> bytes:
    """What the PC's zlib writes."""
    made = zlib.compressobj(level, zlib.DEFLATED, wbits)
    return made.compress(data) + made.flush()


def inflate(data: bytes, window: int) -> bytes:
    source = iter(data)
    return bytes(inflated(Bits(lambda: next(source)), window))


def deflate(parts: list[bytes], window: int) -> bytes:
    out = bytearray()
    made = Deflater(window, out.append)
    made.begin()
    for part in parts:
        made.compress(part)
    made.end()
    return bytes(out)


def test_tables() -> None:
    """RFC 1951, 3.2.5."""
    assert (LENGTHS[0], LENGTHS[8], LENGTHS[27], LENGTHS[28]) == ((3, 0), (11, 1), (227, 5), (258, 0))
    assert (DISTANCES[0], DISTANCES[4], DISTANCES[29]) == ((1, 0), (5, 1), (24577, 13))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=120) | st.just(b"abcabc" * 20) | st.just(b"z" * 700), max_size=6))
def test_what_is_deflated_zlib_inflates(parts: list[bytes]) -> None:
    assert zlib.decompress(deflate(parts, 256), -15) == b"".join(parts)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([0, 1, 9]))
def test_what_zlib_deflates_is_inflated(data: bytes, level: int) -> None:
    assert inflate(raw(data * 3, -15, level), 32768) == data * 3


def test_a_match_is_the_longest_and_the_nearest() -> None:
    """Of two of the same length the nearer; it never starts before the window."""
    near = deflate([b"abcdXabcdYabcd"], 256)
    assert near == raw_codes([*b"abcdX", (4, 5), *b"Y", (4, 5)])
    assert deflate([b"abcdefgh" * 2], 4) == raw_codes([*b"abcdefgh" * 2])
    assert deflate([b"a" * 260], 256) == raw_codes([*b"a", (256, 1), (3, 1)])


def raw_codes(items: list[int | tuple[int, int]]) -> bytes:
    """A block of fixed codes, written here again from RFC 1951."""
    bits = "1" + "10"
    for item in [*items, None]:
        if item is None:
            bits += "0000000"
        elif isinstance(item, int):
            bits += f"{0x30 + item:08b}"
        else:
            length, distance = item
            at = max(at for at, (base, _) in enumerate(LENGTHS) if base <= length)
            bits += f"{at + 1:07b}" if at < 23 else f"{0xC0 + at - 23:08b}"
            bits += f"{length - LENGTHS[at][0]:0{LENGTHS[at][1]}b}"[::-1] if LENGTHS[at][1] else ""
            at = max(at for at, (base, _) in enumerate(DISTANCES) if base <= distance)
            bits += f"{at:05b}"
            bits += f"{distance - DISTANCES[at][0]:0{DISTANCES[at][1]}b}"[::-1] if DISTANCES[at][1] else ""
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


@pytest.mark.parametrize("bad", [b"\x07", b"\x01\x01\x00\x00\x00", raw(bytes(range(200)) * 4, -15)])
def test_damage(bad: bytes) -> None:
    """A block that does not exist, a size that is none, a distance beyond the window."""
    with pytest.raises(Damaged):
        inflate(bad, 64)


def test_there_and_back(run: Callable[..., Run]) -> None:
    """As a script does it, in every format; a ZLIB stream is what the PC reads too."""
    text = IMPORT + f"d = {WORDS!r}\nfor f in (deflate.RAW, deflate.ZLIB, deflate.GZIP):\n    o = io.BytesIO()\n"
    text += "    with deflate.DeflateIO(o, f) as z:\n        z.write(d)\n    b = o.getvalue()\n"
    text += "    with deflate.DeflateIO(io.BytesIO(b), f) as z:\n"
    text += "        print(len(b), z.read(20), z.read() == d[20:], z.read())\n"
    size = len(deflate([WORDS], 256))
    head = "b'hello camera, hello ' True b''"
    assert run(text).printed == "".join(f"{size + more} {head}\n" for more in (0, 6, 18))
    printed = run(
        IMPORT + "o = io.BytesIO()\nz = deflate.DeflateIO(o, 2, 9)\nz.write(b'ab' * 20)\nz.close()\nprint(o.getvalue())"
    )
    assert zlib.decompress(eval(printed.printed)) == b"ab" * 20


@pytest.mark.parametrize("data", [zlib.compress(WORDS), gzip.compress(WORDS), raw(WORDS, 9)])
def test_the_format_is_found(run: Callable[..., Run], data: bytes) -> None:
    text = IMPORT + f"z = deflate.DeflateIO(io.BytesIO({data!r}))\nprint(len(z.read()), z.readline())"
    assert run(text).printed == f"{len(WORDS)} b''\n"


REFUSED = [
    ("deflate.DeflateIO(io.BytesIO(), 4)", "ValueError: format"),
    ("deflate.DeflateIO(io.BytesIO(), 1, 4)", "ValueError: wbits"),
    ("deflate.DeflateIO(io.BytesIO(b'12345')).read()", "OSError: [Errno 22] EINVAL"),
    (f"deflate.DeflateIO(io.BytesIO({zlib.compress(WORDS)!r}), deflate.GZIP).read()", "OSError: [Errno 22] EINVAL"),
    (f"deflate.DeflateIO(io.BytesIO({zlib.compress(WORDS)[:-1] + b'x'!r})).read()", "OSError: [Errno 22] EINVAL"),
    (f"deflate.DeflateIO(io.BytesIO({zlib.compress(WORDS)[:30]!r})).read()", "EOFError: "),
    ("z = deflate.DeflateIO(io.BytesIO())\nz.close()\nz.read()", "OSError: [Errno 22] EINVAL"),
    ("deflate.DeflateIO(3).read()", "OSError: stream operation not supported"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_is_refused(run: Callable[..., Run], text: str, said: str) -> None:
    assert run(IMPORT + text).printed.splitlines()[-1] == said


def test_after_a_wrong_header_nothing_is_known(run: Callable[..., Run]) -> None:
    text = "z = deflate.DeflateIO(io.BytesIO(b'12345'))\ntry:\n    z.read()\nexcept OSError:\n    z.read()\n"
    with pytest.raises(Unknown):
        run(IMPORT + text)


def test_what_it_asks_for(run: Callable[..., Run]) -> None:
    """The object; a reader and a window of what the header says; a window and a writer."""
    data = zlib.compress(b"abc")
    text = IMPORT + f"b = io.BytesIO({data!r})\no = io.BytesIO()\nz = None\n"

    def beyond(less: str, more: str) -> list[int]:
        return [size for kind, size in run(text + less + more).asked[len(run(text + less).asked) :] if kind == "alloc"]

    assert beyond("", "z = deflate.DeflateIO(b)\n") == [20]
    assert beyond("z = deflate.DeflateIO(b)\n", "z.read(1)\n") == [2, 1296, 32768, 16]
    assert beyond("z = deflate.DeflateIO(o, 2, 10)\n", "z.write(b'x')\n")[:2] == [1024, 44]


def test_random_bytes_grow(run: Callable[..., Run]) -> None:
    """Nine bits for half of them: there is no stored block."""
    data = random.Random(3).randbytes(400)
    assert len(deflate([data], 256)) > 400
    text = (
        IMPORT
        + f"o = io.BytesIO()\nz = deflate.DeflateIO(o, 1)\nz.write({data!r})\nz.close()\nprint(len(o.getvalue()))"
    )
    assert run(text).printed == f"{len(deflate([data], 256))}\n"
