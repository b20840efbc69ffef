"""Loop trip counts of elementwise operators, reductions, data movement and everything small.

Source (structure only): tensorflow/tflite-micro a57349f0, ``tensorflow/lite/kernels/internal/reference`` and
``tensorflow/lite/micro/kernels``; ARM-software/CMSIS-NN 01dee38e ``Source/BasicMathFunctions``.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from omvsim.timing._loops_conv import copies

if TYPE_CHECKING:
    from omvsim.timing._loops_conv import Loops
    from omvsim.timing._node import Node

UNROLLED = {"add", "mul"}
"""CMSIS-NN's ADD and MUL take four elements a turn; everything else goes one by one."""


def _six(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (1,) * (6 - len(shape)) + shape


def _levels(shape: tuple[int, ...]) -> int:
    """Turns of the outer loops of a walk over six dimensions (the innermost one not counted)."""
    dims = _six(shape)
    return sum(prod(dims[:level]) for level in range(1, 6))


def binary(node: Node) -> Loops:
    """Two-input elementwise operators: equal shapes in one loop, otherwise a walk over up to six dimensions.

    ADD and SUB first merge neighbouring dimensions that are broadcast alike (``ReduceDimensionsForBroadcast``).
    """
    a, b = node.present[:2]
    name, n = node.op.lower(), node.y.elements
    if _six(a.shape) == _six(b.shape):
        if name in UNROLLED:
            return f"{name}_{a.type}_same", {"one": 1, "q": n // 4, "r": n % 4}
        return f"{name}_{a.type}_same", {"one": 1, "no": n}
    shape = _compressed(a.shape, b.shape, node.y.shape) if name in {"add", "sub"} else node.y.shape
    rows = n // max(1, shape[-1]) if shape else 1
    kind = "bcast" if name in {"add", "sub", "mul"} or min(a.elements, b.elements) > 1 else "scalar"
    return f"{name}_{a.type}_{kind}", {"one": 1, "no": n, "rows": rows, "levels": _levels(shape)}


def _compressed(a: tuple[int, ...], b: tuple[int, ...], y: tuple[int, ...]) -> tuple[int, ...]:
    """Output dimensions with neighbours merged where the same operand (or none) is broadcast."""
    merged: list[tuple[tuple[bool, bool], int]] = []
    for one, two, size in zip(_six(a), _six(b), _six(y), strict=True):
        if size == 1:
            continue
        state = (one == 1, two == 1)
        if merged and merged[-1][0] == state:
            merged[-1] = (state, merged[-1][1] * size)
        else:
            merged.append((state, size))
    return tuple(size for _, size in merged) or (1,)


CLUSTER = 4.0
"""Activations gather around the zero point: of values that can saturate, about radius / (radius + 4) do not.

The one constant behind the nominal count of LOGISTIC and TANH when values are not known, taken from the 121 recorded
LOGISTIC nodes (radii of 7 to 120 codes: 57, 69, 89, 97 and 99 % computed); the true share depends on the image.
"""


def unary(node: Node) -> Loops:
    """One loop over all elements. int8 LOGISTIC and TANH compute only inputs inside a radius around the zero point."""
    n = node.y.elements
    name = f"{node.op.lower()}_{node.x.type}"
    if node.op in {"LOGISTIC", "TANH"} and node.x.type == "i8":
        live = n * live_share(node)
        return name, {"one": 1, "live": live, "saturated": n - live}
    return name, {"one": 1, "no": n}


def live_share(node: Node) -> float:
    """Expected share of inputs that are computed: known (``live`` in the parameters), all, or by :data:`CLUSTER`."""
    if "live" in node.params:
        return float(node.params["live"])
    radius = node.params.get("radius", 256)
    zero = node.params.get("zero_point", 0)
    if radius > max(127 - zero, zero + 128):
        return 1.0
    return float(radius / (radius + CLUSTER))


def requantize(node: Node) -> Loops:
    """QUANTIZE: int8 to uint8 (and back) with equal scales only flips the sign bit."""
    source, target, n = node.x.type, node.y.type, node.y.elements
    if {source, target} == {"i8", "u8"}:
        kind = {True: "rescale", False: "flip", None: "scales_unknown"}[node.params.get("rescale")]
        return f"quantize_{source}_{target}_{kind}", {"one": 1, "no": n}
    return f"quantize_{source}_{target}", {"one": 1, "no": n}


def convert(node: Node) -> Loops:
    """DEQUANTIZE and CAST: one loop, by both types."""
    return f"{node.op.lower()}_{node.x.type}_{node.y.type}", {"one": 1, "no": node.y.elements}


def prelu(node: Node) -> Loops:
    """PRELU walks four dimensions."""
    x = node.x
    rows = x.elements // max(1, x.last)
    return f"prelu_{x.type}_bcast", {"one": 1, "no": x.elements, "rows": rows}


def softmax(node: Node) -> Loops:
    """SOFTMAX and LOG_SOFTMAX: rows of the last dimension."""
    x = node.x
    suffix = f"_{node.y.type}" if node.op == "SOFTMAX" else ""
    return f"{node.op.lower()}_{x.type}{suffix}", {
        "one": 1,
        "rows": x.elements // max(1, x.last),
        "no": x.elements,
    }


def l2_norm(node: Node) -> Loops:
    """L2_NORMALIZATION: rows of the last dimension, read twice."""
    x = node.x
    return f"l2_normalization_{x.type}", {"one": 1, "rows": x.elements // max(1, x.last), "no": x.elements}


def copy(node: Node) -> Loops:
    """RESHAPE, EXPAND_DIMS, SQUEEZE: a memcpy of 16-byte blocks."""
    size = node.y.bytes
    return f"{node.op.lower()}_{node.x.type}", {"one": 1, "b16": size // 16, "r": size % 16}


def _split_at(shape: tuple[int, ...], axis: int) -> tuple[int, int]:
    axis = axis % len(shape) if shape else 0
    return prod(shape[:axis]), prod(shape[axis + 1 :])


def concat(node: Node) -> Loops:
    """CONCATENATION: per outer index, one memcpy for each input."""
    y, count = node.y, len(node.present)
    axis = node.params.get("axis", 0)
    outer, inner = _split_at(y.shape, axis)
    width = y.bytes // max(1, y.elements)
    runs = [v.shape[axis] * inner * width for v in node.present if v.shape]
    totals: dict[str, float] = {}
    for turn in range(min(4, outer)):  # the alignment of a run repeats every four turns
        times = len(range(turn, outer, 4))
        target = turn * sum(runs)
        for run in runs:
            for name, value in copy_run(run, turn * run % 4, target % 4).items():
                totals[name] = totals.get(name, 0) + times * value
            target += run
    return f"concat_{y.type}", {"one": 1, "nin": count, "outer": outer, "runs": outer * count, **totals}


def copy_run(size: int, source: int, target: int) -> dict[str, float]:
    """newlib's ``memcpy`` (armv7-m): what one call of ``size`` bytes does, given both addresses modulo 4.

    Equal alignment: bytes up to the next word, then blocks of 64, 16 and 4 bytes. Different alignment: below 8 bytes
    byte by byte, else words put together by shifting.
    """
    if source == target:
        head = min(size, -target % 4)
        rest = size - head
        return {
            "c64": rest // 64,
            "c16": rest % 64 // 16,
            "c4": rest % 16 // 4,
            "c1": rest % 4 + head,
            "ct": rest % 4 > 0,
            "ch": head > 0,
        }
    if size < 8:
        return {"cs": size, "css": 1}
    head = -target % 4
    return {"cm": 1, "cw": (size - head) // 4, "c1m": head + (size - head) % 4}


def split(node: Node) -> Loops:
    """SPLIT and SPLIT_V: per outer index and output, an element loop."""
    x = node.present[1] if node.op == "SPLIT" else node.x
    axis = node.params.get("axis")
    if axis is None:
        axis = next((i for i, (a, b) in enumerate(zip(x.shape, node.y.shape, strict=False)) if a != b), 0)
    outer, _ = _split_at(x.shape, axis)
    return f"{node.op.lower()}_{x.type}", {
        "one": 1,
        "outer": outer,
        "nout": outer * len(node.outputs),
        "no": sum(v.elements for v in node.outputs),
    }


def pad(node: Node) -> Loops:
    """PAD: five nested loops over the output, each element checked against the borders of its dimension.

    Rows (and whole planes) outside the image fail an outer check and take the short way.
    """
    x, y = node.x, node.y
    rows = y.elements // max(1, y.last)
    inner_rows = prod(x.shape[:-1]) if x.shape else 1
    return f"{node.op.lower()}_{x.type}", {
        "one": 1,
        "no": y.elements,
        "ni": x.elements,
        "rows": rows,
        "inner": inner_rows * y.last,
    }


def mirror_pad(node: Node) -> Loops:
    """MIRROR_PAD: every output element finds its source by division."""
    return f"mirror_pad_{node.x.type}", {"one": 1, "no": node.y.elements}


def reduce(node: Node) -> Loops:
    """MEAN, SUM, REDUCE_MAX: a walk over the input with an index for every dimension.

    Float MEAN over height and width with the dimensions kept has a kernel of its own (``reduce_common.cc``).
    """
    x, y = node.x, node.y
    plane = len(x.shape) == len(y.shape) == 4 and y.shape[1:3] == (1, 1) and x.shape[3] == y.shape[3]
    special = "_plane" if node.op == "MEAN" and x.type == "f32" and plane else ""
    return f"{node.op.lower()}_{x.type}{special}", {
        "one": 1,
        "no": y.elements,
        "ni": x.elements,
        "rows": x.elements // max(1, x.last),
    }


def resize(node: Node) -> Loops:
    """RESIZE_BILINEAR and RESIZE_NEAREST_NEIGHBOR: one turn an output pixel, channels inside."""
    x, y = node.x, node.y
    pixels = prod(y.shape[:3])
    width = y.bytes // max(1, y.elements)
    run = y.last * width
    counts = {"one": 1, "rows": pixels, "lines": prod(y.shape[:2])}
    if node.op == "RESIZE_BILINEAR":
        return f"resize_bilinear_{x.type}", counts | {"no": y.elements}
    return f"resize_nearest_neighbor_{x.type}", counts | copies("c", pixels, run)


def slices(node: Node) -> Loops:
    """SLICE and STRIDED_SLICE: a walk over rows; unit strides copy each row at once."""
    y = node.y
    rows = y.elements // max(1, y.last)
    run = y.last * (y.bytes // max(1, y.elements))
    return f"{node.op.lower()}_{node.x.type}", {"one": 1, "no": y.elements, **copies("rows", rows, run)}


def transpose(node: Node) -> Loops:
    """TRANSPOSE: recursion over the dimensions of the output, the innermost in a plain loop."""
    y = node.y
    return f"transpose_{node.x.type}", {
        "one": 1,
        "no": y.elements,
        "rows": y.elements // max(1, y.last),
        "levels": sum(prod(y.shape[:level]) for level in range(1, len(y.shape) - 1)),
    }


def many(node: Node) -> Loops:
    """ADD_N and PACK: inputs and elements."""
    n = len(node.present)
    return f"{node.op.lower()}_{node.x.type}", {
        "one": 1,
        "nin": n,
        "no": node.y.elements,
        "nino": n * node.y.elements,
    }


def unpack(node: Node) -> Loops:
    """UNPACK: outputs and elements."""
    return f"unpack_{node.x.type}", {"one": 1, "nout": len(node.outputs), "ni": node.x.elements}


def select(node: Node) -> Loops:
    """SELECT_V2: equal shapes in one loop, otherwise a walk over four dimensions."""
    condition, value, other = node.present[:3]
    same = condition.shape == value.shape == other.shape
    rows = node.y.elements // max(1, node.y.last)
    kind = "same" if same else "bcast"
    return f"select_v2_{value.type}_{kind}", {"one": 1, "no": node.y.elements, "rows": 0 if same else rows}


def argument(node: Node) -> Loops:
    """ARG_MAX and ARG_MIN: a loop over the axis for every other index."""
    x = node.x
    return f"{node.op.lower()}_{x.type}", {"one": 1, "no": node.y.elements, "ni": x.elements}


def moved(node: Node) -> Loops:
    """Rearrangements (space/depth/batch, gather, cumsum, broadcast): elements and rows of the output."""
    y = node.y
    kind = node.x.type if node.op != "EMBEDDING_LOOKUP" else f"{node.present[1].type}_{y.type}"
    return f"{node.op.lower()}_{kind}", {
        "one": 1,
        "no": y.elements,
        "rows": y.elements // max(1, y.last),
    }


def custom(node: Node) -> Loops:
    """Custom operators: elements of the larger side."""
    name = f"{node.op.lower()}_{node.y.type if node.outputs else ''}"
    return name, {"one": 1, "no": node.y.elements, "ni": node.x.elements if node.present else 0}


def fixed(node: Node) -> Loops:
    """Operators whose own work does not depend on shapes (SHAPE, CALL_ONCE, VAR_HANDLE …)."""
    kind = node.present[0].type if node.present else ""
    return f"{node.op.lower()}_{kind}".rstrip("_"), {"one": 1}
