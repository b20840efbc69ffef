"""Writes what a :class:`~omvsim.models.builder.ModelBuilder` collected as a flatbuffer (schema version 3, ``TFL3``)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, TypeAlias

import flatbuffers
import tflite

from omvsim.errors import InputError
from omvsim.graph import TFLITE_SCHEMA, TensorType
from omvsim.models._operators import options_table
from omvsim.models.builder import pack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from omvsim.graph import Quantization
    from omvsim.models.builder import ModelBuilder, OperatorSpec, OptionValue, SubgraphBuilder, TensorSpec

_DATA_ALIGNMENT = 16  # schema.fbs: Buffer.data (force_align: 16)
_LARGEST_OLD_CODE = 127  # PLACEHOLDER_FOR_GREATER_OP_CODES
_NO_BUFFER = 0  # by convention the first buffer is empty and shared by everything without data

_CodeKey: TypeAlias = tuple[str, str, int]


class _Writer:
    """One flatbuffer in the making; flatbuffers are written children first."""

    def __init__(self, model: ModelBuilder) -> None:
        self.model = model
        data = sum(len(tensor.data) for graph in model.subgraphs for tensor in graph.tensors)
        self.out = flatbuffers.Builder(data + 65536)
        self.buffers: list[int] = []
        self.codes: dict[_CodeKey, int] = {}

    def bytes_vector(self, data: bytes, element_bytes: int = 1, alignment: int = 4) -> int:
        """A vector of raw bytes; flatbuffers' own writers cannot align and go element by element."""
        out = self.out
        out.StartVector(element_bytes, len(data) // element_bytes, alignment)
        out.head -= len(data)
        out.Bytes[out.head : out.head + len(data)] = data
        return int(out.EndVector())

    def ints(self, values: Sequence[int]) -> int:
        return self.bytes_vector(pack(TensorType.INT32, values), 4)

    def offsets(self, values: Sequence[int]) -> int:
        self.out.StartVector(4, len(values), 4)
        for value in reversed(values):
            self.out.PrependUOffsetTRelative(value)
        return int(self.out.EndVector())

    def buffer(self, data: bytes) -> int:
        """Write a data buffer; returns its number."""
        vector = self.bytes_vector(data, alignment=_DATA_ALIGNMENT) if data else None
        tflite.BufferStart(self.out)
        if vector is not None:
            tflite.BufferAddData(self.out, vector)
        self.buffers.append(tflite.BufferEnd(self.out))
        return len(self.buffers) - 1

    def quantization(self, value: Quantization) -> int:
        scales = self.bytes_vector(pack(TensorType.FLOAT32, value.scales), 4)
        points = self.bytes_vector(pack(TensorType.INT64, value.zero_points), 8, 8)
        tflite.QuantizationParametersStart(self.out)
        tflite.QuantizationParametersAddScale(self.out, scales)
        tflite.QuantizationParametersAddZeroPoint(self.out, points)
        tflite.QuantizationParametersAddQuantizedDimension(self.out, value.axis)
        return int(tflite.QuantizationParametersEnd(self.out))

    def tensor(self, spec: TensorSpec) -> int:
        buffer = self.buffer(spec.data) if spec.data else _NO_BUFFER
        shape = None if spec.shape is None else self.ints(spec.shape)
        signature = None if spec.shape_signature is None else self.ints(spec.shape_signature)
        quantization = None if spec.quantization is None else self.quantization(spec.quantization)
        name = self.out.CreateString(spec.name)
        tflite.TensorStart(self.out)
        if shape is not None:
            tflite.TensorAddShape(self.out, shape)
        if signature is not None:
            tflite.TensorAddShapeSignature(self.out, signature)
        if quantization is not None:
            tflite.TensorAddQuantization(self.out, quantization)
        tflite.TensorAddType(self.out, int(spec.type))
        tflite.TensorAddBuffer(self.out, buffer)
        tflite.TensorAddName(self.out, name)
        tflite.TensorAddIsVariable(self.out, spec.variable)
        tflite.TensorAddHasRank(self.out, spec.shape is not None)
        return int(tflite.TensorEnd(self.out))

    def options(self, operator: str, values: Mapping[str, OptionValue]) -> tuple[int, int]:
        """(number of the options table's type, offset of the table)."""
        table = options_table(operator)
        kind = getattr(tflite.BuiltinOptions, table, None)
        if kind is None:
            raise InputError(operator, "has no options table in the schema")
        adders: list[tuple[Any, Any]] = []
        for field, value in values.items():
            adder = getattr(tflite, f"{table}Add{_camel(field)}", None)
            if adder is None:
                raise InputError(operator, f"{table} has no field {field!r}")
            adders.append((adder, self._option_value(value)))
        getattr(tflite, f"{table}Start")(self.out)
        for adder, value in adders:
            try:
                adder(self.out, value)
            except (TypeError, struct.error) as error:
                raise InputError(operator, f"{table} cannot hold {value!r} ({error})") from None
        return int(kind), int(getattr(tflite, f"{table}End")(self.out))

    def _option_value(self, value: OptionValue) -> bool | int | float:
        if isinstance(value, bool | int | float):
            return value
        return int(self.out.CreateString(value)) if isinstance(value, str) else self.ints(value)

    def operator(self, spec: OperatorSpec) -> int:
        inputs, outputs = self.ints(spec.inputs), self.ints(spec.outputs)
        intermediates = self.ints(spec.intermediates) if spec.intermediates else None
        options = None if spec.options is None else self.options(spec.name, spec.options)
        custom = self.bytes_vector(spec.custom_options) if spec.custom_options else None
        code = self.codes.setdefault((spec.name, spec.custom_name, spec.version), len(self.codes))
        tflite.OperatorStart(self.out)
        tflite.OperatorAddOpcodeIndex(self.out, code)
        tflite.OperatorAddInputs(self.out, inputs)
        tflite.OperatorAddOutputs(self.out, outputs)
        if options is not None:
            tflite.OperatorAddBuiltinOptionsType(self.out, options[0])
            tflite.OperatorAddBuiltinOptions(self.out, options[1])
        if custom is not None:
            tflite.OperatorAddCustomOptions(self.out, custom)
        if intermediates is not None:
            tflite.OperatorAddIntermediates(self.out, intermediates)
        return int(tflite.OperatorEnd(self.out))

    def subgraph(self, graph: SubgraphBuilder) -> int:
        tensors = self.offsets([self.tensor(spec) for spec in graph.tensors])
        operators = self.offsets([self.operator(spec) for spec in graph.operators])
        inputs, outputs = self.ints(graph.inputs), self.ints(graph.outputs)
        name = self.out.CreateString(graph.name)
        tflite.SubGraphStart(self.out)
        tflite.SubGraphAddTensors(self.out, tensors)
        tflite.SubGraphAddInputs(self.out, inputs)
        tflite.SubGraphAddOutputs(self.out, outputs)
        tflite.SubGraphAddOperators(self.out, operators)
        tflite.SubGraphAddName(self.out, name)
        return int(tflite.SubGraphEnd(self.out))

    def operator_code(self, key: _CodeKey) -> int:
        name, custom_name, version = key
        code = getattr(tflite.BuiltinOperator, name, None)
        if code is None:
            raise InputError(name, "is not an operator of the schema")
        custom = self.out.CreateString(custom_name) if custom_name else None
        tflite.OperatorCodeStart(self.out)
        tflite.OperatorCodeAddDeprecatedBuiltinCode(self.out, min(code, _LARGEST_OLD_CODE))
        if custom is not None:
            tflite.OperatorCodeAddCustomCode(self.out, custom)
        tflite.OperatorCodeAddVersion(self.out, version)
        if not self.model.legacy_codes:
            tflite.OperatorCodeAddBuiltinCode(self.out, code)
        return int(tflite.OperatorCodeEnd(self.out))

    def metadata(self, name: str, data: bytes) -> int:
        buffer = self.buffer(data)
        text = self.out.CreateString(name)
        tflite.MetadataStart(self.out)
        tflite.MetadataAddName(self.out, text)
        tflite.MetadataAddBuffer(self.out, buffer)
        return int(tflite.MetadataEnd(self.out))

    def build(self) -> bytes:
        self.buffer(b"")
        subgraphs = self.offsets([self.subgraph(graph) for graph in self.model.subgraphs])
        metadata = [self.metadata(name, data) for name, data in self.model.metadata]
        entries = self.offsets(metadata) if metadata else None
        codes = self.offsets([self.operator_code(key) for key in self.codes])
        buffers = self.offsets(self.buffers)
        description = self.out.CreateString(self.model.description)
        tflite.ModelStart(self.out)
        tflite.ModelAddVersion(self.out, TFLITE_SCHEMA)
        tflite.ModelAddOperatorCodes(self.out, codes)
        tflite.ModelAddSubgraphs(self.out, subgraphs)
        tflite.ModelAddDescription(self.out, description)
        tflite.ModelAddBuffers(self.out, buffers)
        if entries is not None:
            tflite.ModelAddMetadata(self.out, entries)
        self.out.Finish(tflite.ModelEnd(self.out), b"TFL3")
        return bytes(self.out.Output())


def _camel(field: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in field.split("_"))


def serialize(model: ModelBuilder) -> bytes:
    """The ``.tflite`` bytes of ``model``."""
    return _Writer(model).build()
