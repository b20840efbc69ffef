"""Tables of a capture for other programs: requests, buffers of arenas, operators; as CSV and as Parquet."""

from __future__ import annotations

import csv
import importlib
import io
from typing import TYPE_CHECKING, Final

from omvsim.capture import KINDS
from omvsim.errors import MissingExtraError
from omvsim.units import format_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.capture import Capture

    Columns = dict[str, list[str | int | float]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the start of a text."""


def _requests(capture: Capture) -> Columns:
    column, names = capture.column, capture.document.names
    kinds = column("request_kind").tolist()
    return {
        "number": list(range(len(kinds))),
        "kind": [KINDS[kind] if kind < len(KINDS) else str(kind) for kind in kinds],
        "owner": [names[name] for name in column("request_name").tolist()],
        "line": column("request_line").tolist(),
        "step": column("request_step").tolist(),
        "bytes": column("request_bytes").tolist(),
        "address": column("request_address").tolist(),
    }


def _buffers(capture: Capture) -> Columns:
    pairs = [(arena.model, buffer) for arena in capture.document.arenas for buffer in arena.buffers]
    return {
        "model": [model for model, _ in pairs],
        "name": [buffer.name for _, buffer in pairs],
        "kind": [buffer.kind for _, buffer in pairs],
        "type": [buffer.type for _, buffer in pairs],
        "shape": ["x".join(map(str, buffer.shape)) for _, buffer in pairs],
        "offset": [buffer.offset for _, buffer in pairs],
        "bytes": [buffer.bytes for _, buffer in pairs],
        "first_step": [buffer.first for _, buffer in pairs],
        "last_step": [buffer.last for _, buffer in pairs],
    }


def _operators(capture: Capture) -> Columns:
    timing = capture.document.timing
    operators = () if timing is None else timing.operators
    kinds = [name for name, _ in operators[0].traffic] if operators else []
    columns: Columns = {
        "number": [operator.index for operator in operators],
        "name": [operator.name for operator in operators],
        "ms_low": [operator.low for operator in operators],
        "ms": [operator.nominal for operator in operators],
        "ms_high": [operator.high for operator in operators],
        "bound": [operator.bound for operator in operators],
        "provenance": [operator.provenance for operator in operators],
    }
    for at, kind in enumerate(kinds):
        columns[f"{kind.replace(' ', '_')}_bytes"] = [operator.traffic[at][1] for operator in operators]
    return columns


TABLES: Final[dict[str, Callable[[Capture], Columns]]] = {
    "requests": _requests,
    "buffers": _buffers,
    "operators": _operators,
}


def table_csv(capture: Capture, table: str = "requests") -> str:
    """One of :data:`TABLES`, a row a line; addresses in hex."""
    columns = TABLES[table](capture)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    if "address" in columns:
        columns["address"] = [format_address(int(address)) for address in columns["address"]]
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_plain(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def table_parquet(capture: Capture, table: str = "requests") -> bytes:
    """One of :data:`TABLES` as a Parquet file.

    Raises:
        MissingExtraError: pyarrow is not installed, or not one for this numpy.
    """
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtraError(f"Parquet needs pyarrow ({error})", "pip install pyarrow") from None
    out = io.BytesIO()
    about = {"omvsim": capture.document.omvsim, "table": table, "title": capture.document.title}
    rows = arrow.table(TABLES[table](capture)).replace_schema_metadata(about)
    parquet.write_table(rows, out)
    return out.getvalue()


__all__ = ["TABLES", "table_csv", "table_parquet"]
