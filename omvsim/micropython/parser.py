"""From tokens to the tree, as MicroPython's parser does it (py/parse.c), with every request it makes on the way.

The parser keeps rules it is in on one stack and what it found on another; both grow. Nodes of the tree are put into
chunks that grow in place by exactly one node as long as nothing lies behind them. Constants are folded as they appear.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.micropython import folding, sizes
from omvsim.micropython.ahead import LEFT, NOT_PLAIN, left, start
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.grammar import AND, GRAMMAR, OR
from omvsim.micropython.maps import Map
from omvsim.micropython.rules import Rule
from omvsim.micropython.strings import decode
from omvsim.micropython.tokens import Tok
from omvsim.micropython.tree import TOKENS, Const, Name, Node, ParseTree, TreeChunk

if TYPE_CHECKING:
    from omvsim.micropython.lexer import Lexer
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.tree import Child
    from omvsim.micropython.values import Value

_RULES: Final = tuple(Rule)
_KINDS: Final = tuple(matching.kind for matching in GRAMMAR)
_CHUNK: Final = 1 << 32
"""Places of nodes count chunks by this and bytes in them by 1."""


class Input(Enum):
    """What is parsed (``mp_parse_input_kind_t``); value: the rule at the top."""

    SINGLE = Rule.single_input
    FILE = Rule.file_input
    EVAL = Rule.eval_input


def parse(vm: Machine, lexer: Lexer, kind: Input) -> ParseTree:
    """``mp_parse``. The lexer is freed in any case.

    Raises:
        Raised: SyntaxError, IndentationError, or whatever reading and folding raise. The parser's own chunks are
            garbage then.
    """
    try:
        tree = Parser(vm, lexer, kind).run()
    except Raised:
        lexer.free()
        raise
    lexer.free()
    return tree


class Parser:
    """One run of the parser; see :func:`parse`."""

    def __init__(self, vm: Machine, lexer: Lexer, kind: Input) -> None:
        memory = vm.memory
        self.vm = vm
        self.lexer = lexer
        self.memory = memory
        self._kind = kind
        self._rules_block = memory.block(sizes.RULES_FIRST * sizes.RULE)
        self._rules_room = sizes.RULES_FIRST
        self.rules: list[tuple[int, int, int]] = []
        """Rules begun: rule, next part, line of the first token."""
        self._results_block = memory.block(sizes.RESULTS_FIRST * sizes.WORD)
        self._results_room = sizes.RESULTS_FIRST
        self.results: list[Child] = []
        self._chunk: TreeChunk | None = None
        self._chunk_number = 0
        self._full: list[TreeChunk] = []
        self.consts = Map(memory)
        """Values of names assigned with ``const``."""
        self._backtrack = False

    def run(self) -> ParseTree:
        """Parse to the end of the source."""
        lexer = self.lexer
        self._enter(self._kind.value)
        rules = self.rules
        while rules:
            rule, at, line = rules.pop()
            kind = _KINDS[rule]
            if at and not self._backtrack:
                if kind == OR:
                    continue
                if at == 1:
                    plain = LEFT[rule][lexer.kind]
                    if plain == 0 or (plain != NOT_PLAIN and self._leave(rule)):
                        continue
            if kind == OR:
                self._or(rule, at, line)
            elif kind == AND:
                self._and(rule, at, line)
            else:
                self._list(rule, at, line)
        self.consts.clear()
        chunk = self._chunk
        if chunk is not None:
            self.memory.resize_maybe(chunk, sizes.TREE_CHUNK_HEAD + chunk.used, move=False)
            chunk.room = chunk.used
            self._full.append(chunk)
        if lexer.kind is not Tok.END or not self.results:
            self._syntax_error()
        self.memory.free(self._rules_block)
        self.memory.free(self._results_block)
        return ParseTree(self.memory, self.results[0], self._full[::-1])

    # -- stacks ---------------------------------------------------------------------------------------------------

    def _enter(self, rule: int) -> None:
        """Begin a rule (``push_rule``) and all it begins with, down to the one that takes the token."""
        lexer = self.lexer
        begin = start(rule, lexer.kind)
        if len(self.rules) + begin.depth > self._rules_room:
            self._deepen(begin.depth)
        if begin.begun is None:
            self._backtrack = True
            return
        line = lexer.token_line
        self.rules += [(begun, at, line) for begun, at in begin.begun]
        if _KINDS[begin.last] == OR:
            self._token(begin.last)
            lexer.next()
        else:
            self.rules.append((begin.last, 0, line))

    def _leave(self, rule: int) -> bool:
        """Whether a rule with its first part done is just that part, as the token says."""
        token = self.lexer.kind
        plain = LEFT[rule][token]
        if plain is None:
            plain = left(rule, token)
        if plain == NOT_PLAIN:
            return False
        if plain:
            depth = plain >> 1
            if len(self.rules) + depth > self._rules_room:
                self._deepen(depth)
            if plain & 1 and len(self.results) >= self._results_room:
                self._more_results()
        return True

    def _deepen(self, depth: int) -> None:
        """Room for so many rules more."""
        while len(self.rules) + depth > self._rules_room:
            self.memory.resize(self._rules_block, (self._rules_room + sizes.RULES_MORE) * sizes.RULE)
            self._rules_room += sizes.RULES_MORE

    def _more_results(self) -> None:
        self.memory.resize(self._results_block, (self._results_room + sizes.RESULTS_MORE) * sizes.WORD)
        self._results_room += sizes.RESULTS_MORE

    def push(self, child: Child) -> None:
        """``push_result_node``."""
        if len(self.results) >= self._results_room:
            self._more_results()
        self.results.append(child)

    # -- rules ----------------------------------------------------------------------------------------------------

    def _or(self, rule: int, at: int, line: int) -> None:
        """The first alternative that matches."""
        if at > 0 and not self._backtrack:
            return
        self._backtrack = False
        lexer = self.lexer
        parts = GRAMMAR[rule].parts
        while at < len(parts):
            token, child, _ = parts[at]
            at += 1
            if token >= 0:
                if lexer.kind == token:
                    self._token(rule)
                    lexer.next()
                    return
            else:
                if at < len(parts):
                    self.rules.append((rule, at, line))
                self._enter(child)
                return
        self._backtrack = True

    def _and(self, rule: int, at: int, line: int) -> None:
        """All parts in order."""
        lexer = self.lexer
        matching = GRAMMAR[rule]
        parts = matching.parts
        if self._backtrack:
            if parts[at - 1][2]:
                self.push(None)
                self._backtrack = False
            elif at > 1:
                self._syntax_error()
            else:
                return
        while at < len(parts):
            token, child, _ = parts[at]
            at += 1
            if token < 0:
                self.rules.append((rule, at, line))
                self._enter(child)
                return
            if lexer.kind == token:
                if token == Tok.NAME:
                    self._token(rule)
                lexer.next()
            elif at > 1:
                self._syntax_error()
            else:
                self._backtrack = True
                return
        if not self._lonely_constant(rule, line):
            self._matched(rule, line)

    def _lonely_constant(self, rule: int, line: int) -> bool:
        """Whether it was a statement that is only a constant, such as a docstring: ``pass`` instead."""
        if rule != Rule.expr_stmt or self._kind is Input.SINGLE or self.results[-1] is not None:
            return False
        child = self.results[-2]
        if child is None or isinstance(child, (Node, Name)):
            return False
        del self.results[-2:]
        self.build(line, Rule.pass_stmt, 0)
        return True

    def _matched(self, rule: int, line: int) -> None:
        """A sequence is complete: collapse it or make its node."""
        matching = GRAMMAR[rule]
        count = there = 0
        for token, _, _ in reversed(matching.parts):
            if token < 0:
                there += self.results[-1 - count] is not None
                count += 1
            elif token == Tok.NAME:
                there += 1
                count += 1
        if there == 1 and matching.collapses:
            child = next(kid for kid in self.results[len(self.results) - count :] if kid is not None)
            del self.results[len(self.results) - count :]
            self.push(child)
            return
        if matching.blank:
            self.push(None)
            count += 1
        self.build(line, rule, count)

    def _list(self, rule: int, at: int, line: int) -> None:
        """One or more, with separators or without."""
        lexer = self.lexer
        matching = GRAMMAR[rule]
        form = matching.form
        trailing = False
        while not self._backtrack:
            token, child, _ = matching.parts[at & 1 & form]
            at += 1
            if token < 0:
                self.rules.append((rule, at, line))
                self._enter(child)
                return
            if lexer.kind != token:
                self._backtrack = True
                break
            if not (at - 1) & 1 & form:
                self._token(rule)
            lexer.next()
        if at == 1:
            return  # no first item: whoever wanted a list goes on backtracking
        if form != 2 and at & 1:
            if form != 3:
                self._syntax_error()
            trailing = True
        self._backtrack = False
        count = at - 1
        if form & 1 and matching.parts[1][0] >= 0:
            count = (count + 1) // 2
        if count != 1 or trailing:
            self.build(line, rule, count)

    # -- results --------------------------------------------------------------------------------------------------

    def _token(self, rule: int) -> None:
        """``push_result_token``: what the current token is in the tree."""
        lexer = self.lexer
        kind = lexer.kind
        child: Child
        if kind is Tok.NAME:
            name = self.vm.strings.intern(decode(lexer.text))
            entry = self.consts.get(name) if rule == Rule.atom else None
            child = Name(name) if entry is None else self.constant(entry.value, lexer.token_line)
        elif kind is Tok.INTEGER or kind is Tok.FLOAT_OR_IMAG:
            child = self.constant(self._number(kind), lexer.token_line)
        elif kind is Tok.STRING:
            text = decode(lexer.text)
            strings = self.vm.strings
            if len(lexer.text) <= sizes.INTERNED_TEXT_MAX:
                child = strings.intern(text)
            elif strings.has(text):
                child = text
            else:
                child = self._const(self.vm.new_str(text), lexer.token_line)
        elif kind is Tok.BYTES:
            child = self._const(self.vm.new_bytes(lexer.text), lexer.token_line)
        else:
            child = TOKENS[kind]
        self.push(child)

    def _number(self, kind: Tok) -> Value:
        """The number that is the current token; a ValueError of its reader is a SyntaxError here."""
        lexer = self.lexer
        text = decode(lexer.text)
        try:
            return self.vm.parse_int(text, 0) if kind is Tok.INTEGER else self.vm.parse_decimal(text)
        except Raised as raised:
            if self.vm.retype(raised.value, Error.VALUE, Error.SYNTAX):
                self.vm.add_traceback(raised.value, lexer.source, lexer.token_line, None)
            raise

    def push_const(self, value: Value, line: int) -> None:
        """Push the node of a constant object."""
        self.push(self._const(value, line))

    def constant(self, value: Value, line: int) -> Child:
        """``make_node_const_object_optimised``: small ints are no nodes."""
        return value if type(value) is int else self._const(value, line)

    def _const(self, value: Value, line: int) -> Const:
        """``make_node_const_object``."""
        place = self._place(sizes.node_size(1))
        assert self._chunk is not None
        self._chunk.values[place % _CHUNK] = value
        return Const(value, line, place)

    def build(self, line: int, rule: int, count: int) -> None:
        """``push_result_rule``: the last ``count`` results become one, folded where that is possible."""
        results = self.results
        if rule == Rule.atom_paren:
            child = results[-1]
            if child is not None and not (isinstance(child, Node) and child.rule is Rule.testlist_comp):
                return
        elif rule == Rule.testlist_comp:
            child = results[-1]
            if isinstance(child, Node):
                if child.rule is Rule.testlist_comp_3b:
                    results.pop()
                    count -= 1
                elif child.rule is Rule.testlist_comp_3c:
                    results.pop()
                    child.rule = Rule.testlist_comp
                    return
        elif rule == Rule.testlist_comp_3c:
            count += 1
        if rule in folding.RULES:
            left = folding.logical(self, rule, count)
            if left is None or folding.arithmetic(self, rule, left):
                return
            count = left
        if rule in folding.TUPLES and folding.tuple_(self, line, rule, count):
            return
        place = self._place(sizes.node_size(count))
        kids = results[len(results) - count :]
        del results[len(results) - count :]
        node = Node(_RULES[rule], kids, line, place)
        if rule == Rule.testlist_comp_3c:
            self.push(node)
        self.push(node)

    # -- nodes ----------------------------------------------------------------------------------------------------

    def _place(self, size: int) -> int:
        """``parser_alloc``: room for a node."""
        chunk = self._chunk
        memory = self.memory
        if chunk is not None and chunk.used + size > chunk.room:
            if memory.resize_maybe(chunk, sizes.TREE_CHUNK_HEAD + chunk.room + size, move=False):
                chunk.room += size
            else:
                memory.resize_maybe(chunk, sizes.TREE_CHUNK_HEAD + chunk.used, move=False)
                chunk.room = chunk.used
                self._full.append(chunk)
                chunk = None
        if chunk is None:
            room = max(size, sizes.TREE_CHUNK)
            chunk = self._chunk = TreeChunk(memory, memory.alloc(sizes.TREE_CHUNK_HEAD + room), room)
            self._chunk_number += 1
        place = chunk.used
        chunk.used += size
        if place < chunk.written:
            chunk.overwrite(place, size)
        else:
            chunk.written = chunk.used
        return self._chunk_number * _CHUNK + place

    def take_back(self, child: Child) -> None:
        """``parser_free_parse_node_struct``: a node's room is free again if it is in the current chunk."""
        if isinstance(child, (Node, Const)) and self._chunk is not None:
            number, offset = divmod(child.place, _CHUNK)
            if number == self._chunk_number and offset < self._chunk.used:
                self._chunk.used -= sizes.node_size(len(child.kids) if isinstance(child, Node) else 1)

    # -- errors ---------------------------------------------------------------------------------------------------

    def _syntax_error(self) -> NoReturn:
        """The exception for the current token."""
        kind = self.lexer.kind
        if kind is Tok.INDENT:
            self.fail(Error.INDENTATION, "unexpected indent", self.lexer.token_line)
        if kind is Tok.DEDENT_MISMATCH:
            self.fail(Error.INDENTATION, "unindent doesn't match any outer indent level", self.lexer.token_line)
        text = "malformed f-string" if kind is Tok.MALFORMED_FSTRING else "invalid syntax"
        self.fail(Error.SYNTAX, text, self.lexer.token_line)

    def fail(self, error: Error, text: str, line: int) -> NoReturn:
        """Raise with file and line, without a function."""
        exception = self.vm.new_error(error, text)
        self.vm.add_traceback(exception, self.lexer.source, line, None)
        raise Raised(exception)


__all__ = ["Input", "Parser", "parse"]
