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
        raise MissingExtraError("a page needs jinja2", "pip install jinja2 markupsafe")


def html_report(capture: Capture) -> str:
    """The page.

    Raises:
        MissingExtraError: jinja2 is not installed.
    """
    require_html()
    page: str = importlib.import_module("omvsim.report.html._page").render(capture)
    return page


def chart_svg(capture: Capture, name: str | None = None, *, dark: bool = False) -> str:
    """One chart of the page as an SVG file; without a name the first there is.

    Raises:
        CaptureError: the capture has no chart of that name.
        MissingExtraError: jinja2 is not installed.
    """
    require_html()
    drawn: str = importlib.import_module("omvsim.report.html._standalone").chart_svg(capture, name, dark=dark)
    return drawn


def chart_png(capture: Capture, name: str | None = None, *, dark: bool = False) -> bytes:
    """The same as PNG.

    Raises:
        CaptureError: the capture has no chart of that name.
        MissingExtraError: jinja2 or resvg-py is not installed.
    """
    require_html()
    drawn: bytes = importlib.import_module("omvsim.report.html._standalone").chart_png(capture, name, dark=dark)
    return drawn


def notebook_html(value: object) -> str:
    """A result, plan or board as a notebook shows it; needs markupsafe.

    Raises:
        TypeError: it is none of those.
    """
    shown: str = importlib.import_module("omvsim.report.html._notebook").notebook_html(value)
    return shown


__all__ = ["chart_png", "chart_svg", "html_report", "notebook_html", "require_html"]
