"""Which names the camera's C modules have, by release, and the numbers behind constants.

The data (``data/camera_names.json``) were read off the tables of ``modules/py_*.c`` at every tag from v4.5.0 to v5.0.0
as the RT1062's board files configure them: a number is a constant, ``""`` a function or type, ``"-"`` one that raises
"This function is unavailable on your OpenMV Cam.". Each step of a list changes what the steps before it left.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from omvsim.boards import known_releases
from omvsim.micropython.errors import Error
from omvsim.world.unknown import UnavailableFunction, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

    from omvsim.boards import Port
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

UNAVAILABLE: Final = "This function is unavailable on your OpenMV Cam."
_SMALL_INT_BITS: Final = 31


@cache
def _steps() -> dict[str, list[dict[str, Any]]]:
    path = Path(__file__).with_name("data") / "camera_names.json"
    steps: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
    return steps


@cache
def table(owner: str, release: str) -> Mapping[str, int | str]:
    """The names of a module (``sensor``) or type (``csi.CSI``) in a known release, in ROM order; empty if none.

    A development build counts as the release it led to.
    """
    known = known_releases()
    until = known[: known.index(release.partition("-")[0]) + 1]
    found: dict[str, int | str] = {}
    for step in _steps().get(owner, ()):
        if step["from"] not in until:
            break
        if step.get("gone"):
            found.clear()
        for name in step.get("drop", ()):
            found.pop(name, None)
        found.update(step.get("names", {}))
    return found


def rom_int(number: int) -> int:
    """``MP_ROM_INT``: what does not fit into 31 bits loses its top (``image.BLACK_BACKGROUND`` is 0)."""
    top = 1 << (_SMALL_INT_BITS - 1)
    return ((number & ((top << 1) - 1)) ^ top) - top


def unavailable(name: str) -> UnavailableFunction:
    """``py_func_unavailable``."""

    def call(vm: Machine, _args: Sequence[Value], _kwargs: Keywords) -> NoReturn:
        vm.error(Error.OS, UNAVAILABLE)

    return UnavailableFunction(call, name, 0, None, keywords=True, is_method=False)


def has_tag_family(port: Port, name: str) -> bool:
    """False of a family of AprilTags that a firmware leaves out: its name is not there, its tags are not found."""
    return not port.tags or not name.startswith("TAG") or name in port.tags


def built(vm: CameraMachine, owner: str, known: Mapping[str, Value]) -> dict[str, Value]:
    """Every name of a module or type: a constant, what is modelled (``known``), unavailable, or unknown."""
    names: dict[str, Value] = {}
    for name, kind in table(owner, vm.release.base).items():
        if owner == "image" and not has_tag_family(vm.port, name):
            continue
        if isinstance(kind, int):
            names[name] = rom_int(kind)
        elif kind == "-" or f"{owner}.{name}" in vm.port.unavailable:
            names[name] = unavailable(name)
        else:
            names[name] = known[name] if name in known else unknown(f"{owner}.{name}")
    return names


__all__ = ["UNAVAILABLE", "built", "has_tag_family", "rom_int", "table", "unavailable"]
