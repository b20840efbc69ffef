"""Reads a ``.tflite`` file into plain frozen values."""

from omvsim.graph._flexbuffers import flexbuffer_root
from omvsim.graph._reader import parse_model, read_model
from omvsim.graph._types import TFLITE_SCHEMA, Model, Operator, Quantization, Subgraph, Tensor, TensorType

__all__ = [
    "TFLITE_SCHEMA",
    "Model",
    "Operator",
    "Quantization",
    "Subgraph",
    "Tensor",
    "TensorType",
    "parse_model",
    "read_model",
    "flexbuffer_root",
]
