"""Functions that are machine code, as they are run: no frame on the heap, no entry in a traceback, machine words."""

from __future__ import annotations

import pytest

from omvsim.boards import known_release
from omvsim.compiler.running import run_script
from omvsim.heap import GcHeap
from omvsim.micropython.camera import new_machine
from omvsim.micropython.errors import Unknown
from omvsim.micropython.viper import in_range, wrapped
from omvsim.modules import install

NATIVE, VIPER = "@micropython.native\n", "@micropython.viper\n"
LOOP = "def f(a: int, b: int) -> int:\n    s = 0\n    for i in range(a):\n        s += b\n    return s\n"


def printed(source: str) -> str:
    """What a script prints."""
    written: list[str] = []
    vm = new_machine(GcHeap([(0x20000000, 1 << 18)]), known_release("4.8.1"), written.append)
    install(vm)
    run_script(vm, "main.py", source.encode())
    return "".join(written).replace("\r\n", "\n")


def asked(source: str) -> list[int]:
    """Bytes of every request of a script's run."""
    vm = new_machine(GcHeap([(0x20000000, 1 << 18)]), known_release("4.8.1"), lambda _: None)
    install(vm)
    vm.memory.tape = tape = []
    run_script(vm, "main.py", source.encode())
    return [request.size for request in tape if request.phase == "run"]


def test_viper_reckons() -> None:
    assert printed(VIPER + LOOP + "print(f(10, 5))\n") == "50\n"
    assert printed(VIPER + "def f(a: int) -> bool: return a > 3\nprint(f(2), f(True), f(5))\n") == "False False True\n"
    assert (
        printed(VIPER + "def f(a: bool) -> int:\n    if a: return 1\n    return 2\nprint(f([]), f('x'))\n") == "2 1\n"
    )


def test_viper_that_returns_nothing_returns_a_word_of_zeros() -> None:
    assert printed(VIPER + "def f(a: int) -> int: a += 1\nprint(f(2))\n") == "0\n"


def test_viper_checks_its_arguments() -> None:
    head = VIPER + "def f(a: int) -> int: return a\n"
    assert "TypeError: function takes 1 positional arguments but 2 were given" in printed(head + "f(1, 2)\n")
    assert "TypeError: function doesn't take keyword arguments" in printed(head + "f(a=1)\n")
    assert "TypeError: can't convert str to int" in printed(head + "f('1')\n")


@pytest.mark.parametrize(
    ("body", "call"),
    [
        ("def f(a: int, b: int) -> int: return a * b", "f(1 << 20, 1 << 20)"),
        ("def f(a: int) -> int: return a", "f(1 << 31)"),
        ("def f(a: int, b: int) -> int: return a // b", "f(1, 0)"),
        ("def f(a: ptr8) -> int: return a[0]", "f(bytearray(1))"),
        ("def f(a) -> int: return int(len(a))", "f('abc')"),
        ("def f(a: uint) -> uint: return a", "f(1)"),
    ],
)
def test_what_viper_does_beyond_is_not_known(body: str, call: str) -> None:
    with pytest.raises(Unknown, match="viper function f"):
        printed(f"{VIPER}{body}\n{call}\n")


def test_a_native_function_does_what_bytecode_does() -> None:
    body = (
        "def f(a, b=2, *c):\n    d = []\n    for x in a: d.append(x * b)\n    return d, c\nprint(f([1, 2.5], 3, 4))\n"
    )
    assert printed(NATIVE + body) == printed(body) == "([3, 7.5], (4,))\n"


def test_a_native_function_has_no_frame_on_the_heap() -> None:
    body = "def f():\n" + "".join(f"    v{i} = {i}\n" for i in range(20)) + "    return v3\nf()\n"
    plain, native = asked(body), asked(NATIVE + body)
    frame = 20 + 4 * 21
    assert frame in plain
    plain.remove(frame)
    assert native == [size for size in plain if size]


def test_a_native_function_is_not_in_a_traceback() -> None:
    body = "def f():\n    raise ValueError\n\n\nf()\n"
    assert "line 2, in f" in printed(body)
    assert ", in f" not in printed(NATIVE + body)
    assert "line 6, in <module>" in printed(NATIVE + body)


def test_words() -> None:
    assert [wrapped(value) for value in (0, 1 << 31, -1 - (1 << 31), 1 << 32)] == [0, -(1 << 31), (1 << 31) - 1, 0]
    assert [in_range(value) for value in (1 << 30, (1 << 30) - 1, -(1 << 30), -(1 << 30) - 1)] == [
        False,
        True,
        True,
        False,
    ]
