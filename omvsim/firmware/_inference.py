"""The library's ``Invoke`` as a release's module calls it: the exception of a model that loads and does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceCrash, DeviceHang
from omvsim.tflm import Fault

if TYPE_CHECKING:
    from omvsim.errors import DeviceError
    from omvsim.firmware._micropython import MicroPython
    from omvsim.firmware._model_file import ModelFile
    from omvsim.tflm import Refusal


def invoke(py: MicroPython, file: ModelFile, error: DeviceError) -> None:
    """Run the model; ``error`` is what the release raises where the library returns an error.

    Raises:
        DeviceError: what the camera would raise.
        DeviceHang: the camera would stand still.
        DeviceCrash: the camera may die here.
    """
    fault = file.plan.run_fault
    if fault is None or fault.fault is Fault.UNKNOWN:
        return  # an unknown outcome is the run's verdict, and no exception
    if fault.fault is Fault.HANGS:
        raise blamed(DeviceHang(str(fault)), fault)
    if fault.fault is Fault.CRASHES:
        raise blamed(DeviceCrash(str(fault)), fault)
    py.exception(blamed(error, fault))


def blamed(error: DeviceError, fault: Refusal | None) -> DeviceError:
    """The error with the operator at fault, the remedy and the library's own words."""
    if fault is not None:
        error.because, error.remedy, error.library_message = str(fault), fault.remedy, fault.library_message
    return error
