"""A capture in the Trace Event Format of Chrome, which ui.perfetto.dev and chrome://tracing open.

The camera's clock does not run while memory is asked for, so one process is on a clock of its own: a request takes
ten microseconds, whatever it is. The other is on the time model's clock: the operators of one inference.
The format is the Chromium project's "Trace Event Format": complete events ``X``, counters ``C``, flows ``s`` and
``f``, metadata ``M``; microseconds.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from omvsim.capture import ALLOC, FREE, KINDS, MOVE, HeapMaps
from omvsim.records import NamedTuple
from omvsim.units import format_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.capture import Capture, Document, Moment

    Event = dict[str, Any]

REQUEST_US, SLICE_US = 10, 8
MEMORY, INFERENCE = 1, 2
STEPS, FRAMES, CALLS, REQUESTS, COLLECTIONS, FREED = range(1, 7)
_THREADS = {
    STEPS: "steps",
    FRAMES: "frames",
    CALLS: "calls",
    REQUESTS: "requests",
    COLLECTIONS: "collections and refusals",
    FREED: "gone",
}
_OPERATORS = 1
MOST_FLOWS = 50_000


def trace_json(capture: Capture) -> str:
    """The trace as JSON."""
    document = capture.document
    events = [*_names(document), *_moments(document), *_steps(document), *_requests(capture), *_calls(capture)]
    events += [*_lifetimes(capture), *_operators(document)]
    about = {
        "made by": f"omvsim {document.omvsim}, from a simulation",
        "title": document.title,
        "verdict": f"{document.verdict.word}: {document.verdict.sentence}",
        "clock": f"memory: {REQUEST_US} us a request; inference: the time model's",
    }
    return (
        json.dumps({"traceEvents": events, "displayTimeUnit": "ms", "otherData": about}, separators=(",", ":")) + "\n"
    )


def _names(document: Document) -> Iterator[Event]:
    yield _meta("process_name", MEMORY, 0, f"memory of {document.title} ({REQUEST_US} us a request)")
    for thread, name in _THREADS.items():
        yield _meta("thread_name", MEMORY, thread, name)
        yield {"ph": "M", "name": "thread_sort_index", "pid": MEMORY, "tid": thread, "args": {"sort_index": thread}}
    if document.timing is not None:
        yield _meta("process_name", INFERENCE, 0, "one inference (time model)")
        yield _meta("thread_name", INFERENCE, _OPERATORS, "operators")


def _meta(what: str, process: int, thread: int, name: str) -> Event:
    return {"ph": "M", "name": what, "pid": process, "tid": thread, "args": {"name": name}}


def _slice(name: str, category: str, thread: int, start: float, length: float, **args: object) -> Event:
    return {
        "ph": "X",
        "name": name,
        "cat": category,
        "pid": MEMORY,
        "tid": thread,
        "ts": start,
        "dur": length,
        "args": args,
    }


def _times(document: Document) -> list[int]:
    """When each moment is: after the requests before it, and after the moment before it."""
    found: list[int] = []
    for moment in document.moments:
        found.append(max(moment.requests * REQUEST_US, found[-1] + 1 if found else 0))
    return found


def _moments(document: Document) -> Iterator[Event]:
    """Counters of every area, collections and refusals."""
    for moment, at in zip(document.moments, _times(document), strict=True):
        for area, level in zip(document.areas, moment.levels, strict=True):
            args = {"used": level.used, "longest free run": level.longest_free}
            yield {
                "ph": "C",
                "name": f"{area.name} {area.memory}".strip(),
                "pid": MEMORY,
                "tid": 0,
                "ts": at,
                "args": args,
            }
        if moment.kind in ("collection", "refusal"):
            name = f"collection ({moment.label})" if moment.kind == "collection" else f"no room: {moment.label}"
            yield _slice(name, moment.kind, COLLECTIONS, at, 1, line=moment.line)


def _steps(document: Document) -> Iterator[Event]:
    """A slice a step and a frame, from the moment before it to its own."""
    for kind, thread in (("step", STEPS), ("frame", FRAMES)):
        before = 0
        for moment, at in zip(document.moments, _times(document), strict=True):
            if moment.kind != kind:
                continue
            yield _slice(_step_name(moment), kind, thread, before, max(at - before, 1), line=moment.line)
            before = max(at, before + 1)


def _step_name(moment: Moment) -> str:
    return moment.label if moment.kind == "step" else f"frame {moment.frame}"


# -- requests -------------------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    kind: int
    owner: str
    line: int
    bytes: int
    address: int


def _rows(capture: Capture) -> list[_Row]:
    names = capture.document.names
    columns = (capture.column(f"request_{key}").tolist() for key in ("kind", "name", "line", "bytes", "address"))
    return [
        _Row(kind, names[name], line, size, address) for kind, name, line, size, address in zip(*columns, strict=True)
    ]


def _requests(capture: Capture) -> Iterator[Event]:
    for number, row in enumerate(_rows(capture)):
        kind = KINDS[row.kind] if row.kind < len(KINDS) else str(row.kind)
        name = f"{row.owner} ({row.bytes})" if row.kind != FREE else f"free {format_address(row.address)}"
        args = {"bytes": row.bytes, "address": format_address(row.address), "line": row.line, "number": number}
        yield _slice(name, kind, REQUESTS, number * REQUEST_US, SLICE_US, **args)


def _calls(capture: Capture) -> Iterator[Event]:
    """Requests of one owner and line in a row are one call."""
    rows, start = _rows(capture), 0
    for number in range(1, len(rows) + 1):
        if number < len(rows) and (rows[number].owner, rows[number].line) == (rows[start].owner, rows[start].line):
            continue
        size = sum(row.bytes for row in rows[start:number] if row.kind != FREE)
        length = (number - start) * REQUEST_US - (REQUEST_US - SLICE_US)
        args = {"requests": number - start, "bytes": size, "line": rows[start].line}
        yield _slice(rows[start].owner, "call", CALLS, start * REQUEST_US, length, **args)
        start = number


def _lifetimes(capture: Capture) -> Iterator[Event]:
    """A flow from each allocation to the first moment at which it is gone."""
    document = capture.document
    kinds = capture.column("request_kind").tolist()
    times, maps = _times(document), HeapMaps(capture)
    gone: dict[int, list[tuple[int, int]]] = {}
    behind: dict[int, int] = {}
    flows, last = 0, -1.0
    for moment, addresses, _, requests in maps.blocks():
        now = dict(zip(addresses.tolist(), requests.tolist(), strict=True))
        gone[moment] = [
            (request, address)
            for address, request in behind.items()
            if request >= 0 and now.get(address, -1) != request and kinds[request] in (ALLOC, MOVE)
        ]
        behind = now
    names = [row.owner for row in _rows(capture)]
    for moment, freed in gone.items():
        start = max(float(times[moment]), last + 1)
        step = min(1.0, REQUEST_US / (len(freed) + 1))
        for number, (request, address) in enumerate(freed):
            if flows >= MOST_FLOWS:
                return
            at = start + number * step
            yield _slice(names[request], "gone", FREED, at, step * 0.8, address=format_address(address))
            flow = {"cat": "lifetime", "name": "lifetime", "id": flows, "pid": MEMORY}
            yield {"ph": "s", **flow, "tid": REQUESTS, "ts": request * REQUEST_US + SLICE_US / 2}
            yield {"ph": "f", "bp": "e", **flow, "tid": FREED, "ts": at + step * 0.4}
            flows += 1
        last = start + len(freed) * step


# -- one inference --------------------------------------------------------------------------------------------------


def _operators(document: Document) -> Iterator[Event]:
    """Operators one after the other, with what is alive in the arena."""
    if document.timing is None:
        return
    live = {step.step: step.live for arena in document.arenas[-1:] for step in arena.steps}
    at = 0.0
    for number, operator in enumerate(document.timing.operators):
        length = operator.nominal * 1000
        args = {"low ms": operator.low, "high ms": operator.high, "bound": operator.bound} | dict(operator.traffic)
        yield {
            "ph": "X",
            "name": operator.name,
            "cat": "operator",
            "pid": INFERENCE,
            "tid": _OPERATORS,
            "ts": round(at, 3),
            "dur": round(length, 3),
            "args": args,
        }
        if number in live:
            arena = {"alive": live[number]}
            yield {"ph": "C", "name": "arena", "pid": INFERENCE, "tid": 0, "ts": round(at, 3), "args": arena}
        at = round(at, 3) + round(length, 3)


__all__ = ["MOST_FLOWS", "trace_json"]
