"""What the time model reads of an operator: shapes, element types and parameters, nothing else.

A :class:`Node` is built from a model's operator (:func:`nodes_of`) or from a line of recorded counts
(:func:`node_from_record`); everything after that is a pure function of it.
"""

from __future__ import annotations

from functools import lru_cache
from math import frexp, prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from omvsim.graph import TensorType
from omvsim.records import NamedTuple, dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from omvsim.graph import Model, Operator, Subgraph, Tensor

_SHORT = {
    TensorType.FLOAT32: "f32",
    TensorType.INT8: "i8",
    TensorType.UINT8: "u8",
    TensorType.INT16: "i16",
    TensorType.INT32: "i32",
    TensorType.UINT32: "u32",
    TensorType.INT64: "i64",
    TensorType.BOOL: "bool",
    TensorType.INT4: "i4",
}
_BYTES = {"f32": 4, "i32": 4, "u32": 4, "i64": 8, "UINT64": 8, "i16": 2, "i8": 1, "u8": 1, "bool": 1, "i4": 0.5}
SAME, VALID = "SAME", "VALID"
LARGEST_KERNEL = 4096
"""Kernels beyond this are taken for a broken file."""


class Value(NamedTuple):
    """One tensor at an operator's edge."""

    type: str
    """``i8``, ``i16``, ``f32`` …"""
    shape: tuple[int, ...]
    constant: bool = False

    @property
    def elements(self) -> int:
        """Product of the dimensions; 1 for a scalar."""
        return prod(self.shape)

    @property
    def bytes(self) -> int:
        """Size of the data (int4 is packed two to a byte)."""
        return -int(-self.elements * _BYTES.get(self.type, 4) // 1)

    @property
    def last(self) -> int:
        """Innermost dimension, 1 for a scalar."""
        return self.shape[-1] if self.shape else 1


@dataclass(frozen=True, slots=True)
class Node:
    """One executed operator as the time model sees it."""

    op: str
    inputs: tuple[Value | None, ...]
    outputs: tuple[Value, ...]
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def present(self) -> tuple[Value, ...]:
        """Inputs without the optional ones that are absent."""
        return tuple(v for v in self.inputs if v is not None)

    @property
    def x(self) -> Value:
        """First input that is there."""
        first = self.inputs[0]
        return self.present[0] if first is None else first

    @property
    def y(self) -> Value:
        """First output."""
        return self.outputs[0]

    @property
    def is_sized(self) -> bool:
        """Whether no dimension is negative: two of these may have a product that fits 32 bits, and loads."""
        return all(size >= 0 for value in (*self.present, *self.outputs) for size in value.shape)


class Window(NamedTuple):
    """How a sliding window meets the image: trip counts of the loops over rows, columns and taps.

    ``taps`` are all kernel positions of all output pixels of one image, ``valid`` those inside the image;
    ``valid_rows`` counts (output pixel, kernel row inside the image) pairs.
    """

    out_h: int
    out_w: int
    k_h: int
    k_w: int
    pad_h: int
    pad_w: int
    rows_inside: int
    """Sum over output rows of the kernel rows inside the image."""
    columns_inside: int
    """The same for columns."""

    @property
    def pixels(self) -> int:
        """Output pixels of one image."""
        return self.out_h * self.out_w

    @property
    def taps(self) -> int:
        """All taps of all output pixels."""
        return self.pixels * self.k_h * self.k_w

    @property
    def valid(self) -> int:
        """Taps that read the image."""
        return self.rows_inside * self.columns_inside

    @property
    def valid_rows(self) -> int:
        """(output pixel, kernel row) pairs inside the image."""
        return self.rows_inside * self.out_w


@lru_cache(maxsize=4096)
def _axis(size: int, out: int, kernel: int, step: tuple[int, int], padding: str) -> tuple[int, int]:
    """(padding in front, sum over outputs of taps inside) along one axis; padding as TFLite computes it."""
    stride, dilation = step
    reach = (kernel - 1) * dilation + 1
    pad = max(0, (out - 1) * stride + reach - size) // 2 if padding == SAME else 0
    inside = 0
    for tap in range(kernel):
        first = max(0, -(-(pad - tap * dilation) // stride))
        last = min(out - 1, (size - 1 + pad - tap * dilation) // stride)
        inside += max(0, last - first + 1)
    return pad, inside


def window(x: Value, y: Value, params: Mapping[str, Any]) -> Window:
    """The :class:`Window` of a convolution or pooling whose input and output are NHWC ``x`` and ``y``.

    Raises:
        ValueError: the kernel is larger than any real one, or a stride is not positive.
    """
    k, s, d = params["k"], params["s"], params.get("d", (1, 1))
    if max(k) > LARGEST_KERNEL or min(*s, *d, *k) < 1:
        raise ValueError(f"kernel {tuple(k)} with strides {tuple(s)} cannot be timed")
    pad_h, rows = _axis(x.shape[1], y.shape[1], k[0], (s[0], d[0]), params["pad"])
    pad_w, columns = _axis(x.shape[2], y.shape[2], k[1], (s[1], d[1]), params["pad"])
    return Window(y.shape[1], y.shape[2], k[0], k[1], pad_h, pad_w, rows, columns)


def node_from_record(record: Mapping[str, Any]) -> Node:
    """The node of one line of recorded counts (``op``, ``inputs`` and ``outputs`` as [type, shape, constant])."""
    return Node(
        record["op"],
        tuple(Value(v[0], tuple(v[1]), bool(v[2])) if v else None for v in record.get("inputs", ())),
        tuple(Value(v[0], tuple(v[1])) for v in record.get("outputs", ())),
        MappingProxyType(dict(record.get("params") or {})),
    )


def nodes_of(model: Model) -> Iterator[tuple[Subgraph, Operator, Node]]:
    """Every operator of the main subgraph in execution order, as nodes."""
    values = [_value(tensor) for tensor in model.main.tensors]
    for operator in model.main.operators:
        yield model.main, operator, _node_of(model, model.main, operator, values)


def _value(tensor: Tensor) -> Value:
    kind = _SHORT.get(tensor.type, "") if isinstance(tensor.type, TensorType) else ""
    return Value(kind or getattr(tensor.type, "name", str(tensor.type)), tensor.shape, tensor.is_constant)


def node_of(model: Model, subgraph: Subgraph, operator: Operator) -> Node:
    """The node of ``operator``."""
    return _node_of(model, subgraph, operator, [_value(tensor) for tensor in subgraph.tensors])


def _node_of(model: Model, subgraph: Subgraph, operator: Operator, values: Sequence[Value]) -> Node:
    """The node of ``operator``; ``values`` are the subgraph's tensors."""
    inputs = tuple([values[i] if i >= 0 else None for i in operator.inputs])
    outputs = tuple([values[i] for i in operator.outputs])
    name = f"CUSTOM:{operator.name}" if operator.is_custom else operator.name
    bare = Node(name, inputs, outputs)
    return Node(name, inputs, outputs, MappingProxyType(_params(model, subgraph, operator, bare)))


def _ints(model: Model, subgraph: Subgraph, operator: Operator, position: int) -> tuple[int, ...] | None:
    """Constant integers of an input, or None when it is absent or computed at run time."""
    if position >= len(operator.inputs) or operator.inputs[position] < 0:
        return None
    tensor = subgraph.tensors[operator.inputs[position]]
    width = 4 if tensor.type == TensorType.INT32 else 8 if tensor.type == TensorType.INT64 else None
    if not tensor.is_constant or width is None:
        return None
    data = bytes(model.constant(tensor))
    return tuple(
        int.from_bytes(data[i : i + width], "little", signed=True) for i in range(0, len(data) - width + 1, width)
    )


_SHORT_NAMES = {"axis": "axis", "split_dim": "axis", "adj_x": "adjx", "adj_y": "adjy", "rank": "rank"}
_CONSTANTS: dict[str, dict[str, int]] = {
    "TRANSPOSE": {"perm": 1}, "PAD": {"paddings": 1}, "PADV2": {"paddings": 1}, "MIRROR_PAD": {"paddings": 1},
    "MEAN": {"axes": 1}, "SUM": {"axes": 1}, "REDUCE_MAX": {"axes": 1}, "SPLIT": {"axis": 0},
    "SPLIT_V": {"axis": 2}, "STRIDED_SLICE": {"begin": 1, "strides": 3}, "SLICE": {"begin": 1},
    "ARG_MAX": {"axis": 1}, "ARG_MIN": {"axis": 1},
}  # fmt: skip
"""Inputs that are parameters, by operator: name and position."""


def _params(model: Model, subgraph: Subgraph, operator: Operator, node: Node) -> dict[str, Any]:
    """Parameters under the names of the recorded counts."""
    o = operator.options
    params: dict[str, Any] = {}
    if "stride_h" in o:
        params["s"] = (o["stride_h"], o["stride_w"])
        params["pad"] = VALID if o.get("padding", 0) == 1 else SAME
        params["d"] = (o.get("dilation_h_factor", 1) or 1, o.get("dilation_w_factor", 1) or 1)
        params["act"] = o.get("fused_activation_function", 0)
        if "filter_height" in o:
            params["k"] = (o["filter_height"], o["filter_width"])
        elif len(node.inputs) > 1 and node.inputs[1] is not None and len(node.inputs[1].shape) == 4:
            params["k"] = node.inputs[1].shape[1:3]
    if len(set(operator.inputs)) < len(operator.inputs):
        twice = [node.inputs[i] for i, t in enumerate(operator.inputs) if t >= 0 and t in operator.inputs[:i]]
        repeated = sum(value.bytes for value in twice if value is not None)
        if repeated:
            params["repeated"] = repeated
    params |= {short: o[name] for name, short in _SHORT_NAMES.items() if name in o}
    if operator.name == "RESIZE_BILINEAR":
        params |= {"ac": bool(o.get("align_corners")), "hp": bool(o.get("half_pixel_centers"))}
    for name, position in _CONSTANTS.get(operator.name, {}).items():
        values = _ints(model, subgraph, operator, position)
        if values is not None:
            params[name] = values[0] if name == "axis" else values
    if operator.name == "QUANTIZE":
        params["rescale"] = not _same_scale(subgraph, operator)
    if operator.name == "FULLY_CONNECTED":
        params["filter_offset"] = _scale(subgraph.tensors[operator.inputs[1]])[1]
    if operator.name in {"LOGISTIC", "TANH", "SOFTMAX"} and node.x.type == "i8":
        scale, zero_point = _scale(subgraph.tensors[operator.inputs[0]])
        bits = 31 if operator.name == "SOFTMAX" else 15
        params["zero_point"] = zero_point
        beta = o.get("beta") if bits == 31 else None
        params["radius"] = input_radius(scale * (beta if isinstance(beta, float) and beta else 1.0), bits)
    return params


def input_radius(scale: float, whole: int) -> int:
    """Codes from the zero point (softmax: from the maximum) at which the int8 kernels stop computing.

    TFLite's ``CalculateInputRadius``: (2^bits - 1) shifted by the exponent of the scale, so ``whole`` (15 for
    LOGISTIC and TANH, 31 for SOFTMAX) times a power of two.
    """
    if scale <= 0:
        return 256
    exponent = frexp(scale)[1]
    return int(whole * 2.0**-exponent)


def _scale(tensor: Tensor) -> tuple[float, int]:
    q = tensor.quantization
    scale = q.scales[0] if q and q.scales else 0.0
    return scale, q.zero_points[0] if q and q.zero_points else 0


def _same_scale(subgraph: Subgraph, operator: Operator) -> bool:
    """Whether input and output have the same scale (then QUANTIZE between int8 and uint8 only flips the sign bit)."""
    scales = [_scale(subgraph.tensors[i])[0] for i in (operator.inputs[0], operator.outputs[0])]
    return scales[0] == scales[1]
