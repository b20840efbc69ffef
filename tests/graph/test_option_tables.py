"""The schema's names and option tables against what the ``tflite`` package was generated with."""

from __future__ import annotations

import importlib
import inspect
import re
import struct
from typing import Any

import flatbuffers
import pytest

from omvsim.graph import parse_model
from omvsim.graph._cursor import Cursor, Malformed
from omvsim.graph._names import operator_name
from omvsim.graph._option_tables import OPTIONS
from omvsim.graph._options import OptionsReader, _described
from omvsim.models.builder import ModelBuilder

BY_NUMBER = {
    number: name
    for name, number in vars(importlib.import_module("tflite.BuiltinOptions").BuiltinOptions).items()
    if isinstance(number, int) and number
}
_NOT_FIELDS = re.compile(r"_|GetRootAs|Init$|.*BufferHasIdentifier$|.*(AsNumpy|Length|IsNone)$")
_KINDS = {"Int32": "i", "Int8": "b", "Bool": "?", "Float32": "f", "Int64": "q", "Uint32": "I", "UOffsetT": "s"}
_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


def test_every_operator_of_the_schema_has_its_name() -> None:
    names = importlib.import_module("tflite.utils").BUILTIN_OPCODE2NAME
    assert len(names) > 200
    assert {code: operator_name(code) for code in names} == names
    assert [operator_name(code) for code in (-1, 209, 210)] == ["BUILTIN_-1", "STABLEHLO_CASE", "BUILTIN_210"]


def test_every_table_of_the_union_is_there() -> None:
    assert {number: described.split()[0] for number, described in OPTIONS.items()} == BY_NUMBER


@pytest.mark.parametrize("number", OPTIONS, ids=lambda number: BY_NUMBER[number])
def test_fields_are_those_of_the_generated_accessors(number: int) -> None:
    name = BY_NUMBER[number]
    cls = getattr(importlib.import_module(f"tflite.{name}"), name)
    expected = [accessor for accessor in vars(cls) if not _NOT_FIELDS.match(accessor)]
    described = _described(number)
    assert [field.name for field in described.fields] == [_WORD_START.sub("_", each).lower() for each in expected]
    empty = flatbuffers.Builder(0)
    getattr(importlib.import_module(f"tflite.{name}"), f"{name}Start")(empty)
    empty.Finish(empty.EndObject())
    view = cls.GetRootAs(empty.Output(), 0)
    for field, accessor in zip(described.fields, expected, strict=True):
        source = inspect.getsource(getattr(cls, accessor))
        slot, kind = re.search(r"Offset\((\d+)\)", source), re.findall(r"number_types\.(\w+)Flags", source)[:2][-1]
        assert slot is not None
        assert 4 + 2 * field.slot == int(slot[1])
        is_vector = f"{accessor}Length" in vars(cls)
        assert field.kind == _KINDS[kind] + "[]" * is_vector
        if not is_vector:
            assert repr(field.default) == repr(getattr(view, accessor)())


def options_of(name: str, *given: dict[str, Any]) -> list[Any]:
    """As read of a model with an operator for each table."""
    builder = ModelBuilder()
    graph = builder.subgraph()
    value = graph.input((1, 8, 8, 1))
    for options in given:
        graph.operator(name, [value], [graph.tensor((1, 8, 8, 1))], options)
    return [operator.options for operator in parse_model(builder.build(), "m").main.operators]


@pytest.mark.parametrize(
    ("name", "options", "read"),
    [
        ("RESIZE_BILINEAR", {"align_corners": True}, {"align_corners": True, "half_pixel_centers": False}),
        ("SOFTMAX", {"beta": 0.1}, {"beta": pytest.approx(0.1, rel=1e-7)}),
        ("SQUEEZE", {"squeeze_dims": (1, -1)}, {"squeeze_dims": (1, -1)}),
        ("CONV_2D", {"stride_w": 3}, {"stride_w": 3, "stride_h": 0, "dilation_w_factor": 1, "padding": 0}),
    ],
)
def test_values_are_what_was_written(name: str, options: dict[str, Any], read: dict[str, Any]) -> None:
    (found,) = options_of(name, options)
    assert {key: found[key] for key in read} == read


def test_tables_that_say_the_same_are_one() -> None:
    first, second, third = options_of("SOFTMAX", {"beta": 1.0}, {"beta": 1.0}, {"beta": 2.0})
    assert first is second
    assert third["beta"] == 2.0


REFERENCE = 4


def table(fields: str, *values: int, after: bytes = b"") -> bytes:
    """Nothing, a reference, a layout of 32-bit fields in a row, the table, and what its offsets point to."""
    count = len(values)
    layout = struct.pack(f"<{count + 2}H", 4 + 2 * count, 4 + 4 * count, *(4 + 4 * at for at in range(count)))
    layout += bytes(-len(layout) % 4)
    return struct.pack("<II", 0, 4 + len(layout)) + layout + struct.pack(f"<i{fields}", len(layout), *values) + after


def test_a_table_that_reaches_past_the_end_is_named() -> None:
    whole = table("i", 0)
    assert OptionsReader(Cursor(whole)).read(9, REFERENCE) == {"beta": 0.0}
    with pytest.raises(Malformed, match="truncated or corrupt: the SoftmaxOptions at byte 16 reach past the end"):
        OptionsReader(Cursor(whole[:-1])).read(9, REFERENCE)


def test_texts_are_not_taken_for_one_another() -> None:
    """Two tables with the same bytes refer to different texts, each as far behind it."""
    number = next(key for key, name in BY_NUMBER.items() if name == "VarHandleOptions")
    first, second = (table("II", 8, 12, after=struct.pack("<I1sxxxI1sxxx", 1, each, 1, b"z")) for each in (b"a", b"b"))
    reader = OptionsReader(Cursor(first + second))
    assert reader.read(number, REFERENCE) == {"container": b"a", "shared_name": b"z"}
    assert reader.read(number, len(first) + REFERENCE) == {"container": b"b", "shared_name": b"z"}


def test_a_member_of_a_newer_schema_has_no_options() -> None:
    assert OptionsReader(Cursor(table("i", 0))).read(250, REFERENCE) == {}
