"""Every request of the heap in order: recorded against predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from omvsim.memory.requests import Phase
from omvsim.validate._compare import Point, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from omvsim.memory.requests import Request

_ENDS = ("exit", "h.exc")
"""Labels behind the script's last request: what the harness writes down when it has ended, or raised."""


class _Asked(NamedTuple):
    kind: str
    size: int
    address: int

    def __str__(self) -> str:
        where = f"0x{self.address:08x}" if self.address else "refused"
        return f"{self.kind} of {self.size}, {where}" if self.kind != "free" else f"free of {where}"


def compare_requests(
    name: str, raw: Sequence[Mapping[str, Any]], predicted: Sequence[Request], *, complete: bool
) -> Iterator[Point]:
    """A point for the requests that are the same from the start, and one for the first that differs and all behind it.

    A collection moves nothing, but what it frees decides every address after it.
    """
    recorded, ended = _recorded(raw)
    ours = [_Asked(each.kind, each.size, each.address) for each in predicted]
    same = next((at for at, (one, other) in enumerate(zip(recorded, ours, strict=False)) if one != other), None)
    if same is None:
        same = min(len(recorded), len(ours))
    if same:
        yield Point(name, Quantity.REQUESTS, f"the first {same}", "the same", "the same", same)
    rest = max(len(recorded), len(ours) if ended and complete else 0) - same
    if rest:
        yield Point(name, Quantity.REQUESTS, _place(predicted, same), _at(recorded, same), _at(ours, same), rest)


def _recorded(raw: Sequence[Mapping[str, Any]]) -> tuple[list[_Asked], bool]:
    """Requests up to the end of the script, and whether that was seen. Those inside a realloc are part of it."""
    found: list[_Asked] = []
    for event in raw:
        kind = event["ev"]
        if event.get("label") in _ENDS:
            return found, event["label"] == _ENDS[0]
        if kind not in ("alloc", "free", "realloc") or event.get("in_realloc"):
            continue
        if kind != "free" or not (event["addr"] is None or event.get("ignored")):
            found.append(_Asked(kind, event.get("n", 0), event["addr"] or 0))
    return found, False


def _at(requests: Sequence[_Asked], index: int) -> str | None:
    return str(requests[index]) if index < len(requests) else None


def _place(predicted: Sequence[Request], index: int) -> str:
    """Where the simulated camera was at the first difference."""
    if not predicted:
        return "request 1"
    request = predicted[min(index, len(predicted) - 1)]
    where = f"line {request.line}, {request.function}" if request.phase is Phase.RUN else str(request.phase)
    return f"request {index + 1} ({where})"


__all__ = ["compare_requests"]
