"""Compare what image calls ask of the heap and of fb_alloc or UMA with what the camera asked, call by call.

    python -m tools.compare_images [--release 4.8.1] [--shared ../shared] [--only find_blobs] [--show 10] [PICTURE …]

Every call runs in the context in which it was measured (``oracle/image/prelude.py``); pictures are drawn by
``make_pictures.py`` or are those of OpenMV's unit tests. A line a method: calls, equal heap requests, equal peaks of
scratch memory, equal exceptions.
"""

from __future__ import annotations

import argparse
import collections
import json
import runpy
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.boards import load_board
from omvsim.micropython.errors import Fault, Raised, Unknown
from omvsim.micropython.memory import Phase
from omvsim.micropython.parser import Input
from omvsim.micropython.running import RunningPlace, compile_source, open_file
from omvsim.micropython.values import PrintKind
from omvsim.modules.vfs.filesystem import MemoryFiles
from omvsim.modules.vfs.mounts import Mounts
from omvsim.runs.boot import boot
from omvsim.runs.session import ScriptOptions, ScriptSession

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = {"GRAYSCALE": "G", "RGB565": "R", "BINARY": "B", "BAYER": "Y"}
CHOSEN_BY_ROOM = ("all", "avail")
"""Operations whose size is what is left: the measured board had less fb_alloc than the camera."""

MOST_BUT_FOR_ROOM = 3_500_000
"""No call asks for more but for all that is left."""


@dataclass
class Asked:
    """What a call asked for, and how it ended."""

    heap: list[int] = field(default_factory=list)
    fb: list[tuple[str, int]] = field(default_factory=list)
    peak: int = 0
    error: str = ""
    unknown: str = ""
    value: str = ""


class FbRecorder:
    """Wraps the methods of fb_alloc so that its requests are written down."""

    def __init__(self, stack: Any) -> None:
        self.stack = stack
        self.ops: list[tuple[str, int]] = []
        self.peak = 0
        self.start = stack.pointer
        alloc, every, mark = stack.alloc, stack.alloc_all, stack.mark

        def note() -> None:
            self.peak = max(self.peak, self.start - stack.pointer)

        def recorded_alloc(size: int, hints: int = 0) -> Any:
            self.ops.append(("alloc", size))
            made = alloc(size, hints)
            note()
            return made

        def recorded_all(hints: int = 0) -> Any:
            span = every(hints)
            self.ops.append(("all", span.size))
            note()
            return span

        def recorded_mark() -> None:
            self.ops.append(("mark", 4))
            mark()
            note()

        stack.alloc, stack.alloc_all, stack.mark = recorded_alloc, recorded_all, recorded_mark

    def reset(self) -> None:
        """Before a call."""
        self.ops.clear()
        self.peak, self.start = 0, self.stack.pointer


class UmaRecorder:
    """The same for UMA."""

    def __init__(self, pools: Any) -> None:
        self.pools = pools
        self.ops: list[tuple[str, int]] = []
        self.peak = self.held = 0
        self.sizes: dict[int, int] = {}
        malloc, free = pools.malloc, pools.free

        def recorded(size: int, flags: int = 0) -> Any:
            self.ops.append(("malloc", size))
            made = malloc(size, flags)
            if made is not None:
                self.sizes[made] = self.block(size)
                self.held += self.sizes[made]
                self.peak = max(self.peak, self.held)
            return made

        def recorded_free(address: int | None) -> None:
            if address is not None:
                self.held -= self.sizes.pop(address, 0)
            free(address)

        pools.malloc, pools.free = recorded, recorded_free

    @staticmethod
    def block(size: int) -> int:
        """What a block holds of its pool: whole lines of the cache."""
        return -(-size // 32) * 32

    def reset(self) -> None:
        """Before a call."""
        self.ops.clear()
        self.peak = self.held = 0
        self.sizes.clear()


class Bench:
    """One camera with the prelude's names, for one picture and format."""

    def __init__(self, release: str, shared: Path, pictures: Path, picture: str, letter: str) -> None:
        board = load_board("openmv-rt1062", firmware=release)
        prelude = (shared / "oracle/image/prelude.py").read_text(encoding="utf-8")
        text = prelude.replace("@PIC@", picture).replace("@FMT@", letter).replace("image.HaarCascade(", "int(")
        self.script = pictures / "main.py"
        self.script.write_text(text, encoding="utf-8")
        session = ScriptSession(board, self.script, ScriptOptions(frames=None, requests=True), text.encode())
        self.vm, self.world = session.vm, session.world
        files = MemoryFiles()
        for path in (*pictures.iterdir(), *(shared / "pictures").rglob("*")):
            if path.is_file() and path.suffix in (".pgm", ".ppm", ".bmp", ".jpg", ".cascade", ".orb"):
                files.write("/" + path.name, path.read_bytes())
        for ending in (".pgm", ".ppm"):
            files.write(f"/scene{ending}", (pictures / f"scene_qqvga{ending}").read_bytes())
        self.vm.part(Mounts).mount("/flash", files)
        session.booted = boot(self.vm, board)
        self.vm.memory.place = RunningPlace()
        self.vm.memory.place.phase = Phase.RUN
        self._run(text)
        camera = self.world.camera
        self.fb: Any = FbRecorder(camera.fb_alloc) if camera.fb_alloc is not None else UmaRecorder(camera.uma)

    def _run(self, text: str) -> None:
        lexer = open_file(self.vm, "main.py", text.encode())
        self.vm.call(compile_source(self.vm, lexer, Input.FILE, self.vm.main))

    def ask(self, call: str) -> Asked:
        """Run one call."""
        vm, asked = self.vm, Asked()
        setup = "def _setup():\n  global img\n  img = None\n  img = base.copy()\n\n_setup()\n"
        setup += f"def _call():\n  r = {call}\n  return r\n"
        self._run(setup)
        vm.memory.collect()
        fun = vm.main.map.found["_call"].value  # type: ignore[attr-defined]  # a dict
        assert vm.memory.tape is not None
        vm.memory.tape.clear()
        self.fb.reset()
        error: Any = None
        try:
            vm.call(fun)
        except Raised as raised:
            error = raised.value
        except (Unknown, Fault) as unknown:
            asked.unknown = str(unknown)
        asked.heap = [each.size for each in vm.memory.tape if each.kind == "alloc" or each.how == "move"]
        if error is not None:
            asked.error = vm.text(error, PrintKind.EXC)
        asked.fb, asked.peak = list(self.fb.ops), self.fb.peak
        return asked


def spread(pairs: list[list[int]]) -> list[int]:
    """[bytes, times] pairs in full."""
    return [size for size, times in pairs for _ in range(times)]


def wanted_fb(row: dict[str, Any]) -> list[tuple[str, int]]:
    """Requests of fb_alloc or UMA of a measured call."""
    found = []
    for op, times in row["fb"]:
        kind, size, *_ = op.split(":")
        if kind in ("alloc", "all", "mark", "malloc", "calloc", "malign"):
            found += [("malloc" if kind in ("calloc", "malign") else kind, int(size))] * times
    return found


def rows(shared: Path, release: str) -> Iterator[dict[str, Any]]:
    """The measured calls."""
    for line in (shared / f"oracle/image/calls-{release}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def compared(row: dict[str, Any], asked: Asked) -> dict[str, bool]:
    """What is equal."""
    fb = wanted_fb(row)
    chosen = any(kind in CHOSEN_BY_ROOM for kind, _ in fb) or any(kind == "all" for kind, _ in asked.fb)
    chosen = chosen or any(size > MOST_BUT_FOR_ROOM for _, size in fb)
    same = [(kind, size) for kind, size in fb if kind not in CHOSEN_BY_ROOM and size <= MOST_BUT_FOR_ROOM]
    ours = [(kind, size) for kind, size in asked.fb if kind not in CHOSEN_BY_ROOM and size <= MOST_BUT_FOR_ROOM]
    peak = row.get("fb_peak", 0) - row.get("uma_used_before", 0)
    return {
        "heap": spread(row["gc"]) == asked.heap or bool(row.get("gc_truncated")),
        "fb": same == ours if chosen else bool(row.get("fb_truncated")) or peak == asked.peak,
        "error": row.get("exc", "") == asked.error,
        "known": not asked.unknown,
    }


def method_of(call: str) -> str:
    """The method or function that a call is about."""
    head = call.partition("(")[0]
    return head.rpartition(".")[2] if head.startswith(("img.", "image.")) else call[:20]


def main(arguments: list[str] | None = None) -> int:
    """Compare, print, and tell whether everything is equal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", nargs="*")
    parser.add_argument("--release", default="4.8.1")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--only")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args(arguments)
    only = options.only.split(",") if options.only else []
    _table(totals(options.shared, options.release, options.pictures, only, options.show))
    return 0


def _draw(shared: Path, folder: Path) -> None:
    before = sys.argv
    sys.argv = ["make_pictures.py", str(folder)]
    try:
        runpy.run_path(str(shared / "oracle/image/make_pictures.py"), run_name="__main__")
    finally:
        sys.argv = before


def totals(
    shared: Path, release: str, pictures: list[str], only: list[str], show: int = 0
) -> dict[str, collections.Counter[str]]:
    """How many rows of each method are equal in what; at most ``show`` others are printed."""
    found: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    shown = 0
    benches: dict[tuple[str, str], Bench] = {}
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder)
        _draw(shared, drawn)
        for row in rows(shared, release):
            method = method_of(row["call"])
            if (pictures and row["picture"] not in pictures) or (only and method not in only):
                continue
            key = (row["picture"], FORMATS[row["fmt"]])
            if key not in benches:
                benches.clear()
                benches[key] = Bench(release, shared, drawn, *key)
            asked = benches[key].ask(row["call"])
            equal = compared(row, asked)
            found[method]["rows"] += 1
            found[method].update(name for name, same in equal.items() if same)
            found[method]["all"] += all(equal.values())
            if not all(equal.values()) and shown < show:
                shown += 1
                _show(row, asked, equal)
    return found


def _show(row: dict[str, Any], asked: Asked, equal: dict[str, bool]) -> None:
    print(row["picture"], row["fmt"], row["call"], "differs in", [name for name, same in equal.items() if not same])
    if asked.unknown:
        print("   unknown", asked.unknown)
        return
    if not equal["heap"]:
        print("   camera", spread(row["gc"])[:40], row["realloc"][:6])
        print("   ours  ", asked.heap[:40])
    if not equal["fb"]:
        print("   camera", wanted_fb(row)[:16], row["fb_peak"])
        print("   ours  ", asked.fb[:16], asked.peak)
    if not equal["error"]:
        print("   camera", row.get("exc"), "| ours", asked.error)


def _table(totals: dict[str, collections.Counter[str]]) -> None:
    whole: collections.Counter[str] = collections.Counter()
    for name, counter in sorted(totals.items(), key=lambda item: item[1]["all"] - item[1]["rows"]):
        whole.update(counter)
        if counter["all"] < counter["rows"]:
            print(f"{name:24}", *(f"{key} {counter[key]}" for key in ("rows", "all", "heap", "fb", "error", "known")))
    print("total", dict(whole))


if __name__ == "__main__":
    sys.exit(main())
