"""A recommendation as a page and as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.report._notes import paper, print_page
from omvsim.report._run_verdict import wrapped
from omvsim.units import format_bytes
from omvsim.whatif import board_config, header_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.boards import Board
    from omvsim.whatif import Proposal, Recommendation


def recommendation_json(result: Recommendation, board: Board) -> dict[str, object]:
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


def _proposal_json(proposal: Proposal, board: Board) -> dict[str, object]:
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
    total, width = len(result.present.models), paper().width
    found = f"{board.title}, firmware {board.firmware}: {result.present.fits} of {total} models run as it is."
    lines = wrapped(found, width).splitlines()
    for text in (*_ways(result), *_why_not(result), *_proposals(result, total, width)):
        lines += wrapped(text, width, " " * (2 + len(text) - len(text.lstrip()))).splitlines() or [""]
    if result.proposals and result.proposals[0].fits:
        header = board_config(board, result.proposals[pick - 1])
        where = (
            f"Proposal {pick} in {header_of(board)}:"
            if header
            else f"Proposal {pick} leaves {header_of(board)} as it is."
        )
        lines += ["", where, *header.splitlines()]
    best = f"; best: {result.proposals[0].fits} of {total}" if result.proposals else ""
    print_page(lines, found.removesuffix(".") + best + ".")


def _ways(result: Recommendation) -> Iterator[str]:
    for model, outcome in result.present.models:
        if not outcome.works:
            yield f"  {Path(model).name}: {outcome.stage}: {outcome.error or outcome.verdict}"
    for model, entries in result.advice:
        if entries:
            yield ""
            yield f"Without building firmware, {Path(model).name} runs with:"
            for entry in entries:
                yield f"  {entry.title}" + (f"  ({entry.code})" if entry.code and "\n" not in entry.code else "")


def _why_not(result: Recommendation) -> Iterator[str]:
    for model, cause in result.causes:
        yield ""
        yield f"Nothing that was tried makes {Path(model).name} run: {cause}"
    if result.missed:
        yield ""
        yield "Left out, because they miss a goal:"
        for why in result.missed:
            yield f"  {why}"


def _proposals(result: Recommendation, total: int, width: int) -> Iterator[str]:
    yield ""
    if not result.proposals:
        yield "No proposal is left."
        return
    if not result.proposals[0].fits:
        yield "No proposal makes a model run."
        return
    yield "    run  longest free run left    given up  inferences  change"
    for number, proposal in enumerate(result.proposals, 1):
        change = ", ".join(f"{key} = {value}" for key, value in proposal.settings) or "none"
        room = format_bytes(proposal.head_room) if proposal.head_room else "-"
        time = "" if proposal.milliseconds is None else f"{proposal.milliseconds:.1f} ms"
        left = f"{proposal.fits:2d}/{total}  {room:>22}  {format_bytes(proposal.taken):>10}  {time:>10}"
        row = f"{number:2d}. {left}  {change}"
        yield from (row,) if len(row) <= width else (row[: -len(change)].rstrip(), f"      {change}")
        for lost in proposal.gives_up:
            yield f"      gives up: {lost}"
        if proposal.frame and not proposal.gives_up:
            yield f"      gives up nothing; frames up to {proposal.frame}"
