"""What a user could change, cheapest first, each as another case to try. Nothing here judges; the simulation does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.advice._places import load_modes, other_releases
from omvsim.advice._variant import Effort, Variant, both, constructor
from omvsim.firmware import InputKind, fitting_input
from omvsim.runs.scenario.edits import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.advice._diagnosis import Diagnosis
    from omvsim.graph import Subgraph
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


def _collect_before_load(case: Case) -> Iterator[Variant]:
    changed = case.edited(Change.COLLECT_BEFORE_LOAD)
    if changed is not None:
        code = f"gc.collect(); m = {constructor(case)}(…)"
        yield Variant("collect-before-load", Effort.LINE, "Collect before loading", code, changed)


def _outputs(case: Case) -> Iterator[Variant]:
    changed = case.edited(Change.DROP_OUTPUT)
    if changed is not None:
        title = "Let go of the old output before the next prediction"
        yield Variant("drop-output", Effort.LINE, title, "o = None; o = m.predict(…)", changed)
    yield from _collect_every_frame(case)
    changed = case.edited(Change.CALLBACK) if case.board.release.by_reference else None
    if changed is not None:
        title = "Take the outputs in a callback, so that no float copies are made"
        yield Variant("callback", Effort.SCRIPT, title, "m.predict(…, callback=f)", changed)


def _collect_every_frame(case: Case) -> Iterator[Variant]:
    changed = case.edited(Change.COLLECT_EVERY_FRAME)
    if changed is not None:
        title = "Collect before every prediction"
        yield Variant("collect-before-predict", Effort.LINE, title, "gc.collect(); m.predict(…)", changed)


# -- the script does something else ---------------------------------------------------------------------------------


def _inputs(case: Case) -> Iterator[Variant]:
    if case.board.release.module == "tf":  # that module takes pictures and nothing else
        return
    main = case.model.graph.main
    changed = (
        case.edited(Change.PICTURE, _picture(main)) if fitting_input(case.model.graph) is InputKind.CAMERA else None
    )
    if changed is not None:
        title = "Give predict() a picture instead of a float array"
        yield Variant("input-image", Effort.SCRIPT, title, "m.predict([img])", changed)
    changed = case.edited(Change.FILL, str(len(main.inputs)))
    if changed is not None:
        title = "Fill the input tensor in place with a function instead of building an input"
        yield Variant("input-callable", Effort.SCRIPT, title, "m.predict([fill])", changed)


def _picture(main: Subgraph) -> str:
    """An expression for a picture as large as the model's input."""
    height, width, channels = (int(length) for length in main.input_tensors[0].shape[-3:])
    return f"image.Image({width}, {height}, image.{'GRAYSCALE' if channels == 1 else 'RGB565'})"
