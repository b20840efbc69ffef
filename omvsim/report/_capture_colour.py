"""The map of a capture in colour: MicroPython's letters, each in the colour of its owner; on a terminal only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.report._capture_text import MAP_LEGEND, draw_map, map_text, printable
from omvsim.units import format_bytes

if TYPE_CHECKING:
    from rich.console import Console

    from omvsim.capture import Capture

_COLOURS = ("bright_blue", "bright_red", "bright_green", "bright_magenta", "bright_yellow", "bright_cyan")
_OTHERS, _FREE = "white", "bright_black"


def print_map(capture: Capture, console: Console | None = None) -> None:
    """Print the map: coloured by owner, or as :func:`map_text` has it where there is no colour.

    Rich decides: no terminal, ``NO_COLOR`` and ``TERM=dumb`` have none.
    """
    from rich.console import Console  # noqa: PLC0415 - rich is slow to import
    from rich.text import Text  # noqa: PLC0415

    console = console or Console(highlight=False)
    drawn = draw_map(capture)
    if drawn is None or console.color_system is None or console.no_color:
        console.file.write(map_text(capture))
        return
    ranked = [owner for owner, _ in drawn.sizes.most_common(len(_COLOURS))]
    colours = dict(zip(ranked, _COLOURS, strict=False))
    text = Text("\n".join([*map_text(capture).splitlines()[:1], f"at {drawn.moment}; {MAP_LEGEND}"]) + "\n")
    for area in drawn.areas:
        text.append(f"{area.title}\n")
        for start, letters, owners in area.rows:
            text.append(f"{start}: ")
            for letter, owner in zip(letters, owners, strict=True):
                text.append(letter, colours.get(owner, _OTHERS) if owner else _FREE)
            text.append("\n")
    for owner in ranked:
        text.append("h= ", colours[owner])
        text.append(f"{printable(owner)}: {format_bytes(drawn.sizes[owner])} bytes\n")
    rest = len(drawn.sizes) - len(ranked)
    if rest > 0:
        size = sum(drawn.sizes.values()) - sum(drawn.sizes[owner] for owner in ranked)
        text.append("h= ", _OTHERS)
        text.append(f"{rest} others: {format_bytes(size)} bytes\n")
    console.print(text, end="", soft_wrap=True)


__all__ = ["print_map"]
