"""A post-processing object in a session: its constructor, and an inference whose outputs it takes by reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware import Camera, InputKind, LoadedModel, dtype_char, invoke, invoke_failed, predict
from omvsim.firmware.charges import (
    RELEASES,
    ModelSpec,
    OutputSpec,
    call_charges,
    constructor_charges,
    library_release,
    play,
    predict_charges,
)

if TYPE_CHECKING:
    from omvsim.heap import Chunk
    from omvsim.scenario._steps import Postprocess

OBJECT = 16
"""Bytes of a list object, which an empty result is."""


def construct(camera: Camera, processor: Postprocess) -> Chunk | None:
    """``YoloV8(threshold=…)`` and the like."""
    return play(camera.py, constructor_charges(processor.name))


def predict_and_process(camera: Camera, processor: Postprocess, model: LoadedModel, kind: InputKind) -> Chunk:
    """``m.predict([…])`` of a model with a post-processing object; returns what the object makes of the outputs."""
    py = camera.py
    spec = _spec(model)
    release = library_release(camera.board.firmware) or RELEASES[0]
    with py.heap.call():
        if kind in (InputKind.CAMERA, InputKind.IMAGE):
            py.list_of((), "list of one input")
            invoke(py, model.file, invoke_failed())
            charges = predict_charges(spec, postprocess=processor.name, found=processor.found, release=release)
            result = play(py, charges)
        else:
            predict(py, model, kind, processed=True)
            result = play(py, call_charges(processor.name, spec, processor.found, release=release))
        return py.heap.hand_back(result or py.malloc(OBJECT, "empty result"))


def _spec(model: LoadedModel) -> ModelSpec:
    main = model.file.graph.main
    inputs, outputs = (
        tuple(OutputSpec(tensor.shape, dtype_char(tensor)) for tensor in tensors)
        for tensors in (main.input_tensors, main.output_tensors)
    )
    return ModelSpec(inputs, outputs)
