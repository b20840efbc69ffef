"""Time of an inference on a Cortex-M7: instructions, cache lines, cycles; every figure with its range.

>>> work = workload(read_model("model.tflite"))
>>> predict(work, profile_of(load_board())).ms
Range(low=..., nominal=..., high=...)

What is faster (:func:`improvements`), the tables, the comparisons (:func:`validate`) and fits (:func:`calibrate`) are
imported when they are first asked for: every ``omvsim run`` pays for the rest.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from omvsim.timing._cache import Cache
from omvsim.timing._frame import (
    Cost,
    HeapArea,
    clear_arena,
    collections_per_frame,
    conversion,
    convert_input,
    convert_output,
    frames_per_second,
    gc_collect,
    read_file,
)
from omvsim.timing._instructions import count
from omvsim.timing._node import Node, Value, node_of
from omvsim.timing._on_board import by_library, heap_areas, inference_time
from omvsim.timing._places import tier_of
from omvsim.timing._predict import (
    Placement,
    Workload,
    line_misses,
    live_share_of,
    predict,
    workload,
    workload_of_nodes,
)
from omvsim.timing._profile import BASE_PROFILE, LineCost, TimingProfile, load_profile, profile_of, shipped_profiles
from omvsim.timing._traffic import misses
from omvsim.timing._types import Count, InferenceTime, OperatorTime, Range
from omvsim.timing._uses import Misses, Place

if TYPE_CHECKING:
    from omvsim.timing._calibrate import (
        Calibration,
        Record,
        Statistics,
        calibrate,
        compare,
        fingerprint,
        profile_toml,
        read_records,
    )
    from omvsim.timing._improve import Improvement, improvements
    from omvsim.timing._published import Comparison, NotComparable, comparisons, not_comparable
    from omvsim.timing._validate import Errors, ModelTotal, Validation, validate, validate_published
    from omvsim.timing._validate_report import validation_json, validation_text
    from omvsim.timing.report import render_time, time_json

_LATER = {
    "_calibrate": (
        *("Calibration", "Record", "Statistics", "calibrate", "compare", "fingerprint", "profile_toml", "read_records"),
    ),
    "_improve": ("Improvement", "improvements"),
    "_published": ("Comparison", "NotComparable", "comparisons", "not_comparable"),
    "_validate": ("Errors", "ModelTotal", "Validation", "validate", "validate_published"),
    "_validate_report": ("validation_json", "validation_text"),
    "report": ("render_time", "time_json"),
}


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names:
            return getattr(importlib.import_module(f"omvsim.timing.{module}"), name)
    raise AttributeError(f"module 'omvsim.timing' has no attribute {name!r}")


__all__ = [
    # an inference
    "workload",
    "Workload",
    "workload_of_nodes",
    "live_share_of",
    "predict",
    "Placement",
    "InferenceTime",
    "OperatorTime",
    "Range",
    "inference_time",
    "by_library",
    "improvements",
    "Improvement",
    "time_json",
    "render_time",
    # layers
    "Node",
    "Value",
    "node_of",
    "count",
    "Count",
    "misses",
    "line_misses",
    "Misses",
    "Place",
    "Cache",
    # costs
    "TimingProfile",
    "LineCost",
    "BASE_PROFILE",
    "profile_of",
    "load_profile",
    "shipped_profiles",
    # a frame
    "Cost",
    "HeapArea",
    "gc_collect",
    "heap_areas",
    "tier_of",
    "clear_arena",
    "convert_input",
    "convert_output",
    "read_file",
    "collections_per_frame",
    "conversion",
    "frames_per_second",
    # comparisons
    "validate",
    "validate_published",
    "Validation",
    "Errors",
    "ModelTotal",
    "validation_text",
    "validation_json",
    "comparisons",
    "Comparison",
    "not_comparable",
    "NotComparable",
    # calibration
    "calibrate",
    "Calibration",
    "compare",
    "read_records",
    "fingerprint",
    "Record",
    "Statistics",
    "profile_toml",
]
