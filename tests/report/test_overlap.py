"""The crash zone on a page: what is still read of freed bytes, and what lies over it."""

from __future__ import annotations

import re

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.capture import Overlap, Recorder, capture_exec, decode, encode
from omvsim.graph import parse_model
from omvsim.report import html_report
from omvsim.report.html._overlap import overlap_chart, overwritten
from omvsim.runs import ScriptOptions, run_script
from omvsim.tflm import plan_arena
from tests.capture.captures import FB, RUNS, capture_of, folder

FREED = (0x1000, 0x1000)
READ = ((0x1F00, 4), (0x1F20, 4), (0x1FF8, 8))


@pytest.mark.parametrize(
    ("address", "size", "lost"),
    [
        (0x1F00, 4, [READ[0]]),
        (0x1EF0, 16, []),
        (0x1EF0, 17, [READ[0]]),
        (0x1F03, 1, [READ[0]]),
        (0x1F04, 28, []),
        (0x1F04, 29, [READ[1]]),
        (0x1E00, 0x300, [*READ]),
        (0x1FFF, 1, [READ[2]]),
        (0x2000, 64, []),
    ],
)
def test_what_is_overwritten(address: int, size: int, lost: list[tuple[int, int]]) -> None:
    overlap = Overlap(owner="tuple", address=address, bytes=size, freed=FREED, read=READ)
    assert overwritten(overlap) == lost
    assert overlap_chart(overlap).count('class="needed"') == len(lost) + 1


def test_everything_is_to_scale() -> None:
    overlap = Overlap(owner="tuple", address=0x1F10, bytes=0x40, freed=FREED, read=READ)
    svg = overlap_chart(overlap)

    def drawn(kind: str) -> tuple[float, float]:
        """Start and width of the last one."""
        x, width = re.findall(rf'x="([\d.]+)"[^>]*width="([\d.]+)"[^>]*{kind}', svg)[-1]
        return float(x), float(width)

    new, last = drawn("needed"), drawn("buffer")
    scale = new[1] / 0x40
    assert last[0] - new[0] == pytest.approx((READ[2][0] - 0x1F10) * scale, abs=0.05)
    freed = drawn("hole")
    assert sum(freed) - new[0] == pytest.approx((0x2000 - 0x1F10) * scale, abs=0.05)


def test_a_run_that_may_crash_shows_it() -> None:
    capture = capture_of("may-crash")
    overlap = capture.document.verdict.overlap
    assert overlap is not None
    reads = plan_arena(parse_model(models.make("fomo-like"), "fomo-like")).destructor_reads
    end = sum(overlap.freed)
    assert overlap.read == tuple((end - each.tail_offset, each.bytes) for each in reads)
    assert f"the {overlap.owner} ({overlap.bytes} bytes) lies over" in capture.document.verdict.sentence
    page = html_report(capture)
    assert 'href="#overlap"' in page
    assert f"lies over {len(overwritten(overlap))} of them" in page
    assert decode(encode(capture), "a").document.verdict.overlap == overlap


def test_a_script_shows_it_as_run_does() -> None:
    """The same loading, in a script of one's own: it lies elsewhere in the heap, and ends alike."""
    script = folder() / "crash.py"
    script.write_text('import ml\nmodel = ml.Model("/rom/fomo-like.tflite")\n')
    model, _ = RUNS["may-crash"]
    recorder = Recorder()
    found = run_script(
        script,
        load_board("openmv-rt1062").with_gc_areas([(250 << 10, FB)]),
        ScriptOptions(time_limit=None, watcher=recorder, models=(folder() / f"{model}.tflite",)),
    )
    overlap = capture_exec(found, recorder).document.verdict.overlap
    of_run = capture_of("may-crash").document.verdict.overlap
    assert overlap is not None
    assert of_run is not None
    assert (overlap.owner, overlap.bytes) == (of_run.owner, of_run.bytes)


@pytest.mark.parametrize("name", ["runs", "memory-error", "leak", "gate"])
def test_other_pages_have_none(name: str) -> None:
    capture = capture_of(name)
    assert capture.document.verdict.overlap is None
    assert "#overlap" not in html_report(capture)
