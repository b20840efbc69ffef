from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.runs.aside import host_aside

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def _what_others_left_is_set_aside() -> Iterator[None]:
    """Each collection here asks the host; asked for all that other tests made as well, it takes half a second."""
    with host_aside():
        yield
