"""Cache lines of the convolution kernels, by the re-use their loops have.

Sources (structure only): those named in :mod:`omvsim.timing._loops_conv`.
"""

from __future__ import annotations

from math import gcd

from omvsim.timing._cache import RANDOM, Block, Cache, miss_shares, rows_block, settling
from omvsim.timing._loops_conv import is_matrix_conv
from omvsim.timing._node import Node, Value, Window, window
from omvsim.timing._uses import CROSSED, INNER, LOADS, PASSING, STORES, TURN, WEIGHTS, Place, Use, cold_uses, stays


def _quant(rows: int) -> int:
    """Per-channel multiplier and shift, in the persistent part of the arena."""
    return 8 * rows


def conv(node: Node, place: Place) -> list[Use]:
    x, w = node.present[:2]
    win = window(x, node.y, node.params)
    if x.type == "f32":
        return _conv_float(node, place, win)
    if x.type == "i8" and is_matrix_conv(node, win):
        stride_one = tuple(node.params["s"]) == (1, 1)
        calls = 1 if stride_one else x.shape[0] * win.out_h
        left = x.shape[0] * win.pixels if stride_one else win.out_w
        step = 1 if stride_one else node.params["s"][1]
        return matrix(node, place, calls, left, step)
    return _im2col(node, place, win, w)


def matrix(node: Node, place: Place, calls: int, left: int, step: int) -> list[Use]:
    """1x1: for every pair of channels the image (of one call) is read and two bytes of every output pixel written."""
    cache, rows, depth = place.cache, node.y.last, node.present[1].last
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
    settle = settling(cache, arena + fixed, passes) if place.arena else (0.0, 0.0)
    again = miss_shares(cache, [Block(weights), *arena])[0] if place.weights else 0.0
    out = left * rows / line
    return [
        *cold_uses(node, place, weights, TURN, PASSING),
        Use(WEIGHTS, weights * (calls - 1) * again, stays(again, weights), calls - 1, level=TURN),
        Use(WEIGHTS, 0.0, rows_read + 1.5, calls * passes * left / 2, level=INNER),
        Use(
            LOADS,
            calls * image * (in_share * (passes - 1) + settle[0]),
            stays(in_share, image),
            calls * (passes - 1),
            level=TURN,
        ),
        Use(
            STORES,
            calls * (max(0.0, touched * passes - out) * out_share + touched * settle[1]),
            stays(out_share, touched),
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
    taps = win.k_h * (win.k_w + min(stride[1], win.k_w)) * depth * width / line  # two windows, side by side at most
    row = int(x.shape[2] * depth * width)
    view = rows_block(cache, win.k_h, int(min(row, (win.k_w + stride[1]) * depth * width)), row)
    arena, fixed = place.blocks(
        [Block(scratch), Block(quant), view, Block(2 * y.last * width / line)], [Block(weights)]
    )
    shares = miss_shares(cache, arena + fixed)
    weight_share = shares[-1] if place.weights else 0.0
    extra = settling(cache, arena + fixed, pairs)[-1] if place.weights else 0.0
    uses = [
        *cold_uses(node, place, weights),
        Use(
            WEIGHTS,
            weights * (max(0.0, pairs - 1) * weight_share + extra),
            stays(weight_share, weights),
            pairs - 1,
            level=TURN,
        ),
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
    rows_kept = max(0, win.k_h - stride[0]) * x.shape[2] * depth * width / line
    return [
        *uses,
        Use(LOADS, window_loads + row_loads, stays(max(row_share, shares[2]), rows_kept), win.out_h, level=TURN),
        Use(LOADS, pairs * quant * shares[1], stays(shares[1], quant), pairs, level=TURN),
        Use(LOADS, pairs * scratch * inner * y.last / 2, stays(inner, scratch), pairs * y.last / 2, pairs, INNER),
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
    # Under random replacement only what comes back at the next pixel competes; what passes by disturbs (settle).
    if cache.policy == RANDOM:
        once = [Block(taps * max(0.0, 1 - stride[1] / win.k_w))]
    else:
        once = [Block(taps), Block(y.last * 4 / line)]
    arena, fixed = place.blocks(once, [Block(weights)])
    shares = miss_shares(cache, arena + fixed)
    weight_share = shares[-1] if place.weights else 0.0
    extra = settling(cache, arena + fixed, pixels)[-1] if place.weights else 0.0
    uses = [
        *cold_uses(node, place, weights),
        Use(
            WEIGHTS,
            weights * (max(0, pixels - 1) * weight_share + extra),
            stays(weight_share, weights),
            pixels - 1,
            level=TURN,
        ),
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
        Use(
            LOADS,
            window_loads + row_loads,
            stays(row_share, rows_set * (1 - min(1, stride[0] / win.k_h))),
            win.out_h,
            level=TURN,
        ),
        Use(LOADS, pixels * (y.last - 1) * taps * inner, stays(inner, taps * valid), pixels * y.last, level=INNER),
    ]


def depthwise(node: Node, place: Place) -> list[Use]:
    """Per output pixel: its window, all weights and quantisation parameters.

    Kernels other than 3x3 (int8, multiplier 1) first widen the window into scratch memory of two bytes a tap.
    """
    cache, x, y, w = place.cache, node.x, node.y, node.present[1]
    line = cache.line
    win = window(x, y, node.params)
    width = x.bytes / max(1, x.elements)
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
        *cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (max(0, pixels - 1) * weight_share + extra), stays(weight_share, weights), pixels - 1,
            level=TURN),
    ]  # fmt: skip
    if not place.arena:
        return uses
    return [
        *uses,
        _window_use(node, place, win, (taps, shares[1]), _row_share(node, place, [Block(quant)], weights)),
        # One line a tap of weights and image, bias, quantisation and output are in use at a time.
        Use(WEIGHTS, 0.0, win.k_h * win.k_w + 1.0, pixels * x.last / 4, level=INNER),
        Use(LOADS, 0.0, win.k_h * win.k_w + 2.0, pixels * x.last / 4, level=INNER),
        Use(LOADS, pixels * quant * shares[0], stays(shares[0], quant), pixels, level=TURN),
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
    kept = stays(row_share, rows_set * (1 - min(1.0, stride[0] / win.k_h)))
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
            *cold_uses(node, place, weights),
            Use(WEIGHTS, weights * ((pixels - 1) * share + extra), stays(share, weights), pixels - 1, level=TURN),
        ]
    row_share = _row_share(node, place, [Block(scratch), Block(quant)], weights)
    if cache.policy == RANDOM:
        return [
            *cold_uses(node, place, weights),
            Use(WEIGHTS, 0.0, weights, pixels - 1, level=CROSSED),
            Use(LOADS, 0.0, quant, pixels - 1, level=CROSSED),
            Use(LOADS, 0.0, scratch, pixels, 0.0, CROSSED, 0.5),
            Use(STORES, 0.0, scratch, pixels, 0.0, CROSSED, 0.5),
            _window_use(node, place, win, (taps, 0.0), row_share),
            Use(LOADS, 0.0, max(0.0, taps - x.bytes / line / pixels), pixels, level=CROSSED),
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
        *cold_uses(node, place, weights),
        Use(WEIGHTS, weights * (pixels - 1) * full, level=TURN),
        Use(LOADS, quant * pixels * full, level=TURN),
        Use(LOADS, pixels * scratch * read_back / area, level=TURN),
        Use(STORES, pixels * scratch * rewritten / area, level=TURN),
        _window_use(node, place, win, (taps, full), row_share),
    ]


def _over(cache: Cache, lines: float) -> float:
    """Share of sets that overflow when ``lines`` lines of several blocks lie over the cache: a ramp around its size."""
    return min(1.0, max(0.0, (lines / cache.lines - 0.85) / 0.3))
