"""Lengths of encoded numbers, line tables and jumps, against encoders that write the bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from omvsim.compiler.encoding import (
    Jump,
    Label,
    Line,
    Plain,
    Signature,
    int_size,
    lay_out,
    line_size,
    measure,
    prelude_size_size,
    uint_size,
)

_WORDS = st.integers(0, 2**32 - 1)
_SMALL = st.integers(-(2**30), 2**30 - 1)


def _unsigned(value: int) -> list[int]:
    """Seven bits a byte, the last one first."""
    written = [value & 0x7F]
    while value := value >> 7:
        written.insert(0, value & 0x7F | 0x80)
    return written


def _signed(value: int) -> list[int]:
    """Seven bits a byte; bit 6 of the first says the sign."""
    written = [value & 0x7F]
    value >>= 7
    while not (value in (0, -1) and (written[0] & 0x40 != 0) == (value == -1)):
        written.insert(0, value & 0x7F)
        value >>= 7
    return written


@given(_WORDS)
def test_unsigned_numbers(value: int) -> None:
    assert uint_size(value) == len(_unsigned(value))


@given(_SMALL)
def test_signed_numbers(value: int) -> None:
    assert int_size(value) == len(_signed(value))


def test_numbers_at_the_edges() -> None:
    assert [uint_size(value) for value in (0, 127, 128, 16383, 16384)] == [1, 1, 2, 2, 3]
    assert [int_size(value) for value in (0, 63, 64, -64, -65, 8191, 8192, -8192, -8193)] == [1, 1, 2, 1, 2, 2, 3, 2, 3]


@given(st.integers(0, 400), st.integers(0, 5000))
def test_a_line_table_skips_what_it_should(distance: int, lines: int) -> None:
    written: list[tuple[int, int]] = []
    size = 0
    left = [distance, lines]
    while left[0] or left[1]:
        if left[1] <= 6 or left[0] > 15:
            step = min(left[0], 31)
            skip = min(left[1], 3) if step == left[0] else 0
            size += 1
        else:
            step, skip = min(left[0], 15), min(left[1], 0x7FF)
            size += 2
        written.append((step, skip))
        left = [left[0] - step, left[1] - skip]
    assert (sum(step for step, _ in written), sum(skip for _, skip in written)) == (distance, lines)
    assert line_size(distance, lines) == size


_COUNT = st.integers(0, 300)


@given(st.integers(1, 5000), _COUNT, st.integers(0, 15), _COUNT, _COUNT, _COUNT)
def test_the_signature_of_a_function(
    states: int, handlers: int, flags: int, args: int, only: int, defaults: int
) -> None:
    numbers = [states - 1 >> 4, handlers >> 1, flags, args >> 2, only, defaults]
    written = 1
    while any(numbers):
        written += 1
        numbers = [numbers[0] >> 2, *(number >> 1 for number in numbers[1:])]
    assert Signature(states, handlers, flags, args, only, defaults).size() == written


@given(st.integers(1, 5000), st.integers(0, 200))
def test_the_size_of_the_prelude(info: int, cells: int) -> None:
    written, left, more = 1, info >> 6, cells >> 1
    while left | more:
        written, left, more = written + 1, left >> 6, more >> 1
    assert prelude_size_size(info, cells) == written


def _sized(record: list[Plain | Jump | Label | Line]) -> int:
    labels: dict[int, int] = {}
    measure(record, labels, first=True)
    return measure(record, labels, first=False).code


def test_a_jump_is_short_within_seven_bits() -> None:
    """Forward the label's place is that of the pass before, where the jump itself took 3 bytes."""
    assert _sized([Jump(0, signed=True), Plain(62), Label(0)]) == 2 + 62
    assert _sized([Jump(0, signed=True), Plain(63), Label(0)]) == 3 + 63
    assert _sized([Jump(0, signed=False), Plain(126), Label(0)]) == 2 + 126
    assert _sized([Jump(0, signed=False), Plain(127), Label(0)]) == 3 + 127
    assert _sized([Label(0), Plain(62), Jump(0, signed=True)]) == 62 + 2
    assert _sized([Label(0), Plain(63), Jump(0, signed=True)]) == 63 + 3


def test_a_chunk_keeps_the_size_of_the_pass_that_sized_it() -> None:
    """A jump over one that became short is short only a pass later, when the chunk has its size."""
    record: list[Plain | Jump | Label | Line] = [
        Jump(0, signed=True),
        Plain(59),
        Jump(1, signed=True),
        Label(1),
        Label(0),
    ]
    plain = Signature(1, 0, 0, 0, 0, 0)
    assert lay_out(record, plain, names=1, cells=0).asked == 2 + 1 + 2 + 59 + 2
    farther: list[Plain | Jump | Label | Line] = [
        Jump(0, signed=True),
        Plain(60),
        Jump(1, signed=True),
        Label(1),
        Label(0),
    ]
    assert lay_out(farther, plain, names=1, cells=0).asked == 2 + 1 + 3 + 60 + 2


def test_cells_and_names_count() -> None:
    bare = lay_out([Plain(10)], Signature(1, 0, 0, 0, 0, 0), names=1, cells=0).asked
    assert lay_out([Plain(10)], Signature(1, 0, 0, 0, 0, 0), names=5, cells=0).asked == bare + 4
    assert lay_out([Plain(10)], Signature(1, 0, 0, 0, 0, 0), names=1, cells=3).asked == bare + 3 + 1


def test_code_that_no_jump_reaches_over_overflows() -> None:
    def far(bytes_: int) -> bool:
        return lay_out([Jump(0, signed=True), Plain(bytes_), Label(0)], Signature(1, 0, 0, 0, 0, 0), 1, 0).overflow

    assert not far(0x3FFF)
    assert far(0x4000)
