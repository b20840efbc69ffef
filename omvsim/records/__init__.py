"""Dataclasses that are cheap to define: the standard library's names for what :mod:`omvsim.records._define` makes.

To everybody they are dataclasses: the type checker sees the standard library's decorator, and ``dataclasses.fields``,
``asdict`` and ``replace`` take their instances.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    from omvsim.records._define import dataclass, field, replace

__all__ = ["dataclass", "field", "replace"]
