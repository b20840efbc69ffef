"""What a user could change, cheapest first, each as another case to try. Nothing here judges; the simulation does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.advice._places import load_modes, other_releases
from omvsim.advice._variant import Effort, Variant, both, constructor
from omvsim.firmware import InputKind, fitting_input

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.advice._diagnosis import Diagnosis
    from omvsim.modelfile import Plans
    from omvsim.runs.scenario import Case


def variants(case: Case, diagnosis: Diagnosis) -> Iterator[Variant]:
    """Every single change that could help with this failure."""
    if diagnosis.step == "load":
        yield from _collect_before_load(case)
    else:
        yield from _outputs(case)
        yield from _inputs(case)
    yield from load_modes(case)


def cheaper_variants(case: Case) -> Iterator[Variant]:
    """Every single change that could leave more room in a run that works."""
    yield from _outputs(case)
    yield from _inputs(case)
    yield from load_modes(case)


def pairs(case: Case, diagnosis: Diagnosis) -> Iterator[Variant]:
    """Two changes at once, for when no single one helps."""
    singles = [variant for variant in variants(case, diagnosis) if variant.effort <= Effort.FILES]
    for mode in [variant for variant in singles if variant.key.startswith("load-")]:
        for collected in _collect_every_frame(mode.case):
            yield both(collected, mode)
        for other in variants(mode.case, diagnosis._replace(step="predict")):
            if not other.key.startswith("load-"):
                yield both(other, mode)
    if diagnosis.step != "load":
        for output in _outputs(case):
            for given in _inputs(output.case):
                yield both(given, output)


def on_other_releases(case: Case, diagnosis: Diagnosis, plans: Plans | None = None) -> Iterator[Variant]:
    """Another release and one or two changes of the script or of the file's place there, in turn for each release."""
    predicting = diagnosis._replace(step="predict")
    for release in other_releases(case, plans):
        there = release.case
        for change in (*variants(there, predicting), *pairs(there, predicting)):
            yield both(change, release)


# -- one line of the script -----------------------------------------------------------------------------------------


_WITH_LOAD = {"none": "load", "frame": "both"}
_WITH_FRAME = {"none": "frame", "load": "both"}


def _collect_before_load(case: Case) -> Iterator[Variant]:
    collect = _WITH_LOAD.get(case.value("COLLECT"))
    if collect is not None:
        yield Variant(
            "collect-before-load",
            Effort.LINE,
            "Collect before loading",
            f"gc.collect(); m = {constructor(case)}(…)",
            case.with_options(collect=collect),
        )


def _outputs(case: Case) -> Iterator[Variant]:
    if case.value("KEEP_OUTPUT"):
        yield Variant(
            "drop-output",
            Effort.LINE,
            "Let go of the old output before the next prediction",
            "o = None; o = m.predict(…)",
            case.with_options(keep_output=False),
        )
    yield from _collect_every_frame(case)
    if case.value("CALLBACK") is False and case.board.release.by_reference:
        yield Variant(
            "callback",
            Effort.SCRIPT,
            "Take the outputs in a callback, so that no float copies are made",
            "m.predict(…, callback=f)",
            case.with_options(callback=True),
        )


def _collect_every_frame(case: Case) -> Iterator[Variant]:
    collect = _WITH_FRAME.get(case.value("COLLECT"))
    if collect is not None:
        yield Variant(
            "collect-before-predict",
            Effort.LINE,
            "Collect before every prediction",
            "gc.collect(); m.predict(…)",
            case.with_options(collect=collect),
        )


# -- the script does something else ---------------------------------------------------------------------------------


def _inputs(case: Case) -> Iterator[Variant]:
    if case.board.release.module == "tf" or not case.has("INPUT"):  # that module takes pictures and nothing else
        return
    fitting = fitting_input(case.model.graph)
    given = InputKind(case.value("INPUT"))
    if given is InputKind.NDARRAY and fitting is InputKind.CAMERA:
        yield Variant(
            "input-image",
            Effort.SCRIPT,
            "Give predict() a picture instead of a float array",
            "m.predict([img])",
            case.with_options(input=InputKind.IMAGE),
        )
    if given is not InputKind.CALLABLE:
        yield Variant(
            "input-callable",
            Effort.SCRIPT,
            "Fill the input tensor in place with a function instead of building an input",
            "m.predict([fill])",
            case.with_options(input=InputKind.CALLABLE),
        )
