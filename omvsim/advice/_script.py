"""Ways out of a script that fails (``omvsim exec``): what can be changed around it, each tried by running it again.

Whoever runs scripts gives :func:`suggest_for_script` what failed and a way to run the script once more with a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.advice._advice import Advice
from omvsim.advice._growth import growth_title, smallest_growth
from omvsim.advice._places import other_boards
from omvsim.advice._variant import Effort
from omvsim.firmware import LoadMode, needs_card, path_on_camera, storage_name, why_not_stored
from omvsim.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile

MOST_SCRIPT_RUNS = 16
_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class ScriptChange:
    """What is different when the script runs again."""

    board: Board
    load: LoadMode | None = None
    """Where every model is loaded from or to, whatever the script says; None: as it says."""
    collect: bool = False
    """Whether ``gc.collect()`` runs before every load."""


@dataclass(frozen=True, slots=True)
class ScriptEnd:
    """How it ended. Sizes are bytes of the heap."""

    runs: bool
    free_bytes: int = 0
    longest_free_bytes: int = 0
    model_ram: int | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    key: str
    effort: Effort
    title: str
    code: str
    change: ScriptChange


def suggest_for_script(
    change: ScriptChange,
    models: Sequence[ModelFile],
    missing: int,
    run: Callable[[ScriptChange], ScriptEnd],
    *,
    runs: int = MOST_SCRIPT_RUNS,
) -> tuple[Advice, ...]:
    """Ways out, cheapest first; only what was seen to run, in a memory that holds the files.

    Args:
        change: how the script was run when it failed.
        models: the files it loaded, or tried to.
        missing: bytes by which the longest free run was too short; 0 where that was not the reason.
        run: runs the script with a change.
        runs: how often it may.
    """
    budget = [runs]

    def ends(tried: ScriptChange) -> ScriptEnd | None:
        if budget[0] <= 0:
            return None
        budget[0] -= 1
        end = run(tried)
        return end if end.runs else None

    def first(ways: Iterator[_Way], most: int) -> list[Advice]:
        found: list[Advice] = []
        for way in ways:
            if len(found) >= most or budget[0] <= 0:
                break
            end = ends(way.change)
            if end is not None:
                found.append(_advice(way, end))
        return found

    found = first(_around(change, models), _ENOUGH) or first(_together(change, models), 2)
    if not any(way.effort <= Effort.SCRIPT for way in found):
        found += first(_releases(change), 1)
    if not found:
        found += first(_releases_and_more(change, models), 2)
    if len(found) < _ENOUGH:
        larger = smallest_growth(change.board, missing, lambda board: ends(replace(change, board=board)))
        if larger is not None:
            title = growth_title(change.board, larger[0])
            found.append(_advice(_Way("larger-area", Effort.BUILD, title, "", change), larger[1]))
    return tuple(sorted(found, key=lambda way: way.effort))


def _advice(way: _Way, end: ScriptEnd) -> Advice:
    return Advice(way.key, way.effort, way.title, way.code, end.free_bytes, end.longest_free_bytes, end.model_ram)


def _around(change: ScriptChange, models: Sequence[ModelFile]) -> Iterator[_Way]:
    """A collection, or another place for the files."""
    collect = replace(change, collect=True)
    code = "gc.collect(); m = ml.Model(…)"
    if models and not change.collect:
        yield _Way("collect-before-load", Effort.LINE, "Collect before loading", code, collect)
    yield from _places(change, models)


def _together(change: ScriptChange, models: Sequence[ModelFile]) -> Iterator[_Way]:
    """A collection and another place for the files."""
    for way in _places(change, models):
        both = replace(way.change, collect=True)
        title = f"{way.title}; also collect before loading"
        yield _Way(f"collect-before-load+{way.key}", way.effort, title, f"gc.collect(); {way.code}", both)


def _places(change: ScriptChange, models: Sequence[ModelFile]) -> Iterator[_Way]:
    board = change.board
    if not models:
        return
    modes = {file.mode for file in models}
    unstored = any(why_not_stored(board, file) for file in models)
    copied = LoadMode.FILE in modes or unstored
    to_fb = replace(change, load=LoadMode.FB)
    can = board.fb_alloc is not None and board.release.load_to_fb
    if modes != {LoadMode.FB} and copied and can and all(_fits(to_fb, file) for file in models):
        card = any(needs_card(board, _path(to_fb, file), file.graph.size) for file in models)
        title = "Load the files into the frame buffer's stack instead of the heap" + (", from an SD card" * card)
        yield _Way("load-to-fb", Effort.SCRIPT, title, "ml.Model(…, load_to_fb=True)", to_fb)
    as_file = replace(change, load=LoadMode.FILE)
    if unstored and all(_fits(as_file, file) for file in models):
        card = any(needs_card(board, _path(as_file, file), file.graph.size) for file in models)
        where = "an SD card" if card else storage_name(board)
        title = f"Put the files on {where} and copy them to the heap"
        yield _Way("load-from-file", Effort.FILES, title, f"ml.Model({_path(as_file, models[0])!r})", as_file)
    in_rom = replace(change, load=LoadMode.ROM)
    has_rom = board.filesystem("rom") is not None
    if modes != {LoadMode.ROM} and has_rom and all(_fits(in_rom, file) for file in models):
        title = "Put the models into the ROM file system, where they are used in place"
        yield _Way("load-from-rom", Effort.FILES, title, f"ml.Model({_path(in_rom, models[0])!r})", in_rom)


def _path(change: ScriptChange, file: ModelFile) -> str:
    name = file.path.rpartition("/")[2]
    mode = file.mode if change.load is None else change.load
    return path_on_camera(change.board, mode, name, file.graph.size)


def _fits(change: ScriptChange, file: ModelFile) -> bool:
    mode = file.mode if change.load is None else change.load
    return not why_not_stored(change.board, file._replace(mode=mode, path=_path(change, file)))


def _releases(change: ScriptChange) -> Iterator[_Way]:
    """Other releases with the same module, newest first: ``tf`` and ``ml`` need another script."""
    for board, title in other_boards(change.board):
        if board.release.module == change.board.release.module:
            there = replace(change, board=board)
            yield _Way(f"firmware-{board.firmware}", Effort.FIRMWARE, title, "", there)


def _releases_and_more(change: ScriptChange, models: Sequence[ModelFile]) -> Iterator[_Way]:
    for release in _releases(change):
        for way in (*_around(release.change, models), *_together(release.change, models)):
            title = f"{release.title}; also {way.title[0].lower()}{way.title[1:]}"
            yield _Way(f"{way.key}+{release.key}", Effort.FIRMWARE, title, way.code, way.change)


__all__ = ["MOST_SCRIPT_RUNS", "ScriptChange", "ScriptEnd", "suggest_for_script"]
