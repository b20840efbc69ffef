"""The page on which a model or script is dropped: before ``omvsim serve`` and before Python in the browser the same.

What each of the two needs is imported when it is asked for: the browser has no sockets.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omvsim.web._answer import Answer, Asked, MistakenError, answer, engine
    from omvsim.web._server import serve

_HOMES = dict.fromkeys(("Answer", "Asked", "MistakenError", "answer", "engine"), "_answer") | {"serve": "_server"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"omvsim.web.{_HOMES[name]}"), name)


__all__ = ["Answer", "Asked", "MistakenError", "answer", "engine", "serve"]
