"""Errors of the simulated camera as exceptions of the script."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceError
from omvsim.micropython.errors import Error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.micropython.machine import Machine


@contextmanager
def as_exceptions(vm: Machine) -> Iterator[None]:
    """What the camera's own code raises inside becomes the language's exception; a crash stays one."""
    try:
        yield
    except DeviceCrash:
        raise
    except DeviceError as error:
        kind, text = Error(error.python_type), error.text
    else:
        return
    vm.error(kind, text)


__all__ = ["as_exceptions"]
