"""``requests`` and ``ntptime``: what is sent, read and asked for, request by request.

The requests were made by the interpreter from OpenMV's and micropython-lib's own files, put on the camera's flash, with
the same scripts and the same world.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from omvsim.runs import Outcome
from omvsim.world.surroundings import Peer, Surroundings
from tests.frozen.test_hosts import HERE, asked, run

if TYPE_CHECKING:
    from pathlib import Path

JSON = b'HTTP/1.0 200 OK\r\nContent-Type: text/json\r\nServer: x\r\n\r\n{"a": 5}'
CALLS = (
    "import requests\n"
    + HERE
    + """def show(r): print(r.status_code, r.reason, r.headers, r.content, r.encoding)
r = requests.get("http://10.0.0.1:8000/a/b.json?x=1")
show(r)
print(r.json()["a"])
show(requests.post("http://10.0.0.1", data="hello", headers={"X-Y": "z"}))
show(requests.put("http://10.0.0.1/p", json={"a": 1}, auth=("u", "p")))
show(requests.request("PATCH", "http://10.0.0.1/q", files={"f": ("n.txt", open("/flash/t.bin", "rb"))}))
"""
)
SHOWN = '200 OK Content-Type: text/json\r\nServer: x {"a": 5} utf-8\n5\n' + 3 * "404   no\r\nline utf-8\n"
FAILING = (
    "import requests\n"
    + HERE
    + """for u in ("http://10.0.0.9/x", "ftp://a/b", "bad", "http://h:x/y"):
    try:
        r = requests.get(u)
        print(r.status_code, r.content)
    except Exception as e:
        print(type(e), e)
"""
)
REFUSED = (
    "<class 'ValueError'> Unsupported protocol: ftp:\n"
    "<class 'ValueError'> need more than 1 values to unpack\n"
    "<class 'ValueError'> invalid syntax for integer with base 10: 'x'\n"
)
CHUNKED = b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CLOCK = (
    "import ntptime, time\nfrom machine import RTC\n"
    + HERE
    + """ntptime.settime()
print(RTC().datetime()[:7], ntptime.time())
ntptime.host = "10.0.0.3"
try:
    ntptime.settime()
except OSError as e:
    print(e)
"""
)


def digest(sizes: list[int]) -> tuple[int, int]:
    """How many requests, and a number for all of them."""
    return len(sizes), zlib.crc32(",".join(map(str, sizes)).encode())


def serving(**answers: Peer) -> Surroundings:
    """Peers by port (``p80``)."""
    return Surroundings(peers={port[1:]: peer for port, peer in answers.items()})


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_what_is_sent_and_read(tmp_path: Path, release: str) -> None:
    p80 = Peer(b"", [*[b""] * 3, b"HTTP/1.1 404\r\n\r\nno\r\nline"], closes=False)
    script = 'f = open("/flash/t.bin", "wb")\nf.write(b"0123456789")\nf.close()\n' + CALLS
    result = run(tmp_path, script, serving(p80=p80, p8000=Peer(b"", [b"", b"", JSON], closes=True)), release)
    assert result.output == SHOWN
    assert digest(asked(result)) == (825, 1764852244)


@pytest.mark.parametrize(
    ("answer", "said", "requests"),
    [
        (None, "0 \n", (84, 2500421721)),
        (
            b"HTTP/1.0 301 Moved\r\nLocation: /y\r\n\r\n",
            "<class 'NameError'> name 'status' isn't defined\n",
            (234, 1785477077),
        ),
        (CHUNKED, "<class 'TypeError'> unsupported types for __add__: 'str', 'bytes'\n", (277, 3827370916)),
    ],
)
def test_what_goes_wrong(tmp_path: Path, answer: bytes | None, said: str, requests: tuple[int, int]) -> None:
    """A redirection and chunks end in mistakes of the library's own."""
    world = Surroundings() if answer is None else serving(p80=Peer(answer, [], closes=True))
    result = run(tmp_path, FAILING, world)
    assert result.output == said + REFUSED
    assert digest(asked(result)) == requests


def test_tls_is_not_known(tmp_path: Path) -> None:
    assert run(tmp_path, "import requests\nrequests.get('https://a/')\n").outcome is Outcome.NOT_MODELLED


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3913056000 + 86400, "(2024, 1, 2, 1, 0, 0, 0) 1704153600"),
        (5, "(2036, 2, 7, 3, 6, 28, 21) 2085978501"),
    ],
)
def test_the_time_from_a_server(tmp_path: Path, seconds: int, said: str) -> None:
    """Numbers below 2024's have come round in 2036; who does not answer within a second is a timeout."""
    packet = bytes(40) + struct.pack("!I", seconds) + bytes(4)
    server = Peer(b"", [packet] * 2, closes=False)
    world = Surroundings(hosts={"pool.ntp.org": "10.0.0.2"}, peers={"10.0.0.2:123": server})
    result = run(tmp_path, CLOCK, world)
    assert result.output == f"{said}\n[Errno 116] ETIMEDOUT\n"
    assert len(asked(result)) == 65


def test_nobody_tells_the_time(tmp_path: Path) -> None:
    result = run(tmp_path, "import ntptime\nntptime.settime()\n")
    assert result.failure is not None
    assert result.failure.text == "OSError: [Errno 116] ETIMEDOUT"
