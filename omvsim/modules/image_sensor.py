"""Which settings a board's image sensor takes: the OV5640 by its driver's rules, others as their profile says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.micropython.errors import Unknown
from omvsim.modules import ov5640

if TYPE_CHECKING:
    from omvsim.boards import Sensor
    from omvsim.micropython.machine import Machine

MODELLED: Final = "OV5640"
"""The one whose registers and timing are simulated."""


def refuses(sensor: Sensor, name: str, width: int, height: int, kind: str | None) -> bool:
    """Whether ``set_framesize`` or ``set_pixformat`` fails: a frame size (no name: a script's own) in a format."""
    if sensor.name == MODELLED:
        return ov5640.refuses(name, width, height, kind)
    wrong_size = (width > sensor.width or height > sensor.height) or bool(sensor.sizes and name not in sensor.sizes)
    return (bool(width) and wrong_size) or bool(kind and sensor.formats and kind not in sensor.formats)


def own_size(sensor: Sensor, name: str) -> tuple[int, int] | None:
    """Width and height of a frame size that is another one on this sensor."""
    return next(((width, height) for each, width, height in sensor.own_sizes if each == name), None)


def times_known(vm: Machine) -> bool:
    """Whether it is known when pictures arrive."""
    return vm.port.sensor.name == MODELLED


def unknown_time(vm: Machine, what: str) -> NoReturn:
    """Something depends on the timing of a sensor that is not modelled."""
    raise Unknown(what, f"the timing of this board's sensor, {vm.port.sensor.name}, is not modelled")


__all__ = ["MODELLED", "own_size", "refuses", "times_known", "unknown_time"]
