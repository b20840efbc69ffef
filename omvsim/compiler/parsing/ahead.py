"""What the parser would do next, worked out once for each rule and token.

Between two tokens MicroPython's parser goes down and up dozens of rules, most of which turn out not to be there. What
happens there depends only on the rule and the token; the one thing that matters of it is how deep the stack of rules
gets, because that stack is a chunk that grows.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from omvsim.compiler.parsing.grammar import AND, GRAMMAR, OR
from omvsim.compiler.parsing.tokens import Tok
from omvsim.records import NamedTuple

NOT_PLAIN: Final = -1
"""A rule that is not simply left: the parser has to look at it."""
_TOKENS: Final = len(Tok)


class Start(NamedTuple):
    """What a rule does on a token.

    ``depth``: how many entries more than before there are on the stack at most. ``begun``: rules and next parts that
    stay on the stack; None: the rule is not there. ``last``: the rule that takes the token.
    """

    depth: int
    begun: tuple[tuple[int, int], ...] | None
    last: int


@cache
def start(rule: int, token: int) -> Start:
    """What happens when ``rule`` is put on the stack while ``token`` is the current one."""
    kind, parts, *_ = GRAMMAR[rule]
    if kind == OR:
        return _alternatives(rule, token)
    first, child, optional = parts[0]
    if optional:
        return Start(1, (), rule)  # only the file itself: whatever comes, it looks
    if first >= 0:
        return Start(1, (), rule) if first == token else Start(1, None, rule)
    below = start(child, token)
    begun = None if below.begun is None else ((rule, 1), *below.begun)
    return Start(1 + below.depth, begun, below.last)


def _alternatives(rule: int, token: int) -> Start:
    """The first alternative that is there."""
    parts = GRAMMAR[rule].parts
    depth = 1
    for at, (first, child, _) in enumerate(parts, 1):
        if first >= 0:
            if first == token:
                return Start(depth, (), rule)
            continue
        waiting = ((rule, at),) if at < len(parts) else ()
        below = start(child, token)
        depth = max(depth, len(waiting) + below.depth)
        if below.begun is not None:
            return Start(depth, waiting + below.begun, below.last)
    return Start(depth, None, rule)


def _left(rule: int, token: int) -> int:
    """See :data:`LEFT`."""
    kind, parts, collapses, blank, form = GRAMMAR[rule]
    if kind == OR:
        return 0
    if kind == AND:
        if not collapses or blank or len(parts) != 2 or not parts[1][2]:
            return NOT_PLAIN
        below = start(parts[1][1], token)
        return NOT_PLAIN if below.begun is not None else 2 * (1 + below.depth) + 1
    following = parts[0] if form == 2 else parts[1]
    if following[0] >= 0:
        return NOT_PLAIN if following[0] == token else 0
    below = start(following[1], token)
    return NOT_PLAIN if below.begun is not None else 2 * (1 + below.depth)


LEFT: Final[list[list[int | None]]] = [[None] * _TOKENS for _ in GRAMMAR]
"""By rule and token, for a rule whose first part is done: whether it is left with just that part.

:data:`NOT_PLAIN`, or twice the depth of the stack that finding out takes, plus 1 where a result more is needed for it.
None: see :func:`left`.
"""


def left(rule: int, token: int) -> int:
    """Fill in an entry of :data:`LEFT`."""
    found = LEFT[rule][token] = _left(rule, token)
    return found


__all__ = ["LEFT", "NOT_PLAIN", "Start", "left", "start"]
