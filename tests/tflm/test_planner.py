"""The greedy planner, alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from omvsim.tflm._planner import Requirement, head_bytes, place


def test_largest_first_and_last_added_first_among_equals() -> None:
    assert place([Requirement(16, 0, 1), Requirement(32, 0, 1), Requirement(16, 0, 1)]) == [48, 0, 32]


def test_buffers_alive_at_the_same_step_do_not_share() -> None:
    assert place([Requirement(32, 0, 1), Requirement(16, 1, 2)]) == [0, 32]
    assert place([Requirement(32, 0, 1), Requirement(16, 2, 3)]) == [0, 0]


def test_first_gap_that_is_large_enough_is_taken() -> None:
    buffers = [Requirement(64, 0, 0), Requirement(48, 0, 9), Requirement(32, 2, 2), Requirement(16, 2, 2)]
    assert place(buffers) == [0, 64, 0, 32]


def test_never_used_buffers_overlap_only_one_another() -> None:
    assert place([Requirement(32, -1, -1), Requirement(16, -1, -1), Requirement(16, 0, 1)]) == [0, 32, 0]


def test_offline_buffers_are_taken_as_they_are() -> None:
    buffers = [Requirement(32, 0, 1), Requirement(16, 0, 1, offline=8), Requirement(16, 0, 1, offline=8)]
    assert place(buffers) == [24, 8, 8]


def test_every_offset_but_minus_one_is_an_offline_one() -> None:
    """``kOnlinePlannedBuffer`` is -1 and nothing else."""
    assert place([Requirement(16, 0, 1), Requirement(16, 0, 1, offline=-2)]) == [14, -2]
    assert place([Requirement(16, 0, 1), Requirement(16, 0, 1, offline=0)]) == [16, 0]


def test_nothing_to_place() -> None:
    assert place([]) == []
    assert head_bytes([], []) == 0


_buffers = st.lists(
    st.tuples(st.integers(1, 8), st.integers(0, 12), st.integers(0, 6)).map(
        lambda t: Requirement(16 * t[0], t[1], t[1] + t[2])
    ),
    max_size=24,
)


@given(_buffers)
def test_no_two_live_buffers_overlap_and_none_could_lie_lower(buffers: list[Requirement]) -> None:
    offsets = place(buffers)
    order = sorted(range(len(buffers)), key=lambda i: (-buffers[i].bytes, -i))
    for rank, index in enumerate(order):
        taken: set[int] = set()
        for other in order[:rank]:
            if buffers[other].first <= buffers[index].last and buffers[index].first <= buffers[other].last:
                taken |= set(range(offsets[other] // 16, (offsets[other] + buffers[other].bytes) // 16))
        blocks = buffers[index].bytes // 16
        lowest = next(start for start in range(1000) if taken.isdisjoint(range(start, start + blocks)))
        assert offsets[index] == 16 * lowest
    assert head_bytes(buffers, offsets) == max((o + b.bytes for o, b in zip(offsets, buffers, strict=True)), default=0)
