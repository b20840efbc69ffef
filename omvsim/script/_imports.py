"""The camera's modules: which a release has, what importing them costs, and the script's own files."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from omvsim.script._barrier import RUNTIME
from omvsim.script._errors import NotModelled
from omvsim.script._image import ImageObject, Images
from omvsim.script._image_methods import METHODS
from omvsim.script._library import Library
from omvsim.script._measuring import gctrace_module
from omvsim.script._models import Models
from omvsim.script._modules import Modules
from omvsim.script._numpy import Numpy
from omvsim.script._sensors import Sensors
from omvsim.script._speech import MicroSpeech
from omvsim.script._stubs import STUBS, stub_module
from omvsim.script._tensorflow import TensorFlow
from omvsim.script._transform import transform
from omvsim.script._unmodelled import has_module
from omvsim.script._values import Module, Native, NativeObject, NativeType

if TYPE_CHECKING:
    from collections.abc import Callable

    from omvsim.script._memory import Block
    from omvsim.script._runtime import Runtime
    from omvsim.script._world import World

FIRST_ML = (4, 5, 6)
FIRST_CSI = (4, 7)
_PARTS = {"ml.apps": 1200}
"""Modules measured in sum only: bytes asked for after ``ml``; half of it stays."""


@lru_cache(maxsize=2)
def recorded_imports(release: str) -> dict[str, Any]:
    """Requests by module: ``[bytes, fate]`` with fate ``kept``, ``garbage`` or the request it is freed before."""
    text = resources.files("omvsim.script").joinpath(f"_recordings/imports-{release}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["modules"]
    return found


class Importer:
    """Loads modules for one runtime.

    Args:
        runtime: the interpreter; its modules are filled here.
        world: the camera and its surroundings.
    """

    def __init__(self, runtime: Runtime, world: World) -> None:
        self.rt = runtime
        self.world = world
        self.kept: list[Block] = []
        ImageObject.methods = METHODS
        self.images = Images(runtime, world)
        world.images = self.images
        self.models = Models(runtime, world)
        self.sensors = Sensors(runtime, world)
        self._makers = self._table()
        self._library: dict[str, Module] | None = None
        self._charged: set[str] = set()

    def _table(self) -> dict[str, Callable[[], Module]]:
        release = self.world.release
        makers: dict[str, Callable[[], Module]] = dict(Modules(self.rt, self.world).table())
        makers["image"] = self.images.module
        makers["sensor"] = self.sensors.sensor
        makers["gctrace"] = lambda: gctrace_module(self.rt, self.world)
        numpy = Numpy(self.rt)
        makers["ulab.numpy"] = numpy.module
        makers["ulab"] = lambda: Module("ulab", {"numpy": self._loaded("ulab.numpy"), "__version__": "6.6.1-4D"})
        for name in STUBS:
            makers[name] = lambda name=name: stub_module(self.rt, self.world, name)  # type: ignore[misc]
        if release >= FIRST_CSI:
            makers["csi"] = self.sensors.csi
        if release < FIRST_ML:
            makers["tf"] = TensorFlow(self.models).module
        elif self.world.camera.generation.tf_is_ml:
            makers["tf"] = self._alias
        return makers

    def __call__(self, name: str) -> None:
        """Import ``name`` and its packages into the runtime's modules.

        Raises:
            ScriptError: ImportError, the camera has no such module.
        """
        if name == "ml" or name.startswith("ml."):
            self._ml(name)
        elif name in self._makers:
            self._loaded(name)
        elif not self._own_file(name):
            if has_module(name, self.world.release):
                raise NotModelled(f"module {name}")
            self.rt.make.throw_formatted("ImportError", f"no module named '{name}'")

    def _loaded(self, name: str) -> Module:
        if name not in self.rt.modules:
            self.rt.modules[name] = self._makers[name]()
        found: Module = self.rt.modules[name]
        return found

    def _alias(self) -> Module:
        """``import tf``: the C module below the package ``ml``, which has its class ``Model`` and nothing else."""
        return Module("ml", {"Model": Native("Model", self._raw_model)}, whole=True)

    def _raw_model(self, *values: Any, **names: Any) -> Any:
        self.world.note("tf.Model() is charged as ml.Model(), whose Python class it does without")
        return self.models.model(*values, **names)

    # -- ml -----------------------------------------------------------------------------------------------------

    def _ml(self, name: str) -> None:
        if self.world.release < FIRST_ML:
            self.rt.make.throw_formatted("ImportError", f"no module named '{name}'")
        if self._library is None:
            self._library = Library(self.models).modules()
            self._library["ml.apps"] = self._apps()
        if name not in self._library:
            self.rt.make.throw_formatted("ImportError", f"no module named '{name}'")
        self._charge("ml")
        if name in ("ml.utils", "ml.apps") or name.startswith("ml.postprocessing."):
            self._charge(name)
        elif name == "ml.postprocessing" and self.world.camera.generation.by_reference is False:
            self.world.note(f"import {name}: what its code takes on the heap was not measured and is not counted")
        for part in ("ml", name):
            self.rt.modules[part] = self._library[part]
        if name.startswith("ml.postprocessing."):
            self.rt.modules["ml.postprocessing"] = self._library["ml.postprocessing"]

    def _apps(self) -> Module:
        made = lambda *values, **names: MicroSpeech(self.models, *values, **names)  # noqa: E731
        return Module("ml.apps", {"MicroSpeech": NativeType("MicroSpeech", made, (MicroSpeech, NativeObject))})

    def _charge(self, name: str) -> None:
        """Make the requests of a module's import, once; what its code keeps stays for good."""
        if name in self._charged:
            return
        self._charged.add(name)
        memory = self.rt.memory
        if name in _PARTS:
            half = _PARTS[name] // 2
            self.kept.append(memory.alloc(half, f"import {name}"))
            memory.alloc(half, f"import {name}")
            return
        recorded = recorded_imports("5.0.0" if self.world.release >= (5,) else "4.8.1")
        due: dict[int, list[Block]] = {}
        requests = recorded[name]
        for number, (size, fate) in enumerate(requests):
            for block in due.pop(number, ()):
                memory.free(block)
            block = memory.alloc(size, f"import {name}")
            if fate == "kept":
                self.kept.append(block)
            elif isinstance(fate, int):
                due.setdefault(fate, []).append(block)
        for blocks in due.values():
            for block in blocks:
                memory.free(block)
        if name.startswith("ml.postprocessing."):
            self._charged.add("ml.utils")

    # -- the script's own modules -------------------------------------------------------------------------------

    def _own_file(self, name: str) -> bool:
        """A ``.py`` file of the script's folder."""
        path = name.replace(".", "/") + ".py"
        found = next(
            (f for m in ("flash", "flash/lib", "sdcard") if (f := self.world.files.find(f"/{m}/{path}"))), None
        )
        if found is None or not found.is_file():
            return False
        text = found.read_text(encoding="utf-8", errors="replace")
        program = transform(text, f"<{name}>", str(found), max(self.rt.frames, default=-1) + 1)
        members: dict[str, Any] = {"__name__": name, "__builtins__": self.rt.builtins, RUNTIME: self.rt}
        self.rt.frames.update(program.frames)
        module = Module(name, members)
        self.rt.modules[name] = module
        self.world.lacks(f"what compiling {found.name} leaves on the heap")
        exec(program.code, members)
        return True
