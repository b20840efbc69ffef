"""The error of a model that loads and does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.errors import DeviceError
    from omvsim.tflm import Refusal


def blamed(error: DeviceError, fault: Refusal | None) -> DeviceError:
    """The error with the operator at fault, the remedy and the library's own words."""
    if fault is not None:
        error.because, error.remedy, error.library_message = str(fault), fault.remedy, fault.library_message
    return error
