"""Arguments of functions written in C (``mp_arg_parse_all`` with integers)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.micropython.values import Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value


def parse_ints(
    vm: Machine,
    args: Sequence[Value],
    kwargs: Keywords,
    defaults: dict[str, int],
    *,
    required: int = 0,
    keyword_only: int | None = None,
) -> dict[str, int]:
    """Arguments that are all integers (``MP_ARG_INT``), in order of ``defaults``."""
    names = tuple(defaults)
    found = vm.parse_keywords(args, kwargs, names, required, len(names) if keyword_only is None else keyword_only)
    return {
        name: defaults[name] if isinstance(value, Sentinel) else vm.int_of(value)
        for name, value in zip(names, found, strict=True)
    }


def given(value: Value | Sentinel, default: Value) -> Value:
    """A value, or its default where none was given."""
    return default if isinstance(value, Sentinel) else value


__all__ = ["given", "parse_ints"]
