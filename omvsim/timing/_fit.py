"""Fits the instruction coefficients to recorded counts: to make the packaged ones, and to validate them.

One coefficient a loop level, none negative, least squares on the relative error. Each distinct (trip counts, count)
pair is one observation, however often it was recorded.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.timing._nnls import Gram

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ENTRY = 250.0
"""Instructions to enter a small kernel, assumed where one measured shape cannot tell entry and loop apart."""
SHARED = {
    "fc_matrix_i8": "conv1x1_i8",
    "conv1x1_i4": "conv1x1_i8",
}
"""Families with too few shapes whose inner loops are another family's: only entry costs are fitted."""
PER_MAC = {"batch_matmul_f32_f32": 5.0, "batch_matmul_i8_i8": 6.0, "batch_matmul_i16_i16": 7.0,
           "fully_connected_i16_i8": 6.0, "fully_connected_i8_i4": 6.0}  # fmt: skip
"""Reference matrix kernels measured only on tiny shapes: instructions per product, assumed from their siblings."""


USUAL_CPI = 0.8
"""Cycles per instruction of most kernels, branches predicted."""
SIBLINGS = {
    "conv_i4": "conv_i8",
    "conv_i8_grouped": "conv_i8",
    "dw_opt_i4": "dw_opt_i8",
    "dw_generic_i4": "dw_generic_i8",
    "average_pool_2d_i16": "average_pool_2d_i8",
    "max_pool_2d_i16": "max_pool_2d_i8",
    "mul_i16_bcast": "mul_i8_bcast",
    "sub_i8_bcast": "sub_i16_bcast",
    "add_i16_bcast": "add_i8_bcast",
}
"""Families of few shapes and one with the same loops: coefficients the shapes leave open stay near the sibling's."""
EXPECTED = {"fc_i8": {"c1": 9.0, "rr1": 6.0}, "conv_i16": {"dR": 140.0, "d1": 9.0}}
"""Coefficients that few shapes show, from the instructions of the loop's body (two products a turn, or one)."""
FIXED = {
    "instructions": {
        "logistic_i8": {"saturated": 10.0},
        "tanh_i8": {"saturated": 10.0},
        "leaky_relu_i16": {"no": 53.4},
    },
    "issue": {"logistic_i8": {"saturated": 8.0}, "tanh_i8": {"saturated": 8.0}},
}
"""Known coefficients by what is counted: a saturated input takes about 10 instructions (two comparisons and a store).
int16 LEAKY_RELU takes 52 instructions for a positive and 56 for a negative input; a third negative is assumed."""
SATURABLE = {"logistic_i8", "tanh_i8"}
"""Where part of the input may saturate, the recorded count says nothing about the cost of a computed value."""
PULL = 1e-4
"""Weight of a sibling: moving one coefficient by its own size costs as much as a 1 % error on one shape."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One recorded operator: its family, trip counts, and what was counted in ``model`` (instructions, or loads …)."""

    model: str
    family: str
    counts: Mapping[str, float]
    instructions: float


@dataclass(frozen=True, slots=True)
class Family:
    """Fitted coefficients of one kernel family."""

    coefficients: Mapping[str, float]
    shapes: int
    """Distinct shapes behind the fit."""
    largest: float
    """Most instructions among them: far beyond it the prediction is an extrapolation."""


def fit(
    samples: Iterable[Sample], target: str = "instructions", near: Mapping[str, Mapping[str, float]] | None = None
) -> dict[str, Family]:
    """Coefficients of every family in ``samples``, which count ``target``.

    ``near`` has coefficients by family: what the shapes leave open (loops that always occur together) stays close.
    """
    groups: dict[str, dict[tuple[object, ...], Sample]] = defaultdict(dict)
    for sample in samples:
        if not (sample.family in SATURABLE and sample.counts.get("saturated")):
            groups[sample.family][(*sorted(sample.counts.items()), sample.instructions)] = sample
    families: dict[str, Family] = {}
    for name in sorted(groups, key=lambda n: (n in SHARED or n in SIBLINGS, n)):
        families[name] = fit_family(name, list(groups[name].values()), families, target, (near or {}).get(name))
    return families


def fit_family(
    name: str,
    samples: list[Sample],
    others: Mapping[str, Family],
    target: str = "instructions",
    near: Mapping[str, float] | None = None,
) -> Family:
    """Coefficients of one family from distinct samples."""
    known, gram = normal_equations(name, samples, others, target, near)
    shapes = len({tuple(sorted(s.counts.items())) for s in samples})
    coefficients = {f: round(c, 4) for f, c in ({**known, **gram.solve()}).items() if c}
    return Family(coefficients, shapes, max(s.instructions for s in samples))


def normal_equations(
    name: str,
    samples: list[Sample],
    others: Mapping[str, Family],
    target: str = "instructions",
    near: Mapping[str, float] | None = None,
) -> tuple[dict[str, float], Gram]:
    """(coefficients taken from elsewhere, sums of products for the rest)."""
    features = tuple(dict.fromkeys(f for s in samples for f in s.counts))
    fixed = FIXED.get(target, {}).get(name)
    known = dict(fixed) if fixed is not None else _known(name, samples, others, target)
    gram = Gram(tuple(f for f in features if f not in known))
    for s in samples:
        observe(gram, known, s)
    sibling = others.get(SIBLINGS.get(name, ""))
    if sibling is not None:
        near = {f: sibling.coefficients.get(f, 0.0) for f in gram.names}
    else:
        near = {**(near or {}), **(EXPECTED.get(name, {}) if target == "instructions" else {})}
    for i, f in enumerate(gram.names):
        if f in near:
            size = max(near[f], 1.0)
            gram.matrix[i][i] += PULL / size**2
            gram.right[i] += PULL * near[f] / size**2
    return known, gram


def observe(gram: Gram, known: Mapping[str, float], sample: Sample) -> None:
    """Add one sample, its residual relative to its own size."""
    rest = sample.instructions - sum(c * sample.counts.get(f, 0.0) for f, c in known.items())
    gram.add(sample.counts, rest, 1.0 / max(sample.instructions, 1.0))


def _known(name: str, samples: list[Sample], others: Mapping[str, Family], target: str) -> dict[str, float]:
    """Coefficients that the family's few shapes cannot determine and that are taken from elsewhere."""
    features = tuple(dict.fromkeys(f for s in samples for f in s.counts))
    if name in SHARED and SHARED[name] in others:
        source = others[SHARED[name]].coefficients
        return {f: source[f] for f in features if f in source and f not in {"one", "calls", "rp"}}
    known: dict[str, float] = {}
    if name in PER_MAC and target in {"instructions", "issue"}:
        per_mac = PER_MAC[name] * (USUAL_CPI if target == "issue" else 1.0)
        known |= {"macs": per_mac} if "macs" in features else {"c4": 4 * per_mac}
    if len({tuple(sorted(s.counts.items())) for s in samples}) == 1 and len(features) > 1 and not known:
        s = samples[0]
        entry = min(ENTRY, 0.5 * s.instructions)
        bulk = max((f for f in features if f != "one"), key=lambda f: s.counts.get(f, 0.0))
        known = dict.fromkeys(features, 0.0) | {"one": entry}
        if s.counts.get(bulk):
            known[bulk] = (s.instructions - entry) / s.counts[bulk]
    return known
