"""The TensorFlow Lite Micro builds that OpenMV releases ship."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import BoardError
from omvsim.provenance import Provenance
from omvsim.records import NamedTuple
from omvsim.tflm._abi import CORTEX_M, X86_64, Abi
from omvsim.tflm._runtime import LEGACY, MODERN, RECORDING_X86_64, Runtime

if TYPE_CHECKING:
    from omvsim.graph import Operator

# openmv/openmv v4.8.1, lib/tflm/tflm_backend.cc, ml_backend_init_ops_resolver: 111 operators on a Cortex-M7.
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
    """.split()  # noqa: SIM905 - a list of 111 quoted names reads worse
)
_CUSTOM = frozenset(
    """
    CIRCULAR_BUFFER SignalDelay SignalEnergy SignalFftAutoScale SignalFilterBank SignalFilterBankLog
    SignalFilterBankSpectralSubtraction SignalFilterBankSquareRoot SignalFramer SignalIrfft SignalOverlapAdd SignalPCAN
    SignalRfft SignalStacker SignalWindow
    """.split()  # noqa: SIM905 - a list of 111 quoted names reads worse
)


class Library(NamedTuple):
    """One build of TFLM with the operators its user registers."""

    name: str
    source: str
    """tflite-micro commit it was built from."""
    abi: Abi
    runtime: Runtime
    kernels: str
    builtins: frozenset[str]
    custom: frozenset[str]
    provenance: Provenance
    note: str = ""
    missing_hint: str = ""
    """What its message about an operator that is not registered says more, with ``{version}``."""
    measured_at_run_time: bool = True
    """Whether the types that its kernels' Eval takes are known for uint8 too, which older kernels took more often."""
    image_models_only: bool = False
    """Whether the loader accepts only models of one picture in and one tensor out, as the ``tf`` module's does."""

    def knows_number(self, code: int) -> bool:
        """Whether the schema it was built with has a builtin operator of that number."""
        return 0 <= code <= self.runtime.newest_operator

    def missing_operator(self, operator: Operator) -> str:
        """What it prints about an operator that nobody registered; a custom one's own name it never prints."""
        if operator.is_custom:
            return "Failed to get registration from op code CUSTOM"
        name = operator.name if self.knows_number(operator.code) else ""
        if self.runtime.oldest_operator <= operator.code <= self.runtime.newest_operator:
            hint = self.missing_hint.format(version=operator.version)
            first = f"Didn't find op for builtin opcode '{name}'{hint}"
        else:
            first = f"Op builtin_code out of range: {operator.code}.{self.runtime.out_of_range_hint}"
        return f"{first}\nFailed to get registration from op code {name}"


LIBTFLM_73EB1AA = Library(
    name="libtflm 73eb1aa",
    source="tflite-micro a57349f0",
    abi=CORTEX_M,
    runtime=MODERN,
    kernels="cmsis_nn",
    builtins=_BUILTINS,
    custom=_CUSTOM,
    provenance=Provenance.EXACT,
    note="measured on 963 models: every byte, every placement, every refusal",
)
LIBTFLM_4DA5984 = LIBTFLM_73EB1AA._replace(
    name="libtflm 4da5984",
    note="measured on 701 models: same bytes and same refusals as 73eb1aa",
)
LIBTFLM_B42A9D8 = LIBTFLM_73EB1AA._replace(
    name="libtflm b42a9d8",
    source="tflite-micro 7a024968 and a patch to its build",
    note="measured on 701 models: same bytes and same refusals as 73eb1aa",
)
LIBTFLM_7F0B69C = LIBTFLM_73EB1AA._replace(
    name="libtflm 7f0b69c",
    source="not known",
    provenance=Provenance.ASSUMED,
    note="not measured; taken to be equal to b42a9d8, which followed it",
)
LIBTFLM_5B8E786 = LIBTFLM_73EB1AA._replace(
    name="libtflm 5b8e786",
    provenance=Provenance.DERIVED,
    note="derived from 73eb1aa, not measured: the commit that brought it only changed the compiler to GCC 14.3, "
    "libtflm's workflow still builds tflite-micro a57349f0, and 35 structures of the arena have the same sizes there",
)
# openmv/tensorflow-lib 9f20a69, libtf.cc: libtf_init_op_resolver_fullops.
_LIBTF_BUILTINS = _BUILTINS - frozenset(
    """
        ASSIGN_VARIABLE BROADCAST_ARGS BROADCAST_TO CALL_ONCE CUMSUM DEPTH_TO_SPACE EMBEDDING_LOOKUP FILL FLOOR_DIV
        FLOOR_MOD GATHER GATHER_ND IF LOG_SOFTMAX MIRROR_PAD READ_VARIABLE RESIZE_BILINEAR SELECT_V2 SLICE
        SPACE_TO_DEPTH UNIDIRECTIONAL_SEQUENCE_LSTM VAR_HANDLE WHILE
        """.split()  # noqa: SIM905 - as above
) | {"COMPLEX_ABS", "IMAG", "REAL", "REDUCE_MIN"}
LIBTF_455 = Library(
    name="libtf 4.5.5",
    source="Edge Impulse SDK of 2023 with TFLM of 2021",
    abi=CORTEX_M,
    runtime=LEGACY,
    kernels="libtf",
    builtins=_LIBTF_BUILTINS,
    custom=frozenset(),
    provenance=Provenance.EXACT,
    note="structs of the nearest public sources; equal for all 454 measured models (128 figures, 326 refusals)",
    missing_hint=" version '{version}'. This model is not supported by EON Compiler of TensorFlow Lite Micro, but is "
    "in full TFLite (e.g. on Linux).",
    measured_at_run_time=False,
    image_models_only=True,
)
# Measured operator by operator; COMPLEX_ABS, IMAG and REAL were not tried and are taken to be missing.
_NOT_IN_450 = frozenset(
    """
    ARG_MAX BATCH_MATMUL BATCH_TO_SPACE_ND CAST CEIL COMPLEX_ABS CONCATENATION COS DIV ELU EQUAL EXP EXPAND_DIMS GREATER
    GREATER_EQUAL HARD_SWISH IMAG L2_NORMALIZATION L2_POOL_2D LESS_EQUAL LOG LOGICAL_AND LOGICAL_NOT LOGICAL_OR NEG
    PADV2 PRELU REAL REDUCE_MAX REDUCE_MIN ROUND RSQRT SIN SPACE_TO_BATCH_ND SPLIT SPLIT_V SQUARE SQUARED_DIFFERENCE
    SQUEEZE SUM TRANSPOSE ZEROS_LIKE
    """.split()  # noqa: SIM905 - as above
)
LIBTF_450 = LIBTF_455._replace(
    name="libtf 4.5.0",
    kernels="libtf-4.5.0",
    builtins=LIBTF_455.builtins - _NOT_IN_450,
    missing_hint=" version '{version}'. An older version of this builtin might be supported. Are you using an old "
    "TFLite binary with a newer model?",
    provenance=Provenance.ASSUMED,
    note="its operators are measured; sizes are taken to be equal to those of the library of 4.5.5",
)
TFLITE_MICRO_PYTHON = Library(
    name="tflite-micro Python package",
    source="tflite-micro 8f6596d",
    abi=X86_64,
    runtime=RECORDING_X86_64,
    kernels="reference",
    builtins=_BUILTINS,
    custom=_CUSTOM,
    provenance=Provenance.MODELLED,
    note="a public check on another ABI and other kernels; no camera runs it",
)
LIBRARIES = {
    "libtf-4.5.0": LIBTF_450,
    "libtf-4.5.5": LIBTF_455,
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
