"""``%`` formatting (py/objstr.c, str_modulo_format)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from omvsim.memory.strings import decode, encode
from omvsim.memory.vstr import VStr
from omvsim.micropython.types import bytes_, dict_, float_, int_, inttext, str_, strformat, texts, tuple_
from omvsim.micropython.types.padding import Spec, print_float, print_padded
from omvsim.micropython.values import PrintKind, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Obj


def percent(vm: Machine, pattern: str | Obj, values: Value) -> Value:
    """``pattern % values``: a tuple's items, a dict's entries by name, or one value."""
    args: Sequence[Value] = (values,)
    if isinstance(values, tuple_.Tuple):
        args = values.items
    by_name = values if type(values) is dict_.Dict else None
    vstr = _Percent(vm, texts.data_of(pattern), args, by_name, is_bytes=not str_.is_str(pattern)).run()
    return str_.finish_str(vm, vstr) if str_.is_str(pattern) else bytes_.finish_bytes(vm, vstr)


class _Percent:
    """One formatting: the pattern, how far it is read, how many arguments are used."""

    def __init__(
        self, vm: Machine, text: bytes, args: Sequence[Value], by_name: dict_.Dict | None, *, is_bytes: bool
    ) -> None:
        self.vm = vm
        self.text = text
        self.args = args
        self.by_name = by_name
        self.is_bytes = is_bytes
        self.at = 0
        self.used = 0
        self.vstr = VStr(vm.memory, 16)

    def run(self) -> VStr:
        """The finished buffer."""
        while self.at < len(self.text):
            char = self.text[self.at : self.at + 1]
            self.at += 1
            if char != b"%":
                self.vstr.add(char)
            elif self.at >= len(self.text):
                self._incomplete()
            elif self.text[self.at] == ord("%"):
                self.vstr.add(b"%")
                self.at += 1
            else:
                self._conversion()
        if self.by_name is None and self.used != len(self.args):
            self.vm.raise_type("format string didn't convert all arguments")
        return self.vstr

    def _incomplete(self) -> NoReturn:
        self.vm.raise_value("incomplete format")

    def _peek(self) -> str:
        return chr(self.text[self.at]) if self.at < len(self.text) else ""

    def _next_arg(self) -> Value:
        if self.used >= len(self.args):
            self.vm.raise_type("format string needs more arguments")
        self.used += 1
        return self.args[self.used - 1]

    def _conversion(self) -> None:
        named = self._named() if self._peek() == "(" else ()
        spec = Spec(width=0)
        alternate = self._flags(spec)
        if self._peek() == "*":
            spec.width = self.vm.int_of(self._next_arg())
            self.at += 1
        else:
            spec.width = self._number()
        if self._peek() == ".":
            self.at += 1
            if self._peek() == "*":
                spec.precision = self.vm.int_of(self._next_arg())
                self.at += 1
            elif self.at < len(self.text):
                spec.precision = self._number()
        if self.at >= len(self.text):
            self._incomplete()
        arg = named[0] if named else self._next_arg()
        kind = self._peek()
        self._print(kind, arg, spec, alternate=alternate)
        self.at += 1

    def _named(self) -> tuple[Value, ...]:
        vm = self.vm
        if self.by_name is None:
            vm.raise_type("format needs a dict")
        self.used = 1
        start = self.at + 1
        end = self.text.find(b")", start)
        if end < 0:
            vm.raise_value("incomplete format key")
        self.at = end + 1
        return (dict_.get_item(vm, self.by_name, vm.strings.intern(decode(self.text[start:end]))),)

    def _flags(self, spec: Spec) -> bool:
        alternate = False
        while self.at < len(self.text):
            char = self._peek()
            if char == "-":
                spec.left = True
            elif char == "+":
                spec.sign = "+"
            elif char == " ":
                spec.sign = spec.sign or " "
            elif char == "#":
                alternate = True
            elif char == "0":
                spec.after_sign, spec.fill = True, "0"
            else:
                break
            self.at += 1
        return alternate

    def _number(self) -> int:
        value = 0
        while self._peek().isdigit() and self._peek().isascii():
            value = value * 10 + int(self._peek())
            self.at += 1
        value &= 0xFFFFFFFF
        return value - 0x100000000 if value & 0x80000000 else value

    def _print(self, kind: str, arg: Value, spec: Spec, *, alternate: bool) -> None:
        vm = self.vm
        out = str_.writer(self.vstr)
        if kind == "c":
            self._print_char(arg, spec)
        elif kind in tuple("diu"):
            number = int_.int_from_float(vm, arg) if isinstance(arg, float_.Float) else arg
            inttext.print_int(vm, out, number, 10, "a", spec)
        elif kind in tuple("eEfFgG"):
            print_float(vm, out, vm.float_of(arg), kind, spec)
        elif kind == "o":
            spec.prefix = spec.octal_letter = alternate
            inttext.print_int(vm, out, arg, 8, "a", spec)
        elif kind in tuple("xX"):
            spec.prefix = alternate
            inttext.print_int(vm, out, arg, 16, "A" if kind == "X" else "a", spec)
        elif kind in tuple("rs"):
            self._print_text(kind, arg, spec)
        else:
            code = self.text[self.at]
            vm.raise_value(
                "unsupported format character '%c' (0x%x) at index %d", decode(bytes((code,))), code, self.at
            )

    def _print_char(self, arg: Value, spec: Spec) -> None:
        vm = self.vm
        spec.fill = " "
        if str_.is_str(arg):
            text = str_.text_of(arg)
            if len(encode(text)) != 1:
                vm.raise_type("%c needs int or char")
        elif strformat.looks_integer(arg):
            text = decode(bytes((vm.int_of(arg) & 0xFF,)))
        else:
            vm.raise_type("integer needed")
        print_padded(vm, str_.writer(self.vstr), text, 1, spec, spec.width)

    def _print_text(self, kind: str, arg: Value, spec: Spec) -> None:
        """In a buffer of its own, which is given back."""
        vm = self.vm
        printed = VStr(vm.memory, 16)
        how = PrintKind.REPR if kind == "r" else PrintKind.STR
        if how is PrintKind.STR and self.is_bytes and isinstance(arg, bytes_.Bytes):
            how = PrintKind.RAW
        vm.print(arg, str_.writer(printed), how)
        data = bytes(printed.data)
        if spec.precision >= 0:
            data = data[: spec.precision]
        spec.fill = " "
        print_padded(vm, str_.writer(self.vstr), decode(data), len(data), spec, spec.width)
        printed.free()


__all__ = ["percent"]
