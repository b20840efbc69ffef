"""Fits the few free constants of a timing profile to times a user has recorded on a camera.

Free are factors on the core's cycles and on the line costs of each memory the records use; everything else (counts,
misses) stays. Each factor is held near 1 by the uncertainty of what it multiplies, so a handful of records moves only
what they really determine. The result is a timing profile with the statistics of the fit and the fingerprints of what
it was fitted to; comparing it with those same records is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.errors import TraceError
from omvsim.provenance import Provenance
from omvsim.reading import read_text
from omvsim.timing._nnls import Gram
from omvsim.timing._predict import Placement, Workload, predict, workload
from omvsim.timing._types import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from omvsim.timing._profile import LineCost, TimingProfile
    from omvsim.timing._types import InferenceTime

PRIOR = 0.05
"""Weight of a factor's own start value: being 100 % off counts like a 5 % error of one record."""
PLAUSIBLE = {"core": (0.5, 2.0)}
"""Factors that a real camera can have. A core at half its cycles would issue more than two instructions a cycle, which
a Cortex-M7 cannot; beyond these bounds unit, model or placement of a record is another one than it says."""
PLAUSIBLE_MEMORY = (0.25, 4.0)
"""The same for the cost of a memory's lines, which rests on less."""
FLOOR = 0.03
"""Never claim to be closer than this (relative half-width)."""
_CORE = "core"


@dataclass(frozen=True, slots=True)
class Record:
    """One measured inference: the model, where its arena and weights were, and milliseconds."""

    model: str
    work: Workload
    fingerprint: str
    """Of model file and placement: two runs of the same are not independent."""
    placement: Placement
    measured_ms: float


@dataclass(frozen=True, slots=True)
class Statistics:
    """How far predicted and measured are apart, in per cent."""

    records: int
    mape: float
    rmspe: float
    worst: float
    held_out_mape: float
    """Each record predicted by a fit without it; equal to ``mape`` where nothing was fitted."""


@dataclass(frozen=True)
class Calibration:
    """A fitted profile and how good it is."""

    profile: TimingProfile
    factors: dict[str, float]
    """``core`` and memory names: what their costs were multiplied by."""
    before: Statistics
    after: Statistics


def fingerprint(data: bytes, placement: Placement) -> str:
    """Identifies a model in a placement."""
    return hashlib.sha256(data + f"|{placement.arena}|{placement.weights}".encode()).hexdigest()[:16]


def read_records(path: str | Path) -> list[Record]:
    """Records of a JSONL file: ``{"model": "person_detect.tflite", "ms": 41.2, "arena": "sdram", "weights": "flash"}``.

    Model paths are relative to the file; ``arena`` and ``weights`` default to ``sdram`` and ``flash``; lines without
    ``ms`` and other keys are left alone, so a longer trace can be given as it is.

    Raises:
        TraceError: the file cannot be read, a line is not JSON, a time is not positive, or nothing was measured.
        ModelError: a model cannot be read.
    """
    source = Path(path)
    try:
        lines = read_text(source).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise TraceError(source, f"cannot be read ({why})") from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            raise TraceError(source, f"line {number} is not JSON") from None
        if isinstance(value, dict) and "ms" in value and "model" in value:
            found.append(_record(source, number, value))
    if not found:
        raise TraceError(source, 'holds no measured time (a line needs "model" and "ms")')
    return found


def _record(source: Path, number: int, value: dict[str, Any]) -> Record:
    from omvsim.graph import read_model  # noqa: PLC0415 - only the reader needs the file formats
    from omvsim.tflm import plan_arena  # noqa: PLC0415

    ms = value["ms"]
    if isinstance(ms, bool) or not isinstance(ms, (int, float)) or not 0 < ms < 1e7:
        raise TraceError(source, f"line {number}: ms is {ms!r}, not a positive number of milliseconds")
    placement = Placement(str(value.get("arena", "sdram")), str(value.get("weights", "flash")))
    model = read_model(source.parent / str(value["model"]))
    plan = plan_arena(model)
    return Record(str(value["model"]), workload(model, plan), fingerprint(model.data, placement), placement, float(ms))


def compare(records: Sequence[Record], profile: TimingProfile) -> Statistics:
    """How well ``profile`` predicts ``records``.

    Raises:
        TraceError: the profile was fitted to one of them, so the comparison would prove nothing.
    """
    used = set(profile.fit.get("fingerprints", ()))
    seen = [r.model for r in records if r.fingerprint in used]
    if seen:
        raise TraceError(seen[0], f"profile {profile.name} was fitted to this model and placement; use other records")
    return _statistics(records, [predict(r.work, profile, r.placement).ms.nominal for r in records])


def calibrate(records: Sequence[Record], profile: TimingProfile, name: str) -> Calibration:
    """Fit ``profile`` to ``records``.

    Raises:
        TraceError: there are fewer than two different records, or only an absurd factor would explain them.
    """
    if len({r.fingerprint for r in records}) < 2:
        raise TraceError(name, "a fit needs at least two different models or placements")
    parts = [_parts(predict(r.work, profile, r.placement)) for r in records]
    start = [sum(p.values()) for p in parts]
    before = _statistics(records, [1000.0 * total / profile.clock_hz for total in start])
    factors = _solve(records, parts, profile.clock_hz)
    _require_plausible(factors, records, start, profile, name)
    fitted = [_total(p, factors, profile.clock_hz) for p in parts]
    held_out = []
    for i, record in enumerate(records):
        rest = [j for j, other in enumerate(records) if other.fingerprint != record.fingerprint]
        without = _solve([records[j] for j in rest], [parts[j] for j in rest], profile.clock_hz)
        held_out.append(_total(parts[i], without, profile.clock_hz))
    after = _statistics(records, fitted)
    after = replace(after, held_out_mape=_statistics(records, held_out).mape)
    return Calibration(_apply(profile, factors, after, records, name), factors, before, after)


def _require_plausible(
    factors: dict[str, float], records: Sequence[Record], start: Sequence[float], profile: TimingProfile, name: str
) -> None:
    """A fit that no camera can be explained by is an error that names the record that is furthest off."""
    for where, factor in factors.items():
        low, high = PLAUSIBLE.get(where, PLAUSIBLE_MEMORY)
        if low <= factor <= high:
            continue
        predicted = [1000.0 * cycles / profile.clock_hz for cycles in start]
        pairs = zip(records, predicted, strict=True)
        record, ms = max(pairs, key=lambda pair: abs(math.log(pair[1] / pair[0].measured_ms)))
        raise TraceError(
            name,
            f"the fit would multiply {where} by {factor:.3f}, which no camera explains ({low:g} to {high:g} can be); "
            f"is a unit, model or place wrong? {record.model} took {record.measured_ms:g} ms, not {ms:.3g} ms",
        )


def _parts(time: InferenceTime) -> dict[str, float]:
    """Nominal cycles by what a factor can change."""
    found = {_CORE: time.framework.nominal}
    for operator in time.operators:
        for part, cycles in operator.parts.items():
            key = {"issue": _CORE, "weights": time.placement["weights"], "arena": time.placement["arena"]}
            where = key.get(part, "flash")
            found[where] = found.get(where, 0.0) + cycles.nominal
    return {where: cycles for where, cycles in found.items() if cycles > 0}


def _solve(records: Sequence[Record], parts: Sequence[dict[str, float]], clock_hz: int) -> dict[str, float]:
    names = tuple(sorted({name for p in parts for name in p}))
    gram = Gram(names)
    for record, part in zip(records, parts, strict=True):
        measured = record.measured_ms * clock_hz / 1000.0
        gram.add(part, measured, 1.0 / measured)
    for i in range(len(names)):
        gram.matrix[i][i] += PRIOR**2
        gram.right[i] += PRIOR**2
    return {name: round(factor, 4) for name, factor in gram.solve().items()}


def _total(parts: dict[str, float], factors: dict[str, float], clock_hz: int) -> float:
    return sum(cycles * factors.get(name, 1.0) for name, cycles in parts.items()) * 1000.0 / clock_hz


def _statistics(records: Sequence[Record], predicted: Iterable[float]) -> Statistics:
    errors = [100.0 * (p / r.measured_ms - 1.0) for r, p in zip(records, predicted, strict=True)]
    size = [abs(e) for e in errors]
    mape = sum(size) / len(size)
    return Statistics(len(errors), mape, (sum(e * e for e in size) / len(size)) ** 0.5, max(errors, key=abs), mape)


def _apply(
    profile: TimingProfile, factors: dict[str, float], after: Statistics, records: Sequence[Record], name: str
) -> TimingProfile:
    half = max(FLOOR, 2.0 * max(after.rmspe, after.held_out_mape) / 100.0)

    def around(cost: Range, factor: float) -> Range:
        nominal = cost.nominal * factor
        return Range(nominal * max(0.0, 1.0 - half), nominal, nominal * (1.0 + half))

    def lines(where: str, cost: LineCost) -> LineCost:
        if where not in factors or not cost.cached:
            return cost
        f = factors[where]
        return cost._replace(
            load=around(cost.load, f),
            store=around(cost.store, f),
            write_back=around(cost.write_back, f),
            provenance=Provenance.CALIBRATED,
            source=f"fitted to {after.records} records",
        )

    core = factors.get(_CORE, 1.0)
    return replace(
        profile,
        name=name,
        title=f"{profile.title}, calibrated",
        issue=around(profile.issue, core),
        mispredict=around(profile.mispredict, core),
        stream=around(profile.stream, factors.get("flash", 1.0)),
        memories={where: lines(where, cost) for where, cost in profile.memories.items()},
        core_provenance=Provenance.CALIBRATED,
        core_source=f"fitted to {after.records} records",
        fit={
            "records": after.records,
            "mape_percent": round(after.mape, 2),
            "rmspe_percent": round(after.rmspe, 2),
            "worst_percent": round(after.worst, 2),
            "held_out_mape_percent": round(after.held_out_mape, 2),
            "fitted_from": profile.name,
            "factors": factors,
            "fingerprints": sorted({r.fingerprint for r in records}),
        },
    )


def profile_toml(profile: TimingProfile) -> str:
    """The profile as a TOML file that :func:`~omvsim.timing.load_profile` reads."""
    cache = profile.cache
    out = [
        "# Timing profile made by omvsim calibrate; [low, nominal, high] core cycles a cache line, see docs/timing.md.",
        f"name = {json.dumps(profile.name)}",
        f"title = {json.dumps(profile.title)}",
        f"clock_hz = {profile.clock_hz}",
        "",
        "[cache]",
        f"line_bytes = {cache.line}",
        f"data_bytes = {cache.size}",
        f"data_ways = {cache.ways}",
        "",
        "[core]",
        f"issue = {profile.issue.as_list(4)}",
        f"mispredict = {profile.mispredict.as_list(4)}",
        f"policy = {json.dumps(cache.policy)}",
        f"provenance = {json.dumps(str(profile.core_provenance))}",
        f"source = {json.dumps(profile.core_source)}",
        "",
        "[stream]",
        f"flash = {profile.stream.as_list(2)}",
        "",
        "[code]",
        f"lines_per_operator = {profile.code_lines.as_list(2)}",
    ]
    for name, cost in profile.memories.items():
        out += [
            "",
            f"[memory.{name}]",
            f"load_line = {cost.load.as_list(2)}",
            f"store_line = {cost.store.as_list(2)}",
            f"write_back = {cost.write_back.as_list(2)}",
            f"provenance = {json.dumps(str(cost.provenance))}",
            f"source = {json.dumps(cost.source)}",
        ]
    if profile.fit:
        out += ["", "[fit]"]
        for key, value in profile.fit.items():
            if isinstance(value, dict):
                inner = ", ".join(f"{k} = {json.dumps(v)}" for k, v in value.items())
                out.append(f"{key} = {{ {inner} }}")
            else:
                out.append(f"{key} = {json.dumps(value)}")
    return "\n".join(out) + "\n"
