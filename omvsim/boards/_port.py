"""What a board's firmware says and has beside memory: facts of its MicroPython port, its configuration, its camera.

Sources, by board: ``boards/X/*board*config.h``, ``board_config.mk`` (``omv_boardconfig.mk``), ``imlib_config.h`` and
``drivers/sensors`` of openmv/openmv at the tags; ``mpconfigboard.h`` of openmv/micropython, micropython/micropython.
"""

from __future__ import annotations

from typing import Final

from omvsim.records import NamedTuple


class Sensor(NamedTuple):
    """The image sensor that comes with the board: which settings its driver takes."""

    name: str
    width: int
    height: int
    """The largest picture."""
    sizes: tuple[str, ...] = ()
    """Frame sizes it has; none: every one up to the largest."""
    formats: tuple[str, ...] = ()
    """Pixel formats it has; none: every one."""
    own_sizes: tuple[tuple[str, int, int], ...] = ()
    """Frame sizes that are others on it (``csi->resolution[…]``): name, width, height."""


class Port(NamedTuple):
    """Facts by board. Texts that nobody could read are empty."""

    platform: str
    """``sys.platform``, ``os.uname().sysname``."""
    architecture: str
    """``omv.arch()``: OMV_BOARD_ARCH."""
    kind: str
    """``omv.board_type()``: OMV_BOARD_TYPE."""
    machine: str
    """``MICROPY_HW_BOARD_NAME``."""
    chip: str
    """``MICROPY_HW_MCU_NAME``."""
    folder: str
    """Its folder in openmv/openmv ``boards``; empty where there is none."""
    sensor: Sensor
    line_multiple: int
    frame_multiple: int
    """Bytes of a line and of a frame of the sensor are multiples of these, as its transfer asks (``omv_csi.c``)."""
    floats_are_objects: bool
    """MICROPY_OBJ_REPR_A: every float is an object of one block; in representation C it is part of the word."""
    small_tags: bool
    """Whether ``find_apriltags`` never takes more than 64K pixels (no IMLIB_ENABLE_HIGH_RES_APRILTAGS)."""
    tags: tuple[str, ...]
    """Families of AprilTags that are built in, as ``TAG36H11``; empty: all that the release has."""
    absent: tuple[str, ...]
    """Modules that its firmware does not have."""
    unmodelled: tuple[str, ...]
    """Modules that it has and that are not simulated on it: any name of them ends the run as unknown."""
    reasons: tuple[tuple[str, str], ...]
    """Of some of these: why not."""
    unavailable: tuple[str, ...]
    """Functions that raise "This function is unavailable on your OpenMV Cam.", as ``image.Image.find_lbp``."""


OV5640: Final = Sensor("OV5640", 2592, 1944)
RT1062_PORT: Final = Port(
    platform="mimxrt",
    architecture="OMVRT1060 32768 SDRAM",
    kind="IMXRT1060",
    machine="OpenMV IMXRT1060",
    chip="MIMXRT1062DVJ6A",
    folder="OPENMV_RT1060",
    sensor=OV5640,
    line_multiple=8,
    frame_multiple=8,
    floats_are_objects=True,
    small_tags=False,
    tags=(),
    absent=(),
    unmodelled=(),
    reasons=(),
    unavailable=(),
)
"""What a profile has that says nothing else."""

__all__ = ["OV5640", "RT1062_PORT", "Port", "Sensor"]
