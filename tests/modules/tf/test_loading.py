"""``tf.load`` of 4.5.5 and older: what it asks of the heap and of fb_alloc, refuses, and knows afterwards."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import models
from omvsim.boards import load_board
from omvsim.firmware import tf_input_of, tf_shape_refusal
from omvsim.graph import TensorType
from omvsim.runs import ScriptOptions, ScriptSession
from tests.running import asked

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.runs import ScriptResult


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("tf") / "tiny-conv.tflite"
    path.write_bytes(models.make("tiny-conv"))
    return path


def session(folder: Path, text: str, *given: Path, firmware: str = "4.5.5") -> ScriptSession:
    script = folder / "main.py"
    script.write_text(text)
    options = ScriptOptions(models=given, run_models=False, requests=True)
    return ScriptSession(load_board("openmv-rt1062", firmware), script, options)


def run(folder: Path, text: str, *given: Path, firmware: str = "4.5.5") -> ScriptResult:
    return session(folder, text, *given, firmware=firmware).run()


def printed(folder: Path, text: str, *given: Path, firmware: str = "4.5.5") -> list[str]:
    result = run(folder, text, *given, firmware=firmware)
    assert result.failure is None, result.failure
    return result.output.splitlines()


@pytest.mark.parametrize("release", ["4.5.6", "4.5.9", "4.7.0", "4.8.1", "5.0.0"])
def test_tf_is_a_name_of_ml_from_4_5_6(tmp_path: Path, release: str) -> None:
    """modules/py_ml.c: ``MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_tf, ml_module)``; it has no ``load``."""
    text = "import tf, utf, uml\nprint(tf is utf is uml, tf.__name__, hasattr(tf, 'load'), hasattr(tf, 'Model'))\n"
    assert printed(tmp_path, text, firmware=release) == ["True ml False True"]


def test_a_file_comes_before_the_name_of_ml_only(tmp_path: Path) -> None:
    (tmp_path / "tf.py").write_text("mine = 1\n")
    text = "import tf\nprint(hasattr(tf, 'mine'))\n"
    assert printed(tmp_path, text, firmware="4.8.1") == ["True"]
    assert printed(tmp_path, text, firmware="4.5.5") == ["False"]


@pytest.mark.parametrize("release", ["4.5.0", "4.5.5"])
def test_there_is_no_ml_before(tmp_path: Path, release: str) -> None:
    text = "try:\n    import ml\nexcept ImportError as e:\n    print(e)\n"
    assert printed(tmp_path, text, firmware=release) == ["no module named 'ml'"]


def test_what_loading_asks_of_the_heap(tmp_path: Path, model: Path) -> None:
    """The object of 72 bytes; a copy of the file unless it goes to fb_alloc."""
    text = (
        'import tf; a = b = None\na = tf.load("/tiny-conv.tflite")\nb = tf.load("/tiny-conv.tflite", load_to_fb=True)\n'
    )
    result = run(tmp_path, text, model)
    size = model.stat().st_size
    assert asked(result, 2) == [72, size]
    assert asked(result, 3) == [72]


def test_what_loading_leaves_on_fb_alloc(tmp_path: Path, model: Path) -> None:
    """With ``load_to_fb`` the file, under a permanent mark that ``free_from_fb`` goes past; nothing otherwise."""
    load = 'import tf\na = tf.load("/tiny-conv.tflite")\n'
    kept = load + 'b = tf.load("/tiny-conv.tflite", load_to_fb=True)\n'
    left = []
    for text in (load, kept, kept + "tf.free_from_fb()\n"):
        ran = session(tmp_path, text, model)
        assert ran.run().failure is None
        stack = ran.world.camera.fb_alloc
        assert stack is not None
        left.append([entry.permanent for entry in stack.entries])
    assert left == [[], [False, True], []]  # mark and data


def test_a_failed_load_leaves_nothing_on_fb_alloc(tmp_path: Path) -> None:
    text = "import tf\nfor name in ('/none.tflite', 1):\n    try:\n        tf.load(name)\n"
    text += "    except Exception as e:\n        print(type(e).__name__, e)\n"
    ran = session(tmp_path, text)
    assert ran.run().output.splitlines()[0] == "OSError Could not find the file"
    stack = ran.world.camera.fb_alloc
    assert stack is not None
    assert stack.entries == ()


def test_what_the_library_says_is_the_errors_text(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(models.make("lstm"))  # an operator that the library of 4.5.5 does not have
    text = 'import tf\ntry:\n    tf.load("/m.tflite")\nexcept OSError as e:\n    print(e)\n'
    result = run(tmp_path, text, path)
    assert result.output == "AllocateTensors() failed!\n"
    failed = run(tmp_path, 'import tf\ntf.load("/m.tflite")\n', path).failure
    assert failed is not None
    assert "LSTM" in failed.reason


def tensor(*shape: int, kind: TensorType = TensorType.INT8) -> SimpleNamespace:
    return SimpleNamespace(shape=shape, type=kind)


WRONG = TensorType.INT16
INPUTS = "[h][w](c=1), [h][w][c==1||c==3], or [n==1][h][w][c==1||c==3]"


@pytest.mark.parametrize(
    ("taken", "given", "text"),
    [
        (tensor(1, 1960), tensor(5), ""),
        (tensor(8, 8, 3), tensor(1, 5), ""),
        (tensor(1, 8, 8, 1, kind=TensorType.FLOAT32), tensor(2, 3, 4, kind=TensorType.UINT8), ""),
        (tensor(1, 8, 8, 1), tensor(1, 2, 3, 4), ""),
        (tensor(8, 8, kind=WRONG), tensor(5, kind=WRONG), "Input model data type should be 8-bit quantized!"),
        (tensor(9), tensor(5), f"Input dimensions should be {INPUTS}!"),
        (tensor(2, 8, 8, 1), tensor(5), "Input dimension [n] should be 1!"),
        (tensor(8, 8, 4), tensor(5), "Input dimension [c] should be 1 or 3!"),
        (tensor(1, 8, 8, 2), tensor(5), "Input dimension [c] should be 1 or 3!"),
        (tensor(8, 8), tensor(5, kind=WRONG), "Output model data type should be 8-bit quantized!"),
        (tensor(8, 8), tensor(), "Output dimensions should be [c], [n==1][c], [h][w][c], or [n==1][h][w][c]!"),
        (tensor(8, 8), tensor(2, 5), "Output dimension [n] should be 1!"),
        (tensor(8, 8), tensor(2, 1, 1, 5), "Output dimension [n] should be 1!"),
    ],
)
def test_shapes_that_the_library_refuses(taken: SimpleNamespace, given: SimpleNamespace, text: str) -> None:
    graph: Any = SimpleNamespace(main=SimpleNamespace(input_tensors=[taken], output_tensors=[given]))
    assert tf_shape_refusal(graph) == text


@pytest.mark.parametrize(
    ("shape", "seen"), [((3, 5), (3, 5, 1)), ((3, 5, 1), (3, 5, 1)), ((1, 96, 64, 3), (96, 64, 3))]
)
def test_an_input_as_the_module_reads_it(shape: tuple[int, ...], seen: tuple[int, int, int]) -> None:
    assert tf_input_of(shape) == seen


def test_what_a_model_says_of_itself(tmp_path: Path, model: Path) -> None:
    names = [f"{side}_{name}" for side in ("input", "output") for name in ("height", "width", "channels", "datatype")]
    calls = ", ".join(f"m.{name}()" for name in names)
    text = f'import tf\nm = tf.load("/tiny-conv.tflite")\nprint({calls})\nprint(m.len(), m.ram())\n'
    text += 'print(m)\nprint("%.6f %d %.8f %d" % (m.input_scale(), m.input_zero_point(), m.output_scale(), '
    text += "m.output_zero_point()))\n"
    shapes, sizes, shown, numbers = printed(tmp_path, text, model)
    assert shapes == "96 96 1 int8 1 1 2 int8"
    size, ram = (int(number) for number in sizes.split())
    assert size == model.stat().st_size
    assert json.loads(shown) == {
        **{"len": size, "ram": ram, "input_height": 96, "input_width": 96, "input_channels": 1},
        **{"input_datatype": "int8", "input_scale": 0.003922, "input_zero_point": -128},
        **{"output_height": 1, "output_width": 1, "output_channels": 2, "output_datatype": "int8"},
        **{"output_scale": 0.003906, "output_zero_point": -128},
    }
    assert numbers == "0.003922 -128 0.00390625 -128"


def test_a_float_model_has_no_scale(tmp_path: Path) -> None:
    path = tmp_path / "m.tflite"
    path.write_bytes(models.make("tiny-conv", dtype="float32"))
    text = 'import tf\nm = tf.load("/m.tflite")\nprint(m.input_datatype(), m.input_scale(), m.output_zero_point())\n'
    assert printed(tmp_path, text, path) == ["float 0.0 0"]


def test_a_path_that_is_no_built_in_model_has_no_labels(tmp_path: Path, model: Path) -> None:
    (tmp_path / "tiny-conv.txt").write_text("a\nb\n")
    text = 'import tf\nlabels, net = tf.load_builtin_model("/tiny-conv.tflite")\nprint(labels, net.output_channels())\n'
    assert printed(tmp_path, text, model) == ["[] 2"]


def test_arenas_on_the_device(shared: Path, tmp_path: Path) -> None:
    """``detect_v455.json``: the figure of the library of 4.5.5 with the model on fb_alloc, for that very address."""
    measured = json.loads((shared / "oracle/forum/detect_v455.json").read_text())["models"]
    assert len(measured) == 5
    for each in measured:
        path = shared / "oracle/forum" / each["model"]
        result = run(tmp_path, f'import tf\nprint(tf.load("/{path.name}", load_to_fb=True).ram())\n', path)
        assert int(result.output) == each["tensor_arena_size_on_device_load_to_fb_true"], path.name
        (row,) = each["load_to_fb_true"]["gc_heap"]
        assert asked(result, 2)[-1] == row[1]
        text = f'import tf\ntry:\n    tf.load("/{path.name}")\nexcept MemoryError as e:\n    print("MemoryError:", e)\n'
        assert run(tmp_path, text, path).output.strip() == each["load_to_fb_false"]["result"]
