"""A recommendation as a page and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.units import format_bytes
from omvsim.whatif import board_config, header_of

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
        "goals": {"frame": result.goals.frame, "releases": list(result.goals.releases)},
        "missed": list(result.missed),
        "causes": [{"model": Path(model).name, "cause": cause} for model, cause in result.causes],
        "header": header_of(board),
        "proposals": [_proposal_json(proposal, board) for proposal in result.proposals],
    }


def _proposal_json(proposal: Proposal, board: Board) -> dict[str, Any]:
    return {
        "settings": dict(proposal.settings),
        "fits": proposal.fits,
        "head_room_bytes": proposal.head_room,
        "taken_bytes": proposal.taken,
        "inference_ms": proposal.milliseconds,
        "largest_frame": proposal.frame or None,
        "gives_up": list(proposal.gives_up),
        "models": [
            {
                "model": Path(model).name,
                "verdict": outcome.verdict,
                "error": outcome.error,
                "stage": outcome.stage,
                "provenance": outcome.provenance,
            }
            for model, outcome in proposal.models
        ],
        "board_config_h": board_config(board, proposal),
    }


def print_recommendation(result: Recommendation, board: Board, pick: int = 1) -> None:
    """Print it: cheaper ways first, then the proposals, then the lines of one."""
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
    _print_why_not(result)
    if not result.proposals:
        print("\nNo proposal is left.")
        return
    _print_proposals(result, total)
    lines = board_config(board, result.proposals[pick - 1])
    if lines:
        print(f"\nProposal {pick} in {header_of(board)}:\n{lines}", end="")


def _print_why_not(result: Recommendation) -> None:
    for model, cause in result.causes:
        print(f"\nNothing that was tried makes {Path(model).name} run: {cause}")
    if result.missed:
        print("\nLeft out, because they miss a goal:")
        for why in result.missed:
            print(f"  {why}")


def _print_proposals(result: Recommendation, total: int) -> None:
    print("\n    run  longest free run left    given up  inferences  change")
    for number, proposal in enumerate(result.proposals, 1):
        change = ", ".join(f"{key} = {value}" for key, value in proposal.settings) or "none"
        room = format_bytes(proposal.head_room) if proposal.head_room else "-"
        time = "" if proposal.milliseconds is None else f"{proposal.milliseconds:.1f} ms"
        row = f"{proposal.fits:2d}/{total}  {room:>22}  {format_bytes(proposal.taken):>10}  {time:>10}  {change}"
        print(f"{number:2d}. {row}")
        for lost in proposal.gives_up:
            print(f"      gives up: {lost}")
        if proposal.frame and not proposal.gives_up:
            print(f"      gives up nothing; frames up to {proposal.frame}")
