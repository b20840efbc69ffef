"""Which package ``ml`` a machine's firmware has frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.firmware import Generation, Package, generation_of

if TYPE_CHECKING:
    from omvsim.micropython.machine import Machine


def package_of(vm: Machine) -> Package:
    """The machine's package."""
    return generation_on(vm).package


def generation_on(vm: Machine) -> Generation:
    """The facts of the machine's firmware."""
    return generation_of(vm.firmware)


def frozen_files(release: str) -> frozenset[str]:
    """The package's files; none before 4.5.6."""
    generation = generation_of(release)
    if not generation.tf_is_ml:
        return frozenset()
    names = ["__init__", "apps", "model", "preprocessing", "utils"]
    if generation.package.has_old_postprocessing:
        names.append("postprocessing")
    if generation.package.has_detectors:
        names += [f"postprocessing/{name}" for name in ("darknet", "edgeimpulse", "mediapipe", "ultralytics")]
    return frozenset(f"ml/{name}.py" for name in names)


__all__ = ["frozen_files", "generation_on", "package_of"]
