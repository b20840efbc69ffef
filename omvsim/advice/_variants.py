"""What a user could change, cheapest first, each as another case to try. Nothing here judges; the simulation does."""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim._data_files import shipped_files
from omvsim.boards import MemoryKind, RegionKind, load_board, releases
from omvsim.errors import InputError
from omvsim.firmware import InputKind, LoadMode, ModelFile, image_input_possible
from omvsim.scenario import Collect, Load, Predict
from omvsim.tflm import find_library, plan_arena

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.advice._case import Case
    from omvsim.advice._diagnosis import Diagnosis
    from omvsim.boards import Board
    from omvsim.scenario import Step

_FOLDERS = {LoadMode.ROM: "/rom", LoadMode.FILE: "/flash", LoadMode.FB: "/flash"}
_MOST_RELEASES = 3


class Effort(enum.IntEnum):
    """What a way out costs its user, cheapest first."""

    LINE = 1
    """A line of the script."""
    SCRIPT = 2
    """The script does something else."""
    FILES = 3
    """The model is stored elsewhere on the camera."""
    FIRMWARE = 4
    """Another release."""
    BUILD = 5
    """A firmware of one's own, or another model."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A change and the case it leads to. ``code`` is what the script then says, empty where it stays as it is."""

    key: str
    effort: Effort
    title: str
    code: str
    case: Case


def variants(case: Case, diagnosis: Diagnosis) -> Iterator[Variant]:
    """Every single change that could help with this failure."""
    if diagnosis.step == "load":
        yield from _collect_before_load(case)
        yield from _largest_first(case)
    else:
        yield from _outputs(case)
        yield from _inputs(case)
    yield from _load_modes(case)


def cheaper_variants(case: Case) -> Iterator[Variant]:
    """Every single change that could leave more room in a run that works."""
    yield from _outputs(case)
    yield from _inputs(case)
    yield from _load_modes(case)


def pairs(case: Case, diagnosis: Diagnosis) -> Iterator[Variant]:
    """Two changes at once, for when no single one helps."""
    singles = [variant for variant in variants(case, diagnosis) if variant.effort <= Effort.FILES]
    for mode in [variant for variant in singles if variant.key.startswith("load-")]:
        yield _both(_collect_every_frame(mode.case), mode)
        for other in variants(mode.case, dataclasses.replace(diagnosis, step="predict")):
            if not other.key.startswith("load-"):
                yield _both(other, mode)


def _both(first: Variant, second: Variant) -> Variant:
    return Variant(
        f"{first.key}+{second.key}",
        max(first.effort, second.effort),
        f"{second.title}; also {first.title[0].lower()}{first.title[1:]}",
        "; ".join(code for code in (second.code, first.code) if code),
        first.case,
    )


def _constructor(case: Case) -> str:
    return "tf.load" if case.board.release.module == "tf" else "ml.Model"


# -- one line of the script -----------------------------------------------------------------------------------------


def _collect_before_load(case: Case) -> Iterator[Variant]:
    def collect(step: Step) -> tuple[Step, ...]:
        return (Collect(), step) if isinstance(step, Load) else (step,)

    yield Variant(
        "collect-before-load",
        Effort.LINE,
        "Collect before loading",
        f"gc.collect(); m = {_constructor(case)}(…)",
        case.with_steps(collect),
    )


def _outputs(case: Case) -> Iterator[Variant]:
    if case.options.keep_output or any(isinstance(step, Predict) and step.keep for step in case.steps()):
        yield Variant(
            "drop-output",
            Effort.LINE,
            "Let go of the old output before the next prediction",
            "o = None; o = m.predict(…)",
            case.with_options(keep_output=False),
        )
    yield _collect_every_frame(case)
    if not case.options.callback:
        yield Variant(
            "callback",
            Effort.SCRIPT,
            "Take the outputs in a callback, so that no float copies are made",
            "m.predict(…, callback=f)",
            case.with_options(callback=True),
        )


def _collect_every_frame(case: Case) -> Variant:
    def collect(step: Step) -> tuple[Step, ...]:
        return (dataclasses.replace(step, collect=True) if isinstance(step, Predict) else step,)

    return Variant(
        "collect-before-predict",
        Effort.LINE,
        "Collect before every prediction",
        "gc.collect(); m.predict(…)",
        case.with_steps(collect),
    )


# -- the script does something else ---------------------------------------------------------------------------------


def _inputs(case: Case) -> Iterator[Variant]:
    tensors = case.model.graph.main.input_tensors
    picture = len(tensors) == 1 and image_input_possible(tensors[0])
    given = case.options.input or (InputKind.CAMERA if picture else InputKind.NDARRAY)
    if given is InputKind.NDARRAY and picture:
        yield Variant(
            "input-image",
            Effort.SCRIPT,
            "Give predict() a picture instead of a float array",
            "m.predict([img])",
            case.with_options(input=InputKind.IMAGE),
        )
    if given is not InputKind.CALLABLE:
        yield Variant(
            "input-callable",
            Effort.SCRIPT,
            "Fill the input tensor in place with a function instead of building an input",
            "m.predict([fill])",
            case.with_options(input=InputKind.CALLABLE),
        )


def _largest_first(case: Case) -> Iterator[Variant]:
    """Loads in descending size of arena; only where a scenario loads several models one after the other."""
    loads = [step for step in case.story.steps if isinstance(step, Load)]
    ordered = sorted(loads, key=lambda step: -_file(case, step).plan.arena_used_bytes)
    if loads == ordered:
        return
    queue = iter(ordered)
    steps = tuple(next(queue) if isinstance(step, Load) else step for step in case.story.steps)
    story = dataclasses.replace(case.story, steps=steps)
    yield Variant(
        "load-order",
        Effort.LINE,
        "Load the model with the largest arena first",
        "; ".join(f"{step.into} = {_constructor(case)}('{_file(case, step).path}')" for step in ordered),
        dataclasses.replace(case, story=story),
    )


def _file(case: Case, step: Load) -> ModelFile:
    return case.model if step.model is None else case.others[step.model]


# -- where the model is ---------------------------------------------------------------------------------------------


def _load_modes(case: Case) -> Iterator[Variant]:
    mode = case.options.load
    if mode is LoadMode.FILE and case.board.fb_alloc is not None:
        yield Variant(
            "load-to-fb",
            Effort.SCRIPT,
            "Load the file into the frame buffer's stack instead of the heap",
            f"{_constructor(case)}(…, load_to_fb=True)",
            _loaded(case, LoadMode.FB),
        )
    rom = case.board.romfs
    if mode is not LoadMode.ROM and rom is not None and case.model.graph.size <= rom.size:
        yield Variant(
            "load-from-rom",
            Effort.FILES,
            "Put the model into the ROM file system, where it is used in place",
            f"{_constructor(case)}('/rom/{Path(case.model.path).name}')",
            _loaded(case, LoadMode.ROM),
        )


def _loaded(case: Case, mode: LoadMode) -> Case:
    def moved(file: ModelFile) -> ModelFile:
        return dataclasses.replace(file, mode=mode, path=f"{_FOLDERS[mode]}/{Path(file.path).name}")

    others = {name: moved(file) for name, file in case.others.items()}
    return dataclasses.replace(case.with_options(load=mode), model=moved(case.model), others=others)


# -- other firmware -------------------------------------------------------------------------------------------------


def other_releases(case: Case) -> Iterator[Variant]:
    """The newest releases of the board; none for a board whose areas or values the user changed."""
    name = case.board.name
    source = name if name in shipped_files("boards") else case.board.source
    try:
        if load_board(source, case.board.firmware).gc_areas != case.board.gc_areas:
            return
        others = [release for release in releases(source) if release != case.board.firmware]
    except InputError:  # a board that did not come from a file
        return
    for release in list(reversed(others))[:_MOST_RELEASES]:
        board = load_board(source, release)
        yield Variant(
            f"firmware-{release}",
            Effort.FIRMWARE,
            f"Use firmware {release}",
            "",
            dataclasses.replace(
                case,
                board=board,
                model=_planned(case.model, board),
                others={key: _planned(file, board) for key, file in case.others.items()},
            ),
        )


def _planned(file: ModelFile, board: Board) -> ModelFile:
    return dataclasses.replace(file, plan=plan_arena(file.graph, find_library(board.release.library)))


_GIVES_ROOM = (RegionKind.FREE, RegionKind.FRAME_BUFFER, RegionKind.FB_ALLOC, RegionKind.UMA)
"""What a firmware of one's own can make smaller for the heap."""


def room_for_last_area(board: Board) -> int:
    """Bytes that the last GC area could grow by in the memory it lies in.

    An area that was given where the board has no RAM (``--gc 255K@0x60000000``) lies in a memory as long as itself:
    the largest RAM of the board is the bound then.
    """
    area = board.gc_areas[-1]
    others = [region for region in board.regions_in(area.memory) if region.origin != area.origin]
    if others or area.memory in _memories_of_profile(board):
        return sum(region.size for region in others if region.kind in _GIVES_ROOM)
    longest = max(memory.length for memory in board.memories if memory.kind is MemoryKind.RAM)
    return max(0, longest - area.length)


def _memories_of_profile(board: Board) -> set[str]:
    source = board.name if board.name in shipped_files("boards") else board.source
    try:
        return {memory.name for memory in load_board(source, board.firmware).memories}
    except InputError:  # a board that did not come from a file
        return set()


def larger_last_area(case: Case, extra: int) -> Case:
    """The case with ``extra`` more bytes at the end of the last GC area, whatever lies behind it on the board."""
    *first, last = case.board.gc_areas
    areas = (*first, dataclasses.replace(last, length=last.length + extra))
    return dataclasses.replace(case, board=dataclasses.replace(case.board, gc_areas=areas))
