"""Methods of the built-in types.

Facts: micropython/micropython v1.26.0 ``py/objstr.c``, ``py/objlist.c``, ``py/objdict.c``, ``py/objset.c``.
"""

# ruff: noqa: ARG001, ARG005, RET503 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omvsim.errors import DeviceError
from omvsim.script._errors import ScriptError
from omvsim.script._make import OBJECT, WORD, type_name
from omvsim.script._operators import as_bytes
from omvsim.script._text import format_text
from omvsim.script._values import Buffer, Bytes, Dict, Generator, List, Set, View

if TYPE_CHECKING:
    from omvsim.script._runtime import Runtime

Method = "Callable[..., Any]"

# -- str --------------------------------------------------------------------------------------------------------------


def _changed(rt: Runtime, text: str, new: str) -> str:
    """A text of the same kind: itself when nothing changed, else a copy."""
    return text if new == text else rt.make.text(new)


def _split(rt: Runtime, text: str, sep: Any = None, most: int = -1) -> List:
    result = rt.make.new_list()
    parts = str(text).split(None if sep is None else str(sep), int(most))
    for part in parts:
        rt.make.append(result, rt.make.text(part))
    return result


def _join(rt: Runtime, text: str, items: Any) -> str:
    parts = list(items) if isinstance(items, List | tuple) else list(rt.make.extended(rt.iterate(items)))
    if not all(isinstance(part, str) for part in parts):
        rt.make.throw("TypeError", "join expects a list of str/bytes objects consistent with self object")
    return rt.make.joined(str(text).join(map(str, parts)))


def _find(rt: Runtime, text: str, part: Any, start: int = 0, end: int | None = None) -> int:
    return str(text).find(str(part), start, len(text) if end is None else end)


def _position(rt: Runtime, text: str, part: Any) -> int:
    found = str(text).find(str(part))
    if found < 0:
        rt.make.throw("ValueError", "substring not found")
    return found


def _starts(rt: Runtime, text: str, part: Any, start: int = 0) -> bool:
    options = [str(each) for each in part] if isinstance(part, tuple) else [str(part)]
    return any(str(text).startswith(each, start) for each in options)


def _ends(rt: Runtime, text: str, part: Any) -> bool:
    options = [str(each) for each in part] if isinstance(part, tuple) else [str(part)]
    return any(str(text).endswith(each) for each in options)


def _encode(rt: Runtime, text: str, *_codec: Any) -> bytes:
    """Shares the characters: only an object."""
    result = Bytes(str(text).encode())
    result.blocks = (rt.make.alloc(OBJECT, "bytes"), *getattr(text, "blocks", ()))
    return result


def _format(rt: Runtime, text: str, *values: Any, **names: Any) -> str:
    return format_text(rt.make, str(text), values, names, rt.show, rt.attr)


def _partition(rt: Runtime, text: str, sep: Any) -> Any:
    return rt.make.new_tuple([rt.make.text(part) for part in str(text).partition(str(sep))])


STR: dict[str, Any] = {
    "format": _format,
    "split": _split,
    "join": _join,
    "find": _find,
    "index": _position,
    "rfind": lambda rt, text, part: str(text).rfind(str(part)),
    "count": lambda rt, text, part: str(text).count(str(part)),
    "startswith": _starts,
    "endswith": _ends,
    "encode": _encode,
    "upper": lambda rt, text: rt.make.joined(str(text).upper()),
    "lower": lambda rt, text: rt.make.joined(str(text).lower()),
    "strip": lambda rt, text, chars=None: _changed(rt, text, str(text).strip(None if chars is None else str(chars))),
    "lstrip": lambda rt, text, chars=None: _changed(rt, text, str(text).lstrip(None if chars is None else str(chars))),
    "rstrip": lambda rt, text, chars=None: _changed(rt, text, str(text).rstrip(None if chars is None else str(chars))),
    "replace": lambda rt, text, old, new, most=-1: (
        rt.make.joined(str(text).replace(str(old), str(new), int(most))) if str(old) in str(text) else text
    ),
    "partition": _partition,
    "splitlines": lambda rt, text, keep=False: rt.make.new_list(
        [rt.make.text(p) for p in str(text).splitlines(bool(keep))]
    ),
    "center": lambda rt, text, width: rt.make.joined(str(text).center(int(width))),
    "isdigit": lambda rt, text: str(text).isdigit(),
    "isalpha": lambda rt, text: str(text).isalpha(),
    "isspace": lambda rt, text: str(text).isspace(),
    "isupper": lambda rt, text: str(text).isupper(),
    "islower": lambda rt, text: str(text).islower(),
}

# -- bytes and buffers ------------------------------------------------------------------------------------------------

BYTES: dict[str, Any] = {
    "decode": lambda rt, data, *codec: rt.make.text_copy(as_bytes(data).decode("utf-8", "replace")),
    "find": lambda rt, data, part: as_bytes(data).find(as_bytes(part)),
    "startswith": lambda rt, data, part: as_bytes(data).startswith(as_bytes(part)),
    "endswith": lambda rt, data, part: as_bytes(data).endswith(as_bytes(part)),
    "split": lambda rt, data, sep=None: rt.make.new_list(
        [rt.make.new_bytes(part, copy=True) for part in as_bytes(data).split(None if sep is None else as_bytes(sep))]
    ),
    "strip": lambda rt, data: rt.make.new_bytes(as_bytes(data).strip(), copy=True),
    "rstrip": lambda rt, data: rt.make.new_bytes(as_bytes(data).rstrip(), copy=True),
    "hex": lambda rt, data, *sep: rt.make.joined(as_bytes(data).hex(str(sep[0])) if sep else as_bytes(data).hex()),
}

BUFFER: dict[str, Any] = {
    **BYTES,
    "append": lambda rt, data, value: rt.buffers.append(data, value),
    "extend": lambda rt, data, value: rt.buffers.extend(data, value),
}

# -- list, tuple ------------------------------------------------------------------------------------------------------


def _sort(rt: Runtime, items: List, *, key: Any = None, reverse: Any = False) -> None:
    rt.sort(items, key, bool(reverse))


def _pop(rt: Runtime, items: List, place: int = -1) -> Any:
    if not items.items:
        rt.make.throw("IndexError", "pop from empty list")
    value = items.items.pop(rt.operators.position(place, len(items.items), "list"))
    if items.slots > 2 * len(items.items):
        items.slots //= 2
        rt.make.memory.realloc(items.table, max(WORD * items.slots, WORD))
    return value


def _insert(rt: Runtime, items: List, place: int, value: Any) -> None:
    rt.make.append(items, None)
    items.items.pop()
    items.items.insert(int(place), value)


def _list_index(rt: Runtime, items: Any, value: Any, *limits: Any) -> int:
    span = list(items)
    for place in range(*slice(*(limits or (0,)), *(() if len(limits) > 1 else (None,))).indices(len(span))):
        if bool(rt.operators.compare("==", span[place], value)):
            return place
    rt.make.throw("ValueError", "object not in sequence")


def _remove(rt: Runtime, items: List, value: Any) -> None:
    _pop(rt, items, _list_index(rt, items, value))


def _clear(rt: Runtime, items: List) -> None:
    items.items.clear()
    items.slots = 4
    rt.make.memory.realloc(items.table, 4 * WORD)


def _count(rt: Runtime, items: Any, value: Any) -> int:
    return sum(bool(rt.operators.compare("==", each, value)) for each in items)


LIST: dict[str, Any] = {
    "append": lambda rt, items, value: rt.make.append(items, value),
    "extend": lambda rt, items, more: rt.operators.extend(items, more),
    "pop": _pop,
    "insert": _insert,
    "remove": _remove,
    "index": _list_index,
    "count": _count,
    "clear": _clear,
    "copy": lambda rt, items: rt.make.new_list(items.items),
    "sort": _sort,
    "reverse": lambda rt, items: items.items.reverse(),
}
TUPLE: dict[str, Any] = {"index": _list_index, "count": _count}

# -- dict, set --------------------------------------------------------------------------------------------------------


def _dict_pop(rt: Runtime, items: Dict, key: Any, *default: Any) -> Any:
    if key in items.items:
        return items.items.pop(key)
    if default:
        return default[0]
    raise rt.make.traced(rt.make.error("KeyError", key, text_object=False))


def _setdefault(rt: Runtime, items: Dict, key: Any, default: Any = None) -> Any:
    if key not in items.items:
        rt.make.store(items, key, default)
    return items.items[key]


def _update(rt: Runtime, items: Dict, *others: Any, **names: Any) -> None:
    for other in others:
        pairs = other.items.items() if isinstance(other, Dict) else [rt.unpack(pair, 2) for pair in rt.iterate(other)]
        for key, value in list(pairs):
            rt.make.store(items, key, value)
    for key, value in names.items():
        rt.make.store(items, key, value)


def _dict_copy(rt: Runtime, items: Dict) -> Dict:
    result = rt.make.new_dict(items.entries)
    result.items = dict(items.items)
    result.used = len(result.items)
    return result


def _dict_clear(rt: Runtime, items: Dict) -> None:
    items.items.clear()
    if items.table is not None:
        rt.make.memory.free(items.table)
    items.table, items.entries, items.used = None, 0, 0


def _popitem(rt: Runtime, items: Dict) -> Any:
    if not items.items:
        rt.make.throw("KeyError", "popitem(): dictionary is empty")
    return rt.make.new_tuple(items.items.popitem())


DICT: dict[str, Any] = {
    "get": lambda rt, items, key, default=None: items.items.get(key, default),
    "keys": lambda rt, items: View(items, "keys", rt.make.alloc(12, "dict view")),
    "values": lambda rt, items: View(items, "values", rt.make.alloc(12, "dict view")),
    "items": lambda rt, items: View(items, "items", rt.make.alloc(12, "dict view")),
    "pop": _dict_pop,
    "popitem": _popitem,
    "setdefault": _setdefault,
    "update": _update,
    "copy": _dict_copy,
    "clear": _dict_clear,
}

SET: dict[str, Any] = {
    "add": lambda rt, items, value: rt.make.add(items, value),
    "discard": lambda rt, items, value: items.items.pop(value, None),
    "remove": lambda rt, items, value: items.items.pop(value, None),
    "clear": lambda rt, items: items.items.clear(),
    "union": lambda rt, items, other: rt.make.new_set([*items.items, *rt.iterate(other)]),
    "copy": lambda rt, items: rt.make.new_set(list(items.items)),
}

# -- generators, exceptions -------------------------------------------------------------------------------------------


def _send(rt: Runtime, generator: Generator, value: Any) -> Any:
    try:
        return generator.host.send(value)
    except StopIteration:
        rt.make.throw("StopIteration")


GENERATOR: dict[str, Any] = {
    "send": _send,
    "close": lambda rt, generator: generator.host.close(),
    "__next__": lambda rt, generator: rt.next(generator),
}

TABLES: tuple[tuple[tuple[type, ...], dict[str, Any]], ...] = (
    ((str,), STR),
    ((bytes,), BYTES),
    ((List,), LIST),
    ((tuple,), TUPLE),
    ((Dict,), DICT),
    ((Set,), SET),
    ((Buffer,), BUFFER),
    ((Generator,), GENERATOR),
)


def method_of(value: Any, name: str) -> Any:
    """The built-in method ``name`` of a value, or None."""
    for classes, table in TABLES:
        if isinstance(value, classes):
            return table.get(name)
    return None


def exception_attribute(rt: Runtime, error: BaseException, name: str) -> Any:
    """``e.args``, ``e.value``, ``e.errno``."""
    values: tuple[Any, ...] = ()
    if isinstance(error, ScriptError):
        if name in error.members:
            return error.members[name]
        values = error.values
    elif isinstance(error, DeviceError):
        values = (error.text,) if error.text else ()
    if name == "args":
        return tuple(values)
    if name in ("errno", "value") and values:
        return values[0]
    rt.make.throw_formatted("AttributeError", f"'{type_name(error)}' object has no attribute '{name}'")
