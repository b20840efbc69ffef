"""A model file that the script itself wrote on the camera, copied, or damaged."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from omvsim.errors import ModelError
from omvsim.graph import TFLITE_SCHEMA, Model, Subgraph, parse_model
from omvsim.micropython.errors import Unknown
from omvsim.standard.vfs.host_files import HostFiles
from omvsim.standard.vfs.mounted import Mounted
from omvsim.standard.vfs.mounts import Mount, Mounts

if TYPE_CHECKING:
    from omvsim.world.world import CameraMachine

VERSION_SLOT: Final = 4
"""Where ``Model``'s vtable has ``version`` (tflite-micro, schema.fbs: the first field)."""


def written(vm: CameraMachine, path: str) -> tuple[bool, bytes | None]:
    """Whether the script changed what is at a path, and its content now: None for a file that it removed."""
    mount, inside = vm.part(Mounts).find(path)
    if not isinstance(mount, Mount) or not isinstance(mount.obj, Mounted):
        return False, None
    files, place = mount.obj.files, mount.obj.absolute(inside)
    if not isinstance(files, HostFiles) or not files.is_changed(place):
        return False, None
    return True, files.read(place) if files.kind(place) == "file" else None


def model_of(data: bytes, path: str) -> Model:
    """What the camera takes those bytes for: it looks at the schema's version and at nothing else before it loads.

    Raises:
        Unknown: the version passes, and the rest is no model.
    """
    try:
        return parse_model(data, path)
    except ModelError as error:
        version = _version(data)
        if version is None or version == TFLITE_SCHEMA:
            raise Unknown(f"ml.Model({path!r})", f"what it does with the file that the script wrote: {error}") from None
    return Model(path, data, version, "", (Subgraph(0, "", (), (), (), ()),), {}, ())


def _version(data: bytes) -> int | None:
    """``tflite::GetModel(data)->version()``; None where that reads behind the file."""
    try:
        (root,) = struct.unpack_from("<I", data)
        (back,) = struct.unpack_from("<i", data, root)
        table = root - back
        if table < 0:
            return None
        (size,) = struct.unpack_from("<H", data, table)
        if size <= VERSION_SLOT:
            return 0
        (offset,) = struct.unpack_from("<H", data, table + VERSION_SLOT)
        return int(struct.unpack_from("<I", data, root + offset)[0]) if offset else 0
    except struct.error:
        return None


__all__ = ["model_of", "written"]
