"""`omvsim exec` from power-up against the language traces: every request in order, size and address, and the text."""

import gzip
import json

import pytest

from omvsim.boards import load_board
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession
from tests.conftest import SHARED

PHASES = ("h.open", "h.parse", "h.compile", "h.run")
KNOWN = {
    "gc_ops": "on 5.0.0 one chunk survives a collection, by a word on the C stack",
    "comp_async_funcs": "how often the event loop waits depends on how long the emulator took",
    "uasync_queue_cam": "likewise",
}
"""Scripts that differ, and why."""


def traces():
    if SHARED is None:
        return []
    return sorted((SHARED / "oracle" / "language" / "traces").glob("*/*.jsonl.gz"))


def measured(path):
    """Areas of the heap, script, what it printed, requests from power-up to the script's end."""
    with gzip.open(path, "rt") as lines:
        header, *events = [json.loads(line) for line in lines]
    found = []
    for event in events:
        if event.get("label") in ("exit", "h.exc"):
            break
        if event["ev"] not in ("alloc", "free", "realloc") or event.get("in_realloc"):
            continue
        if event["ev"] == "free" and (event["addr"] is None or event.get("ignored")):
            continue
        found.append((event["ev"], event.get("n", 0), event["addr"] or 0))
    areas = [(size, int(start, 16)) for start, size in header["areas_arg"]]
    return areas, header["script"], header["stdout"].partition("\n[[END]]\n")[0], found


@pytest.mark.slow
@pytest.mark.parametrize("path", traces(), ids=lambda path: f"{path.parent.name}-{path.name.partition('.')[0]}")
def test_a_measured_script(path, tmp_path):
    name, release = path.name.partition(".")[0], path.parent.name
    areas, source, text, wanted = measured(path)
    script = tmp_path / "main.py"
    script.write_bytes(source.encode())
    board = load_board("openmv-rt1062", release).with_gc_areas(areas)
    result = ScriptSession(board, script, ScriptOptions(requests=True)).run()
    assert not result.unmodelled
    asked = [(each.kind, each.size, each.address) for each in result.requests]
    if name in KNOWN:
        assert asked[:100] == wanted[:100]
        return
    assert asked[: len(wanted)] == wanted
    text = text.replace("sha1 False\nmd5 False", "sha1 True\nmd5 True")  # the measured build has no TLS, the camera has
    printed = result.output.encode().decode("latin-1")  # how the trace's text was written down
    assert text.rstrip("\n") in (printed.rstrip("\n"), result.output.rstrip("\n"))
