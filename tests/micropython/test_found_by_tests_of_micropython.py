"""Kinds that MicroPython's own tests found, each with a script of ours; its npm build printed the same."""

from __future__ import annotations

import pytest

from omvsim.micropython.errors import Unknown
from tests.bare_machine import Run


def printed(text: str) -> str:
    return Run(text).printed


def test_a_return_in_a_handler_ends_a_generator_for_the_one_that_waits_for_it():
    """py/vm.c, YIELD_FROM: a swallowed GeneratorExit is raised again where it was passed on."""
    assert (
        printed(
            "def inner():\n    yield 1\n"
            "    try:\n        yield 2\n    except GeneratorExit:\n        print('swallowed')\n"
            "        return\n    yield 3\n"
            "def outer():\n    try:\n        print((yield from inner()))\n"
            "    except GeneratorExit:\n        print('again')\n"
            "g = outer()\nprint(next(g), next(g))\ng.close()\n"
        )
        == "1 2\nswallowed\nagain\n"
    )


def test_a_return_through_finally_ends_a_generator():
    assert (
        printed(
            "def inner():\n    for i in (1, 2):\n        try:\n            yield i\n            return 'value'\n"
            "        finally:\n            print('finally')\n"
            "def outer():\n    print((yield from inner()))\n"
            "g = outer()\nprint(next(g))\ntry:\n    next(g)\nexcept StopIteration:\n    print('end')\n"
        )
        == "1\nfinally\nvalue\nend\n"
    )


def test_the_main_module_can_be_imported():
    """py/runtime.c, ``mp_module___main__``: its names are the script's."""
    text = (
        "import __main__\nx = 3\n__main__.y = 4\nprint(__main__, __main__.x, y, __main__ is __import__('__main__'))\n"
    )
    assert printed(text) == "<module '__main__'> 3 4 True\n"


def test_seeding_without_a_number_takes_new_noise_each_time():
    """extmod/modrandom.c, MICROPY_PY_RANDOM_SEED_INIT_FUNC."""
    text = (
        "import random\ndef some():\n    return [random.getrandbits(16) for _ in range(9)]\n"
        "random.seed()\na = some()\nrandom.seed(None)\nprint(a == some())\n"
        "random.seed(5)\na = some()\nrandom.seed(5)\nprint(a == some())\n"
    )
    assert printed(text) == "False\nTrue\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("print(hash((1, 2)) == hash((1, 2)))", "hash of a tuple"),
        ("print({(1, 2): 3}[1, 2] == 3)", "hash of a tuple"),
        ("print(hash(frozenset((1,))) == hash(frozenset((1,))))", "hash of a frozenset"),
        ("print(hash(int) != 0)", "hash of what is in ROM"),
        ("print({len: 1, int: 2}[int] == 2)", "hash of what is in ROM"),
        ("print(hash([].append) == hash([].append) or True)", "hash of a method in ROM"),
        ("print(id(len) == id(len))", "id() of what is in ROM"),
        ("print(id('abc') == id('abc'))", "id() of a name"),
        ("help(int)\nprint(True)", "help() of what is in ROM"),
    ],
)
def test_what_follows_from_an_address_in_rom_is_told(text: str, what: str):
    """py/objtuple.c, py/objset.c, py/runtime.c: hashes count from addresses that the linker gave."""
    run = Run(text)
    assert run.printed.endswith("True\n")
    assert list(run.vm.stand_ins) == [what]


def test_what_follows_from_the_heap_is_known():
    text = (
        "class C:\n    pass\nc = C()\nd = {c: 1, 'a': 2, 5: 3, None: 4, 2.5: 6, b'b': 7}\n"
        "print(d[c], hash(c) != 0, id(c) != 0, id(None), hash(5), hash('a'), id(5))\nhelp(C)\n"
    )
    run = Run(text)
    assert run.printed.startswith("1 True True 6 5 46532 11\nobject <class 'C'> is of type type\n")
    assert not run.vm.stand_ins


def test_the_list_of_modules_is_not_known():
    with pytest.raises(Unknown, match="help"):
        Run("help('modules')")
    run = Run("help()")
    assert (run.printed, list(run.vm.stand_ins)) == ("Welcome to MicroPython!\n", ["help()"])


def test_a_power_whose_angle_is_beyond_single_precision_is_no_number() -> None:
    """``cosf`` and ``sinf`` of an infinity; found by random scripts."""
    assert printed("print(1j ** 3e38)") == "(nan+nanj)\n"
