"""``str.format`` (py/objstr.c, mp_obj_str_format_helper): buffers of 16 bytes for the result, each argument and each
format specifier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.memory.strings import decode, encode
from omvsim.memory.vstr import VStr
from omvsim.micropython.errors import Error
from omvsim.micropython.types import bytes_, float_, int_, inttext, str_, texts
from omvsim.micropython.types.padding import Spec, print_float, print_padded
from omvsim.micropython.values import PrintKind, Value
from omvsim.numerals import single

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Keywords, Machine

_TYPES = b"bcdeEfFgGnosxX%"
_INTEGER_BASES = {"b": 2, "o": 8, "d": 10, "n": 10, "": 10, "x": 16, "X": 16}


def looks_integer(value: Value) -> bool:
    """``arg_looks_integer``."""
    return isinstance(value, bool) or int_.is_int(value)


def looks_numeric(value: Value) -> bool:
    """``arg_looks_numeric``."""
    return looks_integer(value) or isinstance(value, float_.Float)


def format_(vm: Machine, pattern: Value, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``mp_obj_str_format``."""
    vstr = _Formatter(vm, args, kwargs).format(texts.data_of(pattern))
    if str_.is_str(pattern):
        return str_.finish_str(vm, vstr)
    return bytes_.finish_bytes(vm, vstr)


class _Formatter:
    """One call: its arguments, and how many of them automatic numbering has used (-1: fields are numbered)."""

    def __init__(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> None:
        self.vm = vm
        self.args = args
        self.kwargs = dict(kwargs)
        self.used = 0

    def format(self, text: bytes) -> VStr:
        """The result of a format, or of a specifier with fields in it."""
        vm = self.vm
        vstr = VStr(vm.memory, 16)
        at = 0
        while at < len(text):
            char = text[at : at + 1]
            if char == b"}":
                if text[at + 1 : at + 2] != b"}":
                    vm.raise_value("single '}' encountered in format string")
                vstr.add(b"}")
                at += 2
            elif char != b"{":
                vstr.add(char)
                at += 1
            elif text[at + 1 : at + 2] == b"{":
                vstr.add(b"{")
                at += 2
            else:
                at = self._field(vstr, text, at + 1) + 1
        return vstr

    def _field(self, vstr: VStr, text: bytes, at: int) -> int:
        """Print one field that starts behind its brace; where its closing brace is."""
        vm = self.vm
        start = at
        while at < len(text) and text[at] not in b"}!:":
            at += 1
        name = text[start:at]
        conversion = ""
        if text[at : at + 1] == b"!":
            conversion = self._conversion(text, at + 1)
            at += 2
        specifier: bytes | None = None
        if text[at : at + 1] == b":":
            at += 1
            if text[at : at + 1] != b"}":
                end = _end_of_specifier(text, at)
                specifier = text[at:end]
                at = end
        if at >= len(text):
            vm.raise_value("unmatched '{' in format")
        if text[at] != ord("}"):
            vm.raise_value("expected ':' after format specifier")
        arg = self._argument(name)
        if specifier is None and not conversion:
            conversion = "s"
        if conversion:
            printed = VStr(vm.memory, 16)
            vm.print(arg, str_.writer(printed), PrintKind.STR if conversion == "s" else PrintKind.REPR)
            arg = str_.finish_str(vm, printed)
        spec, kind, align = Spec(), "", ""
        if specifier is not None:
            vm.check_stack()
            built = self.format(specifier)
            built.terminate()
            spec, kind, align = self._specifier(bytes(built.data).decode("latin-1"), arg)
            built.free()
        _print_value(vm, vstr, arg, spec, kind, align)
        return at

    def _conversion(self, text: bytes, at: int) -> str:
        if at >= len(text):
            self.vm.raise_value("end of format while looking for conversion specifier")
        if text[at] not in b"rs":
            self.vm.raise_value("unknown conversion specifier %c", decode(text[at : at + 1]))
        return chr(text[at])

    def _argument(self, name: bytes) -> Value:
        vm = self.vm
        if not name:
            if self.used < 0:
                vm.raise_value("can't switch from manual field specification to automatic field numbering")
            if self.used >= len(self.args):
                vm.error(Error.INDEX, "tuple index out of range")
            self.used += 1
            return self.args[self.used - 1]
        if name[:1].isdigit():
            if self.used > 0:
                vm.raise_value("can't switch from automatic field numbering to manual field specification")
            digits = len(name) - len(name.lstrip(b"0123456789"))
            index = int(name[:digits])
            if index >= len(self.args):
                vm.error(Error.INDEX, "tuple index out of range")
            self.used = -1
            rest, value = name[digits:], self.args[index]
        else:
            end = min((i for i in (name.find(b"."), name.find(b"[")) if i >= 0), default=len(name))
            key = vm.strings.intern(decode(name[:end]))
            if key not in self.kwargs:
                vm.raise_arg(vm.exception_type(Error.KEY), key)
            rest, value = name[end:], self.kwargs[key]
        if rest:
            vm.error(Error.NOT_IMPLEMENTED, "attributes not supported")
        return value

    def _specifier(self, text: str, arg: Value) -> tuple[Spec, str, str]:
        """``[[fill]align][sign][#][0][width][,_][.precision][type]``; a character of the text is a byte."""
        spec = Spec(fill="")
        align = ""
        at = 0
        if text[:1] in ("<", ">", "=", "^") and text:
            align, at = text[0], 1
        elif text[1:2] in ("<", ">", "=", "^") and len(text) > 1:
            spec.fill, align, at = text[0], text[1], 2
        if text[at : at + 1] in ("+", "-", " ") and at < len(text):
            spec.sign = "" if text[at] == "-" else text[at]
            at += 1
        if text[at : at + 1] == "#":
            spec.prefix = True
            at += 1
        if text[at : at + 1] == "0":
            if not align and looks_numeric(arg):
                align = "="
            spec.fill = spec.fill or "0"
        at, spec.width = _number(text, at, -1)
        if text[at : at + 1] in (",", "_") and at < len(text):
            spec.grouping = text[at]
            at += 1
        if text[at : at + 1] == ".":
            at, spec.precision = _number(text, at + 1, -1)
        kind = ""
        if at < len(text) and text[at].isascii() and ord(text[at]) in _TYPES:
            kind = text[at]
            at += 1
        if at < len(text):
            self.vm.raise_value("invalid format specifier")
        return spec, kind, align


def _end_of_specifier(text: bytes, at: int) -> int:
    nest = 1
    while at < len(text):
        if text[at] == ord("{"):
            nest += 1
        elif text[at] == ord("}"):
            nest -= 1
            if not nest:
                break
        at += 1
    return at


def _number(text: str, at: int, default: int) -> tuple[int, int]:
    """``str_to_int``: where the digits end, and the machine word they make."""
    end = at
    while end < len(text) and "0" <= text[end] <= "9":
        end += 1
    if end == at:
        return at, default
    value = int(text[at:end]) & 0xFFFFFFFF
    return end, value - 0x100000000 if value & 0x80000000 else value


def _print_value(vm: Machine, vstr: VStr, arg: Value, spec: Spec, kind: str, align: str) -> None:
    align = align or (">" if looks_numeric(arg) else "<")
    spec.fill = spec.fill or " "
    if spec.sign:
        if kind == "s":
            vm.raise_value("sign not allowed in string format specifier")
        if kind == "c":
            vm.raise_value("sign not allowed with integer format specifier 'c'")
    spec.left, spec.after_sign, spec.center = align == "<", align == "=", align == "^"
    out = str_.writer(vstr)
    if looks_integer(arg) and kind not in tuple("eEfFgG%"):
        if kind == "c":
            char = bytes((vm.int_of(arg) & 0xFF,))
            print_padded(vm, out, decode(char), 1, spec, spec.width)
            return
        base = _INTEGER_BASES.get(kind)
        if base is None:
            _unknown(vm, kind, arg)
        spec.octal_letter = kind == "o" and spec.prefix
        precision, spec.precision = spec.precision, 0
        inttext.print_int(vm, out, arg, base, "A" if kind == "X" else "a", spec)
        spec.precision = precision
    elif looks_numeric(arg):
        kind = "g" if kind in ("", "n") else kind
        value = vm.float_of(arg)
        if kind == "%":
            spec.percent = True
            value, kind = single.single(value * 100.0), "f"
        if kind not in tuple("eEfFgG"):
            _unknown(vm, kind, arg)
        print_float(vm, out, value, kind, spec)
    else:
        _print_text(vm, vstr, arg, spec, kind, align)


def _print_text(vm: Machine, vstr: VStr, arg: Value, spec: Spec, kind: str, align: str) -> None:
    if align == "=":
        vm.raise_value("'=' alignment not allowed in string format specifier")
    if kind not in ("", "s"):
        _unknown(vm, kind, arg)
    found = texts.str_or_bytes(vm, arg)
    data = encode(found) if isinstance(found, str) else found
    if spec.precision >= 0:
        data = data[: spec.precision]
    print_padded(vm, str_.writer(vstr), decode(data), len(data), spec, spec.width)


def _unknown(vm: Machine, kind: str, arg: Value) -> NoReturn:
    vm.raise_value("unknown format code '%c' for object of type '%s'", kind or "\0", vm.type_name(arg))


__all__ = ["format_", "looks_integer", "looks_numeric"]
