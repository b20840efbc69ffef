"""``display`` in ROM (openmv/openmv modules/py_display.c, as boards/OPENMV_RT1060 configures it). What a script imports
by this name is the frozen module around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.micropython.modules import NativeModule
from omvsim.modules.displays import SPI, TELEVISION

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

RESOLUTIONS: Final = (
    *("QVGA", "TQVGA", "FHVGA", "FHVGA2", "VGA", "THVGA", "FWVGA", "FWVGA2", "TFWVGA", "TFWVGA2", "SVGA", "WSVGA"),
    *("XGA", "SXGA", "SXGA2", "UXGA", "HD", "FHD"),
)
"""``display_resolution_t`` (modules/py_display.h)."""


def module(vm: Machine) -> NativeModule:
    """``display`` (``udisplay``)."""
    names: dict[str, Value] = {name: at for at, name in enumerate(RESOLUTIONS)}
    if vm.release.television_is_display:
        names |= {"IOCTL_CHANNEL": 0, "TVDisplay": TELEVISION}
    names["SPIDisplay"] = SPI
    return NativeModule("display", names)


__all__ = ["module"]
