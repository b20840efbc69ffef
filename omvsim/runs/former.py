"""Camera modules that only the engine before the interpreter has: scripts that import one still run there."""

from __future__ import annotations

import re
from typing import Final

from omvsim.modules.registry import MAKERS

_FORMER: Final = frozenset(
    (
        *("csi", "gctrace", "gif", "image", "mjpeg", "ml", "omv"),
        *("sensor", "tf", "ulab"),
    )
)
_IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import|import\s+([\w., ]+))", re.MULTILINE)


def needs_former_engine(source: str) -> bool:
    """Whether a script imports a module of the camera that only the former engine has."""
    names: set[str] = set()
    for found in _IMPORT.finditer(source):
        for part in (found[1] or found[2]).split(","):
            names.add(part.strip().partition(" ")[0].partition(".")[0])
    return any(name in _FORMER and name not in MAKERS for name in names)


__all__ = ["needs_former_engine"]
