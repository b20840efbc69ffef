"""How long compiled code is: prelude, line table and bytecodes, pass by pass (py/emitbc.c, py/bc.h, py/bc0.h).

The emitter makes the same calls in each of its passes; what changes is where labels stand, and with them how long
jumps and the line table are. So the calls of one pass are recorded once and measured again for the others.
"""

from __future__ import annotations

from typing import Final

from omvsim.records import NamedTuple


class Plain(NamedTuple):
    """Bytecodes without a label: so many bytes."""

    size: int


class Jump(NamedTuple):
    """A bytecode with a label: 2 bytes where the distance fits in 7 bits, else 3."""

    label: int
    signed: bool


class Label(NamedTuple):
    """A label stands here."""

    number: int


class Line(NamedTuple):
    """The code from here on belongs to a line that is so many further down."""

    skipped: int


Record = list[Plain | Jump | Label | Line]

LONG_JUMP_LEAST: Final = 1 << 14
"""Bytes from which on a jump may not reach: ``bytecode overflow``."""


def uint_size(value: int) -> int:
    """Bytes of a variable-length unsigned number: 7 bits in each (``mp_encode_uint``)."""
    return max(1, -(-value.bit_length() // 7))


def int_size(value: int) -> int:
    """Bytes of a variable-length signed number (``emit_write_bytecode_byte_int``)."""
    return (value if value >= 0 else ~value).bit_length() // 7 + 1


def line_size(distance: int, lines: int) -> int:
    """Bytes in the line table for skipping ``distance`` bytes of code and ``lines`` lines."""
    size = 0
    while distance > 0 or lines > 0:
        if lines <= 6 or distance > 0xF:
            step = min(distance, 0x1F)
            lines -= 0 if step < distance else min(lines, 0x3)
            size += 1
        else:
            step = min(distance, 0xF)
            lines -= min(lines, 0x7FF)
            size += 2
        distance -= step
    return size


class Signature(NamedTuple):
    """What the prelude says of a function (``MP_BC_PRELUDE_SIG_ENCODE``)."""

    n_state: int
    n_exc_stack: int
    flags: int
    pos_args: int
    keyword_only: int
    default_pos_args: int

    def size(self) -> int:
        """Bytes of the six numbers, interleaved by bits: xSSSSEAA, then as often as needed xFSSKAED."""
        state, exc, args = (self.n_state - 1) >> 4, self.n_exc_stack >> 1, self.pos_args >> 2
        bits = max(exc, args, self.flags, self.keyword_only, self.default_pos_args).bit_length()
        return 1 + max(bits, -(-state.bit_length() // 2))


def prelude_size_size(info: int, cells: int) -> int:
    """Bytes of the two numbers interleaved as xIIIIIIC (``MP_BC_PRELUDE_SIZE_ENCODE``)."""
    return max(1, -(-info.bit_length() // 6), cells.bit_length())


class Measured(NamedTuple):
    """One pass: bytes of bytecode, bytes of the line table, whether a jump was too far."""

    code: int
    lines: int
    overflow: bool


def measure(record: Record, labels: dict[int, int], *, first: bool) -> Measured:
    """One pass over the recorded calls.

    Args:
        record: the calls.
        labels: where each label stood in the pass before; updated.
        first: the pass that computes the stack: nothing is known of labels, so every jump takes 3 bytes.
    """
    offset = lines = last_line = 0
    overflow = False
    for call in record:
        if isinstance(call, Plain):
            offset += call.size
        elif isinstance(call, Jump):
            distance = 0 if first else labels[call.label] - offset - 2
            short = not first and (-64 <= distance <= 63 if call.signed else 0 <= distance <= 127)
            if not short:
                distance += -1 + (0x4000 if call.signed else 0)
                overflow = overflow or not 0 <= distance <= 0x7FFF
            offset += 2 if short else 3
        elif isinstance(call, Label):
            labels[call.number] = offset
        else:
            lines += line_size(offset - last_line, call.skipped)
            last_line = offset
    return Measured(offset, lines, overflow)


class Layout(NamedTuple):
    """Sizes of one function's code.

    ``asked``: bytes of the chunk, as the pass that sizes it found; ``overflow``: a jump does not reach.
    """

    asked: int
    overflow: bool


def lay_out(record: Record, signature: Signature, names: int, cells: int) -> Layout:
    """Sizes of a function's chunk: prelude, names, line table, cells and bytecode.

    Args:
        record: the emitter's calls.
        signature: the numbers of the prelude.
        names: bytes of the function's name and those of its arguments.
        cells: how many locals are cells.
    """
    labels: dict[int, int] = {}
    stack_pass = measure(record, labels, first=True)
    size_pass = measure(record, labels, first=False)
    head = signature.size() + prelude_size_size(names + stack_pass.lines, cells)
    asked = head + names + size_pass.lines + cells + size_pass.code
    overflow = False
    before = size_pass
    while size_pass.code >= LONG_JUMP_LEAST:
        final = measure(record, labels, first=False)
        if final == before:
            overflow = final.overflow
            break
        before = final
    return Layout(asked, overflow)


__all__ = ["Jump", "Label", "Layout", "Line", "Plain", "Record", "Signature", "int_size", "lay_out", "uint_size"]
