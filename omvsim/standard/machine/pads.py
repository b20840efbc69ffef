"""Pads of the i.MX RT1062 that pins stand on: names, and which can be read as voltages.

Source: micropython v1.26.0 ports/mimxrt/boards/MIMXRT1062_af.csv; the board's names: openmv/openmv v4.8.1
boards/OPENMV_RT1060/omv_pins.h, openmv/micropython ports/mimxrt/boards/OPENMV_RT1060/mpconfigboard.h, and pins.csv
beside it as sdcnku/micropython b8238ac has it. Pins whose pad those do not tell have the pad "": SW is a name that
OpenMV's documentation of the board has, P12 to P17 are in the firmware's names.
"""

from __future__ import annotations

from typing import Final

_BANKS: Final = {
    "AD_B0": 16,
    "AD_B1": 16,
    "B0": 16,
    "B1": 16,
    "EMC": 42,
    "SD_B0": 6,
    "SD_B1": 12,
}
PADS: Final = (*(f"GPIO_{bank}_{at:02}" for bank, count in _BANKS.items() for at in range(count)), "WAKEUP")
"""``Pin.cpu``."""
_KNOWN: Final = {
    "P0": "GPIO_AD_B0_01",
    "P1": "GPIO_AD_B0_02",
    "P2": "GPIO_AD_B0_00",
    "P3": "GPIO_AD_B0_03",
    "P4": "GPIO_AD_B0_12",
    "P5": "GPIO_AD_B0_13",
    "P6": "GPIO_AD_B1_03",
    "P7": "GPIO_B0_06",
    "P8": "GPIO_B0_07",
    "P9": "GPIO_B1_00",
    "P10": "GPIO_SD_B1_01",
    "P11": "WAKEUP",
    "PG": "GPIO_SD_B1_04",
    "LED_RED": "GPIO_B0_10",
    "LED_GREEN": "GPIO_B0_11",
    "LED_BLUE": "GPIO_B1_14",
}
_UNPLACED: Final = ("SW", *(f"P{at}" for at in range(12, 18)))
BOARD: Final = {**_KNOWN, **dict.fromkeys(_UNPLACED, "")}
"""``Pin.board``: pad by name."""
ADC_PADS: Final = {
    **{f"GPIO_AD_B0_{at}": (1, at - 11) for at in range(12, 16)},
    **{f"GPIO_AD_B1_{at:02}": (1, at + 5) for at in range(11)},
    **{f"GPIO_AD_B1_{at:02}": (2, at - 11) for at in range(11, 16)},
}
"""Number of the converter and channel of the pads that have one (the first of several)."""
FLEX_PWM: Final = {
    "GPIO_AD_B0_00": "2 3 A",
    "GPIO_AD_B0_01": "2 3 B",
    "GPIO_AD_B0_02": "1 0 X",
    "GPIO_AD_B0_03": "1 1 X",
    "GPIO_AD_B0_09": "2 3 A",
    "GPIO_AD_B0_10": "1 3 A",
    "GPIO_AD_B0_11": "1 3 B",
    "GPIO_AD_B0_12": "1 2 X",
    "GPIO_AD_B0_13": "1 3 X",
    "GPIO_AD_B1_08": "4 0 A",
    "GPIO_AD_B1_09": "4 1 A",
    "GPIO_B0_06": "2 0 A",
    "GPIO_B0_07": "2 0 B",
    "GPIO_B0_08": "2 1 A",
    "GPIO_B0_09": "2 1 B",
    "GPIO_B0_10": "2 2 A",
    "GPIO_B0_11": "2 2 B",
    "GPIO_B1_00": "1 3 A",
    "GPIO_B1_01": "1 3 B",
    "GPIO_B1_02": "2 3 A",
    "GPIO_B1_03": "2 3 B",
    "GPIO_B1_14": "4 2 A",
    "GPIO_B1_15": "4 3 A",
    "GPIO_EMC_00": "4 0 A",
    "GPIO_EMC_01": "4 0 B",
    "GPIO_EMC_02": "4 1 A",
    "GPIO_EMC_03": "4 1 B",
    "GPIO_EMC_04": "4 2 A",
    "GPIO_EMC_05": "4 2 B",
    "GPIO_EMC_06": "2 0 A",
    "GPIO_EMC_07": "2 0 B",
    "GPIO_EMC_08": "2 1 A",
    "GPIO_EMC_09": "2 1 B",
    "GPIO_EMC_10": "2 2 A",
    "GPIO_EMC_11": "2 2 B",
    "GPIO_EMC_12": "1 3 A",
    "GPIO_EMC_13": "1 3 B",
    "GPIO_EMC_17": "4 3 A",
    "GPIO_EMC_18": "4 3 B",
    "GPIO_EMC_19": "2 3 A",
    "GPIO_EMC_20": "2 3 B",
    "GPIO_EMC_21": "3 3 A",
    "GPIO_EMC_22": "3 3 B",
    "GPIO_EMC_23": "1 0 A",
    "GPIO_EMC_24": "1 0 B",
    "GPIO_EMC_25": "1 1 A",
    "GPIO_EMC_26": "1 1 B",
    "GPIO_EMC_27": "1 2 A",
    "GPIO_EMC_28": "1 2 B",
    "GPIO_EMC_29": "3 0 A",
    "GPIO_EMC_30": "3 0 B",
    "GPIO_EMC_31": "3 1 A",
    "GPIO_EMC_32": "3 1 B",
    "GPIO_EMC_33": "3 2 A",
    "GPIO_EMC_34": "3 2 B",
    "GPIO_EMC_38": "1 3 A",
    "GPIO_EMC_39": "1 3 B",
    "GPIO_SD_B0_00": "1 0 A",
    "GPIO_SD_B0_01": "1 0 B",
    "GPIO_SD_B0_02": "1 1 A",
    "GPIO_SD_B0_03": "1 1 B",
    "GPIO_SD_B0_04": "1 2 A",
    "GPIO_SD_B0_05": "1 2 B",
    "GPIO_SD_B1_00": "1 3 A",
    "GPIO_SD_B1_01": "1 3 B",
    "GPIO_SD_B1_02": "2 3 A",
    "GPIO_SD_B1_03": "2 3 B",
}
"""Module, submodule and channel of the pads that make pulses (FLEXPWM)."""
TIMER_PWM: Final = {
    "GPIO_AD_B1_00": (3, 0),
    "GPIO_AD_B1_01": (3, 1),
    "GPIO_AD_B1_02": (3, 2),
    "GPIO_AD_B1_03": (3, 3),
    "GPIO_B0_00": (1, 0),
    "GPIO_B0_01": (1, 1),
    "GPIO_B0_02": (1, 2),
    "GPIO_B0_03": (2, 0),
    "GPIO_B0_04": (2, 1),
    "GPIO_B0_05": (2, 2),
}
"""Module and channel of the pads that make them with a quad timer instead, where they are pins of the board."""

__all__ = ["ADC_PADS", "BOARD", "FLEX_PWM", "PADS", "TIMER_PWM"]
