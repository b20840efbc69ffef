"""A scenario's text: options, branches on them, labels."""

from __future__ import annotations

import pytest

from omvsim.errors import ScenarioError
from omvsim.runs.scenario.text import MOST_KEPT, Prepared, ScenarioText, Word

BLOCK = """# Try it: once.
# firmware: 4.5.5
# board: openmv-rt1062
# models: a.tflite, b.tflite

# options
KIND = "camera"  # or image
TIMES = 5
FORMAT = RGB565
NONE = None
# end of options

"""


def prepared(body: str, **values: object) -> Prepared:
    return ScenarioText("s", BLOCK + body).prepare(values)  # type: ignore[arg-type]


def body(text: str, **values: object) -> list[str]:
    """What is left of the script below its comment."""
    lines = prepared(text, **values).text.splitlines()
    return lines[lines.index("# models: a.tflite, b.tflite") + 1 :]


def test_header():
    text = ScenarioText("s", BLOCK)
    assert text.title == "Try it: once"
    assert text.header == {"firmware": "4.5.5", "board": "openmv-rt1062", "models": "a.tflite, b.tflite"}
    assert text.options == {"KIND": "camera", "TIMES": 5, "FORMAT": "RGB565", "NONE": None}
    assert isinstance(text.options["FORMAT"], Word)


def test_names_become_values():
    assert body("f(KIND, TIMES, sensor.FORMAT)\n") == ["", 'f("camera", 5, sensor.RGB565)']
    assert body("f(KIND)\n", KIND="a'b") == ["", 'f("a\'b")']
    assert body("f(TIMES)\n", TIMES=True) == ["", "f(True)"]
    assert body("from a.FORMAT import KIND\n", KIND=Word("X")) == ["", "from a.RGB565 import X"]


def test_texts_and_comments_keep_the_names():
    assert body('f("TIMES")  # TIMES\n') == ["", 'f("TIMES")  # TIMES']


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('KIND == "camera"', True),
        ('KIND != "camera"', False),
        ('KIND in ("image", "camera")', True),
        ("not TIMES", False),
        ("NONE", False),
        ('TIMES == 5 and KIND == "image"', False),
        ('TIMES == 5 or KIND == "image"', True),
    ],
)
def test_conditions_on_options_are_decided(condition, holds):
    text = f"if {condition}:\n    a()\nelse:\n    b()\n"
    assert body(text) == ["", "a()" if holds else "b()"]


def test_elif_chains_and_inner_branches():
    text = """if KIND == "image":
    a()
elif KIND == "camera":
    if TIMES:
        b()
        for i in range(TIMES):
            if NONE:
                c()
            else:
                d(i)
else:
    e()
f()
"""
    assert body(text) == ["", "b()", "for i in range(5):", "    d(i)", "f()"]
    assert body(text, KIND="image") == ["", "a()", "f()"]
    assert body(text, KIND="") == ["", "e()", "f()"]
    assert body(text, TIMES=0) == ["", "f()"]


def test_branches_in_functions_and_handlers():
    text = """def f():
    try:
        if NONE:
            a()
        b()
    except ValueError:
        if not NONE:
            c()
    finally:
        if TIMES:
            d()
"""
    assert body(text) == [
        "",
        "def f():",
        "    try:",
        "        b()",
        "    except ValueError:",
        "        c()",
        "    finally:",
        "        d()",
    ]


def test_other_conditions_stay():
    text = "if KIND == x:\n    a()\n"
    assert body(text) == ["", 'if "camera" == x:', "    a()"]


def test_labels_go_with_their_lines_and_are_not_shown():
    script = prepared("a()  # step: one\nif NONE:\n    b()  # step: two\nc()\nd()  # step: three\n")
    lines = script.text.splitlines()
    assert {lines[number - 1]: label for number, label in script.labels.items()} == {"a()": "one", "d()": "three"}
    assert "step:" not in script.text


def test_a_script_without_options_is_left_as_it_is():
    text = "import ml\n\n\nm = ml.Model('x')  # step: load\n"
    script = ScenarioText("s", text).prepare({})
    assert script == Prepared(text, {4: "load"})


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("# options\nA = 1\n", "line 1 begins a block of options that does not end"),
        ("# options\nA == 1\n# end of options\n", "line 2 is no option of the form NAME = value"),
        ("# options\nA = f()\n# end of options\n", "line 2 is no option of the form NAME = value"),
        ("# options\nA = [1]\n# end of options\n", "line 2 is no option of the form NAME = value"),
        ("# options\nA = 1 = \n# end of options\n", "line 2 is no option of the form NAME = value"),
    ],
)
def test_a_block_that_is_none(text, cause):
    with pytest.raises(ScenarioError, match=cause):
        ScenarioText("s", text)


def test_unknown_option():
    with pytest.raises(ScenarioError, match="no option LOOPS"):
        prepared("a()\n", LOOPS=3)


def test_a_condition_that_cannot_be_decided():
    with pytest.raises(ScenarioError, match=r"line 13: a condition on options compares with ==, != or in"):
        prepared("if TIMES < 3:\n    a()\n")


def test_text_that_is_no_script():
    with pytest.raises(ScenarioError, match="line 13: "):
        prepared("if TIMES\n")


def test_names_in_texts_and_comments_are_left_alone():
    lines = ["x = KIND, 0x5E, 'KIND', b\"KIND\"  # KIND", 'z = """', "KIND", '"""', "w = r'\\'KIND', NONE"]
    assert body("\n".join([*lines, 'v = f"{KIND}" + KINDS + KIND.TIMES']))[1:] == [
        "x = 'camera', 0x5E, 'KIND', b\"KIND\"  # KIND",
        'z = """',
        "KIND",
        '"""',
        'w = r"\\"KIND", None',
        "v = f\"{KIND}\" + KINDS + 'camera'.5",
    ]


def test_the_same_choice_is_prepared_once() -> None:
    text = ScenarioText("s", BLOCK + "f(TIMES, KIND)\n")
    first = text.prepare({"TIMES": 1})
    assert text.prepare({"TIMES": 1}) is first
    assert 'f(1, "camera")' in first.text
    assert 'f(True, "camera")' in text.prepare({"TIMES": True}).text
    assert "f(1, camera)" in text.prepare({"TIMES": 1, "KIND": Word("camera")}).text
    for times in range(3 * MOST_KEPT):
        assert f"f({times}, " in text.prepare({"TIMES": times}).text
    assert len(text._prepared) <= MOST_KEPT


@pytest.mark.parametrize(("given", "value"), [("-3", -3), ("+3", 3), ("True", True), ("None", None), ("'x'", "x")])
def test_values_of_options(given: str, value: object) -> None:
    assert ScenarioText("s", f"# options\nA = {given}\n# end of options\n").options == {"A": value}


@pytest.mark.parametrize("given", ["1.5", "b'x'", "-x", "not 1", "1 + 1", "..."])
def test_what_is_no_value_of_an_option(given: str) -> None:
    with pytest.raises(ScenarioError, match="line 2 is no option of the form NAME = value"):
        ScenarioText("s", f"# options\nA = {given}\n# end of options\n")
