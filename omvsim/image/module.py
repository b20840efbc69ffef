"""``image`` (modules/py_image.c): the type and its methods, and the module's own functions.

A method's file is imported when a script calls the method: most scripts call few of them.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from omvsim.image.value import Image
from omvsim.micropython.modules import LaterModule
from omvsim.micropython.native import LaterFunction, NativeType
from omvsim.world.camera_names import built

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.modules import NativeModule
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

METHODS: Final = {
    "basic": "bytearray flush format get_pixel height size to_ndarray width",
    "blobs": "find_blobs",
    "cascades": "find_features",
    "converting": "compress copy crop scale to_bitmap to_depth to_evt_dark to_evt_light to_grayscale to_ironbow "
    "to_jpeg to_png to_rainbow to_rgb565",
    "displacement": "find_displacement",
    "drawing": "clear draw_arrow draw_circle draw_cross draw_detection draw_edges draw_ellipse draw_keypoints "
    "draw_line draw_rectangle draw_string mask_circle mask_ellipse mask_rectangle set_pixel",
    "eye": "find_eye",
    "filters": "bilateral black_hat blur close dilate erode gaussian gaussian_blur histeq laplacian mean median "
    "midpoint mode morph open top_hat",
    "finders": "find_apriltags find_barcodes find_datamatrices find_line_segments find_qrcodes find_rects",
    "geometry": "awb ccm gamma gamma_corr lens_corr linpolar logpolar rotation_corr",
    "keypoints": "find_keypoints",
    "lineops": "add assign b_and b_nand b_nor b_or b_xnor b_xor blend difference draw_image max min replace rsub set "
    "sub and nand nor or xnor xor",
    "lines": "find_circles find_lines",
    "matching": "find_edges find_lbp find_template flood_fill",
    "regression": "get_regression",
    "saving": "save",
    "similarity": "get_similarity",
    "statistics": "get_hist get_histogram get_statistics get_stats histogram statistics",
    "thresholds": "binary invert negate",
}
"""The files of this folder and the methods in the ``METHODS`` of each."""
FUNCTIONS: Final = {
    "blob_measures": "get_convexity get_solidity get_enclosed_ellipse get_enclosing_circle get_major_axis_line "
    "get_minor_axis_line",
    "cascades": "HaarCascade",
    "keypoints": "load_descriptor match_descriptor save_descriptor",
}
"""Likewise functions of the module, in ``FUNCTIONS``."""


def _found(file: str, table: str, name: str) -> tuple[Callable[..., Any], int, int | None, bool]:
    """One that takes keywords, or (the most arguments given) none."""
    host, least, *most = getattr(import_module(f"omvsim.image.{file}"), table)[name]
    if not most:
        return host, least, None, True

    def call(vm: CameraMachine, *args: Value) -> Value:
        result: Value = host(vm, args, ())
        return result

    return call, least, most[0], False


def _later(files: dict[str, str], table: str) -> dict[str, Value]:
    return {
        name: LaterFunction(name, partial(_found, file, table, name))
        for file, names in files.items()
        for name in names.split()
    }


def methods() -> dict[str, Value]:
    """What is modelled, by name."""
    return _later(METHODS, "METHODS")


def _make_new(vm: Any, args: Sequence[Value], kwargs: Keywords) -> Value:
    from omvsim.image.making import make_new  # noqa: PLC0415 - few scripts make pictures

    return make_new(vm, args, kwargs)


def module(vm: CameraMachine) -> NativeModule:
    """``image``."""
    kind = NativeType("Image", Image, _make_new, constants=built(vm, "image.Image", methods()))

    def names() -> dict[str, Value]:
        from omvsim.image import colours, imageio_making  # noqa: PLC0415 - few scripts look for them

        known = colours.functions() | _later(FUNCTIONS, "FUNCTIONS") | {"ImageIO": imageio_making.image_io()}
        return built(vm, "image", known) | {"Image": kind}

    return LaterModule("image", names, {"Image": kind})


__all__ = ["FUNCTIONS", "METHODS", "methods", "module"]
