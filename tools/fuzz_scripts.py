"""Run random scripts: whatever a script does, it ends as a camera's would, never in an exception of the host.

    python -m tools.fuzz_scripts --first 0 --count 1000

A script ends well if it finishes, raises an exception of the language, calls what is not modelled, reaches a limit or
would crash the camera. Anything else is shown once a kind (host exception and place) with its smallest seed; the exit
code is 1 then. A script is a function of its number (``--show N`` prints it).
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from omvsim.boards import load_board
from omvsim.compiler.parsing.parser import Input
from omvsim.compiler.running import HOST_FRAMES, open_file, run_source
from omvsim.errors import DeviceCrash
from omvsim.internal_error import InternalError
from omvsim.memory.requests import Phase
from omvsim.micropython.errors import Fault, LimitReached, Raised, ScriptOver, Unknown
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.modules.registry import MAKERS
from omvsim.runs.limits import Limits
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import SCRIPT_NAME, ScriptSession
from tools.script_grammar import PREAMBLE, Grammar

if TYPE_CHECKING:
    from types import FrameType

    from omvsim.boards import Board

SECONDS: Final = 5.0
HANGS_AFTER: Final = 20
"""Seconds after which a run that its own limit did not end is a hang."""
BATCH: Final = 50
NOT_CALLED: Final = {"input", "help", "__build_class__"}


class Hang(BaseException):
    """A script was not ended by its limit."""


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise Hang


class Fuzzer:
    """Makes and runs scripts by number."""

    def __init__(self, board: Board, folder: Path) -> None:
        self.board = board
        self.folder = folder
        self.endings: Counter[str] = Counter()
        self.kinds: dict[str, list[list[int]]] = {}
        """Host exceptions: for each one found the script that raised it, after those that ran on the same camera."""
        self.traces: dict[str, str] = {}
        vm = self._session(b"").vm
        methods: set[str] = set()
        for value in vm.builtins.values():
            if isinstance(value, NativeType):
                methods |= set(value.locals)
        self.methods = sorted(name for name in methods if name.isidentifier())
        called = (NativeFunction, NativeType)
        self.functions = sorted(n for n, v in vm.builtins.items() if isinstance(v, called) and n not in NOT_CALLED)
        self.modules: dict[str, list[str]] = {}
        for name in sorted(MAKERS):
            module = vm.modules.get(name)
            names = sorted(n for n in getattr(module, "names", {}) if isinstance(n, str) and n.isidentifier())
            if names:
                self.modules[name] = names

    def _session(self, text: bytes) -> ScriptSession:
        options = ScriptOptions(time_limit=SECONDS, run_models=False, files=self.folder)
        return ScriptSession(self.board, self.folder / "main.py", options, source=text)

    def text(self, number: int) -> str:
        """The script of a number."""
        return Grammar(number, self.methods, self.functions, self.modules).script()

    def whole(self, number: int) -> str:
        """A script with what comes before it, as one text."""
        return PREAMBLE + self.text(number)

    def run(self, number: int) -> str:
        """Run one script in a session of its own; how it ended, or "" after a host exception, which is kept."""
        session = self._session(self.whole(number).encode())
        signal.alarm(HANGS_AFTER)
        try:
            outcome, failure = session._outcome()  # the report and its two collections take 80 ms
        except (Exception, Hang) as error:
            return self._keep([number], error)
        finally:
            signal.alarm(0)
        return self._count(outcome.name if failure is None else f"{outcome.name} {failure.kind}".rstrip())

    def run_batch(self, numbers: range) -> None:
        """Run scripts one after the other on one camera, for as long as it lives: the start is most of a run."""
        session: ScriptSession | None = None
        done: list[int] = []
        for number in numbers:
            if session is None:
                session, done = self._session(PREAMBLE.encode()), []
                session._outcome()  # see above
            done.append(number)
            vm = session.vm
            limits = Limits(session.world, SECONDS, None, None)
            vm.on_tick = limits.look
            vm.memory.place.phase = Phase.OPEN
            signal.alarm(HANGS_AFTER)
            ending = ""
            try:
                ending = _end_of(session, limits, self.text(number).encode())
            except (Exception, Hang) as error:
                self._keep(done, error)
            finally:
                signal.alarm(0)
            if ending:
                self._count(ending)
            if not ending.startswith("EXCEPTION") and ending != "FINISHED":
                session = None

    def _count(self, ending: str) -> str:
        self.endings[ending] += 1
        return ending

    def _keep(self, numbers: list[int], error: BaseException) -> str:
        told = InternalError.of(error)
        kind = f"{told.kind} at {told.place}"
        self.kinds.setdefault(kind, []).append(numbers)
        self.traces.setdefault(kind, f"{told}\n" + "".join(traceback.format_exception(error)[-6:]))
        self.endings["HOST EXCEPTION"] += 1
        return ""


def _end_of(session: ScriptSession, limits: Limits, text: bytes) -> str:
    """Run a text on a camera that has run others."""
    vm = session.vm
    try:
        try:
            with limits.watched():
                run_source(vm, open_file(vm, SCRIPT_NAME, text), Input.FILE, vm.main, vm.main, is_main=True)
        except Raised as raised:
            error = raised.value
        else:
            return "FINISHED"
        _, failure = session._raised(error)  # what a session does then
    except (LimitReached, Fault, Unknown, ScriptOver, DeviceCrash) as ended:
        return type(ended).__name__
    return "EXCEPTION" if failure is None else f"EXCEPTION {failure.kind}"


def main(argv: list[str] | None = None) -> int:
    """Run the scripts asked for and tell what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--first", type=int, default=0, help="number of the first script")
    parser.add_argument("--count", type=int, default=1000, help="how many scripts")
    parser.add_argument("--show", type=int, metavar="N", help="print script N and stop")
    parser.add_argument("--traces", action="store_true", help="show a traceback for each kind")
    options = parser.parse_args(argv)
    sys.setrecursionlimit(HOST_FRAMES)
    signal.signal(signal.SIGALRM, _ring)
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(load_board(), Path(folder))
        if options.show is not None:
            print(fuzzer.whole(options.show), end="")
            return 0
        fuzzer.run(options.first)
        fuzzer.endings.clear()
        gc.collect()
        gc.freeze()
        start = time.monotonic()
        end = options.first + options.count
        with suppress(KeyboardInterrupt):  # what was found until then is told
            for number in range(options.first, end, BATCH):
                fuzzer.run_batch(range(number, min(end, number + BATCH)))
        seconds = time.monotonic() - start
    print(f"{sum(fuzzer.endings.values())} scripts from {options.first} in {seconds:.0f} s")
    for ending, count in fuzzer.endings.most_common():
        print(f"{count:8} {ending}")
    for kind, numbers in sorted(fuzzer.kinds.items(), key=lambda item: -len(item[1])):
        print(f"{len(numbers):6} {kind}: script {min(numbers, key=len)}")
        if options.traces:
            print(fuzzer.traces[kind])
    return 1 if fuzzer.kinds else 0


if __name__ == "__main__":
    sys.exit(main())
