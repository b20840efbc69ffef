"""``ml/apps.py``: ``MicroSpeech``, keyword spotting with two models.

It needs the module ``audio``, which the RT1062 does not have: there its constructor is a NameError, unless the script
brings a module of that name. Facts: openmv/openmv v4.5.6 to v4.7.0 ``scripts/libraries/ml/ml/apps.py``, from v4.8.0
``…/ml-core/ml/apps.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.functions import Code, NewList, library_body, rom_float, rom_tuple, seen
from omvsim.library.package import package_of
from omvsim.library.steps import Steps
from omvsim.micropython.errors import Error, Raised
from omvsim.micropython.exceptions import BY_NAME
from omvsim.micropython.operations import exception_match
from omvsim.micropython.values import NULL, BinaryOp, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.library.functions import LibraryBody
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

SLICE_SIZE, SLICE_COUNT, STEP, CATEGORIES, WINDOW, FREQUENCY = 40, 49, 160, 4, 34, 16000
LISTEN_STATE: Final = 60
THRESHOLD: Final = rom_float(0.65)
IMPORT, PREPROCESSOR, SPEECH, ARRAYS, INIT, STREAM, STOP = 14, 31, 34, 37, 41, 60, 64
"""Lines of statements that may fail, in the file of 4.5.6 to 4.5.9; a traceback tells them."""
LICENCE: Final = 21
"""Lines that the licence, which stands above them from 4.6.0 on, has more."""


def _named(vm: Machine, name: str) -> Value:
    """A name of the module."""
    entry = vm.globals.map.found.get(name)  # type: ignore[attr-defined]  # a dict
    if entry is None:
        vm.error(Error.NAME, "name '%q' isn't defined", name)
    value: Value = entry.value
    return value


def _line(vm: Machine, line: int) -> int:
    """That line in the release's file."""
    return line + LICENCE * package_of(vm).speech_takes_more


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    self, preprocessor, micro_speech, labels, *rest = values
    del values
    steps = Steps(vm)
    folder, ending = ("/rom/", ".tflite") if vm.release.looks_for_labels else ("", "")
    vm.set_attr(self, "preprocessor", preprocessor)
    if preprocessor is None:
        steps.at(_line(vm, PREPROCESSOR))
        vm.set_attr(self, "preprocessor", steps.named("Model", f"{folder}audio_preprocessor{ending}"))
    pair = vm.new_tuple((labels, micro_speech))
    vm.set_attr(self, "labels", labels)
    vm.set_attr(self, "micro_speech", micro_speech)
    del pair
    if micro_speech is None:
        steps.at(_line(vm, SPEECH))
        vm.set_attr(self, "micro_speech", steps.named("Model", f"{folder}micro_speech{ending}"))
        vm.set_attr(self, "labels", vm.attr(vm.attr(self, "micro_speech"), "labels"))
    arrays = (
        ("audio_buffer", (1, STEP * 3), "int16"),
        ("spectrogram", (1, SLICE_COUNT * SLICE_SIZE), "int8"),
        ("pred_history", (WINDOW, CATEGORIES), "float"),
    )
    for number, (name, shape, kind) in enumerate(arrays):
        steps.at(_line(vm, ARRAYS + number))
        vm.set_attr(self, name, steps.np("zeros", rom_tuple(*shape), dtype=vm.attr(steps.numpy, kind)))
    vm.set_attr(self, "audio_started", False)
    _start_audio(steps, rest)
    return None


def _start_audio(steps: Steps, rest: Sequence[Value]) -> None:
    """``audio.init(…)``: from 4.6.0 with what the caller gave, before with a gain."""
    vm = steps.vm
    steps.at(_line(vm, INIT))
    audio = _named(vm, "audio")
    if not rest:
        steps.call(audio, "init", channels=1, frequency=FREQUENCY, gain_db=24, samples=STEP * 2)
        return
    fun, bound = vm.method(audio, "init")
    assert not isinstance(fun, Sentinel)
    named = (("channels", 1), ("frequency", FREQUENCY), ("samples", STEP * 2), (NULL, rest[0]))
    vm.call_spread(fun, bound, [], named, 0)


def _hear(vm: Machine, values: Sequence[Value]) -> Value:
    """``audio_callback``: three arrays roll, two models run."""
    self, data = values
    steps = Steps(vm)
    vm.set_attr(self, "audio_buffer", steps.np("roll", vm.attr(self, "audio_buffer"), -STEP * 2, axis=1))
    samples = steps.np("frombuffer", data, dtype=vm.attr(steps.numpy, "int16"))
    _store(steps, vm.attr(self, "audio_buffer"), STEP, samples)
    del samples
    vm.set_attr(self, "spectrogram", steps.np("roll", vm.attr(self, "spectrogram"), -SLICE_SIZE, axis=1))
    features = _predicted(steps, self, "preprocessor", "audio_buffer")
    _store(steps, vm.attr(self, "spectrogram"), -SLICE_SIZE, features)
    del features
    vm.set_attr(self, "pred_history", steps.np("roll", vm.attr(self, "pred_history"), -1, axis=0))
    scores = steps.item(_predicted(steps, self, "micro_speech", "spectrogram"), 0)
    vm.set_subscr(vm.attr(self, "pred_history"), -1, scores)
    return None


def _predicted(steps: Steps, self: Value, model: str, array: str) -> Value:
    """``self.model.predict([self.array])``."""
    vm = steps.vm
    return steps.call(vm.attr(self, model), "predict", vm.new_list((vm.attr(self, array),)))


def _store(steps: Steps, array: Value, start: int, values: Value) -> None:
    """``array[0, start:] = values``."""
    steps.vm.set_subscr(array, steps.vm.new_tuple((0, steps.slice(start))), values)


def _clear(steps: Steps, self: Value, *names: str) -> None:
    for name in names:
        steps.vm.set_subscr(steps.attr(self, name), steps.slice(), 0)


def _start(vm: Machine, values: Sequence[Value]) -> Value:
    """``start_audio_streaming``."""
    (self,) = values
    steps = Steps(vm)
    if vm.attr(self, "audio_started") is False:
        _clear(steps, self, "spectrogram", "pred_history")
        steps.at(_line(vm, STREAM))
        steps.call(_named(vm, "audio"), "start_streaming", vm.attr(self, "audio_callback"))
        vm.set_attr(self, "audio_started", True)
    return None


def _stop(vm: Machine, values: Sequence[Value]) -> Value:
    """``stop_audio_streaming``."""
    steps = Steps(vm)
    steps.at(_line(vm, STOP))
    steps.call(_named(vm, "audio"), "stop_streaming")
    vm.set_attr(values[0], "audio_started", False)
    return None


def _listen(vm: Machine, values: Sequence[Value]) -> Value:
    """Look at the averages until a word is heard, or time is up."""
    self, timeout, callback, threshold, wanted = values
    steps = Steps(vm)
    steps.call(self, "start_audio_streaming")
    clock = _named(vm, "time")
    start = steps.call(clock, "ticks_ms")
    once = vm.equal(timeout, -1)
    while True:
        vm.look_at_clock()
        averages = steps.np("mean", vm.attr(self, "pred_history"), axis=0)
        best = steps.np("argmax", averages)
        score = steps.item(averages, best)
        label = steps.item(vm.attr(self, "labels"), best)
        if steps.is_(BinaryOp.MORE, score, threshold) and steps.is_(BinaryOp.IN, label, wanted):
            _clear(steps, self, "pred_history", "spectrogram")
            if callback is None:
                if not once:
                    steps.call(self, "stop_audio_streaming")
                return vm.new_tuple((label, averages))
            vm.call(callback, (label, averages))
        if once:
            return vm.new_tuple((None, averages))
        if not vm.equal(timeout, 0):
            passed = steps.sub(steps.call(clock, "ticks_ms"), start)
            if steps.is_(BinaryOp.MORE, passed, timeout):
                steps.call(self, "stop_audio_streaming")
                return vm.new_tuple((None, averages))
        steps.call(clock, "sleep_ms", 1)


def _import_audio(body: LibraryBody) -> None:
    """``try: import audio``; a camera without it goes on."""
    vm = body.vm
    try:
        body.import_("audio")
    except Raised as raised:
        error = raised.value
    else:
        return
    seen(vm, error, "ml/apps.py", _line(vm, IMPORT), "<module>")
    expected = vm.new_tuple((BY_NAME["ImportError"], BY_NAME["AttributeError"]))
    if not exception_match(vm, error, expected):
        raise Raised(error)


def statements(body: Body) -> None:
    """``ml/apps.py``."""
    body = library_body(body)
    package = package_of(body.vm)
    body.import_("time")
    body.from_import("ml", "Model")
    body.from_import("micropython", "const")
    body.from_import("ulab", "numpy=np")
    _import_audio(body)
    arguments = "self preprocessor micro_speech labels" + (" **kwargs" if package.speech_takes_more else "")
    body.define_class(
        "MicroSpeech",
        Code("__init__", arguments, _init, package.speech_init_state, (None, None, None)),
        Code("audio_callback", "self buf", _hear),
        Code("start_audio_streaming", "self", _start),
        Code("stop_audio_streaming", "self", _stop),
        Code(
            "listen",
            "self timeout callback threshold filter",
            _listen,
            LISTEN_STATE,
            (0, None, THRESHOLD, NewList(("Yes", "No"))),
        ),
    )
    body.finish()


__all__ = ["statements"]
