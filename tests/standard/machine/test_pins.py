"""Pins, lights, voltages, pulses: in ROM or at the cost of an object; what is not connected is low, or pulled up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from omvsim.micropython.errors import ScriptOver, Unknown
from omvsim.world.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.micropython.machine import Machine
    from tests.bare_machine import Run

IMPORT = "from machine import *\n"
PRINTED = [
    ("p = Pin('P0', Pin.OUT)\np.on()\nprint(p(), p.value())\np.toggle()\nprint(p())", "1 1\n0\n"),
    (
        "print(Pin('P0'), Pin.board.P7 is Pin('P7'), Pin('GPIO_AD_B0_01') is Pin('P0'))",
        "Pin(GPIO_AD_B0_01) True True\n",
    ),
    ("p = Pin('P1', Pin.OUT, value=1)\ns = Signal(p, invert=True)\nprint(s(), s.on(), p())", "0 None 0\n"),
    ("l = LED('LED_RED')\nl.on()\nprint(l.pin(), l.value())\nl.off()\nprint(l.value())", "0 0\n1\n"),
    ("l = LED('LED_GREEN')\nl.value(True)\nprint(l.value(), l.boardname())", "0 OpenMV IMXRT1060 \n"),
    ("print(ADC('P6'), ADC('P6').read_u16(), ADC('P6').read_uv())", "ADC(1, channel=8) 0 0\n"),
    ("p = PWM('P8', freq=50)\nprint(p.freq(), p.duty_u16())\np.duty_ns(1500000)\nprint(p.duty_u16())", "50 -1\n4915\n"),
    ("print(PWM('P7', freq=1000, duty_u16=32768))", None),
    ("print(PWM(('P7', 'P8'), freq=1000, duty_u16=7))", None),
    ("print(PWM('P6', freq=60, duty_u16=1))", "<QTMR_PWM module=3 channel=3 freq=60 duty_u16=1>\n"),
    ("print(freq(), reset_cause(), PWRON_RESET, disable_irq())\nenable_irq(0)", "600000000 1 1 0\n"),
    ("print(Pin.PULL_UP, Pin.PULL_DOWN, Pin.OPEN_DRAIN, Pin.DRIVE_6, Pin.IRQ_FALLING)", "2 0 2 7 2\n"),
    ("print([Pin('P1', Pin.IN, pull)() for pull in (Pin.PULL_UP, Pin.PULL_UP_22K, Pin.PULL_UP_47K)])", "[1, 1, 1]\n"),
    ("print(Pin('P1', Pin.IN)(), Pin('P1', Pin.IN, pull=None)(), Pin('P1', Pin.IN, Pin.PULL_DOWN)())", "0 0 0\n"),
    (
        "p = Pin('P1', Pin.OPEN_DRAIN, Pin.PULL_UP)\nprint(p())\np(1)\nprint(p())\np.init(Pin.IN)\nprint(p())",
        "0\n1\n0\n",
    ),
    ("print(mem32, time_pulse_us(Pin('P0'), 1, 100))", "<32-bit memory> -2\n"),
]
FLEX = "<FLEXPWM module=2 submodule=0 channel={} duty_u16={} freq=1000 center=32768, deadtime=0, sync=0>\n"


@pytest.mark.parametrize("text", [text for text, _ in PRINTED])
def test_printed(run: Callable[..., Run], text: str) -> None:
    """What they say."""
    expected = dict(PRINTED)[text]
    if expected is None:
        expected = FLEX.format(*(("A/B", 7) if "(('" in text else ("A", 32768)))
    assert run(IMPORT + text).printed == expected


REFUSED = [
    ("Pin('PX')", "ValueError: Pin doesn't exist"),
    ("Pin(7)", "ValueError: Pin doesn't exist"),
    ("Pin('P0', 9)", "ValueError: invalid pin mode: 9"),
    ("Pin('P0', Pin.OUT, drive=9)", "ValueError: invalid drive strength: 9"),
    ("Pin('P0').irq(lambda p: 0, 7)", "ValueError: IRQ mode not supported"),
    ("ADC('P0')", "ValueError: Pin(GPIO_AD_B0_01) does not have ADC capabilities"),
    ("PWM('GPIO_AD_B0_14')", "ValueError: the first Pin doesn't support PWM"),
    ("PWM('GPIO_EMC_41')", "ValueError: the first Pin doesn't support PWM"),
    ("PWM('P7', freq=5, duty_u16=9)", "ValueError: PWM frequency too low"),
    ("PWM('P7', freq=50, duty_u16=70000)", "ValueError: value larger than period"),
    ("PWM(('P7', 'P0'))", "ValueError: the pins must be a A/B pair of a submodule"),
    ("LED(1)", "ValueError: Pin doesn't exist"),
    ("Signal(Pin('P0'), 1)", "TypeError: "),
    ("Timer(2)", "ValueError: Timer doesn't exist"),
    ("WDT(1)", "ValueError: WDT(1) doesn't exist"),
    ("SDCard(2)", "ValueError: SDCard(2) doesn't exist"),
    ("freq(1)", "NotImplementedError: "),
    ("lightsleep(1)", "NotImplementedError: "),
    ("dht_readinto(Pin('P0'), bytearray(5))", "OSError: [Errno 116] ETIMEDOUT"),
    ("bitstream(Pin('P0'), 1, (1, 1, 1, 1), b'')", "ValueError: encoding"),
    ("import pyb", "ImportError: no module named 'pyb'"),
    ("import lcd", "ImportError: no module named 'lcd'"),
    ("import audio", "ImportError: no module named 'audio'"),
    ("import imu", "ImportError: no module named 'imu'"),
    ("import buzzer", "ImportError: no module named 'buzzer'"),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_refused(run: Callable[..., Run], text: str, expected: str) -> None:
    """The firmware's own texts; what the port does not have is not there."""
    assert run(IMPORT + text).printed.splitlines()[-1] == expected


@pytest.mark.parametrize(
    "text", ["mem32[0x40000000]", "mem8[0] = 1", "PWM('P12')", "print(Pin('P12'))", "I2CTarget(1)"]
)
def test_unknown(run: Callable[..., Run], text: str) -> None:
    """It is on the camera and not modelled: the run is over."""
    with pytest.raises(Unknown):
        run(IMPORT + text)


def test_requests(run: Callable[..., Run]) -> None:
    """Pins are in ROM; the object of an interrupt is made once a pin."""
    before = len(run(IMPORT).asked)
    assert run(IMPORT + "p = Pin('P0', Pin.OUT)\np(1)\np.value(0)").asked[before:] == []
    sizes = [size for _, size in run(IMPORT + "p = ADC('P6')\nq = PWM('P7', freq=50)\nTimer()").asked[before:]]
    assert sizes == [12, 52, 32]
    text = "p = Pin('P0')\np.irq(print)\np.irq(print)\np.irq(None)\np.irq(print)"
    assert [size for _, size in run(IMPORT + text).asked[before:]] == [28, 28]


def test_levels_from_outside(run: Callable[..., Run]) -> None:
    """An input shows what the surroundings say, reading by reading; the last one stays."""

    def prepare(vm: object) -> None:
        around = vm.part(Surroundings)  # type: ignore[attr-defined]  # a machine
        around.pins["P0"] = [1, 0, 1]
        around.adc["P6"] = [65535, 10]

    text = "p = Pin('P0', Pin.IN)\nprint(p(), p(), p(), p())\na = ADC('P6')\n"
    text += "print(a.read_uv(), a.read_u16(), a.read_u16())"
    done = run(IMPORT + text, prepare=prepare)
    assert done.printed == "1 0 1 1\n3299949 10 10\n"
    assert not done.vm.stand_ins
    assert run(IMPORT + "Pin('P0', Pin.IN)()").vm.stand_ins


def test_pins_of_the_header_and_beside_it(run: Callable[..., Run]) -> None:
    text = "from machine import Pin, PWM\nfor n in ('P9', 'P10', 'P11', 'PG'):\n    print(Pin(n))\n"
    text += "print(Pin('SW').value())\nprint(PWM('P9', freq=50, duty_u16=100))\n"
    lines = run(text).printed.splitlines()
    assert lines[:5] == ["Pin(GPIO_B1_00)", "Pin(GPIO_SD_B1_01)", "Pin(WAKEUP)", "Pin(GPIO_SD_B1_04)", "0"]
    assert lines[5].startswith("<FLEXPWM module=1 submodule=3 channel=A duty_u16=100 freq=50")


def test_pulses_of_the_memories_pads(run: Callable[..., Run]) -> None:
    """P10 is on one (SD_B1_01), and shares its module with P9."""
    text = "print(PWM(('P9', 'P10'), freq=50, duty_ns=1000000))\nprint(PWM('GPIO_EMC_34', freq=50, duty_u16=1))\n"
    first, second = run(IMPORT + text).printed.splitlines()
    assert first.startswith("<FLEXPWM module=1 submodule=3 channel=A/B duty_ns=1000000")
    assert second.startswith("<FLEXPWM module=3 submodule=2 channel=B")


def test_a_loop_that_reads_a_pin_for_ever_ends(run: Callable[..., Run]) -> None:
    """Nothing can change any more: no handler, no time, no level of the world that is still to come."""
    text = "from machine import Pin\np, o = Pin('P0', Pin.IN), Pin('P1', Pin.OUT)\n"
    with pytest.raises(ScriptOver, match="a world file says what they do"):
        run(text + "while True:\n    o.value(not p.value())\n")


def test_reading_a_pin_often_is_no_end(run: Callable[..., Run]) -> None:
    """Where time passes or levels are still to come, a loop goes on."""
    text = "from machine import Pin\nimport time\np = Pin('P0', Pin.IN)\nn = 0\nwhile n < 100_500:\n    n += 1\n"
    done = run(text + "    p.value()\n    time.sleep_us(1)\nprint(n)\n")
    assert done.printed == "100500\n"

    def levels(vm: Machine) -> None:
        vm.put_part(Surroundings(pins={"P0": [0] * 100_200 + [1]}))

    waits = "from machine import Pin\np = Pin('P0', Pin.IN)\nwhile not p.value():\n    pass\nprint('pressed')\n"
    assert run(waits, prepare=levels).printed == "pressed\n"
