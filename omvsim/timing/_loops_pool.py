"""Loop trip counts of the pooling kernels.

Sources (structure only): ARM-software/CMSIS-NN 01dee38e ``Source/PoolingFunctions``; tensorflow/tflite-micro
a57349f0 ``tensorflow/lite/kernels/internal/reference/pooling.h``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.timing._loops_conv import copies
from omvsim.timing._node import Node, window

if TYPE_CHECKING:
    from omvsim.timing._loops_conv import Loops


def pool(node: Node) -> Loops:
    """The pooling operators: channels run inside the taps in blocks of four (float: one by one)."""
    win = window(node.x, node.y, node.params)
    depth, batches = node.x.last, node.x.shape[0]
    quads, rest = depth // 4, depth % 4
    name = f"{node.op.lower()}_{node.x.type}"
    if node.x.type == "f32":
        counts: dict[str, float] = {
            "row": win.out_h,
            "P": win.pixels,
            "Pc": win.pixels * depth,
            "Rc": win.valid_rows * depth,
            "Tc": win.valid * depth,
        }
    else:
        counts = {
            "row": win.out_h,
            "P": win.pixels,
            "rows": win.valid_rows,
            "T": win.valid,
            "T4": win.valid * quads,
            "T1": win.valid * rest,
            "P4": win.pixels * quads,
            "P1": win.pixels * rest,
        }
        if node.op == "MAX_POOL_2D":  # the first tap of a pixel is copied, the others are compared with it
            counts |= copies("m", win.pixels, node.x.bytes // max(1, node.x.elements) * depth)
    return name, {"one": 1, **{key: batches * count for key, count in counts.items()}}
