"""``ml.apps.MicroSpeech``: keyword spotting, its arrays and its two models.

Facts: openmv/openmv v4.8.1 ``scripts/libraries/ml/ml-core/ml/apps.py``. Audio comes from noise: a callback a listening.
"""

# ruff: noqa: ARG002 - throw() never returns, and stand-ins have the signatures of the firmware's functions

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from omvsim.script._values import MISSING, BoundMethod, Module, Native, NativeObject, Slice

if TYPE_CHECKING:
    from omvsim.script._models import ModelObject, Models

SAMPLES = 480
STEP = 320
FEATURES = 40
SLICES = 49
HISTORY = 34
CATEGORIES = 4
LISTEN_FRAME = 80
"""Bytes of the call's frame; measured on both releases."""


class MicroSpeech(NativeObject):
    """A ``MicroSpeech``; every ``listen`` is fed one block of samples first."""

    __slots__ = ("arrays", "micro_speech", "models", "preprocessor", "started")
    kind_name = "MicroSpeech"
    methods: dict[str, Any]

    def __init__(
        self, models: Models, preprocessor: Any = None, micro_speech: Any = None, labels: Any = None, **_more: Any
    ) -> None:
        super().__init__()
        self.models = models
        numpy = self._numpy
        make = models.make
        self.blocks = tuple(make.alloc(size, "MicroSpeech") for size in (16, 136))
        self.preprocessor: ModelObject = preprocessor or models.model("/rom/audio_preprocessor.tflite")
        self.micro_speech: ModelObject = micro_speech or models.model("/rom/micro_speech.tflite")
        self.arrays = {
            "audio_buffer": numpy("zeros", (1, SAMPLES), dtype=ord("h")),
            "spectrogram": numpy("zeros", (1, SLICES * FEATURES), dtype=ord("b")),
            "pred_history": numpy("zeros", (HISTORY, CATEGORIES), dtype=ord("f")),
        }
        self.started = False

    def _numpy(self, name: str, *values: Any, **names: Any) -> Any:
        rt = self.models.rt
        return rt.callm(rt.imported("ulab.numpy"), name, *values, **names)

    def get(self, name: str) -> Any:
        """Arrays, models, labels."""
        if name == "labels":
            return self.micro_speech.labels
        if name in ("preprocessor", "micro_speech"):
            return getattr(self, name)
        if name == "audio_started":
            return self.started
        return self.arrays.get(name, MISSING)

    def audio_callback(self, buffer: Any) -> None:
        """Roll three arrays, run two models."""
        arrays, rt = self.arrays, self.models.rt
        arrays["audio_buffer"] = self._numpy("roll", arrays["audio_buffer"], -STEP, axis=1)
        samples = self._numpy("frombuffer", buffer, dtype=ord("h"))
        arrays["audio_buffer"].store(self._key(0, SAMPLES - STEP, None), samples)
        arrays["spectrogram"] = self._numpy("roll", arrays["spectrogram"], -FEATURES, axis=1)
        features = self.preprocessor.predict(rt.make.new_list([arrays["audio_buffer"]]))
        arrays["spectrogram"].store(self._key(0, -FEATURES, None), features)
        arrays["pred_history"] = self._numpy("roll", arrays["pred_history"], -1, axis=0)
        scores = self.micro_speech.predict(rt.make.new_list([arrays["spectrogram"]]))
        arrays["pred_history"].store(-1, scores.items[0])

    def _key(self, row: int, start: Any, stop: Any) -> Any:
        make = self.models.make
        part = Slice(slice(start, stop), make.alloc(16, "slice"))
        return make.new_tuple((row, part))

    def start(self) -> None:
        """``start_audio_streaming``."""
        if self.started:
            return
        make = self.models.make
        for name in ("spectrogram", "pred_history"):
            self.arrays[name].store(Slice(slice(None), make.alloc(16, "slice")), 0)
        self.started = True
        audio = self.models.rt.modules.get("audio")
        if audio is not None:
            callback = BoundMethod(
                Native("audio_callback", MicroSpeech.audio_callback), self, make.alloc(12, "bound method")
            )
            if not isinstance(audio, Module):
                self.models.rt.callm(audio, "start_streaming", callback)

    def stop(self) -> None:
        """``stop_audio_streaming``."""
        self.started = False

    def listen(self, timeout: Any = 0, callback: Any = None, threshold: Any = 0.65, filter: Any = ("Yes", "No")) -> Any:
        """``listen``: one look at the averages, after one block of samples unless the script streams itself."""
        rt, make, world = self.models.rt, self.models.make, self.models.world
        rt.loops.event()
        self.start()
        if "audio" not in rt.modules:
            noise = np.random.default_rng(world.seed + world.inferences).integers(-99, 99, STEP, dtype=np.int16)
            self.audio_callback(make.new_bytearray(noise.tobytes()))
        frame = make.alloc(LISTEN_FRAME, "listen: frame")
        averages = self._numpy("mean", self.arrays["pred_history"], axis=0)
        best = int(self._numpy("argmax", averages))
        score = averages.index(best)
        labels = self.micro_speech.labels
        label = labels.items[best] if labels is not None and best < len(labels.items) else None
        world.sleep_us(20_000)
        heard = label if float(score) > float(threshold) and label in tuple(filter) else None
        if heard is not None and callback is not None:
            rt.call(callback, heard, averages)
        result = make.new_tuple((heard, averages))
        make.memory.free(frame)
        return result


MicroSpeech.methods = {
    "listen": MicroSpeech.listen,
    "audio_callback": MicroSpeech.audio_callback,
    "start_audio_streaming": MicroSpeech.start,
    "stop_audio_streaming": MicroSpeech.stop,
}
