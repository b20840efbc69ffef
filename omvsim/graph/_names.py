"""Names of builtin operators by number."""

from __future__ import annotations

from omvsim.graph._tflite_package import tflite_module

_NEWER = {209: "STABLEHLO_CASE"}
"""What the schema has had added since the one that the ``tflite`` package was generated from.

Source: tflite-micro 90b983c2, ``tensorflow/lite/schema/schema_generated.h``, ``BuiltinOperator``."""


def operator_name(code: int) -> str:
    """``CONV_2D`` for 3; a number that no schema known here has gives ``BUILTIN_254``."""
    name: str | None = tflite_module("utils").BUILTIN_OPCODE2NAME.get(code)
    return name or _NEWER.get(code, f"BUILTIN_{code}")
