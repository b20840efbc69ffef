"""How long an inference takes on the camera's clock: the time model's nominal figure for its arena and weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.errors import BoardError
from omvsim.frame_time import inference_time

if TYPE_CHECKING:
    from omvsim.modules.ml.inferring import Loaded
    from omvsim.runs.world import CameraMachine

UNKNOWN_US: Final = 30_000
"""What passes where the time of the model or the speed of the board's memories is not known; a note says so."""


class InferenceTimes:
    """Microseconds by model and place; each is computed once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str, str], int] = {}


def inference_us(vm: CameraMachine, model: Loaded) -> int:
    """Microseconds of one inference."""
    known = vm.part(InferenceTimes).known
    key = id(model.file), model.arena_area, model.data_area
    if key not in known:
        known[key] = _computed(vm, model)
    return known[key]


def _computed(vm: CameraMachine, model: Loaded) -> int:
    world = vm.world
    try:
        time = inference_time(world.board, model.file, model.arena_area, model.data_area)
    except BoardError:
        time = None
    name = model.file.path.rpartition("/")[2]
    if time is None or time.unknown:
        world.note(f"the time of {name} is not known: {UNKNOWN_US // 1000} ms pass for each inference")
        return UNKNOWN_US
    low, nominal, high = time.ms.low, time.ms.nominal, time.ms.high
    world.note(
        f"an inference of {name} takes {nominal:.1f} ms of the camera's time "
        f"({time.provenance}: between {low:.1f} and {high:.1f} ms)"
    )
    return round(nominal * 1000)


__all__ = ["inference_us"]
