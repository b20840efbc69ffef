"""``return``, ``break``, ``continue``, ``raise`` and ``yield`` out of nested ``try``, ``with`` and loops: the path is
MicroPython's own, for functions made by chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.micropython._blocks import PRELUDE, generator, plain
from tests.oracles.alike import assert_alike

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("make", [plain, generator])
def test_the_same_path(make: Callable[[int], str], tmp_path: Path) -> None:
    assert_alike([make(seed) for seed in range(30)], tmp_path, PRELUDE)
