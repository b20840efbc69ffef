"""The recorder: a script for the camera that prints what its heap does, and the tool that runs it there."""

from omvsim.recorder._camera import ConnectionLost, Recording, Transport, open_camera, record
from omvsim.recorder._script import recorder_script

__all__ = ["recorder_script", "record", "Recording", "open_camera", "Transport", "ConnectionLost"]
