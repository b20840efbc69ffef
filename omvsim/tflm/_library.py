"""The TensorFlow Lite Micro builds that OpenMV releases ship."""

from __future__ import annotations

from dataclasses import dataclass

from omvsim.errors import BoardError
from omvsim.provenance import Provenance
from omvsim.tflm._abi import CORTEX_M, Abi

# openmv/openmv v4.8.1, lib/tflm/tflm_backend.cc: ml_backend_init_ops_resolver (113 operators).
_BUILTINS = frozenset(
    """
    ABS ADD ADD_N ARG_MAX ARG_MIN ASSIGN_VARIABLE AVERAGE_POOL_2D BATCH_MATMUL BATCH_TO_SPACE_ND BROADCAST_ARGS
    BROADCAST_TO CALL_ONCE CAST CEIL CONCATENATION CONV_2D COS CUMSUM DEPTH_TO_SPACE DEPTHWISE_CONV_2D DEQUANTIZE DIV
    ELU EMBEDDING_LOOKUP EQUAL EXP EXPAND_DIMS FILL FLOOR FLOOR_DIV FLOOR_MOD FULLY_CONNECTED GATHER GATHER_ND GREATER
    GREATER_EQUAL HARD_SWISH IF L2_NORMALIZATION L2_POOL_2D LEAKY_RELU LESS LESS_EQUAL LOG LOG_SOFTMAX LOGICAL_AND
    LOGICAL_NOT LOGICAL_OR LOGISTIC MAX_POOL_2D MAXIMUM MEAN MINIMUM MIRROR_PAD MUL NEG NOT_EQUAL PACK PAD PADV2 PRELU
    QUANTIZE READ_VARIABLE REDUCE_MAX RELU RELU6 RESHAPE RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR ROUND RSQRT SELECT_V2
    SHAPE SIN SLICE SOFTMAX SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT SQUARE SQUARED_DIFFERENCE SQUEEZE
    STRIDED_SLICE SUB SUM SVDF TANH TRANSPOSE TRANSPOSE_CONV UNIDIRECTIONAL_SEQUENCE_LSTM UNPACK VAR_HANDLE WHILE
    ZEROS_LIKE
    """.split()  # noqa: SIM905 - a list of 113 quoted names reads worse
)
_CUSTOM = frozenset(
    """
    CIRCULAR_BUFFER SignalDelay SignalEnergy SignalFftAutoScale SignalFilterBank SignalFilterBankLog
    SignalFilterBankSpectralSubtraction SignalFilterBankSquareRoot SignalFramer SignalIrfft SignalOverlapAdd SignalPCAN
    SignalRfft SignalStacker SignalWindow
    """.split()  # noqa: SIM905 - a list of 113 quoted names reads worse
)


@dataclass(frozen=True, slots=True)
class Library:
    """One build of TFLM with the operators its user registers."""

    name: str
    source: str
    """tflite-micro commit it was built from."""
    abi: Abi
    kernels: str
    builtins: frozenset[str]
    custom: frozenset[str]
    provenance: Provenance
    note: str = ""


LIBTFLM_73EB1AA = Library(
    name="libtflm 73eb1aa",
    source="tflite-micro a57349f0",
    abi=CORTEX_M,
    kernels="cmsis_nn",
    builtins=_BUILTINS,
    custom=_CUSTOM,
    provenance=Provenance.EXACT,
    note="measured on 963 models: every byte, every placement, every refusal",
)
LIBTFLM_4DA5984 = Library(
    name="libtflm 4da5984",
    source="tflite-micro a57349f0",
    abi=CORTEX_M,
    kernels="cmsis_nn",
    builtins=_BUILTINS,
    custom=_CUSTOM,
    provenance=Provenance.EXACT,
    note="measured on 701 models: same bytes and same refusals as 73eb1aa",
)
LIBTFLM_B42A9D8 = Library(
    name="libtflm b42a9d8",
    source="tflite-micro 7a024968 and a patch to its build",
    abi=CORTEX_M,
    kernels="cmsis_nn",
    builtins=_BUILTINS,
    custom=_CUSTOM,
    provenance=Provenance.EXACT,
    note="measured on 701 models: same bytes and same refusals as 73eb1aa",
)
LIBTFLM_5B8E786 = Library(
    name="libtflm 5b8e786",
    source="not known",
    abi=CORTEX_M,
    kernels="cmsis_nn",
    builtins=_BUILTINS,
    custom=_CUSTOM,
    provenance=Provenance.ASSUMED,
    note="not measured; taken to be equal to 73eb1aa, although upstream changed batch matmul, fully "
    "connected layers, buffer alignment and several CMSIS-NN kernels in between",
)


LIBTFLM_7F0B69C = Library(
    name="libtflm 7f0b69c",
    source="not known",
    abi=CORTEX_M,
    kernels="cmsis_nn",
    builtins=_BUILTINS,
    custom=_CUSTOM,
    provenance=Provenance.ASSUMED,
    note="not measured; taken to be equal to b42a9d8, which followed it",
)
LIBRARIES = {
    "7f0b69c": LIBTFLM_7F0B69C,
    "b42a9d8": LIBTFLM_B42A9D8,
    "4da5984": LIBTFLM_4DA5984,
    "73eb1aa": LIBTFLM_73EB1AA,
    "5b8e786": LIBTFLM_5B8E786,
}
"""By the name board profiles use, oldest first."""


def find_library(name: str) -> Library:
    """The library of that name in board profiles.

    Raises:
        BoardError: no such library is known.
    """
    library = LIBRARIES.get(name)
    if library is None:
        raise BoardError(f"library {name!r}", f"not known; known are {', '.join(LIBRARIES)}")
    return library
