"""Choosing a runtime, running models in it, and what it says when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from omvsim.errors import MissingExtraError
from omvsim.graph import parse_model, read_model
from omvsim.runtime import InputDataError, RefusedError, _probe, _select, _tflite, make_inputs, open_interpreter

from .backends import ALL_BACKENDS, Backend
from .tiny import TinyModel, two_relus

if TYPE_CHECKING:
    from collections.abc import Iterator

on_every_backend = pytest.mark.parametrize("backend", ALL_BACKENDS)

REFUSED_BY_BOTH = {
    "audio_preprocessor.tflite",
    "person_detect.tflite",
    "transpose_conv1.tflite",
    "transpose_conv3.tflite",
    "transpose_conv4.tflite",
}


@pytest.fixture
def fresh_choice() -> Iterator[None]:
    _select.find_backend.cache_clear()
    yield
    _select.find_backend.cache_clear()


def direct_call(backend: Backend, model: bytes, inputs: tuple[Any, ...]) -> list[Any]:
    """What a user of the runtime would write."""
    raw = _tflite.load(backend.name).Interpreter(model_content=model)
    raw.allocate_tensors()
    for detail, array in zip(raw.get_input_details(), inputs, strict=True):
        raw.set_tensor(detail["index"], array)
    raw.invoke()
    return [raw.get_tensor(detail["index"]) for detail in raw.get_output_details()]


@on_every_backend
def test_outputs_are_those_of_a_direct_call(backend: Backend, shared: Path) -> None:
    refused = {}
    for path in sorted((shared / "models/real").glob("*.tflite")):
        model = path.read_bytes()
        try:
            interpreter = backend.open(model, source=path.name)
            inputs = make_inputs(interpreter.inputs, "random")
            outputs = interpreter.run(inputs)
        except RefusedError as error:
            refused[path.name] = str(error)
            continue
        expected = direct_call(backend, model, inputs)
        assert [array.tobytes() for array in outputs] == [array.tobytes() for array in expected], path.name
        assert [array.dtype for array in outputs] == [array.dtype for array in expected]
    assert refused.keys() == REFUSED_BY_BOTH
    for name, message in refused.items():
        assert message.startswith(f"{name}: {backend.name} ")
        assert "\n" not in message


@on_every_backend
def test_the_memory_prediction_does_not_need_the_runtime_to_take_the_model(backend: Backend, shared: Path) -> None:
    from omvsim.runtime import make_timeline
    from omvsim.tflm import plan_arena

    model = read_model(shared / "models/real/person_detect.tflite")
    with pytest.raises(RefusedError, match="person_detect"):
        open_interpreter(model.data, backend=backend.name, source="person_detect")
    assert make_timeline(model, plan_arena(model)).arena_bytes == 82308


@on_every_backend
def test_intermediate_values(backend: Backend) -> None:
    interpreter = backend.open(two_relus())
    x = np.array([[-1, 0, 1, 2]], dtype=np.float32)
    (y,) = interpreter.run([x])
    assert y.tolist() == [[0, 0, 2, 4]]
    assert interpreter.values(1).tolist() == [[0, 0, 1, 2]]
    assert [operator.name for operator in interpreter.operators] == ["RELU", "ADD"]
    interpreter.run([-x])
    assert interpreter.values(1).tolist() == [[1, 0, 0, 0]]


@on_every_backend
def test_no_values_before_a_run(backend: Backend) -> None:
    with pytest.raises(InputDataError, match="no inference has run yet"):
        backend.open(two_relus()).values(1)


@on_every_backend
def test_wrong_inputs(backend: Backend) -> None:
    interpreter = backend.open(two_relus(), source="two.tflite")
    with pytest.raises(InputDataError, match=r"two\.tflite: the model has 1 inputs, not 0"):
        interpreter.run([])
    with pytest.raises(InputDataError, match=r"two\.tflite: input tensor 0: Cannot set tensor"):
        interpreter.run([np.zeros((1, 5), np.float32)])


@on_every_backend
def test_unknown_tensor_and_broken_model(backend: Backend) -> None:
    interpreter = backend.open(two_relus())
    with pytest.raises(RefusedError, match="has no tensor 99"):
        interpreter.tensor(99)
    with pytest.raises(RefusedError, match=rf"x\.tflite: {backend.name} does not take this model"):
        backend.open(b"not a model at all", source="x.tflite")


@on_every_backend
def test_a_crash_of_the_runtime_is_an_error_not_the_end(backend: Backend, shared: Path) -> None:
    model = (shared / "models/synthetic/nobias_dw_f32.tflite").read_bytes()
    with pytest.raises(RefusedError, match=rf"nobias: {backend.name} crashes on this model \(SIGSEGV\)"):
        open_interpreter(model, backend=backend.name, source="nobias")


@on_every_backend
def test_reading_a_resource_handle_is_refused_not_tried(backend: Backend, shared: Path) -> None:
    model = read_model(shared / "models/real/hey_jarvis.tflite")
    interpreter = backend.open(model.data, source="hey_jarvis")
    interpreter.run(make_inputs(interpreter.inputs))
    handles = [t.index for t in model.main.tensors if interpreter.tensor(t.index).dtype == "object"]
    assert handles
    with pytest.raises(RefusedError, match="is a resource handle"):
        interpreter.values(handles[0])


@on_every_backend
def test_options_reach_the_runtime(backend: Backend) -> None:
    with pytest.raises(TypeError):
        backend.open(two_relus(), options={"no_such_option": 1})
    assert backend.open(two_relus(), options={"num_threads": 1}).backend == backend.name


def test_the_probe_model_is_a_model() -> None:
    model = parse_model(_probe.probe_model(), "probe")
    assert [operator.name for operator in model.main.operators] == ["RELU"]


def test_numpy_2_advice(monkeypatch: pytest.MonkeyPatch, fresh_choice: None) -> None:
    versions = {"tflite-runtime": "2.14.0", "numpy": "2.1.0"}
    monkeypatch.setattr(_select._tflite, "load", lambda _: SimpleNamespace())
    monkeypatch.setattr(_select._probe, "probe", lambda _: "SystemError: returned a result with an exception set")
    monkeypatch.setattr("importlib.metadata.version", versions.__getitem__)
    with pytest.raises(MissingExtraError) as caught:
        _select.find_backend("tflite-runtime")
    assert str(caught.value) == (
        "tflite-runtime 2.14.0 is built for numpy 1 and does not work with numpy 2.1.0;"
        ' install it with: pip install "numpy<2"'
    )


@pytest.mark.skipif(
    "OMVSIM_TEST_VENV_NUMPY2" not in os.environ, reason="needs a Python with tflite-runtime and numpy 2"
)
def test_numpy_2_for_real() -> None:
    program = "from omvsim.runtime import choose_backend\nchoose_backend()"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    python = os.environ["OMVSIM_TEST_VENV_NUMPY2"]
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "is built for numpy 1 and does not work with numpy 2" in last
    assert last.endswith('pip install "numpy<2"')


def test_broken_for_another_reason(monkeypatch: pytest.MonkeyPatch, fresh_choice: None) -> None:
    monkeypatch.setattr(_select._tflite, "load", lambda _: SimpleNamespace())
    monkeypatch.setattr(_select._probe, "probe", lambda _: "wrong result [0.0]")
    monkeypatch.setattr("importlib.metadata.version", lambda _: "1.0")
    with pytest.raises(MissingExtraError, match=r"ai-edge-litert 1\.0 is installed but does not work \(wrong result"):
        _select.find_backend("ai-edge-litert")


def test_import_failure_is_advice_too(monkeypatch: pytest.MonkeyPatch, fresh_choice: None) -> None:
    def fail(name: str) -> None:
        raise ImportError("libfoo.so: cannot open shared object file\nmore")

    monkeypatch.setattr(_select._tflite, "load", fail)
    monkeypatch.setattr("importlib.metadata.version", lambda _: "1.0")
    with pytest.raises(MissingExtraError, match=r"does not work \(libfoo\.so: cannot open shared object file\)"):
        _select.find_backend("ai-edge-litert")


def test_nothing_installed(monkeypatch: pytest.MonkeyPatch, fresh_choice: None) -> None:
    def missing(name: str) -> None:
        raise _tflite.NotInstalledError(name)

    monkeypatch.setattr(_select._tflite, "load", missing)
    with pytest.raises(
        MissingExtraError, match=r"^no TFLite runtime is installed; install it with: pip install ai-edge"
    ):
        _select.choose_backend()
    with pytest.raises(MissingExtraError, match=r"^tflite-runtime is not installed; .*pip install tflite-runtime$"):
        _select.find_backend("tflite-runtime")
    with pytest.raises(MissingExtraError, match="there is no runtime 'onnx'"):
        _select.find_backend("onnx")


def test_a_broken_runtime_is_reported_only_if_no_other_works(
    monkeypatch: pytest.MonkeyPatch, fresh_choice: None
) -> None:
    monkeypatch.setattr(_select._tflite, "load", lambda name: SimpleNamespace(name=name))
    monkeypatch.setattr(_select._probe, "probe", lambda module: "broken" if module.name == "tflite-runtime" else None)
    monkeypatch.setattr("importlib.metadata.version", lambda _: "2.0")
    assert _select.choose_backend().name == "ai-edge-litert"
    _select.find_backend.cache_clear()
    monkeypatch.setattr(_select._probe, "probe", lambda _: "broken")
    with pytest.raises(MissingExtraError, match=r"tflite-runtime 2\.0 is built for numpy 1"):
        _select.choose_backend()


def test_the_probe_reports_any_failure_and_wrong_results() -> None:
    class Interpreter:
        def __init__(self, **_: object) -> None:
            print("pages of noise", file=sys.stderr)
            raise SystemError("first line\nsecond line")

    assert _probe.probe(SimpleNamespace(Interpreter=Interpreter)) == "SystemError: first line"  # type: ignore[arg-type]


def test_the_package_starts_without_numpy() -> None:
    program = "import sys, omvsim.runtime; sys.exit('numpy' in sys.modules or 'rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_unknown_name() -> None:
    import omvsim.runtime

    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = omvsim.runtime.nonsense


def test_tiny_models_carry_constants() -> None:
    model = TinyModel()
    x, y = model.tensor([2]), model.tensor([2], data=b"\0" * 8)
    z = model.tensor([2])
    model.operator(0, [x, y], [z])
    assert parse_model(model.build([x], [z]), "tiny").main.tensors[1].constant_bytes == 8
