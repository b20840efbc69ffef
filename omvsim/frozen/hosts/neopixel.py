"""``neopixel.py``: lights in a row, green first, sent bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.coroutine import FrozenCoroutine, FrozenCoroutineFunction
from omvsim.frozen.steps import Steps
from omvsim.memory import sizes
from omvsim.micropython.types.tuple_ import Tuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.frozen.coroutine import Steps as Yielded
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Value

FAST, SLOW = (400, 850, 800, 450), (800, 1700, 1600, 900)
"""Nanoseconds: high and low of a 0, of a 1; 800 and 400 kHz (WS2812)."""
GENERATOR_FRAME: Final = 68


def _init(vm: Machine, values: Sequence[Value]) -> Value:
    this, pin, count, each, timing = values
    do = Steps(vm)
    do.puts(this, pin=pin, n=count, bpp=each)
    do.put(this, "buf", do.run("bytearray", do.op(count, "*", each)))
    do.ask(do.get(this, "pin"), "init", do.get(pin, "OUT"))
    if vm.type_name(timing) in {"int", "bool"}:
        timing = Tuple(None, 0, FAST if do.true(timing) else SLOW)
    do.put(this, "timing", timing)
    return None


def _length(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.attr(values[0], "n")


def _place(do: Steps, this: Value, offset: Value, at: int) -> Value:
    return do.op(offset, "+", do.at(do.get(this, "ORDER"), at))


def _set(vm: Machine, values: Sequence[Value]) -> Value:
    this, index, colour = values
    do = Steps(vm)
    offset = do.op(index, "*", do.get(this, "bpp"))
    for at in range(vm.small_of(do.get(this, "bpp"))):
        part = do.at(colour, at)
        do.set_at(do.get(this, "buf"), _place(do, this, offset, at), part)
    return None


def _get(vm: Machine, values: Sequence[Value]) -> Value:
    """``tuple(… for i in …)``: the generator closes over two variables."""
    this, index = values
    do = Steps(vm)
    held = [vm.memory.block(sizes.CELL) for _ in range(2)]
    offset = do.op(index, "*", do.get(this, "bpp"))

    def parts(vm: Machine, values: Sequence[Value]) -> Yielded:
        for at in vm.items(values[0], on_stack=False):
            yield do.at(do.get(this, "buf"), _place(do, this, offset, vm.small_of(at)))
        return None

    fun = FrozenCoroutineFunction(vm, "<genexpr>", ("numbers",), parts, GENERATOR_FRAME)  # type: ignore[arg-type]  # a generator
    held.append(vm.memory.block(sizes.CLOSURE + 2 * sizes.WORD))
    numbers = vm.iterate(do.run("range", do.get(this, "bpp")))
    made = vm.call(fun, (numbers,))
    assert isinstance(made, FrozenCoroutine)
    return do.run("tuple", made)


def _fill(vm: Machine, values: Sequence[Value]) -> Value:
    this, colour = values
    do = Steps(vm)
    data = do.get(this, "buf")
    size = vm.small_of(vm.length(do.get(this, "buf")))
    step = vm.small_of(do.get(this, "bpp"))
    for at in range(step):
        part = do.at(colour, at)
        for place in range(do.number_at(do.get(this, "ORDER"), at), size, step):
            do.set_at(data, place, part)
    return None


def _write(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    this = values[0]
    do.run("bitstream", do.get(this, "pin"), 0, do.get(this, "timing"), do.get(this, "buf"))
    return None


FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "NeoPixel.__init__": _init,
    "NeoPixel.__len__": _length,
    "NeoPixel.__setitem__": _set,
    "NeoPixel.__getitem__": _get,
    "NeoPixel.fill": _fill,
    "NeoPixel.write": _write,
}

__all__ = ["FUNCTIONS"]
