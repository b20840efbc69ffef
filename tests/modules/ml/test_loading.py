"""Loading a model: figures, places, requests, what is raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import omvsim
from omvsim.boards import load_board
from omvsim.memory.requests import Phase
from omvsim.runs.result import Outcome
from tests.modules.ml.running import RELEASES, printed, run

if TYPE_CHECKING:
    from pathlib import Path

LOAD = "import ml\nm = ml.Model(MODEL)\n"


@pytest.mark.parametrize("firmware", RELEASES)
def test_the_arena_is_what_run_predicts(tmp_path: Path, firmware: str) -> None:
    (line,) = printed(tmp_path, LOAD + "print(m.ram)\n", firmware)
    assert int(line) == omvsim.run(tmp_path / "tiny.tflite", firmware=firmware).model_ram


@pytest.mark.parametrize("firmware", RELEASES)
def test_attributes(tmp_path: Path, firmware: str) -> None:
    lines = printed(
        tmp_path,
        LOAD
        + "print(m.len, m.input_shape, m.input_dtype, m.input_scale, m.input_zero_point)\n"
        + "print(m.output_shape, m.output_dtype, m.output_scale, m.output_zero_point)\n",
        firmware,
    )
    assert lines == [
        "9872 ((1, 96, 96, 1),) ('b',) (0.003921569,) (-128,)",
        "((1, 2),) ('b',) (0.00390625,) (-128,)",
    ]


def test_the_letter_b_is_a_name_and_costs_only_its_tuple(tmp_path: Path) -> None:
    result = run(tmp_path, LOAD + "m.input_dtype\n", requests=True, run_models=False)
    assert [(each.kind, each.size) for each in result.requests if each.phase is Phase.RUN and each.line == 3] == [
        ("alloc", 12)
    ]


def test_requests_of_loading(tmp_path: Path) -> None:
    result = run(tmp_path, LOAD, requests=True, run_models=False)
    asked = [(each.kind, each.size) for each in result.requests if each.phase is Phase.RUN and each.line == 2]
    at = asked.index(("alloc", 76))
    assert asked[at - 6 : at] == [
        ("alloc", 20),  # the instance, with room for its native part
        ("alloc", 12),  # arguments of __init__
        ("alloc", 84),  # its frame
        ("alloc", 12),  # *args
        ("alloc", 16),  # **kwargs
        ("alloc", 16),  # arguments of super().__init__
    ]
    assert asked[at + 1 : at + 5] == [
        ("alloc", 16),
        ("alloc", len("/tiny.tflite") + 1),
        ("alloc", 88),
        ("alloc", 9888 + 31),
    ]
    sizing = asked[at + 5][1]
    assert sizing > 8_000_000
    assert asked[at + 6 : at + 11] == [
        ("free", 0),
        ("alloc", 16),
        ("alloc", 31168),
        ("alloc", 4080),
        ("alloc", 192),
    ]
    described = [12, 12, 12, 12, 24, 8, 12, 12, 12, 12, 16, 8]
    assert [size for _, size in asked[at + 11 : at + 23]] == described


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    text = 'import ml\ntry:\n    ml.Model("none.tflite")\nexcept OSError as e:\n    print(e)\n'
    assert printed(tmp_path, text, "4.8.1") == ["[Errno 2] ENOENT"]
    assert printed(tmp_path, text, "4.6.20") == ["Could not find the file"]


@pytest.mark.parametrize(
    ("release", "path", "lacks"),
    [
        ("4.5.9", "/none.tflite", "file"),
        ("4.5.9", "/flash/none.tflite", "path"),  # the volume is the root: there is no folder /flash
        ("4.6.20", "/flash/none.tflite", "file"),
        ("4.6.20", "/none.tflite", "path"),  # nothing is mounted at the root
        ("4.6.20", "/rom/none.tflite", "path"),
        ("4.6.20", "/rom/person_detect.tflite", "path"),  # a name that later releases have there
        ("4.6.20", "/flash/folder/none.tflite", "path"),
        ("4.6.20", "folder/none.tflite", "path"),
    ],
)
def test_which_part_of_a_path_is_not_there(release: str, path: str, lacks: str, tmp_path: Path) -> None:
    text = f'import ml\ntry:\n    ml.Model("{path}")\nexcept OSError as e:\n    print(e)\n'
    assert printed(tmp_path, text, release) == [f"Could not find the {lacks}"]


def test_the_traceback_names_the_frozen_file(tmp_path: Path) -> None:
    result = run(tmp_path, 'import ml\nml.Model("none.tflite")\n', run_models=False)
    assert result.output.splitlines() == [
        "Traceback (most recent call last):",
        '  File "main.py", line 2, in <module>',
        '  File "ml/model.py", line 36, in __init__',
        "OSError: [Errno 2] ENOENT",
    ]
    assert any("no file for none.tflite" in note for note in result.notes)


def test_an_arena_without_room_is_the_cameras_error(tmp_path: Path) -> None:
    board = load_board("openmv-rt1062", "4.8.1").with_gc_areas([(36864, 0x20280000)])
    result = run(tmp_path, LOAD, board=board, run_models=False)
    assert result.failure is not None
    assert result.failure.text == "ValueError: Failed to allocate tensors"


def test_a_model_gives_back_what_it_took(tmp_path: Path) -> None:
    text = """
        import ml, gc
        gc.collect()
        m = None
        before = gc.mem_alloc()
        m = ml.Model(MODEL)
        m = None
        gc.collect()
        print(gc.mem_alloc() - before)
    """
    assert int(printed(tmp_path, text)[0]) < 200  # a list of seen names, no part of the model


def test_subclasses_and_attributes_of_a_script(tmp_path: Path) -> None:
    text = """
        import ml
        class Mine(ml.Model):
            def twice(self):
                return self.ram * 2
        m = Mine(MODEL)
        m.labels = ["a"]
        print(m.twice(), m.labels, isinstance(m, ml.Model))
        try:
            m.nothing
        except AttributeError as e:
            print(e)
    """
    assert printed(tmp_path, text) == ["62336 ['a'] True", "'Mine' object has no attribute 'nothing'"]


def test_the_c_class_is_reached_by_its_own_name(tmp_path: Path) -> None:
    lines = printed(tmp_path, "import uml\nm = uml.Model(MODEL, False, None)\nprint(m.ram)\n", "4.8.1")
    assert lines == ["31168"]


COPY = "with open(MODEL, 'rb') as f:\n    data = f.read()\nwith open(MODEL + 'x', 'wb') as f:\n    f.write(data)\n"
AGAIN = "import ml\ntry:\n    print(ml.Model({}).ram)\nexcept Exception as e:\n    print(repr(e))\n"


@pytest.mark.parametrize("firmware", RELEASES)
def test_a_model_that_the_script_wrote(tmp_path: Path, firmware: str) -> None:
    """A copy is the model that was copied."""
    first, second = printed(tmp_path, AGAIN.format("MODEL") + COPY + AGAIN.format("MODEL + 'x'"), firmware)
    assert first == second == str(omvsim.run(tmp_path / "tiny.tflite", firmware=firmware, load="file").model_ram)


@pytest.mark.parametrize("firmware", ["4.7.0", "4.8.1", "5.0.0"])
@pytest.mark.parametrize(
    "damaged", ["b'\\x1c\\x00\\x00\\x00TFL3' + bytes(200)", "bytes(64)", "bytes([8, 0, 0, 0]) * 9"]
)
def test_a_model_that_the_script_damaged(tmp_path: Path, firmware: str, damaged: str) -> None:
    """The first of these was recorded on 4.8.1: the file is copied to the heap, then its version is looked at."""
    text = f"with open(MODEL, 'wb') as f:\n    f.write({damaged})\n" + AGAIN.format("MODEL")
    assert printed(tmp_path, text, firmware) == ["ValueError('Unsupported model schema',)"]


@pytest.mark.parametrize("damaged", ["b''", "b'no model'", "data[:3000]"])
def test_a_damaged_model_that_is_unknown(tmp_path: Path, damaged: str) -> None:
    """The camera reads what lies behind the file, or follows offsets that lead anywhere."""
    text = COPY + f"with open(MODEL, 'wb') as f:\n    f.write({damaged})\nimport ml\nml.Model(MODEL)\n"
    assert run(tmp_path, text).outcome is Outcome.NOT_MODELLED


def test_a_model_that_the_script_removed_or_renamed(tmp_path: Path) -> None:
    """It is missing where it was, by either path, and there under its new name."""
    text = "import os\nos.rename(MODEL, 'other.tflite')\n"
    names = ("'tiny.tflite'", "MODEL", "'other.tflite'")
    lines = printed(tmp_path, text + "".join(AGAIN.format(name) for name in names))
    assert lines == ["OSError(2,)", "OSError(2,)", "31168"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/rom/nothing.tflite", [16, 16, 16, 16]),  # text, its bytes, the file, the exception
        ("/flash/nothing.tflite", [16, 16, 88, 16]),
        ("/nowhere/nothing.tflite", [16]),  # no file system has it
    ],
)
def test_requests_of_a_model_that_is_not_there(tmp_path: Path, path: str, asked: list[int]) -> None:
    """The first is as recorded on 4.8.1; the file of a FAT is given back before the exception."""
    result = run(tmp_path, f"import ml\nml.Model({path!r})\n", requests=True)
    sizes = [each.size for each in result.requests if each.phase is Phase.RUN and each.line == 2 and each.size]
    at = sizes.index(76)
    assert sizes[at + 1 : at + 1 + len(asked)] == asked
    assert sizes[at + 1 + len(asked) :][:2] == [12, 12]  # its arguments and its traceback


OPENED = [
    ("'/rom/tiny.tflite', 'rb'", "9872"),
    ("'/rom/none'", "OSError(2,)"),
    ("'/rom/tiny.tflite', 'w'", "OSError(30,)"),
    ("'/rom/tiny.tflite', 'r+'", "OSError(30,)"),
    ("'/rom'", "OSError(21,)"),
    ("'/flash'", "OSError(13,)"),
]


@pytest.mark.parametrize(("given", "said"), OPENED)
def test_files_in_rom(tmp_path: Path, given: str, said: str) -> None:
    """``mp_vfs_rom_file_open`` (extmod/vfs_rom_file.c)."""
    text = f"try:\n    print(len(open({given}).read()))\nexcept OSError as e:\n    print(repr(e))\n"
    assert printed(tmp_path, text) == [said]


def test_an_open_file_in_rom_is_small(tmp_path: Path) -> None:
    """16 bytes and no finaliser; one of a FAT takes 88."""
    result = run(tmp_path, "a = open('/rom/tiny.tflite', 'rb')\nb = open('/flash/tiny.tflite', 'rb')\n", requests=True)
    sizes = [
        [each.size for each in result.requests if each.phase is Phase.RUN and each.line == line] for line in (1, 2)
    ]
    assert sizes == [[16, len("/tiny.tflite") + 1, 16], [16, len("/tiny.tflite") + 1, 88]]
