"""Loop trip counts of the convolution kernels, by the structure of their source.

Sources (structure only): ARM-software/CMSIS-NN, commit 01dee38e, ``Source/ConvolutionFunctions`` and
``Source/NNSupportFunctions/arm_nn_mat_mult_nt_t_s8.c``; tensorflow/tflite-micro, commit a57349f0,
``tensorflow/lite/kernels/internal/reference/conv.h`` and ``depthwiseconv_float.h``.
Feature names are those of the recorded formulas (``oracle/timing/formulas.json``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.timing._node import VALID, Node, Value, Window, window

if TYPE_CHECKING:
    from collections.abc import Mapping

Loops = tuple[str, "Mapping[str, float]"]


def is_matrix_conv(node: Node, win: Window) -> bool:
    """Whether CMSIS-NN runs the 1x1 kernel: no padding, no dilation, one group (``arm_convolve_wrapper_s8.c``)."""
    x, w = node.x, node.present[1]
    return (
        win.k_h == win.k_w == 1
        and win.pad_h == win.pad_w == 0
        and tuple(node.params.get("d", (1, 1))) == (1, 1)
        and x.last == w.last
    )


def conv(node: Node) -> Loops:
    """CONV_2D of any type."""
    x, w = node.present[:2]
    win = window(x, node.y, node.params)
    if x.type == "f32":
        return "conv_2d_f32_f32", _conv_float(node, win)
    if x.type == "i16":
        return "conv_i16", _conv_i16(node, win)
    if w.type == "i4":
        kind = "conv1x1_i4" if is_matrix_conv(node, win) else "conv_i4"
        return kind, (_matrix if is_matrix_conv(node, win) else _im2col_i4)(node, win)
    if is_matrix_conv(node, win):
        return "conv1x1_i8", _matrix(node, win)
    if x.last != w.last:
        return "conv_i8_grouped", _im2col(node, win, x.last // w.last)
    return "conv_i8", _im2col(node, win, 1)


def mat_mult_nt_t(calls: int, left: int, rows: int, depth: int) -> dict[str, float]:
    """``arm_nn_mat_mult_nt_t_s8``: ``left`` pixels by ``rows`` channels of ``depth``, ``calls`` times.

    Channels go in pairs; for each pair the kernel sums are made once, then pixels go in pairs through inner loops of
    16, 4 and 1 columns; an odd channel or pixel has its own slower loop.
    """
    pairs, half, odd = rows // 2, left // 2, left % 2
    d16, d4, d1 = depth // 16, depth % 16 // 4, depth % 4
    return {
        "calls": calls,
        "rp": calls * pairs,
        "rp_c": calls * pairs * depth,
        "rp_cr": calls * pairs * d1,
        "rplp": calls * pairs * half,
        "b16": calls * pairs * half * d16,
        "b4": calls * pairs * half * d4,
        "b1": calls * pairs * half * d1,
        "any1": calls * pairs * half * (d1 > 0),
        "o": calls * pairs * odd,
        "o16": calls * pairs * odd * d16,
        "o4": calls * pairs * odd * d4,
        "o1": calls * pairs * odd * d1,
        "q": calls * (rows % 2) * left,
        "qc": calls * (rows % 2) * left * depth,
    }


def _matrix(node: Node, win: Window) -> dict[str, float]:
    """1x1: stride 1 hands all pixels to one call, other strides one output row a call."""
    x, y = node.x, node.y
    batches = x.shape[0]
    if tuple(node.params["s"]) == (1, 1):
        return {"one": 1, **mat_mult_nt_t(1, batches * win.pixels, y.last, x.last)}
    return {"one": 1, **mat_mult_nt_t(batches * win.out_h, win.out_w, y.last, x.last)}


def copies(prefix: str, times: int, size: int) -> dict[str, float]:
    """newlib's ``memcpy`` of ``size`` bytes, ``times`` times: blocks of 64, 16 and 4 bytes when both ends are aligned;
    a size that is no multiple of 4 leaves most calls unaligned, which go byte by byte."""
    return {
        prefix: times,
        f"{prefix}64": times * (size // 64),
        f"{prefix}16": times * (size % 64 // 16),
        f"{prefix}4": times * (size % 16 // 4),
        f"{prefix}1": times * (size % 4),
        f"{prefix}b": times * size if size % 4 else 0,
    }


def _walk(win: Window, size: int) -> dict[str, float]:
    """The taps of im2col: a library copy of ``size`` bytes for each tap inside, a fill for each outside."""
    outside = win.taps - win.valid
    return {
        "row": win.out_h,
        "P": win.pixels,
        "tap": win.taps,
        "krow": win.pixels * win.k_h,
        **copies("tv", win.valid, size),
        "ti": outside,
        "ti16": outside * (size // 16),
        "tic": outside * (size % 16),
    }


def _im2col(node: Node, win: Window, groups: int) -> dict[str, float]:
    """kxk: copy a pixel's taps, widen them to int16, and multiply two pixels with all channels."""
    depth = node.present[1].last
    rows = node.y.last // groups
    k = win.k_h * win.k_w * depth
    times = node.x.shape[0] * groups
    pairs, left = win.pixels // 2, win.pixels % 2
    counts = {
        **_walk(win, depth),
        "s4": win.pixels * (k // 4),
        "s1": win.pixels * (k % 4),
        "Pp": pairs,
        "PpR": pairs * (rows // 2),
        "k4": pairs * (rows // 2) * (k // 4),
        "k1": pairs * (rows // 2) * (k % 4),
        "kany": pairs * (rows // 2) * (k % 4 > 0),
        "oR": pairs * (rows % 2),
        "o4": pairs * (rows % 2) * (k // 4),
        "o1": pairs * (rows % 2) * (k % 4),
        "d": left,
        "dR": left * rows,
        "d4": left * rows * (k // 4),
        "d1": left * rows * (k % 4),
    }
    return {"one": 1, **{name: times * count for name, count in counts.items()}}


def _im2col_i4(node: Node, win: Window) -> dict[str, float]:
    """int4 weights: the same walk, each tap widened on its own, weights unpacked in the inner loop."""
    counts = _im2col(node, win, 1)
    depth = node.x.last
    return counts | {"w4": win.valid * (depth // 4), "w1": win.valid * (depth % 4)}


def _conv_i16(node: Node, win: Window) -> dict[str, float]:
    """int16 activations: the im2col walk without widening. A 64-bit bias costs extra per channel pair, and columns
    after the first 512 are then accumulated one by one in 64 bits (``arm_nn_mat_mult_kernel_s16.c``)."""
    depth, rows = node.present[1].last, node.y.last
    k = win.k_h * win.k_w * depth
    pairs, left = win.pixels // 2, win.pixels % 2
    wide = len(node.present) > 2 and node.present[2].type == "i64"
    fast = min(k, 512) if wide else k
    counts = {
        **_walk(win, 2 * depth),
        "PpR": pairs * (rows // 2),
        "PpR64": pairs * (rows // 2) * wide,
        "k4": pairs * (rows // 2) * (fast // 4),
        "k1": pairs * (rows // 2) * (fast % 4),
        "kslow": pairs * (rows // 2) * (k - fast),
        "oR": pairs * (rows % 2),
        "o4": pairs * (rows % 2) * (fast // 4),
        "o1": pairs * (rows % 2) * (fast % 4),
        "oslow": pairs * (rows % 2) * (k - fast),
        "dR": left * rows,
        "d4": left * rows * (k // 4),
        "d1": left * rows * (k % 4),
    }
    return {"one": 1, **{name: node.x.shape[0] * count for name, count in counts.items()}}


def _conv_float(node: Node, win: Window) -> dict[str, float]:
    """The reference kernel: one output channel at a time, every tap checked against the image's edge."""
    depth, rows, batches = node.present[1].last, node.y.last, node.x.shape[0]
    outside = win.taps - win.valid
    return {
        "one": 1,
        "P": batches * win.pixels,
        "no": node.y.elements,
        "krows": batches * win.pixels * win.k_h * rows,
        "tapo": batches * win.valid * rows,
        "mac": batches * win.valid * rows * depth,
        "invalid": batches * outside * rows,
    }


def depthwise(node: Node) -> Loops:
    """DEPTHWISE_CONV_2D of any type; which kernel runs: ``arm_depthwise_conv_wrapper_s8.c``."""
    x, w, y = node.x, node.present[1], node.y
    win = window(x, y, node.params)
    multiplier = y.last // x.last
    plain = x.shape[0] == 1 and tuple(node.params.get("d", (1, 1))) == (1, 1)
    if x.type == "f32":
        return "depthwise_conv_2d_f32_f32", _dw_float(node, win)
    if x.type == "i16":
        return "depthwise_conv_2d_i16_i8", _dw_generic(node, win)
    if w.type == "i4":
        if multiplier == 1 and plain:
            return "dw_opt_i4", _dw_opt(node, win)
        return "dw_generic_i4", _dw_generic(node, win)
    if multiplier == 1 and plain:
        if win.k_h == win.k_w == 3 and win.pad_h <= 1 and win.pad_w <= 1:
            return "dw3x3_i8", _dw_3x3(y, win)
        return "dw_opt_i8", _dw_opt(node, win)
    if multiplier % 4 == 0 and plain:
        return "dw_mult4_i8", _dw_mult4(node, win, multiplier)
    return "dw_generic_i8", _dw_generic(node, win)


def _dw_3x3(y: Value, win: Window) -> dict[str, float]:
    quads, rest = y.last // 4, y.last % 4
    return {
        "one": 1,
        "row": win.out_h,
        "P": win.pixels,
        "Pc": win.pixels * quads,
        "Rc": win.valid_rows * quads,
        "Tc": win.valid * quads,
        "P1": win.pixels * rest,
        "R1": win.valid_rows * rest,
        "T1": win.valid * rest,
        "Pany": win.pixels * (rest > 0),
    }


def _dw_opt(node: Node, win: Window) -> dict[str, float]:
    """Widen all taps of a pixel into the scratch buffer, then channels in fours over pairs of taps."""
    depth = node.x.last
    quads, rest, taps = depth // 4, depth % 4, win.k_h * win.k_w
    outside = win.taps - win.valid
    return {
        "one": 1,
        "row": win.out_h,
        "P": win.pixels,
        "tap": win.taps,
        "krow": win.pixels * win.k_h,
        "tv": win.valid,
        "tv4": win.valid * quads,
        "tv1": win.valid * rest,
        "ti": outside,
        "tic": outside * depth,
        "ti16": outside * (depth // 16),
        "Pc": win.pixels * quads,
        "Pk": win.pixels * quads * (taps // 2),
        "Pk1": win.pixels * quads * (taps % 2),
        "P1": win.pixels * rest,
        "P1K": win.pixels * rest * taps,
        "Pany": win.pixels * (rest > 0),
    }


def _dw_mult4(node: Node, win: Window, multiplier: int) -> dict[str, float]:
    depth, tiles = node.x.last, multiplier // 4
    return {
        "one": 1,
        "row": win.out_h,
        "P": win.pixels,
        "Pi": win.pixels * depth,
        "Pm": win.pixels * depth * tiles,
        "Rm": win.valid_rows * depth * tiles,
        "Tm": win.valid * depth * tiles,
    }


def _dw_generic(node: Node, win: Window) -> dict[str, float]:
    """One output value at a time over the taps inside the image."""
    batches, depth, rows = node.x.shape[0], node.x.last, node.y.last
    return {
        "one": 1,
        "row": batches * win.out_h,
        "P": batches * win.pixels,
        "Pi": batches * win.pixels * depth,
        "Po": batches * win.pixels * rows,
        "Ro": batches * win.valid_rows * rows,
        "To": batches * win.valid * rows,
    }


def _dw_float(node: Node, win: Window) -> dict[str, float]:
    """The reference kernel: every tap of every output value checked against the image's edge."""
    batches, rows = node.x.shape[0], node.y.last
    return {
        "one": 1,
        "P": batches * win.pixels,
        "Pi": batches * win.pixels * node.x.last,
        "no": node.y.elements,
        "krows": batches * win.pixels * win.k_h * rows,
        "mac": batches * win.valid * rows,
        "invalid": batches * (win.taps - win.valid) * rows,
    }


def transpose_conv(node: Node) -> Loops:
    """TRANSPOSE_CONV: inputs are (output shape, weights, image[, bias])."""
    w, x = node.present[1:3]
    rows, depth = w.shape[0], w.last
    k_h, k_w = w.shape[1:3]
    pixels = x.shape[0] * x.shape[1] * x.shape[2]
    inside = _scattered(node, x, k_h, k_w)
    kind = {"f32": "f32", "i16": "i16"}.get(x.type, "i8")
    if kind == "i8":
        counts = {
            "ip": pixels,
            "ipk": inside,
            "ipkr": inside * rows,
            "rowk": pixels * rows * k_h * k_w,
            "b4": pixels * rows * k_h * k_w * (depth // 4),
            "b1": pixels * rows * k_h * k_w * (depth % 4),
            "no": node.y.elements,
        }
    else:
        counts = {
            "ipd": pixels * depth,
            "taps": pixels * depth * k_h * k_w,
            "inside": inside * depth,
            "macs": inside * depth * rows,
            "no": node.y.elements,
        }
    return f"transpose_conv_{kind}", {"one": 1, **counts}


def _scattered(node: Node, x: Value, k_h: int, k_w: int) -> int:
    """(input pixel, tap) pairs that land inside the output: a convolution's valid taps seen from the output."""
    y = node.y
    swapped = window(y, x, {**node.params, "k": (k_h, k_w), "d": (1, 1), "pad": node.params.get("pad", VALID)})
    return x.shape[0] * swapped.valid
