"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_CANDIDATES = [os.environ.get("OMVSIM_SHARED", ""), str(Path(__file__).parents[2] / "shared")]
SHARED = next((Path(c) for c in _CANDIDATES if c and (Path(c) / "oracle").is_dir()), None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The measured ground truth; a user does not have it, so tests that ask for it skip without it."""
    if SHARED is None:
        pytest.skip("the measured ground truth is not on this machine (set OMVSIM_SHARED)")
    return SHARED
