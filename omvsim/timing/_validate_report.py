"""A validation as text and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.timing._validate import Errors, Validation

_LIMIT = 2.0


def validation_json(found: Validation) -> dict[str, Any]:
    """Plain values, for ``omvsim validate --time --json``."""
    return {
        "instructions": [asdict(e) for e in found.instructions],
        "leave_one_model_out": [asdict(e) for e in found.held_out],
        "models": [asdict(m) | {"error": m.error} for m in found.models],
        "traffic": [asdict(e) for e in found.traffic],
        "published": [
            {
                "name": c.name,
                "source": c.source,
                "published_ms": c.published_ms,
                "predicted_ms": c.predicted_ms.as_list(),
                "inside": c.inside,
                "error": 100 * c.error,
                "caveat": c.caveat,
            }
            for c in found.published
        ],
        "published_mape": 100 * sum(abs(c.error) for c in found.published) / max(1, len(found.published)),
        "not_comparable": [asdict(n) for n in found.not_comparable],
        "undecided_nodes": found.undecided,
    }


def validation_text(found: Validation) -> str:
    """The same for people."""
    lines = [*_count_lines(found), ""] if found.instructions else []
    lines.append("Published times on Cortex-M7")
    for c in found.published:
        place = "inside" if c.inside else "OUTSIDE"
        ms = c.predicted_ms
        lines.append(
            f"  {c.name}: published {c.published_ms:g} ms, predicted {ms.nominal:.1f} ms "
            f"({ms.low:.1f} to {ms.high:.1f}), {100 * c.error:+.1f} %, {place}; {c.caveat}"
        )
    lines += ["", "Published, but not comparable"]
    lines += [f"  {n.name}: {n.reason}" for n in found.not_comparable]
    lines += [
        "",
        "Never compared: any inference of this library timed on a real RT1062. No such time was ever published.",
    ]
    return "\n".join(lines)


def _count_lines(found: Validation) -> list[str]:
    """What only recorded counts can say."""
    return [
        "Instructions per operator, against exact counts of the real library",
        *_table(found.instructions),
        "",
        "The same, leaving one model (and every shape in it) out of the fit",
        *_table(found.held_out),
        "",
        *_model_lines(found),
        "",
        "Cache-line misses per operator (nodes with more than 200), against simulated caches",
        *_table(found.traffic),
    ]


def _model_lines(found: Validation) -> list[str]:
    misses = [m for m in found.models if abs(m.error) > _LIMIT]
    good = len(found.models) - len(misses)
    lines = [f"Totals of the {len(found.models)} real models: {good} within {_LIMIT:g} %"]
    return lines + [f"  {m.model}: {m.error:+.1f} % ({m.cause})" for m in misses]


def _table(rows: Iterable[Errors]) -> list[str]:
    head = f"  {'':44s} nodes   MAPE median  RMSPE   worst  <=5%  <=10%  <=15%  total"
    return [
        head,
        *(
            f"  {e.name:44s} {e.nodes:5d} {e.mape:6.2f} {e.median:6.2f} {e.rmspe:6.2f} {e.worst:+7.1f} "
            f"{e.within5:5.0f} {e.within10:6.0f} {e.within15:6.0f} {e.total:+6.2f}"
            for e in rows
        ),
    ]
