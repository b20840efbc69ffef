"""Text: printing values, ``str.format``, ``%``, f-strings, and what their buffers ask of the heap.

Facts: micropython/micropython v1.26.0 ``py/objstr.c``, ``py/vstr.c``, ``py/mpprint.c``.
"""

# ruff: noqa: PLR0911, PLR0912, PLR0917 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from omvsim.errors import DeviceError
from omvsim.script._errors import NotModelled, ScriptError, text_of
from omvsim.script._make import single, type_name
from omvsim.script._values import (
    AttrTuple,
    Buffer,
    Class,
    Dict,
    Function,
    Instance,
    List,
    Module,
    Native,
    NativeType,
    Range,
    Set,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from omvsim.script._make import Maker
    from omvsim.script._memory import Block

PRINT_BUFFER = 16


class Vstr:
    """A growing text buffer (``vstr_t``)."""

    def __init__(self, make: Maker, size: int = PRINT_BUFFER) -> None:
        self._make = make
        self._room = max(size, 1)
        self._length = 0
        self._parts: list[str] = []
        self.block: Block = make.alloc(self._room, "text buffer")

    def add(self, text: str) -> None:
        """Append; a full buffer grows to the length, rounded up to 8, and 16 more."""
        self._parts.append(text)
        self._length += len(text.encode())
        if self._length > self._room:
            self._room = (self._length & ~7) + 8 + 16
            self._make.memory.realloc(self.block, self._room)

    def finish(self) -> str:
        """The buffer as a str."""
        return self._make.from_buffer("".join(self._parts), self.block)

    def drop(self) -> str:
        """Free the buffer; returns its text."""
        self._make.memory.free(self.block)
        return "".join(self._parts)


def format_float(value: float) -> str:
    """A float as the camera prints it: the shortest of 6 to 9 digits that reads back as the same single."""
    if math.isnan(value):
        return "nan"
    if value in (float("inf"), float("-inf")):
        return "inf" if value > 0 else "-inf"
    for digits in (6, 7, 8, 9):
        text = f"{value:.{digits}g}"
        if single(float(text)) == single(value):
            break
    if "." not in text and "e" not in text:
        text += ".0"
    return text


def representation(value: Any, *, quoted: bool = True) -> str:
    """``repr`` (or ``str``) of a value without charging anything, as ``print`` writes it."""
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return repr(str(value)) if quoted else str(value)
    if isinstance(value, float):
        return format_float(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, AttrTuple):
        return "(" + ", ".join(f"{n}={representation(v)}" for n, v in zip(value.names, value, strict=False)) + ")"
    if isinstance(value, bytes):
        return bytes.__repr__(bytes(value))
    if isinstance(value, tuple):
        return "(" + ", ".join(map(representation, value)) + (",)" if len(value) == 1 else ")")
    return _of_object(value, quoted)


def _of_error(error: ScriptError | DeviceError) -> str:
    """An exception's type and the tuple of its arguments."""
    if isinstance(error, ScriptError):
        values, name = error.values, error.klass.name if error.klass is not None else error.device_name
    else:
        values, name = (error.text,) if error.text else (), error.python_type
    return name + representation(tuple(values))


def _of_object(value: Any, quoted: bool) -> str:
    if isinstance(value, List):
        return "[" + ", ".join(map(representation, value.items)) + "]"
    if isinstance(value, Dict):
        return "{" + ", ".join(f"{representation(k)}: {representation(v)}" for k, v in value.items.items()) + "}"
    if isinstance(value, Set):
        return "{" + ", ".join(map(representation, value.items)) + "}" if value.items else "set()"
    if isinstance(value, Buffer):
        if value.kind == "bytearray":
            return f"bytearray({bytes(value.data)!r})"
        return f"array('{value.typecode}', [{', '.join(map(representation, value.data.tolist()))}])"
    if isinstance(value, Range):
        span = value.span
        return (
            f"range({span.start}, {span.stop})" if span.step == 1 else f"range({span.start}, {span.stop}, {span.step})"
        )
    if isinstance(value, ScriptError | DeviceError):
        return _of_error(value) if quoted else text_of(value)
    if isinstance(value, Function):
        return f"<function {value.name} at 0x20280000>"
    if isinstance(value, Native):
        return f"<function {value.name}>"
    if isinstance(value, Class | NativeType):
        return f"<class '{value.name}'>"
    if isinstance(value, Module):
        return f"<module '{value.name}'>"
    if isinstance(value, Instance):
        return f"<{value.klass.name} object at 0x20280000>"
    if isinstance(value, type) and issubclass(value, ScriptError):
        return f"<class '{value.device_name}'>"
    text: Callable[[], str] | None = getattr(value, "text", None)
    return text() if text is not None else f"<{type_name(value)}>"


# -- str.format and f-strings ---------------------------------------------------------------------------------------

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}!:]*)(?:!([rs]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}")


def _whole(value: Any) -> int:
    if isinstance(value, float) and math.isnan(value):  # NaN, which is what omvsim gives where it has no figure
        raise NotModelled("a whole number of what is nan")
    return int(value)


def format_text(
    make: Maker,
    template: str,
    values: Sequence[Any],
    names: Mapping[str, Any],
    show: Callable[[Any, bool], str],
    attribute: Callable[[Any, str], Any],
) -> str:
    """``template.format(*values, **names)``.

    A field without a format is first made a str of its own; one with a format needs a buffer for the format.
    """
    out = Vstr(make)
    position, automatic = 0, 0
    for match in _FIELD.finditer(template):
        if match.start() > position:
            out.add(template[position : match.start()])
        position = match.end()
        if match[0] in ("{{", "}}"):
            out.add(match[0][0])
            continue
        name, conversion, spec = match[1], match[2], match[3]
        if name == "" or name[0] in ".[":
            value: Any = _argument(make, values, automatic)
            automatic += 1
        else:
            value = _named(make, name, values, names, attribute)
        _field(make, out, value, conversion, spec, show)
    out.add(template[position:]) if position < len(template) else None
    return out.finish()


def _argument(make: Maker, values: Sequence[Any], index: int) -> Any:
    if index >= len(values):
        make.throw("IndexError", "tuple index out of range")
    return values[index]


def _named(
    make: Maker, name: str, values: Sequence[Any], names: Mapping[str, Any], attribute: Callable[[Any, str], Any]
) -> Any:
    first, *rest = name.split(".")
    if first.isdigit():
        value = _argument(make, values, int(first))
    elif first in names:
        value = names[first]
    else:
        make.throw("KeyError", first)
    for part in rest:
        value = attribute(value, part)
    return value


def _field(
    make: Maker, out: Vstr, value: Any, conversion: str | None, spec: str | None, show: Callable[[Any, bool], str]
) -> None:
    if conversion or spec is None:
        shown = Vstr(make)
        shown.add(show(value, conversion == "r"))
        value = shown.finish()
    if spec is None:
        out.add(str(value))
        return
    buffer = Vstr(make)
    buffer.add(spec)
    try:
        text = _formatted(value, spec, show)
    except (ValueError, TypeError):
        make.throw("ValueError", "invalid format specifier")
    out.add(text)
    buffer.drop()


def _formatted(value: Any, spec: str, show: Callable[[Any, bool], str]) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return format(show(value, False), spec)
    if isinstance(value, int) and spec[-1:] in "eEfFgG%" and spec[-1:]:
        return format(float(value), spec)
    plain: Any = str(value) if isinstance(value, str) else float(value) if isinstance(value, float) else int(value)
    return format(plain, spec)


# -- % ----------------------------------------------------------------------------------------------------------------

_PERCENT = re.compile(r"%(?:\((\w+)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([a-zA-Z%])")


def percent_text(make: Maker, template: str, values: Any, show: Callable[[Any, bool], str]) -> str:
    """``template % values``: ``%s`` prints into a buffer of its own, which is freed."""
    out = Vstr(make)
    given: Sequence[Any] = values if isinstance(values, tuple) else (values,)
    position = used = 0
    for match in _PERCENT.finditer(template):
        if match.start() > position:
            out.add(template[position : match.start()])
        position = match.end()
        key, flags, width, precision, kind = match.groups()
        if kind == "%":
            out.add("%")
            continue
        if key is not None and isinstance(values, Dict):
            value = values.items[key]
        else:
            if width == "*":
                width, used = str(given[used]), used + 1
            if used >= len(given):
                make.throw("TypeError", "format string needs more arguments")
            value, used = given[used], used + 1
        spec = f"%{flags}{width or ''}{'.' + precision if precision is not None else ''}"
        _percent_field(make, out, spec, kind, value, show)
    if position < len(template):
        out.add(template[position:])
    if isinstance(values, tuple) and used < len(given):
        make.throw("TypeError", "format string didn't convert all arguments")
    return out.finish()


def _percent_field(make: Maker, out: Vstr, spec: str, kind: str, value: Any, show: Callable[[Any, bool], str]) -> None:
    if kind in "sr":
        shown = Vstr(make)
        shown.add(show(value, kind == "r"))
        out.add((spec + "s") % shown.drop())
        return
    if kind == "c":
        out.add((spec + "c") % (str(value) if isinstance(value, str) else int(value)))
        return
    if not isinstance(value, int | float):
        make.throw("TypeError", f"can't convert {type_name(value)} to int")
    number: Any = float(value) if kind in "eEfFgG" else _whole(value)
    out.add((spec + kind) % number)
