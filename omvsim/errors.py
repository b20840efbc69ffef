"""One tree for everything omvsim raises.

::

    OmvsimError
    ├── InputError            a file or a value from outside cannot be used (names the file and the cause)
    │   ├── ModelError        .tflite: truncated, hostile, not a flatbuffer
    │   ├── BoardError        board profile: unknown key, overlapping regions, unknown release
    │   ├── ScenarioError     scenario file or step
    │   ├── ScriptSourceError a script cannot be run: syntax, encoding, a picture it needs
    │   ├── WorldError        world file: what buses, pins and networks answer
    │   ├── TraceError        recorded trace: cut off, foreign, empty
    │   ├── PolicyError       gate policy
    │   └── CaptureError      file of a captured run: damaged, newer, or in the way
    ├── WorkerError           a process that shared the work has gone
    ├── MissingExtraError     an optional package is not installed (says which command installs it)
    └── DeviceError           what the *simulated camera* raised; its text is the camera's own
        ├── DeviceMemoryError
        ├── DeviceValueError
        ├── DeviceRuntimeError
        ├── DeviceTypeError
        ├── DeviceOSError
        └── DeviceCrash       HardFault or silent corruption: no exception reaches the script
            └── DeviceHang    a loop without an end, such as the library's abort
"""

from __future__ import annotations

from typing import NamedTuple


class OmvsimError(Exception):
    """Base of every error omvsim raises on purpose."""


class InputError(OmvsimError):
    """A file or value from outside cannot be used.

    ``source`` is the file (or option) at fault and ``cause`` one clause without a trailing full stop;
    together they make the single line a user sees.
    """

    def __init__(self, source: object, cause: str) -> None:
        super().__init__(f"{source}: {cause}")
        self.source = str(source)
        self.cause = cause


class ModelError(InputError):
    """A ``.tflite`` file cannot be read as a model."""


class BoardError(InputError):
    """A board profile is wrong or does not exist."""


class ScenarioError(InputError):
    """A scenario file or one of its steps is wrong."""


class ScriptSourceError(InputError):
    """A script, or what was given along with it, cannot be used."""


class WorldError(InputError):
    """A world file, which says what is around the camera, is wrong."""


class TraceError(InputError):
    """A recorded trace cannot be read."""


class PolicyError(InputError):
    """A gate policy is wrong."""


class CaptureError(InputError):
    """The file of a captured run cannot be read, or may not be replaced."""


class MissingExtraError(OmvsimError):
    """An optional package is missing; ``fix`` is the command that installs it."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what}; install it with: {fix}")
        self.fix = fix


class WorkerError(OmvsimError):
    """A process that shared the work ended before it was done: killed, or the machine had no memory left."""

    def __init__(self) -> None:
        super().__init__("a process that shared the work was killed, or the machine had no memory left for it")


class DeviceError(OmvsimError):
    """The simulated camera raised an exception; ``text`` is what the camera prints after the type's name.

    ``str()`` is the whole line as the camera prints it, e.g.
    ``MemoryError: memory allocation failed, allocating 442368 bytes``.
    """

    python_type = "Exception"
    because = ""
    """Why, in the user's terms, where the text does not say it."""
    remedy = ""
    """What to change in the model, where that is known."""
    library_message = ""
    """What the library's log would say; the camera prints nothing of it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(f"{self.python_type}: {text}")
        self.text = text


class DeviceMemoryError(DeviceError):
    """``MemoryError`` on the camera."""

    python_type = "MemoryError"


class DeviceValueError(DeviceError):
    """``ValueError`` on the camera."""

    python_type = "ValueError"


class DeviceRuntimeError(DeviceError):
    """``RuntimeError`` on the camera."""

    python_type = "RuntimeError"


class DeviceTypeError(DeviceError):
    """``TypeError`` on the camera."""

    python_type = "TypeError"


class DeviceOSError(DeviceError):
    """``OSError`` on the camera."""

    python_type = "OSError"


class DeviceCrash(DeviceError):
    """The camera dies (HardFault) or corrupts its memory: no exception reaches the script."""

    python_type = "HardFault"


class Overlap(NamedTuple):
    """New bytes where freed ones are still read; all numbers are addresses and bytes."""

    what: str
    """What stands there now."""
    address: int
    size: int
    freed: tuple[int, int]
    """Address and bytes of what was freed."""
    read: tuple[tuple[int, int], ...]
    """Address and bytes of everything in it that is still read."""

    def __str__(self) -> str:
        return (
            f"the {self.what} ({self.size} bytes) lies over node records of the freed sizing arena, "
            f"which the throw-away interpreter's destructor still reads"
        )


class UseAfterFree(DeviceCrash):
    """The firmware reads what it has freed, and something else stands there by now."""

    def __init__(self, overlap: Overlap) -> None:
        super().__init__(str(overlap))
        self.overlap = overlap


class DeviceHang(DeviceCrash):
    """The camera stands still until it is reset: no exception reaches the script, and nothing is printed."""

    python_type = "Hang"


SILENT_TYPES = (DeviceCrash.python_type, DeviceHang.python_type)
"""What a recorded failure starts with where the camera prints nothing."""
