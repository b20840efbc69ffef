"""What reading a script asks of the heap before anything is parsed: readers, the lexer, its table of indentations."""

from __future__ import annotations

import pytest

from omvsim.compiler.parsing.readers import FileReader, TextReader
from omvsim.compiler.parsing.tokens import Tok
from tests.compiler._parsing import machine, text_lexer


def test_readers_have_a_buffer_of_their_own() -> None:
    """vfs_reader.c: 32 bytes with the structure in front; py/reader.c, ``mp_reader_mem_t``: four words."""
    vm = machine()
    vm.memory.tape = []
    file = vm.memory.block(88)
    readers = FileReader(vm.memory, file, b""), TextReader(vm.memory, b"")
    for reader in readers:
        reader.close()
    sizes = [(each.kind, each.size) for each in vm.memory.tape]
    assert sizes == [("alloc", 88), ("alloc", 32), ("alloc", 16), ("free", 0), ("free", 0)]


@pytest.mark.parametrize(("depth", "tables"), [(9, []), (10, [36]), (17, [36]), (18, [36, 52])])
def test_indentations_are_kept_in_a_table_that_grows_by_eight(depth: int, tables: list[int]) -> None:
    """py/lexer.c: ten at first, of which the first is none; ``MICROPY_ALLOC_LEXEL_INDENT_INC``; two bytes each."""
    vm = machine()
    source = "".join(" " * level + "if x:\n" for level in range(depth)) + " " * depth + "x\n"
    lexer = text_lexer(vm, source)
    vm.memory.tape = []
    while lexer.kind is not Tok.END:
        lexer.next()
    assert [each.size for each in vm.memory.tape if each.kind == "realloc"] == tables
