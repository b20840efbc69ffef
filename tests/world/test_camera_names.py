"""Names of the camera's C modules by release, and the numbers behind its constants."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import omvsim.world
from omvsim.boards import known_releases
from omvsim.world.camera_names import UNAVAILABLE, rom_int, table
from tests.bare_machine import Run
from tests.running import run

DATA = json.loads((Path(omvsim.world.__file__).parent / "data" / "camera_names.json").read_text(encoding="utf-8"))
RELEASES = known_releases()
OWNERS = sorted(DATA)


# -- constants ---------------------------------------------------------------------------------------------------------


@given(st.integers(-(1 << 30), (1 << 30) - 1))
def test_what_fits_into_31_bits_is_itself(number: int) -> None:
    assert rom_int(number) == number


@given(st.integers(-(1 << 40), 1 << 40))
def test_what_does_not_fit_loses_its_top(number: int) -> None:
    """``MP_ROM_INT(i)`` is ``(((mp_uint_t)i) << 1) | 1``, and reading shifts it back with its sign (py/obj.h)."""
    word = ((number << 1) | 1) & 0xFFFFFFFF
    signed = word - (1 << 32) if word >= 1 << 31 else word
    assert rom_int(number) == signed >> 1


# Numbers of openmv/openmv's headers and tables at the tags named.
CONSTANTS = [
    ("image", "4.8.1", "SEARCH_EX", 0),  # lib/imlib/imlib.h, template_match_t
    ("image", "4.8.1", "SEARCH_DS", 1),
    ("image", "4.8.1", "EDGE_CANNY", 0),  # edge_detector_t
    ("image", "4.8.1", "EDGE_SIMPLE", 1),
    ("image", "4.8.1", "CORNER_FAST", 0),
    ("image", "4.8.1", "CORNER_AGAST", 1),
    ("image", "4.8.1", "AREA", 1 << 0),  # image_hint_t, IMAGE_HINT_AREA
    ("image", "4.8.1", "BILINEAR", 1 << 1),
    ("image", "4.8.1", "BICUBIC", 1 << 2),
    ("image", "4.8.1", "HMIRROR", 1 << 4),
    ("image", "4.8.1", "VFLIP", 1 << 5),
    ("image", "4.8.1", "TRANSPOSE", 1 << 6),
    ("image", "4.8.1", "CENTER", 1 << 7),
    ("image", "4.8.1", "EXTRACT_RGB_CHANNEL_FIRST", 1 << 8),
    ("image", "4.8.1", "APPLY_COLOR_PALETTE_FIRST", 1 << 9),
    ("image", "4.8.1", "SCALE_ASPECT_KEEP", 1 << 10),
    ("image", "4.8.1", "SCALE_ASPECT_EXPAND", 1 << 11),
    ("image", "4.8.1", "SCALE_ASPECT_IGNORE", 1 << 12),
    ("image", "4.8.1", "TAG36H11", 16),  # TAG36H11 = 16
]


@pytest.mark.parametrize(("owner", "release", "name", "number"), CONSTANTS)
def test_a_constant_has_its_number(owner: str, release: str, name: str, number: int) -> None:
    assert table(owner, release)[name] == number


def test_a_background_with_all_31_bits_lost_prints_as_0() -> None:
    """``IMAGE_HINT_BLACK_BACKGROUND`` is 1 << 31, an int's sign: shifted once more it is gone (imlib.h, py/obj.h)."""
    assert table("image", "4.8.1")["BLACK_BACKGROUND"] == -1 << 31
    assert Run("import image\nprint(image.BLACK_BACKGROUND, image.HMIRROR)").printed == "0 16\n"
    assert rom_int(1 << 30) == -(1 << 30)


# -- steps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", OWNERS)
def test_steps_follow_the_releases_and_change_something(owner: str) -> None:
    """A step names a release once, drops only what is there, and adds only what is new or another number."""
    steps = DATA[owner]
    places = [RELEASES.index(step["from"]) for step in steps]
    assert all(before < after for before, after in pairwise(places))
    have: dict[str, object] = {}
    for step in steps:
        assert set(step) <= {"from", "names", "drop", "gone"}
        if step.get("gone"):
            assert have
            have.clear()
        dropped, added = step.get("drop", ()), step.get("names", {})
        assert set(dropped) <= set(have)
        assert step.get("gone") or dropped or added
        for name in dropped:
            del have[name]
        assert not [name for name, value in added.items() if have.get(name, have) == value and name in have]
        have.update(added)
        assert {**table(owner, step["from"])} == have


@pytest.mark.parametrize("owner", OWNERS)
def test_an_entry_is_a_number_a_function_or_unavailable(owner: str) -> None:
    for step in DATA[owner]:
        for name, value in step.get("names", {}).items():
            assert value in ("", "-") or isinstance(value, int), name
            assert name.isidentifier()


def test_before_the_first_step_there_is_nothing_and_of_no_module_neither() -> None:
    assert table("csi", "4.7.0") == table("csi.CSI", "4.5.0") == {}
    assert table("csi", "4.8.0")
    assert table("no such module", "5.0.0") == {}


def test_a_development_build_counts_as_the_release_it_led_to() -> None:
    assert table("sensor", "4.8.1-dev") == table("sensor", "4.8.1")


def test_a_release_nobody_knows_has_no_table() -> None:
    with pytest.raises(ValueError, match="not in"):
        table("sensor", "9.9.9")


# -- what a script sees ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", ["4.5.9", "4.8.1", "5.0.0"])
def test_every_constant_of_image_is_the_tables(release: str) -> None:
    names = [name for name, value in table("image", release).items() if isinstance(value, int)]
    printed = Run("import image\n" + "".join(f"print(image.{name})\n" for name in names), release).printed
    assert printed.split() == [str(rom_int(int(table("image", release)[name]))) for name in names]


def test_a_method_that_this_board_lacks_says_so(tmp_path: Path) -> None:
    """py_func_unavailable (modules/py_helper.c): OSError, whatever the arguments."""
    names = [name for name, value in table("image.Image", "4.8.1").items() if value == "-"]
    calls = [f"{name}({given})" for name in names for given in ("", "1, a=2")]
    text = "import image\ni = image.Image(8, 8, image.GRAYSCALE)\n"
    text += "".join(f"try:\n    i.{call}\nexcept OSError as e:\n    print(e)\n" for call in calls)
    assert names == ["find_hog", "selective_search", "stereo_disparity"]
    assert run(tmp_path, text).output == f"{UNAVAILABLE}\n" * len(calls)


PICTURE = "image.Image(8, 8, image.GRAYSCALE)"
MISSING = [
    ("4.5.5", "image", "'module' object"),
    ("4.7.0", "image", "'module' object"),
    ("4.8.0", "image", "module 'image'"),
    ("5.0.0", "image", "module 'image'"),
    ("4.5.5", PICTURE, "'Image' object"),
    ("5.0.0", PICTURE, "'Image' object"),
]


@pytest.mark.parametrize(("release", "what", "owner"), MISSING)
def test_a_name_that_no_release_has_is_an_attribute_error(tmp_path: Path, release: str, what: str, owner: str) -> None:
    """py/runtime.c, mp_load_method; a module's own name is in the text from v1.26.0 on."""
    failure = run(tmp_path, f"import image\n{what}.no_such_name", release=release).failure
    assert failure is not None
    assert failure.text == f"AttributeError: {owner} has no attribute 'no_such_name'"
