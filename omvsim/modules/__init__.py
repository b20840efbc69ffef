"""The camera's modules, one file or folder a module, named as it is imported.

A module is built when it is first imported: starting costs nothing.
"""

from omvsim.modules.registry import install

__all__ = ["install"]
