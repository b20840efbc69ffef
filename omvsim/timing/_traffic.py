"""Cache-line misses of an operator, by the re-use its kernel really has.

Every kernel is a nest of loops. The inner body uses its weights, activations, scratch memory and quantisation
parameters once a turn; between turns some of them must come again, unless they stayed in the cache
(:func:`~omvsim.timing._cache.miss_shares`). The rules follow the kernels' sources named in
:mod:`omvsim.timing._loops_conv`; on the RT1062 the stack is in tightly coupled memory and makes no misses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.timing._cache import Block, miss_shares, settling
from omvsim.timing._instructions import MISFIT
from omvsim.timing._loops_dense import dense_shape
from omvsim.timing._traffic_conv import conv, depthwise, matrix
from omvsim.timing._uses import INNER, LOADS, TURN, WEIGHTS, Misses, Place, Use, cold_uses, constants, settle, stays

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.timing._node import Node


def misses(node: Node, place: Place) -> Misses:
    """Lines that ``node`` misses, by class, with its data where ``place`` says."""
    if not node.is_sized:
        return Misses()
    rule = _RULES.get(node.op, cold_uses)
    try:
        return settle(rule(node, place), place)
    except MISFIT:
        return settle(cold_uses(node, place), place)


def _dense(node: Node, place: Place) -> list[Use]:
    """FULLY_CONNECTED: weights once for every input vector; the vector itself stays."""
    cache = place.cache
    vectors, rows, depth = dense_shape(node)
    if vectors > 1 and node.x.type == "i8" and len(node.y.shape) > 2 and depth % 4 == 0:
        return matrix(node, place, 1, vectors, 1)
    weights = (node.present[1].bytes + 4 * rows) / cache.line
    vector = node.x.bytes / max(1, vectors) / cache.line
    arena, fixed = place.blocks([Block(vector)], [Block(weights)])
    again = miss_shares(cache, arena + fixed)[-1] if vectors > 1 and place.weights else 0.0
    return [
        *cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (vectors - 1) * again, stays(again, weights), vectors - 1, level=TURN),
        Use(LOADS, 0.0, vector, rows / 2 * vectors, level=INNER),
    ]


def _lstm(node: Node, place: Place) -> list[Use]:
    """All weights once for every time step."""
    x = node.x
    steps = x.shape[0] * x.shape[1] if len(x.shape) == 3 else 1
    return _restreamed(node, place, float(steps))


def _transpose_conv(node: Node, place: Place) -> list[Use]:
    """All weights once for every input pixel; the output is accumulated in place (scratch memory of 32 or 64 bits)."""
    x = node.present[2]
    return _restreamed(node, place, float(x.shape[0] * x.shape[1] * x.shape[2]))


def _restreamed(node: Node, place: Place, turns: float) -> list[Use]:
    moving, fixed = constants(node)
    weights = fixed / place.cache.line
    out = sum(v.bytes for v in node.outputs)
    arena, blocks = place.blocks([Block(min(moving, 4096.0) / place.cache.line + 1)], [Block(weights)])
    share = miss_shares(place.cache, arena + blocks)[-1] if place.weights else 0.0
    extra = settling(place.cache, arena + blocks, turns)[-1] if place.weights else 0.0
    kept = min(out, 4096) / place.cache.line
    return [
        *cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (max(0.0, turns - 1) * share + extra), stays(share, weights), turns - 1, level=TURN),
        Use(LOADS, 0.0, kept, turns, level=INNER),
    ]


def _mean(node: Node, place: Place) -> list[Use]:
    """Float MEAN over height and width walks the whole plane once for every channel."""
    x = node.x
    plane = len(x.shape) == 4 and node.y.elements == x.shape[0] * x.shape[3]
    if x.type != "f32" or not plane:
        return cold_uses(node, place)
    return _walks(node, place, float(x.shape[1] * x.shape[2]))


def _transpose(node: Node, place: Place) -> list[Use]:
    """The output is written in order; a line of the input comes back only after the loops inside that of its axis."""
    perm = node.params.get("perm")
    if not perm or perm[-1] == len(perm) - 1:
        return cold_uses(node, place)
    inside = 1.0
    for size in node.y.shape[perm.index(len(perm) - 1) + 1 :]:
        inside *= size
    return _walks(node, place, inside)


def _walks(node: Node, place: Place, between: float) -> list[Use]:
    """Every element of the input is read once, ``between`` others (on lines of their own) between neighbours."""
    uses = cold_uses(node, place, image=TURN)
    if not place.arena:
        return uses
    lines = node.x.bytes / place.cache.line
    active = max(1.0, min(between, lines))
    blocks = [Block(active), Block(1.0)]
    share = miss_shares(place.cache, blocks)[0]
    again = max(0.0, node.x.elements - lines)
    settle = settling(place.cache, blocks, again / active)[0]
    kept = stays(share, active)
    return [*uses, Use(LOADS, again * share + active * settle, kept, again / active, level=TURN)]


_RULES: dict[str, Callable[[Node, Place], list[Use]]] = {
    "CONV_2D": conv,
    "DEPTHWISE_CONV_2D": depthwise,
    "FULLY_CONNECTED": _dense,
    "TRANSPOSE_CONV": _transpose_conv,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _lstm,
    "MEAN": _mean,
    "TRANSPOSE": _transpose,
}
