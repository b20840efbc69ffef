"""Time of an inference on a Cortex-M7: instructions, cache lines, cycles; every figure with its range.

>>> work = workload(read_model("model.tflite"))
>>> predict(work, profile_of(load_board())).ms
Range(low=..., nominal=..., high=...)
"""

from __future__ import annotations

from omvsim.timing._cache import Cache
from omvsim.timing._instructions import count
from omvsim.timing._node import Node, Value, node_of
from omvsim.timing._predict import (
    Placement,
    Workload,
    line_misses,
    live_share_of,
    predict,
    workload,
    workload_of_nodes,
)
from omvsim.timing._profile import LineCost, TimingProfile, load_profile, profile_of, shipped_profiles
from omvsim.timing._traffic import Misses, Place, misses
from omvsim.timing._types import Count, InferenceTime, OperatorTime, Range

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
    "profile_of",
    "load_profile",
    "shipped_profiles",
]
