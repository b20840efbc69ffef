"""Runs a script on a simulated camera, from power-up to its end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim._data_files import shown
from omvsim.compiler.parsing.parser import Input
from omvsim.compiler.running import HOST_FRAMES, RunningPlace, compile_source, open_file, print_uncaught, raised_at
from omvsim.errors import DeviceCrash, DeviceHang, ScriptSourceError, UseAfterFree
from omvsim.firmware import Camera, MomentKind
from omvsim.heap import BLOCK
from omvsim.memory.requests import Phase
from omvsim.micropython.errors import Fault, LimitReached, Raised, ScriptOver, Unknown
from omvsim.micropython.exceptions import BY_NAME
from omvsim.reading import MOST_TEXT_BYTES, read_bytes
from omvsim.records import replace
from omvsim.runs.aside import host_aside
from omvsim.runs.boot import boot
from omvsim.runs.collecting import CollectionTimes
from omvsim.runs.frame_loop import loop_of
from omvsim.runs.limits import CameraTimeOver, Limits
from omvsim.runs.mounting import mount
from omvsim.runs.options import ScriptOptions
from omvsim.runs.outside import outside
from omvsim.runs.result import Failure, Outcome, ScriptResult
from omvsim.runs.start import new_camera_machine
from omvsim.runs.states import MemorySnapshot, area_states, pool_states
from omvsim.runs.steps import StepBooks
from omvsim.runs.trust import notes_of
from omvsim.runs.turns import FramesDone, Turns
from omvsim.standard.random_ import Generator as RandomWords
from omvsim.standard.vfs.mounts import Mounts
from omvsim.world.clock import Clock
from omvsim.world.files import Files
from omvsim.world.frame_source import FrameSource
from omvsim.world.ledger import Ledger
from omvsim.world.measured import Info, PoolRequest
from omvsim.world.world import World

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.memory.requests import Request
    from omvsim.micropython.values import Obj
    from omvsim.runs.boot import Booted
    from omvsim.world.ledger import RefusedEvent

START, END = "start", "end"
"""Points of every run: before the script's first line, and after its last."""
SCRIPT_NAME = "main.py"
BALLAST_PIECE = 256


class ScriptSession:
    """One run: a board, a script, options.

    Args:
        source: the script's text as bytes; read from ``script`` by default.
        ballast: bytes that something that is not simulated holds on the heap, in small pieces.
        camera: the board's camera as it was built; a new one by default.
    """

    def __init__(
        self,
        board: Board,
        script: Path,
        options: ScriptOptions,
        source: bytes | None = None,
        ballast: int = 0,
        *,
        camera: Camera | None = None,
    ) -> None:
        self.board = board
        self.script = script
        self.options = options
        self.ballast = ballast
        self.source = _read(script) if source is None else source
        camera = Camera(board) if camera is None else camera
        self.vm = new_camera_machine(board, camera.heap)
        lines = self.source.decode("utf-8", "replace").splitlines()
        self.steps = (
            None if options.labels is None else StepBooks(self.vm.memory, options.labels, lines, options.watcher)
        )
        """The same books step by step, where they are asked for."""
        self.ledger = self.steps or Ledger(self.vm.memory, options.watcher, lines)
        extra = {path.name: path for path in options.models} | options.extra
        self.world = World(
            board,
            camera,
            self.ledger,
            Files(options.files or script.parent, extra, script.resolve()),
            FrameSource(options.source, options.seed),
            options.kernels,
            self.vm.part(Clock),
            finds=options.detections,
            run_models=options.run_models,
            seed=options.seed,
            on_output=_echo if options.echo else None,
            load=options.load,
            collect_before_load=options.collect_before_load,
            given=options.given,
            only_memory=options.only_memory,
            computed=options.computed,
        )
        if board.core is not None:
            self.world.clock.hertz = board.core.clock_hz
        for note in notes_of(board):
            self.world.note(note)
        self.turns = Turns(self.world, options.frames, lines)
        self.collecting = CollectionTimes(self.world)
        self.used_at_start: int | None = None
        self.booted: Booted | None = None
        """What power-up left on the heap."""
        self._main: Obj | None = None
        """The script's own code: as long as it runs it is in use."""
        self._wire()

    def _wire(self) -> None:
        vm = self.vm
        vm.world = self.world
        vm.part(RandomWords).noise = self.options.seed
        vm.write = self.world.write
        vm.on_turn = self.turns.turn if self.steps is None else self._step_turn
        vm.before_event, vm.after_event = self.turns.before, self.turns.after
        vm.on_raise, vm.on_handler = self.world.camera.exception_raised, self.world.camera.exception_seen
        vm.memory.observer = self.ledger
        self.ledger.on_collected = self.collecting.collected
        vm.memory.fail = self.ledger.watching(vm.memory.fail)
        mount(vm.part(Mounts), self.world.files, self.board)
        if self.options.surroundings is not None:
            from copy import deepcopy  # noqa: PLC0415 - few runs have surroundings

            vm.put_part(deepcopy(self.options.surroundings))
        watcher = self.options.watcher
        tape: list[Request] = []
        if self.options.requests or (watcher is not None and watcher.needs_requests):
            vm.memory.tape = tape
            if self.world.camera.uma is not None:
                self.world.camera.uma.watch = self._pool_asked
        if watcher is not None:
            made = tape if self.steps is None else self.steps.made
            watcher.started(self.world.camera, lambda: len(made))

    def _step_turn(self, line: int, last_line: int) -> None:
        assert self.steps is not None
        self.steps.turn()
        self.turns.turn(line, last_line)

    def _pool_asked(self, size: int, flags: int, address: int | None) -> None:
        self.world.measured.append(PoolRequest(self.vm.memory.position, size, flags, address))

    def _info(self, label: str) -> None:
        """What the measuring firmware's port writes down of its own accord."""
        if self.options.requests:
            self.world.measured.append(Info(self.vm.memory.position, label, self.vm.memory.heap.info()))

    def run(self) -> ScriptResult:
        """Run the script to its end, its first uncaught exception, its last frame, or a limit."""
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, HOST_FRAMES))
        try:
            with host_aside():
                outcome, failure = self._outcome()
                self._info("exit")
                return self._result(outcome, failure)
        finally:
            fault = sys.exception()
            if fault is not None:
                fault.add_note(f"at line {raised_at(fault)[0]} of {shown(self.script)}")
            sys.setrecursionlimit(limit)

    def _outcome(self) -> tuple[Outcome, Failure | None]:
        try:
            return self._started()
        except (LimitReached, KeyboardInterrupt) as reached:
            if isinstance(reached, KeyboardInterrupt) and not self.options.told_when_interrupted:
                raise
            return self._stopped(reached), None
        except Unknown as unknown:
            self.world.unmodelled.append((str(unknown), raised_at(unknown)[0] or self.vm.memory.place.line))
            return Outcome.NOT_MODELLED, None
        except ScriptOver as down:
            self.world.note(str(down))
            return Outcome.STOPPED, None
        except Fault as fault:
            return Outcome.HANGS if fault.hangs else Outcome.MAY_CRASH, self._without_exception(fault.what, fault)
        except DeviceHang as hang:
            return Outcome.HANGS, self._without_exception(str(hang), hang, hang.because, hang.remedy)
        except UseAfterFree as crash:
            return Outcome.MAY_CRASH, replace(self._without_exception(str(crash), crash), overlap=crash.overlap)
        except DeviceCrash as crash:
            return Outcome.MAY_CRASH, self._without_exception(str(crash), crash, crash.because, crash.remedy)

    def _started(self) -> tuple[Outcome, Failure | None]:
        try:
            self._start()
        except Raised as raised:
            error = raised.value
        else:
            return Outcome.FINISHED, None
        return self._raised(error)

    def _stopped(self, reached: BaseException) -> Outcome:
        """What ended the run from outside."""
        if isinstance(reached, FramesDone):
            return Outcome.FRAMES_DONE
        if isinstance(reached, CameraTimeOver):
            return Outcome.STOPPED
        if isinstance(reached, LimitReached):
            self.world.note(f"stopped after {reached.limit}")
            return Outcome.TIME_LIMIT
        return Outcome.INTERRUPTED

    def _start(self) -> None:
        """Power-up, then ``main.py``: open, parse, compile, run."""
        vm = self.vm
        self._info("gc_init")
        self.booted = boot(vm, self.board)
        self._info("after _boot.py")
        pieces = [BALLAST_PIECE] * (self.ballast // BALLAST_PIECE) + [self.ballast % BALLAST_PIECE]
        self.booted.kept.extend(vm.memory.block(size) for size in pieces if size)
        options = self.options
        frames = None if options.frames is None else lambda: self.turns.count
        limits = Limits(self.world, options.time_limit, options.memory_limit, options.until_us, frames)
        vm.on_tick = limits.look
        if options.until_us is not None:
            turned = vm.on_turn

            def turn(line: int, last_line: int) -> None:
                turned(line, last_line)
                limits.look_at_camera()

            vm.on_turn = turn
        with limits.watched():
            self._run_main()

    def _run_main(self) -> None:
        vm = self.vm
        vm.memory.place = RunningPlace()
        vm.memory.place.phase = Phase.OPEN
        lexer = open_file(vm, SCRIPT_NAME, self.source)
        fun = self._main = compile_source(vm, lexer, Input.FILE, vm.main)
        del lexer
        vm.memory.place.phase = Phase.RUN
        self.used_at_start = vm.memory.heap.used
        vm.memory.point(START)
        vm.call(fun)
        if self.options.collect_at_end:
            if self.steps is not None:
                self.steps.pinned = "collect"
            vm.memory.collect()

    # -- how it ended -------------------------------------------------------------------------------------------

    def _raised(self, error: Obj) -> tuple[Outcome, Failure | None]:
        vm = self.vm
        if vm.exception_match(error, BY_NAME["SystemExit"]):
            return Outcome.STOPPED, None
        native = vm.native_exception(error)
        trace = [(line, function) for file, line, function in reversed(native.trace) if file == SCRIPT_NAME]
        vm.memory.place.phase = Phase.RUN
        kind = next(name for name, known in reversed(BY_NAME.items()) if vm.exception_match(error, known))
        text = print_uncaught(vm, error) or kind
        refused = self.ledger.fatal.event if self.ledger.fatal.error == error.address else None
        known = self.world.explained
        why = known[1:] if known is not None and known.address == error.address else ()
        return Outcome.EXCEPTION, Failure(text, kind, trace[-1][0] if trace else 0, tuple(trace), refused, *why)

    def _without_exception(self, text: str, ending: BaseException, reason: str = "", remedy: str = "") -> Failure:
        place = raised_at(ending)
        return Failure(text, "", place[0], (place,), self._last_refused(), reason, remedy)

    def _last_refused(self) -> RefusedEvent | None:
        return self.ledger.refused_requests[-1] if self.ledger.refused_requests else None

    # -- what came out ------------------------------------------------------------------------------------------

    def _result(self, outcome: Outcome, failure: Failure | None) -> ScriptResult:
        memory, world, ledger = self.vm.memory, self.world, self.ledger
        memory.point(END)
        ledger.saw(MomentKind.END, outcome.value)
        requests, collections = tuple(memory.tape or ()), tuple(ledger.collections)
        last_step = ""
        if self.steps is not None:
            self.steps.end(None if failure is None else failure.text)
            last_step = self.steps.steps[-1].name if self.steps.steps else ""
            failure = None if failure is None else replace(failure, step=last_step)
        snapshot = self._snapshot()
        record = self.turns.frame_loop()
        for what, text in self.vm.stand_ins.items():
            world.note(f"{what}: {text}", memory=True)
        return ScriptResult(
            script=str(self.script),
            board=self.board,
            outcome=outcome,
            failure=failure,
            output="".join(world.output),
            lines=dict(sorted(ledger.lines.items())),
            loop=loop_of(record, collections, snapshot, world.times, self.collecting),
            collections=collections,
            refused=tuple(ledger.refused_requests),
            placed=tuple(ledger.placed_outside),
            marks=tuple(world.marks),
            measured=tuple(world.measured),
            snapshot=snapshot,
            collection_ms=self._collection_ms(),
            work=world.times.work() if record is None else record.work,
            inferences=world.inferences,
            notes=tuple(world.notes),
            doubted=any(world.notes.values()),
            requests=requests,
            source_lines=tuple(self.source.decode("utf-8", "replace").splitlines()),
            models=tuple(world.models.values()),
            unmodelled=tuple(world.unmodelled),
            time_limit=self.options.time_limit,
            outside=outside(world.camera),
            last_step=last_step,
            loaded=tuple(world.loaded),
            unstored=world.unstored,
            lacking=tuple(world.lacking),
            boxes=tuple(world.boxes),
        )

    def _snapshot(self) -> MemorySnapshot:
        """The memory now; a last collection, which is not the run's, tells what is left for a script that goes on."""
        memory = self.vm.memory
        heap = memory.heap
        areas, pools = area_states(self.board, heap), pool_states(self.world.camera)
        used, free, longest = heap.used, heap.free_bytes, heap.max_free() * BLOCK
        memory.tape = memory.observer = None
        memory.collect()
        self._main = None
        return MemorySnapshot(
            used_at_start=self.used_at_start,
            high_water=self.ledger.high_water,
            used=used,
            free=free,
            longest_free=longest,
            live=heap.used,
            free_collected=heap.free_bytes,
            longest_collected=heap.max_free() * BLOCK,
            areas=areas,
            collected=area_states(self.board, heap, sizes_only=True),
            pools=pools,
        )

    def _collection_ms(self) -> float:
        """An estimate, of a collection at the end."""
        heap = self.vm.memory.heap
        return self.collecting.estimated_ms(heap.used, sum(area.last_used_block + 1 for area in heap.areas))


def _echo(text: str) -> None:
    sys.stdout.write(text)


def _read(script: Path) -> bytes:
    try:
        return read_bytes(script, MOST_TEXT_BYTES)
    except OSError as error:
        raise ScriptSourceError(script, error.strerror or "cannot be read") from error


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


__all__ = ["END", "START", "ScriptOptions", "ScriptSession", "run_script"]
