"""Arguments of frozen functions that do not fit: texts of py/bc.c (MicroPython 1.26, ``mp_setup_code_state``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running import run

if TYPE_CHECKING:
    from pathlib import Path

TABLE = (
    ("NMS(96)", "__init__() takes 4 positional arguments but 2 were given"),
    ("NMS(1, 2, 3, 4, 5)", "__init__() takes 4 positional arguments but 6 were given"),
    ("n.add_bounding_box(1, 2, 3)", "add_bounding_box() takes 7 positional arguments but 4 were given"),
    ("threshold(1)", "threshold() takes 3 positional arguments but 1 were given"),
    ("logit()", "logit() takes 1 positional arguments but 0 were given"),
    ("logit(x=1, y=2)", "unexpected keyword argument 'y'"),
    ("logit(1, x=2)", "function got multiple values for argument 'x'"),
    ("quantize(1, 2, 3, index=4)", "function got multiple values for argument 'index'"),
)


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_texts(release: str, tmp_path: Path) -> None:
    """And the same function written in a script says the same."""
    lines = ["from ml.utils import *", "n = NMS(9, 9, (0, 0, 9, 9))"]
    for call, _ in TABLE:
        lines += ["try:", f"    {call}", "except TypeError as e:", "    print(e)"]
    lines += ["def logit(x): pass", "try:", "    logit()", "except TypeError as e:", "    print(e)"]
    printed = run(tmp_path, "\n".join(lines) + "\n", release=release).output.splitlines()
    assert printed == [*(text for _, text in TABLE), TABLE[4][1]]
