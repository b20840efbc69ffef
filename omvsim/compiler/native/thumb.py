"""How long Thumb-2 machine code is (py/asmthumb.c, py/asmbase.c): sizes of instructions, nothing is written."""

from __future__ import annotations

from typing import Final

from omvsim.micropython.errors import Unknown

LOW_OFFSET: Final = 31
"""The farthest word that a short load or store reaches."""
SHORT_SUB: Final = 127
"""Words that a short ``sub sp`` takes."""
_WIDE_OFFSET: Final = 4095


class Thumb:
    """The assembler's count of bytes (``asm_thumb_t``). Code behind a jump is dead until a label."""

    def __init__(self) -> None:
        self.offset = 0
        self.dead = False
        self.labels: dict[int, int] = {}
        self.adjusted = 0

    def start(self) -> None:
        """A pass that computes sizes: no label is known."""
        self.__init__()  # type: ignore[misc] # as new

    def put(self, size: int) -> None:
        """So many bytes of code or data."""
        if not self.dead:
            self.offset += size

    def label(self, number: int) -> None:
        """``mp_asm_base_label_assign``."""
        self.dead = False
        self.labels[number] = self.offset

    def load_number(self, value: int) -> None:
        """``asm_thumb_mov_reg_i32_optimised`` into one of the low registers: mov, movw, or movw and movt."""
        value &= 0xFFFFFFFF
        self.put(2 if value < 1 << 8 else 4 if value < 1 << 16 else 8)

    def access(self, offset: int, shift: int = 2) -> None:
        """A load or store at a constant offset, counted in units of 1, 2 or 4 bytes."""
        if 0 <= offset <= LOW_OFFSET:
            self.put(2)
        elif 0 <= offset << shift <= _WIDE_OFFSET:
            self.put(4)
        else:
            raise Unknown("machine code", "an offset beyond 4095 bytes is not modelled")

    def call(self, function: int) -> None:
        """``asm_thumb_bl_ind``: through the table of functions."""
        self.access(function)
        self.put(2)

    def jump(self, label: int) -> None:
        """``asm_thumb_b_label``: short only if it goes back no more than 2 KB."""
        self._branch(label, 1 << 11)

    def compare_and_jump(self, label: int) -> None:
        """A comparison, then ``asm_thumb_bcc_label``: short only if it goes back no more than 256 bytes."""
        self.put(2)
        self._branch(label, 1 << 8)

    def _branch(self, label: int, reach: int) -> None:
        back = self.labels.get(label)
        distance = 0 if back is None else back - self.offset - 4
        self.put(2 if back is not None and -reach <= distance <= -4 else 4)

    def enter(self, words: int) -> None:
        """``asm_thumb_entry``: push, and room for more than three words."""
        self.adjusted = (words - 3 + 1) & ~1 if words > 3 else 0
        self.put(2 + self._adjusting())

    def leave(self) -> None:
        """``asm_thumb_exit``."""
        self.put(self._adjusting() + 2)

    def _adjusting(self) -> int:
        return 0 if not self.adjusted else 2 if self.adjusted <= SHORT_SUB else 4


__all__ = ["Thumb"]
