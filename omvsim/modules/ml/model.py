"""The object ``ml_model`` (``py_ml_model_obj_t``): attributes, printing, construction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from omvsim.micropython.native import NativeType, method
from omvsim.micropython.values import UNSUPPORTED, Obj, PrintKind, Sentinel
from omvsim.modules.ml.files import ModelFiles
from omvsim.modules.ml.loading import load
from omvsim.modules.ml.predicting import predict
from omvsim.modules.ml.tensors import Buffer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omvsim.firmware import ModelFile
    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.types.tuple_ import Tuple
    from omvsim.micropython.values import Out, Value
    from omvsim.world.world import CameraMachine

ROM_ADDRESS: Final = 0x60400000
"""Where a model in ROM is said to be; the place inside the ROM file system is not computed."""


class ModelObject(Obj):
    """A loaded model: ``state`` are the chunks of the interpreter, ``described`` the tuples that its attributes are."""

    __slots__ = (
        "arena",
        "arena_area",
        "data",
        "data_address",
        "data_area",
        "described",
        "file",
        "inputs",
        "labels",
        "outputs",
        "postprocess",
        "ram",
        "source",
        "state",
    )
    type_name: ClassVar[str] = "ml_model"

    def __init__(self, vm: CameraMachine, address: int, file: ModelFile, source: Path) -> None:
        super().__init__(vm.memory, address)
        self.file = file
        self.source = source
        self.ram = 0
        self.arena: Block | None = None
        self.arena_area = self.data_area = "rom"
        self.data: Block | None = None
        self.data_address = ROM_ADDRESS
        self.labels: Value = None
        self.postprocess: Value = None
        self.state: list[Block] = []
        self.described: dict[str, Tuple] = {}
        main = file.graph.main
        self.inputs = [Buffer(tensor) for tensor in main.input_tensors]
        self.outputs = [Buffer(tensor, output=True) for tensor in main.output_tensors]

    def dtypes(self, vm: Machine, kind: str) -> Tuple:
        """``py_ml_dtype_char_tuple``: a tuple of letters, made whenever it is asked for."""
        codes = self.described[f"{kind}_dtype"].items
        made = vm.new_tuple([None] * len(codes))
        for at, code in enumerate(codes):
            letter = vm.new_str(chr(vm.int_of(code)))
            made.items = (*made.items[:at], letter, *made.items[at + 1 :])
        return made

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        if name == "len":
            return vm.new_int(self.file.graph.size)
        if name == "ram":
            return vm.new_int(self.ram)
        if name in ("input_dtype", "output_dtype"):
            return self.dtypes(vm, name.partition("_")[0])
        if name in self.described:
            return self.described[name]
        generation = vm.release
        if name == "postprocess" and generation.by_reference:
            return self.postprocess
        if name == "labels" and not generation.looks_for_labels:
            return self.labels
        return UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        arena = 0 if self.arena is None else vm.memory.expose(self.arena.address)
        if self.data is not None:
            vm.memory.expose(self.data.address)  # its first cache line is what is printed
        if vm.release.prints_arena_only:
            out(f"{{ size: {self.file.graph.size}, ram: {self.ram}, addr: 0x{arena:x}")
        else:
            out(f"{{ model_size: {self.file.graph.size}, model_addr: 0x{self.data_address:x}")
            out(f", ram_size: {self.ram}, ram_addr: 0x{arena:x}")
        for side in ("input", "output"):
            for name in ("shape", "scale", "zero_point"):
                out(f", {side}_{name}: ")
                vm.print(self.described[f"{side}_{name}"], out, kind)
            out(f", {side}_dtype: ")
            vm.print(self.dtypes(vm, side), out, kind)
        out(" }")

    @method("predict", 2, None, keywords=True)
    def predict(self, vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
        """Run the model on a list of inputs."""
        return predict(vm, self, args, kwargs)


def make_new(vm: Any, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``Model(path[, load_to_fb][, postprocess])``, all of them required by the class itself."""
    generation = vm.world.camera.generation
    names = [
        "path",
        *(["load_to_fb"] if generation.load_to_fb else []),
        *(["postprocess"] if generation.by_reference else []),
    ]
    values = vm.parse_keywords(args, kwargs, names, len(names), len(names))
    given = {name: None if isinstance(value, Sentinel) else value for name, value in zip(names, values, strict=True)}
    path = vm.str_of(given["path"])
    to_fb = bool(generation.load_to_fb and vm.truth(given["load_to_fb"]))
    if vm.world.collect_before_load:
        vm.memory.collect()
    held = vm.memory.block(generation.model_object, finaliser=True)
    file, source = vm.part(ModelFiles).find(vm, path, to_fb=to_fb)
    model = ModelObject(vm, held.address, file, source)
    held.address = 0
    if generation.by_reference:
        model.postprocess = given["postprocess"]
    load(vm, model, file)
    return model


MODEL: Final = NativeType("ml_model", ModelObject, make_new)

__all__ = ["MODEL", "ModelObject"]
