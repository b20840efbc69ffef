"""Heap maps: every area as cells, for every moment; and the request that failed beside the holes there were."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.capture import WITHOUT_LINE, HeapMaps
from omvsim.report.html._svg import chart, element, rect, text
from omvsim.units import format_address, format_bytes

if TYPE_CHECKING:
    from markupsafe import Markup
    from numpy.typing import NDArray

    from omvsim.capture import Area, Capture, Request

CELLS = 256
_COLUMNS = 64
_LINE_BITS = 32
_SIDE = 15
OWNERS = 10
"""Owners with a colour of their own: those with most bytes at any moment; all others share one."""
LEVELS = 4
"""How full a cell is, in steps."""
CODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
"""A cell as one letter: 0 is free, else owner * LEVELS + level."""
_HOLES, _LEAST_HOLES = 14, 3
_SMALLEST_HOLE = 100
"""Holes of less than a hundredth of what was needed are summed up."""


class Maps:
    """The maps of a capture, cell by cell."""

    def __init__(self, capture: Capture) -> None:
        self.document = capture.document
        self.maps = HeapMaps(capture)
        names = capture.columns.get("request_name")
        self._names = np.zeros(0, np.int64) if names is None else names.astype(np.int64)
        self._lines = capture.column("request_line")
        self._by_line = self.document.source is not None
        seen = list(self.maps.blocks())
        self._keys: dict[str, int] = {}
        self._owned = [
            (moment, at, sizes, self._owners(moment, at, sizes, behind)) for moment, at, sizes, behind in seen
        ]
        most: Counter[int] = Counter()
        for _, _, sizes, owners in self._owned:
            sums = np.bincount(owners, sizes, len(self._keys)) if len(owners) else np.zeros(0)
            for owner, total in enumerate(sums.tolist()):
                most[owner] = max(most[owner], int(total))
        labels = list(self._keys)
        self.ranked = [owner for owner, total in most.most_common() if total][:OWNERS]
        self.labels = [labels[owner] for owner in self.ranked]
        self._rank = np.full(len(labels) + 1, OWNERS, np.int64)
        for rank, owner in enumerate(self.ranked):
            self._rank[owner] = rank
        self.has_others = len(self._keys) > len(self.ranked)

    def _owners(
        self, moment: int, addresses: NDArray[np.int64], sizes: NDArray[np.int64], behind: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Number of the owner of each block."""
        known = behind >= 0
        owners = np.zeros(len(behind), np.int64)
        if known.any():
            pairs = (self._names[behind[known]] << _LINE_BITS) | self._lines[behind[known]]
            unique, inverse = np.unique(pairs, return_inverse=True)
            split = (divmod(pair, 1 << _LINE_BITS) for pair in unique.tolist())
            labels = (self.label(self.document.names[name], line) for name, line in split)
            numbers = np.array([self._key(label) for label in labels], np.int64)
            owners[known] = numbers[inverse.reshape(-1)]
        for at in np.flatnonzero(~known).tolist():
            owners[at] = self._key(self.maps.owner_of(int(addresses[at]), int(sizes[at]), moment))
        return owners

    def label(self, label: str, line: int) -> str:
        """An owner as the legend names it."""
        if not self._by_line or not line or label in WITHOUT_LINE:
            return label
        return f"{label}, line {line}"

    def _key(self, label: str) -> int:
        return self._keys.setdefault(label, len(self._keys))

    def data(self) -> dict[str, Any]:
        """What the page's script needs to draw any moment."""
        return {
            "owners": [*self.labels, "others"],
            "areas": [[area.name, area.start, area.size] for area in self.document.areas],
            "moments": [self._moment(number) for number in (entry[0] for entry in self._owned)],
            "maps": ["".join(self._cells(entry, area) for area in self.document.areas) for entry in self._owned],
        }

    def _moment(self, number: int) -> list[Any]:
        moment = self.document.moments[number]
        levels = [[level.used, level.longest_free] for level in moment.levels]
        return [moment_title(moment.kind, moment.label, moment.frame, moment.line), levels]

    def _cells(self, entry: tuple[int, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], area: Area) -> str:
        _, addresses, sizes, owners = entry
        first, last = np.searchsorted(addresses, (area.start, area.start + area.size))
        filled = np.zeros((OWNERS + 1, CELLS))
        ranks = self._rank[owners[first:last]]
        starts = (addresses[first:last] - area.start) * (CELLS / max(1, area.size))
        ends = starts + sizes[first:last] * (CELLS / max(1, area.size))
        for rank in np.unique(ranks).tolist():
            own = ranks == rank
            filled[rank] = _coverage(starts[own], ends[own])
        total = filled.sum(axis=0)
        level = np.clip(np.ceil(total * LEVELS), 1, LEVELS).astype(int)
        codes = np.where(total > 1e-9, filled.argmax(axis=0) * LEVELS + level, 0)
        return "".join(CODE[code] for code in codes.tolist())

    @property
    def shown(self) -> int:
        """Which of the mapped moments is shown first: the refusal, else the last."""
        request = self.document.verdict.request
        numbers = [entry[0] for entry in self._owned]
        if request is not None and request.moment in numbers:
            return numbers.index(request.moment)
        return len(numbers) - 1

    def area_map(self, number: int, cells: str) -> Markup:
        """One area at the moment shown first."""
        area = self.document.areas[number]
        rows = CELLS // _COLUMNS
        parts = [
            element(
                "rect",
                x=cell % _COLUMNS * _SIDE,
                y=cell // _COLUMNS * _SIDE,
                width=_SIDE - 1,
                height=_SIDE - 1,
                class_=cell_class(code),
            )
            for cell, code in enumerate(cells)
        ]
        label = f"{area.name} in {area.memory}: {format_bytes(area.size)} bytes from {format_address(area.start)} on"
        return chart(label, _COLUMNS * _SIDE, rows * _SIDE, parts, "map")


def cell_class(code: str) -> str:
    """The class that colours a cell."""
    value = CODE.index(code)
    if not value:
        return "free"
    owner, level = divmod(value - 1, LEVELS)
    return f"o{owner} l{level + 1}"


def moment_title(kind: str, label: str, frame: int, line: int) -> str:
    """A moment in words."""
    words = {
        "step": label,
        "frame": f"frame {frame}",
        "collection": f"collection ({label})",
        "refusal": f"no room: {label}",
        "end": f"end: {label}",
    }
    where = f" at line {line}" if line and kind in ("collection", "refusal") else ""
    again = f", prediction {frame}" if kind == "step" and label == "predict" else ""
    return f"{words[kind]}{where}{again}"


def _coverage(starts: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of every cell that the spans cover, which do not overlap."""
    edges = np.arange(CELLS + 1, dtype=float)
    order = np.argsort(starts)
    starts, ends = starts[order], ends[order]
    before = np.concatenate([[0.0], np.cumsum(ends - starts)])
    at = np.searchsorted(starts, edges, side="right")
    open_ends = np.where(at > 0, np.minimum(ends[np.maximum(at - 1, 0)], edges) - starts[np.maximum(at - 1, 0)], 0.0)
    filled = np.where(at > 0, before[np.maximum(at - 1, 0)] + np.maximum(open_ends, 0), 0.0)
    return np.diff(filled)


def _beside(width: float, y: float, words: str) -> Markup:
    """Words in a bar, or behind one that is too short for them."""
    inside = width > 7 * len(words) + 12
    return text(136 if inside else 136 + width, y, words, class_="inside" if inside else "axis")


def holes_chart(capture: Capture, request: Request) -> Markup | None:
    """The hole that was needed, and under it the longest that there were, to one scale; None where nobody looked."""
    if request.moment is None:
        return None
    maps = HeapMaps(capture)
    found = [
        (size, area.name, at)
        for area in capture.document.areas
        if area.kind == "gc"
        for at, size in maps.holes(request.moment, area)
    ]
    found.sort(reverse=True)
    large = sum(size * _SMALLEST_HOLE >= request.needed for size, _, _ in found)
    shown = found[: min(_HOLES, max(large, _LEAST_HOLES))]
    scale = 760 / max([request.needed, *(size for size, _, _ in shown)])
    parts = [
        text(0, 18, "needed", class_="label"),
        rect(130, 4, max(1.0, request.needed * scale), 20, class_="needed"),
        text(136, 18, f"{format_bytes(request.needed)} bytes for {request.owner}", class_="inside"),
    ]
    for number, (size, area_name, at) in enumerate(shown, 1):
        y = 8 + number * 26
        parts += [
            text(0, y + 14, f"{area_name} {format_address(at)}", class_="label"),
            rect(130, y, max(1.0, size * scale), 20, f"{format_bytes(size)} bytes free", class_="hole"),
            _beside(size * scale, y + 14, f"{format_bytes(size)} bytes"),
        ]
    rest = found[len(shown) :]
    y = 8 + (len(shown) + 1) * 26
    if rest:
        parts.append(
            text(
                130,
                y + 14,
                f"and {format_bytes(len(rest))} smaller ones, {format_bytes(sum(s for s, _, _ in rest))} bytes",
            )
        )
    if not found:
        parts.append(text(130, y + 14, "there was no hole at all: every block was taken"))
    return chart("The hole that was needed beside the holes there were", 1000, y + 24, parts)


__all__ = ["CELLS", "CODE", "LEVELS", "Maps", "cell_class", "holes_chart", "moment_title"]
