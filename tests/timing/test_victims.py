"""The small simulations of one set, against the same written out plainly."""

from __future__ import annotations

import pytest

from omvsim.timing._cache import _random_set, _settle_set


class Plain:
    """A set with random replacement, its victims by xorshift32."""

    def __init__(self, ways: int) -> None:
        self.ways, self.state, self.misses = ways, 2463534242, 0
        self.present: list[int] = []

    def touch(self, line: int) -> None:
        if line in self.present:
            return
        self.state ^= self.state << 13 & 0xFFFFFFFF
        self.state ^= self.state >> 17
        self.state ^= self.state << 5 & 0xFFFFFFFF
        self.present[self.state % self.ways] = line
        self.misses += 1


@pytest.mark.parametrize("ways", [1, 2, 4, 8])
@pytest.mark.parametrize("more", [1, 3, 20, 32])
def test_misses_of_lines_that_do_not_fit(ways: int, more: int) -> None:
    plain, lines = Plain(ways), ways + more
    plain.present = list(range(ways))
    settled = 0
    for turn in range(28):
        settled = plain.misses if turn == 4 else settled
        for line in range(lines):
            plain.touch(line)
    assert _random_set(lines, ways) == (plain.misses - settled) / (24 * lines)


@pytest.mark.parametrize("ways", [1, 2, 4, 8])
@pytest.mark.parametrize("passes", [1, 2, 32])
def test_misses_until_lines_that_fit_have_settled(ways: int, passes: int) -> None:
    plain = Plain(ways)
    for _ in range(48):
        plain.present = [-1] * ways
        for _ in range(passes):
            for line in range(ways):
                plain.touch(line)
    assert _settle_set(ways, ways, passes) == plain.misses / 48
