"""What the port's hooks do when an exception is raised: fb_alloc pops to its last mark up to 4.8.1, UMA is collected on
5.0.0 where a frame sees it.

openmv/openmv, ``ports/mimxrt/omv_mpconfigport.h`` (v4.8.1), ``ports/mimxrt/mp_config.h`` (v5.0.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.runs import ScriptOptions, ScriptSession
from tests.runs._running import board_of

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.heap import FbEntry

BLOB = """
import image
img = image.Image(40, 40, image.GRAYSCALE)
img.draw_rectangle((5, 5, 10, 10), color=255, fill=True)
img.draw_rectangle((12, 5, 10, 10), color=255, fill=True)
def fails(*blobs):
    raise KeyError("callback")
"""


def session_of(folder: Path, text: str, firmware: str) -> tuple[ScriptSession, str]:
    script = folder / "main.py"
    script.write_text(text)
    session = ScriptSession(board_of(firmware), script, ScriptOptions())
    return session, session.run().output


def entries(session: ScriptSession) -> tuple[FbEntry, ...]:
    stack = session.world.camera.fb_alloc
    assert stack is not None
    return stack.entries


FAILS_INSIDE = """
import image
for i in range(3):
    try:
        image.Image("/flash/missing.bmp")
    except OSError as e:
        print("OSError")
"""


@pytest.mark.parametrize("firmware", ["4.5.5", "4.8.1"])
def test_what_a_failing_call_took_of_fb_alloc_is_popped(tmp_path: Path, firmware: str) -> None:
    """``imlib_load_image`` marks, opens, and never comes to its own end."""
    session, output = session_of(tmp_path, FAILS_INSIDE, firmware)
    assert output == "OSError\n" * 3
    assert entries(session) == ()


def test_a_threshold_callback_stands_on_a_permanent_mark(tmp_path: Path) -> None:
    """lib/imlib/blob.c of v4.8.1 marks permanently around it: what lies below is lost when its exception goes by."""
    text = (
        BLOB
        + """
try:
    img.find_blobs([(200, 255)], threshold_cb=fails)
except KeyError as e:
    print(e)
"""
    )
    session, output = session_of(tmp_path, text, "4.8.1")
    assert output == "callback\n"
    assert [entry.permanent for entry in entries(session)][-1]
    assert len(entries(session)) == 4  # the call's mark, the bitmap, everything else, the permanent mark


def test_an_exception_inside_a_callback_pops_what_the_running_call_works_in(tmp_path: Path) -> None:
    """The hook knows no frames: a merge callback that catches an error of its own costs find_blobs its memory."""
    text = """
import image, gc
img = image.Image(40, 40, image.GRAYSCALE)
img.draw_rectangle((2, 2, 10, 10), color=255, fill=True)
img.draw_rectangle((14, 2, 10, 10), color=255, fill=True)
def merges(a, b):
    try:
        int("x")
    except ValueError:
        print("caught")
    return True
print(len(img.find_blobs([(200, 255)], merge=True, margin=5, merge_cb=merges)))
"""
    session, output = session_of(tmp_path, text, "4.8.1")
    assert output == "caught\n1\n"
    assert entries(session) == ()


def test_raising_in_the_script_itself_is_no_raise_of_c(tmp_path: Path) -> None:
    """py/vm.c: ``raise`` goes to the frame's own handler without ``nlr_raise``; only leaving a frame is one."""
    script = tmp_path / "main.py"
    script.write_text("def f():\n    raise KeyError(1)\ntry:\n    raise KeyError(2)\nexcept KeyError:\n    pass\n")
    hooks: list[str] = []
    counted = []
    for tail in ("", "try:\n    f()\nexcept KeyError:\n    pass\n", "try:\n    {}[0]\nexcept KeyError:\n    pass\n"):
        session = ScriptSession(board_of("4.8.1"), script, ScriptOptions(), script.read_bytes() + tail.encode())
        hooks.clear()
        session.vm.on_raise = lambda: hooks.append("raise")
        session.vm.on_handler = lambda: hooks.append("handler")
        session.run()
        counted.append((hooks.count("raise"), hooks.count("handler")))
    plain, leaving, subscript = counted
    assert (leaving[0] - plain[0], leaving[1] - plain[1]) == (1, 2)
    assert (subscript[0] - plain[0], subscript[1] - plain[1]) == (1, 1)


def test_a_frame_that_sees_an_exception_collects_the_pools_of_5_0_0(tmp_path: Path) -> None:
    text = (
        BLOB
        + """
for i in range(3):
    try:
        img.find_blobs([(200, 255)], threshold_cb=fails)
    except KeyError:
        print(len(img.find_blobs([(200, 255)])))
"""
    )
    session, output = session_of(tmp_path, text, "5.0.0")
    assert output == "1\n1\n1\n"
    untouched, _ = session_of(tmp_path, "import image\n", "5.0.0")
    assert session.world.camera.uma is not None
    assert untouched.world.camera.uma is not None
    free = [pool.free for pool in untouched.world.camera.uma.pools]
    assert [pool.free for pool in session.world.camera.uma.pools] == free
