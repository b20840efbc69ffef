"""Compare what our MicroPython asks of the heap with what the camera asked, script by script.

    python -m tools.compare_language [--release 4.8.1] [--shared ../shared] [NAME …]

With one name the first difference of each phase is shown with its surroundings; with several or none, a line a script
and a table of totals. The heap starts as the trace's boot left it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omvsim.boards import known_release, load_board
from omvsim.compiler.running import run_script
from omvsim.firmware import Camera
from omvsim.frozen import FrozenModules
from omvsim.heap import GcReplay
from omvsim.library.package import BODIES
from omvsim.memory.requests import Phase, Request
from omvsim.micropython.boot import adopt
from omvsim.micropython.camera import new_machine
from omvsim.modules import install
from omvsim.standard.vfs.filesystem import MemoryFiles
from omvsim.standard.vfs.mounts import Mounts
from omvsim.world.clock import Clock
from omvsim.world.files import Files
from omvsim.world.frame_source import FrameSource
from omvsim.world.kernels import Kernels
from omvsim.world.ledger import Ledger
from omvsim.world.world import CameraMachine, World

PHASES = (Phase.OPEN, Phase.PARSE, Phase.COMPILE, Phase.RUN)
END = "\n[[END]]\n"
Asked = tuple[str, int, int]
"""Kind, bytes, address."""


@dataclass
class Outcome:
    """One script: which phases are equal (requests with addresses), whether the text is, what went wrong."""

    name: str
    equal: dict[Phase, bool] = field(default_factory=dict)
    counts: dict[Phase, tuple[int, int]] = field(default_factory=dict)
    text: bool = False
    first: str = ""
    crash: str = ""
    seconds: float = 0.0

    @property
    def all_equal(self) -> bool:
        """Every phase and the text."""
        return self.text and all(self.equal.get(phase, False) for phase in PHASES)


@dataclass
class Trace:
    """A measured run: header, events of boot, events from the script's opening on."""

    header: dict[str, Any]
    boot: list[dict[str, Any]]
    script: list[dict[str, Any]]

    @property
    def areas(self) -> list[tuple[int, int]]:
        """The heap's areas."""
        return [(int(start, 16), size) for start, size in self.header["areas_arg"]]

    @property
    def text(self) -> str:
        """What was printed."""
        out: str = self.header["stdout"]
        return out.partition(END)[0]

    def tables(self) -> tuple[int, int]:
        """Where boot left the tables of the main module (12 entries) and of the loaded modules (the first request)."""
        asked = [event for event in self.boot if event["ev"] == "alloc"]
        main = [event["addr"] for event in asked if event["n"] == 96 and event.get("file") == "_boot.py"]
        return main[-1], asked[0]["addr"]

    def garbage(self) -> list[int]:
        """Chunks of boot that the first collection found dead."""
        boot = {event["addr"] for event in self.boot if event["ev"] in ("alloc", "realloc")}
        dead: set[int] = set()
        for event in self.script:
            if event["ev"] == "sweep" and event["addr"] in boot:
                dead.add(event["addr"])
            if event["ev"] == "collect_end" and dead:
                break
        return sorted(dead)


def load(path: Path) -> Trace:
    """Read a trace."""
    with gzip.open(path, "rt") as lines:
        header, *events = [json.loads(line) for line in lines]
    start = next(at for at, event in enumerate(events) if event.get("label") == "h.open")
    return Trace(header, events[:start], events[start:])


def measured(trace: Trace) -> dict[Phase, list[tuple[Asked, dict[str, Any]]]]:
    """Requests by phase, up to the end of the script."""
    found: dict[Phase, list[tuple[Asked, dict[str, Any]]]] = {phase: [] for phase in PHASES}
    at = 0
    for event in trace.script:
        label = event.get("label")
        if label == "exit":
            break
        if at + 1 < len(PHASES) and label == f"h.{PHASES[at + 1]}":
            at += 1
        if event["ev"] in ("alloc", "free", "realloc") and not event.get("in_realloc"):
            if event["ev"] == "free" and (event["addr"] is None or event.get("ignored")):
                continue
            found[PHASES[at]].append(((event["ev"], event.get("n", 0), event["addr"] or 0), event))
    return found


def ours(tape: list[Request]) -> dict[Phase, list[tuple[Asked, Request]]]:
    """Our requests by phase: the first request of a phase begins it for good."""
    found: dict[Phase, list[tuple[Asked, Request]]] = {phase: [] for phase in PHASES}
    at = 0
    for request in tape:
        if at + 1 < len(PHASES) and request.phase in PHASES and PHASES.index(request.phase) > at:
            at = PHASES.index(request.phase)
        found[PHASES[at]].append(((request.kind, request.size, request.address), request))
    return found


def surroundings(machine: CameraMachine, release: str) -> World:
    """What the camera's modules work on: a camera without files that sees noise."""
    board = load_board("openmv-rt1062", release)
    files = Files(Path("nowhere"))
    ledger = Ledger(machine.memory)
    return World(board, Camera(board), ledger, files, FrameSource(), Kernels.AUTO, machine.part(Clock))


def compare(trace: Trace, name: str, release: str) -> Outcome:
    """Run the script on the heap that boot left."""
    outcome = Outcome(name)
    replay = GcReplay(trace.areas)
    for event in trace.boot:
        replay.feed(event)
    replay.heap.auto_collect = True
    text: list[str] = []
    machine = new_machine(replay.heap, known_release(release), text.append, kind=CameraMachine)
    machine.world = surroundings(machine, release)
    install(machine, FrozenModules(machine.strings.built_in, BODIES))
    # a second name that the firmware has: the measured camera had one
    files = {"main.py": trace.header["script"].encode(), "display": b""}
    machine.part(Mounts).mount("/flash", MemoryFiles(files))
    adopt(machine, *trace.tables())
    machine.memory.tape = []
    machine.memory.dead.extend(trace.garbage())
    start = time.process_time()
    try:
        run_script(machine, "main.py", trace.header["script"].encode())
    except Exception:
        lines = traceback.format_exc().splitlines()
        outcome.crash = lines[-1] + " | " + " < ".join(line.strip() for line in lines[-3:-1])
    outcome.seconds = time.process_time() - start
    theirs, mine = measured(trace), ours(machine.memory.tape)
    for phase in PHASES:
        left, right = theirs[phase], mine[phase]
        outcome.counts[phase] = len(left), len(right)
        outcome.equal[phase] = [asked for asked, _ in left] == [asked for asked, _ in right]
        if not outcome.equal[phase] and not outcome.first:
            outcome.first = difference(phase, left, right)
    printed = "".join(text).encode("utf-8", "surrogateescape").decode("latin-1")  # as the traces have it
    outcome.text = printed.rstrip("\n") == trace.text.rstrip("\n")
    if not outcome.text and not outcome.first:
        outcome.first = f"text: {text_difference(trace.text, printed)}"
    outcome.detail = (theirs, mine, trace.text, printed)  # type: ignore[attr-defined]  # for one script only
    return outcome


def difference(phase: Phase, left: list[tuple[Asked, dict[str, Any]]], right: list[tuple[Asked, Request]]) -> str:
    """The first request that differs."""
    at = first_unequal(left, right)
    camera = describe(left[at]) if at < len(left) else "nothing more"
    own = describe(right[at]) if at < len(right) else "nothing more"
    return f"{phase} request {at}: camera {camera}, here {own}"


def first_unequal(left: list[tuple[Asked, Any]], right: list[tuple[Asked, Any]]) -> int:
    """Index of the first difference."""
    for at, (one, other) in enumerate(zip(left, right, strict=False)):
        if one[0] != other[0]:
            return at
    return min(len(left), len(right))


def describe(asked: tuple[Asked, dict[str, Any] | Request]) -> str:
    """A request with its place."""
    (kind, size, address), source = asked
    if isinstance(source, Request):
        place = f"line {source.line} {source.function} {source.how}"
    else:
        line = source.get("l", source.get("pl", source.get("cp", "")))
        place = f"line {line} {source.get('f', source.get('sc', ''))} {source.get('how', '')}"
    return f"{kind} {size} @{address:08x} ({place.strip()})"


def text_difference(left: str, right: str) -> str:
    """The first line that differs."""
    for at, (one, other) in enumerate(zip([*left.splitlines(), ""], [*right.splitlines(), ""], strict=False)):
        if one != other:
            return f"line {at + 1}: camera {one!r}, here {other!r}"
    return "one ends early"


def show(outcome: Outcome, context: int) -> None:
    """Everything about one script."""
    theirs, mine, left_text, right_text = outcome.detail  # type: ignore[attr-defined]  # set by compare
    for phase in PHASES:
        left, right = theirs[phase], mine[phase]
        print(f"{phase}: {len(left)} requests, here {len(right)}, {'equal' if outcome.equal[phase] else 'DIFFERENT'}")
        if not outcome.equal[phase]:
            at = first_unequal(left, right)
            for n in range(max(0, at - context), at + context):
                camera = describe(left[n]) if n < len(left) else "-"
                own = describe(right[n]) if n < len(right) else "-"
                print(f"{'>' if n == at else ' '} {n:5} {camera:60} | {own}")
    if not outcome.text:
        print("text:", text_difference(left_text, right_text))
    if outcome.crash:
        print("host error:", outcome.crash)


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--release", action="append", choices=["4.8.1", "5.0.0"])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--context", type=int, default=6)
    parser.add_argument("--failing", action="store_true", help="only scripts that differ")
    options = parser.parse_args()
    sys.setrecursionlimit(20000)
    for release in options.release or ["4.8.1", "5.0.0"]:
        folder = options.shared / "oracle" / "language" / "traces" / release
        paths = sorted(folder.glob("*.jsonl.gz"))
        chosen = [path for path in paths if not options.names or path.name.split(".")[0] in options.names]
        outcomes = []
        for path in chosen:
            outcome = compare(load(path), path.name.split(".")[0], release)
            outcomes.append(outcome)
            if len(options.names) == 1:
                show(outcome, options.context)
            elif not (options.failing and outcome.all_equal):
                marks = "".join("=" if outcome.equal[phase] else "x" for phase in PHASES)
                note = outcome.crash or outcome.first
                print(f"{marks}{'=' if outcome.text else 'x'} {outcome.name:26} {outcome.seconds:6.2f} s {note[:220]}")
        total = max(len(outcomes), 1)
        line = [f"{phase} {sum(o.equal[phase] for o in outcomes)}" for phase in PHASES]
        everything = sum(o.all_equal for o in outcomes)
        print(
            f"{release}: {len(outcomes)} scripts; equal: {', '.join(line)}, text {sum(o.text for o in outcomes)}, "
            f"all {everything} ({everything / total:.1%}); host errors {sum(bool(o.crash) for o in outcomes)}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
