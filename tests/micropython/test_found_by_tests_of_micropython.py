"""Kinds that MicroPython's own tests found, each with a script of ours; its npm build printed the same."""

from __future__ import annotations

from tests.modules.conftest import Run


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
