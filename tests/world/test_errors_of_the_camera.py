"""Errors of the simulated camera as the script's: their type, their text, and what they do to fb_alloc."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest

from omvsim import errors
from omvsim.boards import load_board
from omvsim.compiler.running import print_exception_to
from omvsim.errors import DeviceCrash, DeviceError, DeviceMemoryError
from omvsim.heap import FbHint
from omvsim.micropython.errors import Raised
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession
from omvsim.world.device_errors import as_exceptions
from omvsim.world.fb_stack import OUT_OF_STACK, fb_stack, out_of_stack
from tests.bare_machine import Run

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine
    from omvsim.world.world import CameraMachine

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, DeviceError) and not issubclass(kind, DeviceCrash) and kind is not DeviceError
]
MACHINE = Run("pass").vm


def printed_of(vm: Machine, raised: Raised) -> str:
    """The last line of what the console shows."""
    printed: list[str] = []
    print_exception_to(vm, raised.value, printed.append)
    return "".join(printed).splitlines()[-1]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "text" in inspect.signature(kind).parameters])
def test_an_error_of_the_device_is_the_languages(kind: type[DeviceError]) -> None:
    with pytest.raises(Raised) as caught, as_exceptions(MACHINE):
        raise kind("what the camera says")
    assert printed_of(MACHINE, caught.value) == f"{kind.python_type}: what the camera says"


def test_a_crash_stays_one_and_anything_else_is_not_touched() -> None:
    with pytest.raises(DeviceCrash), as_exceptions(MACHINE):
        raise DeviceCrash("lost")
    with pytest.raises(KeyError), as_exceptions(MACHINE):
        raise KeyError(3)
    with as_exceptions(MACHINE):
        pass


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> CameraMachine:
    """A booted one of 4.8.1."""
    script = tmp_path_factory.mktemp("camera") / "main.py"
    script.write_text("pass\n")
    session = ScriptSession(load_board("openmv-rt1062", "4.8.1"), script, ScriptOptions())
    session.run()
    return session.vm


def test_without_room_on_the_stack_the_script_gets_the_stacks_text_and_the_stack_is_where_it_was(
    camera: CameraMachine,
) -> None:
    """fb_alloc.c: fb_alloc_fail raises MemoryError with the text of this release after the frames went."""
    stack = fb_stack(camera)
    before = stack.pointer
    stack.mark()
    with pytest.raises(Raised) as caught, out_of_stack(camera):
        stack.alloc(1 << 30, FbHint.NO_HINT)
    assert stack.pointer == before
    assert printed_of(camera, caught.value) == f"MemoryError: {OUT_OF_STACK}"


def test_what_is_no_lack_of_room_goes_through(camera: CameraMachine) -> None:
    with pytest.raises(DeviceError) as caught, out_of_stack(camera):
        raise DeviceError("other")
    assert not isinstance(caught.value, DeviceMemoryError)
    with out_of_stack(camera):
        pass


def test_a_board_without_the_stack_has_no_room_in_it(camera: CameraMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.world.camera, "fb_alloc", None)
    with pytest.raises(Raised) as caught:
        fb_stack(camera)
    assert printed_of(camera, caught.value) == f"MemoryError: {OUT_OF_STACK}"
