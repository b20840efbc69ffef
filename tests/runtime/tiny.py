"""Small models made here, so that the tests need no file."""

from __future__ import annotations

import flatbuffers

FLOAT32, INT32, INT8 = 0, 2, 9
ADD, RELU, RESHAPE, LOGISTIC, DEPTHWISE = 0, 19, 22, 14, 4


class TinyModel:
    """Builds a ``.tflite`` of one subgraph from plain lists."""

    def __init__(self) -> None:
        self._tensors: list[tuple[str, list[int], int, bytes, list[int] | None, tuple[float, int] | None]] = []
        self._operators: list[tuple[int, list[int], list[int]]] = []

    def tensor(
        self,
        shape: list[int],
        kind: int = FLOAT32,
        data: bytes = b"",
        signature: list[int] | None = None,
        quantization: tuple[float, int] | None = None,
    ) -> int:
        self._tensors.append((f"t{len(self._tensors)}", shape, kind, data, signature, quantization))
        return len(self._tensors) - 1

    def operator(self, code: int, inputs: list[int], outputs: list[int]) -> None:
        self._operators.append((code, inputs, outputs))

    def build(self, inputs: list[int], outputs: list[int]) -> bytes:
        b = flatbuffers.Builder(1024)
        buffers = [self._table(b, 1, {})]
        tensors = []
        for name, shape, kind, data, signature, quantization in self._tensors:
            text, dims = b.CreateString(name), self._ints(b, shape)
            signed = self._ints(b, signature) if signature is not None else 0
            quantized = self._quantization(b, *quantization) if quantization else 0
            buffer = 0
            if data:
                buffers.append(self._table(b, 1, {0: ("UOffsetTRelative", b.CreateByteVector(data))}))
                buffer = len(buffers) - 1
            fields = {
                0: ("UOffsetTRelative", dims),
                1: ("Int8", kind),
                2: ("Uint32", buffer),
                3: ("UOffsetTRelative", text),
                4: ("UOffsetTRelative", quantized),
                7: ("UOffsetTRelative", signed),
            }
            tensors.append(self._table(b, 8, fields))
        codes = sorted({code for code, _, _ in self._operators})
        operators = []
        for code, reads, writes in self._operators:
            read, written = self._ints(b, reads), self._ints(b, writes)
            fields = {0: ("Uint32", codes.index(code)), 1: ("UOffsetTRelative", read), 2: ("UOffsetTRelative", written)}
            operators.append(self._table(b, 3, fields))
        ends = [self._ints(b, inputs), self._ints(b, outputs)]
        tables = self._tables(b, tensors), self._tables(b, operators)
        subgraph = self._table(
            b,
            4,
            {
                0: ("UOffsetTRelative", tables[0]),
                1: ("UOffsetTRelative", ends[0]),
                2: ("UOffsetTRelative", ends[1]),
                3: ("UOffsetTRelative", tables[1]),
            },
        )
        code_tables = [self._table(b, 4, {0: ("Int8", code), 2: ("Int32", 1), 3: ("Int32", code)}) for code in codes]
        vectors = self._tables(b, code_tables), self._tables(b, [subgraph]), self._tables(b, buffers)
        b.Finish(
            self._table(
                b,
                5,
                {
                    0: ("Uint32", 3),
                    1: ("UOffsetTRelative", vectors[0]),
                    2: ("UOffsetTRelative", vectors[1]),
                    4: ("UOffsetTRelative", vectors[2]),
                },
            ),
            file_identifier=b"TFL3",
        )
        return bytes(b.Output())

    @staticmethod
    def _ints(b: flatbuffers.Builder, values: list[int]) -> int:
        b.StartVector(4, len(values), 4)
        for value in reversed(values):
            b.PrependInt32(value)
        return int(b.EndVector())

    @staticmethod
    def _tables(b: flatbuffers.Builder, offsets: list[int]) -> int:
        b.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            b.PrependUOffsetTRelative(offset)
        return int(b.EndVector())

    @staticmethod
    def _table(b: flatbuffers.Builder, slots: int, fields: dict[int, tuple[str, int]]) -> int:
        b.StartObject(slots)
        for slot, (kind, value) in fields.items():
            getattr(b, f"Prepend{kind}Slot")(slot, value, 0)
        return int(b.EndObject())

    def _quantization(self, b: flatbuffers.Builder, scale: float, zero_point: int) -> int:
        b.StartVector(8, 1, 8)
        b.PrependInt64(zero_point)
        zero_points = b.EndVector()
        b.StartVector(4, 1, 4)
        b.PrependFloat32(scale)
        scales = b.EndVector()
        return self._table(b, 4, {2: ("UOffsetTRelative", scales), 3: ("UOffsetTRelative", zero_points)})


def two_relus(signature: list[int] | None = None) -> bytes:
    """x -> RELU -> h -> ADD(h, h) -> y, four floats."""
    model = TinyModel()
    x, h, y = model.tensor([1, 4], signature=signature), model.tensor([1, 4]), model.tensor([1, 4])
    model.operator(RELU, [x], [h])
    model.operator(ADD, [h, h], [y])
    return model.build([x], [y])
