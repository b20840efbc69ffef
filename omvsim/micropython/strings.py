"""The pool of names (qstrs, py/qstr.c): what the firmware has in ROM, and what a script adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.micropython.memory import Memory


class StringPool:
    """Names that exist. Adding one asks for room in a chunk of characters and for an entry of a pool.

    Args:
        memory: where chunks and pools go.
        built_in: the firmware's names.
    """

    def __init__(self, memory: Memory, built_in: frozenset[str]) -> None:
        self.memory = memory
        self.built_in = built_in
        self.added: dict[str, None] = {}

    def has(self, text: str) -> bool:
        """``qstr_find_strn``: whether a text is a name already."""
        return text in self.built_in or text in self.added

    def intern(self, text: str) -> str:
        """``qstr_from_strn``: the name, made if there is none yet."""
        if not self.has(text):
            self.added[text] = None
        return text


__all__ = ["StringPool"]
