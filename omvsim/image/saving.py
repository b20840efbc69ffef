"""``save`` (lib/imlib/imlib.c, ``imlib_save_image``): the file's name says the format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.heap import FbHint, UmaFlag
from omvsim.image import draw_image, encoders, formats, picture_files
from omvsim.image.arguments import Options, os_error, to_image
from omvsim.image.converting import encoder_room, too_long
from omvsim.image.scratch import Scratch, scratch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.image.arguments import Methods
    from omvsim.image.pixels import Array
    from omvsim.image.value import Image
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine

_ENDINGS: Final = {"jpg": "jpg", "jpeg": "jpg", "bmp": "bmp", "ppm": "ppm", "pgm": "pgm", "png": "png", "raw": "raw"}


def save(vm: CameraMachine, args: Sequence[Value], kwargs: Keywords) -> Value:
    """``save``."""
    image = to_image(vm, args[0])
    path = vm.str_of(args[1])
    options = Options(vm, args, kwargs, 2, ("roi", "quality"), positional=0)
    area, quality = options.roi(image), options.number("quality", 50)
    if not 1 <= quality <= 100:
        os_error(vm, "Error: 1 <= quality <= 100!")
    with scratch(vm) as work:
        kind = _kind(vm, image, path)
        if not kind:
            kind = {formats.JPEG: "jpg", formats.PNG: "png"}.get(
                image.code, "raw" if image.code in formats.BAYER else "bmp"
            )
            longer = work.alloc(len(path) + 5)
            _write(vm, work, image, f"{path}.{kind}", kind, area, quality)
            work.free(longer)
        else:
            _write(vm, work, image, path, kind, area, quality)
    return image


def _kind(vm: CameraMachine, image: Image, path: str) -> str:
    """``imblib_parse_extension``: what the name asks for; it must suit the image."""
    kind = _ENDINGS.get(path.rpartition(".")[2].lower(), "") if "." in path else ""
    if kind == "ppm" and image.code != formats.RGB565:
        os_error(vm, "Image is not PPM!")
    if kind == "pgm" and image.code != formats.GRAYSCALE:
        os_error(vm, "Image is not PGM!")
    if kind == "raw" and image.code not in formats.BAYER:
        os_error(vm, "Image is not BAYER!")
    if kind == "bmp" and not image.is_mutable:
        os_error(vm, "Image is not BMP!")
    return kind


def _write(  # noqa: PLR0917  # as many as the camera's own function has
    vm: CameraMachine, work: Scratch, image: Image, path: str, kind: str, area: tuple[int, int, int, int], quality: int
) -> None:
    if kind in ("jpg", "png"):
        code = formats.JPEG if kind == "jpg" else formats.PNG
        file = picture_files.open_file(vm, path, "wb")
        if image.code == code:
            file.push(vm, bytes(image.store[: image.compressed]))
        else:
            room, most = encoder_room(work, code)
            picture = draw_image.source_of(image)
            if image.is_compressed:
                os_error(vm, "Compression Failed!")
            data = encoders.encode(picture, code, quality, png_bits=vm.release.png_bits)
            if too_long(data, most):
                os_error(vm, "Compression Failed!")
            file.push(vm, data)
            work.free(room)
    else:
        file = picture_files.open_file(vm, path, "wb")
        buffered = work.all(FbHint.PREFER_SIZE)[0] if work.fb is not None and kind != "raw" else None
        row = _row(work, kind, image, area)
        file.push(vm, _content(image, kind, area))
        if row is not None:
            work.free(row)
        if work.fb is not None and kind != "raw":
            work.free(buffered)
    picture_files.close_file(vm, file)


def _row(work: Scratch, kind: str, image: Image, area: tuple[int, int, int, int]) -> int | None:
    """5.0.0: a row of the file, unless the image's own are laid out alike."""
    x, _, width, _ = area
    if work.fb is not None or kind not in ("bmp", "ppm"):
        return None
    if kind == "ppm":
        return work.alloc(3 * width, 0, UmaFlag.DTCM)
    length = picture_files.bmp_row(width, 1 if image.code == formats.GRAYSCALE else 2)
    whole = image.code == formats.GRAYSCALE and not x and width == image.width == length
    return None if whole else work.alloc(length, 0, UmaFlag.DTCM)


def _content(image: Image, kind: str, area: tuple[int, int, int, int]) -> bytes:
    if kind == "raw":
        return bytes(image.store[: image.size])
    x, y, width, height = area
    values: Array = draw_image.values_of(image)[y : y + height, x : x + width]
    code = image.code
    if code == formats.BINARY:
        values, code = values * 255, formats.GRAYSCALE
    return picture_files.as_file(draw_image.Source(width, height, code, values), kind)


METHODS: Methods = {"save": (save, 2)}

__all__ = ["METHODS"]
