"""What a policy file may hold, checked with pydantic: unknown keys are errors. Also its JSON schema."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from omvsim.errors import PolicyError
from omvsim.gate._limits import limit_value
from omvsim.gate._types import NO_REGRESSION, Metric

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import CoreSchema


def _several(value: object) -> object:
    """A single value stands for a list of one."""
    return value if isinstance(value, list) else [value]


def _size(value: int | str) -> int | str:
    limit_value(Metric.ARENA, value)
    return value


def _milliseconds(value: float | str) -> float | str:
    limit_value(Metric.TIME, value)
    return value


def _one_or_several(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1}]}


_SIZE_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "description": "bytes"},
        {
            "type": "string",
            "pattern": r"^\s*(0[xX][0-9A-Fa-f_]+|[0-9][0-9_]*(\.[0-9]+)?)\s*([KkMm]([Ii]?[Bb])?|[Bb])?\s*$",
            "description": "bytes with a unit, e.g. 64K or 1.5M",
        },
        {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$", "description": "e.g. 80%"},
        {"const": NO_REGRESSION, "description": "not worse than the baseline"},
    ]
}
_TIME_SCHEMA = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "description": "milliseconds"},
        {"const": NO_REGRESSION, "description": "not worse than the baseline"},
    ]
}
Size = Annotated[int | str, AfterValidator(_size)]
Sizes = Annotated[
    list[Size], BeforeValidator(_several), Field(min_length=1), WithJsonSchema(_one_or_several(_SIZE_SCHEMA))
]
Times = Annotated[
    list[Annotated[float | str, AfterValidator(_milliseconds)]],
    BeforeValidator(_several),
    Field(min_length=1),
    WithJsonSchema(_one_or_several(_TIME_SCHEMA)),
]
Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[
    list[Text],
    BeforeValidator(_several),
    Field(min_length=1),
    WithJsonSchema(_one_or_several({"type": "string", "minLength": 1})),
]
OF_MODELS = ("load", "input", "scenario", "keep_output", "callback")
"""Settings of how a model is run; of no meaning for a script, which says so itself."""
BUDGETS_OF_MODELS = ("arena", "model_ram", "file_size")
Count = Annotated[int, Field(ge=1, le=1_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class _OrSizes(_Strict):
    """A table, or sizes alone that stand for one of its keys."""

    short_for: ClassVar[str]
    """That key."""

    @model_validator(mode="before")
    @classmethod
    def _lengthen(cls, value: object) -> object:
        return value if isinstance(value, dict) else {cls.short_for: value}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        table = handler.resolve_ref_schema(handler(core_schema))
        return {"anyOf": [*_one_or_several(_SIZE_SCHEMA)["anyOf"], dict(table)]}


class LongestFree(_OrSizes):
    """The longest free run of the heap, garbage included; sizes alone are the least after the last frame."""

    short_for: ClassVar[str] = "min"
    min: Sizes
    """At least this much; percent of the largest GC area."""
    after_frames: Count | None = None
    """After this frame; an entry with fewer frames runs that many."""


class Headroom(_OrSizes):
    """Free heap after the last frame and a gc.collect(), at least; sizes alone are those of all areas together."""

    short_for: ClassVar[str] = "total"
    gc0: Sizes | None = None
    gc1: Sizes | None = None
    gc2: Sizes | None = None
    gc3: Sizes | None = None
    total: Sizes | None = None


class Budget(_Strict):
    """Limits. Several for one figure must all hold."""

    arena: Sizes | None = None
    """What the library takes for the model, at most; percent of the memory that must hold it."""
    model_ram: Sizes | None = None
    """model.ram as the camera says it, at most; percent of the memory that must hold it."""
    headroom: Headroom | None = None
    """Free heap, at least; percent of the area, or of the heap."""
    longest_free: LongestFree | None = None
    """Longest free run, at least."""
    garbage_per_frame: Sizes | None = None
    """What one frame leaves to the collector, at most; percent of the heap."""
    time_ms: Times | None = None
    """One inference, at most."""
    file_size: Sizes | None = None
    """The model file, at most; percent of the file system it is stored in."""


class Settings(_Strict):
    """What an entry may say, and [defaults] for all entries that do not."""

    board: Text = "openmv-rt1062"
    """Board profile by name, or path of a TOML file."""
    firmware: Texts | None = None
    """Releases, e.g. 4.8.1; all is every release of the board; the board profile's own if absent."""
    load: Literal["rom", "file", "fb"] | None = None
    """Where the model is loaded from or to; if absent the scenario's own, else the release's default."""
    input: Literal["camera", "image", "ndarray", "callable"] | None = None
    """What predict() is given."""
    scenario: Text = "load-and-predict"
    """Scenario by name, or path of a TOML file."""
    frames: Count = 5
    """Predictions."""
    keep_output: bool | None = None
    """Whether the script keeps each output until the next is made."""
    callback: bool | None = None
    """Whether a post-processing callback takes the outputs."""
    severity: Literal["error", "warning"] = "error"
    """Whether a broken budget fails the build."""
    new_models: Literal["pass", "warn", "fail"] = "pass"
    """What a model means that the baseline does not have yet."""
    require: Literal["any", "exact"] = "any"
    """With exact, figures that are estimated or assumed fail."""
    time_bound: Literal["nominal", "high"] = "high"
    """Which bound of the time must fit."""
    budget: Budget = Budget()


class Gate(Settings):
    """One entry: models or scripts, cameras, budgets."""

    models: Texts | None = None
    """Globs relative to the policy file; ** is any number of folders. Beside scripts: models that they may load."""
    scripts: Texts | None = None
    """Globs of camera scripts, which are run as they are (omvsim exec) instead of models in a scenario."""
    exclude: Texts | None = None
    """Globs of models to leave out."""
    name: Text | None = None
    """How reports call it; the first glob if absent."""

    @model_validator(mode="after")
    def _about_something(self) -> Gate:
        if self.models is None and self.scripts is None:
            raise ValueError("models: missing (or scripts)")
        if self.scripts is not None:
            given = self.model_fields_set & set(OF_MODELS)
            if given:
                raise ValueError(f"{sorted(given)[0]}: a script says that itself")
            if self.budget.model_fields_set & set(BUDGETS_OF_MODELS):
                name = sorted(self.budget.model_fields_set & set(BUDGETS_OF_MODELS))[0]
                raise ValueError(f"budget.{name}: is a model's, which has an entry of its own; not a script's")
            if self.budget.longest_free is not None and self.budget.longest_free.after_frames is not None:
                raise ValueError("budget.longest_free.after_frames: of a script it is known at its end only")
        return self


class PolicyFile(_Strict):
    """The table [tool.omvsim] of pyproject.toml, or the whole of omvsim.toml."""

    baseline: Text | None = None
    """Committed baseline, relative to the policy file."""
    unmatched: Literal["pass", "warn", "fail"] = "warn"
    """What a .tflite file below the policy's folder means that no entry's models or exclude match."""
    defaults: Settings = Settings()
    """What entries take that do not say otherwise."""
    gate: Annotated[list[Gate], Field(min_length=1)]
    """The entries."""


def check_policy(path: Path, raw: Mapping[str, Any]) -> PolicyFile:
    """The policy's content.

    Raises:
        PolicyError: the first thing wrong, with the key's path.
    """
    try:
        return PolicyFile.model_validate(raw)
    except ValidationError as error:
        raise PolicyError(path, _cause(error)) from error


def check_gate(where: Path, raw: Mapping[str, Any]) -> Gate:
    """One entry.

    Raises:
        PolicyError: the first thing wrong, with the key's path.
    """
    try:
        return Gate.model_validate(raw)
    except ValidationError as error:
        raise PolicyError(where, _cause(error)) from error


def _cause(error: ValidationError) -> str:
    first = error.errors()[0]
    where = _path(first["loc"])
    match first["type"]:
        case "extra_forbidden":
            return f"{where}: unknown key"
        case "missing":
            return f"{where}: missing"
    text = first["msg"].removeprefix("Value error, ")
    if first["type"] == "value_error" and re.match(r"[a-z_.]+: ", text):
        return text if where == _NOWHERE else f"{where}.{text}"  # which of an entry's keys
    return f"{where}: {text[0].lower()}{text[1:]}"


_NOWHERE = "policy"


def _path(parts: tuple[int | str, ...]) -> str:
    """``gate[1].budget.arena``: entries count from 1, list wrappers and types pydantic adds are left out."""
    out = ""
    for number, part in enumerate(parts):
        if isinstance(part, int):
            out += f"[{part + 1}]" if number == 1 else ""
        elif part not in ("int", "str", "float"):
            out += f".{part}" if out else part
    return out or _NOWHERE


def json_schema() -> dict[str, Any]:
    """JSON schema of the content of ``omvsim.toml`` (and of ``[tool.omvsim]``)."""
    for table in (LongestFree, Headroom, Budget, Settings, Gate, PolicyFile):
        _describe(table)
    schema = PolicyFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "omvsim gate policy"}


def _describe(table: type[BaseModel]) -> None:
    """Fields are described by the texts below them in this file, which only a schema needs: pydantic would read the
    file again for every class whenever a policy is checked."""
    described = {}
    for base in reversed(table.__mro__[: table.__mro__.index(_Strict)]):
        body = ast.parse(inspect.getsource(base)).body[0]
        assert isinstance(body, ast.ClassDef)
        for statement, following in itertools.pairwise(body.body):
            match statement, following:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    described[name] = inspect.cleandoc(text)
    for name, field in table.model_fields.items():
        if name in described:
            field.description = described[name]
    table.model_rebuild(force=True)
