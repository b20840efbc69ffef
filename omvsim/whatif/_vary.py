"""What is varied: axes, their full grid or a sample of it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

from omvsim.boards import DEFAULT_BOARD, load_board, releases
from omvsim.errors import BoardError, InputError
from omvsim.units import format_size, parse_size
from omvsim.whatif._configuration import GC_SIZE, RUN_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.whatif._configuration import Configuration

MOST_VALUES = 1_000_000


@dataclass(frozen=True, slots=True)
class Axis:
    """A key and the values it takes."""

    key: str
    values: tuple[str, ...]


def parse_axis(text: str, board: str = DEFAULT_BOARD) -> Axis:
    """``KEY=A..B:STEP``, ``KEY=a,b,c`` or ``firmware=all``.

    Raises:
        InputError: none of these.
    """
    key, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not key or not values:
        raise InputError("--vary", f"{text!r} is not KEY=A..B:STEP or KEY=VALUE,VALUE")
    return axis_of(key, values, board)


def axis_of(key: str, values: str | Sequence[str], board: str = DEFAULT_BOARD) -> Axis:
    """An axis of a key from the text behind ``KEY=``, or from a list of values.

    Raises:
        InputError: not a range or a list.
    """
    if not isinstance(values, str):
        if not values:
            raise InputError(key, "there is no value to try")
        return Axis(key, tuple(values))
    if key == "firmware" and values == "all":
        return Axis(key, releases(board))
    if ".." in values:
        return Axis(key, tuple(_range(key, values)))
    return Axis(key, tuple(value.strip() for value in values.split(",") if value.strip()))


def _range(key: str, text: str) -> list[str]:
    bounds, colon, step_text = text.partition(":")
    low_text, _, high_text = bounds.partition("..")
    try:
        low, high = parse_size(low_text), parse_size(high_text)
        step = parse_size(step_text) if colon else 0
    except ValueError as error:
        raise InputError(key, str(error)) from error
    if step < 1 or high < low:
        raise InputError(key, f"{text!r} is not a range A..B:STEP that goes up")
    if (high - low) // step >= MOST_VALUES:
        raise InputError(key, f"{text!r} has more than {MOST_VALUES} values")
    return [format_size(value) for value in range(low, high + 1, step)]


@dataclass(frozen=True, slots=True)
class Plan:
    """A base and axes; ``sample`` picks that many points of the grid at random, reproducibly by ``seed``."""

    base: Configuration
    axes: tuple[Axis, ...]
    sample: int | None = None
    seed: int = 1

    @property
    def grid(self) -> int:
        """Points of the full grid."""
        return prod(len(axis.values) for axis in self.axes)

    def __len__(self) -> int:
        return self.grid if self.sample is None else min(self.sample, self.grid)

    def __iter__(self) -> Iterator[tuple[int, Configuration]]:
        """(number in the grid, configuration), in the grid's order."""
        numbers: Sequence[int] = range(self.grid)
        if self.sample is not None and self.sample < self.grid:
            numbers = sorted(random.Random(self.seed).sample(numbers, self.sample))
        for number in numbers:
            yield number, self.configuration(number)

    def check_keys(self) -> None:
        """Refuse a key that no release of the plan has: every row would say so. One that some lack stands in theirs.

        Raises:
            InputError: names the key and the nearest there are.
        """
        tried = next((axis.values for axis in self.axes if axis.key == "firmware"), (self.base.firmware,))
        boards = [load_board(self.base.board, release) for release in tried if release in releases(self.base.board)]
        given = [*self.base.settings, *((axis.key, axis.values[0]) for axis in self.axes if axis.key not in RUN_KEYS)]
        for key, value in given:
            own = self.base.gc is not None and GC_SIZE.fullmatch(key)  # one more area than were given may be made
            if own or not boards or any(key in board.values() for board in boards):
                continue
            try:
                boards[-1].with_values({key: value})
            except BoardError as error:
                raise InputError(key, error.cause) from error

    def configuration(self, number: int) -> Configuration:
        """The configuration of a point of the grid; the last axis changes fastest."""
        chosen: list[tuple[str, str]] = []
        rest = number
        for axis in reversed(self.axes):
            rest, position = divmod(rest, len(axis.values))
            chosen.append((axis.key, axis.values[position]))
        configuration = self.base
        for key, value in reversed(chosen):
            configuration = configuration.with_value(key, value)
        return configuration
