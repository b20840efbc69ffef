"""asyncio: tasks, waiting, cancelling, errors; what importing it and running it ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

HEAD = "import asyncio\n"
CASES = {
    "order": (
        """
async def w(name, ms):
    for i in range(2):
        print(name, i)
        await asyncio.sleep_ms(ms)
    return name
async def main():
    a = asyncio.create_task(w('a', 10))
    b = asyncio.create_task(w('b', 15))
    print(await asyncio.gather(a, b, w('c', 1)))
asyncio.run(main())
""",
        "a 0\nb 0\nc 0\nc 1\na 1\nb 1\n['a', 'b', 'c']\n",
    ),
    "result": ("async def f():\n    await asyncio.sleep(0.01)\n    return 7\nprint(asyncio.run(f()))", "7\n"),
    "await task": (
        """
async def g():
    return 3
async def main():
    t = asyncio.create_task(g())
    print(t.done(), await t, t.done())
asyncio.run(main())
""",
        "False 3 True\n",
    ),
    "timeout": (
        """
async def slow():
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        print('cancelled')
        raise
async def main():
    try:
        await asyncio.wait_for(slow(), 0.05)
    except asyncio.TimeoutError:
        print('late')
    async def quick():
        return 'in time'
    print(await asyncio.wait_for(quick(), 1), await asyncio.wait_for_ms(quick(), 20))
asyncio.run(main())
""",
        "cancelled\nlate\nin time in time\n",
    ),
    "wait_for error": (
        """
async def bad():
    raise ValueError('q')
async def main():
    try:
        await asyncio.wait_for(bad(), 1)
    except ValueError as e:
        print('got', e)
asyncio.run(main())
""",
        "got q\n",
    ),
    "event": (
        """
async def waiter(e, n):
    await e.wait()
    print('woken', n)
async def main():
    e = asyncio.Event()
    ts = [asyncio.create_task(waiter(e, n)) for n in range(2)]
    await asyncio.sleep_ms(1)
    print(e.is_set())
    e.set()
    await asyncio.gather(*ts)
    e.clear()
    print(e.is_set())
asyncio.run(main())
""",
        "False\nwoken 0\nwoken 1\nFalse\n",
    ),
    "lock": (
        """
async def w(lock, n):
    async with lock:
        print('in', n, lock.locked())
        await asyncio.sleep_ms(2)
    print('out', n)
async def main():
    lock = asyncio.Lock()
    await asyncio.gather(w(lock, 0), w(lock, 1))
    try:
        lock.release()
    except RuntimeError as e:
        print(e)
asyncio.run(main())
""",
        "in 0 True\nout 0\nin 1 True\nout 1\nLock not acquired\n",
    ),
    "gather errors": (
        """
async def bad(n):
    await asyncio.sleep_ms(n)
    raise ValueError(n)
async def main():
    print(await asyncio.gather(bad(1), bad(2), return_exceptions=True))
    try:
        await asyncio.gather(bad(1), bad(90))
    except ValueError as e:
        print('first', e)
    await asyncio.sleep_ms(5)
asyncio.run(main())
""",
        "[ValueError(1,), ValueError(2,)]\nfirst 1\n",
    ),
    "cancel": (
        """
async def loop():
    try:
        while True:
            await asyncio.sleep_ms(5)
    finally:
        print('cleaned')
async def main():
    t = asyncio.create_task(loop())
    await asyncio.sleep_ms(12)
    print(t.cancel(), t.done())
    try:
        await t
    except asyncio.CancelledError:
        print('gone')
    print(t.cancel())
asyncio.run(main())
""",
        "True False\ncleaned\ngone\nFalse\n",
    ),
    "current": (
        "async def f():\n    print(asyncio.current_task() is not None)\nasyncio.run(f())\n"
        "try:\n    asyncio.current_task()\nexcept RuntimeError as e:\n    print(e)\n",
        "True\nno running event loop\n",
    ),
    "loop": (
        "async def f():\n    return 5\nloop = asyncio.get_event_loop()\nprint(loop.run_until_complete(f()))\n"
        "asyncio.new_event_loop()\nprint(loop.get_exception_handler())",
        "5\nNone\n",
    ),
    "no coroutine": (
        "try:\n    asyncio.run(5)\nexcept TypeError as e:\n    print(e)\ntry:\n    asyncio.nothing\n"
        "except AttributeError as e:\n    print(e)\n",
        "coroutine expected\nnothing\n",
    ),
    "forgotten error": (
        """
async def bad():
    raise ValueError('alone')
async def main():
    asyncio.create_task(bad())
    await asyncio.sleep_ms(3)
asyncio.run(main())
""",
        None,
    ),
}
IMPORT_BYTES = 4752
"""Measured: facts of the language traces, ``import asyncio``: 125 requests, 4 752 bytes in all."""


@pytest.mark.parametrize("name", [name for name, (_, printed) in CASES.items() if printed is not None])
def test_prints(run: Callable[..., Run], name: str) -> None:
    """What the camera prints."""
    text, printed = CASES[name]
    assert run(HEAD + text).printed == printed


def test_an_error_nobody_takes_is_told(run: Callable[..., Run]) -> None:
    """The default handler: three lines and the traceback, in the frozen file."""
    lines = run(HEAD + CASES["forgotten error"][0]).printed.splitlines()
    assert lines[0] == "Task exception wasn't retrieved"
    assert lines[1].startswith("future: <Task> coro= <generator object 'bad' at ")
    assert lines[2] == "Traceback (most recent call last):"
    assert lines[3] == '  File "asyncio/core.py", line 1, in run_until_complete'
    assert lines[-1] == "ValueError: alone"


def test_an_error_of_the_main_task_comes_out(run: Callable[..., Run]) -> None:
    """Through the loop's frames."""
    printed = run(HEAD + "async def f():\n    raise ValueError(1)\nasyncio.run(f())").printed
    assert 'File "asyncio/core.py", line 1, in run\n' in printed
    assert printed.endswith("ValueError: 1\n")


def test_requests_of_the_import(run: Callable[..., Run]) -> None:
    """125 requests, one more where the table of loaded modules is new."""
    asked = [size for kind, size in run("import asyncio").asked if kind == "alloc"]
    assert len(asked) == 125 + 1
    assert sum(asked) == IMPORT_BYTES + 16


def test_requests_of_a_run(run: Callable[..., Run]) -> None:
    """Task, frame of the loop, two tuples; frame of the wait and the tuple of its answer; the end's exception."""
    before = len(run(HEAD + "async def f(): pass\nf()").asked)
    asked = run(HEAD + "async def f(): pass\nasyncio.run(f())").asked[before:]
    assert asked == [
        ("alloc", 32),
        ("alloc", 104),
        ("alloc", 16),
        ("alloc", 16),
        ("alloc", 72),
        ("alloc", 16),
        ("free", 0),
        ("alloc", 16),
        ("alloc", 12),
        ("free", 0),
    ]


def test_the_old_name_leads_to_the_package(run: Callable[..., Run]) -> None:
    """``uasyncio`` has nothing of its own."""
    text = "import uasyncio\nasync def f():\n    await uasyncio.sleep_ms(1)\n    return 2\nprint(uasyncio.run(f()))"
    assert run(text).printed == "2\n"


def test_what_is_frozen_follows_from_the_names(run: Callable[..., Run]) -> None:
    """The measured builds: everything, and only ml and the boot script."""
    from omvsim.frozen import FrozenModules
    from omvsim.memory.firmware_names import Build, built_in_names

    full = FrozenModules(built_in_names("4.8.1", Build.FULL))
    plain = FrozenModules(built_in_names("4.8.1", Build.PLAIN))
    assert full.kind("asyncio/core.py") == full.kind("time.py") == "file"
    assert full.kind("asyncio") == full.kind("ml/postprocessing") == "dir"
    assert full.kind("nothing") == full.kind("boot.py") == plain.kind("asyncio") == plain.kind("time.py") == ""
    assert plain.kind("ml") == "dir"


def test_a_frozen_module_that_is_not_modelled_ends_the_run(run: Callable[..., Run]) -> None:
    """Not an ImportError, and not a pass."""
    from omvsim.micropython.errors import Unknown

    with pytest.raises(Unknown):
        run("import aioble")


@pytest.mark.parametrize(
    "text",
    [
        "t = _asyncio.Task(None, 1 < 2)\nt.cancel()",  # the names of the loop are taken for a dict
        "t = _asyncio.Task(None)\nt.cancel()",
        "t = _asyncio.Task(None)\nt.data = 5\nt.state = None\nnext(iter(t))",
        "t = _asyncio.Task(None)\nt.data = ValueError\nt.state = None\nnext(iter(t))",
    ],
)
def test_what_the_firmware_takes_without_a_look_is_a_crash(run: Callable[..., Run], text: str) -> None:
    """extmod/modasyncio.c: ``mp_asyncio_context`` and ``nlr_raise(self->data)``."""
    with pytest.raises(Fault):
        run("import _asyncio\n" + text)
    assert run("import _asyncio\nprint(_asyncio.Task(None, 1).done())").printed == "False\n"
