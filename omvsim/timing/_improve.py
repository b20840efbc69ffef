"""What would make an inference faster at the least cost, each with what it saves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from omvsim.timing._predict import Placement, predict
from omvsim.timing._types import ZERO, Range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.timing._predict import Workload
    from omvsim.timing._profile import TimingProfile
    from omvsim.timing._types import InferenceTime

WORTH = 0.01
"""Smaller savings are not listed."""


@dataclass(frozen=True, slots=True)
class Improvement:
    """One change: what to do, how many bytes have to move for it, and milliseconds saved."""

    action: str
    bytes: int
    saves_ms: Range


def improvements(
    work: Workload, profile: TimingProfile, time: InferenceTime, arena_bytes: int, limit: int = 3
) -> tuple[Improvement, ...]:
    """The ``limit`` changes that save most, of those that need no other model or only another activation."""
    found = [
        *_weights_to_ocram(work, profile, time),
        *_weights_to_sdram(work, profile, time),
        *_arena_nearer(work, profile, time, arena_bytes),
        *_activations(work, profile, time),
    ]
    worth = [i for i in found if i.saves_ms.nominal > WORTH * time.ms.nominal]
    return tuple(sorted(worth, key=lambda i: -i.saves_ms.nominal)[:limit])


def _ms(cycles: Range, profile: TimingProfile) -> Range:
    return cycles.times(1000.0 / profile.clock_hz)


def _weights_to_ocram(work: Workload, profile: TimingProfile, time: InferenceTime) -> Iterable[Improvement]:
    """The weights that are fetched most often per byte, as many as fit."""
    if time.placement["weights"] not in {"flash", "sdram"} or "ocram" not in profile.memories:
        return
    room = profile.rooms.get("ocram", 0)
    target = profile.memory("ocram").load
    gains = []
    for counted, operator in zip(work.steps, time.operators, strict=True):
        size = sum(high - low for low, high in counted.step.weights)
        spent = operator.parts.get("weights", ZERO)
        gain = _positive(spent - target.times(operator.misses.weights))
        if size and gain.nominal > 0:
            gains.append((gain.nominal / size, size, gain))
    moved, saved = 0, ZERO
    for _, size, gain in sorted(gains, key=lambda g: -g[0]):
        if moved + size <= room and gain.nominal > 0.001 * time.cycles.nominal:
            moved += size
            saved += gain
    if moved:
        yield Improvement(f"copy {_kib(moved)} KB of weights to OCRAM", moved, _ms(saved, profile))


def _weights_to_sdram(work: Workload, profile: TimingProfile, time: InferenceTime) -> Iterable[Improvement]:
    if time.placement["weights"] != "flash" or "sdram" not in profile.memories:
        return
    there = predict(work, profile, Placement(time.placement["arena"], "sdram"))
    size = sum(high - low for counted in work.steps for low, high in counted.step.weights)
    saved = _positive(time.ms - there.ms)
    if saved.nominal > 0:
        yield Improvement(f"load the model file into SDRAM ({_kib(size)} KB of weights)", size, saved)


def _arena_nearer(
    work: Workload, profile: TimingProfile, time: InferenceTime, arena_bytes: int
) -> Iterable[Improvement]:
    for memory in ("dtcm", "ocram"):
        room = profile.rooms.get(memory, 0)
        if time.placement["arena"] == "sdram" and memory in profile.memories and arena_bytes <= room:
            there = predict(work, profile, Placement(memory, time.placement["weights"]))
            saved = _positive(time.ms - there.ms)
            yield Improvement(f"place the arena ({_kib(arena_bytes)} KB) in {memory.upper()}", arena_bytes, saved)
            return


def _activations(work: Workload, profile: TimingProfile, time: InferenceTime) -> Iterable[Improvement]:
    """int8 LOGISTIC (SiLU, swish) costs some 400 instructions an element; RELU6 costs 14."""
    saved, elements = ZERO, 0
    for counted, operator in zip(work.steps, time.operators, strict=True):
        if counted.count is not None and counted.count.family == "logistic_i8" and counted.step.node.y.elements > 1000:
            node = counted.step.node
            elements += node.y.elements
            cheap = Range(14, 14, 14).times(0.7 * node.y.elements)
            saved += _positive(operator.parts["issue"] - cheap)
    if elements:
        yield Improvement(f"train with RELU6 instead of SiLU ({elements} LOGISTIC values)", 0, _ms(saved, profile))


def _positive(saved: Range) -> Range:
    return replace(saved, low=max(0.0, saved.low), nominal=max(0.0, saved.nominal), high=max(0.0, saved.high))


def _kib(size: int) -> int:
    return max(1, round(size / 1024))
