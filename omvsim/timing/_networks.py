"""Networks whose times were published, as lists of layer shapes (no weights): what the comparison runs.

MobileNetV2 follows Sandler et al. 2018, table 2, with Keras' rounding of channels to multiples of 8. The shapes of
``mcunet-vww1`` were read from mit-han-lab/tinyengine 47bb283c, ``assets/vww.tflite``; those of the MNIST network from
dimtass/imxrt1062-tflite-micro-mnist b99f6580, ``source/src/inc/model_data_uncompressed.h``.
"""

from __future__ import annotations

from omvsim.timing._node import SAME, VALID, Node, Value

Shape = tuple[int, int, int]


class _Chain:
    """Layers one after the other; every method appends an operator and moves on to its output."""

    def __init__(self, shape: Shape, kind: str = "i8") -> None:
        self.kind = kind
        self.value = Value(kind, (1, *shape))
        self.nodes: list[Node] = []

    def _add(self, op: str, inputs: tuple[Value, ...], shape: tuple[int, ...], **params: object) -> None:
        out = Value(self.kind, shape)
        self.nodes.append(Node(op, inputs, (out,), params))
        self.value = out

    def _bias(self, rows: int) -> Value:
        return Value("i32" if self.kind == "i8" else "f32", (rows,), constant=True)

    def _out(self, kernel: int, stride: int, padding: str) -> tuple[int, int]:
        sizes = self.value.shape[1:3]
        if padding == SAME:
            return -(-sizes[0] // stride), -(-sizes[1] // stride)
        return (sizes[0] - kernel) // stride + 1, (sizes[1] - kernel) // stride + 1

    def conv(self, rows: int, kernel: int = 1, stride: int = 1, padding: str = SAME) -> None:
        x = self.value
        weights = Value(self.kind, (rows, kernel, kernel, x.last), constant=True)
        h, w = self._out(kernel, stride, padding)
        params = {"k": (kernel, kernel), "s": (stride, stride), "d": (1, 1), "pad": padding}
        self._add("CONV_2D", (x, weights, self._bias(rows)), (1, h, w, rows), **params)

    def depthwise(self, kernel: int, stride: int = 1, padding: str = SAME, multiplier: int = 1) -> None:
        x = self.value
        rows = x.last * multiplier
        weights = Value(self.kind, (1, kernel, kernel, rows), constant=True)
        h, w = self._out(kernel, stride, padding)
        params = {"k": (kernel, kernel), "s": (stride, stride), "d": (1, 1), "pad": padding}
        self._add("DEPTHWISE_CONV_2D", (x, weights, self._bias(rows)), (1, h, w, rows), **params)

    def pad(self, border: int) -> None:
        _, h, w, c = self.value.shape
        self._add("PAD", (self.value, Value("i32", (4, 2), constant=True)), (1, h + 2 * border, w + 2 * border, c))

    def max_pool(self) -> None:
        _, h, w, c = self.value.shape
        params = {"k": (2, 2), "s": (2, 2), "pad": VALID}
        self._add("MAX_POOL_2D", (self.value,), (1, h // 2, w // 2, c), **params)

    def residual(self, expand: int, kernel: int, stride: int, rows: int, *, explicit_pad: bool = False) -> None:
        start = self.value
        if expand:
            self.conv(expand)
        if explicit_pad:
            self.pad(kernel // 2)
        self.depthwise(kernel, stride, VALID if explicit_pad else SAME)
        self.conv(rows)
        if self.value.shape == start.shape:
            self._add("ADD", (self.value, start), start.shape)

    def mean(self) -> None:
        axes = Value("i32", (2,), constant=True)
        self._add("MEAN", (self.value, axes), (1, self.value.last), axes=(1, 2))

    def dense(self, rows: int) -> None:
        depth = self.value.elements
        weights = Value(self.kind, (rows, depth), constant=True)
        self._add("FULLY_CONNECTED", (self.value, weights, self._bias(rows)), (1, rows))

    def softmax(self) -> None:
        self._add("SOFTMAX", (self.value,), self.value.shape)


def _channels(value: float) -> int:
    rounded = max(8, int(value + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * value else rounded


def mobilenet_v2(alpha: float, size: int, classes: int) -> list[Node]:
    """MobileNetV2 of width ``alpha`` for ``size`` x ``size`` RGB."""
    chain = _Chain((size, size, 3))
    chain.conv(_channels(32 * alpha), 3, 2)
    for expand, channels, repeats, stride in (
        (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
    ):  # fmt: skip
        for repeat in range(repeats):
            wide = 0 if expand == 1 else expand * chain.value.last
            chain.residual(wide, 3, stride if repeat == 0 else 1, _channels(channels * alpha))
    chain.conv(1280)
    chain.mean()
    chain.dense(classes)
    chain.softmax()
    return chain.nodes


def mcunet_vww1() -> list[Node]:
    """mcunet-vww1 as its model file has it, PAD operators included."""
    chain = _Chain((80, 80, 3))
    chain.pad(1)
    chain.conv(16, 3, 2, VALID)
    chain.depthwise(3)
    chain.conv(8)
    blocks = (
        (48, 3, 2, 16, True), (48, 3, 1, 16, False), (48, 3, 1, 16, False), (48, 7, 2, 24, True),
        (144, 3, 1, 24, False), (120, 5, 1, 24, False), (144, 7, 2, 40, True), (240, 7, 1, 40, False),
        (240, 3, 1, 48, False), (192, 3, 1, 48, False), (240, 5, 2, 96, False), (480, 3, 1, 96, False),
        (384, 3, 1, 96, False), (288, 7, 1, 160, False),
    )  # fmt: skip
    for expand, kernel, stride, rows, explicit_pad in blocks:
        chain.residual(expand, kernel, stride, rows, explicit_pad=explicit_pad)
    chain.mean()
    chain.dense(2)
    return chain.nodes


def mnist_float() -> list[Node]:
    """The float MNIST network of the Teensy 4.0 measurements."""
    chain = _Chain((28, 28, 1), "f32")
    chain.depthwise(3, 1, VALID, multiplier=32)
    chain.max_pool()
    chain.conv(64, 3, 1, VALID)
    chain.max_pool()
    chain.conv(64, 3, 1, VALID)
    chain.dense(64)
    chain.dense(10)
    chain.softmax()
    return chain.nodes
