"""What each firmware release does on a device: modules, camera, Python objects."""

from omvsim.firmware._camera import Camera
from omvsim.firmware._framebuffer import FRAME_SIZES, FrameBuffer, Image, PixelFormat, Window, image_size
from omvsim.firmware._framebuffer_preview import PreviewBuffer
from omvsim.firmware._framebuffer_static import (
    CountingFrameBuffer,
    FrameRegion,
    HalvingFrameBuffer,
    QueuedFrameBuffer,
    StaticFrameBuffer,
)
from omvsim.firmware._framebuffer_uma import UmaFrameBuffer
from omvsim.firmware._generation import Generation, generation_of, parse_version
from omvsim.firmware._inference import invoke
from omvsim.firmware._micropython import MicroPython
from omvsim.firmware._ml_model import LoadedModel, ModelLoader, describe, dtype_char
from omvsim.firmware._model_file import FAT_FILE, ROM_FILE, LoadMode, ModelFile
from omvsim.firmware._predict import InputKind, image_input_possible, invoke_failed, make_inputs, predict
from omvsim.firmware._recording import Player, Recording, recording
from omvsim.firmware._storage import (
    DeviceNoFileError,
    built_in,
    check_stored,
    default_load,
    needs_card,
    path_on_camera,
    why_not_stored,
)
from omvsim.firmware._tf_module import TfModel, TfModule
from omvsim.firmware._tf_results import ResultNeeds, TfMethod, TfOutput, output_of, result_needs

__all__ = [
    # a booted camera
    "Camera",
    "Generation",
    "generation_of",
    "parse_version",
    # MicroPython and its start
    "MicroPython",
    "Player",
    "Recording",
    "recording",
    # models
    "ModelFile",
    "LoadMode",
    "FAT_FILE",
    "ROM_FILE",
    "DeviceNoFileError",
    "built_in",
    "check_stored",
    "default_load",
    "needs_card",
    "path_on_camera",
    "why_not_stored",
    "ModelLoader",
    "LoadedModel",
    "describe",
    "dtype_char",
    "TfModule",
    "TfModel",
    "TfMethod",
    "TfOutput",
    "output_of",
    "ResultNeeds",
    "result_needs",
    "InputKind",
    "image_input_possible",
    "make_inputs",
    "predict",
    "invoke",
    "invoke_failed",
    # frame buffers
    "FRAME_SIZES",
    "FrameBuffer",
    "Image",
    "PixelFormat",
    "Window",
    "image_size",
    "PreviewBuffer",
    "CountingFrameBuffer",
    "FrameRegion",
    "HalvingFrameBuffer",
    "QueuedFrameBuffer",
    "StaticFrameBuffer",
    "UmaFrameBuffer",
]
