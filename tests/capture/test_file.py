"""The file: what is written is read again, and nothing that is read can do harm or leave a doubt."""

from __future__ import annotations

import json
import random
import zlib
from pathlib import Path
from time import process_time

import numpy as np
import pytest

from omvsim.capture import FORMAT, Capture, Document, decode, encode, read_capture, write_capture
from omvsim.errors import CaptureError
from tests.capture.captures import NAMES, capture_of


def stored(text: bytes, rest: bytes = b"", version: int = FORMAT, level: int = 1) -> bytes:
    stream = len(text).to_bytes(8, "little") + text + rest
    return b"omvsim capture %d\n" % version + zlib.compress(stream, level)


def refused(data: bytes) -> str:
    with pytest.raises(CaptureError) as caught:
        decode(data, "run.omv")
    text = str(caught.value)
    assert text.startswith("run.omv: ")
    assert "\n" not in text
    return text.removeprefix("run.omv: ")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_again(name: str) -> None:
    capture = capture_of(name)
    data = encode(capture)
    again = decode(data, "x")
    assert again.document.model_copy(update={"stored": ()}) == capture.document
    assert set(again.columns) == set(capture.columns)
    for key, values in capture.columns.items():
        assert np.array_equal(again.columns[key], values)
    assert encode(again) == data


@pytest.mark.parametrize("name", NAMES)
def test_it_is_small_and_says_nothing_of_this_machine(name: str) -> None:
    data = encode(capture_of(name))
    assert len(data) < 120_000
    text = capture_of(name).document.model_dump_json()
    assert "/tmp" not in text
    assert str(Path.home()) not in text


def test_no_capture() -> None:
    for data in (b"", b"PK\3\4 a zip", b"omvsim capture \n", b"omvsim capture 1", b"omvsim capture 99999999999\n"):
        assert refused(data) == "is not a capture of omvsim"


def test_of_a_newer_version() -> None:
    assert refused(stored(b"{}", version=7)) == "was written by a newer omvsim (format 7; this one reads 1)"


def test_cut_off_anywhere() -> None:
    data = encode(capture_of("runs"))
    for end in range(17, len(data) - 1, 211):
        assert refused(data[:end]).startswith("is damaged")
    assert refused(data + b"more") == "is damaged (it is cut off, or something follows it)"


def test_a_changed_byte_is_noticed_or_harmless() -> None:
    """Harmless: another distance into the same run of bytes, which says the same."""
    data, random_ = encode(capture_of("leak")), random.Random(16)
    noticed = 0
    for _ in range(200):
        at = random_.randrange(len(data))
        changed = bytearray(data)
        changed[at] ^= 1 << random_.randrange(8)
        try:
            found = decode(bytes(changed), "x")
        except CaptureError:
            noticed += 1
            continue
        assert encode(found) == data
    assert noticed > 190


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"no json", "Invalid JSON"),
        (b"[1]", "document"),
        (b'{"omvsim":"1"}', "Field required"),
        (b'{"omvsim":"1","kind":"run","title":"t","verdict":1}', "verdict"),
        (b"[" * 100_000, "Invalid JSON"),
        (b'{"a":' * 100_000, "Invalid JSON"),
    ],
)
def test_documents_that_are_none(text: bytes, says: str) -> None:
    assert says in refused(stored(text))


def _least(**more: object) -> dict[str, object]:
    verdict = {"key": "ok", "tone": "good", "word": "Runs", "sentence": "it does"}
    return {"omvsim": "1", "kind": "run", "title": "t", "verdict": verdict, **more}


def test_the_least_there_is() -> None:
    found = decode(stored(json.dumps(_least()).encode()), "x")
    assert found == Capture(Document.model_validate(_least()), {})


AREA = {"name": "gc[0]", "kind": "gc", "memory": "", "origin": 0, "length": 64, "start": 0, "size": 64}


@pytest.mark.parametrize(
    ("more", "rest", "says"),
    [
        ({"unheard": 1}, b"", "unheard"),
        ({}, b"x", "something follows the columns"),
        ({"stored": [{"name": "came_bytes", "type": "u4", "count": 1}]}, b"1234", "there is not"),
        ({"stored": [{"name": "who", "type": "u4", "count": 1}]}, b"1234", "there is not"),
        ({"stored": [{"name": "came_bytes", "type": "u8", "count": 9}]}, b"12345678", "is cut off"),
        ({"stored": [{"name": "came_bytes", "type": "u8", "count": 1}] * 2}, b"1" * 16, "there is not"),
        ({"stored": [{"name": "came_moment", "type": "u4", "count": 1}]}, b"\0\0\0\0", "points nowhere"),
        ({"stored": [{"name": "request_name", "type": "u4", "count": 1}]}, b"\0\0\0\0", "points nowhere"),
        (
            {
                "stored": [
                    {"name": "came_bytes", "type": "u8", "count": 1},
                    {"name": "came_address", "type": "u8", "count": 0},
                ]
            },
            b"12345678",
            "differ in length",
        ),
        ({"stored": [{"name": "came_bytes", "type": "u8", "count": -1}]}, b"", "count"),
        (
            {"areas": [AREA], "moments": [{"kind": "end", "label": "", "requests": 0, "levels": []}]},
            b"",
            "does not name every area",
        ),
        (
            {"tables": [{"key": "k", "title": "t", "columns": [{"title": "a"}], "rows": [[1, 2]]}]},
            b"",
            "rows of other lengths",
        ),
        ({"timing": {"inference": [1, 2]}}, b"", "timing"),
        ({"moments": [{"kind": "end", "label": "", "requests": 0, "levels": [{"used": 1e400}]}]}, b"", "moments"),
    ],
)
def test_documents_and_columns_that_contradict(more: dict[str, object], rest: bytes, says: str) -> None:
    assert says in refused(stored(json.dumps(_least(**more)).encode(), rest))


def test_a_small_file_that_is_endless() -> None:
    bomb = zlib.compressobj(1)
    data = b"omvsim capture 1\n" + b"".join(bomb.compress(bytes(1 << 24)) for _ in range(18)) + bomb.flush()
    assert len(data) < 2 << 20
    start = process_time()
    assert "unpacks to more than 256 MiB" in refused(data)
    assert process_time() - start < 10


@pytest.mark.parametrize("unit", [b"[],", b"{},", b'"a",', b"1,", b'[{"a":[]}],'])
def test_large_documents_are_bounded(unit: bytes) -> None:
    """The worst that fits: a document of as many bytes as one may have, whole of small values."""
    inside = unit * ((24 << 20) // len(unit) - 100)
    text = json.dumps(_least(names=["x"])).encode().replace(b'["x"]', b"[" + inside[:-1] + b"]")
    data = stored(text)
    start = process_time()
    found = ""
    try:
        decode(data, "x")
    except CaptureError as error:
        found = str(error)
    assert process_time() - start < 10
    assert ("names.0" in found) == (unit != b'"a",')
    assert len(found) < 300


def test_a_longer_document_is_refused() -> None:
    assert "longer than it may be" in refused(stored(b" " * (25 << 20)))


def test_what_exists_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.omv"
    write_capture(path, capture_of("gate"))
    before = path.read_bytes()
    with pytest.raises(CaptureError, match="exists already"):
        write_capture(path, capture_of("runs"))
    assert path.read_bytes() == before
    write_capture(path, capture_of("runs"), force=True)
    assert read_capture(path).document.kind == "run"
    assert [file.name for file in tmp_path.iterdir()] == ["a.omv"]


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match="No such file"):
        read_capture(tmp_path / "none.omv")
    with pytest.raises(CaptureError, match="directory"):
        read_capture(tmp_path)
    with (tmp_path / "large.omv").open("wb") as file:
        file.truncate((64 << 20) + 1)
    with pytest.raises(CaptureError, match="too large"):
        read_capture(tmp_path / "large.omv")
