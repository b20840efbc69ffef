"""What parsing, compiling and running our own scripts asks of the heap, as the camera's firmware asked for it."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim.memory.requests import Phase
from tests.micropython._running import run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from omvsim.memory.requests import Request

MEASURED = json.loads((Path(__file__).parent / "data" / "requests.json").read_text())["scripts"]
_KINDS = {"alloc": "+{}", "realloc": "~{}", "free": "-"}


def packed(requests: Iterable[Request]) -> str:
    """``+16*2 ~32 -``: two chunks of 16 bytes, one resized to 32, one given back."""
    found = groupby(_KINDS[each.kind].format(each.size) for each in requests)
    counted = ((text, len(list(alike))) for text, alike in found)
    return " ".join(text if count == 1 else f"{text}*{count}" for text, count in counted)


@pytest.mark.parametrize("name", MEASURED)
def test_requests_as_measured(name: str) -> None:
    measured = MEASURED[name]
    machine = run(measured["script"]).machine
    assert machine is not None
    asked: dict[Phase, list[Request]] = {phase: [] for phase in Phase}
    reached = Phase.OPEN
    for request in machine.memory.tape or []:
        reached = max(reached, request.phase, key=[*Phase].index)  # a script that evaluates text is running still
        asked[reached].append(request)
    for phase in (Phase.PARSE, Phase.COMPILE, Phase.RUN):
        assert packed(asked[phase]) == measured[phase.value], phase
