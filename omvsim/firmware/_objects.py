"""Bytes of the C structures that hold models and what comes of them; what differs by release is in ``Release``.

MicroPython's own are in :mod:`omvsim.memory.sizes`.
"""

from __future__ import annotations

from typing import Final

BACKEND_STATE: Final = 16
"""What ``lib/tflm/tflm_backend.cc`` keeps of a model (openmv/openmv v4.8.1)."""
OP_RESOLVER: Final = 4080
"""``MicroMutableOpResolver`` of the backend, with its table of operators."""
INTERPRETER: Final = 192
"""``tflite::MicroInterpreter``."""
CLASSIFICATION: Final = 24
"""``py_tf_classification_obj_t`` up to 4.5.5: the type and five objects."""

__all__ = ["BACKEND_STATE", "CLASSIFICATION", "INTERPRETER", "OP_RESOLVER"]
