"""Published times on Cortex-M7 and what the model says of the same work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from omvsim.timing._networks import mcunet_vww1, mnist_float, mobilenet_v2
from omvsim.timing._predict import Placement, predict, workload_of_nodes
from omvsim.timing._profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.timing._node import Node
    from omvsim.timing._types import Range


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published time next to the predicted range, in milliseconds."""

    name: str
    source: str
    published_ms: float
    predicted_ms: Range
    caveat: str

    @property
    def inside(self) -> bool:
        """Whether the published time lies in the predicted range."""
        return self.predicted_ms.low <= self.published_ms <= self.predicted_ms.high

    @property
    def error(self) -> float:
        """Nominal prediction relative to the published time, minus one."""
        return self.predicted_ms.nominal / self.published_ms - 1.0


@dataclass(frozen=True, slots=True)
class NotComparable:
    """A published time that says nothing about this model, and why."""

    name: str
    reason: str


_WHOLE: tuple[tuple[str, str, float, Callable[[], list[Node]], str, str], ...] = (
    (
        "MobileNetV2 0.30 80x80, STM32F746 at 216 MHz",
        "blog.plumerai.com 2021/10: TFLM 2.5 with CMSIS-NN, 129 ms",
        129.0,
        lambda: mobilenet_v2(0.3, 80, 1000),
        "stm32f746",
        "kernels of 2021; memory costs of the STM32 assumed",
    ),
    (
        "mcunet-vww1, STM32H743",
        "mit-han-lab/tinyengine README, CMSIS-NN 011bf32: 97 ms",
        97.0,
        mcunet_vww1,
        "stm32h743",
        "clock not stated, taken as 480 MHz; memory costs of the STM32 assumed",
    ),
    (
        "MobileNetV2 0.30 64x64, STM32H743",
        "mit-han-lab/tinyengine README, CMSIS-NN 011bf32: 43 ms",
        43.0,
        lambda: mobilenet_v2(0.3, 64, 1000),
        "stm32h743",
        "clock not stated, taken as 480 MHz; memory costs of the STM32 assumed",
    ),
)
_MNIST = "dimtass, TensorFlow for microcontrollers on Teensy 4.0 (2020), fp model, CMSIS-NN on"
_LAYERS = (
    ("float CONV_2D 13x13x32 to 11x11x64, Teensy 4.0", 2, 156.84),
    ("float CONV_2D 5x5x64 to 3x3x64, Teensy 4.0", 4, 26.60),
    ("float FULLY_CONNECTED 576 to 64, Teensy 4.0", 5, 3.02),
)


def comparisons() -> list[Comparison]:
    """The comparable published times. Whole networks are evidence for the core's constants only; the three layers are
    where the cost of a streamed flash line comes from, so they check arithmetic and miss counts, not that constant."""
    found = []
    for name, source, published, nodes, profile, caveat in _WHOLE:
        time = predict(workload_of_nodes(name, nodes()), load_profile(profile), Placement("sram", "flash"))
        found.append(Comparison(name, source, published, time.ms, caveat))
    teensy = load_profile("teensy-4.0")
    layers = predict(workload_of_nodes("mnist", mnist_float()), teensy, Placement("dtcm", "flash"))
    for name, index, published in _LAYERS:
        ms = layers.operators[index].cycles.times(1000.0 / teensy.clock_hz)
        found.append(Comparison(name, _MNIST, published, ms, "the flash line's cost was set with these layers"))
    return found


def not_comparable() -> list[NotComparable]:
    """Published times that were looked at and left out."""
    return [
        NotComparable("CoreMark on the RT1062", "not a network; the cost of a mispredicted branch was set with it"),
        NotComparable(
            "OpenMV: yolo_lc_192 2 fps, person_detect 20 fps (Portenta)",
            "whole frames with the camera: upper bounds only",
        ),
        NotComparable(
            "Edge Impulse, 480 MHz: MobileNetV2 0.35 96x96 140 ms; 0.05 32x32 13 ms",
            "1.7 to 2.9 times any prediction: SDK version and exact network unknown",
        ),
        NotComparable(
            "rksharma.dev: MobileNetV1 0.25 96x96 about 18 ms",
            "below the dual-issue limit of 0.5 cycles an instruction",
        ),
        NotComparable("openmv.io: YOLOv5/v8 2-3 fps", "model and size not named; cannot be the files shipped"),
        NotComparable("X-CUBE-AI, Plumerai, Bosch, TinyEngine", "other kernels: a floor, not this library"),
        NotComparable("TFLM reference kernels on STM32 (MCUNet table, MNIST)", "other kernels and compiler options"),
        NotComparable("Cortex-M4 (MLPerf Tiny, mcufit)", "another core: checks relative counts only"),
        NotComparable("Corstone-300 FVP ticks", "simulated, not cycle-accurate"),
    ]
