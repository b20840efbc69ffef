"""Codecs, streams and containers against the host's own, on values chosen at random by a seed: many in one run."""

from __future__ import annotations

import base64
import binascii
import collections
import hashlib
import heapq
import io
import json
import random
import struct
import zlib
from typing import Any, Final

import pytest

from tests.bare_machine import Run

SEEDS: Final = range(3)


def bytes_of(chance: random.Random, most: int = 60) -> bytes:
    return bytes(chance.randrange(256) for _ in range(chance.randrange(most)))


def printed(script: str, count: int) -> list[Any]:
    """What a script prints, a Python value a line."""
    lines = Run(script).printed.splitlines()
    assert len(lines) == count, lines[-1:]
    return [eval(line) for line in lines]  # what our own interpreter printed


def results(head: str, expressions: list[str]) -> list[Any]:
    """What each expression gives, or the name of what it raises."""
    body = "".join(
        f"try:\n    print(repr({text}))\nexcept Exception as e:\n    print(repr('!' + type(e).__name__))\n"
        for text in expressions
    )
    return printed(head + body, len(expressions))


# -- binascii, hashlib -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_bytes_as_text_and_back(seed: int) -> None:
    chance = random.Random(seed)
    pairs: list[tuple[str, object]] = []
    for _ in range(40):
        data, start = bytes_of(chance), chance.randrange(2**32)
        encoded = base64.b64encode(data)
        pairs += [
            (f"b.hexlify({data!r})", binascii.hexlify(data)),
            (f"b.unhexlify({binascii.hexlify(data)!r})", data),
            (f"b.b2a_base64({data!r})", binascii.b2a_base64(data)),
            (f"b.b2a_base64({data!r}, newline=False)", encoded),
            (f"b.a2b_base64({encoded!r})", data),
            (f"b.crc32({data!r})", zlib.crc32(data)),
            (f"b.crc32({data!r}, {start})", zlib.crc32(data, start)),
            (f"bytes.fromhex({data.hex()!r})", data),
        ]
        if data:
            pairs.append((f"b.hexlify({data!r}, ':')", binascii.hexlify(data, ":")))
            pairs.append((f"{data!r}.hex()", data.hex()))  # of nothing it is bytes up to 4.8.1
    assert results("import binascii as b\n", [text for text, _ in pairs]) == [value for _, value in pairs]


def test_text_that_is_no_code() -> None:
    texts = [
        "b.unhexlify('abc')",
        "b.unhexlify('zz')",
        "b.a2b_base64('abc')",
        "b.a2b_base64('a')",
        "bytes.fromhex('0')",
    ]
    assert results("import binascii as b\n", texts) == ["!ValueError"] * len(texts)
    assert results("import binascii as b\n", ["b.a2b_base64('YW\\nJj\\n')", "b.a2b_base64('')"]) == [b"abc", b""]


@pytest.mark.parametrize("seed", SEEDS)
def test_digests_of_pieces(seed: int) -> None:
    chance = random.Random(seed)
    pairs = []
    for _ in range(12):
        pieces = [bytes_of(chance, 150) for _ in range(chance.randrange(1, 4))]
        updates = "".join(f"; h.update({piece!r})" for piece in pieces[1:])
        pairs.append((f"h = hashlib.sha256({pieces[0]!r}){updates}", hashlib.sha256(b"".join(pieces)).digest()))
    script = "import hashlib\n" + "".join(f"{text}\nprint(h.digest())\n" for text, _ in pairs)
    assert printed(script, len(pairs)) == [digest for _, digest in pairs]


# -- struct ------------------------------------------------------------------------------------------------------------

WHOLE: Final = {"b": 8, "B": 8, "h": 16, "H": 16, "i": 32, "I": 32, "l": 32, "L": 32, "q": 64, "Q": 64}


def value_of(chance: random.Random, code: str) -> object:
    if code in WHOLE:
        bits = WHOLE[code]
        low, high = (0, 2**bits - 1) if code.isupper() else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        return chance.choice([low, high, 0, chance.randint(low, high)])
    if code == "f":
        return chance.choice([0.0, -1.5, 0.1, 1e10, -3.25])
    return bytes_of(chance, 6) or b"x"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("order", "<>!")
def test_numbers_packed_as_the_host_packs_them(seed: int, order: str) -> None:
    """Standard sizes; a pad byte is ``x``, and a text is cut or filled with zeros."""
    chance = random.Random(f"{seed}{order}")
    pairs: list[tuple[str, object]] = []
    for _ in range(30):
        layout, values = order, []
        for _ in range(chance.randint(1, 5)):
            code = chance.choice([*WHOLE, "f", "s", "x"])
            if code == "x":
                layout += f"{chance.randint(1, 3)}x"
                continue
            count = chance.randint(1, 5) if code == "s" else 1
            layout += f"{count}{code}" if code == "s" else code
            values.append(value_of(chance, code))
        packed = struct.pack(layout, *values)
        back = struct.unpack(layout, packed)
        pairs += [
            (f"s.pack({', '.join([repr(layout), *map(repr, values)])})", packed),
            (f"s.calcsize({layout!r})", len(packed)),
            (
                f"[x for x in s.unpack({layout!r}, {packed!r}) if type(x) is not float]",
                [v for v in back if type(v) is not float],
            ),
            (f"s.unpack_from({layout!r}, {b'abc' + packed!r}, 3) == s.unpack({layout!r}, {packed!r})", True),
        ]
    assert results("import struct as s\n", [text for text, _ in pairs]) == [value for _, value in pairs]


def test_what_does_not_fit_a_layout() -> None:
    texts = {
        "s.unpack('<I', b'abc')": "!ValueError",
        "s.unpack_from('<I', bytes(5), 2)": "!ValueError",
        "s.pack_into('<I', bytearray(3), 0, 1)": "!ValueError",
        "s.unpack_from('<H', b'abcd', -2)": (0x6463,),
        "s.calcsize('<3h2xQ')": 16,
        "s.calcsize('bI')": 8,
        "s.calcsize('bQ')": 16,
        "s.pack('<2s', 'abcd')": b"ab",
        "s.pack('<4s', b'ab')": b"ab\0\0",
        "s.unpack('<0s', b'')": (b"",),
    }
    assert results("import struct as s\n", list(texts)) == list(texts.values())


# -- json --------------------------------------------------------------------------------------------------------------


def document(chance: random.Random, depth: int = 3) -> Any:
    kinds = ["int", "text", "none", "bool", *(["list", "dict"] if depth else [])]
    kind = chance.choice(kinds)
    if kind == "int":
        return chance.choice([0, -1, 7, 2**31, -(2**70), chance.randint(-(10**6), 10**6)])
    if kind == "text":
        return "".join(chance.choice('ab"\\\n\t\x01é€/ {}[]:,') for _ in range(chance.randrange(6)))
    if kind == "list":
        return [document(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind == "dict":
        return {document_key(chance): document(chance, depth - 1) for _ in range(chance.randrange(4))}
    return None if kind == "none" else chance.random() < 0.5


def document_key(chance: random.Random) -> str:
    return "".join(chance.choice('abc"é ') for _ in range(chance.randint(1, 4)))


@pytest.mark.parametrize("seed", range(6))
def test_documents_there_and_back(seed: int) -> None:
    chance = random.Random(seed)
    documents = [document(chance) for _ in range(25)]
    head = "import json\n"
    texts = results(head, [f"json.dumps({each!r})" for each in documents])
    assert [json.loads(text) for text in texts] == documents
    sources = [json.dumps(each, ensure_ascii=bool(at % 2), indent=at % 3 or None) for at, each in enumerate(documents)]
    assert results(head, [f"json.loads({source!r})" for source in sources]) == documents
    tight = [f"json.dumps({each!r}, separators=(',', ':'))" for each in documents]
    assert [json.loads(text) for text in results(head, tight)] == documents


def test_a_document_that_is_cut_off_or_wrong() -> None:
    source = '{"a": [1, 2.5, "x\\u00e9", null], "b": {"c": true}}'
    cut = [source[:end] for end in range(len(source))]
    found = results("import json\n", [f"json.loads({text!r})" for text in cut])
    assert found == ["!ValueError"] * len(cut)
    wrong = ["[1 2]", "{1: 2}", "nul", "[,]", "tru", "'a'", '{"a" 1}', "[1] 2", "-", '"\\u12"']
    assert [
        text
        for text, value in zip(wrong, results("import json\n", [f"json.loads({t!r})" for t in wrong]), strict=True)
        if value != "!ValueError"
    ] == [
        "[1 2]",  # commas and colons are passed over (extmod/modjson.c: "don't care about them")
        "{1: 2}",
        "[,]",
        '{"a" 1}',
    ]


# -- deflate -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_host_packed_is_unpacked(seed: int) -> None:
    chance = random.Random(seed)
    cases = []
    for level in (0, 1, 6, 9):
        data = bytes(chance.choice(b"abc") for _ in range(chance.randrange(2000))) + bytes_of(chance, 300)
        packed = zlib.compress(data, level)
        raw = zlib.compressobj(level, wbits=-15)
        cases += [("ZLIB", packed, data), ("RAW", raw.compress(data) + raw.flush(), data)]
    script = "import deflate, io, hashlib\n" + "".join(
        f"d = deflate.DeflateIO(io.BytesIO({packed!r}), deflate.{kind}, 15).read()\n"
        "print(len(d), hashlib.sha256(d).digest())\n"
        for kind, packed, _ in cases
    )
    lines = Run(script).printed.splitlines()
    assert lines == [f"{len(data)} {hashlib.sha256(data).digest()!r}" for *_, data in cases]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_packed_here_the_host_unpacks(seed: int) -> None:
    chance = random.Random(seed)
    made = [bytes(chance.choice(b"abcd") for _ in range(chance.randrange(700))) for _ in range(6)]
    script = "import deflate, io\n" + "".join(
        f"b = io.BytesIO()\nwith deflate.DeflateIO(b, deflate.ZLIB, 10) as d:\n    d.write({data!r})\n"
        "print(b.getvalue())\n"
        for data in made
    )
    assert [zlib.decompress(packed) for packed in printed(script, len(made))] == made


def test_damaged_streams_raise_or_give_bytes_and_nothing_else() -> None:
    chance = random.Random(5)
    packed = zlib.compress(bytes(chance.choice(b"abcdef") for _ in range(300)))
    damaged = [packed[: chance.randrange(len(packed))] for _ in range(20)]
    for _ in range(60):
        changed = bytearray(packed)
        changed[chance.randrange(len(packed))] ^= 1 << chance.randrange(8)
        damaged.append(bytes(changed))
    read = "type(deflate.DeflateIO(io.BytesIO({0!r}), deflate.AUTO).read(2000)).__name__"
    found = results("import deflate, io\n", [read.format(each) for each in damaged])
    assert set(found) <= {"bytes", "!OSError", "!EOFError", "!ValueError"}
    assert len(set(found)) > 1


# -- streams and containers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stream_in_memory_does_what_the_hosts_does(seed: int) -> None:
    chance = random.Random(seed)
    stream, calls, expected = io.BytesIO(b"line one\nline two\n\nlast"), [], []
    for _ in range(60):
        call = chance.choice(
            [
                f"read({chance.randrange(9)})",
                "read()",
                "readline()",
                f"write({bytes_of(chance, 9)!r})",
                f"seek({chance.randrange(30)})",
                f"seek({-chance.randrange(9)}, 2)",
                "seek(0, 1)",
                "tell()",
                "getvalue()",
            ]
        )
        try:
            value: object = eval(f"stream.{call}", {"stream": stream})
        except ValueError:
            continue
        calls.append(f"s.{call}")
        expected.append(value)
    assert results("import io\ns = io.BytesIO(b'line one\\nline two\\n\\nlast')\n", calls) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_a_queue_of_two_ends(seed: int) -> None:
    chance = random.Random(seed)
    queue: collections.deque[int] = collections.deque([1, 2, 3], 5)
    calls, expected = [], []
    for number in range(80):
        call = chance.choice(
            [f"append({number})", f"appendleft({number})", "pop()", "popleft()", f"extend([{number}, 7])"]
        )
        if call.startswith("pop") and not queue:
            continue
        value = eval(f"queue.{call}", {"queue": queue})
        calls.append(f"[q.{call}, list(q), len(q), bool(q)]")
        expected.append([value, list(queue), len(queue), bool(queue)])
    assert results("from collections import deque\nq = deque([1, 2, 3], 5)\n", calls) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_a_heap_gives_its_least(seed: int) -> None:
    chance = random.Random(seed)
    numbers = [chance.randrange(50) for _ in range(30)]
    script = f"import heapq\nh = {numbers!r}\nheapq.heapify(h)\nprint(h[0])\n"
    script += f"for x in {numbers[:9]!r}: heapq.heappush(h, x)\n"
    script += "print([heapq.heappop(h) for _ in range(len(h))])\n"
    heap = sorted(numbers + numbers[:9])
    assert heapq.nsmallest(1, numbers) == [printed(script, 2)[0]]
    assert printed(script, 2)[1] == heap


@pytest.mark.parametrize("seed", SEEDS)
def test_dictionaries_and_sets_do_what_the_hosts_do(seed: int) -> None:
    """Grown, emptied and filled again; a dict's order is its table's own here, so it is sorted."""
    chance = random.Random(seed)
    mine: dict[int, int] = {}
    left: set[int] = set()
    calls, expected = [], []
    for _ in range(150):
        key, value = chance.randrange(40), chance.randrange(9)
        call = chance.choice(
            [
                "d.__setitem__({k}, {v})",
                "d.pop({k}, None)",
                "d.setdefault({k}, {v})",
                "d.get({k})",
                "{k} in d",
                "l.add({k})",
                "l.discard({k})",
                "l ^ {{{k}, {v}}} == {{{k}, {v}}} ^ l",
                "sorted(l)",
                "sorted(d.items())",
            ]
        ).format(k=key, v=value)
        calls.append(call)
        expected.append(eval(call, {"d": mine, "l": left}))
    assert results("d, l = {}, set()\n", calls) == expected
