"""Cache-line misses of an operator, by the re-use its kernel really has.

Every kernel is a nest of loops. The inner body uses its weights, activations, scratch memory and quantisation
parameters once a turn; between turns some of them must come again, unless they stayed in the cache
(:func:`~omvsim.timing._cache.miss_shares`). The rules follow the kernels' sources named in
:mod:`omvsim.timing._loops_conv`; on the RT1062 the stack is in tightly coupled memory and makes no misses.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, gcd
from typing import TYPE_CHECKING

from omvsim.timing._cache import RANDOM, Block, Cache, miss_shares, rows_block, settling
from omvsim.timing._loops_conv import is_matrix_conv
from omvsim.timing._loops_dense import dense_shape
from omvsim.timing._node import Node, Value, Window, window

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Misses:
    """Lines: weights loaded, arena loaded, arena written without being there, and written back."""

    weights: float = 0.0
    arena_loads: float = 0.0
    arena_stores: float = 0.0
    write_backs: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """What of an operator's data goes through the cache, and what is there already when it starts."""

    cache: Cache
    arena: bool = True
    weights: bool = True
    warm_weights: float = 0.0
    """Share of the weights still in the cache from the previous inference."""
    warm_input: float = 0.0
    warm_output: float = 0.0
    abreast: int = 1
    """Streams of the operator that run through the same sets at the same time (tensors a multiple of the cache's way
    apart): under random replacement each new line may throw out the others' current ones."""

    def blocks(self, arena: list[Block], weights: list[Block]) -> tuple[list[Block], list[Block]]:
        """The blocks that compete for the cache."""
        return (arena if self.arena else []), (weights if self.weights else [])


def misses(node: Node, place: Place) -> Misses:
    """Lines that ``node`` misses, by class, with its data where ``place`` says."""
    rule = _RULES.get(node.op, _cold_uses)
    return _settle(rule(node, place), place)


WEIGHTS, LOADS, STORES = 0, 1, 2
PASSING, TURN, INNER = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Use:
    """What one block of an operator's data costs.

    ``base`` misses follow from the loops; ``kept`` lines stay from turn to turn if nothing else evicts them, and are
    asked for again in each of ``turns`` turns.
    """

    kind: int
    base: float
    kept: float = 0.0
    turns: float = 1.0
    rewritten: float = 0.0
    """How often the lines kept are written anew (scratch memory): the first eviction after that writes back."""
    level: int = 0
    """0: passes by once. 1: competes in the turn's own miss shares, so other uses of level 1 are already counted
    against it. 2: an inner loop's, which all others disturb."""
    exposure: float = 1.0
    """Share of a turn's misses that fall between two uses of a line."""


def _settle(uses: list[Use], place: Place) -> Misses:
    """Sum the uses; under random replacement every miss also evicts lines that were meant to stay.

    A line that M misses pass over is gone with probability 1 - exp(-M / lines); what is fetched again evicts in turn,
    hence the few rounds to a fixed point.
    """
    uses = [u for u in uses if (place.weights if u.kind == WEIGHTS else place.arena)]
    base = sum(u.base for u in uses)
    passing = sum(u.base for u in uses if u.level == PASSING)
    extra = [0.0] * len(uses)
    if place.cache.policy == RANDOM:
        again = 0.0
        for _ in range(12):
            extra = [_evicted(u, (base if u.level == INNER else passing) + again, place.cache) for u in uses]
            before, again = again, sum(extra)
            if again - before < 0.01 * (base + again):
                break
    sums = [0.0, 0.0, 0.0]
    for use, more in zip(uses, extra, strict=True):
        sums[use.kind] += use.base + more
    total = base + sum(extra)
    written = sums[STORES] + sum(
        u.rewritten * u.kept * (1.0 - exp(-total / (u.rewritten * place.cache.lines))) for u in uses if u.rewritten
    )
    return Misses(sums[WEIGHTS], sums[LOADS], sums[STORES], written if place.cache.policy == RANDOM else sums[STORES])


def _evicted(use: Use, disturbing: float, cache: Cache) -> float:
    if not use.kept or use.turns <= 0:
        return 0.0
    return use.turns * use.kept * (1.0 - exp(-use.exposure * disturbing / (max(1.0, use.turns) * cache.lines)))


def _stays(share: float, lines: float) -> float:
    return lines * (1.0 - share)


def _constants(node: Node) -> tuple[float, float]:
    """(activation inputs, constants) in bytes."""
    moving = sum(v.bytes for v in node.present if not v.constant) - node.params.get("repeated", 0)
    fixed = sum(v.bytes for v in node.present if v.constant)
    return moving, fixed


def _cold_uses(
    node: Node, place: Place, weights: float | None = None, image: int = PASSING, level: int | None = None
) -> list[Use]:
    """Everything read and written once: what is not in the cache already.

    Weights that come back in every turn (``weights`` given) compete there; so does an ``image`` of level TURN.
    """
    line = place.cache.line
    moving, fixed = _constants(node)
    out = sum(v.bytes for v in node.outputs) / line
    clash = 1.0
    if weights is None and place.cache.policy == RANDOM:
        clash += (min(place.abreast, place.cache.ways) - 1) / place.cache.ways
    return [
        Use(
            WEIGHTS,
            (fixed / line if weights is None else weights) * (1 - place.warm_weights),
            level=level if level is not None else PASSING if weights is None else TURN,
        ),
        Use(LOADS, moving / line * (1 - place.warm_input) * clash, level=image),
        Use(STORES, out * (1 - place.warm_output) * clash),
    ]


def _quant(rows: int) -> int:
    """Per-channel multiplier and shift, in the persistent part of the arena."""
    return 8 * rows


def _conv(node: Node, place: Place) -> list[Use]:
    x, w = node.present[:2]
    win = window(x, node.y, node.params)
    if x.type == "f32":
        return _conv_float(node, place, win)
    if x.type == "i8" and is_matrix_conv(node, win):
        stride_one = tuple(node.params["s"]) == (1, 1)
        calls = 1 if stride_one else x.shape[0] * win.out_h
        left = x.shape[0] * win.pixels if stride_one else win.out_w
        step = 1 if stride_one else node.params["s"][1]
        return _matrix(node, place, calls, left, x.last, step)
    return _im2col(node, place, win, w)


def _matrix(node: Node, place: Place, calls: int, left: int, depth: int, step: int) -> list[Use]:
    """1x1: for every pair of channels the image (of one call) is read and two bytes of every output pixel written."""
    cache, rows = place.cache, node.y.last
    line = cache.line
    passes = max(1.0, rows / 2)
    weights = (depth * rows + 4 * rows) / line
    image = min(left * step * depth / line, left * (depth + line - 1) / line)
    touched = min(float(left), left * rows / line)
    share = 1.0
    if rows >= line:
        share = line / gcd(cache.sets * line, rows) if gcd(cache.sets * line, rows) > line else 1.0
    rows_read = 2 * depth / line
    arena, fixed = place.blocks([Block(image), Block(touched, share)], [Block(rows_read)])
    shares = miss_shares(cache, arena + fixed)
    in_share, out_share = (shares[0], shares[1]) if place.arena else (0.0, 0.0)
    settle = settling(cache, arena + fixed, passes) if place.arena else [0.0, 0.0]
    again = miss_shares(cache, [Block(weights), *arena])[0] if place.weights else 0.0
    out = left * rows / line
    return [
        *_cold_uses(node, place, weights, TURN, PASSING),
        Use(WEIGHTS, weights * (calls - 1) * again, _stays(again, weights), calls - 1, level=TURN),
        Use(WEIGHTS, 0.0, rows_read + 1.0, calls * passes * left / 2, level=INNER),
        Use(LOADS, calls * image * (in_share * (passes - 1) + settle[0]), _stays(in_share, image), calls * (passes - 1), level=TURN),
        Use(
            STORES,
            calls * (max(0.0, touched * passes - out) * out_share + touched * settle[1]),
            _stays(out_share, touched),
            calls * max(0.0, passes - out / max(1.0, touched)),
            level=TURN,
        ),
        Use(LOADS, 0.0, 2.0, calls * passes * left / 2, level=INNER),
    ]


def _im2col(node: Node, place: Place, win: Window, w: Value) -> list[Use]:
    """kxk: for every two output pixels their taps go to scratch memory and all weights are read.

    The scratch memory (two columns of int16) is read again for every pair of channels, so it stays; the window, the
    quantisation parameters and the weights come once a turn.
    """
    cache, x, y = place.cache, node.x, node.y
    line, depth = cache.line, node.x.last
    width = x.bytes / max(1, x.elements)
    stride = node.params["s"]
    k = win.k_h * win.k_w * depth
    pairs = x.shape[0] * win.pixels / 2
    weights = (w.bytes + 4 * y.last) / line
    scratch = 4 * k / line
    quant = _quant(y.last) / line
    taps = win.k_h * (win.k_w + stride[1]) * depth * width / line
    row = int(x.shape[2] * depth * width)
    view = rows_block(cache, win.k_h, int(min(row, (win.k_w + stride[1]) * depth * width)), row)
    arena, fixed = place.blocks(
        [Block(scratch), Block(quant), view, Block(2 * y.last * width / line)], [Block(weights)]
    )
    shares = miss_shares(cache, arena + fixed)
    weight_share = shares[-1] if place.weights else 0.0
    extra = settling(cache, arena + fixed, pairs)[-1] if place.weights else 0.0
    uses = [
        *_cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (max(0.0, pairs - 1) * weight_share + extra), _stays(weight_share, weights), pairs - 1, level=TURN),
    ]
    if not place.arena:
        return uses
    inner_blocks = [Block(scratch), *([Block(2 * k / line)] if place.weights else [])]
    inner = miss_shares(cache, inner_blocks)[0]
    row_share = _row_share(node, place, [Block(scratch), Block(quant)], weights)
    valid = win.valid / max(1, win.taps)
    fresh = min(taps, x.bytes / line / max(1.0, pairs) * 1.0)
    window_loads = shares[2] * pairs * max(0.0, taps * valid - fresh)
    row_loads = (1 - shares[2]) * x.bytes / line * max(0.0, win.k_h / stride[0] - 1) * row_share
    rows_set = win.k_h * x.shape[2] * depth * width / line
    return [
        *uses,
        Use(LOADS, window_loads + row_loads, _stays(max(row_share, shares[2]), rows_set * (1 - stride[0] / win.k_h)),
            win.out_h, level=TURN),
        Use(LOADS, pairs * quant * shares[1], _stays(shares[1], quant), pairs, level=TURN),
        Use(LOADS, pairs * scratch * inner * y.last / 2, _stays(inner, scratch), pairs * y.last / 2, pairs, INNER),
        Use(STORES, 0.0, scratch, pairs, level=INNER, exposure=2 / max(2, y.last)),
        Use(STORES, 0.0, 2.0, pairs * y.last / 2, level=INNER),
    ]  # fmt: skip


def _row_share(node: Node, place: Place, others: list[Block], weights: float) -> float:
    """Share of the image lines that are gone when the next output row wants them again."""
    x = node.x
    k_h = node.params["k"][0] if "k" in node.params else node.present[1].shape[1]
    line = place.cache.line
    row = x.bytes / max(1, x.shape[0] * x.shape[1]) / line
    out_row = node.y.bytes / max(1, node.y.shape[0] * node.y.shape[1]) / line
    arena, fixed = place.blocks([Block(k_h * row), Block(out_row), *others], [Block(weights)])
    return miss_shares(place.cache, arena + fixed)[0] if place.arena else 0.0


def _conv_float(node: Node, place: Place, win: Window) -> list[Use]:
    """Reference kernel: for every output pixel all weights, and for every channel the pixel's window."""
    cache, x, y, w = place.cache, node.x, node.y, node.present[1]
    line = cache.line
    stride = node.params["s"]
    pixels = x.shape[0] * win.pixels
    weights = (w.bytes + 4 * y.last) / line
    taps = win.k_h * cache.span(win.k_w * x.last * 4)
    arena, fixed = place.blocks([Block(taps), Block(y.last * 4 / line)], [Block(weights)])
    shares = miss_shares(cache, arena + fixed)
    weight_share = shares[-1] if place.weights else 0.0
    extra = settling(cache, arena + fixed, pixels)[-1] if place.weights else 0.0
    uses = [
        *_cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (max(0, pixels - 1) * weight_share + extra), _stays(weight_share, weights), pixels - 1, level=TURN),
    ]
    if not place.arena:
        return uses
    per_channel = [Block(w.bytes / max(1, y.last) / line)] if place.weights else []
    inner = miss_shares(cache, [Block(taps), *per_channel])[0]
    row_share = _row_share(node, place, [], weights)
    fresh = x.bytes / line / max(1, pixels)
    valid = win.valid / max(1, win.taps)
    window_loads = shares[0] * pixels * max(0.0, taps * valid - fresh)
    row_loads = (1 - shares[0]) * x.bytes / line * max(0.0, win.k_h / stride[0] - 1) * row_share
    rows_set = win.k_h * x.shape[2] * x.last * 4 / line
    return [
        *uses,
        Use(LOADS, window_loads + row_loads, _stays(row_share, rows_set * (1 - min(1, stride[0] / win.k_h))), win.out_h, level=TURN),
        Use(LOADS, pixels * (y.last - 1) * taps * inner, _stays(inner, taps * valid), pixels * y.last, level=INNER),
    ]


def _depthwise(node: Node, place: Place) -> list[Use]:
    """Per output pixel: its window, all weights and quantisation parameters.

    Kernels other than 3x3 (int8, multiplier 1) first widen the window into scratch memory of two bytes a tap.
    """
    cache, x, y, w = place.cache, node.x, node.y, node.present[1]
    line = cache.line
    win = window(x, y, node.params)
    width = x.bytes / max(1, x.elements)
    stride = node.params["s"]
    pixels = x.shape[0] * win.pixels
    plain = width == 1 and y.last == x.last and x.shape[0] == 1 and tuple(node.params.get("d", (1, 1))) == (1, 1)
    three = plain and win.k_h == win.k_w == 3 and win.pad_h <= 1 and win.pad_w <= 1
    weights = (w.bytes + 4 * y.last) / line
    quant = _quant(y.last) / line if width < 4 else 0.0
    if plain and not three:
        return _depthwise_opt(node, place, win, weights, quant)
    taps = win.k_h * win.k_w * x.last * width / line
    view = rows_block(cache, win.k_h, int(win.k_w * x.last * width), int(x.shape[2] * x.last * width))
    arena, fixed = place.blocks([Block(quant), view, Block(y.last * width / line)], [Block(weights)])
    shares = miss_shares(cache, arena + fixed)
    weight_share = shares[-1] if place.weights else 0.0
    extra = settling(cache, arena + fixed, pixels)[-1] if place.weights else 0.0
    uses = [
        *_cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (max(0, pixels - 1) * weight_share + extra), _stays(weight_share, weights), pixels - 1,
            level=TURN),
    ]  # fmt: skip
    if not place.arena:
        return uses
    return [
        *uses,
        _window_use(node, place, win, (taps, shares[1]), _row_share(node, place, [Block(quant)], weights)),
        Use(LOADS, pixels * quant * shares[0], _stays(shares[0], quant), pixels, level=TURN),
    ]


def _window_use(node: Node, place: Place, win: Window, taps: tuple[float, float], row_share: float) -> Use:
    """Image lines read again: by the next pixel of the row (``taps`` lines and their miss share) or by the next row."""
    x, line = node.x, place.cache.line
    lines, share = taps
    stride = node.params["s"]
    pixels = x.shape[0] * win.pixels
    valid = win.valid / max(1, win.taps)
    fresh = x.bytes / line / max(1, pixels)
    again = share * pixels * max(0.0, lines * valid - fresh)
    rows = (1 - share) * x.bytes / line * max(0.0, win.k_h / stride[0] - 1) * row_share
    rows_set = win.k_h * x.bytes / max(1, x.shape[0] * x.shape[1]) / line
    kept = _stays(row_share, rows_set * (1 - min(1.0, stride[0] / win.k_h)))
    return Use(LOADS, again + rows, kept, win.out_h, level=TURN)


def _depthwise_opt(node: Node, place: Place, win: Window, weights: float, quant: float) -> list[Use]:
    """Every pixel writes its window, widened, tap by tap into scratch memory and then reads it channel by channel.

    The two walks cross, so a line's distance between write and read depends on where it lies: under LRU the share
    that is gone is the area of (channel, tap) where more than the cache's lines were touched in between.
    """
    cache, x = place.cache, node.x
    line = cache.line
    pixels = win.pixels
    size = win.k_h * win.k_w * x.last
    scratch, taps = 2 * size / line, size / line
    fixed = weights + quant if place.weights else quant
    if not place.arena:
        blocks = [Block(weights)]
        share, extra = miss_shares(cache, blocks)[0], settling(cache, blocks, pixels)[0]
        return [
            *_cold_uses(node, place, weights),
            Use(WEIGHTS, weights * ((pixels - 1) * share + extra), _stays(share, weights), pixels - 1, level=TURN),
        ]
    row_share = _row_share(node, place, [Block(scratch), Block(quant)], weights)
    if cache.policy == RANDOM:
        return [
            *_cold_uses(node, place, weights),
            Use(WEIGHTS, 0.0, weights, pixels - 1, level=INNER),
            Use(LOADS, 0.0, quant, pixels - 1, level=INNER),
            Use(LOADS, 0.0, scratch, pixels, 0.0, INNER, 0.5),
            Use(STORES, 0.0, scratch, pixels, 0.0, INNER, 0.5),
            _window_use(node, place, win, (taps, 0.0), row_share),
            Use(LOADS, 0.0, max(0.0, taps - x.bytes / line / pixels), pixels, level=INNER),
        ]
    full = _over(cache, scratch + fixed + taps)
    rewritten = read_back = 0.0
    steps = 8
    for i in range(steps):
        for j in range(steps):
            channel, tap = (i + 0.5) / steps, (j + 0.5) / steps
            rewritten += _over(cache, (1 - channel) * (scratch + fixed) + channel * tap * scratch + tap * taps)
            read_back += _over(cache, (1 - tap + channel * tap) * scratch + (1 - tap) * taps + channel * fixed)
    area = steps * steps
    return [
        *_cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (pixels - 1) * full, level=TURN),
        Use(LOADS, quant * pixels * full, level=TURN),
        Use(LOADS, pixels * scratch * read_back / area, level=TURN),
        Use(STORES, pixels * scratch * rewritten / area, level=TURN),
        _window_use(node, place, win, (taps, full), row_share),
    ]


def _over(cache: Cache, lines: float) -> float:
    """Share of sets that overflow when ``lines`` lines of several blocks lie over the cache: a ramp around its size."""
    return min(1.0, max(0.0, (lines / cache.lines - 0.85) / 0.3))


def _dense(node: Node, place: Place) -> list[Use]:
    """FULLY_CONNECTED: weights once for every input vector; the vector itself stays."""
    cache = place.cache
    vectors, rows, depth = dense_shape(node)
    if vectors > 1 and node.x.type == "i8" and len(node.y.shape) > 2 and depth % 4 == 0:
        return _matrix(node, place, 1, vectors, depth, 1)
    weights = (node.present[1].bytes + 4 * rows) / cache.line
    vector = node.x.bytes / max(1, vectors) / cache.line
    arena, fixed = place.blocks([Block(vector)], [Block(weights)])
    again = miss_shares(cache, arena + fixed)[-1] if vectors > 1 and place.weights else 0.0
    return [
        *_cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (vectors - 1) * again, _stays(again, weights), vectors - 1, level=TURN),
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
    moving, fixed = _constants(node)
    weights = fixed / place.cache.line
    out = sum(v.bytes for v in node.outputs)
    arena, constants = place.blocks([Block(min(moving, 4096.0) / place.cache.line + 1)], [Block(weights)])
    share = miss_shares(place.cache, arena + constants)[-1] if place.weights else 0.0
    extra = settling(place.cache, arena + constants, turns)[-1] if place.weights else 0.0
    kept = min(out, 4096) / place.cache.line
    return [
        *_cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (max(0.0, turns - 1) * share + extra), _stays(share, weights), turns - 1, level=TURN),
        Use(LOADS, 0.0, kept, turns, level=INNER),
    ]


def _mean(node: Node, place: Place) -> list[Use]:
    """Float MEAN over height and width walks the whole plane once for every channel."""
    x = node.x
    plane = len(x.shape) == 4 and node.y.elements == x.shape[0] * x.shape[3]
    if x.type != "f32" or not plane:
        return _cold_uses(node, place)
    return _walks(node, place, float(x.shape[1] * x.shape[2]))


def _transpose(node: Node, place: Place) -> list[Use]:
    """The output is written in order; a line of the input comes back only after the loops inside that of its axis."""
    perm = node.params.get("perm")
    if not perm or perm[-1] == len(perm) - 1:
        return _cold_uses(node, place)
    inside = 1.0
    for size in node.y.shape[perm.index(len(perm) - 1) + 1 :]:
        inside *= size
    return _walks(node, place, inside)


def _walks(node: Node, place: Place, between: float) -> list[Use]:
    """Every element of the input is read once, ``between`` other elements (on lines of their own) between neighbours."""
    uses = _cold_uses(node, place, image=TURN)
    if not place.arena:
        return uses
    lines = node.x.bytes / place.cache.line
    active = max(1.0, min(between, lines))
    blocks = [Block(active), Block(1.0)]
    share = miss_shares(place.cache, blocks)[0]
    again = max(0.0, node.x.elements - lines)
    settle = settling(place.cache, blocks, again / active)[0]
    kept = _stays(share, active)
    return [*uses, Use(LOADS, again * share + active * settle, kept, again / active, level=TURN)]


_RULES: dict[str, Callable[[Node, Place], list[Use]]] = {
    "CONV_2D": _conv,
    "DEPTHWISE_CONV_2D": _depthwise,
    "FULLY_CONNECTED": _dense,
    "TRANSPOSE_CONV": _transpose_conv,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": _lstm,
    "MEAN": _mean,
    "TRANSPOSE": _transpose,
}
