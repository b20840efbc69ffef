"""What is worked out ahead for a rule and a token is what going through the rules one by one comes to."""

from __future__ import annotations

import pytest

from omvsim.compiler.parsing.ahead import NOT_PLAIN, left, start
from omvsim.compiler.parsing.grammar import AND, GRAMMAR, LIST, OR
from omvsim.compiler.parsing.rules import Rule
from omvsim.compiler.parsing.tokens import Tok

TAKEN = "taken"
ABSENT = "absent"


def step_by_step(rule: int, at: int, token: int, *, backtrack: bool = False) -> tuple[str, int, int, int]:
    """Go on in ``rule`` at part ``at`` as the parser does, one rule a step, until the token is taken or the rule left.

    Returns what came of it, how deep the stack got, how many rules stay on it, and which rule ended it.
    """
    stack = [(rule, at)]
    deepest = 0
    while stack:
        deepest = max(deepest, len(stack))
        rule, at = stack.pop()
        kind, parts, _, _, form = GRAMMAR[rule]
        if kind == OR:
            if at and not backtrack:
                continue
            backtrack = True
            while at < len(parts) and backtrack:
                first, child, _ = parts[at]
                at += 1
                if first == token:
                    return TAKEN, deepest, len(stack), rule
                if first < 0:
                    if at < len(parts):
                        stack.append((rule, at))
                    stack.append((child, 0))
                    backtrack = False
            continue
        if backtrack:
            if kind == AND and parts[at - 1][2]:
                backtrack = False
            elif at == 1:
                continue
            elif kind == LIST and at == 2 and form != 2:
                return ABSENT, deepest, len(stack), rule
            else:
                raise AssertionError("tokens were taken before")
        if kind == AND and at == len(parts):
            continue
        first, child, _ = parts[at & 1 & form] if kind == LIST else parts[at]
        if first >= 0:
            if first == token:
                return TAKEN, deepest, len(stack), rule
            if kind == LIST and at == 1:
                return ABSENT, deepest, len(stack), rule
            backtrack = True
        else:
            stack += [(rule, at + 1), (child, 0)]
    return ABSENT, deepest, 0, rule


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule < Rule.const_object], ids=lambda rule: rule.name)
def test_beginning_a_rule(rule: Rule) -> None:
    if GRAMMAR[rule].parts[0][2]:
        assert start(rule, Tok.NAME) == (1, (), rule)
        return
    for token in Tok:
        end, deepest, stay, last = step_by_step(rule, 0, token)
        begin = start(rule, token)
        assert (begin.begun is not None) == (end == TAKEN), token
        assert begin.depth == deepest, token
        if begin.begun is not None:
            assert (len(begin.begun), begin.last) == (stay, last), token


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule < Rule.const_object], ids=lambda rule: rule.name)
def test_leaving_a_rule_after_its_first_part(rule: Rule) -> None:
    kind, parts, collapses, blank, form = GRAMMAR[rule]
    for token in Tok:
        plain = left(rule, token)
        if kind == AND and not (collapses and not blank and len(parts) == 2 and parts[1][2]):
            assert plain == NOT_PLAIN
            continue
        if kind == LIST and form == 2:
            end, deepest, _, _ = _again(rule, token)
        else:
            end, deepest, _, _ = step_by_step(rule, 1, token)
        assert (plain == NOT_PLAIN) == (end == TAKEN), token
        if plain != NOT_PLAIN:
            # the rule itself was on the stack before, so only what is put above it counts
            assert plain >> 1 == (deepest if deepest > 1 else 0), token
            assert plain & 1 == (kind == AND), token


def _again(rule: int, token: int) -> tuple[str, int, int, int]:
    """Whether another item follows in a list without separators."""
    end, deepest, stay, last = step_by_step(GRAMMAR[rule].parts[0][1], 0, token)
    return end, deepest + 1, stay, last
