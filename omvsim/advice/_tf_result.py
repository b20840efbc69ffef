"""Why a ``tf`` model's result does not fit although the tensor would, in a few sentences and figures.

The question omvsim started from: 50 400 bytes refused with 265 184 free (OpenMV forum, thread 9790).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import load_board
from omvsim.boards import releases as releases_of
from omvsim.firmware import LoadMode, ResultNeeds, TfMethod, TfOutput, output_of, result_needs
from omvsim.modelfile import arena_plan, model_file
from omvsim.records import NamedTuple
from omvsim.runs.scenario import Case, Options, RunResult, load_scenario
from omvsim.units import format_bytes
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omvsim.boards import Board
    from omvsim.firmware import ModelFile
    from omvsim.runs.steps import StepRecord

YOLO_STRIDES = (8, 16, 32)


class TfExplanation(NamedTuple):
    """What the result of one call needs against what was free, exact to the block."""

    method: TfMethod
    output: TfOutput
    free_bytes: int
    image_object: int
    """Bytes of an image object in this release."""
    needs: ResultNeeds
    most_channels_callback: int
    """Channels whose images fit into ``free_bytes``."""
    most_channels_total: int
    """Channels with which the whole call fits, without blobs."""
    input_sizes: tuple[int, ...]
    """Square inputs, in steps of 32, of a YOLO head like this one with which the whole call fits."""
    sentences: tuple[str, ...]

    @property
    def in_short(self) -> str:
        """For a reader in a hurry."""
        output = self.output
        tensor = output.width * output.height * output.channels
        return (
            f"{self.method}() makes an image object for each of the {format_bytes(output.channels)} channels, which "
            f"takes {format_bytes(self.needs.total)} bytes of heap, and {format_bytes(self.free_bytes)} were free. The "
            f"tensor of {format_bytes(tensor)} bytes is not what has to fit: it stays in the arena"
        )


def explain_tf_result(result: RunResult) -> TfExplanation | None:
    """Explain a run that failed in ``segment`` or ``detect``; None for any other."""
    failure = result.failure
    if result.board.release.module != "tf" or failure is None or failure.step != "predict":
        return None
    output = output_of(result.model.graph.main.output_tensors[0].shape)
    method = TfMethod(Case.of(result).value("METHOD") or output.method)
    if method not in (TfMethod.SEGMENT, TfMethod.DETECT):
        return None
    free = _free_at_call(result.steps)
    image = result.board.release.image_object

    def needs_of(channels: int) -> ResultNeeds:
        return result_needs(TfOutput(output.height, output.width, channels), method, image)

    needs = needs_of(output.channels)
    callback = _most(free, lambda channels: needs_of(channels).callback)
    total = _most(free, lambda channels: needs_of(channels).total)
    sizes = tuple(size for size in range(32, 1025, 32) if _anchors(size) <= total) if _is_yolo(output, result) else ()
    explanation = TfExplanation(method, output, free, image, needs, callback, total, sizes, ())
    return TfExplanation(method, output, free, image, needs, callback, total, sizes, tuple(_sentences(explanation)))


def _free_at_call(steps: tuple[StepRecord, ...]) -> int:
    before = [step for step in steps if step.exception is None]
    return before[-1].free_bytes if before else 0


def _most(free: int, needed: Callable[[int], int]) -> int:
    """The most channels that fit, by bisection: the need grows with each channel."""
    low, high = 0, free
    while low < high:
        middle = (low + high + 1) // 2
        if needed(middle) <= free:
            low = middle
        else:
            high = middle - 1
    return low


def _anchors(size: int) -> int:
    return sum((size // stride) ** 2 for stride in YOLO_STRIDES)


def _is_yolo(output: TfOutput, result: RunResult) -> bool:
    """Whether the channels are the anchors of a YOLO head for this input."""
    shape = result.model.graph.main.input_tensors[0].shape
    return len(shape) == 4 and shape[1] == shape[2] and _anchors(shape[1]) == output.channels


def _sentences(facts: TfExplanation) -> Iterator[str]:
    output, needs = facts.output, facts.needs
    pixels = output.width * output.height
    tensor = pixels * output.channels
    yield (
        f"The tensor of {format_bytes(tensor)} bytes is not what has to fit: it stays in the arena, but "
        f"{facts.method}() builds one image object of {output.width}×{output.height} pixels for each of the "
        f"{output.channels} channels."
    )
    yield (
        f"On the heap that is a list of {format_bytes(4 * output.channels)} bytes and, for every channel, {pixels} "
        f"bytes of pixels and a {facts.image_object}-byte object, both rounded up to blocks of 16: "
        f"{format_bytes(needs.callback)} bytes in the output callback, {format_bytes(needs.total)} for the whole call."
    )
    yield (
        f"With {format_bytes(facts.free_bytes)} free, at most {facts.most_channels_callback} channels fit the callback "
        f"and {facts.most_channels_total} the whole call."
    )
    if facts.input_sizes:
        yield (
            f"Of this family, inputs up to {max(facts.input_sizes)}×{max(facts.input_sizes)} would work as long as few "
            "blobs are found; the detections would still be meaningless, since anchors are read as channels."
        )
    yield (
        "A frame buffer cannot take the result: the call has no output argument, it builds the list on the GC heap "
        "before anything is assigned."
    )


class LaterRelease(NamedTuple):
    """The same model on a release with the ``ml`` module, loaded from a file."""

    firmware: str
    kept: RunResult
    """``o = m.predict(…)`` in a loop: the old output is held while the new one is made."""
    dropped: RunResult
    """The output is released before the next call."""
    callback: RunResult | None
    """With a post-processing callback that takes the outputs by reference; None before 4.8.0."""

    @property
    def says(self) -> str:
        """One clause."""
        if self.kept.verdict is Verdict.OK:
            return "runs"
        if not self.kept.models:
            return f"does not load from a file: {self.kept.exception}"
        frame = sum(step.name == "predict" for step in self.kept.steps)
        ways = []
        if self.dropped.verdict is Verdict.OK:
            ways.append("with the old output released first")
        if self.callback is not None and self.callback.verdict is Verdict.OK:
            ways.append("with a callback")
        help_ = f"; runs {' or '.join(ways)}" if ways else ""
        return f"prediction {frame} of o = m.predict(…) fails: {self.kept.exception}{help_}"


def later_releases(result: RunResult, frames: int = 4) -> tuple[LaterRelease, ...]:
    """What happens from 4.5.6 on: the board has more heap there, but every output becomes a float array."""
    rows = []
    for version in releases_of(result.board.name):
        board = load_board(result.board.name, version)
        if board.release.module != "ml":
            continue
        file = model_file(result.model.graph, arena_plan(result.model.graph, board), board, LoadMode.FILE)

        by_reference = board.release.by_reference
        rows.append(
            LaterRelease(
                version,
                _loop(board, file, frames, keep=True, callback=False),
                _loop(board, file, frames, keep=False, callback=False),
                _loop(board, file, frames, keep=True, callback=True) if by_reference else None,
            )
        )
    return tuple(rows)


def _loop(board: Board, file: ModelFile, frames: int, *, keep: bool, callback: bool) -> RunResult:
    options = Options(load=LoadMode.FILE, loops=frames, keep_output=keep, callback=callback)
    return Case(board, file, load_scenario(), options, {}).run()
