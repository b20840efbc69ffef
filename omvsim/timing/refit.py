"""Makes ``data/coefficients.json`` from recorded counts: ``python -m omvsim.timing.refit GROUND_TRUTH [OUTPUT]``.

Per kernel family one coefficient a loop level for instructions, dual-issue cycles, mispredicted branches and accesses
by class. Families that the recorded models do not show (or show in one shape) take the coefficients of the published
formulas where those rest on more shapes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.timing._fit import Sample, fit
from omvsim.timing._recorded import Recorded, family_counts, read_records
from omvsim.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TARGETS: dict[str, Callable[[Recorded], float]] = {
    "instructions": lambda r: r.instructions,
    "issue": lambda r: r.counted["issue_model_cycles"],
    "mispredicts": lambda r: r.counted["mispredict_2bit"],
    "weights_loads": lambda r: r.counted["loads"]["weights"],
    "arena_loads": lambda r: r.counted["loads"]["head"],
    "arena_stores": lambda r: r.counted["stores"]["head"],
    "persistent_loads": lambda r: r.counted["loads"]["tail"],
    "stack_loads": lambda r: r.counted["loads"]["ram"],
    "stack_stores": lambda r: r.counted["stores"]["ram"],
    "code_loads": lambda r: r.counted["loads"]["code"],
}
ORIGIN = (
    "Fitted by omvsim.timing.refit to exact counts of OpenMV's libtflm (openmv/libtflm 73eb1aa, TFLM a57349f0, "
    "CMSIS-NN 01dee38e, Cortex-M7 build) executed under QEMU 7.2 with a counting plugin; issue cycles are a "
    "dual-issue in-order model over the executed blocks, mispredictions a 2-bit counter per branch. "
    "shapes = distinct shapes behind a family."
)


def coefficients(truth: Path) -> dict[str, Any]:
    """The whole table from the ground truth folder."""
    rows: list[tuple[Recorded, str, Mapping[str, float]]] = []
    for record in read_records(truth / "oracle/timing/ops.jsonl.gz", truth):
        found = family_counts(record.node)
        if found is not None:
            rows.append((record, *found))
    published = json.loads((truth / "oracle/timing/formulas.json").read_text())
    families: dict[str, dict[str, Any]] = {}
    for target, value in TARGETS.items():
        samples = [Sample(r.model, n, c, value(r)) for r, n, c in rows]
        near = _published_near(published) if target == "instructions" else _proportional(samples, rows, families)
        for name, family in fit(samples, target, near).items():
            entry = families.setdefault(name, {})
            entry[target] = {k: _rounded(v) for k, v in family.coefficients.items()}
            if target == "instructions":
                entry |= {"shapes": family.shapes, "largest": family.largest}
    named = {name: set(counts) for _, name, counts in rows}
    for name, formula in published.items():
        _like_its_sibling(families, name, formula)
    for name, formula in published.items():
        _supplement(families, named, name, formula)
    return {"origin": ORIGIN, "families": dict(sorted(families.items()))}


SAME_LOOPS = (
    "conv1x1_i8",
    "conv_i8",
    "conv_i16",
    "dw3x3_i8",
    "dw_opt_i8",
    "dw_generic_i8",
    "dw_mult4_i8",
    "conv_2d_f32_f32",
    "depthwise_conv_2d_f32_f32",
    "average_pool_2d_i8",
    "average_pool_2d_i16",
)
"""Families whose published formula counts the same loops; it rests on shapes (7x7 depthwise, say) that are not here."""
COPIED = ("tv", "ti")
"""Features of the copied taps, which are split otherwise here."""


def _published_near(published: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    return {
        name: {f: c for f, c in published[name]["coef"].items() if not (name.startswith("conv_i") and f[:2] in COPIED)}
        for name in SAME_LOOPS
        if name in published
    }


def _proportional(
    samples: list[Sample],
    rows: list[tuple[Recorded, str, Mapping[str, float]]],
    families: Mapping[str, Mapping[str, Any]],
) -> dict[str, dict[str, float]]:
    """Where the shapes leave a loop's share of another count open, it is that of the loop's instructions."""
    totals: dict[str, list[float]] = {}
    for sample, (record, name, _) in zip(samples, rows, strict=True):
        total = totals.setdefault(name, [0.0, 0.0])
        total[0] += sample.instructions
        total[1] += record.instructions
    return {
        name: {f: c * totals[name][0] / totals[name][1] for f, c in family["instructions"].items()}
        for name, family in families.items()
        if name in SAME_LOOPS
    }


RENAMED = {"quantize_i8_u8", "quantize_u8_i8", "split_i32", "select_v2_bool", "mean_f32", "embedding_lookup_i32"}
"""Published families that mix what are several kernels here."""


def _supplement(
    families: dict[str, dict[str, Any]], named: Mapping[str, set[str]], name: str, formula: Mapping[str, Any]
) -> None:
    """Take a published formula where it rests on more shapes and speaks of the same plain features."""
    features = {k: v for k, v in formula["coef"].items() if v}
    operation = name.split("_", maxsplit=1)[0]
    if (
        name in RENAMED
        or formula["n_distinct"] < 2
        or (operation in {"add", "sub", "mul"} and name.endswith("_scalar"))
    ):
        return
    if operation in {"greater", "less", "not", "logical"} and name != "logical_not_bool" and not name.endswith("_same"):
        name += "_same"
    mine = families.get(name)
    understood = named.get(name, {"one", "no", "rows", "q", "r"})
    if not set(features) <= understood or (mine is not None and mine["shapes"] > 1):
        return
    entry = mine or {"largest": formula["total_instructions"] // max(1, formula["n_nodes"])}
    families[name] = entry | {"instructions": features, "shapes": formula["n_distinct"], "published": True}


def _like_its_sibling(families: dict[str, dict[str, Any]], name: str, formula: Mapping[str, Any]) -> None:
    """A kernel measured in one shape that only its published total tells of.

    The synthetic single-operator models use one shape for all types of an operator, so a type that is here scales to
    the type that is not.
    """
    total = formula["coef"].get("one", 0.0)
    if name in families or formula["n_distinct"] != 1 or name.startswith(("cast_", "custom:")) or total <= 0:
        return
    operation = name.rsplit("_", 1)[0] + "_"
    near = [n for n, f in families.items() if n.startswith(operation) and f["shapes"] == 1 and "published" not in f]
    if near:
        sibling = families[near[0]]
        scale = total / sibling["largest"]
        scaled = {feature: _rounded(value * scale) for feature, value in sibling["instructions"].items()}
        families[name] = {"instructions": scaled, "shapes": 1, "largest": total, "published": True}


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")


def main(arguments: list[str]) -> int:
    """Write the table; returns 0."""
    truth = Path(arguments[0])
    default = Path(__file__).with_name("data") / "coefficients.json"
    target = Path(arguments[1]) if len(arguments) > 1 else default
    target.parent.mkdir(exist_ok=True)
    write_text(target, table_text(coefficients(truth)))
    return 0


def table_text(table: dict[str, Any]) -> str:
    """JSON with a line a family: whoever needs a few of them reads no more than those."""
    families = ",\n".join(f"{_json(name)}:{_json(entry)}" for name, entry in sorted(table["families"].items()))
    return f'{{"families":{{\n{families}\n}},"origin":{_json(table["origin"])}}}\n'


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
