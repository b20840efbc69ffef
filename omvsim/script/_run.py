"""Runs a script on a simulated camera."""

from __future__ import annotations

import ast
import gc as host_gc
import sys
import traceback
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING, Any, NoReturn

from omvsim.errors import DeviceCrash, DeviceError, DeviceHang
from omvsim.firmware import Camera, Player, recording
from omvsim.heap import BLOCK
from omvsim.reading import read_text
from omvsim.runs.files import Files
from omvsim.runs.frame_source import FrameSource
from omvsim.runs.kernels import Kernels
from omvsim.script._barrier import LOCALS, RUNTIME
from omvsim.script._builtins import Builtins
from omvsim.script._compile import compile_cost
from omvsim.script._errors import (
    CLASSES,
    FrameLimit,
    NotModelled,
    ScriptError,
    ScriptSourceError,
    ScriptStopped,
    TimeLimit,
    describe,
)
from omvsim.script._imports import Importer
from omvsim.script._loops import Frame
from omvsim.script._memory import Memory
from omvsim.script._result import Failure, FrameLoop, Outcome, ScriptResult
from omvsim.script._runtime import Runtime
from omvsim.script._streams import open_file
from omvsim.script._time_limit import Deadline
from omvsim.script._transform import HIDDEN, Program, transform
from omvsim.script._unmodelled import BUILTINS, names_of
from omvsim.script._values import Native
from omvsim.script._vocabulary import firmware_words
from omvsim.script._world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from omvsim.boards import Board
    from omvsim.firmware import LoadMode
    from omvsim.script._loops import Snapshot
    from omvsim.script._memory import RefusedEvent
    from omvsim.script._world import Mark

DEFAULT_FRAMES = 20
HOST_RECURSION = 6_000
CPU_HZ = 600_000_000
CYCLES_PER_BLOCK = 26
"""From MicroPython's own figure, about 1 ms for a 100 KB heap at 168 MHz (docs/reference/constrained.rst)."""
_SCRIPT_PATH = "/flash/main.py"


@dataclass(frozen=True, slots=True)
class ScriptOptions:
    """What a run may be given.

    ``files`` is the folder behind the camera's file systems (the script's own by default), ``models`` are files that
    are on all of them under their name, ``source`` says where frames come from, ``frames`` ends an endless loop.
    """

    frames: int | None = DEFAULT_FRAMES
    time_limit: float | None = None
    """Seconds of this computer after which the run ends, wherever it is; None: never."""
    source: str | None = None
    files: Path | None = None
    models: tuple[Path, ...] = ()
    detections: int | None = None
    run_models: bool = True
    kernels: Kernels = Kernels.AUTO
    echo: bool = False
    seed: int = 0
    extra: dict[str, Path] = field(default_factory=dict)
    load: LoadMode | None = None
    """Where every model is loaded from or to, whatever the script says: for ways out."""
    collect_before_load: bool = False


class _Globals(MutableMapping[str, Any]):
    """The script's global names: a new one may make the camera's table larger."""

    def __init__(self, names: dict[str, Any], session: ScriptSession) -> None:
        self.names = names
        self.session = session

    def __getitem__(self, name: str) -> Any:
        return self.names[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self.names and not name.startswith(HIDDEN):
            self.session.new_global(name)
        self.names[name] = value

    def __delitem__(self, name: str) -> None:
        del self.names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class ScriptSession:
    """One run: a board, a script, options."""

    def __init__(self, board: Board, script: Path, options: ScriptOptions) -> None:
        self.board = board
        self.script = script
        self.options = options
        self.source = _read(script)
        self.filename = f"<script {script.name}>"
        self.program: Program = transform(self.source, self.filename, str(script))
        self.camera = Camera(board)
        self.memory = Memory(self.camera.py, self.filename)
        extra = {path.name: path for path in options.models} | options.extra
        self.world = World(
            board,
            self.camera,
            Files(options.files or script.parent, extra, script.resolve()),
            FrameSource(options.source, options.seed),
            forced_detections=options.detections,
            run_models=options.run_models,
            kernels=options.kernels,
            echo=options.echo,
            seed=options.seed,
            load=options.load,
            collect_before_load=options.collect_before_load,
        )
        if not self.camera.generation.scripts_measured:
            self.world.note(
                f"modelled: scripts on release {board.firmware} were not measured; what the script itself asks for is "
                "charged as 4.8.1's interpreter asks"
            )
        self.runtime = Runtime(self.memory, options.frames)
        self.runtime.frames = dict(self.program.frames)
        self.runtime.names_of_camera = names_of(self.world.release)
        self.world.line = self.memory.line
        self.used_at_start = 0
        self._kept: list[Any] = []

    # -- start --------------------------------------------------------------------------------------------------

    def _boot(self) -> dict[str, Any]:
        memory = self.memory
        memory.charging = 0
        Player(self.camera.py, recording(_SCRIPT_PATH, self.board.firmware), _SCRIPT_PATH).play("boot")
        self.runtime.make.known = firmware_words() | self.program.strings
        cost = compile_cost(self.program.tree, firmware_words())
        temporary = memory.alloc(cost.temporary, "compile main.py: parser")
        self._kept += [memory.alloc(size, "compile main.py") for size in cost.kept if size]
        memory.alloc(max(cost.garbage, 1), "compile main.py: garbage")
        memory.free(temporary)
        builtins = Builtins(self.runtime, self.world.write, self.world.release)
        table = builtins.table()
        table["open"] = Native("open", lambda *values, **more: open_file(self.runtime, self.world, *values, **more))
        self.runtime.sort = builtins.sort
        table["__build_class__"] = __build_class__
        table[LOCALS] = locals
        for name in BUILTINS:
            table.setdefault(name, Native(name, _lacking(name)))
        self.runtime.builtins = table
        self.runtime.importer = Importer(self.runtime, self.world)
        memory.charging = None
        self.used_at_start = memory.heap.gc.used
        memory.high_water = self.used_at_start
        names = {"__name__": "__main__", "__builtins__": table, RUNTIME: self.runtime}
        names["gc"] = self.runtime.imported("gc")
        return names

    def new_global(self, name: str) -> None:
        """A name is bound for the first time."""
        self.camera.py.set_global(name, None)

    # -- run ----------------------------------------------------------------------------------------------------

    def run(self) -> ScriptResult:
        """Run the script to its end, its first uncaught exception, or its last frame.

        Raises:
            ScriptSourceError: the script imports a module that the camera does not have, and does not catch that.
        """
        outcome, failure = Outcome.FINISHED, None
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, HOST_RECURSION))
        host_gc.collect()
        host_gc.freeze()
        deadline = Deadline(self.options.time_limit)
        self.runtime.loops.deadline = deadline
        try:
            with deadline.watched():
                names = self._boot()
                exec(self.program.code, names, _Globals(names, self))
        except NotModelled as error:
            outcome = Outcome.NOT_MODELLED
            self.world.unmodelled.add(error.what, self._line_of(error))
        except TimeLimit:
            outcome = Outcome.TIME_LIMIT
        except KeyboardInterrupt:
            outcome = Outcome.INTERRUPTED
        except FrameLimit:
            outcome = Outcome.FRAMES_DONE
        except ScriptStopped:
            outcome = Outcome.STOPPED
        except CLASSES["SystemExit"]:
            outcome = Outcome.STOPPED
        except DeviceHang as error:
            outcome, failure = Outcome.HANGS, self._failure(error)
        except DeviceCrash as error:
            outcome, failure = Outcome.MAY_CRASH, self._failure(error)
        except (ScriptError, DeviceError, NameError, RecursionError) as error:
            outcome, failure = Outcome.EXCEPTION, self._failure(error)
            self._refuse_import(error, failure)
        except Exception as error:
            error.add_note(f"at line {self._line_of(error)} of {self.script}")
            raise
        finally:
            host_gc.unfreeze()
            sys.setrecursionlimit(limit)
        return self._result(outcome, failure)

    def _refuse_import(self, error: BaseException, failure: Failure) -> None:
        """A module that does not exist is a fault of the call, not of the camera's memory."""
        if isinstance(error, CLASSES["ImportError"]):
            raise ScriptSourceError(f"{self.script}:{failure.line}", failure.text) from None

    def _failure(self, error: BaseException) -> Failure:
        trace = self._trace(error)
        refused = self._refused() if self.memory.books.refused and "MemoryError" in describe(error) else None
        text = describe(error)
        line = trace[-1][0] if trace else 0
        why = (error.because, error.remedy) if isinstance(error, DeviceError) else ("", "")
        return Failure(text, text.partition(":")[0], line, trace, refused, *why)

    def _line_of(self, error: BaseException) -> int:
        trace = self._trace(error)
        return trace[-1][0] if trace else 0

    def _trace(self, error: BaseException) -> tuple[tuple[int, str], ...]:
        return tuple(
            (entry.lineno or 0, "<module>" if entry.name == "<module>" else entry.name)
            for entry in traceback.extract_tb(error.__traceback__)
            if entry.filename == self.filename
        )

    def _refused(self) -> RefusedEvent | None:
        """The request that failed first: building the exception may have failed after it."""
        found = [event for event in self.memory.books.refused if not event.what.startswith(("exception", "traceback"))]
        return found[-1] if found else None

    # -- what came out ------------------------------------------------------------------------------------------

    def _result(self, outcome: Outcome, failure: Failure | None) -> ScriptResult:
        memory, world = self.memory, self.world
        used = memory.heap.gc.used
        if outcome is Outcome.EXCEPTION and world.unmodelled.calls:
            outcome = Outcome.NOT_MODELLED  # the exception may come of what is missing
        loop = self._loop()
        live = sum(_blocks(memory, chunk.address) for chunk in memory.heap.reachable())
        return ScriptResult(
            script=str(self.script),
            board=self.board,
            outcome=outcome,
            failure=failure,
            output="".join(world.output),
            lines=dict(sorted(memory.books.lines.items())),
            loop=loop,
            collections=tuple(memory.books.collections),
            refused=tuple(memory.books.refused),
            marks=tuple(world.marks),
            high_water=memory.high_water,
            used_at_start=self.used_at_start,
            used_at_end=used,
            collection_ms=self._collection_ms(),
            live_at_end=live,
            detections=tuple(world.detections),
            inferences=world.inferences,
            notes=tuple(world.notes),
            cut_loops=tuple(self.runtime.loops.cut),
            source_lines=tuple(self.source.splitlines()),
            models=tuple(world.models.values()),
            free_at_end=memory.heap.gc.free_bytes,
            longest_free_at_end=memory.heap.gc.max_free() * BLOCK,
            unmodelled=world.unmodelled.calls,
            time_limit=self.options.time_limit,
        )

    def _collection_ms(self) -> float:
        """An estimate: a collection walks the table of every area up to its last used block."""
        walked = sum(area.last_used_block + 1 for area in self.memory.heap.gc.areas)
        return walked * CYCLES_PER_BLOCK / CPU_HZ * 1000

    def _loop(self) -> FrameLoop | None:
        record = self.runtime.loops.frame_loop()
        frames: Sequence[Frame] = marked_frames(self.world.marks)
        if record is None:
            return None
        frames = frames or record.frames
        collections = self.memory.books.collections
        automatic = [
            number
            for number, frame in enumerate(frames)
            if any(event.automatic for event in collections[frame.start.collections : frame.end.collections])
        ]
        garbage = median_low([frame.garbage for frame in frames])
        until = None
        if len(automatic) > 1:
            until = automatic[1] - automatic[0]
        elif garbage > 0:
            free = self.memory.heap.gc.free_bytes if not automatic else 0
            until = len(frames) + free // garbage if free else None
        return FrameLoop(
            line=record.line,
            body=loop_lines(self.program.tree, record.line),
            frames=tuple(frames),
            first_collection=automatic[0] if automatic else None,
            collections=tuple(automatic),
            garbage_bytes=garbage,
            allocated_bytes=median_low([frame.bytes for frame in frames]),
            allocations=median_low([frame.allocations for frame in frames]),
            frames_until_collection=until,
        )


def _lacking(name: str) -> Callable[..., NoReturn]:
    def call(*_values: Any, **_names: Any) -> NoReturn:
        raise NotModelled(f"{name}()")

    return call


def marked_frames(marks: Sequence[Mark]) -> list[Frame]:
    """Frames as a script of the measuring firmware marks them: from ``it`` to ``refresh`` or the next ``it``."""
    frames: list[Frame] = []
    start: Snapshot | None = None
    for mark in marks:
        if start is not None and mark.label in ("it", "refresh"):
            frames.append(Frame(start, mark.books, mark.largest))
            start = None
        if mark.label == "it":
            start = mark.books
    return frames


def loop_lines(tree: ast.Module, line: int) -> frozenset[int]:
    """Lines of the loop at ``line`` and of every function of the script (which it may call)."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) or (isinstance(node, ast.For | ast.While) and node.lineno == line):
            found.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return frozenset(found)


def _blocks(memory: Memory, address: int) -> int:
    area, block = memory.heap.gc.locate(address)
    return area.chunk_blocks(block) * 16


def _read(script: Path) -> str:
    try:
        return read_text(script)
    except OSError as error:
        raise ScriptSourceError(script, error.strerror or "cannot be read") from error
    except UnicodeDecodeError as error:
        raise ScriptSourceError(script, "not a text file in UTF-8") from error


def run_script(script: str | Path, board: Board, options: ScriptOptions | None = None) -> ScriptResult:
    """Run a script on a simulated camera.

    Args:
        script: path of the ``.py`` file.
        board: the camera.
        options: frames, files, models and the like.

    Raises:
        InputError: the script or a file given with it cannot be used.
    """
    return ScriptSession(board, Path(script), options or ScriptOptions()).run()


__all__ = ["ScriptOptions", "ScriptSession", "run_script"]
