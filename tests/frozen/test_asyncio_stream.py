"""``asyncio.start_server``, ``open_connection`` and streams: what tasks read and write, request by request.

The requests were made by the interpreter from MicroPython's own stream.py of v1.26.0 and v1.28.0, put on the camera's
flash, with the same script and the same world.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest

from omvsim.runs import Outcome
from omvsim.world.surroundings import Arrival, Peer, Surroundings, Visitor
from tests.frozen.test_hosts import HERE, asked, run

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = (
    "import asyncio, asyncio.stream as st\n"
    + HERE
    + """async def handle(reader, writer):
    line = await reader.readline()
    print("line", line, reader.get_extra_info("peername")[0])
    rest = await reader.read(10)
    print(rest)
    writer.write(b"HTTP/1.0 200 OK\\r\\n\\r\\nhello")
    await writer.drain()
    big = bytes(20000)
    writer.write(big)
    await writer.drain()
    writer.close()
    await writer.wait_closed()
async def client():
    r, w = await st.open_connection("10.0.0.1", 7)
    w.write(b"hi")
    await w.drain()
    print(await r.readexactly(4))
    b = bytearray(3)
    print(await r.readinto(b), b)
    print(await r.read())
    await w.aclose()
async def main():
    srv = await st.start_server(handle, "0.0.0.0", 80)
    await client()
    await asyncio.sleep(1.5)
    async with await st.start_server(handle, "0.0.0.0", 81) as s2:
        await asyncio.sleep(0.1)
    srv.close()
    await srv.wait_closed()
    print("end")
asyncio.run(main())
"""
)
VISIT = "line b'GET / HTTP/1.1\\r\\n' 192.168.1.100\nb'Host: open'\n"
LINE, REST = VISIT.splitlines(keepends=True)
SAID = f"{LINE}b'abcd'\n{REST}3 bytearray(b'efg')\nb'hij'\n{VISIT}{VISIT}end\n"


def digest(sizes: list[int]) -> tuple[int, int]:
    """How many requests, and a number for all of them."""
    return len(sizes), zlib.crc32(",".join(map(str, sizes)).encode())


def around(**parts: object) -> Surroundings:
    return Surroundings(**parts)  # type: ignore[arg-type]  # its own fields


@pytest.mark.parametrize(("release", "requests"), [("4.8.1", (588, 1635755711)), ("5.0.0", (589, 1355103392))])
def test_a_server_and_a_client(tmp_path: Path, release: str, requests: tuple[int, int]) -> None:
    world = around(peers={"7": Peer(b"", [b"abcdefghij"], closes=True)})
    result = run(tmp_path, WHOLE, world, release)
    assert result.output == SAID
    assert digest(asked(result)) == requests


def tasks(text: str) -> str:
    """A script of one task."""
    body = "".join(f"    {line}\n" for line in text.splitlines())
    server = "async def handle(r, w):\n    print(await r.read(5))\n"
    return f"import asyncio\n{server}async def main():\n{body}asyncio.run(main())\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("r, w = await asyncio.open_connection('10.0.0.1', 9)\nprint(await r.readexactly(9))", "EOFError: "),
        ("r, w = await asyncio.open_connection('10.0.0.1', 9)\nprint(r is w, await r.readline())", "True b'ab'"),
        (
            "s = await asyncio.start_server(handle, '0.0.0.0', 80)\nawait asyncio.sleep(1)\nprint(s.task.done())",
            "False",
        ),
        ("await asyncio.wait_for(asyncio.open_connection('10.0.0.1', 9), 1)\nprint('yes')", "yes"),
        (
            "r, w = await asyncio.open_connection('10.0.0.1', 5)\n"
            "try:\n    await asyncio.wait_for(r.read(1), 0.2)\nexcept asyncio.TimeoutError:\n    print('late')",
            "late",
        ),
    ],
)
def test_how_tasks_end(tmp_path: Path, text: str, said: str) -> None:
    world = around(peers={"9": Peer(b"ab", [], closes=True)}, visitors=[Visitor(b"12345", closes=True)])
    assert run(tmp_path, tasks(text), world).output.splitlines()[-1] == said


def test_a_serial_port_as_a_stream(tmp_path: Path) -> None:
    """What users do with GPS receivers; bytes come when the world says."""
    text = "from machine import UART\nimport time\n" + tasks(
        "s = asyncio.StreamReader(UART(1, 9600))\nfor i in range(2):\n    print(await s.readline(), time.ticks_ms())"
    )
    world = around(uarts={1: [Arrival(300_000, b"$GPGGA\n"), Arrival(800_000, b"$GPRMC\n")]})
    lines = [line.rpartition(" ") for line in run(tmp_path, text, world).output.splitlines()]
    assert [line for line, _, _ in lines] == [r"b'$GPGGA\n'", r"b'$GPRMC\n'"]
    assert int(lines[1][2]) - int(lines[0][2]) in range(498, 503)


@pytest.mark.parametrize(
    "text",
    [
        "await asyncio.open_connection('h', 443, ssl=True)",
        "await asyncio.start_server(handle, 'h', 1, ssl=True)\nawait asyncio.sleep(2)",
    ],
)
def test_tls_is_not_known(tmp_path: Path, text: str) -> None:
    assert run(tmp_path, tasks(text)).outcome is Outcome.NOT_MODELLED


def test_sockets_that_do_not_wait(tmp_path: Path) -> None:
    """Streams give None, the socket's own methods EAGAIN; a buffer that is full takes what was confirmed."""
    text = """import socket, errno
s = socket.socket()
s.setblocking(False)
try:
    s.connect(("10.0.0.1", 5))
except OSError as e:
    print(e.errno == errno.EINPROGRESS)
print(s.read(3), s.readline(), s.readinto(bytearray(2)), s.write(bytes(9000)), s.write(b"x"))
try:
    s.recv(3)
except OSError as e:
    print(e)
try:
    s.send(b"x")
except OSError as e:
    print(e)
import time
time.sleep_ms(3)
print(s.send(bytes(9000)))
l = socket.socket()
l.bind(("", 80))
l.listen(1)
l.setblocking(False)
seen = 0
for i in range(30):
    try:
        l.accept()[0].close()
        seen += 1
    except OSError as e:
        time.sleep_ms(100)
print(seen)
"""
    said = "True\nNone None None 6400 None\n[Errno 11] EAGAIN\n[Errno 11] EAGAIN\n1600\n3\n"
    assert run(tmp_path, text).output == said
