"""Reads a ``.tflite`` file into :class:`~omvsim.graph.Model`.

The skeleton (tensors, operators, buffers) is read with a bounds-checked cursor, by field number of
``tensorflow/lite/schema/schema.fbs``; operator names and option tables come from the ``tflite`` package.
"""

from __future__ import annotations

import errno
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from omvsim.errors import ModelError
from omvsim.graph._cursor import Cursor, Malformed
from omvsim.graph._names import operator_name
from omvsim.graph._options import OptionsReader
from omvsim.graph._types import Model, Operator, Quantization, Subgraph, Tensor, TensorType
from omvsim.reading import read_bytes

if TYPE_CHECKING:
    from os import PathLike

_SCRIPT = ".py"
_IDENTIFIER = b"TFL3"
_CUSTOM = 32
_ABSENT = -1
_FOREIGN = {
    b"PK\x03\x04": "it is a ZIP archive (a Keras .keras file or an unpacked export?), not a .tflite model",
    b"\x89HDF": "it is an HDF5 file (a Keras .h5 model), not a .tflite model; convert it first",
    b"\x1f\x8b": "it is gzip-compressed; unpack it first",
    b"version https://git-lfs": "it is a Git LFS pointer, not the model itself; run `git lfs pull`",
}
_TYPES: dict[int, TensorType | int] = {int(kind): kind for kind in TensorType}
_Table = tuple[int, tuple[int, ...]]


def read_model(path: str | PathLike[str]) -> Model:
    """The model in file ``path``.

    Raises:
        ModelError: the file cannot be read, or is not a well-formed TFLite model.
    """
    try:
        data = read_bytes(path)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise ModelError(path, "it is larger than 1 GiB, more than any camera's storage") from None
        raise ModelError(path, (error.strerror or str(error)).lower() + _near(path, error)) from None
    except ValueError:
        raise ModelError(repr(path), "not a usable file name") from None
    return parse_model(data, str(path))


def _near(path: str | PathLike[str], error: OSError) -> str:
    """The file beside it that may be meant where there is none of that name."""
    folder = Path(path).parent
    if error.errno != errno.ENOENT or not folder.is_dir():
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a message

    found = get_close_matches(Path(path).name, [each.name for each in folder.iterdir()], n=1, cutoff=0.7)
    return f"; did you mean {str(folder / found[0])!r}?" if found else ""


def parse_model(data: bytes, source: str) -> Model:
    """The model in ``data``; ``source`` names it in messages.

    The schema version is kept, not checked: refusing it is the firmware's decision.

    Raises:
        ModelError: ``data`` is not a well-formed TFLite model.
    """
    cause = _foreign(data, source)
    if cause:
        raise ModelError(source, cause)
    try:
        return _Reader(data, source).model()
    except Malformed as error:
        raise ModelError(source, str(error)) from None


def _foreign(data: bytes, source: str) -> str:
    """Why ``data`` cannot be a TFLite flatbuffer at all; empty if it may be one."""
    if not data:
        return "the file is empty"
    if data[4:8] == _IDENTIFIER:
        return ""
    for magic, cause in _FOREIGN.items():
        if data.startswith(magic):
            return cause
    if len(data) < 8:
        return f"too short ({len(data)} bytes) to be a .tflite model"
    if source.endswith(_SCRIPT):
        return f"not a .tflite model but a script: omvsim exec {source} runs it"
    kind = "a text file" if data[:64].isascii() and b"\x00" not in data[:64] else "some other kind of file"
    return f"not a .tflite model: bytes 4 to 7 are {data[4:8]!r} instead of {_IDENTIFIER!r} ({kind}?)"


class _Reader:
    """The parts of one file that the others refer to."""

    def __init__(self, data: bytes, source: str) -> None:
        self._data = data
        self._source = source
        self._at = Cursor(data)
        self._options = OptionsReader(self._at)
        self._buffers: list[tuple[int, int]] = []
        self._external: set[int] = set()
        self._codes: list[tuple[str, int, int, int]] = []

    def model(self) -> Model:
        at = self._at
        root = at.root()
        for index, table in enumerate(at.tables(root, 4)):
            self._buffers.append(self._buffer(index, table))
        self._codes = [self._operator_code(table) for table in at.tables(root, 1)]
        subgraphs = tuple(self._subgraph(index, table) for index, table in enumerate(at.tables(root, 2)))
        if not subgraphs:
            raise Malformed("it has no subgraph, so there is nothing to run")
        return Model(
            source=self._source,
            data=self._data,
            version=at.scalar(root, 0, "I", 0),
            description=at.text(root, 3),
            subgraphs=subgraphs,
            metadata=self._metadata(root),
            buffers=tuple(self._buffers),
            external_buffers=frozenset(self._external),
        )

    def _buffer(self, index: int, table: _Table) -> tuple[int, int]:
        offset, size = self._at.scalar(table, 1, "Q", 0), self._at.scalar(table, 2, "Q", 0)
        # The schema reserves offsets 0 and 1 for "not external".
        if offset > 1:
            if offset + size > len(self._data):
                raise Malformed(f"truncated: buffer {index} is stored at bytes {offset} to {offset + size}")
            self._external.add(index)
        return self._at.span(table, 0)

    def _operator_code(self, table: _Table) -> tuple[str, int, int, int]:
        """(name, code, 32-bit field, version)."""
        deprecated = self._at.scalar(table, 0, "b", 0)
        field = self._at.scalar(table, 3, "i", 0)
        code = max(deprecated, field)
        name = (self._at.text(table, 1) or "CUSTOM") if code == _CUSTOM else operator_name(code)
        return name, code, field, self._at.scalar(table, 2, "i", 1)

    def _metadata(self, root: _Table) -> MappingProxyType[str, bytes]:
        entries: dict[str, bytes] = {}
        for table in self._at.tables(root, 6):
            name, buffer = self._at.text(table, 0), self._at.scalar(table, 1, "I", 0)
            if buffer >= len(self._buffers):
                raise Malformed(f"metadata {name!r} is in buffer {buffer}, but there are {len(self._buffers)} buffers")
            offset, size = self._buffers[buffer]
            self._at.spend(size)
            entries[name] = self._data[offset : offset + size]
        return MappingProxyType(entries)

    def _subgraph(self, index: int, table: _Table) -> Subgraph:
        at = self._at
        tensors = tuple(self._tensor(i, t) for i, t in enumerate(at.tables(table, 0)))
        count = len(tensors)
        subgraph = Subgraph(
            index=index,
            name=at.text(table, 4),
            tensors=tensors,
            operators=tuple(self._operator(i, t, count) for i, t in enumerate(at.tables(table, 3))),
            inputs=at.vector(table, 1, "i"),
            outputs=at.vector(table, 2, "i"),
        )
        self._check(subgraph.inputs, 0, count, f"an input of subgraph {index}")
        self._check(subgraph.outputs, 0, count, f"an output of subgraph {index}")
        return subgraph

    def _tensor(self, index: int, table: _Table) -> Tensor:
        at = self._at
        buffer, kind = at.scalar(table, 2, "I", 0), at.scalar(table, 1, "b", 0)
        if buffer >= len(self._buffers):
            raise Malformed(f"tensor {index} is in buffer {buffer}, but there are {len(self._buffers)} buffers")
        return Tensor(
            index=index,
            name=at.text(table, 3),
            type=_TYPES.get(kind, kind),
            shape=at.vector(table, 0, "i"),
            shape_signature=at.vector(table, 7, "i"),
            buffer=buffer,
            constant_bytes=self._buffers[buffer][1],
            is_variable=bool(at.scalar(table, 5, "B", 0)),
            quantization=self._quantization(table),
            is_sparse=at.reference(table, 6) != 0,
        )

    def _quantization(self, tensor: _Table) -> Quantization | None:
        at = self._at
        reference = at.reference(tensor, 4)
        if not reference:
            return None
        table = at.table(reference)
        return Quantization(at.vector(table, 2, "f"), at.vector(table, 3, "q"), at.scalar(table, 6, "i", 0))

    def _operator(self, index: int, table: _Table, tensors: int) -> Operator:
        at = self._at
        opcode = at.scalar(table, 0, "I", 0)
        if opcode >= len(self._codes):
            raise Malformed(f"operator {index} has code {opcode}, but there are {len(self._codes)} operator codes")
        name, code, field, version = self._codes[opcode]
        operator = Operator(
            index=index,
            name=name,
            code=code,
            code_field=field,
            version=version,
            inputs=at.vector(table, 1, "i"),
            outputs=at.vector(table, 2, "i"),
            intermediates=at.vector(table, 8, "i"),
            options=self._options.read(at.scalar(table, 3, "B", 0), at.reference(table, 4)),
            custom_options=at.raw(table, 5),
            has_custom_options=at.reference(table, 5) != 0,
        )
        self._check(operator.inputs, _ABSENT, tensors, f"an input of operator {index} ({name})")
        self._check(operator.outputs, 0, tensors, f"an output of operator {index} ({name})")
        self._check(operator.intermediates, _ABSENT, tensors, f"an intermediate of operator {index} ({name})")
        return operator

    @staticmethod
    def _check(indices: tuple[int, ...], lowest: int, count: int, what: str) -> None:
        if indices and not (lowest <= min(indices) and max(indices) < count):
            worst = next(i for i in indices if not lowest <= i < count)
            raise Malformed(f"{what} is tensor {worst}, but its subgraph has {count} tensors")
