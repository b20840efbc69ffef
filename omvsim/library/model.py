"""``ml/__init__.py`` and ``ml/model.py``: the class ``Model`` on the C module's.

Sources: openmv/openmv v4.5.6 to v4.7.0 ``scripts/libraries/ml/ml/model.py``, from v4.8.0 ``…/ml-core/ml/model.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.library.functions import CLASS, Code, LibraryFunction, library_body, seen
from omvsim.library.package import package_of
from omvsim.micropython.classes import INIT_NATIVE, Instance
from omvsim.micropython.errors import Raised
from omvsim.micropython.exceptions import BY_NAME
from omvsim.micropython.values import NULL, Obj
from omvsim.modules.ml.labels import read_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body
    from omvsim.micropython.values import Value
    from omvsim.world.world import CameraMachine


def package(body: Body) -> None:
    """``ml/__init__.py``."""
    body = library_body(body)
    body.from_import("model", "*", level=1)
    body.finish()


def statements(body: Body) -> None:
    """``ml/model.py``."""
    body = library_body(body)
    body.import_("uml", "image")
    body.from_import("ml.preprocessing", "Normalization")
    vm = body.vm
    generation, package = vm.release, package_of(vm)
    state = generation.init_code_state
    init = Code("__init__", f"{CLASS} self *args **kwargs", _init, max(0, state - 20), line=package.init_line)
    predict = Code("predict", f"{CLASS} self args **kwargs", _predict, line=package.predict_line)
    body.define_class("Model", init, predict, bases=(vm.attr(body.load("uml"), "Model"),))
    body.finish()


def _given(kwargs: Value, name: str, default: Value) -> Value:
    """``kwargs.get(name, default)``."""
    entry = kwargs.map.found.get(name)  # type: ignore[union-attr]  # a dict
    found: Value = default if entry is None else entry.value
    return found


def _init(vm: CameraMachine, values: Sequence[Value]) -> Value:
    _, model, args, kwargs = values
    generation = vm.release
    spread: list[Value] = [args]
    if generation.load_to_fb:
        spread.append(_given(kwargs, "load_to_fb", False))
    if generation.by_reference:
        spread.append(_given(kwargs, "postprocess", None))
    vm.call_spread(INIT_NATIVE, model, spread, (), 1)
    if generation.looks_for_labels:
        assert isinstance(model, Instance)
        vm.set_attr(model, "labels", _labels(vm, args))
    return None


def _labels(vm: CameraMachine, args: Value) -> Value:
    """The lines of the file beside the model; None after any exception."""
    try:
        return read_labels(vm, vm.subscr(args, 0))
    except Raised as raised:
        error = raised.value
    seen(vm, error, "ml/model.py", package_of(vm).init_line, "__init__")
    if not vm.exception_match(error, BY_NAME["Exception"]):
        raise Raised(error)
    return None


LISTCOMP: Final = Code("<listcomp>", "", lambda _vm, _values: None)


def _predict(vm: CameraMachine, values: Sequence[Value]) -> Value:
    """Pictures among the inputs become ``Normalization`` objects that hold them."""
    _, model, args, kwargs = values
    assert isinstance(model, Instance)
    names = vm.globals.map.found  # type: ignore[attr-defined]  # a dict
    picture = vm.attr(names["image"].value, "Image")
    comprehension = LibraryFunction(vm, LISTCOMP)
    inputs = vm.new_list(())
    for item in vm.items(args):
        bound = vm.call(vm.call(names["Normalization"].value), (item,)) if vm.is_instance(item, picture) else item
        vm.list_append(inputs, bound)
        del bound, item
    del comprehension
    values = ()
    args = inputs
    fun, native = vm.method(model.inner(vm), "predict")
    assert isinstance(fun, Obj)
    return vm.call_spread(fun, native, [args], [(NULL, kwargs)], 0)


__all__ = ["package", "statements"]
