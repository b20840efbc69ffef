"""What separates one firmware release's model code from the next: sizes and choices, each read at the release's tag."""

from __future__ import annotations

import enum
from dataclasses import dataclass

Version = tuple[int, ...]


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


@dataclass(frozen=True, slots=True)
class Generation:
    """Facts of one release. Sizes are bytes; words are 4 bytes."""

    model_object: int
    """``sizeof(py_ml_model_obj_t)``; up to 4.5.5 of ``py_tf_model_obj_t``. Counted from the headers at the tags."""
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
    fallback: DataFallback
    load_to_fb: bool
    frame_buffer: FrameBufferKind
    message_buffer: int
    """First buffer for MemoryError's text: the length of the message as the build compresses it, and 1."""
    measured: bool
    """Whether traces of the real firmware confirm the order of requests (4.8.0 has the model code of 4.8.1)."""


def parse_version(release: str) -> Version:
    """``4.5.6-dev`` as (4, 5, 6): a development build counts as the release it led to."""
    return tuple(int(part) for part in release.partition("-")[0].split("."))


def generation_of(release: str) -> Generation:
    """The facts of a release by its number; one that is not known gets those of the nearest older one."""
    version = parse_version(release)
    return Generation(
        model_object=_model_object(version),
        init_code_state=80 if version >= (5,) else 84 if version >= (4, 7) else 0,
        super_words=4 if (4, 8) <= version < (5,) else 3,
        looks_for_labels=version >= (4, 7),
        opens_through_vfs=version >= (4, 7),
        aligns_data=version >= (4, 6),
        by_reference=version >= (4, 8),
        describes_first=version < (4, 5, 9),
        fallback=DataFallback.UMA if version >= (5,) else DataFallback.NONE,
        load_to_fb=version < (5,),
        frame_buffer=_frame_buffer(version),
        message_buffer=46 if version >= (5,) else 42,
        measured=version in ((4, 8, 0), (4, 8, 1), (5, 0, 0)),
    )


def _model_object(version: Version) -> int:
    """``_raw`` came with 4.6.0, ``labels`` went with 4.7.0, ``postprocess`` came with 4.8.0."""
    return 76 if version >= (4, 8) or (4, 6) <= version < (4, 7) else 72


def _frame_buffer(version: Version) -> FrameBufferKind:
    if version >= (5,):
        return FrameBufferKind.UMA
    if version >= (4, 8):
        return FrameBufferKind.QUEUED
    return FrameBufferKind.COUNTING if version >= (4, 5, 9) else FrameBufferKind.HALVING
