"""``savetxt`` and ``loadtxt`` (code/numpy/io/io.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.later import np
from omvsim.memory.strings import decode, encode
from omvsim.micropython.errors import Unknown
from omvsim.micropython.native import function
from omvsim.micropython.types import str_
from omvsim.micropython.types.items import write_item
from omvsim.micropython.types.numbertext import parse_decimal
from omvsim.micropython.values import Sentinel
from omvsim.numerals.floattext import format_float
from omvsim.standard.streams import Stream
from omvsim.standard.vfs.opening import open_path
from omvsim.ulab import making, ndarray
from omvsim.ulab.create import type_argument
from omvsim.ulab.layout import BUFFER, CLIPBOARD, DIMS, FLOATS, ulab_of
from omvsim.ulab.shaping import is_int

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omvsim.memory.requests import Block
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.ulab.ndarray import NdArray

_PRECISION: Final = 7
_MARK: Final = 8
"""Bytes of the blocks for a delimiter or a comment's mark."""
_COMMENTS: Final = 2
_MOST_ROWS: Final = 65535
_SPACES: Final = " \t\v\f\r"


@function("savetxt", 2, None, keywords=True)
def savetxt(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """Numbers with seven decimals, one a line or rows of them; no block is given back."""
    names = ("", "", "delimiter", "header", "footer", "comments")
    file, array, delimiter, header, footer, comments = vm.parse_keywords(args, kwargs, names, 2, 2)
    assert not isinstance(file, Sentinel)
    if not str_.is_str(file) or not isinstance(array, ndarray.NdArray):
        vm.raise_type("wrong input type")
    if array.ndim > 2:
        vm.raise_value("array has too many dimensions")
    stream = open_path(vm, file, "w")
    if not isinstance(stream, Stream):
        raise Unknown("numpy.savetxt", "files of a file system that a script made")
    blocks = [vm.memory.block(BUFFER)]
    mark = _text(vm, comments)
    if ulab_of(vm).comments_lines and mark is None:
        blocks.append(vm.memory.block(_COMMENTS))
    _remark(vm, stream, _text(vm, header), mark or "# ")
    blocks.append(vm.memory.block(_MARK))
    between = "\n" if array.ndim == 1 else " " if isinstance(delimiter, Sentinel) else _text(vm, delimiter) or " "
    rows = array.values.reshape(-1, array.lengths[-1] or 1) if array.size else np.zeros((1, 1))
    for row in rows.astype(np.float32).tolist():
        for place, number in enumerate(row):
            text = format_float(number, "f", _PRECISION) + ("\n" if place == len(row) - 1 else between)
            stream.push(vm, encode(text))
    _remark(vm, stream, _text(vm, footer), mark or "# ")
    stream.shut(vm)
    return None


def _text(vm: Machine, value: Value | Sentinel) -> str | None:
    return vm.str_of(value) if not isinstance(value, Sentinel) and str_.is_str(value) else None


def _remark(vm: Machine, stream: Stream, text: str | None, mark: str) -> None:
    """A header or footer; newer versions begin each line of it with the mark."""
    if text is not None:
        body = text.replace("\n", "\n" + mark) if ulab_of(vm).comments_lines else text
        stream.push(vm, encode(mark + body + "\n"))


class _Scanner:
    """What ``loadtxt`` sees of a text: numbers and ends of lines, buffer by buffer of 127 characters."""

    def __init__(self, delimiter: str, comment: str, *, skips_all: bool) -> None:
        self.delimiter = delimiter
        self.comment = comment
        self.skips_all = skips_all
        """Comments that follow each other are all left out; older versions take the second one for numbers."""

    def buffers(self, vm: Machine, stream: Stream) -> Iterator[str]:
        """The text in pieces."""
        while data := stream.pull(vm, BUFFER - 1):
            yield decode(data)

    def after_comment(self, text: str, at: int) -> tuple[int, int]:
        """The place behind comments, and lines that ended there."""
        lines = 0
        while text[at : at + 1] == self.comment:
            end = text.find("\n", at + 1)
            if end < 0:
                return len(text), lines
            at, lines = end + 1, lines + 1
            if not self.skips_all:
                break
        return at, lines

    def ends_number(self, letter: str, *, lines: bool) -> bool:
        """Whether a letter stands between numbers."""
        return letter in _SPACES or letter == self.delimiter or (lines and letter == "\n")

    def skip_spaces(self, text: str, at: int, *, lines: bool) -> int:
        """The place of the next letter that is no space."""
        while at < len(text) and (text[at] in _SPACES or (lines and text[at] == "\n")):
            at += 1
        return at

    def count(self, vm: Machine, stream: Stream, skipped: int, most: int) -> tuple[int, int]:
        """Rows and items of the file."""
        rows = items = every = length = 0
        for text in self.buffers(vm, stream):
            at = 0
            while at < len(text):
                at, ended = self.after_comment(text, at)
                every += ended
                letter = text[at : at + 1]
                if letter == "\n":
                    every += 1
                    if every > skipped:
                        rows, items, length = rows + 1, items + 1, 0
                    if every == most:
                        break
                if letter and self.ends_number(letter, lines=False):
                    at = self.skip_spaces(text, at + 1, lines=False)
                    if length > 0:
                        items += every >= skipped
                        length = 0
                else:
                    at, length = at + 1, length + 1
            if every >= most:
                break
        return rows, items

    def numbers(self, vm: Machine, stream: Stream, skipped: int, most: int) -> Iterator[tuple[int, str]]:
        """Column and text of each number."""
        rows = column = 0
        clip = ""
        for text in self.buffers(vm, stream):
            at = 0
            while at < len(text):
                at, ended = self.after_comment(text, at)
                rows += ended
                if rows == most:
                    break
                letter = text[at : at + 1]
                if not letter or not self.ends_number(letter, lines=True):
                    clip += letter
                    at += 1
                    continue
                at = self.skip_spaces(text, at + 1, lines=True)
                if clip:
                    if rows >= skipped:
                        yield column, clip
                    column, clip = column + 1, ""
                    if text[at - 1] == "\n":
                        column, rows = 0, rows + 1
            if rows >= most:
                break


@function("loadtxt", 1, None, keywords=True)
def loadtxt(vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """A matrix of the numbers of a text; the file is read twice."""
    names = ("", "delimiter", "comments", "max_rows", "usecols", "dtype", "skiprows")
    given = vm.parse_keywords(args, kwargs, names, 1, 1)
    assert not isinstance(given[0], Sentinel)
    stream = open_path(vm, given[0], "r")
    if not isinstance(stream, Stream):
        raise Unknown("numpy.loadtxt", "files of a file system that a script made")
    buffer = vm.memory.block(BUFFER)
    marks = []
    for each in given[1:3]:
        if not isinstance(each, Sentinel) and each is not None:
            marks.append(vm.memory.block(_MARK))
    delimiter, comment = ((_text(vm, each) or default)[0] for each, default in zip(given[1:3], " #", strict=True))
    skipped = 0 if isinstance(given[6], Sentinel) else vm.int_of(given[6]) & 0xFFFF
    wanted = -1 if isinstance(given[3], Sentinel) else vm.int_of(given[3])
    most = wanted + skipped if 0 < wanted < _MOST_ROWS else _MOST_ROWS
    columns_block, columns = _columns(vm, given[4])
    code = making.code_of(vm, ord(type_argument(vm, given[5])))
    scanner = _Scanner(delimiter, comment, skips_all=ulab_of(vm).comments_lines)
    rows, items = scanner.count(vm, stream, skipped, most)
    if rows == 0:
        vm.raise_value("empty file")
    if items // rows < len(columns or ()):
        vm.raise_value("usecols is too high")
    shape_block = vm.memory.block(DIMS)
    made = making.new_dense(vm, (rows, items // rows if columns is None else len(columns)), code)
    stream.place(vm, 0, 0)
    clipboard = vm.memory.block(CLIPBOARD)
    place = 0
    for column, text in scanner.numbers(vm, stream, skipped, most):
        if columns is None or column in columns:
            place = _assign(vm, made, place, text)
    stream.shut(vm)
    for block in (shape_block, buffer, clipboard, columns_block):
        if block is not None:
            vm.memory.free(block)
    return made


def _columns(vm: Machine, value: Value | Sentinel) -> tuple[Block | None, list[int] | None]:
    """The block of the columns that are wanted, and which they are; None: all."""
    if isinstance(value, Sentinel) or value is None:
        return None, None
    if is_int(value):
        block = vm.memory.block(2)
        return block, [vm.int_of(value) & 0xFFFF]
    count = vm.length(value) & 0xFF
    block = vm.memory.block(2 * count)
    return block, [vm.int_of(item) & 0xFFFF for item in vm.items(value)]


def _assign(vm: Machine, made: NdArray, place: int, text: str) -> int:
    """``io_assign_value``: through a float; whole numbers are rounded."""
    if len(text) > CLIPBOARD:
        raise Unknown("numpy.loadtxt", "a number of more than 32 characters: the camera writes beside its block")
    if (place + 1) * made.itemsize > len(made.store):
        raise Unknown("numpy.loadtxt", "rows of different lengths: the camera writes beside the array")
    value = parse_decimal(vm, text, imaginary=False, force_complex=False)
    if made.code != FLOATS:
        value = vm.new_int(int(making.rounded_words(np.array([vm.float_of(value)], np.float32))[0]))
    write_item(vm, made.code, made.store, place, value)
    return place + 1


__all__ = ["loadtxt", "savetxt"]
