"""A firmware release as one value: every fact in which releases differ, by name, each read at the release's tag.

The facts themselves are data (``boards/releases.json``, see :mod:`omvsim.boards._releases`): here is what they mean and
where they stand in the sources. They are the same on every board; a board says which releases it runs.
"""

from __future__ import annotations

from omvsim.records import NamedTuple, StrEnum
from omvsim.units import align_up

CACHE_LINE = 32


class FrameBufferKind(StrEnum):
    """How a release divides the frame buffer memory."""

    HALVING = "halving"
    COUNTING = "counting"
    QUEUED = "queued"
    UMA = "uma"


class DataFallback(StrEnum):
    """What a release does when the model file does not fit the GC heap."""

    NONE = "none"
    UMA = "uma"


class ArenaRule(NamedTuple):
    """How a release sizes a model's tensor arena.

    The first AllocateTensors runs in everything fb_alloc has (``sizing = "fb_alloc"``) or in the longest free run of
    the GC heap (``"gc"``). ``model.ram`` is ``align_up(arena_used, align) + extra``; the request made for it is
    ``pad`` bytes larger. Source: openmv/openmv, lib/tflm/tflm_backend.cc (from 4.5.6), libtf (before).
    """

    sizing: str
    align: int
    extra: int
    pad: int


class Package(NamedTuple):
    """The frozen package ``ml`` of a release (openmv/openmv at the tags, ``scripts/libraries/ml``).

    States are bytes: of a function's locals and stack, as compiling these sources gives them.
    """

    has_version: bool
    """Whether each file ends with ``__version__``, as a package's do (tools/manifestfile.py); ``freeze`` adds none."""
    has_detectors: bool
    """Classes in ``ml.postprocessing.*`` and their helpers in ``ml.utils`` (from 4.8.0)."""
    has_old_postprocessing: bool
    """One module ``ml.postprocessing`` on float copies (4.6.0 to 4.7.0)."""
    has_lc_and_v8: bool
    """``yolo_lc_postprocess`` and ``yolo_v8_postprocess`` in it (4.7.0)."""
    nonzero_may_be_tuple: bool
    """Whether it looks if ``nonzero`` gave a tuple (4.6)."""
    keypoints: bool
    """Whether boxes may have keypoints (from 4.8.0)."""
    keeps_aspect: bool
    """Whether boxes are mapped back with one scale (up to 4.8.1) or two."""
    has_mod: bool
    """``ml.utils.mod`` stands in for ``%`` (4.8); from 5.0.0 arrays have ``%``."""
    has_movenet: bool
    draws_with_tuples: bool
    """Whether drawing helpers give coordinates as tuples (from 5.0.0)."""
    add_box_state: int
    get_boxes_state: int
    draw_predictions_state: int
    draw_keypoints_state: int
    draw_skeleton_state: int
    speech_init_state: int
    speech_takes_more: bool
    """Whether ``MicroSpeech`` hands keyword arguments on to ``audio.init`` (from 4.6.0)."""
    init_line: int
    """Line of ``super().__init__`` in ``ml/model.py``."""
    predict_line: int
    """Line of ``super().predict`` there."""
    keypoints_line: int
    """Line where ``ml/utils.py`` maps keypoints back."""


class Ulab(NamedTuple):
    """A version of ulab (v923z/micropython-ulab: 20f7259 is 6.7.3, d161443 6.12.0) as OpenMV configures it.

    ``ulab_config.h``: four dimensions, no complex numbers.
    """

    version: str
    scalar_low: int
    scalar_high: int
    """Whole numbers that become an array of integers of one element; others become floats (ndarray_from_mp_obj)."""
    int8_low: int
    """The least number that becomes an int8."""
    has_take: bool
    has_integrate: bool
    has_modulo: bool
    has_ndim: bool
    has_meshgrid: bool
    has_bincount: bool
    transposes_axes: bool
    """``transpose(axes=…)``, with a block for their order."""
    comments_lines: bool
    """``savetxt`` marks every line of a header; ``loadtxt`` leaves out comments that follow each other."""
    random_makes_two: bool
    """``Generator.random`` makes the array of a tuple twice, and reads an integer as one; before it made one array with
    the lengths backwards. The generator's name and refusals were misspelt then.
    """


class Dialect(NamedTuple):
    """What differs between the releases' MicroPythons, as far as a script notices.

    Each flag says what the newer one does, and where it was read (``git diff v1.26.0 v1.28.0 -- py``). Releases before
    4.8.1 are taken to have 4.8.1's where nothing else is said.
    """

    names: str
    """The release whose names and error texts it has: the files of :mod:`omvsim.micropython` are called after it."""
    plain_errors: tuple[str, ...]
    """Error texts that are not compressed: ``SIZE_FMT`` stands in the middle of them since 1.28 (py/runtime.c)."""
    refuses_leading_zeros: bool
    """``07`` is no number, as in ``int("07", 0)``; up to 1.24 it is 7 (py/parsenumbase.c, v1.24.1 and v1.25.0)."""
    product_in_machine_word: bool
    """A product of small ints that fits 32 bits becomes a big int at once (py/runtime.c, MULTIPLY and POWER)."""
    zip_makes_tuple_late: bool
    """``zip`` asks for its tuple after the first iterator gave something (py/objzip.c)."""
    grouped_zeroes: bool
    """Zero padding takes part in the grouping of ``,`` and ``_`` (py/mpprint.c)."""
    hex_of_nothing_is_text: bool
    """``b"".hex()`` is a str (py/objstr.c, mp_obj_bytes_hex)."""
    view_has_length: bool
    """Views of a dict answer what the dict does: ``len``, ``bool`` (py/objdict.c, dict_view_unary_op)."""
    range_gives_big_ints: bool
    """Values of a range beyond 31 bits are big ints instead of wrapping (py/objrange.c)."""
    folds_matrix_product: bool
    """The parser tries ``1 @ 2``, and the TypeError is garbage, before it leaves it to the compiler (py/parse.c)."""
    template_strings: bool
    """There are t-strings; arguments of f-strings are put into the stream, which lets them nest (py/lexer.c)."""
    floats_keep_guess: bool
    """Where a float is part of a word, the bits that it lost are guessed when it is read (from 1.26, py/obj.h)."""
    names_modules_in_errors: bool
    """A name that a module lacks is said with the module's own instead of its type's (from 1.26, py/runtime.c,
    mp_load_method)."""
    imports_bound_methods: bool
    """``from instance import method`` gives a bound method instead of ImportError (py/runtime.c, mp_import_from)."""
    main_has_file: bool
    """The main script's names get ``__file__`` when it was parsed (shared/runtime/pyexec.c)."""
    hard_timers: bool
    """``Timer(hard=True)`` (extmod/machine_timer.c)."""
    serves_any_family: bool
    """``asyncio.start_server`` makes its socket of the address's family (extmod/asyncio/stream.py)."""
    accepts_late: bool
    """``accept()`` asks for the new socket when somebody has connected, not before (extmod/modlwip.c)."""
    state_of_packets: int
    """``STATE_ACTIVE_UDP`` (extmod/modlwip.c)."""
    rtc_has_microseconds: bool
    """``RTC().datetime()`` ends with microseconds, and ``init()`` wants the same tuple (ports/mimxrt/machine_rtc.c)."""
    start_is_guarded: bool
    """What is raised while an uncaught exception is printed is printed too, instead of stopping the camera
    (``mp_exec_bootscript`` in OpenMV's common/mp_utils.c, which went when ``boot.py`` was started otherwise)."""


class Release(NamedTuple):
    """One firmware release. Sizes are bytes; words are 4 bytes."""

    version: str
    """Its name: a version, or what a profile calls a release of its own."""
    base: str
    """The known release whose facts it has but for its own: itself, where it is known."""
    date: str
    title: str
    module: str
    """``tf`` (one heap, models run from fb_alloc) or ``ml``."""
    library: str
    """TFLM build: ``libtf-VERSION`` or the commit of openmv/libtflm."""
    micropython: str
    """Its version, without the patch level, which is 0."""
    split_heap: bool
    """Whether MicroPython is built with MICROPY_GC_SPLIT_HEAP."""
    arena: ArenaRule
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
    picture_files_are_objects: bool
    """Whether the image library's files are Python objects (from 4.8.0, common/file_utils.c); before, ``FIL``."""
    closes_streams_twice: bool
    """Whether ``ImageIO.close()`` may be called again and gives None (from 4.8.0, modules/py_imageio.c)."""
    aligns_data: bool
    """Whether the copy of the file starts on a cache line (from 4.6.0)."""
    by_reference: bool
    """Whether a callback gets views of the output tensors (from 4.8.0) instead of float copies."""
    describes_first: bool
    """Whether shapes and scales are made before the real arena (4.5.6 to 4.5.8)."""
    normalises_in_place: bool
    """Whether ``Normalization`` scales a float input in place (from 4.8.0); before, it makes two arrays of its size."""
    prints_arena_only: bool
    """Whether ``print(model)`` has one address, the arena's (4.5.6, py_ml_model_print in py_ml.c)."""
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
    marks_disk: bool
    """Boot makes the file ``.openmv_disk`` on the volume that it mounts (``file_ll_touch`` in ports/mimxrt/main.c; from
    4.6.0 on scripts/libraries/_boot.py)."""
    mounts_flash: bool
    """Whether the internal file system is ``/flash`` (from 4.6.0, ``_boot.py``); ``main.c`` mounted it at ``/``."""
    start: str
    """The recording of what boot, compiling and importing ask of the heap, in ``_recordings``."""
    fallback: DataFallback
    load_to_fb: bool
    frame_buffer: FrameBufferKind
    message_buffer: int
    """First buffer for MemoryError's text: the length of the message as the build compresses it, and 1."""
    own_modules: tuple[str, ...]
    """C modules that not every release has (``modules/py_*.c`` at the tags)."""
    absent_modules: tuple[str, ...]
    """Those of the other modules that came later: ``ml`` is there from 4.5.6 on (py_ml.c), ``csi`` from 4.6.0, up to
    4.7.0 as another name of ``sensor`` (py_csi.c)."""
    can: bool
    """Whether ``machine`` has ``CAN``: from 4.5.2 (``machine_can.o`` in ports/mimxrt/omv_portconfig.mk) to 4.8.1;
    on 5.0.0 ``MICROPY_PY_MACHINE_CAN`` is off."""
    television_is_display: bool
    """Whether ``display`` has ``TVDisplay`` (5.0.0); before, ``tv`` was a module."""
    strict_options: bool
    """Whether image methods take coordinates as a tuple only and refuse names they do not know (5.0.0,
    ``mp_arg_parse_all`` in py_image.c); before, they ignored them."""
    extra_frame_buffers: bool
    """Whether ``sensor.alloc_extra_fb`` does what it says (up to 4.8.1); later it only raises."""
    turns_yuv: bool
    """Whether YUV pictures may be transposed (up to 4.5.2, sensor_utils.c); later that is an error."""
    csi_object: int
    """``sizeof(py_csi_obj_t)``."""
    csi_streams: bool
    """Whether ``csi.CSI`` has ``stream`` (5.0.0); before it had ``fb_size``, ``snapshot(update=…)`` and
    ``framebuffers(n, expand)`` (py_csi_ng.c)."""
    mjpeg_sums_time: bool
    """Whether ``py_mjpeg_obj_t`` adds up 64 bits of time (from 5.0.0, ``us_total``) or keeps a running mean."""
    png_bits: int
    """Of a pixel of a binary picture as PNG: 8, from 5.0.0 on 1 (lib/imlib/png.c)."""
    large_tags: bool
    """Whether ``find_apriltags`` takes more than 64K pixels (from 4.5.2, imlib_config.h of the board)."""
    writes_video: bool
    """Whether ``gif`` and ``mjpeg`` are those of 4.5.1 and later; 4.5.0 has others (py_gif.c, py_mjpeg.c)."""
    protocol_channels: bool
    """Whether the PC talks to the camera by protocol version 2, which the ``openmv`` package speaks, and a script may
    register a channel (from 5.0.0, protocol/ and modules/py_protocol.c); before, usbdbg.c."""
    package: Package
    ulab: Ulab
    """Releases before 4.6.20 have 65c941a, taken for 20f7259 but for ``strides_first`` and ``picture_views``."""
    dialect: Dialect
    board_header: str
    """A board's configuration header in openmv/openmv at the tag; ``{board}`` is its folder."""
    measured: bool
    """Whether traces of the real firmware confirm the order of requests. There are none of 4.6.0 and 4.8.0: their model
    code, allocators and board files are those of 4.6.20 and 4.8.1 without any difference."""
    scripts_measured: bool
    """Whether statements of scripts of one's own were measured as well, one by one (4.8.0 has the interpreter of
    4.8.1)."""

    @property
    def tf_is_ml(self) -> bool:
        """Whether ``import tf`` gives the module ``ml``: ``MP_REGISTER_EXTENSIBLE_MODULE(MP_QSTR_tf, …)``."""
        return self.module == "ml"

    def pixels_request(self, size: int) -> int:
        """What ``image.Image`` asks of the heap for ``size`` bytes of pixels."""
        return align_up(size, CACHE_LINE) + CACHE_LINE - 1 if self.aligns_images else size
