"""What the library's log says: names and numbers of element types, and the texts of its checking macros.

Source: tflite-micro a57349f0, ``tensorflow/lite/core/c/common.h`` (``TF_LITE_ENSURE`` and the others print file, line
and the condition as written), ``tensorflow/lite/core/c/c_api_types.h`` (``TfLiteType``).
"""

from __future__ import annotations

from omvsim.graph import TensorType

_KERNELS = "tensorflow/lite/micro/kernels/"
_NUMBERS: dict[TensorType | int, int] = {
    TensorType.FLOAT32: 1,
    TensorType.FLOAT16: 10,
    TensorType.FLOAT64: 11,
    TensorType.COMPLEX128: 12,
    TensorType.UINT64: 13,
    TensorType.RESOURCE: 14,
    TensorType.VARIANT: 15,
    TensorType.UINT32: 16,
    TensorType.UINT16: 17,
    TensorType.INT4: 18,
    TensorType.BFLOAT16: 19,
}


def type_name(kind: TensorType | int) -> str:
    """How omvsim's own messages name an element type."""
    return kind.name.lower() if isinstance(kind, TensorType) else f"type {kind}"


def named_type(kind: TensorType | int) -> str:
    """``uint4 (20)``: with the schema's number, for types that the reader may look for in another schema."""
    return f"{type_name(kind)} ({int(kind)})" if isinstance(kind, TensorType) else type_name(kind)


def library_name(kind: TensorType | int) -> str:
    """``TfLiteTypeGetName``."""
    return kind.name if isinstance(kind, TensorType) else "Unknown type"


def library_number(kind: TensorType | int) -> int:
    """The ``TfLiteType`` of a schema type; those not listed have the same number."""
    return _NUMBERS.get(kind, int(kind))


def named(kind: TensorType | int) -> str:
    """``UINT8 (3)``, as many kernels name a type."""
    return f"{library_name(kind)} ({library_number(kind)})"


def says(file: str, text: str) -> str:
    """``TF_LITE_ENSURE_MSG`` in a kernel's file."""
    return f"{_KERNELS}{file} {text}"


def not_true(where: str, condition: str) -> str:
    """``TF_LITE_ENSURE``; ``where`` is the kernel's file and the line."""
    return f"{_place(where)} {condition} was not true."


def differ(where: str, one: int, other: int) -> str:
    """``TF_LITE_ENSURE_EQ``; ``where`` is file, line and the two expressions, as ``pad.cc:171 a != b``."""
    return f"{_place(where)} ({one} != {other})"


def types_as_numbers_differ(where: str, one: TensorType | int, other: TensorType | int) -> str:
    """``TF_LITE_ENSURE_EQ`` of two types."""
    return differ(where, library_number(one), library_number(other))


def types_differ(where: str, one: TensorType | int, other: TensorType | int) -> str:
    """``TF_LITE_ENSURE_TYPES_EQ``."""
    return f"{_place(where)} ({library_name(one)} != {library_name(other)})"


def _place(where: str) -> str:
    return where if where.startswith("tensorflow/") else f"{_KERNELS}{where}"
