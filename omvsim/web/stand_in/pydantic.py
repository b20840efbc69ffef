"""In the browser only: records that are made by omvsim itself and need no checking, with the names that it uses.

pydantic's core is compiled, and there is none for the Python of the page. Files of other people (captures, boards,
policies) are not read there; what needs pydantic's checks says so.
"""

from __future__ import annotations

from typing import Any, ClassVar

_NO_DEFAULT = object()


class ValidationError(ValueError):
    """Never raised here."""


def ConfigDict(**options: object) -> dict[str, object]:
    """What a class is configured with, which does not matter here."""
    return options


def Field(default: object = _NO_DEFAULT, **_: object) -> Any:
    """Bounds, which are not checked here."""
    return default


def FailFast() -> None:
    """Of no use without checks."""


class BaseModel:
    """A record with keyword arguments and class attributes as defaults."""

    model_config: ClassVar[dict[str, object]] = {}

    def __init__(self, **values: object) -> None:
        self.__dict__.update(values)

    def model_copy(self, *, update: dict[str, object] | None = None) -> BaseModel:
        """A copy with other values."""
        made = type(self)(**self.__dict__)
        made.__dict__.update(update or {})
        return made

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # as of any record that is compared by content


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    raise NotImplementedError(f"pydantic.{name}: the page in the browser reads no files of that kind")
