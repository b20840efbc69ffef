"""Which package ``ml`` a machine's firmware has frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omvsim.boards import Package, Release
    from omvsim.micropython.machine import Machine


def package_of(vm: Machine) -> Package:
    """The machine's package."""
    return vm.release.package


def frozen_files(release: Release) -> frozenset[str]:
    """The package's files; none before 4.5.6."""
    if not release.tf_is_ml:
        return frozenset()
    names = ["__init__", "apps", "model", "preprocessing", "utils"]
    if release.package.has_old_postprocessing:
        names.append("postprocessing")
    if release.package.has_detectors:
        names += [f"postprocessing/{name}" for name in ("darknet", "edgeimpulse", "mediapipe", "ultralytics")]
    return frozenset(f"ml/{name}.py" for name in names)


__all__ = ["frozen_files", "package_of"]
