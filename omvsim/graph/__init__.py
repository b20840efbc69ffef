"""Reads a ``.tflite`` file into plain frozen values."""

from omvsim.graph._types import Model, Operator, Quantization, Subgraph, Tensor, TensorType

__all__ = ["Model", "Operator", "Quantization", "Subgraph", "Tensor", "TensorType"]
