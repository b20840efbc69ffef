"""The OV5640, the sensor that comes with the RT1062, as its driver drives it.

Source: openmv/openmv ``src/omv/sensors/ov5640.c`` (v4.5.0 to v4.6.20), ``drivers/sensors/ov5640.c`` (v4.7.0 to v5.0.0),
the same in all of them; the clock is that of ``boards/OPENMV_RT1060``: 24 MHz, PLL registers 0x64 and 0x13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIVE: Final = (2592, 1944)
"""Width and height of the part of the sensor that can be read."""
CLOCK_HERTZ: Final = 80_000_000
"""``calc_pclk_freq``: 24 MHz / 2 / 5 / 3 * 100 / 1, the clock that lines are counted in."""
BLACK_LEVELS: Final = 8
"""Registers that ``get_blc_regs`` reads."""
_DUMMY: Final = (16, 8)
"""Columns and lines more than asked for, which the sensor needs to find its way."""
_HSYNC, _VSYNC = 252, 24
_LEAST_LINE: Final = (2624 + _HSYNC) // 2
_LEAST_LINES: Final = (1964 + _VSYNC) // 8
_TOO_FAST: Final = frozenset({"QQCIF", "QQSIF", "HQQQVGA", "HQQVGA"})
"""Sizes whose lines come too fast where a pixel is one byte."""
_ONE_BYTE: Final = frozenset({"GRAYSCALE", "BAYER", "JPEG"})
_NEVER: Final = "QQQQVGA"
LEVELS: Final[Mapping[str, int]] = {"contrast": 3, "brightness": 4, "saturation": 3}
"""Settings from -n to n; the driver refuses others."""
HIGHEST_GAIN: Final = 16
"""``set_gainceiling``: 32 and more do not fit into the register's ten bits."""
EFFECTS: Final = ("NORMAL", "NEGATIVE")
"""``set_special_effect`` knows these two."""
_BYTE_US: Final = 90
"""Nine bits of the sensor's I2C bus at 100 kHz (``OMV_CSI_I2C_SPEED``)."""
_RESET_BYTES: Final = 4 * (2 + 284 + 9 + 2) + 4080
"""Default registers, those of the autofocus and its 4077 bytes of program."""
RESET_US: Final = 10_000 + 10_000 + 5_000 + _RESET_BYTES * _BYTE_US
"""A hard reset: the pin, the delays and the bus."""
SETTLING_US: Final = 300_000
"""``reset``, unless delays are switched off."""
FORMAT_US: Final = (4 * 7 + 5 * 3) * _BYTE_US
SIZE_US: Final = (4 * 32 + 5 * 2) * _BYTE_US
"""Registers that ``set_pixformat`` and ``set_framesize`` write and read."""


class Readout(NamedTuple):
    """``IOCTL_SET_READOUT_WINDOW``: the part of the sensor that is read, from its middle."""

    x: int = 0
    y: int = 0
    width: int = ACTIVE[0]
    height: int = ACTIVE[1]

    def at_least(self, width: int, height: int) -> Readout:
        """Not smaller than a picture, and inside the sensor."""
        wide = min(max(self.width, width), ACTIVE[0])
        high = min(max(self.height, height), ACTIVE[1])
        most_x, most_y = (ACTIVE[0] - wide) // 2, (ACTIVE[1] - high) // 2
        return Readout(max(-most_x, min(self.x, most_x)), max(-most_y, min(self.y, most_y)), wide, high)


def refuses(name: str, width: int, height: int, pixel_format: str | None) -> bool:
    """Whether the driver refuses a size and a format together (``set_pixformat``, ``set_framesize``)."""
    if pixel_format == "JPEG" and (width % 8 or height % 8):
        return True
    if pixel_format in _ONE_BYTE and name in _TOO_FAST:
        return True
    return name == _NEVER or width > ACTIVE[0] or height > ACTIVE[1]


class Timing(NamedTuple):
    """Clocks of a line and lines of a frame, as the driver writes them into the sensor's registers."""

    line: int
    lines: int

    @property
    def frame_us(self) -> float:
        """Microseconds from frame to frame."""
        return self.line * self.lines * 1e6 / CLOCK_HERTZ


def timing(width: int, height: int, pixel_format: str, readout: Readout, exposure_us: int = 0) -> Timing:
    """``calculate_hts`` and ``calculate_vts``; a fixed exposure that is longer than a frame makes the frame longer."""
    halved = 2 if width <= readout.width // 2 and height <= readout.height // 2 else 1
    target = (readout.width + _DUMMY[0]) // halved
    line = target
    if (width <= 1280) if pixel_format in _ONE_BYTE else (width > 640):
        line = max(2 * width + 8, target)
    if width <= 640:
        line += 160
    line = max(line + _HSYNC, _LEAST_LINE)
    lines = max((readout.height + _DUMMY[1]) // halved + _VSYNC, _LEAST_LINES)
    return Timing(line, max(lines, min(exposure_us * (CLOCK_HERTZ // 1_000_000) // line, 0xFFFF)))


__all__ = [
    "ACTIVE",
    "BLACK_LEVELS",
    "CLOCK_HERTZ",
    "EFFECTS",
    "FORMAT_US",
    "HIGHEST_GAIN",
    "LEVELS",
    "RESET_US",
    "SETTLING_US",
    "SIZE_US",
    "Readout",
    "Timing",
    "refuses",
    "timing",
]
