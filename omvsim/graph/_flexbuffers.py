"""Flexbuffers, without paying for numpy: ``flatbuffers`` imports it, and nothing that is read here needs it.

numpy is only kept away while ``flatbuffers`` is imported: what ``flatbuffers`` holds as ``np`` imports the real one
when it is used. ``sys.modules`` keeps no stand-in for it, because C extensions would trip over that.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class _LaterNumpy(ModuleType):
    """What ``flatbuffers`` gets for numpy: the real one, imported when it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module("numpy"), name)


@contextmanager
def _without_numpy() -> Iterator[None]:
    """While ``flatbuffers`` is imported, numpy is only promised."""
    if "numpy" in sys.modules:
        yield
        return
    sys.modules["numpy"] = _LaterNumpy("numpy")
    try:
        yield
    finally:
        del sys.modules["numpy"]


def flexbuffer_root(data: bytes) -> Any:
    """The root of a flexbuffer, as ``flatbuffers.flexbuffers`` reads it (it trusts its input)."""
    with _without_numpy():
        flexbuffers = importlib.import_module("flatbuffers.flexbuffers")
    return flexbuffers.GetRoot(data)
