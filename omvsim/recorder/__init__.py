"""The recorder: a script for the camera that prints what its heap does, and the tool that runs it there."""

from omvsim.recorder._camera import Recording, Transport, Way, open_camera, record
from omvsim.recorder._repl import ConnectionLost, RawRepl
from omvsim.recorder._script import recorder_script

__all__ = ["recorder_script", "record", "Recording", "open_camera", "Transport", "Way", "RawRepl", "ConnectionLost"]
