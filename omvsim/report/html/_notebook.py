"""Results, plans and boards for notebooks: a few lines of HTML with their styles in them, no script."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from omvsim.boards import Board
from omvsim.capture import Arena, Buffer, capture_board
from omvsim.report.html._arena import arena_chart
from omvsim.report.html._board import board_strip
from omvsim.report.html._standalone import standalone
from omvsim.runs import ScriptResult
from omvsim.runs.scenario import RunResult
from omvsim.tflm import ArenaPlan
from omvsim.units import format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.runs.states import AreaState

_GOOD, _BAD, _WARN, _PLAIN = "#1a6b33", "#a81e1e", "#7a4d00", "#556070"
_COLOURS = {Verdict.OK: _GOOD, Verdict.MAY_CRASH: _WARN, Verdict.UNKNOWN: _WARN}
_CELL = "padding:1px 10px;text-align:{}"


def notebook_html(value: object) -> str:
    """What a notebook shows for ``value``.

    Raises:
        TypeError: it is no result, plan or board.
    """
    if isinstance(value, RunResult):
        return _run(value)
    if isinstance(value, ScriptResult):
        return _script(value)
    if isinstance(value, ArenaPlan):
        return _plan(value)
    if isinstance(value, Board):
        return _board(value)
    raise TypeError(f"nothing to show for {type(value).__name__}")


def _run(result: RunResult) -> str:
    from omvsim.advice import diagnose, headline_of, reasons_of  # noqa: PLC0415 - a plan or board needs none of it

    word, sentence = headline_of(result)
    words = [("", result.exception)] if result.exception else []
    words += reasons_of(result, diagnose(result))
    colour = _COLOURS.get(result.verdict, _BAD)
    title = f"{result.model.path} on {result.board.title}, firmware {result.board.firmware}"
    return _shown(title, word.capitalize() + sentence, colour, words, _areas(result.snapshot.areas))


def _script(result: ScriptResult) -> str:
    failure = result.failure
    word = "Runs" if result.verdict is Verdict.OK else "No promise" if result.verdict is Verdict.UNKNOWN else "Fails"
    said = "" if failure is None else f": line {failure.line}: {failure.text}"
    end = result.snapshot
    free = f"{format_bytes(end.free_collected)} bytes, longest run {format_bytes(end.longest_collected)}"
    words = [("left after a collection", free), ("high-water mark", f"{format_bytes(end.high_water)} bytes")]
    if result.loop is not None and result.loop.garbage_bytes is not None:
        words.append(("garbage a frame", f"{format_bytes(result.loop.garbage_bytes)} bytes"))
    title = f"{result.script} on {result.board.title}, firmware {result.board.firmware}"
    return _shown(title, word + said, _COLOURS.get(result.verdict, _BAD), words, _areas(result.snapshot.areas))


def _plan(plan: ArenaPlan) -> str:
    title = f"Tensor arena, library {plan.library.name}"
    if not plan.is_ok:
        return _shown(title, f"{plan.status}: {plan.refusal}", _BAD, (), Markup(""))
    sizes = [("head", plan.head_bytes), ("tail", plan.tail_bytes)]
    words = [(name, f"{format_bytes(size)} bytes") for name, size in sizes]
    words.append(("provenance", str(plan.provenance)))
    buffers = tuple(
        Buffer(
            name=f"{buffer.kind.name.lower()} {buffer.owner}",
            kind="scratch" if "scratch" in buffer.kind.name.lower() else "tensor",
            offset=buffer.offset,
            bytes=buffer.bytes,
            first=buffer.first,
            last=buffer.last,
        )
        for buffer in plan.buffers
    )
    arena = Arena(
        model="the model",
        file_bytes=0,
        library=plan.library.name,
        status=str(plan.status),
        provenance=str(plan.provenance),
        used=plan.arena_used_bytes,
        head=plan.head_bytes,
        tail=plan.tail_bytes,
        buffers=buffers,
    )
    drawn = arena_chart(arena)
    return _shown(title, f"{format_bytes(plan.arena_used_bytes)} bytes", _PLAIN, words, _picture(drawn))


def _board(board: Board) -> str:
    document = capture_board(board).document
    assert document.board is not None
    sentence = document.verdict.sentence
    return _shown(
        f"{board.title}, firmware {board.firmware}", sentence, _PLAIN, (), _picture(board_strip(document.board))
    )


def _picture(drawn: Markup | None) -> Markup:
    """As an image, so that neither its ids nor its style meet the notebook's."""
    if drawn is None:
        return Markup("")
    data = base64.b64encode(standalone(drawn).encode()).decode()
    label = drawn.split("<title>", 1)[1].split("</title>", 1)[0]
    return Markup('<img style="max-width:100%" alt="{}" src="data:image/svg+xml;base64,{}"/>').format(
        Markup(label), data
    )


def _areas(areas: Sequence[AreaState]) -> Markup:
    if not areas:
        return Markup("")
    head = Markup("").join(Markup("<th>{}</th>").format(word) for word in ("area", "used", "free", "longest free run"))
    rows = Markup("").join(_area(area) for area in areas)
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, rows)


def _area(area: AreaState) -> Markup:
    free = area.pool_bytes - area.used_bytes
    sizes = (area.used_bytes, free, area.longest_free_bytes)
    cells = Markup("").join(
        Markup('<td style="{}">{}</td>').format(_CELL.format("right"), format_bytes(size)) for size in sizes
    )
    name = f"gc[{area.index}] {area.memory}"
    return Markup('<tr><td style="{}">{}</td>{}</tr>').format(_CELL.format("left"), name, cells)


def _shown(title: str, sentence: str, colour: str, words: Sequence[tuple[str, str]], below: Markup) -> str:
    lines = Markup("").join(
        Markup("<div>{}{}</div>").format(Markup("<b>{}</b> ").format(label) if label else "", text)
        for label, text in words
    )
    return str(
        Markup(
            '<div style="border-left:5px solid {0};padding:2px 12px"><div style="opacity:.75">{1}</div>'
            '<div style="font-size:1.15em;color:{0}"><b>{2}</b></div>{3}{4}</div>'
        ).format(colour, title, escape(sentence), lines, below)
    )


__all__ = ["notebook_html"]
