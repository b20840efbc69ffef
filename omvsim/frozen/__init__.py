"""Python modules frozen into the firmware: what importing them does, and what their functions do and ask for."""

from omvsim.frozen.files import FrozenModules

__all__ = ["FrozenModules"]
