"""A change that a user could make, what it costs, and the case it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import IntEnum, dataclass

if TYPE_CHECKING:
    from omvsim.runs.scenario import Case


class Effort(IntEnum):
    """What a way out costs its user, cheapest first."""

    LINE = 1
    """A line of the script."""
    SCRIPT = 2
    """The script does something else."""
    FILES = 3
    """The model is stored elsewhere on the camera."""
    FIRMWARE = 4
    """Another release."""
    BUILD = 5
    """A firmware of one's own, or another model."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A change and the case it leads to. ``code`` is what the script then says, empty where it stays as it is."""

    key: str
    effort: Effort
    title: str
    code: str
    case: Case


def constructor(case: Case) -> str:
    """What loads a model on the case's release."""
    return "tf.load" if case.board.release.module == "tf" else "ml.Model"


def both(first: Variant, second: Variant) -> Variant:
    """Two changes as one; ``first`` is the case with both."""
    return Variant(
        f"{first.key}+{second.key}",
        max(first.effort, second.effort),
        f"{second.title}; also {first.title[0].lower()}{first.title[1:]}",
        "; ".join(code for code in (second.code, first.code) if code),
        first.case,
    )
