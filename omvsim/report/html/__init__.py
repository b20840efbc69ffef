"""A capture as one self-contained page: no request leaves it, its charts are drawn here, little script is its own.

Everything that comes from a model or a script is escaped: jinja2 does it in the templates, :mod:`._svg` in charts.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

from omvsim.errors import MissingExtraError

if TYPE_CHECKING:
    from omvsim.capture import Capture


def require_html() -> None:
    """Say so where the package that fills templates is missing.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    if importlib.util.find_spec("jinja2") is None:
        raise MissingExtraError("a page needs jinja2", 'pip install "omvsim[html]"')


def html_report(capture: Capture) -> str:
    """The page.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    require_html()
    page: str = importlib.import_module("omvsim.report.html._page").render(capture)
    return page


__all__ = ["html_report", "require_html"]
