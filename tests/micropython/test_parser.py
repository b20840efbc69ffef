"""The parser: shape of the tree, folding, errors, and every request against the measured ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.micropython._parsing import asked_by, load, recorded, until

if TYPE_CHECKING:
    from pathlib import Path

_OWN_DIGITS = ("bit_ops_flags",)
"""Scripts whose constants are folded to big ints: how many digits those reserve is the business of the int type."""


@pytest.mark.shared
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_every_request_of_opening_and_parsing_is_the_measured_one(shared: Path, release: str) -> None:
    paths = sorted((shared / "oracle" / "language" / "traces" / release).glob("*.jsonl.gz"))
    assert len(paths) > 150
    for path in paths:
        if path.name.startswith(_OWN_DIGITS):
            continue
        header, *events = load(path)
        areas = [(int(start, 16), size) for start, size in header["areas_arg"]]
        opened = until(events, "h.open")
        measured = recorded(events[opened : until(events[opened:], "h.compile", "h.exc") + opened])
        assert asked_by(areas, events[:opened], header["script"], release) == measured, path.name
