"""What a notebook shows for a result: the reports draw it, and only when a notebook asks."""

from __future__ import annotations

import importlib
import importlib.util


def notebook_html(value: object) -> str | None:
    """``value`` as HTML; None, so that the notebook takes ``repr``, where the package that draws is not installed."""
    if importlib.util.find_spec("markupsafe") is None:
        return None
    shown: str = importlib.import_module("omvsim.report").notebook_html(value)
    return shown


__all__ = ["notebook_html"]
