"""Dataclasses, named tuples and enumerations that are cheap to define: the standard library's names for what is here.

To everybody they are the standard library's: the type checker sees its decorator and its classes, and
``dataclasses.fields``, ``asdict`` and ``replace`` take their instances.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
    from enum import Enum, IntEnum, StrEnum, auto
    from typing import NamedTuple
else:
    from omvsim.records._define import dataclass, field, replace
    from omvsim.records._enums import Enum, IntEnum, StrEnum, auto
    from omvsim.records._named import NamedTuple

__all__ = ["Enum", "IntEnum", "NamedTuple", "StrEnum", "auto", "dataclass", "field", "replace"]
