"""What the schema and the converter say about operators: the options table of each, the version for int8."""

from __future__ import annotations

from omvsim.graph import TensorType

_OPTIONS_TABLE = {
    "AVERAGE_POOL_2D": "Pool2DOptions",
    "MAX_POOL_2D": "Pool2DOptions",
    "L2_POOL_2D": "Pool2DOptions",
    "CONV_2D": "Conv2DOptions",
    "DEPTHWISE_CONV_2D": "DepthwiseConv2DOptions",
    "L2_NORMALIZATION": "L2NormOptions",
    "LSTM": "LSTMOptions",
    "SVDF": "SVDFOptions",
    "RNN": "RNNOptions",
    "UNIDIRECTIONAL_SEQUENCE_LSTM": "UnidirectionalSequenceLSTMOptions",
    "UNIDIRECTIONAL_SEQUENCE_RNN": "SequenceRNNOptions",
    "BIDIRECTIONAL_SEQUENCE_LSTM": "BidirectionalSequenceLSTMOptions",
    "BIDIRECTIONAL_SEQUENCE_RNN": "BidirectionalSequenceRNNOptions",
    "BATCH_MATMUL": "BatchMatMulOptions",
    "BATCH_TO_SPACE_ND": "BatchToSpaceNDOptions",
    "SPACE_TO_BATCH_ND": "SpaceToBatchNDOptions",
    "PADV2": "PadV2Options",
    "TOPK_V2": "TopKV2Options",
    "MAXIMUM": "MaximumMinimumOptions",
    "MINIMUM": "MaximumMinimumOptions",
    **dict.fromkeys(
        ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD", "REDUCE_ANY", "REDUCE_ALL"),
        "ReducerOptions",
    ),
}

_INT8_VERSIONS = {
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 3,
    "FULLY_CONNECTED": 4,
    "SVDF": 3,
    "REVERSE_V2": 3,
    "TILE": 3,
    **dict.fromkeys(
        (
            "ABS",
            "ADD",
            "ARG_MAX",
            "ARG_MIN",
            "AVERAGE_POOL_2D",
            "BATCH_MATMUL",
            "BATCH_TO_SPACE_ND",
            "CONCATENATION",
            "DEQUANTIZE",
            "EQUAL",
            "GATHER",
            "GREATER",
            "GREATER_EQUAL",
            "L2_NORMALIZATION",
            "LESS",
            "LESS_EQUAL",
            "LOGISTIC",
            "LOG_SOFTMAX",
            "MAXIMUM",
            "MAX_POOL_2D",
            "MEAN",
            "MINIMUM",
            "MIRROR_PAD",
            "MUL",
            "NOT_EQUAL",
            "PACK",
            "PAD",
            "PADV2",
            "REDUCE_MAX",
            "REDUCE_MIN",
            "RELU",
            "RELU6",
            "RESIZE_BILINEAR",
            "RESIZE_NEAREST_NEIGHBOR",
            "SLICE",
            "SOFTMAX",
            "SPACE_TO_BATCH_ND",
            "SPACE_TO_DEPTH",
            "STRIDED_SLICE",
            "SUB",
            "SUM",
            "TANH",
            "TRANSPOSE",
            "UNPACK",
        ),
        2,
    ),
}


def options_table(operator: str) -> str:
    """The options table of ``operator`` in the schema: ``RESHAPE`` has ``ReshapeOptions``."""
    camel = "".join(part.capitalize() for part in operator.split("_"))
    return _OPTIONS_TABLE.get(operator, f"{camel}Options")


def default_version(operator: str, element: TensorType) -> int:
    """The version that the converter gives to ``operator`` when its first input is ``element``, in the plain case.

    int8 came after float, hence the higher numbers; other types and special options get 1 here, which every runtime
    accepts. Source: tensorflow/tensorflow 0208740, tensorflow/lite/tools/versioning/op_version.cc.
    """
    return _INT8_VERSIONS.get(operator, 1) if element is TensorType.INT8 else 1
