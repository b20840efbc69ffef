"""What separates one firmware release's model code from the next: sizes and choices, each read at the release's tag.

One table, :data:`GENERATIONS`: an entry holds what changed with that release, and everybody else asks by name.
"""

from __future__ import annotations

import enum
from functools import cache
from typing import NamedTuple

from omvsim.firmware._package import PACKAGE_4_5, PACKAGE_4_6, PACKAGE_4_7, PACKAGE_4_8, PACKAGE_5_0, Package
from omvsim.units import align_up

Version = tuple[int, ...]
CACHE_LINE = 32


class FrameBufferKind(enum.StrEnum):
    """How a release divides the frame buffer memory."""

    HALVING = "halving"
    COUNTING = "counting"
    QUEUED = "queued"
    UMA = "uma"


class DataFallback(enum.StrEnum):
    """What a release does when the model file does not fit the GC heap."""

    NONE = "none"
    UMA = "uma"


class Generation(NamedTuple):
    """Facts of one release. Sizes are bytes; words are 4 bytes."""

    model_object: int
    """``sizeof(py_ml_model_obj_t)``; up to 4.5.5 of ``py_tf_model_obj_t``. Counted from the headers at the tags:
    ``_raw`` came with 4.6.0, ``labels`` went with 4.7.0, ``postprocess`` came with 4.8.0."""
    init_code_state: int
    """Heap block that holds the call of the wrapper's ``__init__``; 0 where its state fits the C stack."""
    super_words: int
    """Arguments of ``super().__init__``: self, path and, by release, ``load_to_fb`` and ``postprocess``."""
    looks_for_labels: bool
    """Whether the wrapper opens ``<model>.txt`` (from 4.7.0)."""
    opens_through_vfs: bool
    """Whether the C module opens the file as a Python object (from 4.7.0); before, ``FIL`` is on the C stack."""
    aligns_data: bool
    """Whether the copy of the file starts on a cache line (from 4.6.0)."""
    by_reference: bool
    """Whether a callback gets views of the output tensors (from 4.8.0) instead of float copies."""
    describes_first: bool
    """Whether shapes and scales are made before the real arena (4.5.6 to 4.5.8)."""
    normalises_in_place: bool
    """Whether ``Normalization`` scales a float input in place (from 4.8.0); before, it makes two arrays of its size."""
    picture_views: tuple[str, ...]
    """Objects that ``Normalization`` makes on the input tensor, in order: up to 4.7.0 a slice is an object of its own
    and the array has no strides, later it is the other way round (measured)."""
    strides_first: bool
    """Whether ulab makes an array's strides before the array (65c941a, up to 4.5.9) or after it."""
    image_object: int
    """``sizeof(py_image_obj_t)``."""
    aligns_images: bool
    """Whether the pixels of ``image.Image`` start on a cache line (from 4.6.0, ``image_xalloc``): whole lines of 32
    bytes are asked for and 31 more; before, exactly the pixels."""
    mounts_flash: bool
    """Whether the internal file system is ``/flash`` (from 4.6.0, ``_boot.py``); ``main.c`` mounted it at ``/``."""
    start: str
    """The recording of what boot, compiling and importing ask of the heap, in ``_recordings``."""
    tf_is_ml: bool
    """Whether ``import tf`` gives the module ``ml`` (from 4.5.6, ``MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_tf, …)``)."""
    fallback: DataFallback
    load_to_fb: bool
    frame_buffer: FrameBufferKind
    message_buffer: int
    """First buffer for MemoryError's text: the length of the message as the build compresses it, and 1."""
    package: Package
    """What is frozen as ``ml``."""
    ulab: str
    """The ulab whose rules arrays follow, by its version: 20f7259 (4.6.20 to 4.8.1) is 6.7.3, d161443 (5.0.0) 6.12.0.
    Releases before have 65c941a, taken for the former but for ``strides_first`` and ``picture_views``."""
    own_modules: frozenset[str]
    """C modules that not every release has (``modules/py_*.c`` at the tags)."""
    television_is_display: bool
    """Whether ``display`` has ``TVDisplay`` (5.0.0); before, ``tv`` was a module."""
    strict_options: bool
    """Whether image methods take coordinates as a tuple only and refuse names they do not know (5.0.0,
    ``mp_arg_parse_all`` in py_image.c); before, they ignored them."""
    extra_frame_buffers: bool
    """Whether ``sensor.alloc_extra_fb`` does what it says (up to 4.8.1); later it only raises."""
    mjpeg_sums_time: bool = False
    """Whether ``py_mjpeg_obj_t`` adds up 64 bits of time (from 5.0.0, ``us_total``) or keeps a running mean."""
    writes_video: bool = True
    """Whether ``gif`` and ``mjpeg`` are those of 4.5.1 and later; 4.5.0 has others (py_gif.c, py_mjpeg.c)."""
    prints_arena_only: bool = False
    """Whether ``print(model)`` has one address, the arena's (4.5.6, py_ml_model_print in py_ml.c)."""
    measured: bool = False
    """Whether traces of the real firmware confirm the order of requests."""
    scripts_measured: bool = False
    """Whether statements of scripts of one's own were measured as well, one by one."""

    def pixels_request(self, size: int) -> int:
        """What ``image.Image`` asks of the heap for ``size`` bytes of pixels."""
        return align_up(size, CACHE_LINE) + CACHE_LINE - 1 if self.aligns_images else size


_TF = Generation(
    model_object=72,
    init_code_state=0,
    super_words=3,
    looks_for_labels=False,
    opens_through_vfs=False,
    aligns_data=False,
    by_reference=False,
    describes_first=True,
    normalises_in_place=False,
    picture_views=("memoryview", "slice", "sliced memoryview", "image", "array"),
    strides_first=True,
    image_object=24,
    aligns_images=False,
    mounts_flash=False,
    start="4.5.9",
    tf_is_ml=False,
    fallback=DataFallback.NONE,
    load_to_fb=True,
    frame_buffer=FrameBufferKind.HALVING,
    message_buffer=46,
    package=PACKAGE_4_5,
    ulab="6.7.3",
    own_modules=frozenset({"tv"}),
    television_is_display=False,
    strict_options=False,
    extra_frame_buffers=True,
)
_ML = _TF._replace(tf_is_ml=True)
_GC_SIZED = _ML._replace(describes_first=False, frame_buffer=FrameBufferKind.COUNTING)
_ALIGNED = _GC_SIZED._replace(
    model_object=76,
    aligns_data=True,
    aligns_images=True,
    image_object=28,
    strides_first=False,
    mounts_flash=True,
    start="4.6.20",
    package=PACKAGE_4_6,
)
_ROMFS = _ALIGNED._replace(
    model_object=72,
    init_code_state=84,
    looks_for_labels=True,
    opens_through_vfs=True,
    start="4.7.0",
    package=PACKAGE_4_7,
)
_IN_PLACE = _ROMFS._replace(
    model_object=76,
    super_words=4,
    by_reference=True,
    normalises_in_place=True,
    picture_views=("memoryview", "sliced memoryview", "image", "array", "strides"),
    frame_buffer=FrameBufferKind.QUEUED,
    message_buffer=42,
    start="4.8.1",
    package=PACKAGE_4_8,
)
_UMA = _IN_PLACE._replace(
    init_code_state=80,
    super_words=3,
    fallback=DataFallback.UMA,
    load_to_fb=False,
    frame_buffer=FrameBufferKind.UMA,
    message_buffer=46,
    mjpeg_sums_time=True,
    start="5.0.0",
    package=PACKAGE_5_0,
    ulab="6.12.0",
    own_modules=frozenset({"protocol", "umalloc"}),
    television_is_display=True,
    strict_options=True,
    extra_frame_buffers=False,
)
GENERATIONS: dict[Version, Generation] = {
    (4, 5, 0): _TF._replace(writes_video=False),
    (4, 5, 1): _TF,
    (4, 5, 6): _ML._replace(prints_arena_only=True),
    (4, 5, 7): _ML,
    (4, 5, 9): _GC_SIZED,
    (4, 6, 0): _ALIGNED,
    (4, 7, 0): _ROMFS,
    (4, 8, 0): _IN_PLACE,
    (5, 0, 0): _UMA,
}
"""By the first release that has them, oldest first."""

MEASURED: frozenset[Version] = frozenset(
    {(4, 5, 8), (4, 5, 9), (4, 6, 0), (4, 6, 20), (4, 7, 0), (4, 8, 0), (4, 8, 1), (5, 0, 0)}
)
"""Releases of which traces exist, and 4.6.0 and 4.8.0: their model code, allocators and board files are those of
4.6.20 and 4.8.1 without any difference."""
SCRIPTS_MEASURED: frozenset[Version] = frozenset({(4, 8, 0), (4, 8, 1), (5, 0, 0)})
"""Those of which single statements were measured too; 4.8.0 has the interpreter of 4.8.1."""


def parse_version(release: str) -> Version:
    """``4.5.6-dev`` as (4, 5, 6): a development build counts as the release it led to."""
    return tuple(int(part) for part in release.partition("-")[0].split("."))


@cache
def generation_of(release: str) -> Generation:
    """The facts of a release by its number; one that is not known gets those of the nearest older one, unmeasured."""
    version = parse_version(release)
    first = max((known for known in GENERATIONS if known <= version), default=min(GENERATIONS))
    final = "-" not in release
    return GENERATIONS[first]._replace(
        measured=final and version in MEASURED,
        scripts_measured=final and version in SCRIPTS_MEASURED,
    )
