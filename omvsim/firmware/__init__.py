"""What each firmware release does on a device: modules, camera, Python objects.

What works on models is imported when it is asked for: a script without one must not pay for the arena's planner.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from omvsim.firmware._arrays import MAX_DIMENSIONS, dense_bytes
from omvsim.firmware._camera import Camera
from omvsim.firmware._framebuffer import FRAME_SIZES, FrameBuffer, Image, PixelFormat, Window, image_size
from omvsim.firmware._framebuffer_static import (
    CountingFrameBuffer,
    FrameRegion,
    HalvingFrameBuffer,
    QueuedFrameBuffer,
    StaticFrameBuffer,
)
from omvsim.firmware._framebuffer_uma import UmaFrameBuffer
from omvsim.firmware._pools import PoolUse, Span, pool_uses
from omvsim.firmware._watching import MomentKind, Watcher

if TYPE_CHECKING:
    from omvsim.firmware._crash_zone import crash_zone
    from omvsim.firmware._inference import blamed
    from omvsim.firmware._inputs import InputKind, fitting_input
    from omvsim.firmware._model_file import LoadMode, ModelFile
    from omvsim.firmware._objects import BACKEND_STATE, CLASSIFICATION, INTERPRETER, OP_RESOLVER
    from omvsim.firmware._storage import (
        DeviceNoFileError,
        built_in,
        check_stored,
        default_load,
        needs_card,
        path_on_camera,
        storage_name,
        store,
        why_not_stored,
    )
    from omvsim.firmware._tf_module import (
        TF_ARENA_EXTRA,
        TF_MESSAGES,
        TF_NOT_ALLOCATED,
        TF_NOT_RUN,
        TF_WRONG_VERSION,
        tf_arena_area,
        tf_shape_refusal,
    )
    from omvsim.firmware._tf_results import ResultNeeds, TfMethod, TfOutput, output_of, result_needs, tf_input_of

__all__ = [
    # a booted camera
    "Camera",
    "MomentKind",
    "Watcher",
    "PoolUse",
    "Span",
    "pool_uses",
    # ulab's arrays
    "MAX_DIMENSIONS",
    "dense_bytes",
    # models
    "ModelFile",
    "LoadMode",
    "BACKEND_STATE",
    "OP_RESOLVER",
    "INTERPRETER",
    "CLASSIFICATION",
    "DeviceNoFileError",
    "built_in",
    "check_stored",
    "default_load",
    "needs_card",
    "path_on_camera",
    "storage_name",
    "store",
    "why_not_stored",
    "TfMethod",
    "TfOutput",
    "output_of",
    "tf_input_of",
    "TF_ARENA_EXTRA",
    "TF_MESSAGES",
    "TF_NOT_ALLOCATED",
    "TF_NOT_RUN",
    "TF_WRONG_VERSION",
    "tf_arena_area",
    "tf_shape_refusal",
    "ResultNeeds",
    "result_needs",
    "InputKind",
    "fitting_input",
    "blamed",
    "crash_zone",
    # frame buffers
    "FRAME_SIZES",
    "FrameBuffer",
    "Image",
    "PixelFormat",
    "Window",
    "image_size",
    "CountingFrameBuffer",
    "FrameRegion",
    "HalvingFrameBuffer",
    "QueuedFrameBuffer",
    "StaticFrameBuffer",
    "UmaFrameBuffer",
]

_ON_MODELS = {
    "_crash_zone": ("crash_zone",),
    "_inference": ("blamed",),
    "_model_file": (
        "LoadMode",
        "ModelFile",
    ),
    "_objects": (
        "BACKEND_STATE",
        "CLASSIFICATION",
        "INTERPRETER",
        "OP_RESOLVER",
    ),
    "_inputs": (
        "InputKind",
        "fitting_input",
    ),
    "_storage": (
        "DeviceNoFileError",
        "built_in",
        "check_stored",
        "default_load",
        "needs_card",
        "path_on_camera",
        "storage_name",
        "store",
        "why_not_stored",
    ),
    "_tf_module": (
        "TF_ARENA_EXTRA",
        "TF_MESSAGES",
        "TF_NOT_ALLOCATED",
        "TF_NOT_RUN",
        "TF_WRONG_VERSION",
        "tf_arena_area",
        "tf_shape_refusal",
    ),
    "_tf_results": (
        "ResultNeeds",
        "TfMethod",
        "TfOutput",
        "output_of",
        "result_needs",
        "tf_input_of",
    ),
}
_HOMES = {name: module for module, names in _ON_MODELS.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import what works on models when it is asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"omvsim.firmware.{_HOMES[name]}"), name)
