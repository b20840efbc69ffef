"""The audio front end's custom operators and CIRCULAR_BUFFER.

Their options are a flexbuffer map; the kernels read the values by position, and a map keeps its keys in alphabetical
order. Sources: tflite-micro a57349f0, ``signal/micro/kernels/*.cc``, ``signal/src/``; the layout of KISS FFT's state.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from omvsim.tflm._rules import Rule
from omvsim.tflm.operators._common import T, dimension
from omvsim.tflm.operators._flexbuffer import numeric_options

if TYPE_CHECKING:
    from omvsim.tflm._node import Node, Operand

_CIRCULAR_BUFFER = "pppiip"
# Positions of options, with the keys in alphabetical order.
_FFT_LENGTH = 1
_FILTER_BANK_CHANNELS = 0
_SUBTRACTION_CHANNELS = 4
_STACKER_CHANNELS_LEFT_RIGHT = (0, 1, 2)
_FRAME_SIZE, _FRAME_STEP = 0, 1
_DELAY_LENGTH = 0
_FFT_TYPES = {T.FLOAT32: 4, T.INT32: 4, T.INT16: 2}


def _options(node: Node) -> tuple[tuple[str, int], ...]:
    """All options; what a kernel makes of options it cannot read is undefined."""
    options = numeric_options(node.operator.custom_options)
    if options is None:
        node.unknown("its options are not a flexbuffer map of numbers")
    return options


def _option(node: Node, position: int) -> int:
    """The option at ``position`` in alphabetical order, which is how the kernels find it."""
    options = _options(node)
    if position >= len(options):
        node.unknown(f"it has {len(options)} options and the kernel reads number {position}")
    return options[position][1]


def _fft_type(node: Node, allowed: tuple[T, ...]) -> T:
    """Option ``T``, a TFLite TensorType; with any other the kernel's Init fails and Prepare reads a null pointer."""
    value = dict(_options(node)).get("T", 0)
    if value not in allowed:
        node.refuse(
            f"its option T is {value}; it must be {' or '.join(f'{int(kind)} ({kind.name})' for kind in allowed)}"
        )
    return T(value)


def _fft_state_bytes(node: Node, length: int, kind: T) -> int:
    """KISS FFT's real transform: a header of three pointers, the half-length transform's state, two work arrays."""
    header = 3 * node.abi.pointer
    half, complex_bytes = length // 2, 2 * _FFT_TYPES[kind]
    return header + 264 + complex_bytes + complex_bytes * (half - 1) + complex_bytes * (half * 3 // 2)


def _init_fft(node: Node, layout: str) -> None:
    kind = dict(_options(node)).get("T", 0)
    if kind not in _FFT_TYPES:
        return  # Init gives up before it takes anything; Prepare refuses.
    length = _option(node, _FFT_LENGTH)
    if length <= 0 or length % 2:
        node.unknown(f"an FFT of length {length} is not possible")
    node.persist_struct(layout)
    # The inverse float transform wraps the state in a struct of its own.
    wrapper = node.abi.sizeof("ip") if node.operator.name == "SignalIrfft" and kind == T.FLOAT32 else 0
    node.persist(wrapper + _fft_state_bytes(node, length, T(kind)))


def _one_to_one(node: Node) -> tuple[Operand, Operand]:
    node.expect_counts(1)
    return node.input(0), node.output()


def _prepare_fft(node: Node, *, scratch: bool) -> None:
    kind = _fft_type(node, tuple(_FFT_TYPES))
    input_, output = _one_to_one(node)
    node.expect(input_.rank == output.rank, "input and output differ in their number of dimensions")
    node.expect_type(input_, (kind,))
    node.expect_type(output, (kind,))
    if scratch:
        node.scratch(_option(node, _FFT_LENGTH) * _FFT_TYPES[kind])


def _expect_ranks(node: Node, *operands: tuple[Operand, int, T]) -> None:
    for operand, rank, _ in operands:
        node.expect(operand.rank == rank, f"tensor {operand.index} has {operand.rank} dimensions instead of {rank}")
    for operand, _, kind in operands:
        node.expect_type(operand, (kind,))


def _vector(node: Node, input_type: T, output_type: T) -> None:
    input_, output = _one_to_one(node)
    _expect_ranks(node, (input_, 1, input_type), (output, 1, output_type))


def _auto_scale(node: Node) -> None:
    node.expect_counts(1, 2)
    input_, output, bits = node.input(0), node.output(), node.output(1)
    _expect_ranks(node, (input_, 1, T.INT16), (output, 1, T.INT16), (bits, 0, T.INT32))


def _filter_bank(node: Node) -> None:
    node.expect_counts(6)
    for position in range(6):
        _expect_ranks(node, (node.input(position), 1, T.INT16 if position else T.UINT32))
    _expect_ranks(node, (node.output(), 1, T.UINT64))


def _square_root(node: Node) -> None:
    node.expect_counts(2)
    input_, bits, output = node.input(0), node.input(1), node.output()
    _expect_ranks(node, (input_, 1, T.UINT64), (bits, 0, T.INT32), (output, 1, T.UINT32))


def _spectral_subtraction(node: Node) -> None:
    node.expect_counts(1, 2)
    input_, output, noise = node.input(0), node.output(), node.output(1)
    _expect_ranks(node, (input_, 1, T.UINT32), (output, 1, T.UINT32), (noise, 1, T.UINT32))


def _pcan(node: Node) -> None:
    node.expect_counts(3)
    input_, noise, gain, output = node.input(0), node.input(1), node.input(2), node.output()
    _expect_ranks(node, (input_, 1, T.UINT32), (noise, 1, T.UINT32), (gain, 1, T.INT16), (output, 1, T.UINT32))


def _window(node: Node) -> None:
    node.expect_counts(2)
    input_, weights, output = node.input(0), node.input(1), node.output()
    node.expect(input_.rank >= 1 and weights.rank == 1 and input_.rank == output.rank, "its shapes do not fit together")
    for operand in (input_, weights, output):
        node.expect_type(operand, (T.INT16,))


def _init_filter_bank(node: Node) -> None:
    node.persist(8 * (_option(node, _FILTER_BANK_CHANNELS) + 1))


def _init_spectral_subtraction(node: Node) -> None:
    node.persist(4 * _option(node, _SUBTRACTION_CHANNELS))


def _ring_bytes(node: Node, capacity: int) -> int:
    """A circular buffer: its header and room for two times ``capacity`` int16 samples."""
    return node.abi.sizeof(_CIRCULAR_BUFFER) + 2 * 2 * capacity


def _init_stacker(node: Node) -> None:
    channels, left, right = (_option(node, position) for position in _STACKER_CHANNELS_LEFT_RIGHT)
    node.persist(_ring_bytes(node, channels * (left + right + 1)))


def _stacker(node: Node) -> None:
    node.expect_counts(1, 2)
    input_, output, valid = node.input(0), node.output(), node.output(1)
    _expect_ranks(node, (input_, 1, T.INT16), (output, 1, T.INT16), (valid, 0, T.BOOL))


def _persist_rings(node: Node, input_: Operand, capacity: int) -> None:
    """A circular buffer a row, found through two arrays of pointers."""
    rows = math.prod(input_.dims[:-1])
    node.persist(node.abi.pointer * rows)
    node.persist(node.abi.pointer * rows)
    node.persist(_ring_bytes(node, capacity), rows)


def _framer(node: Node) -> None:
    node.expect_counts(1, 2)
    input_, output, valid = node.input(0), node.output(), node.output(1)
    node.expect(input_.rank + 1 == output.rank and valid.rank == 0, "its shapes do not fit together")
    for operand, kind in ((input_, T.INT16), (output, T.INT16), (valid, T.BOOL)):
        node.expect_type(operand, (kind,))
    size, step = _option(node, _FRAME_SIZE), _option(node, _FRAME_STEP)
    width = dimension(node, input_, input_.rank - 1)
    node.expect(
        step > 0 and width >= step and width % step == 0, f"{width} samples are not a multiple of its step {step}"
    )
    _persist_rings(node, input_, -(-size // step) * step)


def _delay(node: Node) -> None:
    input_, output = _one_to_one(node)
    for operand in (input_, output):
        node.expect_type(operand, (T.INT16,))
    width = dimension(node, input_, input_.rank - 1)
    if width == 0:
        node.crash("its input has no samples")
    _persist_rings(node, input_, width + _option(node, _DELAY_LENGTH))


def _init_overlap_add(node: Node) -> None:
    if dict(_options(node)).get("T", 0) in (T.FLOAT32, T.INT16):
        node.persist_struct("4iep")


def _overlap_add(node: Node) -> None:
    kind = _fft_type(node, (T.FLOAT32, T.INT16))
    input_, output = _one_to_one(node)
    node.expect(input_.rank == output.rank + 1, "its output does not have one dimension less than its input")
    node.expect_type(input_, (kind,))
    node.expect_type(output, (kind,))
    node.expect(input_.rank >= 2, "its input has fewer than 2 dimensions")
    rows, frame = math.prod(input_.dims[:-2]), input_.dims[-1]
    node.persist(node.abi.pointer * rows)
    node.persist(_FFT_TYPES[kind] * frame, rows)


def _circular_buffer(node: Node) -> None:
    input_, output = node.input(0), node.output()
    fits = (
        input_.rank == output.rank == 4
        and input_.dims[1] == 1
        and [input_.dims[axis] for axis in (0, 2, 3)] == [output.dims[axis] for axis in (0, 2, 3)]
    )
    node.expect(fits, "its input and output shapes do not fit together")
    node.expect_same_type(input_, output, "")
    node.expect_type(input_, (T.INT8,))


COMMON = {
    "SignalRfft": Rule(init=partial(_init_fft, layout="4iepip"), prepare=partial(_prepare_fft, scratch=True)),
    "SignalIrfft": Rule(init=partial(_init_fft, layout="4iep"), prepare=partial(_prepare_fft, scratch=False)),
    "SignalFftAutoScale": Rule(prepare=_auto_scale),
    "SignalEnergy": Rule(data="ii", prepare=partial(_vector, input_type=T.INT16, output_type=T.UINT32)),
    "SignalFilterBank": Rule(data="(i5p2i)p", init=_init_filter_bank, prepare=_filter_bank),
    "SignalFilterBankLog": Rule(data="ii", prepare=partial(_vector, input_type=T.UINT32, output_type=T.INT16)),
    "SignalFilterBankSquareRoot": Rule(prepare=_square_root),
    "SignalFilterBankSpectralSubtraction": Rule(
        data="(8ib)pp", init=_init_spectral_subtraction, prepare=_spectral_subtraction
    ),
    "SignalPCAN": Rule(data="i", prepare=_pcan),
    "SignalWindow": Rule(data="ii", prepare=_window),
    "SignalStacker": Rule(data="4ippbpp", init=_init_stacker, prepare=_stacker),
    "SignalFramer": Rule(data="4ibpp", prepare=_framer),
    "SignalDelay": Rule(data="3ipp", prepare=_delay),
    "SignalOverlapAdd": Rule(init=_init_overlap_add, prepare=_overlap_add),
    "CIRCULAR_BUFFER": Rule(data="ii", prepare=_circular_buffer),
}
