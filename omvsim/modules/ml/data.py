"""Where the bytes of a model file go when it is opened.

Sources: openmv/openmv, ``src/omv/modules/py_ml.c`` at v4.5.6 to v4.6.20, ``modules/py_ml.c`` at v4.7.0 to v5.0.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.errors import DeviceMemoryError
from omvsim.firmware import LoadMode
from omvsim.heap import FbHint, UmaFlag
from omvsim.memory import sizes
from omvsim.memory.questions import area_number
from omvsim.micropython.errors import Error
from omvsim.units import align_up
from omvsim.world.fb_stack import fb_stack, out_of_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.firmware import ModelFile
    from omvsim.memory.requests import Block, Memory
    from omvsim.modules.ml.model import ModelObject
    from omvsim.world.world import CameraMachine

ALIGN: Final = 32
"""``IMLIB_ML_MODEL_ALIGN``: from 4.6.0 a model's data in RAM starts on a cache line."""
FILE_DATA: Final = "model file data"


def read_data(vm: CameraMachine, model: ModelObject, file: ModelFile) -> None:
    """Open the file and copy it where the release puts it. No room for the copy: the camera's MemoryError."""
    generation = vm.world.camera.generation
    opened = open_file(vm, file) if generation.opens_through_vfs else None
    if file.mode is LoadMode.ROM:
        if not generation.opens_through_vfs and file.labels:
            _built_in_labels(vm, model, file)
    elif file.mode is LoadMode.FB and generation.load_to_fb:
        _on_fb_alloc(vm, model, file.graph.size)
    else:
        _on_heap(vm, model, file.graph.size)
    del opened


def open_file(vm: CameraMachine, file: ModelFile) -> object:
    """``mp_vfs_open``: the path below the file system, garbage as soon as it is open, then the file's object."""
    path = vm.new_str(file.name)
    opened = file_object(vm.memory, file.mode)
    del path
    return opened


def file_object(memory: Memory, mode: LoadMode) -> Block:
    """An open file of the ROM file system, or of one on flash or SD card."""
    return (
        memory.block(sizes.ROM_FILE_OBJECT) if mode is LoadMode.ROM else memory.block(sizes.FILE_OBJECT, finaliser=True)
    )


def _built_in_labels(vm: CameraMachine, model: ModelObject, file: ModelFile) -> None:
    """A built-in model's labels become a list of strings (openmv/openmv v4.6.20, ``src/omv/modules/py_ml.c``)."""
    lines = file.labels or ()
    with vm.memory.asking_for("labels"):
        labels = vm.new_list([None] * len(lines))
        model.labels = labels
        for at, line in enumerate(lines):
            vm.set_subscr(labels, at, vm.new_str(line.strip().decode("utf-8", "replace")))


def _on_heap(vm: CameraMachine, model: ModelObject, size: int) -> None:
    generation = vm.world.camera.generation
    request = align_up(size, ALIGN) + ALIGN - 1 if generation.aligns_data else size
    with vm.memory.asking_for(FILE_DATA):
        model.data = vm.memory.block(request) if generation.load_to_fb else vm.memory.block_maybe(request)
    if model.data is None:
        _in_uma(vm, model, size)
        return
    model.data_address = data_start(vm, model)
    model.data_area = area_of(vm, model.data.address)


def _in_uma(vm: CameraMachine, model: ModelObject, size: int) -> None:
    """5.0.0: a pool takes what does not fit the heap, and gets it back when the model's object is collected."""
    world = vm.world
    pools = world.camera.uma
    address = None
    text = "Out of memory"
    try:
        address = None if pools is None else pools.malign(size, ALIGN, UmaFlag.FAST | UmaFlag.PERSIST)
    except DeviceMemoryError as error:
        text = error.text
    if pools is None or address is None:
        vm.error(Error.MEMORY, text)
    pool = pools.pool_of(address)
    area = f"uma[{pools.pools.index(pool)}]" if pool is not None else "uma"
    _placed(vm, model, size, address, area)
    vm.memory.finalisers[model.address] = _freeing(pools.free, address)


def _freeing(free: Callable[[int], object], address: int) -> Callable[[], None]:
    def finalise() -> None:
        free(address)

    return finalise


def _on_fb_alloc(vm: CameraMachine, model: ModelObject, size: int) -> None:
    camera, stack = vm.world.camera, fb_stack(vm)
    hints = FbHint.PREFER_SPEED | FbHint.CACHE_ALIGN if camera.generation.aligns_data else FbHint.PREFER_SIZE
    with out_of_stack(vm):
        stack.mark()
        address = stack.alloc(size, hints)
        stack.mark_permanent()
    _placed(vm, model, size, address or 0, "fb_alloc")
    vm.memory.finalisers[model.address] = stack.free_till_mark_past_permanent


def _placed(vm: CameraMachine, model: ModelObject, size: int, address: int, area: str) -> None:
    model.data_address, model.data_area = address, area
    vm.world.ledger.placed(size, address, area, FILE_DATA)


def data_start(vm: CameraMachine, model: ModelObject) -> int:
    """Where the file's bytes are, as the camera prints it."""
    if model.data is None:
        return model.data_address
    address = int(model.data.address)
    return align_up(address, ALIGN) if vm.world.camera.generation.aligns_data else address


def area_of(vm: CameraMachine, address: int) -> str:
    """The name of the heap's area with an address. The time of an inference depends on it."""
    number = vm.memory.ask(area_number, (address, 0))
    return "gc" if number is None else f"gc[{number}]"


__all__ = ["FILE_DATA", "area_of", "open_file", "read_data"]
