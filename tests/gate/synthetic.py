"""Reports made by hand, with every kind of result and awkward names, so that the formats' goldens rest on no model."""

from __future__ import annotations

from omvsim.gate import (
    Blame,
    Change,
    Check,
    Entry,
    Figure,
    GateReport,
    Job,
    JobResult,
    Limit,
    LimitKind,
    Metric,
    Outcome,
    PolicyProblem,
    Severity,
)


def entry(name: str, severity: Severity = Severity.ERROR, line: int = 3) -> Entry:
    return Entry(
        name=name,
        line=line,
        models=("*.tflite",),
        exclude=(),
        board="openmv-rt1062",
        firmware=("4.8.1",),
        load=None,
        input=None,
        scenario="load-and-predict",
        frames=5,
        keep_output=None,
        callback=None,
        severity=severity,
        exact=False,
        high_time=True,
        limits=(),
        limit_lines={"arena": line + 4},
    )


def over(metric: Metric = Metric.ARENA, measured: float = 1500, allowed: float = 1000) -> Check:
    limit = Limit(metric, LimitKind.ABSOLUTE, str(allowed), allowed)
    blame = Blame("operator 3 (CONV_2D): tensor 'x|y' of 1 000", "fewer channels: 50 %, say")
    return Check(limit, measured, allowed, Outcome.OVER_BUDGET, blame)


def everything() -> GateReport:
    """A report with one result of every outcome."""
    strict, lax = entry("strict, 100 %"), entry("lax: <b>", Severity.WARNING, 20)
    fine = Check(Limit(Metric.TIME, LimitKind.ABSOLUTE, "9.5", 9.5), 1.25, 9.5, Outcome.PASSED)
    room = Check(
        Limit(Metric.HEADROOM, LimitKind.PERCENT, "50%", 50, "gc0"), 100, 4096, Outcome.OVER_BUDGET, note="50% of gc[0]"
    )
    worse = Check(Limit(Metric.MODEL_RAM, LimitKind.NO_REGRESSION, "no-regression"), 1200, 1100, Outcome.REGRESSION)
    new = Check(
        Limit(Metric.MODEL_RAM, LimitKind.NO_REGRESSION, "no-regression"),
        1200,
        None,
        Outcome.NEW,
        note="the baseline has no figure for it yet",
    )
    figures = (Figure("arena", Metric.ARENA, 1500), Figure("model_ram", Metric.MODEL_RAM, 1200))
    better = (Change("arena", Metric.ARENA, 1600, 1500), Change("headroom.gc0", Metric.HEADROOM, 100, 50))
    return GateReport(
        policy="conf/omvsim.toml",
        folder="conf",
        baseline="conf/base.json",
        skipped=2,
        results=(
            JobResult(Job(strict, "a.tflite", "4.8.1"), Outcome.PASSED, "ok", "exact", figures, (fine,), better),
            JobResult(Job(strict, "a.tflite", "5.0.0"), Outcome.NEW, "ok", "assumed", figures, (new,)),
            JobResult(
                Job(strict, "b@c #1 %.tflite", "4.8.1"),
                Outcome.REGRESSION,
                "ok",
                "exact",
                figures,
                (over(), room, worse),
            ),
            JobResult(Job(lax, "b@c #1 %.tflite", "4.8.1"), Outcome.OVER_BUDGET, "ok", "exact", figures, (over(),)),
            JobResult(
                Job(strict, "bell\x07.tflite", "4.8.1"),
                Outcome.FAILS,
                "memory_error",
                "exact",
                figures[:1],
                message="MemoryError: memory allocation failed, allocating 4096 bytes",
                blame=Blame(
                    "tensor arena of 4 096 bytes in load, 96 bytes short", "Collect before loading: gc.collect()"
                ),
            ),
            JobResult(Job(strict, "d.tflite", "5.0.0"), Outcome.NOT_EXACT, "ok", "assumed", message="not exact"),
            JobResult(Job(lax, "e.tflite", "4.8.1"), Outcome.BAD_INPUT, message="conf/e.tflite: not a flatbuffer"),
            JobResult(Job(lax, "f.tflite", "4.8.1"), Outcome.INTERNAL, message="KeyError: 'f'\r\nsecond line"),
        ),
    )


def wrong_policy() -> GateReport:
    """A policy that cannot be used."""
    return GateReport("conf/omvsim.toml", problem=PolicyProblem("gate[1].budget.arena: 1 < 2 % wrong\nand more", 7))


def many(count: int, blame: str = "") -> GateReport:
    """``count`` models over budget, and as many improved."""
    strict = entry("strict")
    check = Check(over().limit, 1500, 1000, Outcome.OVER_BUDGET, Blame(blame))
    bad = [
        JobResult(Job(strict, f"m{n}.tflite", "4.8.1"), Outcome.OVER_BUDGET, "ok", "exact", (), (check,))
        for n in range(count)
    ]
    change = Change("arena", Metric.ARENA, 2, 1)
    good = [
        JobResult(Job(strict, f"g{n}.tflite", "4.8.1"), Outcome.PASSED, "ok", "exact", (), (), (change,))
        for n in range(count)
    ]
    return GateReport("omvsim.toml", results=(*bad, *good))
