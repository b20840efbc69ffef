"""The bus of ``machine.CAN``, without a script."""

from __future__ import annotations

import pytest

from omvsim.world.can_bus import Filters, Mailboxes, Message

BAUDRATE = 1_000_000


def message(number: int, data: bytes = b"", *, extended: bool = False, remote: bool = False) -> Message:
    return Message.of(number, data, extended=extended, remote=remote)


@pytest.mark.parametrize(
    ("sent", "microseconds"),
    [
        (message(1), 47),
        (message(1, b"12345678"), 47 + 64),
        (message(1, b"12345678", remote=True), 47),
        (message(1, extended=True), 67),
    ],
)
def test_how_long_a_frame_is_on_the_bus(sent: Message, microseconds: int) -> None:
    assert sent.microseconds(BAUDRATE) == microseconds
    assert sent.microseconds(3 * BAUDRATE) == -(-microseconds // 3)


def test_a_number_has_the_bits_of_its_kind() -> None:
    assert message(0xFFFFFFFF).number == 0x7FF
    assert message(0xFFFFFFFF, extended=True).number == 0x1FFFFFFF


def test_a_filter_lets_its_number_in() -> None:
    filters = Filters()
    filters.set(0, [0x123, 0x124], [False, False], extended=False)
    assert [filters.hit(message(number)) for number in (0x123, 0x124, 0x125)] == [0, 1, None]
    filters.clear(0)
    assert filters.hit(message(0x123)) is None


def test_an_empty_table_lets_the_number_0_in() -> None:
    assert Filters().hit(message(0)) == 0


def test_frames_follow_each_other_on_the_bus() -> None:
    boxes = Mailboxes()
    assert not boxes.used
    for number in range(3):
        assert boxes.put(message(number), 0, BAUDRATE, acknowledged=True) is None
    assert [boxes.waiting(now) for now in (0, 46, 47, 94, 141)] == [3, 3, 2, 1, 0]


def test_a_number_that_still_waits_has_to_wait_for_itself() -> None:
    boxes = Mailboxes()
    boxes.put(message(5), 0, BAUDRATE, acknowledged=True)
    assert boxes.put(message(5), 10, BAUDRATE, acknowledged=True) == 47
    assert boxes.put(message(5), 47, BAUDRATE, acknowledged=True) is None


def test_all_mailboxes_can_be_taken() -> None:
    boxes = Mailboxes()
    for number in range(Mailboxes.COUNT):
        assert boxes.put(message(number), 0, BAUDRATE, acknowledged=True) is None
    assert boxes.put(message(99), 0, BAUDRATE, acknowledged=True) == 47
    assert boxes.put(message(99), 47, BAUDRATE, acknowledged=True) is None


def test_what_nobody_acknowledges_waits_for_ever() -> None:
    boxes = Mailboxes()
    boxes.put(message(1), 0, BAUDRATE, acknowledged=False)
    assert boxes.stuck
    assert boxes.waiting(10**12) == 1
