"""Chooses the runtime: the first one that is installed and works when run."""

from __future__ import annotations

import contextlib
import io
from functools import cache
from typing import TYPE_CHECKING, Any

from omvsim.errors import MissingExtraError
from omvsim.runtime import _probe, _tflite, _trial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omvsim.runtime._types import Backend, Interpreter

BACKENDS = ("tflite-runtime", "ai-edge-litert")
"""Distributions, in the order in which they are tried."""

_INSTALL = "pip install ai-edge-litert"
_OLDER_NUMPY = 'pip install "numpy<2"'


@cache
def find_backend(name: str) -> Backend:
    """The backend ``name``, proven to work by running a small model (once a process).

    Raises:
        MissingExtraError: it is not installed, or it does not work here; says which command helps.
    """
    if name not in BACKENDS:
        raise MissingExtraError(f"there is no runtime {name!r} (known: {', '.join(BACKENDS)})", _INSTALL)
    try:
        # numpy writes pages to stderr when a module built for numpy 1 is imported; the advice below is the message.
        with contextlib.redirect_stderr(io.StringIO()):
            module = _tflite.load(name)
    except _tflite.NotInstalledError as error:
        raise MissingExtraError(f"{name} is not installed", f"pip install {name}") from error
    except (ImportError, AttributeError, SystemError) as error:
        raise _broken(name, str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    reason = _probe.probe(module)
    if reason is not None:
        raise _broken(name, reason)
    return _tflite.TfliteBackend(name, module)


def choose_backend() -> Backend:
    """The first backend that works.

    Raises:
        MissingExtraError: none does. A runtime that is installed but broken is what the advice is about; without
            any, the advice installs one.
    """
    broken: MissingExtraError | None = None
    for name in BACKENDS:
        try:
            return find_backend(name)
        except MissingExtraError as error:
            if not isinstance(error.__cause__, _tflite.NotInstalledError):
                broken = broken or error
    raise broken or MissingExtraError("no TFLite runtime is installed", _INSTALL)


def open_interpreter(
    model_bytes: bytes,
    *,
    backend: str | None = None,
    source: str = "model",
    options: Mapping[str, Any] | None = None,
    trial: bool = True,
) -> Interpreter:
    """Load a model into a runtime and allocate its tensors.

    Args:
        model_bytes: the ``.tflite`` file.
        backend: ``tflite-runtime`` or ``ai-edge-litert``; the first one that works if not given.
        source: what to call the model in messages.
        options: go to the runtime's constructor unchanged, e.g. ``{"num_threads": 1}``.
        trial: run the model once in another process first, so that a crash of the runtime is a clear error.

    Raises:
        MissingExtraError: no runtime works here.
        RefusedError: the runtime does not take the model.
    """
    chosen = find_backend(backend) if backend else choose_backend()
    if trial:
        _trial.try_model(model_bytes, chosen.name, source)
    return chosen.open(model_bytes, source=source, options=options)


def _broken(name: str, reason: str) -> MissingExtraError:
    """The advice for a runtime that is installed and does not work."""
    version = _tflite.version_of(name)
    numpy = _tflite.version_of("numpy")
    if name == "tflite-runtime" and int(numpy.split(".")[0]) >= 2:
        return MissingExtraError(
            f"{name} {version} is built for numpy 1 and does not work with numpy {numpy}", _OLDER_NUMPY
        )
    return MissingExtraError(f"{name} {version} is installed but does not work ({reason})", _INSTALL)
