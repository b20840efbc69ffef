"""Words that calls which have returned left on the C stack.

A collection marks from the whole stack (shared/runtime/gchelper_generic.c), so what such a word points to stays. Where
one lies is up to the C compiler: it is a fact of a build, seen in its traces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.micropython.isa import RawCode


class StaleWords:
    """What one machine's stack keeps.

    Attributes:
        module_code: the build leaves ``cm.rc`` of ``mp_compile`` (py/compile.c): the raw code of the script's module,
            which nothing else points to.
    """

    def __init__(self) -> None:
        self.module_code = False
        self._kept: RawCode | None = None

    def compiled(self, code: RawCode) -> None:
        """A module was compiled: of the first one, the script, the word may stay."""
        if self.module_code and self._kept is None:
            self._kept = code


__all__ = ["StaleWords"]
