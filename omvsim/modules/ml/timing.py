"""How long a model's work takes on the camera's clock: the time model's nominal figures, those of ``omvsim time``."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from omvsim.errors import BoardError
from omvsim.timing import clear_arena, convert_input, convert_output, inference_time, profile_of, read_file, tier_of

if TYPE_CHECKING:
    from omvsim.modules.ml.inferring import Loaded
    from omvsim.timing import Cost, InferenceTime, TimingProfile
    from omvsim.world.world import CameraMachine

UNKNOWN_US: Final = 30_000
"""What passes where the time of the model or the speed of the board's memories is not known; a note says so."""


class InferenceTimes:
    """By model and place; each is computed once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str, str], InferenceTime | None] = {}
        self._profile: TimingProfile | None = None
        self._asked = False

    def profile(self, vm: CameraMachine) -> TimingProfile | None:
        """The board's, if its memories' speed is known."""
        if not self._asked:
            self._asked = True
            try:
                self._profile = profile_of(vm.world.board)
            except BoardError:
                self._profile = None
        return self._profile


def pass_inference(vm: CameraMachine, model: Loaded) -> None:
    """Let the time of one inference pass; where nobody asks for times it is written down, and takes none."""
    times = vm.world.times
    if vm.world.only_memory:
        times.ran(model.file, model.arena_area, model.data_area)
        return
    known = vm.part(InferenceTimes).known
    vm.world.camera.timed()
    key = id(model.file), model.arena_area, model.data_area
    if key not in known:
        known[key] = _computed(vm, model)
    time = known[key]
    times.ran(model.file, model.arena_area, model.data_area, time)
    if time is None:
        vm.world.pass_us(UNKNOWN_US)
    else:
        vm.world.compute(time.ms)
        times.provenance = times.provenance.weakest(time.provenance)


def _computed(vm: CameraMachine, model: Loaded) -> InferenceTime | None:
    world = vm.world
    try:
        time = inference_time(world.board, model.file.graph, model.file.plan, model.arena_area, model.data_area)
    except BoardError:
        time = None
    name = model.file.path.rpartition("/")[2]
    if time is None or time.unknown:
        world.note(f"the time of {name} is not known: {UNKNOWN_US // 1000} ms pass for each inference")
        world.times.unknown.setdefault(name)
        return None
    low, nominal, high = time.ms.low, time.ms.nominal, time.ms.high
    world.note(
        f"an inference of {name} takes {nominal:.1f} ms of the camera's time "
        f"({time.provenance}: between {low:.1f} and {high:.1f} ms)"
    )
    return time


def _convert(vm: CameraMachine, cost: Cost, profile: TimingProfile) -> None:
    vm.world.compute(cost.ms(profile))
    vm.world.times.converted(cost)


def pass_input(vm: CameraMachine, elements: int, *, image: bool) -> None:
    """Let the time pass that filling an input of so many elements takes."""
    profile = vm.part(InferenceTimes).profile(vm)
    if profile is not None:
        _convert(vm, convert_input(elements, image=image, profile=profile), profile)


def pass_output(vm: CameraMachine, elements: int) -> None:
    """Let the time pass that turning outputs into floats takes."""
    profile = vm.part(InferenceTimes).profile(vm)
    if profile is not None:
        _convert(vm, convert_output(elements), profile)


def pass_load(vm: CameraMachine, sizing: int, area: str, *, copied: int) -> None:
    """Let the time pass that loading takes: clearing the sizing arena, and copying the file where it is copied."""
    profile = vm.part(InferenceTimes).profile(vm)
    if profile is None:
        return
    with suppress(BoardError):  # that area's memory has no known speed, which the inference's note says
        vm.world.compute(clear_arena(sizing, tier_of(vm.world.board, area)).ms(profile))
    if copied:
        source = "sd" if vm.world.files.current == "/sdcard" else "flash"
        vm.world.compute(read_file(copied, source, profile).ms(profile))


__all__ = ["pass_inference", "pass_input", "pass_load", "pass_output"]
