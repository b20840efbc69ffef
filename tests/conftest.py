"""What every test may use."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from tests.bare_machine import Run

# How fast the machine is decides nothing: times are printed by tests/bench and asserted nowhere.
settings.register_profile("omvsim", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# For tools/mutate.py: whether a test fails is all it asks, and it asks the same of every mutant.
_LOOKING = (Phase.explicit, Phase.generate)
settings.register_profile("mutants", settings.get_profile("omvsim"), phases=_LOOKING, derandomize=True, database=None)
settings.load_profile("omvsim")

# A full collection of the host's walks all that ten thousand tests are made of, for what one of them left: it comes by
# itself at every fiftieth chance, not at every tenth. A script's own collections do not wait for it.
gc.set_threshold(*gc.get_threshold()[:2], 50)

# Behind ``nohup`` or ``&`` these are ignored, and so they would be in every process that a test starts and stops.
for _name, _usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)

# Nor does the terminal that the tests happen to run in; a test that needs a size says so.
for _name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
    os.environ.pop(_name, None)

_CANDIDATES = [os.environ.get("OMVSIM_SHARED", ""), str(Path(__file__).parents[2] / "shared")]
SHARED = next((Path(c) for c in _CANDIDATES if c and (Path(c) / "oracle").is_dir()), None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The measured ground truth; a user does not have it, so tests that ask for it skip without it."""
    if SHARED is None:
        pytest.skip("the measured ground truth is not on this machine (set OMVSIM_SHARED)")
    return SHARED


@pytest.fixture(scope="session")
def run() -> type[Run]:
    """Run a script's text on a bare machine."""
    from tests.bare_machine import Run

    return Run
