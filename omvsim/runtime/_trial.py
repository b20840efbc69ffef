"""Runs a model once in a process of its own: a runtime may crash on it, and the simulator must not die with it.

Both runtimes end the process (SIGSEGV) on some valid models, e.g. a float DEPTHWISE_CONV_2D without bias under the
XNNPACK delegate. Nothing else is learnt here: a model that is refused with an exception is refused again, with its
reason, when the caller opens it.
"""

from __future__ import annotations

import os
import signal
import sys

from omvsim.runtime._errors import InputDataError, RefusedError


def try_model(model: bytes, backend: str, source: str) -> None:
    """Open and run ``model`` on zeros in a child process.

    Raises:
        RefusedError: the runtime crashed.
    """
    import subprocess  # noqa: PLC0415 - a run that opens no model must not pay for it

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    child = subprocess.run(
        [sys.executable, "-m", "omvsim.runtime._trial", backend],
        input=model,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if child.returncode:
        raise RefusedError(source, f"{backend} crashes on this model ({_describe(child.returncode)})")


def _describe(code: int) -> str:
    """A child's exit code in words; negative ones are signals."""
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def _run(model: bytes, backend: str) -> None:
    import numpy as np  # noqa: PLC0415 - the parent does not need it

    from omvsim.runtime._select import find_backend  # noqa: PLC0415 - imports this module

    try:
        interpreter = find_backend(backend).open(model)
        interpreter.run([np.zeros(tensor.shape, tensor.dtype) for tensor in interpreter.inputs])
    except (RefusedError, InputDataError):
        return


if __name__ == "__main__":
    _run(sys.stdin.buffer.read(), sys.argv[1])
