"""What a gate asks of a run, whether a model's or a script's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from omvsim.gate._types import Blame, Check, Figure, Limit
    from omvsim.provenance import Provenance
    from omvsim.verdict import Verdict


class Subject(Protocol):
    """A run that was measured."""

    @property
    def verdict(self) -> Verdict:
        """How it ended."""

    @property
    def provenance(self) -> Provenance:
        """Of its figures."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Everything measured: of a run that fails, only what does not depend on its going on."""

    @property
    def doubt(self) -> str:
        """Why the figures are not exact; empty if they are."""

    def failure(self) -> str:
        """Why it is no pass, of a run that is none."""

    def why_missing(self, limit: Limit) -> str:
        """Why there is no figure for a limit, of a run that is a pass."""

    def blame_check(self, check: Check) -> Blame:
        """Who makes a figure what it is, and what helps."""

    def blame_failure(self) -> Blame:
        """Likewise, of a run that fails."""
