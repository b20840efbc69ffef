"""What every action of ``omvsim what-if`` has in its capture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim._version import __version__
from omvsim.capture._columns import Capture
from omvsim.capture._document import Column, Document
from omvsim.capture._headline import Figure, Headline, Tile, Tone
from omvsim.capture._parts import fact, no_figure
from omvsim.provenance import Provenance
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.capture._document import Cell
    from omvsim.whatif import Outcome

CRASH = str(Verdict.MAY_CRASH)


def document(trusted: str, title: str, subtitle: str, verdict: Headline, **parts: Any) -> Capture:
    """A capture of kind what-if; ``trusted`` is how far its figures are known."""
    facts = (
        fact("what-if", Provenance(trusted), "every configuration was simulated by the rules that 'omvsim run' uses"),
    )
    return Capture(
        Document(
            omvsim=__version__, kind="what-if", title=title, subtitle=subtitle, verdict=verdict, facts=facts, **parts
        )
    )


def tone_of(verdict: str) -> Tone:
    """Good only where it is known to work."""
    return "good" if verdict == Verdict.OK else "warn" if verdict in (CRASH, str(Verdict.UNKNOWN)) else "bad"


def trust(found: Iterable[str | None]) -> str:
    """Of sizes and configurations that nobody measured: modelled at best, and no better than the worst outcome."""
    weakest = Provenance.MODELLED
    for provenance in filter(None, found):
        weakest = weakest.weakest(Provenance(provenance))
    return str(weakest)


def size_tile(title: str, size: int | None, trusted: str, says: str = "") -> Tile:
    """A size in bytes; None where there is none."""
    if size is None:
        return Tile(title=title, figure=no_figure("none"), says=says)
    return Tile(title=title, figure=Figure(unit="bytes", value=size, provenance=trusted), says=says)


ENDING = (
    Column(title="verdict"),
    Column(title="model.ram", unit="bytes"),
    Column(title="arena in"),
    Column(title="longest free", unit="bytes"),
    Column(title="what the camera says"),
)


def ending(outcome: Outcome) -> tuple[Cell, ...]:
    """The cells of :data:`ENDING`."""
    says = f"{outcome.stage}: {outcome.error}" if outcome.error else ""
    return outcome.verdict, outcome.model_ram, outcome.arena_area, outcome.longest_free_bytes, says
