"""The generated page against the code."""

from __future__ import annotations

from tools.coverage_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    """``python -m tools.coverage_page`` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page()
