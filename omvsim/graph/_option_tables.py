"""The schema's tables of builtin options: by number in the union ``BuiltinOptions``, name and fields in their order.

A field is ``name:type=default``: no type is a 32-bit integer, others are as ``struct`` has them, ``[]`` is a vector and
``s`` a text; no default is zero. ``-`` is a field that is no longer used.

Source: TensorFlow Lite's schema, version 3c, as the ``tflite`` package 2.18 has it; a test compares all.
"""

from __future__ import annotations

from typing import Final

OPTIONS: Final = {
    1: (
        "Conv2DOptions padding:b stride_w stride_h fused_activation_function:b dilation_w_factor=1 "
        "dilation_h_factor=1 quantized_bias_type:b"
    ),
    2: (
        "DepthwiseConv2DOptions padding:b stride_w stride_h depth_multiplier fused_activation_function:b "
        "dilation_w_factor=1 dilation_h_factor=1"
    ),
    3: "ConcatEmbeddingsOptions num_channels num_columns_per_channel:i[] embedding_dim_per_channel:i[]",
    4: "LSHProjectionOptions type:b",
    5: "Pool2DOptions padding:b stride_w stride_h filter_width filter_height fused_activation_function:b",
    6: "SVDFOptions rank fused_activation_function:b asymmetric_quantize_inputs:?",
    7: "RNNOptions fused_activation_function:b asymmetric_quantize_inputs:?",
    8: (
        "FullyConnectedOptions fused_activation_function:b weights_format:b keep_num_dims:? "
        "asymmetric_quantize_inputs:? quantized_bias_type:b"
    ),
    9: "SoftmaxOptions beta:f",
    10: "ConcatenationOptions axis fused_activation_function:b",
    11: "AddOptions fused_activation_function:b pot_scale_int16:?=1",
    12: "L2NormOptions fused_activation_function:b",
    13: "LocalResponseNormalizationOptions radius bias:f alpha:f beta:f",
    14: "LSTMOptions fused_activation_function:b cell_clip:f proj_clip:f kernel_type:b asymmetric_quantize_inputs:?",
    15: "ResizeBilinearOptions - - align_corners:? half_pixel_centers:?",
    16: "CallOptions subgraph:I",
    17: "ReshapeOptions new_shape:i[]",
    18: "SkipGramOptions ngram_size max_skip_size include_all_ngrams:?",
    19: "SpaceToDepthOptions block_size",
    20: "EmbeddingLookupSparseOptions combiner:b",
    21: "MulOptions fused_activation_function:b",
    22: "PadOptions",
    23: "GatherOptions axis batch_dims",
    24: "BatchToSpaceNDOptions",
    25: "SpaceToBatchNDOptions",
    26: "TransposeOptions",
    27: "ReducerOptions keep_dims:?",
    28: "SubOptions fused_activation_function:b pot_scale_int16:?=1",
    29: "DivOptions fused_activation_function:b",
    30: "SqueezeOptions squeeze_dims:i[]",
    31: "SequenceRNNOptions time_major:? fused_activation_function:b asymmetric_quantize_inputs:?",
    32: "StridedSliceOptions begin_mask end_mask ellipsis_mask new_axis_mask shrink_axis_mask offset:?",
    33: "ExpOptions",
    34: "TopKV2Options",
    35: "SplitOptions num_splits",
    36: "LogSoftmaxOptions",
    37: "CastOptions in_data_type:b out_data_type:b",
    38: "DequantizeOptions",
    39: "MaximumMinimumOptions",
    40: "ArgMaxOptions output_type:b",
    41: "LessOptions",
    42: "NegOptions",
    43: "PadV2Options",
    44: "GreaterOptions",
    45: "GreaterEqualOptions",
    46: "LessEqualOptions",
    47: "SelectOptions",
    48: "SliceOptions",
    49: "TransposeConvOptions padding:b stride_w stride_h fused_activation_function:b quantized_bias_type:b",
    50: "SparseToDenseOptions validate_indices:?",
    51: "TileOptions",
    52: "ExpandDimsOptions",
    53: "EqualOptions",
    54: "NotEqualOptions",
    55: "ShapeOptions out_type:b",
    56: "PowOptions",
    57: "ArgMinOptions output_type:b",
    58: "FakeQuantOptions min:f max:f num_bits narrow_range:?",
    59: "PackOptions values_count axis",
    60: "LogicalOrOptions",
    61: "OneHotOptions axis",
    62: "LogicalAndOptions",
    63: "LogicalNotOptions",
    64: "UnpackOptions num axis",
    65: "FloorDivOptions",
    66: "SquareOptions",
    67: "ZerosLikeOptions",
    68: "FillOptions",
    69: (
        "BidirectionalSequenceLSTMOptions fused_activation_function:b cell_clip:f proj_clip:f merge_outputs:? "
        "time_major:?=1 asymmetric_quantize_inputs:?"
    ),
    70: (
        "BidirectionalSequenceRNNOptions time_major:? fused_activation_function:b merge_outputs:? "
        "asymmetric_quantize_inputs:?"
    ),
    71: (
        "UnidirectionalSequenceLSTMOptions fused_activation_function:b cell_clip:f proj_clip:f time_major:? "
        "asymmetric_quantize_inputs:? diagonal_recurrent_tensors:?"
    ),
    72: "FloorModOptions",
    73: "RangeOptions",
    74: "ResizeNearestNeighborOptions align_corners:? half_pixel_centers:?",
    75: "LeakyReluOptions alpha:f",
    76: "SquaredDifferenceOptions",
    77: "MirrorPadOptions mode:b",
    78: "AbsOptions",
    79: "SplitVOptions num_splits",
    80: "UniqueOptions idx_out_type:b=2",
    81: "ReverseV2Options",
    82: "AddNOptions",
    83: "GatherNdOptions",
    84: "CosOptions",
    85: "WhereOptions",
    86: "RankOptions",
    87: "ReverseSequenceOptions seq_dim batch_dim",
    88: "MatrixDiagOptions",
    89: "QuantizeOptions",
    90: "MatrixSetDiagOptions",
    91: "HardSwishOptions",
    92: "IfOptions then_subgraph_index else_subgraph_index",
    93: "WhileOptions cond_subgraph_index body_subgraph_index",
    94: "DepthToSpaceOptions block_size",
    95: "NonMaxSuppressionV4Options",
    96: "NonMaxSuppressionV5Options",
    97: "ScatterNdOptions",
    98: "SelectV2Options",
    99: "DensifyOptions",
    100: "SegmentSumOptions",
    101: "BatchMatMulOptions adj_x:? adj_y:? asymmetric_quantize_inputs:?",
    102: "CumsumOptions exclusive:? reverse:?",
    103: "CallOnceOptions init_subgraph_index",
    104: "BroadcastToOptions",
    105: "Rfft2dOptions",
    106: (
        "Conv3DOptions padding:b stride_d stride_w stride_h fused_activation_function:b dilation_d_factor=1 "
        "dilation_w_factor=1 dilation_h_factor=1"
    ),
    107: "HashtableOptions table_id key_dtype:b value_dtype:b",
    108: "HashtableFindOptions",
    109: "HashtableImportOptions",
    110: "HashtableSizeOptions",
    111: "VarHandleOptions container:s shared_name:s",
    112: "ReadVariableOptions",
    113: "AssignVariableOptions",
    114: "RandomOptions seed:q seed2:q",
    115: "BucketizeOptions boundaries:f[]",
    116: "GeluOptions approximate:?",
    117: "DynamicUpdateSliceOptions",
    118: "UnsortedSegmentProdOptions",
    119: "UnsortedSegmentMaxOptions",
    120: "UnsortedSegmentMinOptions",
    121: "UnsortedSegmentSumOptions",
    122: "ATan2Options",
    123: "SignOptions",
    124: "BitcastOptions",
    125: "BitwiseXorOptions",
    126: "RightShiftOptions",
}
