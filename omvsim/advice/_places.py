"""Other places for a model's file, and other releases: each as a case of its own, in a memory that holds the file."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim._data_files import shipped_files
from omvsim.advice._variant import Effort, Variant, constructor
from omvsim.boards import load_board, releases
from omvsim.errors import InputError
from omvsim.firmware import (
    InputKind,
    LoadMode,
    fitting_input,
    needs_card,
    output_of,
    path_on_camera,
    storage_name,
    why_not_stored,
)
from omvsim.modelfile import Plans, moved_to
from omvsim.runs.scenario import Case, Options, Scenario, load_scenario
from omvsim.runs.scenario.edits import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile


def load_modes(case: Case) -> Iterator[Variant]:
    """Loading the file otherwise; from ROM to a copy only where the ROM cannot have the file."""
    mode, board = case.model.mode, case.board
    stored = not why_not_stored(board, case.model)
    if mode is LoadMode.FILE or not stored:
        if board.fb_alloc is not None and board.release.load_to_fb and mode is not LoadMode.FB:
            yield from _to_fb(case)
        if mode is not LoadMode.FILE:
            yield from _to_file(case)
    if mode is not LoadMode.ROM or not stored:
        yield from _to_rom(case)


def _to_fb(case: Case) -> Iterator[Variant]:
    there = loaded(case, LoadMode.FB)
    if there is not None:
        title = "Load the file into the frame buffer's stack instead of the heap" + _where(there)
        code = f"{constructor(case)}(…, load_to_fb=True)"
        yield Variant("load-to-fb", _effort(case, there, Effort.SCRIPT), title, code, there)


def _to_file(case: Case) -> Iterator[Variant]:
    there = loaded(case, LoadMode.FILE)
    if there is not None:
        title = f"Put the file on {storage_name(there.board, there.model)} and copy it to the heap"
        code = f"{constructor(case)}('{there.model.path}')"
        yield Variant("load-from-file", Effort.FILES, title, code, there)


def _to_rom(case: Case) -> Iterator[Variant]:
    rom, file = case.board.filesystem("rom"), case.model
    if rom is None:
        return
    name, size = Path(file.graph.source).name, file.graph.size
    key, title, there = "load-from-rom", "Put the model into the ROM file system, where it is used in place", case
    if not rom.holds(name, size):
        emptied = "filesystem.rom.emptied"
        if emptied not in case.board.values():
            return
        key, title = "load-from-emptied-rom", _EMPTIED
        there = dataclasses.replace(case, board=case.board.with_values({emptied: True}))
    elif file.mode is LoadMode.ROM:
        return
    found = loaded(there, LoadMode.ROM)
    if found is not None:
        yield Variant(key, Effort.FILES, title, f"{constructor(case)}('/rom/{name}')", found)


def loaded(case: Case, mode: LoadMode) -> Case | None:
    """The case with its files where they are loaded from or to like that; None where the script does not say a path."""
    model = moved_to(case.model, case.board, mode)
    others = {name: moved_to(file, case.board, mode) for name, file in case.others.items()}
    return _moved(case, model, others)


def _moved(case: Case, model: ModelFile, others: Mapping[str, ModelFile]) -> Case | None:
    """The case with other places for its files: an option of the script says it, or its text does."""
    found = case
    pairs = [(case.model, model)] if not case.has("MODEL") else []
    pairs += [(file, others[name]) for name, file in case.others.items()]
    for before, after in pairs:
        to_fb = after.mode is LoadMode.FB and case.board.release.load_to_fb
        if before.path == after.path and to_fb == (before.mode is LoadMode.FB):
            continue
        changed = found.edited(Change.PATH, after.path, *(["fb"] if to_fb else []), path=before.path)
        if changed is None:
            return None
        found = changed
    return dataclasses.replace(found.with_options(load=model.mode), model=model, others=dict(others))


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
        for variant in _on(case, board, plans):
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


def _on(case: Case, board: Board, plans: Plans) -> Iterator[Case]:
    """The case on another release: loaded in the same way where that release can, else in its default way. Where that
    has the other one of the two modules: written for it, and then a script that loads the model and predicts."""

    def there(file: ModelFile) -> ModelFile:
        name, size = Path(file.graph.source).name, file.graph.size
        plan = plans.plan(file.graph, board)
        at = path_on_camera(board, file.mode, name, size)
        kept = file._replace(plan=plan, path=at)
        can = file.mode is not LoadMode.FB or board.release.load_to_fb
        return kept if can and not why_not_stored(board, kept) else moved_to(kept, board, None)

    model = there(case.model)
    others = {key: there(file) for key, file in case.others.items()}
    if board.release.module == case.board.release.module:
        same = _moved(dataclasses.replace(case, board=board), model, others)
        if same is not None:
            yield same
        return
    moved = _moved(dataclasses.replace(_as_it_is(case), board=board), model, others)
    written = None if moved is None else _other_module(moved)
    if written is not None:
        yield written
    options = Options(load=model.mode, source=case.options.source)
    yield Case(board, model, load_scenario(), options, others)


def _as_it_is(case: Case) -> Case:
    """The case with the text that ran: nothing in it follows the release."""
    script = case.scenario.folder / case.scenario.file
    options = Options(load=case.options.load, source=case.options.source)
    return dataclasses.replace(case, scenario=Scenario.as_it_is(case.prepared.text, script), options=options, edits=())


def _other_module(case: Case) -> Case | None:
    """The same written for the module of the case's board."""
    module, graph = case.board.release.module, case.model.graph
    if module == "tf" and fitting_input(graph) is not InputKind.CAMERA:  # which takes pictures and nothing else
        return None
    shape = tuple(int(length) for length in graph.main.output_tensors[0].shape)
    found = case.edited(Change.MODULE, module, "predict" if module == "ml" else output_of(shape).method)
    if found is None or module == "tf" or fitting_input(graph) is InputKind.CAMERA:
        return found
    return found.edited(Change.FILL, str(len(graph.main.inputs)))  # ``tf`` gave it a picture all the same


_EMPTIED = "Delete the firmware's own models from the ROM file system and put this one there, where it is used in place"
