"""The version, read by the build and by ``omvsim --version``."""

__version__ = "0.1.0"
