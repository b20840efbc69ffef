"""Methods are imported when they are called: the table says where each is. Black pictures are drawn without pixels."""

from __future__ import annotations

import sys
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from omvsim.image import draw_image, module
from tests.running import run

if TYPE_CHECKING:
    from omvsim.runs import ScriptResult

FOLDER = Path(module.__file__).parent


@pytest.mark.parametrize(("table", "listed"), [("METHODS", module.METHODS), ("FUNCTIONS", module.FUNCTIONS)])
def test_the_table_names_every_method_of_every_file(table: str, listed: dict[str, str]) -> None:
    files = {path.stem: import_module(f"omvsim.image.{path.stem}") for path in FOLDER.glob("[a-z]*.py")}
    del files["module"]
    there = {name: list(getattr(file, table)) for name, file in files.items() if hasattr(file, table)}
    assert {file: names.split() for file, names in listed.items()} == there


def test_a_method_tells_its_arguments_before_it_is_called() -> None:
    found = module.methods()
    assert {(found[name].least, found[name].most) for name in ("width", "height")} == {(1, 1)}  # type: ignore[union-attr]
    assert found["find_blobs"].keywords  # type: ignore[union-attr]
    with pytest.raises(AttributeError, match="selfish"):
        _ = found["width"].selfish  # type: ignore[union-attr]


SCRIPT = """
import image, sensor
sensor.reset()
sensor.set_pixformat(sensor.{source})
sensor.set_framesize(sensor.QQVGA)
seen = image.Image(160, 120, sensor.{source})
big = image.Image({width}, {height}, sensor.{target})
for at in range(0, {width} * {height}, 7):
    big.set_pixel(at % {width}, at // {width}, 77)
big.draw_image(seen, {x}, {y}, {options})
print([[big.get_pixel(x, y) for x in range(0, {width}, 5)] for y in range(0, {height}, 3)])
"""
OPTIONS = (
    "hint=image.BILINEAR | image.CENTER | image.SCALE_ASPECT_EXPAND | image.BLACK_BACKGROUND",
    "hint=image.SCALE_ASPECT_IGNORE, roi=(3, 5, 40, 31)",
    "x_scale=0.3, y_scale=-0.2, hint=image.AREA",
    "x_scale=1.5, alpha=100",
)

SHAPES = ((0, 0, 33, 47), (0, 0, 21, 20), (-5, 9, 64, 20), (2, 1, 30, 30))


def drawn(folder: Path, case: dict[str, object]) -> ScriptResult:
    """A black picture drawn."""
    result = run(folder, SCRIPT.format(**case))
    assert result.failure is None, result.failure
    return result


@pytest.mark.parametrize(("source", "target"), list(product(("GRAYSCALE", "RGB565"), ("GRAYSCALE", "RGB565"))))
def test_a_black_picture_draws_what_its_pixels_draw(
    source: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for options, (x, y, width, height) in zip(OPTIONS, SHAPES, strict=True):
        case: dict[str, object] = {"source": source, "target": target, "options": options}
        case |= {"x": x, "y": y, "width": width, "height": height}
        soon = drawn(tmp_path, case)
        with monkeypatch.context() as patch:
            patch.setattr(draw_image, "stays_black", lambda *_: False)
            pixel_by_pixel = drawn(tmp_path, case)
        assert soon.output == pixel_by_pixel.output
        assert soon.requests == pixel_by_pixel.requests
        assert soon.placed == pixel_by_pixel.placed


def test_a_picture_with_a_light_pixel_is_not_black(tmp_path: Path) -> None:
    text = "import image\na = image.Image(20, 20, image.GRAYSCALE)\na.set_pixel(19, 19, 9)\n"
    text += "b = image.Image(40, 40, image.GRAYSCALE)\nb.draw_image(a, 0, 0, x_scale=2.0, y_scale=2.0)\n"
    text += "print(b.get_pixel(39, 39), b.get_pixel(0, 0))\n"
    assert run(tmp_path, text).output == "9 0\n"


def test_the_modules_own_names_are_there_when_asked_for(tmp_path: Path) -> None:
    text = "import image\nprint(image.__name__, image.rgb_to_lab((255, 0, 0)) is None, 'ImageIO' in dir(image))\n"
    result = run(tmp_path, text)
    assert result.output == "image False True\n"
    assert "omvsim.image.imageio_making" in sys.modules
