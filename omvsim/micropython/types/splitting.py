"""``split``, ``rsplit``, ``splitlines`` (py/objstr.c): lists that grow by appending, a copy a part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.micropython.errors import Error
from omvsim.micropython.types import list_, texts
from omvsim.micropython.values import Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

_SPACES = " \t\n\r\v\f"


def split(vm: Machine, value: Value, args: Sequence[Value]) -> Value:
    """``mp_obj_str_split``."""
    separator = args[0] if args else None
    splits = vm.int_of(args[1]) if len(args) > 1 else -1
    result = list_.new_list(vm, ())
    data: Any = texts.raw(value)
    if separator is None:
        _split_at_spaces(vm, result, value, data, splits)
        return result
    wanted: Any = texts.same_kind(vm, value, separator)
    if not wanted:
        vm.raise_value("empty separator")
    at = 0
    while True:
        found = data.find(wanted, at) if splits else -1
        end = found if found >= 0 else len(data)
        list_.append(vm, result, texts.part(vm, value, data[at:end]))
        if found < 0:
            return result
        at = end + len(wanted)
        if splits > 0:
            splits -= 1


def _split_at_spaces(vm: Machine, result: list_.List, value: Value, data: Any, splits: int) -> None:
    spaces: Any = _SPACES if isinstance(data, str) else _SPACES.encode()
    at, end = 0, len(data)
    while at < end and data[at] in spaces:
        at += 1
    while at < end and splits != 0:
        start = at
        while at < end and data[at] not in spaces:
            at += 1
        list_.append(vm, result, texts.part(vm, value, data[start:at]))
        while at < end and data[at] in spaces:
            at += 1
        if splits > 0:
            splits -= 1
    if at < end:
        list_.append(vm, result, texts.part(vm, value, data[at:]))


def rsplit(vm: Machine, value: Value, args: Sequence[Value]) -> Value:
    """``str_rsplit``: with a count, a list of exactly so many and one more, filled from its end."""
    splits = vm.int_of(args[1]) if len(args) > 1 else -1
    if splits < 0:
        return split(vm, value, args)
    result = list_.new_list(vm, (None,) * (splits + 1))
    if args[0] is None:
        vm.error(Error.NOT_IMPLEMENTED, "rsplit(None,n)")
    data: Any = texts.raw(value)
    wanted: Any = texts.str_or_bytes(vm, args[0])
    if isinstance(data, str) is not isinstance(wanted, str):
        wanted = texts.data_of(args[0]) if isinstance(data, bytes) else texts.decode(wanted)
    if not wanted:
        vm.raise_value("empty separator")
    parts: list[Value] = []
    last = len(data)
    while True:
        found = data.rfind(wanted, 0, last) if splits else -1
        parts.append(texts.part(vm, value, data[found + len(wanted) if found >= 0 else 0 : last]))
        if found < 0:
            break
        last = found
        splits -= 1
    result.items[:] = parts[::-1]
    return result


def splitlines(vm: Machine, value: Value, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``str_splitlines``: ends at CR, LF, CR LF."""
    (keepends,) = vm.parse_keywords(args, kwargs, ("keepends",), 0, 1)
    keep = not isinstance(keepends, Sentinel) and vm.truth(keepends)
    result = list_.new_list(vm, ())
    data: Any = texts.raw(value)
    newline: Any = "\n" if isinstance(data, str) else b"\n"
    cr: Any = "\r" if isinstance(data, str) else b"\r"
    at, end = 0, len(data)
    while at < end:
        start = at
        while at < end and data[at : at + 1] not in (newline, cr):
            at += 1
        match = 0
        if at < end:
            match = 2 if data[at : at + 2] == cr + newline else 1
        list_.append(vm, result, texts.part(vm, value, data[start : at + match if keep else at]))
        at += match
    return result


__all__ = ["rsplit", "split", "splitlines"]
