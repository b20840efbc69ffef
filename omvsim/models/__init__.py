"""Models of omvsim's own making: it ships no model of another project and needs no internet for a first one.

::

    from omvsim import models
    data = models.make("yolov8n-like", size=640, classes=2)

The weights are pseudo-random, so outputs mean nothing; operators, shapes, types and hence the memory are real.
:mod:`omvsim.models.builder` writes models operator by operator.
"""

from omvsim.models._families import Family, Option, families, make

__all__ = ["make", "families", "Family", "Option"]
