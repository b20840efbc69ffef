"""Random scripts by number never end in an exception of the host; what the fuzzer finds is found again."""

from __future__ import annotations

import gc
import signal
import sys

import pytest

from omvsim.boards import load_board
from omvsim.compiler.running import HOST_FRAMES
from omvsim.runs import ScriptOptions, ScriptSession
from tools.fuzz_scripts import Fuzzer, main
from tools.script_grammar import Grammar

SCRIPTS = 150


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory):
    return Fuzzer(load_board(), tmp_path_factory.mktemp("files"))


@pytest.fixture
def deep():
    """As deep as the command allows itself to be; the alarm as it was."""
    limit, handler = sys.getrecursionlimit(), signal.getsignal(signal.SIGALRM)
    sys.setrecursionlimit(max(limit, HOST_FRAMES))
    yield
    sys.setrecursionlimit(limit)
    signal.signal(signal.SIGALRM, handler)


def test_a_script_is_a_function_of_its_number(fuzzer):
    assert fuzzer.text(7) == fuzzer.text(7)
    assert len({fuzzer.text(number) for number in range(50)}) == 50


def test_every_kind_of_statement_is_written(fuzzer):
    text = "".join(fuzzer.text(number) for number in range(300))
    for kind, name in Grammar.statements:
        assert callable(getattr(Grammar, f"_{name}"))
        assert kind > 0
    for word in ("while ", "with ", "async def", "yield from", "lambda", "except ", "finally:", "del ", "global ", "@"):
        assert word in text


@pytest.mark.usefixtures("deep")
def test_random_scripts_end_as_the_camera_would(fuzzer):
    gc.collect()
    gc.freeze()
    try:
        fuzzer.run_batch(range(SCRIPTS))
    finally:
        gc.unfreeze()
    assert fuzzer.kinds == {}
    assert sum(fuzzer.endings.values()) == SCRIPTS
    assert fuzzer.endings["FINISHED"] > SCRIPTS // 4


@pytest.mark.usefixtures("deep")
def test_a_host_exception_is_told_and_ends_in_1(capsys, monkeypatch):
    def broken(_self):
        raise ZeroDivisionError

    monkeypatch.setattr("omvsim.micropython.types.list_.List.clear", broken)
    monkeypatch.setattr(Grammar, "script", lambda _self: "[].clear()\n")
    from omvsim.micropython.types.list_ import List

    monkeypatch.setattr(List.native_type.locals["clear"], "host", broken)
    assert main(["--count", "2"]) == 1
    assert "TypeError at omvsim/micropython/native.py" in capsys.readouterr().out


@pytest.mark.usefixtures("deep")
def test_a_script_is_shown(capsys):
    assert main(["--show", "3"]) == 0
    assert "class W(D):" in capsys.readouterr().out


def run(tmp_path, text):
    script = tmp_path / "main.py"
    script.write_text(text)
    return ScriptSession(load_board(), script, ScriptOptions()).run()


def test_types_of_what_a_script_gets_by_the_way(tmp_path):
    """py/objgetitemiter.c, py/objfun.c: an iterator by ``__getitem__`` and a checked function have types too."""
    text = (
        "class C:\n    def __getitem__(self, i):\n        return i\n"
        "i = iter(C())\nprint(type(i), next(i), i is iter(i))\n"
        "try:\n    i.x\nexcept AttributeError as e:\n    print(e)\n"
        "class L(list):\n    pass\nprint(type(list.append), type(L.append))\n"
    )
    assert run(tmp_path, text).output == (
        "<class 'iterator'> 0 True\n'iterator' object has no attribute 'x'\n<class 'function'> <class 'function'>\n"
    )
