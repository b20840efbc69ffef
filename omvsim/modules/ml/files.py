"""The model file behind a path on the camera: read and planned once, looked for where a script's files are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.errors import MissingExtraError
from omvsim.firmware import DeviceNoFileError, LoadMode, ModelFile, check_stored, path_on_camera
from omvsim.graph import read_model
from omvsim.later import later
from omvsim.micropython.errors import Error, Raised
from omvsim.modelfile import ROM_LABELS, arena_plan
from omvsim.modules.ml.inferences import Inferences
from omvsim.modules.ml.written import model_of, written
from omvsim.reading import read_bytes
from omvsim.standard.streams import raise_os_error
from omvsim.standard.vfs.host_files import not_given
from omvsim.standard.vfs.mounted import Mounted
from omvsim.standard.vfs.mounts import Mount, Mounts
from omvsim.standard.vfs.opening import open_path
from omvsim.verdict import Verdict
from omvsim.world.world import ZEROS, Explained

if TYPE_CHECKING:
    from omvsim import runtime
    from omvsim.graph import Model
    from omvsim.world.world import CameraMachine
else:
    (runtime,) = later("omvsim", "runtime")

ENOENT: Final = 2


class ModelFiles:
    """What one machine has read so far. The camera opens a file again each time; its bytes are the same."""

    def __init__(self) -> None:
        self._files: dict[tuple[Path, str, LoadMode], ModelFile] = {}
        self._inferences: dict[Path, Inferences | None] = {}

    def find(self, vm: CameraMachine, path: str, *, to_fb: bool) -> tuple[ModelFile, Path]:
        """The model, and the host's file. No such file: the camera's OSError."""
        world = vm.world
        known = world.given.get(path)
        if known is not None:
            world.models[path] = known
            _check_stored(vm, known, "")
            return known, Path(known.graph.source)
        built_in = path in [model.name for model in world.board.built_in]
        if built_in:
            found = world.files.find(f"/flash/{path}.tflite")
        elif world.camera.generation.mounts_flash:
            found = world.files.find(path)
        else:  # the volume is the root
            found = world.files.find(f"{world.files.current}/{path.lstrip('/')}")
            if found is None and path.startswith("/rom/"):  # told below: no release with that volume has a ROM
                found = world.files.find(path)
        is_changed, data = (False, None) if built_in else written(vm, path)
        if data is not None:
            return self._written(vm, path, data, to_fb=to_fb)
        if is_changed or found is None or not found.is_file():
            if built_in:
                raise not_given(f"{path}.tflite")
            mount, rest = world.files.mount(path)
            system = world.board.filesystem(mount)
            if system is not None and rest in [file.name for file in system.stock]:
                raise not_given(path)
            names = ", ".join(world.files.extra)
            given = f" (given: {names}; names must agree)" if names else ""
            world.lacking.append(f"no file for {path}: give it with --model{given} or a folder rom/ (see --files)")
            world.note(world.lacking[-1])
            _missing(vm, "Could not find the path" if _without_folder(vm, path) else "Could not find the file", path)
        mount, _ = world.files.mount(path)
        mode = LoadMode.ROM if built_in or mount == "rom" else LoadMode.FB if to_fb else LoadMode.FILE
        mode = world.load or mode
        key = (found, path, mode)
        if key not in self._files:
            graph = read_model(found)
            plan = arena_plan(graph, world.board)
            labels = ROM_LABELS.get(path) if built_in else _labels(vm, path, found)
            self._files[key] = ModelFile(path, graph, plan, mode, labels)
        file = self._files[key]
        world.models[path] = file
        _check_stored(vm, file, "" if built_in else world.files.absolute(path))
        return file, found

    def _written(self, vm: CameraMachine, path: str, data: bytes, *, to_fb: bool) -> tuple[ModelFile, Path]:
        """A file of the script's own; one that it copied is still the host's to the runtime."""
        world = vm.world
        graph = model_of(data, path)
        mode = world.load or (LoadMode.FB if to_fb else LoadMode.FILE)
        file = ModelFile(path, graph, arena_plan(graph, world.board), mode, _labels(vm, path, Path(path)))
        same = next((each for each in world.files.extra.values() if read_bytes(each) == data), None)
        found = Path(path) if same is None else same
        if same is None:
            world.note(f"outputs of {path} are zeros: the script wrote the file itself")
            self._inferences[found] = None
        world.models[path] = file
        _check_stored(vm, file, world.files.absolute(path))
        return file, found

    def inferences(self, vm: CameraMachine, found: Path, graph: Model) -> Inferences | None:
        """The runtime with this model, or None where none works."""
        if found not in self._inferences:
            self._inferences[found] = _open(vm, found, graph)
        return self._inferences[found]


def _open(vm: CameraMachine, found: Path, graph: Model) -> Inferences | None:
    world = vm.world
    try:
        if world.run_models:
            return Inferences(runtime.choose_backend(), found, world.kernels, graph)
        world.note(f"outputs of {found.name} are zeros: models are not computed")
    except MissingExtraError as error:
        world.note(f"outputs are zeros: {error}")
    except runtime.RefusedError as error:
        world.note(f"outputs of {found.name} are zeros: {error}")
    if world.finds is None:
        world.note(ZEROS)
    return None


def _labels(vm: CameraMachine, path: str, found: Path) -> tuple[bytes, ...] | None:
    """Lines of the text file beside the model."""
    beside = vm.world.files.find(path.partition(".")[0] + ".txt")
    if beside is not None and beside.is_file():
        return tuple(beside.read_bytes().splitlines(keepends=True))
    return ROM_LABELS.get(found.stem) if path.startswith("/rom/") else None


def _check_stored(vm: CameraMachine, file: ModelFile, path: str) -> None:
    """The file is on the PC, but can it be on the camera? ``path`` is the absolute one, empty for a built-in."""
    world = vm.world
    if world.load is not None:
        path = path_on_camera(world.board, file.mode, Path(file.graph.source).name, file.graph.size)
    try:
        check_stored(world.board, file._replace(path=path) if path else file)
    except DeviceNoFileError as error:
        world.note(error.reason)
        world.unstored = True
        text, reason = error.text, error.reason
    else:
        return
    try:
        _missing(vm, text)
    except Raised as raised:
        world.explained = Explained(raised.value.address, reason, verdict=Verdict.NO_SPACE)
        raise


def _without_folder(vm: CameraMachine, path: str) -> bool:
    """Whether no volume has the path's folder, such as /rom before there was one, or /flash up to 4.5.9, where the
    volume is the root: ``FR_NO_PATH`` (openmv/openmv v4.6.20 ``src/omv/common/file_utils.c``, ``file_ll_open``).
    """
    mount, inside = vm.part(Mounts).find(path)
    if not isinstance(mount, Mount) or not isinstance(mount.obj, Mounted):
        return True
    folder = inside.strip("/").rpartition("/")[0]
    return bool(folder) and mount.obj.files.kind(f"/{folder}") != "dir"


def _missing(vm: CameraMachine, text: str, path: str = "") -> NoReturn:
    """What opening a file that is not there raises: from 4.7.0 the error's number, before a text.

    Args:
        path: what to open, where it is not to be had for any other reason than that it is not there.
    """
    if vm.world.camera.generation.opens_through_vfs:
        if path:
            open_path(vm, path, "rb")
        raise_os_error(vm, ENOENT)
    vm.error(Error.OS, text)


__all__ = ["ModelFiles"]
