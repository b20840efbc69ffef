"""From tokens to the tree, as MicroPython's parser does it (py/parse.c), with every request it makes on the way.

The parser keeps rules it is in on one stack and what it found on another; both grow. Constants are folded as they
appear (:mod:`folding`); tokens become children in :mod:`leaves`, nodes lie in the chunks of :mod:`packing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from omvsim.compiler.parsing import folding
from omvsim.compiler.parsing.ahead import LEFT, NOT_PLAIN, left, start
from omvsim.compiler.parsing.grammar import AND, GRAMMAR, OR
from omvsim.compiler.parsing.leaves import leaf
from omvsim.compiler.parsing.packing import Packing
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tokens import Tok
from omvsim.compiler.parsing.tree import Name, Node, ParseTree
from omvsim.memory import sizes
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.maps import Map
from omvsim.records import Enum

if TYPE_CHECKING:
    from omvsim.compiler.parsing.lexer import Lexer
    from omvsim.compiler.parsing.tree import Child
    from omvsim.micropython.machine import Machine

_KINDS: Final = tuple(matching.kind for matching in GRAMMAR)


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
        self.packing = Packing(memory)
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
        chunks = self.packing.end()
        if lexer.kind is not Tok.END or not self.results:
            self._syntax_error()
        self.memory.free(self._rules_block)
        self.memory.free(self._results_block)
        return ParseTree(self.memory, self.results[0], chunks)

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
            self.push(leaf(self, begin.last))
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
                    self.push(leaf(self, rule))
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
                    self.push(leaf(self, rule))
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
                self.push(leaf(self, rule))
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
        node = self.packing.node(rule, results[len(results) - count :], line)
        del results[len(results) - count :]
        if rule == Rule.testlist_comp_3c:
            self.push(node)
        self.push(node)

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
