"""What the tests of scripts share: run a text, take the sizes a statement asks for."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from omvsim.boards import load_board
from omvsim.runs import ScriptOptions, ScriptResult, run_script

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board

PLAIN = "openmv-rt1062-qemu"
"""The build that the older recordings are of: it freezes ``ml`` and ``_boot.py`` alone."""
STOCK = (
    *("person_detect", "fomo_face_detection", "yolo_lc_192", "yolov8n_192", "blazeface_front_128"),
    *("face_landmarks_192", "palm_detection_full_192", "hand_landmarks_full_224", "movenet_singlepose_192"),
    *("micro_speech", "audio_preprocessor", "force_int_quant", "yolo_v5_224_nano"),
)


def board_of(firmware: str = "4.8.1") -> Board:
    return load_board("openmv-rt1062", firmware)


def run_text(
    folder: Path, text: str, firmware: str = "4.8.1", board: Board | None = None, **options: Any
) -> ScriptResult:
    script = folder / "main.py"
    script.write_text(textwrap.dedent(text))
    return run_script(script, board or board_of(firmware), ScriptOptions(run_models=False, **options))


def printed(folder: Path, text: str, **options: Any) -> str:
    result = run_text(folder, text, **options)
    assert result.failure is None, result.failure
    return result.output


def stock_models(shared: Path) -> tuple[Path, ...]:
    return tuple(shared / "models" / "real" / f"{name}.tflite" for name in STOCK)


def requests_of(
    folder: Path, setup: str, statement: str, firmware: str, models: tuple[Path, ...] = ()
) -> list[list[int]] | None:
    """Sizes that the statement asks for inside a function, in its first and second run; None if it raises."""
    given = any(line.startswith("r ") for line in setup.splitlines())
    argument = "r" if given else ""
    text = f"""import gc, gctrace
{setup}
def f({argument}):
    gctrace.mark('a')
{textwrap.indent(statement, "    ")}
    gctrace.mark('b')
    return r
gc.collect()
kept = f({argument})
kept2 = f({argument})
"""
    script = folder / "main.py"
    script.write_text(text)
    board = load_board(PLAIN, firmware)
    result = run_script(script, board, ScriptOptions(models=models, files=folder, requests=True))
    sizes = [each.size for each in result.requests if each.address and (each.kind == "alloc" or each.how == "move")]
    pairs = list(zip(result.marks[::2], result.marks[1::2], strict=False))
    if not pairs:
        return None
    return [sizes[a.books.allocations : b.books.allocations] for a, b in pairs]
