"""How honest each name of the camera is: simulated, charged, absent or unknown.

Whether a function is modelled is asked of the function itself (:class:`UnknownFunction`, :class:`NotModelled`), so that
no list can be out of date. Which calls give stand-ins is data: :data:`CHARGED`, and :data:`PARTLY` for those whose rare
uses end a run as not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.body import FrozenFunction, NotModelled
from omvsim.micropython.classes import Class
from omvsim.micropython.descriptors import Property
from omvsim.micropython.static_methods import ClassMethod, StaticMethod
from omvsim.records import StrEnum
from omvsim.world.unknown import NOTHING_FOUND, UnavailableFunction, UnknownFunction, UnknownModule

if TYPE_CHECKING:
    from omvsim.micropython.values import Value


class Fidelity(StrEnum):
    """What a use of a name is worth, best first."""

    SIMULATED = "simulated"
    """Values and memory."""
    CHARGED = "charged"
    """Memory as the firmware's; values are stand-ins."""
    ABSENT = "absent"
    """The camera raises its own error."""
    UNKNOWN = "unknown"
    """The run ends as not known."""


CHARGED: Final[dict[str, str]] = {
    "image.Image.find_apriltags": NOTHING_FOUND,
    "image.Image.find_barcodes": NOTHING_FOUND,
    "image.Image.find_datamatrices": NOTHING_FOUND,
    "image.Image.find_line_segments": NOTHING_FOUND,
    "image.Image.find_qrcodes": NOTHING_FOUND,
    "image.Image.find_rects": NOTHING_FOUND,
    "image.Image.find_displacement": "rotation and scale are not worked out",
    "image.Image.find_keypoints": "what describes a keypoint is a stand-in, so matches are too",
    "image.Image.draw_string": "the letters are not drawn",
    "image.Image.lens_corr": "the pixels are left",
    "image.Image.linpolar": "the pixels are left",
    "image.Image.logpolar": "the pixels are left",
    "image.Image.rotation_corr": "the pixels are left",
    "sys.stdin": "nobody types",
    "machine.RTC.datetime": "counted from the date at power-up when no clock was ever set",
    "machine.time_pulse_us": "no pulse comes",
    "machine.unique_id": "no camera's",
    "platform.libc_ver": "a usual one",
    "platform.platform": "the C library's version is a usual one",
    "platform.python_compiler": "a usual one",
    "machine.ADC.read_u16": "0 unless a world file says what is on the pin",
    "machine.CAN.recv": "nothing is received unless a world file says what",
    "machine.CAN.send": "somebody takes every message unless a world file says otherwise",
    "machine.I2C.readfrom": "what a world file says is on the bus",
    "machine.I2C.scan": "what a world file says is on the bus",
    "machine.Pin.irq": "no edge ever comes",
    "machine.SPI.read": "zeros unless a world file says what is on the bus",
    "machine.SoftSPI.read": "zeros unless a world file says what is on the bus",
    "machine.UART.any": "nothing is received unless a world file says what",
    "machine.UART.read": "nothing is received unless a world file says what",
    "machine.UART.readinto": "nothing is received unless a world file says what",
    "machine.UART.readline": "nothing is received unless a world file says what",
    "network.LAN.config": "no camera's",
    "network.LAN.ifconfig": "a made-up network",
    "network.LAN.ipconfig": "a made-up network",
    "network.WLAN.config": "usual values",
    "network.WLAN.connect": "connects unless a world file says otherwise",
    "network.WLAN.ifconfig": "a made-up network",
    "network.WLAN.ipconfig": "a made-up network",
    "network.WLAN.isconnected": "connects unless a world file says otherwise",
    "network.WLAN.scan": "what a world file says is there",
    "omv.board_id": "zeros",
    "sensor.__read_reg": "0 unless a script wrote the register",
    "sensor.get_blc_regs": "zeros",
    "sensor.get_exposure_us": "10 000 µs unless a script fixed it",
    "sensor.get_gain_db": "0 dB unless a script fixed it",
    "sensor.get_rgb_gain_db": "0 dB unless a script fixed it",
    "socket.getaddrinfo": "made-up addresses",
    "socket.socket.accept": "a browser comes unless a world file says who",
    "socket.socket.connect": "everybody takes the connection and says nothing",
    "socket.socket.read": "nothing comes unless a world file says what",
    "socket.socket.readline": "nothing comes unless a world file says what",
    "socket.socket.recv": "nothing comes unless a world file says what",
    "socket.socket.recvfrom": "nothing comes unless a world file says what",
}
"""Calls whose values are stand-ins, and what stands in."""
PARTLY: Final[dict[str, str]] = {
    "machine.CAN": "a bus without a baudrate, and what comes back in loopback, are not known",
    "machine.mem8": "registers and memory by address are not known",
    "machine.mem16": "registers and memory by address are not known",
    "machine.mem32": "registers and memory by address are not known",
    "fir.init": "a thermal sensor of the world is not known: none answers by default",
    "image.ImageIO.read": "a picture in memory that was never written is not known",
    "micropython.mem_info": "with an argument: the contents of chunks are not known",
    "os.dupterm": "a second terminal is not known",
    "protocol.register": "a host that talks over a transport of the script's own is not known",
    "rtsp.rtsp_server.stream": "answering an RTSP request is not known",
    "vfs.VfsFat": "file systems on a script's own block device are not known",
    "vfs.mount": "file systems on a script's own block device are not known",
}
"""Simulated calls of which some uses end the run as not known, and which."""


def fidelity_of(path: str, value: Value) -> Fidelity:
    """What calling a value of the firmware is worth; ``path`` is its dotted name (``image.Image.find_blobs``)."""
    value = _inner(value)
    if isinstance(value, Class):
        made = value.members.found.get("__init__")
        return Fidelity.SIMULATED if made is None else fidelity_of(path, made.value)
    if isinstance(value, UnavailableFunction):
        return Fidelity.ABSENT
    if isinstance(value, UnknownFunction | UnknownModule):
        return Fidelity.UNKNOWN
    if isinstance(value, FrozenFunction) and isinstance(value.host, NotModelled):
        return Fidelity.UNKNOWN
    return Fidelity.CHARGED if path in CHARGED else Fidelity.SIMULATED


def _inner(value: Value) -> Value:
    """The function that a descriptor has inside."""
    if isinstance(value, Property):
        return _inner(value.getter)
    if isinstance(value, StaticMethod | ClassMethod):
        return _inner(value.fun)
    return value


def note_of(path: str, fidelity: Fidelity) -> str:
    """What is to be said beside it."""
    return CHARGED[path] if fidelity is Fidelity.CHARGED else PARTLY.get(path, "")


__all__ = ["CHARGED", "PARTLY", "Fidelity", "fidelity_of", "note_of"]
