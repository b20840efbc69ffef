"""What the camera's library code asks of the heap, as lists that any heap can replay."""

from omvsim.firmware.charges._call import ModelSpec, OutputSpec
from omvsim.firmware.charges._nms import Detections, NmsCharge
from omvsim.firmware.charges._play import play
from omvsim.firmware.charges._postprocess import (
    POSTPROCESSORS,
    RELEASES,
    call_charges,
    constructor_charges,
    fill_input,
    library_release,
    predict_charges,
)
from omvsim.firmware.charges._tape import BLOCK, AttributeCharge, Charge, ChargeTotals, ListCharge, Tape, totals
from omvsim.firmware.charges._ulab import Array, Ulab

__all__ = [
    "BLOCK",
    "Charge",
    "ChargeTotals",
    "totals",
    "ModelSpec",
    "OutputSpec",
    "Detections",
    "NmsCharge",
    "POSTPROCESSORS",
    "RELEASES",
    "call_charges",
    "constructor_charges",
    "fill_input",
    "library_release",
    "predict_charges",
    "play",
    # building blocks of a tape
    "Tape",
    "ListCharge",
    "AttributeCharge",
    "Array",
    "Ulab",
]
