"""What the firmware tells about itself: ``sys.version``, ``os.uname()``, ``platform``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.records import NamedTuple

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


class Versions(NamedTuple):
    """Names and numbers of one build."""

    openmv: str
    micropython: tuple[int, int, int]
    built: str
    board: str
    chip: str
    platform: str
    sub_version: int = 3
    """``MPY_SUB_VERSION`` (py/persistentcode.h)."""
    architecture: int = 8
    """``MP_NATIVE_ARCH_ARMV7EMDP`` in the header of .mpy files."""

    @property
    def number(self) -> str:
        """``MICROPY_VERSION_STRING``."""
        return ".".join(map(str, self.micropython))

    @property
    def tag(self) -> str:
        """``MICROPY_GIT_TAG``."""
        return f"v{self.number}"

    @property
    def machine(self) -> str:
        """``MICROPY_BANNER_MACHINE``."""
        return f"{self.board} with {self.chip}"

    @property
    def version(self) -> str:
        """``sys.version``."""
        return f"3.4.0; OpenMV {self.openmv}; MicroPython {self.tag}"

    @property
    def mpy(self) -> int:
        """``MPY_FILE_HEADER_INT``: version 6, sub-version, architecture, bits of a small int."""
        return 6 | (self.architecture << 2 | self.sub_version) << 8

    def uname(self) -> tuple[str, str, str, str, str]:
        """The five texts of ``os.uname()``."""
        return self.platform, self.platform, self.number, f"{self.tag} on {self.built}", self.machine


def versions(vm: Machine) -> Versions:
    """What the machine's firmware tells."""
    release = vm.release
    major, minor = map(int, release.micropython.split("."))
    port = vm.port
    return Versions(f"v{release.version}", (major, minor, 0), release.date, port.machine, port.chip, port.platform)


__all__ = ["Versions", "versions"]
