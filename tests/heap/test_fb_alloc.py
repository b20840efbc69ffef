"""The fb_alloc stack: sizes, marks, permanent entries, overlay, and a state machine against a list of entries.

Expected figures follow from openmv/openmv v4.5.5 src/omv/alloc/fb_alloc.c.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from omvsim.errors import DeviceCrash, DeviceMemoryError
from omvsim.heap import FbAlloc, FbEntry, FbHint, FbOverlay, FbSpan

FLOOR, END = 0x8000_0000, 0x8001_0000
OVERLAY = FbOverlay(0x2020_0000, 4096)
TEXT = "^MemoryError: Out of fast frame buffer stack memory$"


def stack(*, overlay: bool = False) -> FbAlloc:
    return FbAlloc(END, floor=lambda: FLOOR, overlay=OVERLAY if overlay else None)


def test_an_entry_is_rounded_to_4_and_has_a_word_under_it() -> None:
    fb = stack()
    assert fb.avail() == 65536 - 4
    assert fb.alloc(1001) == END - 1004
    assert fb.pointer == END - 1008
    assert fb.alloc(0) is None


def test_cache_alignment_costs_up_to_a_line() -> None:
    fb = stack()
    address = fb.alloc(100, FbHint.CACHE_ALIGN)
    assert fb.pointer == END - (128 + 28 + 4)
    assert address == END - 128  # 156 bytes below the end, rounded up to the line


def test_exhaustion_frees_to_the_last_mark_first() -> None:
    fb = stack()
    fb.alloc(100)
    fb.mark()
    fb.alloc(100)
    with pytest.raises(DeviceMemoryError, match=TEXT):
        fb.alloc(65536)
    assert fb.pointer == END - 104


def test_a_failed_mark_frees_nothing() -> None:
    fb = stack()
    fb.alloc_all(FbHint.PREFER_SIZE)
    before = fb.entries
    with pytest.raises(DeviceMemoryError, match=TEXT):
        fb.mark()
    assert fb.entries == before


def test_the_last_byte_fits() -> None:
    assert stack().alloc(65532) == FLOOR + 4
    with pytest.raises(DeviceMemoryError):
        stack().alloc(65533)


def test_marks_nest_and_permanent_entries_stop_exceptions() -> None:
    fb = stack()
    fb.mark()
    fb.alloc(100)
    fb.mark_permanent()
    fb.mark()
    fb.alloc(200)
    fb.free_till_mark()
    assert [entry.size for entry in fb.entries] == [4, 104]
    fb.free_till_mark()
    assert len(fb.entries) == 2
    fb.free_till_mark_past_permanent()
    assert fb.pointer == END


def test_overlay_takes_the_data_but_not_the_place() -> None:
    fb = stack(overlay=True)
    assert fb.alloc(1000) == OVERLAY.base + OVERLAY.size - 1000
    assert fb.pointer == END - 1004
    assert fb.alloc(1000, FbHint.PREFER_SIZE) == END - 1004 - 1000
    assert fb.alloc(4000) == END - 2 * 1004 - 4000  # more than the overlay's rest
    fb.free()
    fb.free()
    fb.free()
    assert (fb.pointer, fb.overlay_free) == (END, OVERLAY.size)
    fb.free()
    fb.mark_permanent()
    assert fb.entries == ()


def test_a_full_stack_refuses_even_what_the_overlay_could_take() -> None:
    fb = stack(overlay=True)
    fb.alloc(65000, FbHint.PREFER_SIZE)
    with pytest.raises(DeviceMemoryError):
        fb.alloc(1000, FbHint.PREFER_SPEED)


def test_the_most_that_was_taken_is_kept() -> None:
    fb = stack(overlay=True)
    fb.alloc(1000)
    fb.alloc(3000, FbHint.PREFER_SIZE)
    assert (fb.peak, fb.overlay_peak) == (1004 + 3004, 1000)
    fb.free()
    fb.alloc(2000)
    assert (fb.peak, fb.overlay_peak) == (1004 + 3004, 3000)
    fb.alloc_all(FbHint.PREFER_SIZE)
    assert (fb.peak, fb.took_all) == (1004 + 3004, 1)


def test_alloc_all() -> None:
    fb = stack(overlay=True)
    assert fb.alloc_all(FbHint.PREFER_SPEED) == FbSpan(OVERLAY.base, 4096)
    assert fb.alloc_all(FbHint.PREFER_SPEED) == FbSpan(OVERLAY.base, 0)
    fb.free()
    fb.free()
    fb.mark()
    left = fb.pointer - FLOOR - 4
    assert fb.alloc_all(FbHint.PREFER_SIZE) == FbSpan(FLOOR + 4, left)
    fb.free()
    aligned = fb.alloc_all(FbHint.PREFER_SIZE | FbHint.CACHE_ALIGN)
    assert aligned == FbSpan(FLOOR + 32, (left - 28) // 32 * 32)


def test_nothing_left_is_a_wrapped_number_and_then_a_crash() -> None:
    fb = stack()
    fb.alloc(65528)
    assert fb.avail() == 0
    assert fb.alloc_all() == FbSpan(None, 0)
    fb.reset()
    fb.alloc_all()
    assert fb.avail() == 4294967292
    with pytest.raises(DeviceCrash):
        fb.alloc_all()


def test_alloc_all_of_less_than_a_line_wraps() -> None:
    fb = stack()
    fb.alloc(65536 - 4 - 12)
    with pytest.raises(DeviceCrash, match="less than a cache line"):
        fb.alloc_all(FbHint.CACHE_ALIGN)


class FbAllocMachine(RuleBasedStateMachine):
    """Entries never overlap, stay inside their memory, and everything is given back."""

    def __init__(self) -> None:
        super().__init__()
        self.fb = stack(overlay=True)

    @rule(size=st.integers(0, 5000), hints=st.integers(0, 7))
    def alloc(self, size: int, hints: int) -> None:
        taken = -(-size // 32) * 32 + 28 if hints & FbHint.CACHE_ALIGN else -(-size // 4) * 4
        end = self.fb.pointer
        if not hints & FbHint.PREFER_SIZE and taken <= self.fb.overlay_free:
            end = OVERLAY.base + self.fb.overlay_free
        expected = end - taken
        if hints & FbHint.CACHE_ALIGN:
            expected = -(-expected // 32) * 32
        if size and self.fb.pointer - taken - 4 < FLOOR:
            left = self.after_an_exception()
            with pytest.raises(DeviceMemoryError):
                self.fb.alloc(size, hints)
            assert self.fb.entries == left
            return
        address = self.fb.alloc(size, hints)
        assert address == (expected if size else None)
        if size:
            entry = self.fb.entries[-1]
            assert (entry.size, entry.address, entry.permanent) == (taken + 4, end - taken, False)

    @rule(permanent=st.booleans())
    def mark(self, permanent: bool) -> None:
        if self.fb.pointer - FLOOR > 64:
            self.fb.mark()
            if permanent:
                self.fb.mark_permanent()

    @rule()
    def free(self) -> None:
        self.fb.free()

    def after_an_exception(self) -> tuple[FbEntry, ...]:
        """Down to the last mark, no further than the last permanent entry."""
        kept = max((i + 1 for i, entry in enumerate(self.fb.entries) if entry.permanent), default=0)
        marks = [i for i, entry in enumerate(self.fb.entries) if entry.is_mark and i >= kept]
        return self.fb.entries[: marks[-1] if marks else kept]

    @rule()
    def exception(self) -> None:
        expected = self.after_an_exception()
        self.fb.free_till_mark()
        assert self.fb.entries == expected

    @rule()
    def release(self) -> None:
        self.fb.free_till_mark_past_permanent()

    @invariant()
    def memory_is_conserved(self) -> None:
        entries = self.fb.entries
        assert self.fb.pointer == END - sum(entry.size for entry in entries) >= FLOOR
        assert self.fb.overlay_free == OVERLAY.size - sum(entry.size - 4 for entry in entries if entry.overlay) >= 0
        spans = sorted((e.address, e.address + e.size - 4) for e in entries if e.address is not None)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


TestFbAllocMachine = FbAllocMachine.TestCase
TestFbAllocMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_hints_are_the_firmware_s_bits() -> None:
    """fb_alloc.h: ``FB_ALLOC_NO_HINT`` 0, ``_PREFER_SPEED`` 1, ``_PREFER_SIZE`` 2, ``_CACHE_ALIGN`` 4."""
    assert [hint.value for hint in (FbHint.NO_HINT, *FbHint)] == [0, 1, 2, 4]
    assert not FbHint.NO_HINT & FbHint.CACHE_ALIGN
