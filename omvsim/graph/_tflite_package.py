"""Reaches single modules of ``tflite`` and ``flatbuffers`` without paying for the whole of it.

``import tflite`` runs an ``__init__`` that imports every generated module (about 190), and each of those imports
``flatbuffers``, which imports numpy: 0.2 s, more than half of what a whole simulated run may take. Parsing needs a
handful of them and never numpy. So ``tflite`` gets a *front*: a module object with the package's real ``__spec__``
and ``__path__`` (submodules import as usual) that runs the real ``__init__`` in place the first time someone asks it
for any other attribute. To every other user, before or after us, it is the ordinary package.

numpy is only kept away while ``flatbuffers`` is imported: what ``flatbuffers`` holds as ``np`` imports the real one
when it is used. ``sys.modules`` keeps no stand-in for it, because C extensions would trip over that.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Front(ModuleType):
    """A package whose ``__init__`` has not run yet."""

    def __getattr__(self, name: str) -> Any:
        # The import system probes these; a missing one is not a reason to load the package.
        if name.startswith("__") and name not in {"__version__", "__all__"}:
            raise AttributeError(name)
        package: ModuleType = self
        package.__class__ = ModuleType
        if package.__spec__ is not None and package.__spec__.loader is not None:
            package.__spec__.loader.exec_module(package)
        return getattr(package, name)


class _LaterNumpy(ModuleType):
    """What ``flatbuffers`` gets for numpy: the real one, imported when it is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(importlib.import_module("numpy"), name)


def _put_front(package: str) -> None:
    """Put a front for ``package`` into ``sys.modules`` unless the package is loaded already or is not there."""
    spec = None if package in sys.modules else importlib.util.find_spec(package)
    if spec is not None:
        front = importlib.util.module_from_spec(spec)
        front.__class__ = _Front
        sys.modules[package] = front


@contextmanager
def _without_numpy() -> Iterator[None]:
    """While generated modules are imported (each imports numpy for itself), numpy is only promised."""
    if "numpy" in sys.modules:
        yield
        return
    sys.modules["numpy"] = _LaterNumpy("numpy")
    try:
        yield
    finally:
        del sys.modules["numpy"]


def tflite_module(name: str) -> ModuleType:
    """The generated module ``tflite.<name>``, e.g. ``Conv2DOptions``.

    Raises:
        ModuleNotFoundError: the schema the package was generated from has no such table.
    """
    _put_front("tflite")
    with _without_numpy():
        return importlib.import_module(f"tflite.{name}")


def flexbuffer_root(data: bytes) -> Any:
    """The root of a flexbuffer, as ``flatbuffers.flexbuffers`` reads it (it trusts its input)."""
    with _without_numpy():
        flexbuffers = importlib.import_module("flatbuffers.flexbuffers")
    return flexbuffers.GetRoot(data)
