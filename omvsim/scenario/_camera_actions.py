"""Steps that do not involve a model: the sensor, frame buffers, and what fills the heap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.errors import DeviceMemoryError, DeviceRuntimeError, ScenarioError
from omvsim.firmware import Camera, Image, PixelFormat, StaticFrameBuffer, UmaFrameBuffer
from omvsim.heap import BLOCK
from omvsim.scenario._story_steps import CopyToFb, ExtraFb, Fill, Grab, Sensor

if TYPE_CHECKING:
    from omvsim.firmware import FrameBuffer

CameraStep = Fill | Sensor | Grab | ExtraFb | CopyToFb


class CameraActions:
    """Carries the camera's own steps out."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        self.py = camera.py

    @property
    def _frames(self) -> FrameBuffer:
        if self.camera.frame_buffer is None:
            raise ScenarioError(self.camera.board.source, "the profile has no frame buffer memory")
        return self.camera.frame_buffer

    def title(self, step: CameraStep) -> tuple[str, str]:
        """Name and detail of a step for the record."""
        match step:
            case Fill(free_bytes):
                return "fill", f"until gc.mem_free() is {free_bytes}"
            case Sensor():
                settings = (step.pixformat, step.framesize, step.windowing, step.framebuffers)
                return "sensor", " ".join(str(value) for value in settings if value is not None)
            case Grab():
                return "snapshot", "sensor.snapshot()"
            case ExtraFb():
                return "extra_fb", f"sensor.alloc_extra_fb({step.width}, {step.height}, {step.pixformat})"
            case CopyToFb():
                return "copy_to_fb", f"image.Image({step.width}, {step.height}, {step.pixformat}, copy_to_fb=True)"

    def do(self, step: CameraStep) -> None:
        """Carry a step out.

        Raises:
            DeviceError: what the camera would raise.
            ScenarioError: the board has nothing of the kind.
        """
        try:
            match step:
                case Fill(free_bytes):
                    self._fill(free_bytes)
                case Sensor():
                    self._set_up(step)
                case Grab(into):
                    self._frames.snapshot()
                    self._bind(into)
                case ExtraFb():
                    self._extra_fb(step)
                case CopyToFb():
                    image = Image(step.width, step.height, pixel_format(step.pixformat))
                    address = self._frames.set_to_framebuffer(image)
                    self.camera.placed(image.size, address, "frame buffer", "image.Image")
                    self._bind(step.into)
        except (DeviceMemoryError, DeviceRuntimeError) as error:
            if self.py.heap.stale or error.text.startswith("memory allocation"):
                raise
            self.py.exception(error)

    def _bind(self, name: str | None) -> None:
        image = self.py.malloc(self.camera.generation.image_object, "image.Image")
        if name is not None:
            self.py.set_global(name, image)

    def _set_up(self, step: Sensor) -> None:
        frames = self._frames
        before = (frames.block, frames.block_bytes) if isinstance(frames, UmaFrameBuffer) else None
        self._apply(frames, step)
        if not isinstance(frames, UmaFrameBuffer) or frames.block is None:
            return
        if (frames.block, frames.block_bytes) != before:
            pools = frames.pools
            pool = pools.pool_of(frames.block)
            self.camera.placed(frames.block_bytes, frames.block, f"uma[{pools.pools.index(pool)}]", "frame buffers")

    def _apply(self, frames: FrameBuffer, step: Sensor) -> None:
        if step.pixformat is not None:
            frames.set_pixformat(pixel_format(step.pixformat))
        if step.framesize is not None:
            frames.set_framesize(step.framesize)
        if step.windowing is not None:
            frames.set_windowing(*step.windowing)
        if step.framebuffers is not None:
            frames.set_framebuffers(step.framebuffers)

    def _extra_fb(self, step: ExtraFb) -> None:
        frames = self._frames
        if not isinstance(frames, StaticFrameBuffer):
            raise ScenarioError(self.camera.board.source, "this release has no sensor.alloc_extra_fb")
        address = frames.alloc_extra_fb(step.width, step.height, pixel_format(step.pixformat))
        size = Image(step.width, step.height, pixel_format(step.pixformat)).size
        self.camera.placed(size, address or 0, "fb_alloc", "extra frame buffer")
        self._bind(step.into)

    def _fill(self, free_bytes: int) -> None:
        """Hold something in every hole, and in the longest run all but ``free_bytes``."""
        heap = self.camera.heap
        heap.collect()
        runs = sorted((count for area in heap.gc.areas for _, count in area.free_runs()), reverse=True)
        if not runs or runs[0] * BLOCK < free_bytes:
            longest = runs[0] * BLOCK if runs else 0
            raise ScenarioError("fill", f"the longest free run is {longest} bytes, fewer than {free_bytes}")
        rest = runs[0] - free_bytes // BLOCK
        for count in [*([rest] if rest else []), *runs[1:]]:
            heap.permanent.append(self.py.malloc(count * BLOCK, "held by the script"))


def pixel_format(name: str) -> PixelFormat:
    """A pixel format by the name scripts use.

    Raises:
        ScenarioError: no such format.
    """
    try:
        return PixelFormat(name.upper())
    except ValueError:
        known = ", ".join(item.value for item in PixelFormat)
        raise ScenarioError("pixformat", f"{name!r} is not a pixel format (there are: {known})") from None
