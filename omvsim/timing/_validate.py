"""Compares the model with recorded counts and published times; every error is stated per class."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from omvsim.timing._cache import LRU, RANDOM
from omvsim.timing._fit import FIXED, Family, Sample, fit_family, normal_equations, observe
from omvsim.timing._instructions import DATA_SPREAD, SATURABLE, count, dot
from omvsim.timing._nnls import Gram
from omvsim.timing._predict import line_misses, workload
from omvsim.timing._published import Comparison, NotComparable, comparisons, not_comparable
from omvsim.timing._recorded import Recorded, family_counts, read_records
from omvsim.timing._types import FRAMEWORK_FIXED, FRAMEWORK_PER_NODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from omvsim.timing._profile import TimingProfile

CLASSES = {
    "CONV_2D": "convolution",
    "DEPTHWISE_CONV_2D": "depthwise convolution",
    "FULLY_CONNECTED": "fully connected",
    "AVERAGE_POOL_2D": "pooling",
    "MAX_POOL_2D": "pooling",
    "L2_POOL_2D": "pooling",
    "ADD": "add",
    "MUL": "mul",
    "LOGISTIC": "data-dependent",
    "TANH": "data-dependent",
    "SOFTMAX": "data-dependent",
    "LOG_SOFTMAX": "data-dependent",
}
CONFIGURATIONS = {
    "rt_dtcm": (False, LRU),
    "rt_dtcm_rnd": (False, RANDOM),
    "rt_ext": (True, LRU),
    "rt_ext_rnd": (True, RANDOM),
}
"""Recorded cache simulations: whether the arena goes through the cache, and the replacement policy."""
FEWEST = 3
"""Distinct shapes that must remain of a family for a held-out prediction to mean anything."""
ENOUGH = 200
"""Nodes with fewer recorded misses of a class say nothing about its rule."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Relative errors of a group, in per cent."""

    name: str
    nodes: int
    mape: float
    median: float
    rmspe: float
    worst: float
    worst_at: str
    within5: float
    within10: float
    within15: float
    total: float
    """Error of the sum."""


@dataclass(frozen=True, slots=True)
class ModelTotal:
    """One real model: predicted instructions against counted ones."""

    model: str
    counted: int
    predicted: float
    cause: str
    """What most of the difference comes from, where it exceeds 2 %."""

    @property
    def error(self) -> float:
        """Per cent."""
        return 100.0 * (self.predicted / self.counted - 1.0)


@dataclass(frozen=True)
class Validation:
    """Everything ``validate`` found."""

    instructions: tuple[Errors, ...]
    held_out: tuple[Errors, ...]
    """Leave one model out: every shape of the model is taken out of the fit before it is predicted."""
    models: tuple[ModelTotal, ...]
    traffic: tuple[Errors, ...]
    """Per kernel group, configuration and class of misses; nodes with more than 200 misses."""
    published: tuple[Comparison, ...]
    not_comparable: tuple[NotComparable, ...]
    undecided: int
    """Recorded nodes left out because the record does not say which code path ran."""


def validate(truth: Path, profile: TimingProfile) -> Validation:
    """Compare with the ground truth folder ``truth`` (``oracle/timing`` and ``models``).

    Raises:
        TraceError: the recorded counts cannot be read.
    """
    records = list(read_records(truth / "oracle/timing/ops.jsonl.gz", truth))
    usable = [(r, found) for r in records if (found := family_counts(r.node)) is not None]
    return Validation(
        tuple(_instruction_errors(r for r, _ in usable)),
        tuple(_held_out(usable)),
        tuple(_model_totals(usable)),
        tuple(_traffic_errors(records, truth, profile)),
        tuple(comparisons()),
        tuple(not_comparable()),
        len(records) - len(usable),
    )


def validate_published() -> Validation:
    """The published times alone: what a machine without recorded counts can compare."""
    return Validation((), (), (), (), tuple(comparisons()), tuple(not_comparable()), 0)


def errors(name: str, pairs: Iterable[tuple[float, float, str]]) -> Errors:
    """Statistics of (predicted, measured, where) triples; ``measured`` must not be 0."""
    rows = list(pairs)
    relative = [100.0 * (p / m - 1.0) for p, m, _ in rows]
    size = sorted(abs(e) for e in relative)
    worst = max(range(len(rows)), key=lambda i: abs(relative[i]))
    within5, within10, within15 = (100.0 * sum(e <= bound for e in size) / len(size) for bound in (5, 10, 15))
    return Errors(
        name,
        len(rows),
        sum(size) / len(size),
        size[len(size) // 2],
        (sum(e * e for e in size) / len(size)) ** 0.5,
        relative[worst],
        rows[worst][2],
        within5,
        within10,
        within15,
        100.0 * (sum(p for p, _, _ in rows) / sum(m for _, m, _ in rows) - 1.0),
    )


def _class(op: str) -> str:
    return CLASSES.get(op, "other")


def _where(record: Recorded) -> str:
    return f"{record.model}#{record.index}"


def _instruction_errors(records: Iterable[Recorded]) -> list[Errors]:
    groups: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for record in records:
        counted = count(record.node)
        if counted is not None:
            row = (counted.instructions.nominal, float(record.instructions), _where(record))
            groups[_class(record.node.op)].append(row)
    return [errors(name, rows) for name, rows in sorted(groups.items())]


def _held_out(usable: list[tuple[Recorded, tuple[str, Mapping[str, float]]]]) -> list[Errors]:
    families: dict[str, list[tuple[Recorded, Sample]]] = defaultdict(list)
    for record, (name, counts) in usable:
        families[name].append((record, Sample(record.model, name, counts, record.instructions)))
    fitted: dict[str, Family] = {
        name: fit_family(name, list(_distinct(rows).values()), {}) for name, rows in families.items() if _free(rows)
    }
    groups: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for name, rows in families.items():
        distinct = _distinct(rows)
        if len(distinct) < 2 or not _free(rows):
            continue
        known, full = normal_equations(name, list(distinct.values()), fitted)
        solved: dict[frozenset[Any], dict[str, float]] = {}
        by_model: dict[str, list[tuple[Recorded, Sample]]] = defaultdict(list)
        for row in rows:
            by_model[row[0].model].append(row)
        for own in by_model.values():
            keys = frozenset(_key(s) for _, s in own)
            if len({k[:-1] for k in distinct if k not in keys}) < FEWEST:
                continue
            if keys not in solved:
                out = Gram(full.names)
                for key in keys:
                    observe(out, known, distinct[key])
                solved[keys] = {**known, **full.minus(out).solve()}
            for record, sample in own:
                row_error = (dot(solved[keys], sample.counts), sample.instructions, _where(record))
                groups[_class(record.node.op)].append(row_error)
    return [errors(name, rows) for name, rows in sorted(groups.items())]


def _key(sample: Sample) -> tuple[Any, ...]:
    return (*sorted(sample.counts.items()), sample.instructions)


def _distinct(rows: list[tuple[Recorded, Sample]]) -> dict[tuple[Any, ...], Sample]:
    return {_key(s): s for _, s in rows}


def _free(rows: list[tuple[Recorded, Sample]]) -> bool:
    """Data-dependent families with fixed parts are judged by their nominal count, not by a refit."""
    return rows[0][1].family not in FIXED["instructions"]


def _model_totals(usable: list[tuple[Recorded, tuple[str, Mapping[str, float]]]]) -> list[ModelTotal]:
    models: dict[str, list[Recorded]] = defaultdict(list)
    for record, _ in usable:
        if record.model.startswith("models/real/"):
            models[record.model].append(record)
    totals = []
    for model, records in sorted(models.items()):
        extra = FRAMEWORK_FIXED + FRAMEWORK_PER_NODE * len(records)
        counted, predicted = extra, extra
        gaps: dict[str, float] = defaultdict(float)
        for record in records:
            found = count(record.node)
            nominal = found.instructions.nominal if found is not None else 0.0
            counted += record.instructions
            predicted += nominal
            family = found.family if found is not None else record.node.op
            gaps[family] += nominal - record.instructions
        cause = ""
        if abs(predicted / counted - 1) > 0.02:
            family = max(gaps, key=lambda f: abs(gaps[f]))
            why = "its work depends on the data" if family in DATA_SPREAD or family in SATURABLE else "kernel rule"
            cause = f"{family}: {why}"
        totals.append(ModelTotal(model, int(counted), predicted, cause))
    return totals


def _traffic_errors(records: list[Recorded], truth: Path, profile: TimingProfile) -> list[Errors]:
    from omvsim.graph import read_model  # noqa: PLC0415 - the comparison reads files, prediction does not
    from omvsim.tflm import plan_arena  # noqa: PLC0415

    by_model: dict[str, dict[int, Recorded]] = defaultdict(dict)
    for record in records:
        if record.from_file and record.counted.get("sg", 0) == 0:
            by_model[record.model][record.index] = record
    groups: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for name, rows in by_model.items():
        model = read_model(truth / name)
        work = workload(model, plan_arena(model))
        for configuration, (arena, policy) in CONFIGURATIONS.items():
            used = replace(profile, cache=profile.cache._replace(policy=policy))
            for index, lines in enumerate(line_misses(work, used, arena_cached=arena)):
                if index not in rows:
                    continue
                cache = rows[index].counted["dcache"][configuration]
                arena_of = {
                    kind: cache[kind].get("head", 0) + cache[kind].get("tail", 0) for kind in ("ldm", "stm", "wb")
                }
                measured = (
                    ("weights", cache["ldm"].get("weights", 0), lines.weights),
                    ("arena loads", arena_of["ldm"], lines.arena_loads),
                    ("arena stores", arena_of["stm"], lines.arena_stores),
                    ("write-backs", arena_of["wb"], lines.write_backs),
                )
                group = _kernel_group(rows[index])
                for what, counted, predicted in measured:
                    if counted > ENOUGH:
                        key = f"{group}, {configuration}, {what}"
                        groups[key].append((predicted, counted, _where(rows[index])))
    return [errors(name, rows) for name, rows in sorted(groups.items())]


def _kernel_group(record: Recorded) -> str:
    found = family_counts(record.node)
    family = found[0] if found is not None else record.node.op.lower()
    named = {
        "conv1x1_i8": "conv 1x1 int8",
        "conv_i8": "conv kxk int8",
        "conv_2d_f32_f32": "conv float",
        "dw3x3_i8": "depthwise 3x3 int8",
        "dw_opt_i8": "depthwise other int8",
        "depthwise_conv_2d_f32_f32": "depthwise float",
    }
    return named.get(family, "fully connected" if family.startswith(("fc_", "fully_")) else "other")
