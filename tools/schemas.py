"""Writes ``docs/schemas`` from the types of the outputs: ``python -m tools.schemas``; a test compares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from omvsim.outputs import OUTPUTS

FOLDER: Final = Path(__file__).parents[1] / "docs" / "schemas"


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of one output; keys that the type does not have are errors."""
    printed_by, kind = OUTPUTS[name]
    found = TypeAdapter(kind).json_schema()
    title = f"omvsim.{name}: {printed_by}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_closed(found), "title": title}


def _closed(part: Any) -> Any:
    """Objects with named keys have no others; titles that only repeat a key's name go."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _closed(value) for key, value in part.items() if key != "title" or not isinstance(value, str)}
    if isinstance(part.get("properties"), dict) and part.get("type") == "object":
        kept.setdefault("additionalProperties", False)
    return kept


def text(name: str) -> str:
    """The file."""
    return json.dumps(schema(name), indent=2) + "\n"


if __name__ == "__main__":
    for each in OUTPUTS:
        (FOLDER / f"{each}.json").write_text(text(each), encoding="utf-8")
