"""Other places for a model's file, and other releases: each as a case of its own, in a memory that holds the file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim._data_files import shipped_files
from omvsim.advice._variant import Effort, Variant, constructor
from omvsim.boards import load_board, releases
from omvsim.errors import InputError
from omvsim.firmware import LoadMode, ModelFile, needs_card, path_on_camera, storage_name, why_not_stored
from omvsim.modelfile import Plans, moved_to
from omvsim.runs.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.boards import Board
    from omvsim.runs.scenario import Case


def load_modes(case: Case) -> Iterator[Variant]:
    """Loading the file otherwise; from ROM to a copy only where the ROM cannot have the file."""
    mode, board = case.model.mode, case.board
    stored = not why_not_stored(board, case.model)
    if mode is LoadMode.FILE or not stored:
        if board.fb_alloc is not None and board.release.load_to_fb and mode is not LoadMode.FB:
            yield _to_fb(case)
        if mode is not LoadMode.FILE:
            yield _to_file(case)
    if mode is not LoadMode.ROM or not stored:
        yield from _to_rom(case)


def _to_fb(case: Case) -> Variant:
    variant = _loaded(case, LoadMode.FB)
    return Variant(
        "load-to-fb",
        _effort(case, variant, Effort.SCRIPT),
        "Load the file into the frame buffer's stack instead of the heap" + _where(variant),
        f"{constructor(case)}(…, load_to_fb=True)",
        variant,
    )


def _to_file(case: Case) -> Variant:
    variant = _loaded(case, LoadMode.FILE)
    place = storage_name(variant.board, variant.model)
    return Variant(
        "load-from-file",
        Effort.FILES,
        f"Put the file on {place} and copy it to the heap",
        f"{constructor(case)}('{variant.model.path}')",
        variant,
    )


def _to_rom(case: Case) -> Iterator[Variant]:
    rom, file = case.board.filesystem("rom"), case.model
    if rom is None:
        return
    name, size = Path(file.graph.source).name, file.graph.size
    if rom.holds(name, size):
        if file.mode is not LoadMode.ROM:
            yield Variant(
                "load-from-rom",
                Effort.FILES,
                "Put the model into the ROM file system, where it is used in place",
                f"{constructor(case)}('/rom/{name}')",
                _loaded(case, LoadMode.ROM),
            )
        return
    key = "filesystem.rom.emptied"
    if key not in case.board.values():
        return
    emptied = dataclasses.replace(case, board=case.board.with_values({key: True}))
    yield Variant(
        "load-from-emptied-rom",
        Effort.FILES,
        "Delete the firmware's own models from the ROM file system and put this one there, where it is used in place",
        f"{constructor(case)}('/rom/{name}')",
        _loaded(emptied, LoadMode.ROM),
    )


def _loaded(case: Case, mode: LoadMode) -> Case:
    others = {name: moved_to(file, case.board, mode) for name, file in case.others.items()}
    return dataclasses.replace(
        case.with_options(load=mode), model=moved_to(case.model, case.board, mode), others=others
    )


def _where(variant: Case) -> str:
    return ", from an SD card" if needs_card(variant.board, variant.model.path, variant.model.graph.size) else ""


def _effort(before: Case, after: Case, effort: Effort) -> Effort:
    """A change of the script, unless the file must be put elsewhere too."""
    return effort if before.model.path == after.model.path else max(effort, Effort.FILES)


# -- other firmware -------------------------------------------------------------------------------------------------


def other_releases(case: Case, plans: Plans | None = None) -> Iterator[Variant]:
    """The board's other releases, newest first; of several that do the same with memory, the newest.

    Development builds are left out. None for a board whose areas or values the user changed. ``plans`` are those made
    already.
    """
    plans = Plans() if plans is None else plans
    for board, title in other_boards(case.board):
        variant = _on(case, board, plans)
        loads = "" if variant.model.mode is case.model.mode else _loads(variant)
        other_module = variant.board.release.module != case.board.release.module
        code = f"{constructor(variant)}({variant.model.path!r})" if other_module else ""
        yield Variant(f"firmware-{board.firmware}", Effort.FIRMWARE, title + loads, code, variant)


def other_boards(board: Board) -> Iterator[tuple[Board, str]]:
    """The board with every other release, newest first, and what to say; see :func:`other_releases`."""
    source = board.name if board.name in shipped_files("boards") else board.source
    try:
        if load_board(source, board.firmware).gc_areas != board.gc_areas:
            return
        known = releases(source)
    except InputError:  # a board that did not come from a file
        return
    groups: dict[object, list[Board]] = {}
    for release in reversed(known):
        if "-" not in release:
            there = load_board(source, release)
            groups.setdefault(_behaviour(there), []).append(there)
    groups.pop(_behaviour(board), None)
    for same in groups.values():
        names = [there.firmware for there in same]
        yield same[0], f"Use firmware {names[0]}" + (f" (or {', '.join(names[1:])})" if names[1:] else "")


def _loads(variant: Case) -> str:
    place = storage_name(variant.board, variant.model)
    return f" and load the file from {place}" if variant.model.mode is LoadMode.FILE else f", from {variant.model.path}"


def _behaviour(board: Board) -> object:
    """What decides a run: two boards that agree in it behave alike, whether somebody measured them or not."""
    regions = tuple((r.kind, r.index, r.origin, r.size) for r in board.regions)
    return (
        board.release._replace(
            version="", base="", date="", title="", micropython="", measured=True, scripts_measured=True
        ),
        regions,
        board.filesystems,
        board.built_in,
    )


def _on(case: Case, board: Board, plans: Plans) -> Case:
    """The case on another release: loaded in the same way where that release can, else in its default way."""

    def there(file: ModelFile) -> ModelFile:
        name, size = Path(file.graph.source).name, file.graph.size
        plan = plans.plan(file.graph, board)
        at = path_on_camera(board, file.mode, name, size)
        kept = file._replace(plan=plan, path=at)
        can = file.mode is not LoadMode.FB or board.release.load_to_fb
        return kept if can and not why_not_stored(board, kept) else moved_to(kept, board, None)

    model = there(case.model)
    others = {key: there(file) for key, file in case.others.items()}
    changed = case.with_options(load=model.mode)
    if board.release.module != case.board.release.module and not case.has("MODULE"):
        changed = dataclasses.replace(changed, scenario=load_scenario())  # the script is for one of the two modules
    return dataclasses.replace(changed, board=board, model=model, others=others)
