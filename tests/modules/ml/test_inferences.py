"""Equal inputs of a model are computed once in a process, and only where no inference leaves anything for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from omvsim.graph import TensorType, parse_model
from omvsim.models.builder import ModelBuilder
from omvsim.modules.ml import inferences
from omvsim.modules.ml.inferences import EXACT_INPUTS, REMEMBERED, Inferences
from omvsim.world.kernels import Kernels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class CountingBackend:
    """A runtime whose outputs tell which inference of all it was, and with which kernels."""

    name, version = "counting", "1"

    def __init__(self) -> None:
        self.runs: list[tuple[bool, int]] = []

    def open(self, _model: bytes, *, source: str = "", options: Mapping[str, Any] | None = None) -> Any:
        backend, exact = self, bool(options)
        del source

        class Opened:
            def run(self, inputs: Sequence[Any]) -> tuple[Any, ...]:
                backend.runs.append((exact, int(inputs[0][0])))
                return (len(backend.runs),)

        return Opened()


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inferences, "_shared", {})


@pytest.fixture
def backend() -> CountingBackend:
    return CountingBackend()


def opened(
    folder: Path,
    backend: CountingBackend,
    kernels: Kernels = Kernels.REFERENCE,
    *,
    size: int = 4,
    variable: bool = False,
    operator: str = "RELU",
) -> Inferences:
    builder = ModelBuilder()
    graph = builder.subgraph()
    x, y = graph.input((1, size), TensorType.INT8), graph.tensor((1, size), TensorType.INT8)
    graph.tensor((1, size), TensorType.INT8, variable=variable)
    graph.operator(operator, [x], [y])
    graph.output(y)
    path = folder / "net.tflite"
    path.write_bytes(builder.build())
    return Inferences(backend, path, kernels, parse_model(path.read_bytes(), "net"))


def given(value: int) -> list[Any]:
    return [np.array([value], np.int8)]


def test_a_second_run_computes_nothing_again(tmp_path: Path, backend: CountingBackend) -> None:
    first = [opened(tmp_path, backend).run(given(value)) for value in (1, 2, 1)]
    again = opened(tmp_path, backend)
    assert [again.run(given(value)) for value in (2, 1, 3)] == [(2,), (1,), (3,)]
    assert first == [(1,), (2,), (1,)]
    assert backend.runs == [(True, 1), (True, 2), (True, 3)]


def test_another_model_is_another_one(tmp_path: Path, backend: CountingBackend) -> None:
    assert opened(tmp_path, backend).run(given(1)) == (1,)
    assert opened(tmp_path, backend, size=5).run(given(1)) == (2,)


def test_other_kernels_are_others(tmp_path: Path, backend: CountingBackend) -> None:
    assert opened(tmp_path, backend, Kernels.REFERENCE).run(given(1)) == (1,)
    assert opened(tmp_path, backend, Kernels.FAST).run(given(1)) == (2,)
    assert backend.runs == [(True, 1), (False, 1)]


def test_what_is_exact_does_not_depend_on_runs_before(
    tmp_path: Path, backend: CountingBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first different inputs of each run are, known or not."""
    monkeypatch.setattr(inferences, "EXACT_WORK", 0)
    for _ in range(2):
        run = opened(tmp_path, backend, Kernels.AUTO)
        for value in range(EXACT_INPUTS + 1):
            run.run(given(value))
    other = opened(tmp_path, backend, Kernels.AUTO)
    assert other.run(given(EXACT_INPUTS)) == (EXACT_INPUTS + 2,)
    exact = [(True, value) for value in range(EXACT_INPUTS)]
    assert backend.runs == [*exact, (False, EXACT_INPUTS), (True, EXACT_INPUTS)]


@pytest.mark.parametrize("kind", [{"variable": True}, {"operator": "READ_VARIABLE"}])
def test_a_model_with_a_state_is_computed_in_each_run(
    tmp_path: Path, backend: CountingBackend, kind: dict[str, Any]
) -> None:
    assert opened(tmp_path, backend, **kind).run(given(1)) == (1,)
    assert opened(tmp_path, backend, **kind).run(given(1)) == (2,)


def test_no_more_is_kept_than_is_said(tmp_path: Path, backend: CountingBackend) -> None:
    run = opened(tmp_path, backend)
    for value in range(REMEMBERED + 1):
        run.run(given(value))
    assert len(inferences._shared) == REMEMBERED
    assert run.run(given(REMEMBERED)) == (REMEMBERED + 1,)
    assert run.run(given(0)) == (REMEMBERED + 2,)
