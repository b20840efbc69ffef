"""``select`` (extmod/modselect.c): what is ready, when it comes, what waiting asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import Fault, ScriptOver
from omvsim.world.surroundings import Arrival, Peer, Surroundings, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine
    from tests.bare_machine import Run

IMPORT = "import select, socket, sys, io, time\nfrom machine import UART, Timer\n"
OWN = """
class T(io.IOBase):
    def __init__(self, after):
        self.asked, self.after = 0, after
    def ioctl(self, request, events):
        self.asked += 1
        return (events if self.asked > self.after else 0) if request == 3 else -22
"""


def world(**parts: object) -> Callable[[Machine], None]:
    """What stands around a machine."""

    def prepare(vm: Machine) -> None:
        for name, value in parts.items():
            setattr(vm.part(Surroundings), name, value)

    return prepare


PRINTED = [
    ("p = select.poll()\nprint(p.poll(20), list(p.ipoll(0)), p.unregister(3))", "[] [] None\n"),
    ("u = UART(1, 9600)\np = select.poll()\np.register(u)\nprint(p.poll(5)[0][1])", "4\n"),
    ("u = UART(1, 9600)\np = select.poll()\np.register(u, select.POLLIN)\nprint(p.poll(5))", "[]\n"),
    ("print(select.select([UART(1, 9600)], [], [], 0.05))", "([], [], [])\n"),
    ("s = socket.socket()\np = select.poll()\np.register(s)\nprint(p.poll(0)[0][1])", "20\n"),
    ("s = socket.socket()\nprint(len(select.select([], [s], [s], 0)[1]), select.POLLHUP)", "1 16\n"),
    ("s = socket.socket()\ns.close()\np = select.poll()\np.register(s)\nprint(p.poll(0)[0][1])", "32\n"),
    ("s = socket.socket(2, 2)\np = select.poll()\np.register(s)\nprint(p.poll()[0][1])", "4\n"),
    ("p = select.poll()\np.register(sys.stdin)\nprint(p.poll(0)[0][1])", "4\n"),
    ("p = select.poll()\np.register(sys.stdin, 1)\nprint(p.poll(9))", "[]\n"),
]


@pytest.mark.parametrize(("text", "printed"), PRINTED)
def test_what_is_ready(run: Callable[..., Run], text: str, printed: str) -> None:
    assert run(IMPORT + text).printed == printed


REFUSED = [
    ("p = select.poll()\np.register(3)", "OSError: stream operation not supported"),
    ("p = select.poll()\np.modify(sys.stdin, 1)", "OSError: [Errno 2] ENOENT"),
    ("p = select.poll()\np.register(io.StringIO())\np.poll(0)", "OSError: [Errno 22] EINVAL"),
    (
        OWN + "t = T(0)\nt.ioctl = lambda r, e: -5\np = select.poll()\np.register(t)\np.poll(0)",
        "OSError: [Errno 5] EIO",
    ),
    ("select.select([3], [], [])", "OSError: stream operation not supported"),
    ("select.poll().poll(0, 1)", "TypeError: function expected at most 2 arguments, got 3"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_is_refused(run: Callable[..., Run], text: str, said: str) -> None:
    assert run(IMPORT + text).printed.splitlines()[-1] == said


def test_bytes_that_come_later_are_waited_for(run: Callable[..., Run]) -> None:
    """To the moment, and not past the time that was given."""
    text = IMPORT + "u = UART(1, 9600)\np = select.poll()\np.register(u, select.POLLIN)\nt = time.ticks_ms()\n"
    text += "print(p.poll(100), [each[1] for each in p.poll(1000)], 400 <= time.ticks_ms() - t < 405, u.any())\n"
    text += "u.read()\nprint(select.select([u], [], [])[0] == [u], time.ticks_ms() - t)\n"
    uarts = {1: [Arrival(400_000, b"ab"), Arrival(700_000, b"c")]}
    assert run(text, prepare=world(uarts=uarts)).printed == "[] [1] True 2\nTrue 700\n"


def test_a_script_s_own_stream_is_asked_at_every_tick(run: Callable[..., Run]) -> None:
    text = IMPORT + OWN + "t = T(10)\np = select.poll()\np.register(t, select.POLLIN)\na = time.ticks_ms()\n"
    text += "print(len(p.poll()), t.asked, 9 <= time.ticks_ms() - a <= 11)\n"
    assert run(text).printed == "1 11 True\n"


def test_timers_go_on_while_it_waits(run: Callable[..., Run]) -> None:
    text = IMPORT + "n = [0]\ndef count(t):\n    n[0] += 1\nt = Timer(-1, period=10, callback=count)\n"
    text += "select.select([UART(1, 9600)], [], [], 0.105)\nprint(n)\n"
    assert run(text).printed == "[10]\n"


def test_once_only_and_one_tuple_for_all(run: Callable[..., Run]) -> None:
    """``ipoll(…, 1)`` waits no more for what it gave; the tuple is the same one every time."""
    text = IMPORT + "p = select.poll()\ns = socket.socket(2, 2)\np.register(s, select.POLLOUT)\n"
    text += "a = [id(pair) for pair in p.ipoll(0, 1)]\nb = [id(pair) for pair in p.ipoll(0)]\n"
    text += "p.modify(s, select.POLLOUT)\nc = [id(pair) for pair in p.ipoll(0)]\nprint(len(a), b, a == c)\n"
    assert run(text).printed == "1 [] True\n"


def test_visitors_and_peers(run: Callable[..., Run]) -> None:
    """A socket that listens has as many as the world says; one whose peer has gone is ready for both."""
    text = IMPORT + "s = socket.socket()\ns.bind(('', 80))\ns.listen(1)\np = select.poll()\np.register(s)\n"
    text += "print(p.poll(0)[0][1])\nc, a = s.accept()\nprint(p.poll(0))\np.register(c)\n"
    text += "print([each[1] for each in p.poll(0)])\nc.recv(9)\nprint([each[1] for each in p.poll(0)])\n"
    here = world(visitors=[Visitor(b"hello", closes=False)])
    assert run(text, prepare=here).printed == "1\n[]\n[5]\n[4]\n"
    text = IMPORT + "s = socket.socket()\ns.connect(('10.0.0.1', 7))\np = select.poll()\np.register(s, select.POLLIN)\n"
    text += "print(p.poll(0)[0][1], s.recv(9), p.poll(0)[0][1], s.recv(9))\n"
    gone = world(peers={"7": Peer(greeting=b"hi", closes=True)})
    assert run(text, prepare=gone).printed == "1 b'hi' 1 b''\n"


SETS = [("alloc", size) for size in (28, 16, 16, 16)]
SELECTED = [*[("alloc", 16)] * (6 + 1 + 2 + 6), ("free", 0), ("alloc", 20)]
"""The three lists of the call, the table, two entries, the three lists of what is ready; their tuple."""


def test_what_it_asks_for(run: Callable[..., Run]) -> None:
    """The set, its table, an entry of 16 bytes a stream, a list and a tuple a stream; ``select`` three lists."""
    text = IMPORT + "s = socket.socket(2, 2)\nu = UART(1, 9600)\np = None\n"
    made = "p = select.poll()\np.register(s)\np.register(u)\np.register(s, 1)\n"

    def beyond(less: str, more: str) -> list[tuple[str, int]]:
        return run(text + less + more).asked[len(run(text + less).asked) :]

    assert beyond("", made) == SETS
    assert beyond(made, "p.poll(0)\n") == [("alloc", size) for size in (16, 16, 16)]
    assert beyond(made, "for a in p.ipoll(0): pass\n")[:1] == [("alloc", 16)]
    assert beyond("", "select.select([u], [s], [], 0)\n") == SELECTED


@pytest.mark.parametrize("text", ["p.poll()", "p.register(UART(1, 9600), 1)\np.poll()", "select.select([], [], [])"])
def test_waiting_for_ever(run: Callable[..., Run], text: str) -> None:
    """Without a stream the camera stands still; with streams nothing comes, which ends a run."""
    with pytest.raises(ScriptOver if "register" in text else Fault):
        run(IMPORT + "p = select.poll()\n" + text)


def test_an_entry_without_a_stream_is_a_fault(run: Callable[..., Run]) -> None:
    """ "This case is not handled" (poll_set_add_obj)."""
    text = IMPORT + "p = select.poll()\ntry:\n    p.register(3)\nexcept OSError:\n    p.poll(0)\n"
    with pytest.raises(Fault, match="no stream"):
        run(text)
