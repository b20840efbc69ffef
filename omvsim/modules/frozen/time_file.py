"""``time.py`` (micropython-lib): the module in ROM with ``strftime``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.modules.frozen.body import not_modelled

if TYPE_CHECKING:
    from omvsim.modules.frozen.body import Body


def statements(body: Body) -> None:
    """Its constants have names with an underscore: they are nowhere at run time."""
    body.from_import("utime", "*")
    body.from_import("micropython", "const")
    body.function("strftime", "datefmt ts", not_modelled("time.strftime"))


__all__ = ["statements"]
