"""The one adapter for both runtimes: tflite-runtime and ai-edge-litert have the same ``Interpreter`` class.

Two interpreters may stand behind one model. The first is opened with the runtime's own defaults, so that its
outputs are those of a direct call, delegate (XNNPACK) included. A delegate keeps intermediate tensors to itself, so
:meth:`values` opens a second one, without delegates and with every tensor preserved, and feeds it the same inputs.
"""

from __future__ import annotations

import importlib
import importlib.util
from functools import cached_property
from typing import TYPE_CHECKING, Any

from omvsim.runtime._errors import InputDataError, RefusedError
from omvsim.runtime._types import OperatorInfo, TensorInfo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from omvsim.runtime._types import Array

_DELEGATE = "DELEGATE"
"""``op_name`` of the entries that a delegate appends to the runtime's operator list (BuiltinOperator 51)."""

_HANDLE = "object"
"""numpy's name of the element type of resources and variants; asking either runtime for their values crashes it."""

_LONGEST_CAUSE = 160

_REFUSALS = (RuntimeError, ValueError)
"""What both runtimes raise for a model they do not take (pybind11 maps the error reporter's text to these)."""


class NotInstalledError(ImportError):
    """The distribution is not installed (as opposed to: installed and broken)."""


def version_of(name: str) -> str:
    """The version of an installed distribution."""
    import importlib.metadata  # noqa: PLC0415 - brings half of email and socket, and few ask

    return importlib.metadata.version(name)


class TfliteBackend:
    """A :class:`~omvsim.runtime.Backend` on a module that has TFLite's ``Interpreter``."""

    def __init__(self, name: str, module: ModuleType) -> None:
        self.name = name
        self._module: Any = module

    @property
    def version(self) -> str:
        """See :attr:`omvsim.runtime.Backend.version`."""
        return version_of(self.name)

    def open(
        self, model: bytes, *, source: str = "model", options: Mapping[str, Any] | None = None
    ) -> TfliteInterpreter:
        """Load ``model`` and allocate its tensors (see :meth:`omvsim.runtime.Backend.open`)."""
        settings = dict(options or {})
        if settings.pop("reference_kernels", False):
            settings["experimental_op_resolver_type"] = self._module.OpResolverType.BUILTIN_REF
        return TfliteInterpreter(self.name, self._module, model, source, settings)


class TfliteInterpreter:
    """An :class:`~omvsim.runtime.Interpreter` on either runtime."""

    def __init__(self, backend: str, module: Any, model: bytes, source: str, options: dict[str, Any]) -> None:
        self.backend = backend
        self._module = module
        self._model = model
        self._source = source
        self._options = options
        self._fed: tuple[Array, ...] | None = None
        self._observer_fed: tuple[Array, ...] | None = None
        self._raw = self._construct(options)
        self._allocate(self._raw)
        self._input_indices = [int(detail["index"]) for detail in self._raw.get_input_details()]
        self._output_indices = [int(detail["index"]) for detail in self._raw.get_output_details()]

    @property
    def inputs(self) -> tuple[TensorInfo, ...]:
        """The tensors to feed."""
        return tuple(_tensor_info(detail) for detail in self._raw.get_input_details())

    @property
    def outputs(self) -> tuple[TensorInfo, ...]:
        """The tensors handed out."""
        return tuple(_tensor_info(detail) for detail in self._raw.get_output_details())

    def tensor(self, index: int) -> TensorInfo:
        """Tensor ``index``, with the shape of the last inference where that is dynamic.

        Only one is asked for at a time: tflite-runtime 2.14 crashes when it lists tensors with sparse weights.

        Raises:
            RefusedError: the runtime knows no such tensor.
        """
        try:
            return _tensor_info(self._raw._get_tensor_details(index, 0))
        except _REFUSALS as error:
            raise RefusedError(self._source, f"{self.backend} has no tensor {index}: {_line(error)}") from error

    @cached_property
    def operators(self) -> tuple[OperatorInfo, ...]:
        """The model's own operators; the runtime appends a delegate's behind them."""
        return tuple(
            OperatorInfo(
                index=int(detail["index"]),
                name=str(detail["op_name"]),
                inputs=tuple(int(i) for i in detail["inputs"]),
                outputs=tuple(int(i) for i in detail["outputs"]),
            )
            for detail in self._raw._get_ops_details()
            if detail["op_name"] != _DELEGATE
        )

    def run(self, inputs: Sequence[Array]) -> tuple[Array, ...]:
        """Run one inference.

        Raises:
            InputDataError: not the model's number of inputs, or an array of another shape or type.
            RefusedError: the runtime gives up in the middle.
        """
        self._feed(self._raw, inputs)
        self._invoke(self._raw)
        self._fed = tuple(inputs)
        return tuple(self._get(self._raw, index) for index in self._output_indices)

    def values(self, index: int) -> Array:
        """The values of tensor ``index`` in the last inference.

        Constants are in the file; asking a runtime for a sparse one may crash it.

        Raises:
            InputDataError: nothing has run yet.
            RefusedError: the runtime has no values for this tensor, or does not run the model without its delegate.
        """
        if self._fed is None:
            raise InputDataError(self._source, "no inference has run yet, so tensors have no values")
        if self.tensor(index).dtype == _HANDLE:
            raise RefusedError(self._source, f"tensor {index} is a resource handle: it has no values")
        if self._observer_fed is not self._fed:
            self._feed(self._observer, self._fed)
            self._invoke(self._observer)
            self._observer_fed = self._fed
        return self._get(self._observer, index)

    @cached_property
    def _observer(self) -> Any:
        """The interpreter that keeps every tensor, made when the first intermediate value is asked for."""
        resolver = self._module.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        raw = self._construct(
            {**self._options, "experimental_op_resolver_type": resolver, "experimental_preserve_all_tensors": True}
        )
        self._allocate(raw)
        return raw

    def _construct(self, options: dict[str, Any]) -> Any:
        try:
            return self._module.Interpreter(model_content=self._model, **options)
        except _REFUSALS as error:
            raise RefusedError(self._source, f"{self.backend} does not take this model: {_line(error)}") from error

    def _allocate(self, raw: Any) -> None:
        try:
            raw.allocate_tensors()
        except _REFUSALS as error:
            raise RefusedError(self._source, f"{self.backend} cannot allocate its tensors: {_line(error)}") from error

    def _invoke(self, raw: Any) -> None:
        try:
            raw.invoke()
        except _REFUSALS as error:
            raise RefusedError(self._source, f"{self.backend} fails while running it: {_line(error)}") from error

    def _get(self, raw: Any, index: int) -> Array:
        try:
            values: Array = raw.get_tensor(index)
        except _REFUSALS as error:
            cause = f"{self.backend} has no values for tensor {index}: {_line(error)}"
            raise RefusedError(self._source, cause) from error
        return values

    def _feed(self, raw: Any, inputs: Sequence[Array]) -> None:
        if len(inputs) != len(self._input_indices):
            raise InputDataError(self._source, f"the model has {len(self._input_indices)} inputs, not {len(inputs)}")
        for index, array in zip(self._input_indices, inputs, strict=True):
            try:
                raw.set_tensor(index, array)
            except _REFUSALS as error:
                raise InputDataError(self._source, f"input tensor {index}: {_line(error)}") from error


def load(name: str) -> ModuleType:
    """The ``interpreter`` module of distribution ``name``.

    Raises:
        NotInstalledError: there is no such package.
        ImportError: it is there and cannot be imported.
    """
    package = name.replace("-", "_")
    if importlib.util.find_spec(package) is None:
        raise NotInstalledError(name)
    return importlib.import_module(f"{package}.interpreter")


def _tensor_info(detail: dict[str, Any]) -> TensorInfo:
    quantization = detail["quantization_parameters"]
    return TensorInfo(
        index=int(detail["index"]),
        name=str(detail["name"]),
        shape=tuple(int(n) for n in detail["shape"]),
        dtype=detail["dtype"].__name__.removesuffix("_"),
        scales=tuple(float(s) for s in quantization["scales"]),
        zero_points=tuple(int(z) for z in quantization["zero_points"]),
    )


def _line(error: Exception) -> str:
    """What the runtime said, short enough for one line: it repeats itself for every tensor that is wrong."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text.rstrip(".") if len(text) <= _LONGEST_CAUSE else text[:_LONGEST_CAUSE] + "…"
