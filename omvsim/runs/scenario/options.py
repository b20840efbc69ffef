"""What a run is given beside model and board, and how a scenario's script says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from omvsim.errors import ScenarioError
from omvsim.firmware import InputKind, LoadMode, fitting_input, output_of
from omvsim.records import NamedTuple
from omvsim.runs.scenario.text import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile, TfMethod
    from omvsim.runs.scenario.scenario import Scenario
    from omvsim.runs.scenario.text import Option

DETECTORS: Final = {
    "yolov2": ("darknet", "YoloV2"),
    "yolo-lc": ("darknet", "YoloLC"),
    "yolov5": ("ultralytics", "YoloV5"),
    "yolov8": ("ultralytics", "YoloV8"),
    "fomo": ("edgeimpulse", "Fomo"),
    "blazeface": ("mediapipe", "BlazeFace"),
    "blazepalm": ("mediapipe", "BlazePalm"),
    "hand-landmarks": ("mediapipe", "HandLandmarks"),
    "face-landmarks": ("mediapipe", "FaceLandmarks"),
    "movenet": ("mediapipe", "MoveNet"),
}
"""Post-processing classes as the command line spells them: module of ``ml.postprocessing`` and class."""


class Postprocess(NamedTuple):
    """A post-processing object given to ``ml.Model(path, postprocess=…)``."""

    name: str
    """One of :data:`DETECTORS`."""
    detections: int | None = 0
    """What it finds in every frame; None: what the model sees."""
    outputs: Sequence[NDArray[Any]] | None = None
    """What the model computes in every frame, where somebody has run it."""


class Options(NamedTuple):
    """What a run may leave open. None: as the scenario's script says, or as the model and the release suggest."""

    load: LoadMode | None = None
    """None: as the release loads a model by default."""
    input: InputKind | None = None
    """None: a frame of the camera where the model takes pictures, else an array, else a function."""
    loops: int | None = None
    keep_output: bool | None = None
    callback: bool | None = None
    postprocess: Postprocess | None = None
    collect: str | None = None
    """``none``, ``load`` (before it), ``frame`` (before each prediction) or ``both``."""
    framesize: str | None = None
    pixformat: str | None = None
    framebuffers: int | None = None
    method: TfMethod | None = None
    """Of a model of the ``tf`` module (up to 4.5.5)."""
    source: str | None = None
    """What the camera sees; given, models are computed."""
    collect_at_end: bool = False
    """Whether the run ends with a collection: what is free then is what the script can count on."""


_NAMES: Final = {
    "loops": "LOOPS",
    "keep_output": "KEEP_OUTPUT",
    "callback": "CALLBACK",
    "collect": "COLLECT",
    "framebuffers": "FRAMEBUFFERS",
}
_WORDS: Final = {"framesize": "FRAMESIZE", "pixformat": "PIXFORMAT", "method": "METHOD"}
_COMMAND: Final = {"loops": "--loops", "keep_output": "--keep-output", "callback": "--callback", "input": "--input"}


def default_mode(scenario: Scenario, options: Options) -> LoadMode | None:
    """Where the scenario loads its model from unless told otherwise; None: as the release does."""
    if options.load is not None:
        return options.load
    said = scenario.options.get("LOAD")
    return None if said is None else LoadMode(str(said))


def input_of(file: ModelFile, options: Options, module: str) -> InputKind:
    """What ``predict`` is given."""
    if options.input is not None:
        return options.input
    return InputKind.CAMERA if module == "tf" else fitting_input(file.graph)


def values_of(scenario: Scenario, board: Board, file: ModelFile, options: Options) -> dict[str, Option]:
    """The scenario's options for one run.

    Raises:
        ScenarioError: the script has no option for something that was asked for.
    """
    found: dict[str, Any] = {}
    release, known = board.release, scenario.options
    found["MODULE"] = release.module
    found["MODEL"] = file.path
    found["LOAD"] = str(file.mode)
    found["LOAD_TO_FB"] = file.mode is LoadMode.FB and release.load_to_fb
    found |= _of_model(file, options, release.module)
    found = {name: value for name, value in found.items() if name in known}
    for name, option in (_NAMES | _WORDS | {"input": "INPUT"}).items():
        value = getattr(options, name)
        if value is None:
            continue
        if option not in known:
            raise ScenarioError(
                scenario.name, f"its script has no option {option}, so {_COMMAND.get(name, name)} changes nothing"
            )
        found[option] = Word(value) if name in _WORDS else value if isinstance(value, int) else str(value)
    if options.postprocess is not None:
        if "POSTPROCESS" not in known:
            raise ScenarioError(scenario.name, "its script has no option POSTPROCESS, so --postprocess changes nothing")
        module, detector = DETECTORS[options.postprocess.name]
        found["POSTPROCESS"], found["DETECTOR"] = Word(module), Word(detector)
    return found


def _of_model(file: ModelFile, options: Options, module: str) -> dict[str, Any]:
    """What follows from the model: the input that fits, the format of a picture, the method of the older module."""
    main = file.graph.main
    first = main.input_tensors[0].shape if main.input_tensors else ()
    shape = tuple(int(length) for length in first)
    height, width, channels = shape[-3:] if len(shape) >= 3 else (1, 1, 1)
    found: dict[str, Any] = {
        "INPUT": str(input_of(file, options, module)),
        "PIXFORMAT": Word("GRAYSCALE" if channels == 1 else "RGB565"),
        "WIDTH": width,
        "HEIGHT": height,
        "INPUTS": len(main.input_tensors),
    }
    if module == "tf" and main.output_tensors:
        found["METHOD"] = Word(output_of(tuple(int(n) for n in main.output_tensors[0].shape)).method)
    return found


__all__ = ["DETECTORS", "Options", "Postprocess", "default_mode", "input_of", "values_of"]
