"""``omvsim serve``: what its options take."""

from __future__ import annotations

import pytest

from omvsim.cli import main


@pytest.mark.parametrize("port", ["99999999", "65536", "-1", "80a", "", "٣"])
def test_what_is_no_port(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong command line, not a fault of omvsim."""
    with pytest.raises(SystemExit) as ended:
        main(["serve", f"--port={port}"])
    assert ended.value.code == 2
    assert "--port: must be between 0 and 65535" in capsys.readouterr().err
