"""Changes of a script's text: what somebody would write, and nothing where it cannot be seen where."""

from __future__ import annotations

import pytest

from omvsim.runs.scenario.edits import Change, Edit, edited, labels_of, loaded_paths, uses_outputs
from omvsim.runs.scenario.text import Prepared

SCRIPT = """# mine
import sensor
import ml

m = ml.Model("/flash/a.tflite")

while True:
    img = sensor.snapshot()
    out = m.predict([img])
"""


def change(text: str, what: Change, *value: str, path: str = "") -> str | None:
    made = edited(Prepared(text, {}), Edit(what, value, path))
    return None if made is None else made.text


def added(text: str, what: Change, *value: str, path: str = "") -> list[str]:
    """Lines that are new; the rest stands as it did, in order."""
    made = change(text, what, *value, path=path)
    assert made is not None
    old, new = text.splitlines(), made.splitlines()
    found = []
    for line in new:
        if old and line == old[0]:
            old = old[1:]
        else:
            found.append(line)
    assert old == []
    return found


def test_a_collection_before_every_load() -> None:
    assert added(SCRIPT, Change.COLLECT_BEFORE_LOAD) == ["import gc", "gc.collect()"]
    made = change(SCRIPT, Change.COLLECT_BEFORE_LOAD)
    assert made is not None
    lines = made.splitlines()
    assert lines[lines.index('m = ml.Model("/flash/a.tflite")') - 1] == "gc.collect()"
    assert lines.index("import gc") == 1
    assert change(made, Change.COLLECT_BEFORE_LOAD) is None  # it is there


def test_inside_a_function_it_is_indented_and_gc_is_imported_once() -> None:
    text = 'import gc\nfrom ml import Model\ndef load(p):\n    x = 1\n    return Model("a.tflite")\nload(1)\n'
    assert added(text, Change.COLLECT_BEFORE_LOAD) == ["    gc.collect()"]


def test_a_collection_every_frame_is_the_first_thing_of_a_turn() -> None:
    made = change(SCRIPT, Change.COLLECT_EVERY_FRAME)
    assert made is not None
    lines = made.splitlines()
    assert lines[lines.index("while True:") + 1] == "    gc.collect()"
    assert change(made, Change.COLLECT_EVERY_FRAME) is None


def test_without_a_loop_it_stands_before_the_prediction() -> None:
    text = 'import gc\nimport ml\nm = ml.Model("a")\nm.predict([1])\n'
    assert added(text, Change.COLLECT_EVERY_FRAME) == ["gc.collect()"]


def test_an_output_that_nobody_reads_gets_no_name() -> None:
    made = change(SCRIPT, Change.DROP_OUTPUT)
    assert made == SCRIPT.replace("out = m.predict", "m.predict")
    assert change(SCRIPT.replace("out = ", ""), Change.DROP_OUTPUT) is None


def test_one_that_is_read_is_let_go_before() -> None:
    text = SCRIPT + "    print(out)\n"
    assert added(text, Change.DROP_OUTPUT) == ["    out = None"]
    made = change(text, Change.DROP_OUTPUT)
    assert made is not None
    assert change(made, Change.DROP_OUTPUT) is None


def test_a_callback_is_a_function_of_the_module() -> None:
    made = change(SCRIPT, Change.CALLBACK)
    assert made is not None
    assert "\n\ndef callback(model, inputs, outputs):\n    return None\n\nwhile True:\n" in made
    assert "    m.predict([img], callback=callback)\n" in made
    assert change(made, Change.CALLBACK) is None


@pytest.mark.parametrize(
    "text",
    [
        SCRIPT + "    print(out)\n",  # the outputs are used
        SCRIPT.replace("[img])", "[img], callback=seen)"),
        SCRIPT.replace("    out = m.predict([img])", "    print(m.predict([img]))"),
        SCRIPT.replace("m.predict", "m.classify"),
    ],
)
def test_no_callback_where_it_would_change_what_the_script_does(text: str) -> None:
    assert change(text, Change.CALLBACK) is None


def test_inputs_are_filled_by_a_function() -> None:
    made = change(SCRIPT, Change.FILL, "1")
    assert made is not None
    assert "def fill(buffer, shape, dtype):\n    pass\n\nwhile True:" in made
    assert "out = m.predict([fill])" in made
    assert change(made, Change.FILL, "1") is None


def test_an_array_that_was_made_for_it_is_not_made() -> None:
    text = (
        'import ml\nm = ml.Model("a")\nx = [np.zeros(s) for s in m.input_shape]\nfor i in range(3):\n    m.predict(x)\n'
    )
    made = change(text, Change.FILL, "2")
    assert made is not None
    assert "x = [fill] * 2\n" in made
    assert "np.zeros" not in made
    assert change(text.replace("    m.predict(x)", "    m.predict(x)\n    print(x)"), Change.FILL, "2") is None
    picture = change(text, Change.PICTURE, "image.Image(8, 8, image.RGB565)")
    assert picture is not None
    assert picture.startswith("import image\nimport ml\n")
    assert "x = [image.Image(8, 8, image.RGB565)]\n" in picture
    assert change(SCRIPT, Change.PICTURE, "image.Image(8, 8, image.RGB565)") is None  # it is one


def test_a_file_elsewhere() -> None:
    moved = change(SCRIPT, Change.PATH, "/rom/a.tflite", path="/flash/a.tflite")
    assert moved == SCRIPT.replace("/flash/", "/rom/")
    to_fb = change(SCRIPT, Change.PATH, "/flash/a.tflite", "fb", path="/flash/a.tflite")
    assert to_fb == SCRIPT.replace('.tflite"', '.tflite", load_to_fb=True')
    assert to_fb is not None
    assert change(to_fb, Change.PATH, "/flash/a.tflite", path="/flash/a.tflite") == SCRIPT
    assert change(SCRIPT, Change.PATH, "/rom/b.tflite", path="/flash/b.tflite") is None
    made_up = SCRIPT.replace('"/flash/a.tflite"', '"/flash/" + "a.tflite"')
    assert change(made_up, Change.PATH, "/rom/a.tflite", path="/flash/a.tflite") is None


def test_other_arguments_stay() -> None:
    text = 'import ml\nm = ml.Model("/a.tflite", postprocess=Fomo(threshold=0.4))\n'
    made = change(text, Change.PATH, "/sdcard/a.tflite", "fb", path="/a.tflite")
    assert made == 'import ml\nm = ml.Model("/sdcard/a.tflite", load_to_fb=True, postprocess=Fomo(threshold=0.4))\n'


def test_turns_are_cut_and_never_added() -> None:
    text = 'import ml\nm = ml.Model("a")\nfor i in range(5):\n    m.predict([x])\nfor j in range(9):\n    print(j)\n'
    assert change(text, Change.TURNS, "2") == text.replace("range(5)", "range(2)")
    assert change(text, Change.TURNS, "5") is None
    assert change(SCRIPT, Change.TURNS, "2") is None


def test_one_module_becomes_the_other() -> None:
    text = 'import tf\nm = tf.load("a.tflite", load_to_fb=True)\nwhile True:\n    o = m.classify(img)\n'
    made = change(text, Change.MODULE, "ml", "predict")
    assert made == text.replace("import tf", "import ml").replace("tf.load", "ml.Model").replace(
        "m.classify(img)", "m.predict([img])"
    )
    assert made is not None
    back = change(made, Change.MODULE, "tf", "classify")
    assert back == text
    told = change(made, Change.MODULE, "tf", "detect")
    assert told is not None
    assert "m.detect(img, thresholds=[(128, 255)])" in told


def test_labels_go_with_their_lines() -> None:
    script = Prepared(SCRIPT, {5: "load", 9: "predict"})
    made = edited(script, Edit(Change.COLLECT_BEFORE_LOAD))
    assert made is not None
    lines = made.text.splitlines()
    assert [(lines[number - 1].strip(), label) for number, label in made.labels.items()] == [
        ("gc.collect()", "load"),  # what is done before a line is done for it
        ('m = ml.Model("/flash/a.tflite")', "load"),
        ("out = m.predict([img])", "predict"),
    ]


@pytest.mark.parametrize("what", list(Change))
def test_what_cannot_be_read_is_not_changed(what: Change) -> None:
    for text in ("", "def (:\n", "print(1)\n", "x = [\n"):
        assert change(text, what, "1", "2", path="/a") is None


def test_letters_beyond_ascii_are_no_trouble() -> None:
    text = 'import ml\ns = "größe"; m = ml.Model("/flash/a.tflite")\n'
    assert change(text, Change.PATH, "/rom/a.tflite", path="/flash/a.tflite") == text.replace("/flash/", "/rom/")


def test_what_is_asked_of_outputs() -> None:
    assert not uses_outputs(SCRIPT)
    assert uses_outputs(SCRIPT + "    print(out)\n")
    assert uses_outputs(SCRIPT.replace("    out = m.predict([img])", "    print(m.predict([img]))"))
    assert uses_outputs(SCRIPT.replace('.tflite"', '.tflite", postprocess=p'))
    assert uses_outputs("def (:\n")


def test_labels_and_paths_of_any_script() -> None:
    assert labels_of(SCRIPT)[5] == "load"
    assert labels_of(SCRIPT)[9] == "predict"
    assert labels_of(SCRIPT)[2] == "line 2"
    assert loaded_paths(SCRIPT) == ["/flash/a.tflite"]
    assert loaded_paths("def (:\n") == []
