"""Dataclasses and named tuples that are cheap to define: the standard library's names for what is made here.

To everybody they are the standard library's: the type checker sees its decorator and its class, and
``dataclasses.fields``, ``asdict`` and ``replace`` take their instances.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
    from typing import NamedTuple
else:
    from omvsim.records._define import dataclass, field, replace
    from omvsim.records._named import NamedTuple

__all__ = ["NamedTuple", "dataclass", "field", "replace"]
