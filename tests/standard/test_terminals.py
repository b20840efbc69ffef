"""``os.dupterm``: there is no second terminal (extmod/os_dupterm.c, v1.26.0)."""

from __future__ import annotations

import pytest

from omvsim.micropython.errors import Unknown
from tests.bare_machine import Run


def test_without_one_nothing_is_said_of_any() -> None:
    text = "import os\nprint(os.dupterm(None), os.dupterm(None, 2), os.dupterm_notify(None))\n"
    assert Run(text).printed == "None None None\n"


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("os.dupterm(None, 3)", "ValueError: invalid dupterm index"),
        ("os.dupterm(None, -1)", "ValueError: invalid dupterm index"),
        ("os.dupterm(7)", "OSError: stream operation not supported"),
        ("os.dupterm()", "TypeError: function missing 1 required positional arguments"),
        ("os.dupterm_notify()", "TypeError: function takes 1 positional arguments but 0 were given"),
    ],
)
def test_what_is_refused(call: str, error: str) -> None:
    assert Run(f"import os\n{call}").printed.splitlines()[-1] == error


def test_a_second_one_is_not_modelled() -> None:
    with pytest.raises(Unknown, match=r"os\.dupterm"):
        Run("import os, io\nos.dupterm(io.BytesIO())")
