"""How far a run's figures of memory can be trusted: the one rule, for every command.

What was measured decides. The arena is a library's (:attr:`omvsim.tflm.ArenaPlan.provenance`); boot, loading and
predicting are a release's; what statements of a script ask for was measured one by one on some releases only. A figure
of the whole heap holds all of them, so it is as good as the weakest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile


def provenance_of(board: Board, files: Iterable[ModelFile], *, doubted: bool = False) -> Provenance:
    """Of free bytes, addresses and the verdict of a script that loads ``files``.

    ``doubted``: something of the run is only like what the camera does, as one of its notes says.
    """
    found, release = board.provenance, board.release
    if doubted or not (release.measured and release.scripts_measured):
        found = found.weakest(Provenance.MODELLED)
    for file in files:
        found = found.weakest(file.plan.provenance)
    return found


def notes_of(board: Board) -> tuple[str, ...]:
    """What a reader must know of a board or a release that was not measured."""
    notes = []
    if not board.measured:
        notes.append(
            f"{board.name}: nobody has measured a camera with this profile, so its figures are assumed to follow the "
            "rules that were measured on others."
        )
    if not board.release.measured:
        notes.append(
            f"{board.firmware}: the requests of loading and predicting follow the release's source; what boot and the "
            f"script hold before is taken from {board.release.start}, within a few KiB."
        )
    if not board.release.scripts_measured:
        notes.append(
            f"modelled: scripts on release {board.firmware} were not measured; what the script itself asks for is "
            "charged as 4.8.1's interpreter asks"
        )
    return tuple(notes)


__all__ = ["notes_of", "provenance_of"]
