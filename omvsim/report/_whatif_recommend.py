"""A recommendation as a page and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.units import format_bytes
from omvsim.whatif import board_config

if TYPE_CHECKING:
    from omvsim.boards import Board
    from omvsim.whatif import Proposal, Recommendation


def recommendation_json(result: Recommendation, board: Board) -> dict[str, Any]:
    """One JSON object; the first proposal is the best."""
    return {
        "board": board.name,
        "firmware": board.firmware,
        "present": _proposal_json(result.present, board),
        "advice": {
            Path(model).name: [
                {"key": entry.key, "title": entry.title, "code": entry.code, "free_bytes": entry.free_bytes}
                for entry in entries
            ]
            for model, entries in result.advice
        },
        "proposals": [_proposal_json(proposal, board) for proposal in result.proposals],
    }


def _proposal_json(proposal: Proposal, board: Board) -> dict[str, Any]:
    return {
        "settings": dict(proposal.settings),
        "fits": proposal.fits,
        "head_room_bytes": proposal.head_room,
        "taken_bytes": proposal.taken,
        "inference_ms": proposal.milliseconds,
        "models": [
            {"model": Path(model).name, "verdict": outcome.verdict, "error": outcome.error, "stage": outcome.stage}
            for model, outcome in proposal.models
        ],
        "board_config_h": board_config(board, proposal),
    }


def print_recommendation(result: Recommendation, board: Board) -> None:
    """Print it: cheaper ways first, then the proposals."""
    total = len(result.present.models)
    print(f"{board.title}, firmware {board.firmware}: {result.present.fits} of {total} models run as it is.")
    for model, outcome in result.present.models:
        if not outcome.works:
            print(f"  {Path(model).name}: {outcome.stage}: {outcome.error or outcome.verdict}")
    for model, entries in result.advice:
        if entries:
            print(f"\nWithout building firmware, {Path(model).name} runs with:")
            for entry in entries:
                print(f"  {entry.title}" + (f"  ({entry.code})" if entry.code and "\n" not in entry.code else ""))
    print("\n run  longest free run left    given up  inferences  change")
    for proposal in result.proposals:
        change = ", ".join(f"{key} = {value}" for key, value in proposal.settings) or "none"
        room = format_bytes(proposal.head_room) if proposal.head_room else "-"
        time = "" if proposal.milliseconds is None else f"{proposal.milliseconds:.1f} ms"
        print(f"{proposal.fits:2d}/{total}  {room:>22}  {format_bytes(proposal.taken):>10}  {time:>10}  {change}")
    lines = board_config(board, result.proposals[0])
    if lines:
        print(f"\nThe first of them in boards/OPENMV_RT1060/board_config.h:\n{lines}", end="")
