"""A matrix file: a sweep to repeat, in TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from omvsim.boards import DEFAULT_BOARD, parse_gc_areas
from omvsim.errors import InputError
from omvsim.reading import read_text
from omvsim.whatif._configuration import Configuration
from omvsim.whatif._vary import Axis, Plan, axis_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Sample(_Strict):
    count: Annotated[int, Field(ge=1)]
    seed: int = 1


class _Matrix(_Strict):
    models: Annotated[list[str], Field(min_length=1)] | None = None
    board: str = DEFAULT_BOARD
    firmware: str = ""
    gc: str | None = None
    set: dict[str, str | int | bool] = {}
    vary: dict[str, str | list[str | int | bool]] = {}
    sample: _Sample | None = None


def load_matrix(path: str | Path, models: Sequence[str] = ()) -> Plan:
    """The plan of a matrix file; ``models`` given beside it replace the file's own.

    Paths in the file are relative to the file.

    Raises:
        InputError: the file or something in it cannot be used (names the key).
    """
    source = Path(path)
    try:
        raw = tomllib.loads(read_text(source))
    except OSError as error:
        raise InputError(source, error.strerror or "cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(source, f"not a TOML file: {error}") from error
    matrix = _checked(source, raw)
    files = list(models) or [str(source.parent / name) for name in matrix.models or ()]
    if not files:
        raise InputError(source, "no model is named, neither in the file nor beside it")
    base = Configuration(
        model=files[0],
        board=matrix.board,
        firmware=matrix.firmware,
        gc=None if matrix.gc is None else parse_gc_areas(matrix.gc),
    )
    for key, value in matrix.set.items():
        base = base.with_value(key, _text(value))
    axes = [Axis("model", tuple(files))] if len(files) > 1 else []
    for key, values in matrix.vary.items():
        axes.append(axis_of(key, values if isinstance(values, str) else [_text(v) for v in values], matrix.board))
    sample = matrix.sample
    return Plan(base, tuple(axes), None if sample is None else sample.count, 1 if sample is None else sample.seed)


def _checked(source: Path, raw: dict[str, Any]) -> _Matrix:
    try:
        return _Matrix.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        cause = "unknown key" if first["type"] == "extra_forbidden" else first["msg"].lower()
        raise InputError(source, f"{where}: {cause}") from error


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
