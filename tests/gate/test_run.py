"""Running jobs: what goes wrong in one does not stop the others, and culprits and fixes hold."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import shutil
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import modelfile
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import WorkerError
from omvsim.gate import GateOptions, Outcome, jobs_of, load_policy, run_gate, run_jobs
from omvsim.gate._measure import Bench
from omvsim.workers import Thread

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Gate = Callable[..., object]


def policy(project: Path, text: str) -> Path:
    path = project / "p.toml"
    path.write_text(text)
    return path


def checked(project: Path, entry: str, model: str = "person") -> list[dict[str, object]]:
    """The checks of one entry about one model, as JSON."""
    from omvsim.report._gate_json import gate_json

    path = policy(project, f'[[gate]]\nmodels = "models/{model}.tflite"\n{entry}\n')
    report = gate_json(run_gate(GateOptions(path)))
    assert report["problem"] is None, report["problem"]
    return [check for result in report["results"] for check in result["checks"]]


def test_any_executor_and_progress(project: Path) -> None:
    path = policy(project, '[[gate]]\nmodels = ["models/person.tflite", "models/fomo.tflite"]\nfirmware = "all"\n')
    seen: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as pool:
        report = run_gate(GateOptions(path), executor=pool, progress=lambda done, total: seen.append((done, total)))
        assert pool.submit(int).result() == 0  # not shut down
    assert report.outcome is Outcome.PASSED
    half = len(report.results) // 2
    assert [result.job.model for result in report.results][::half] == ["models/fomo.tflite", "models/person.tflite"]
    assert seen == [(half, 2 * half), (2 * half, 2 * half)]


def test_releases_whose_libraries_do_the_same_share_a_plan(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, made = modelfile.plan_arena, []
    monkeypatch.setattr(
        modelfile, "plan_arena", lambda graph, library: (made.append(library.name), real(graph, library))[1]
    )
    path = policy(project, '[[gate]]\nmodels = "models/fomo.tflite"\nfirmware = ["4.5.5", "4.7.0", "4.8.1", "5.0.0"]\n')
    bench = Bench(project, "models/fomo.tflite")
    results = [bench.run(job) for job in jobs_of(load_policy(path))]
    assert len(made) == 2
    assert len({result.model.plan.library.name for result in results}) == 3  # each says whose it is
    assert results[-1].provenance == "derived"


def test_a_model_that_is_none(project: Path, gate: Gate) -> None:
    (project / "models" / "bad.tflite").write_bytes(b"TFL3" * 4)
    path = policy(project, '[[gate]]\nmodels = "models/[bp]*.tflite"\nseverity = "warning"\n')
    done = gate("--policy", path, "--json")
    assert done.code == ExitCode.BAD_INPUT  # a warning excuses no model that cannot be read
    bad, good = json.loads(done.out)["results"]
    assert (bad["outcome"], good["outcome"]) == ("bad_input", "passed")
    assert bad["message"].count("\n") == 0


def test_internal_errors_are_results(project: Path, monkeypatch: pytest.MonkeyPatch, gate: Gate) -> None:
    def broken(*_: object) -> None:
        raise KeyError("what\nnow")

    monkeypatch.setattr("omvsim.gate._model.figures", broken)
    done = gate("--policy", "exact.toml", "--json")
    assert done.code == ExitCode.INTERNAL
    assert re.fullmatch(r"omvsim: internal error: KeyError: .*please report.*\n", done.err)
    messages = {result["message"] for result in json.loads(done.out)["results"]}
    assert len(messages) == 1
    assert re.fullmatch(r"KeyError: 'what\\nnow' \(omvsim/gate/_model\.py, line \d+\)", messages.pop())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a patch reaches another process by fork only")
def test_internal_errors_of_another_process(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omvsim.gate._model.figures", None)
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        (result, _) = run_jobs(project, jobs_of(load_policy(project / "exact.toml")), executor=pool)
    assert result.outcome is Outcome.INTERNAL
    assert re.fullmatch(
        r"TypeError: 'NoneType' object is not callable \(omvsim/gate/_model\.py, line \d+\)", result.message
    )


def _die(*_: object) -> None:
    os._exit(3)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a patch reaches another process by fork only")
def test_a_process_that_dies_loses_what_it_measured(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omvsim.gate._run.run_model", _die)
    jobs = jobs_of(load_policy(project / "exact.toml"))
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        results = run_jobs(project, jobs, executor=pool)
    assert [(result.outcome, result.message) for result in results] == [(Outcome.LOST, str(WorkerError()))] * len(jobs)


@pytest.mark.parametrize("broken", [WorkerError(), BrokenExecutor()], ids=["ours", "any"])
def test_what_was_finished_before_the_pool_broke_is_kept(project: Path, broken: Exception) -> None:
    """Killed while work was handed out: whoever hands on the next learns of it then."""

    class OneJob(Thread):
        given = 0

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.given += 1
            if self.given > 1:
                raise broken
            return super().submit(fn, *args, **kwargs)

    for name in "abc":
        shutil.copy(project / "models" / "person.tflite", project / f"{name}.tflite")
    jobs = jobs_of(load_policy(policy(project, '[[gate]]\nmodels = "?.tflite"\nseverity = "warning"\n')))
    with OneJob() as pool:
        results = run_jobs(project, jobs, executor=pool)
    assert [result.outcome for result in results] == [Outcome.PASSED, Outcome.LOST, Outcome.LOST]
    assert all(result.breaks for result in results[1:])  # a warning does not excuse what was not measured


def test_a_killed_worker_is_one_line_of_a_gate(project: Path, monkeypatch: pytest.MonkeyPatch, gate: Gate) -> None:
    class Gone(Thread):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(fn, *args, **kwargs)
            if args[1][0].model.endswith("b.tflite"):
                future.result()
                future = Future()
                future.set_exception(BrokenProcessPool())
            return future

    monkeypatch.setattr("omvsim.gate._gate.make_executor", lambda *_: Gone())
    for name in "ab":
        shutil.copy(project / "models" / "person.tflite", project / f"{name}.tflite")
    path = policy(project, '[[gate]]\nmodels = "?.tflite"\n')
    baseline = project / "omvsim-baseline.json"
    done = gate("--policy", path, "--json", "--update-baseline")
    assert (done.code, done.err) == (ExitCode.ERROR, f"omvsim: {WorkerError()}\n")
    assert [result["outcome"] for result in json.loads(done.out)["results"]] == ["passed", "lost"]
    (kept,) = json.loads(baseline.read_text())["gates"].values()
    assert sorted(kept) == ["a.tflite"]
    for option, word in (("--junit", 'type="lost"'), ("--sarif", '"ruleId": "lost"'), ("--annotations", "killed")):
        done = gate("--policy", path, option)
        assert (done.code, word in done.out) == (ExitCode.ERROR, True)


def test_unknown_is_no_pass(project: Path, gate: Gate) -> None:
    from omvsim.graph import TensorType
    from omvsim.models.builder import ModelBuilder

    model = ModelBuilder()
    graph = model.subgraph()
    x, y = graph.input((1, 20), TensorType.INT16), graph.tensor((1, 20), TensorType.INT16)
    graph.custom_operator("SignalDelay", [x], [y], b"no map")
    graph.output(y)
    (project / "models" / "odd.tflite").write_bytes(model.build())
    done = gate("--policy", policy(project, '[[gate]]\nmodels = "models/odd.tflite"\n'))
    assert done.code == ExitCode.GATE_FAILURE
    assert "unknown" in done.out


def test_a_hang_is_no_pass(project: Path, gate: Gate) -> None:
    from omvsim.graph import TensorType
    from omvsim.models.builder import ModelBuilder

    model = ModelBuilder()
    graph = model.subgraph()
    x, y = graph.input((1, 4), TensorType.INT8), graph.tensor((1, 4), TensorType.INT8)
    graph.operator("ADD", [x, x], [y])
    graph.output(y)
    (project / "models" / "odd.tflite").write_bytes(model.build())
    done = gate("--policy", policy(project, '[[gate]]\nmodels = "models/odd.tflite"\n'))
    assert done.code == ExitCode.GATE_FAILURE
    assert "the camera hangs" in done.out
    assert "ADD" in done.out


# -- figures that cannot be had -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "note"),
    [
        ('firmware = "4.5.5"\nbudget.headroom.gc2 = 1', "firmware 4.5.5 has no GC area gc2"),
        (
            'scenario = "two.py"\nbudget.longest_free = { min = 1, after_frames = 3 }',
            "the scenario makes 2 predictions only",
        ),
        ('firmware = "4.5.5"\nload = "rom"\nbudget.file_size = "5%"', "the board has no size of the ROM file system"),
        ('scenario = "none.py"\nbudget.garbage_per_frame = 1', "its garbage cannot be told"),
    ],
)
def test_budgets_without_a_figure(project: Path, gate: Gate, entry: str, note: str) -> None:
    story = (project / "scenarios" / "loop.py").read_text()
    (project / "two.py").write_text(story.replace("range(LOOPS)", "range(2)"))
    (project / "none.py").write_text(story.replace("# step: predict", "# step: look"))
    (check,) = checked(project, entry)
    assert check["outcome"] == "bad_input"
    assert note in str(check["note"])
    assert gate("--policy", "p.toml", "--quiet").code == ExitCode.BAD_INPUT


def test_time_without_facts(project: Path) -> None:
    from omvsim.graph import TensorType
    from omvsim.models.builder import ModelBuilder

    model = ModelBuilder()
    graph = model.subgraph()
    x = graph.input((1, 8, 8, 1), TensorType.FLOAT32)
    y = graph.tensor((1, 8, 8, 1), TensorType.FLOAT32)
    graph.operator("COS", [x], [y])
    graph.output(y)
    (project / "models" / "cos.tflite").write_bytes(model.build())
    (check,) = checked(project, "budget.time_ms = 5", "cos")
    if check["measured"] is None:  # a later time model may know it
        assert check["note"] == "no facts about the time of COS"


# -- who is at fault, what helps ------------------------------------------------------------------------------------


def test_garbage_is_told_from_held_memory(project: Path) -> None:
    from omvsim import models

    (project / "models" / "face.tflite").write_bytes(models.make("blazeface-like"))
    (check,) = checked(project, "budget.longest_free = { min = 6850000, after_frames = 20 }", "face")
    assert check["outcome"] == "over_budget"
    assert str(check["at_fault"]).startswith("garbage: after a gc.collect() the longest free run is 6 ")
    assert "each frame allocates 12 × output array (" in str(check["at_fault"])
    assert str(check["fix"]).startswith("Collect before every prediction: gc.collect(); m.predict(…) (then 7 ")


def test_fix_that_was_tried(project: Path) -> None:
    """Float outputs are the garbage: a callback makes none, and the gate says so because it saw it."""
    before = checked(project, "budget.garbage_per_frame = 1300", "fomo")[0]
    assert before["outcome"] == "over_budget"
    assert str(before["at_fault"]).startswith("each frame allocates 3 × output array (1 220 bytes)")
    assert "callback" in str(before["fix"])
    after = checked(project, "callback = true\nbudget.garbage_per_frame = 1300", "fomo")[0]
    assert after["outcome"] == "passed"
    assert f"(then {int(after['measured']):,} bytes)".replace(",", " ") in str(before["fix"])  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("budget", "fault", "fix"),
    [
        (
            'headroom = { gc2 = "8M" }',
            "the budget: gc[2] has 8 196 416 bytes when it is empty",
            "a smaller budget: no script can have more",
        ),
        (
            "file_size = 100",
            "largest constant: '24_conv_2d/weights' of operator 24 (CONV_2D)",
            "fewer weights",
        ),
        ("time_ms = 0.5", "operator 3 (CONV_2D) takes ", "no other place of arena or weights is faster"),
        ("model_ram = 1000", "operator 4 (PAD): ", "no change of the script helps"),
    ],
)
def test_faults(project: Path, budget: str, fault: str, fix: str) -> None:
    (check,) = checked(project, f"budget.{budget}", "fomo")
    assert check["outcome"] == "over_budget"
    assert fault in str(check["at_fault"])
    assert fix in str(check["fix"])


def test_weights_that_could_be_narrower(project: Path) -> None:
    from omvsim import models

    (project / "models" / "wide.tflite").write_bytes(models.make("tiny-conv", dtype="float32"))
    (wide,) = checked(project, "budget.file_size = 100", "wide")
    assert re.fullmatch(
        r"int8 instead of float32, of which there are [0-9 ]+ bytes, or fewer weights", str(wide["fix"])
    )
    (narrow,) = checked(project, "budget.file_size = 100", "fomo")
    assert narrow["fix"] == "fewer weights"


def test_another_place_for_the_arena(project: Path) -> None:
    def check(ms: float) -> dict[str, object]:
        return checked(project, f'scenario = "scenarios/loop.py"\nbudget.time_ms = {ms}', "fomo")[0]

    far = check(0.5)
    taken = float(str(far["measured"]))
    found = re.fullmatch(
        r"place the arena .* in \w+ \(saves ([0-9.]+) ms, of ([0-9.]+) ms too many: .*\)", str(far["fix"])
    )
    assert found is not None, far["fix"]
    assert float(found[2]) == pytest.approx(taken - 0.5, abs=0.005)
    saved = float(found[1])
    near = check(round(taken - saved / 2, 3))
    assert near["outcome"] == "over_budget"
    assert str(near["fix"]).endswith(f"(saves {saved:.2f} ms)")


def test_arena_that_is_mostly_structs(project: Path) -> None:
    from omvsim import models

    (project / "models" / "lstm.tflite").write_bytes(models.make("lstm"))
    (check,) = checked(project, "budget.arena = 1", "lstm")
    assert str(check["at_fault"]).startswith("the arena's tail: ")


def test_pictures_of_progress(project: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    done = gate("--policy", "exact.toml")
    assert "2/2 simulated" in done.err


def test_jobs_option(project: Path, gate: Gate) -> None:
    for wrong in ("0", "x", "257"):
        assert gate("--jobs", wrong).code == ExitCode.USAGE


def test_what_takes_longest_begins_first(project: Path) -> None:
    """And results are in the order of the policy all the same."""
    begun: list[str] = []

    class Watched(ThreadPoolExecutor):
        def submit(self, run: Any, /, *args: Any, **kwargs: Any) -> Any:
            begun.append(args[1][0].model)
            return super().submit(run, *args, **kwargs)

    found = load_policy(policy(project, '[[gate]]\nmodels = "models/*.tflite"\nbudget.arena = "8M"\n'))
    jobs = jobs_of(found)
    with Watched(1) as executor:
        results = run_jobs(found.root, jobs, executor=executor)
    sizes = [(project / name).stat().st_size for name in begun]
    assert len(begun) == 3
    assert sizes == sorted(sizes, reverse=True)
    assert [result.job.model for result in results] == sorted(begun)


@pytest.mark.parametrize("release", ["4.5.5", "4.5.9", "4.6.0"])
def test_a_share_of_the_flash_wherever_it_is_mounted(project: Path, release: str) -> None:
    """Up to 4.5.9 the internal flash is the root: 4 MiB all the same."""
    (check,) = checked(project, f'load = "file"\nfirmware = "{release}"\nbudget.file_size = "10%"', "fomo")
    assert (check["outcome"], check["allowed"]) == ("passed", 4 * 1024 * 1024 // 10)
