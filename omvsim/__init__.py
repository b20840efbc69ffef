"""omvsim: simulates the memory of the OpenMV Cam RT1062."""

from omvsim._version import __version__

__all__ = ["__version__"]
