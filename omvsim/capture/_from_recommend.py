"""``omvsim what-if recommend`` as a capture."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from omvsim.capture._document import Chart, Column, Series, Table
from omvsim.capture._headline import Fix, Headline
from omvsim.capture._parts import board_part
from omvsim.capture._whatif_parts import ENDING, document, ending, tone_of, trust

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.capture._columns import Capture
    from omvsim.capture._document import Cell
    from omvsim.whatif import Proposal, Recommendation


def capture_recommendation(result: Recommendation, board: Board) -> Capture:
    """Block sizes for a set of models."""
    trusted = trust(outcome.provenance for _, outcome in result.present.models)
    total, best = len(result.present.models), next(iter(result.proposals), result.present)
    sizes = ", ".join(f"{key} = {value}" for key, value in best.settings) or "nothing to change"
    return document(
        trusted,
        f"Block sizes for {total} models",
        f"{board.title}, firmware {board.firmware}",
        Headline(
            key="recommended",
            tone="good" if best.fits == total else "warn" if best.fits else "bad",
            word=f"{best.fits} of {total} can run",
            sentence=f"{result.present.fits} run as it is; best: {sizes}",
        ),
        board=board_part(board),
        fixes=tuple(
            Fix(title=f"{PurePath(model).name}: {way.title}", code=way.code, free=way.free_bytes)
            for model, ways in result.advice
            for way in ways
        ),
        tables=(_proposals(result), _models(result)),
        charts=(
            Chart(
                key="pareto",
                title="Room left against what is given up",
                x=Column(title="given up by frame buffers and pools", unit="bytes"),
                y=Column(title="longest free run left", unit="bytes"),
                series=(Series(name="proposals", points=tuple((p.taken, p.head_room) for p in result.proposals)),),
                scatter=True,
            ),
        ),
    )


def _proposals(result: Recommendation) -> Table:
    def row(proposal: Proposal) -> tuple[Cell, ...]:
        change = ", ".join(f"{key} = {value}" for key, value in proposal.settings) or "none"
        given_up = "; ".join(proposal.gives_up) or "nothing"
        return proposal.fits, proposal.head_room, proposal.taken, proposal.milliseconds, change, given_up

    return Table(
        key="proposals",
        title="Proposals, best first",
        columns=(
            Column(title="models that run", unit="count"),
            Column(title="longest free run left", unit="bytes"),
            Column(title="given up", unit="bytes"),
            Column(title="inferences", unit="ms"),
            Column(title="change"),
            Column(title="gives up"),
        ),
        rows=tuple(map(row, result.proposals)),
        note="None of them is beaten in every respect by another.",
    )


def _models(result: Recommendation) -> Table:
    return Table(
        key="models",
        title="The models on the board as it is",
        columns=(Column(title="model"), *ENDING),
        rows=tuple((PurePath(model).name, *ending(outcome)) for model, outcome in result.present.models),
        tones=tuple(tone_of(outcome.verdict) for _, outcome in result.present.models),
    )


__all__ = ["capture_recommendation"]
