"""Texts the firmware has as interned constants: making one of them again costs nothing."""

from __future__ import annotations

from functools import lru_cache

from omvsim.script._errors import CLASSES
from omvsim.script._image import CONSTANTS, FORMATS, HINTS
from omvsim.script._image_methods import METHODS
from omvsim.script._methods import TABLES
from omvsim.script._sensors import _CSI_SETTINGS, _SETTINGS, _SIZE_NUMBERS
from omvsim.script._stubs import _FUNCTIONS, _TYPES

_MORE = (
    *("", "a", "b", "f", "h", "H", "B", "i", "I", "l", "L", "r", "w", "rb", "wb", "utf-8", "__main__", "__name__"),
    *("Yes", "No", "Model", "predict", "labels", "ml", "image", "sensor", "csi", "gc", "time", "collect", "mem_free"),
    *("clock", "tick", "fps", "sleep_ms", "ticks_ms", "ulab", "numpy", "array", "zeros", "ones", "math", "main.py"),
    *("ram", "input_shape", "output_shape", "Normalization", "Fomo", "YoloLC", "YoloV8", "BlazeFace", "os", "sys"),
    *("machine", "Pin", "LED", "print", "len", "range", "enumerate", "zip", "sorted", "str", "int", "float", "list"),
    *("dict", "tuple", "set", "max", "min", "sum", "abs", "round", "open", "key", "reverse", "sep", "end", "self"),
    *("flash", "rom", "sdcard", "threshold", "postprocess", "load_to_fb", "callback", "color", "fill", "roi"),
)


@lru_cache(maxsize=1)
def firmware_words() -> set[str]:
    """Names of modules, types, methods and constants that the stand-ins know: the firmware has them in flash."""
    words: set[str] = set(_MORE) | set(CLASSES) | set(METHODS) | set(HINTS) | set(CONSTANTS)
    words |= {kind.value for kind in FORMATS} | set(_SETTINGS) | set(_CSI_SETTINGS) | set(_SIZE_NUMBERS)
    for _, table in TABLES:
        words |= set(table)
    for group in (_FUNCTIONS, _TYPES):
        for module, names in group.items():
            words |= {module, *names}
    return words
