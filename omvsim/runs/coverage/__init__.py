"""What a script uses of the camera and how well omvsim knows it, told without running it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.compiler.parsing.parser import Input, parse
from omvsim.compiler.running import open_file, print_uncaught
from omvsim.micropython.errors import Raised
from omvsim.modules.fidelity import Fidelity
from omvsim.records import dataclass
from omvsim.runs.boot import boot
from omvsim.runs.coverage.catalogue import Catalogue
from omvsim.runs.coverage.uses import Use, UseKind
from omvsim.runs.coverage.walk import Walk
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import SCRIPT_NAME, ScriptSession

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board


@dataclass(frozen=True, slots=True)
class Coverage:
    """Uses in the order of their lines; ``refused``: what the camera says when it cannot even read the script."""

    script: str
    board: Board
    uses: tuple[Use, ...]
    refused: str = ""

    @property
    def verdict(self) -> str:
        """``known``; ``absent``: the camera raises where that is reached; ``unknown``: omvsim ends there."""
        used = {use.fidelity for use in self.uses}
        if Fidelity.UNKNOWN in used:
            return "unknown"
        return "absent" if self.refused or Fidelity.ABSENT in used else "known"

    def count(self, fidelity: Fidelity) -> int:
        """How many uses are worth that."""
        return sum(use.fidelity is fidelity for use in self.uses)


def coverage(board: Board, script: Path, source: bytes | None = None) -> Coverage:
    """What a script uses on a board.

    Raises:
        ScriptSourceError: it cannot be read.
    """
    session = ScriptSession(board, script, ScriptOptions(), source)
    vm = session.vm
    boot(vm, board)
    try:
        tree = parse(vm, open_file(vm, SCRIPT_NAME, session.source), Input.FILE)
    except Raised as raised:
        return Coverage(str(script), board, (), print_uncaught(vm, raised.value))
    walk = Walk(Catalogue(vm, _beside(script)))
    walk.run(tree.root)
    uses = sorted(walk.uses.found.values(), key=lambda use: use.line)
    return Coverage(str(script), board, tuple(uses))


def _beside(script: Path) -> frozenset[str]:
    """Modules that stand beside the script."""
    folder = script.parent
    if not folder.is_dir():
        return frozenset()
    files = {each.stem for each in folder.glob("*.py") if each != script}
    return frozenset(files | {each.parent.name for each in folder.glob("*/__init__.py")})


__all__ = ["Coverage", "Use", "UseKind", "coverage"]
