"""Which package ``ml`` a machine's firmware has frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from omvsim.boards import Package, Release
    from omvsim.micropython.machine import Machine

BODIES: Final = {
    "ml/__init__.py": ("omvsim.library.model", "package"),
    "ml/model.py": ("omvsim.library.model", "statements"),
    "ml/preprocessing.py": ("omvsim.library.normalization", "statements"),
    "ml/utils.py": ("omvsim.library.utils", "statements"),
    "ml/apps.py": ("omvsim.library.micro_speech", "statements"),
    "ml/postprocessing.py": ("omvsim.library.old", "statements"),
    "ml/postprocessing/darknet.py": ("omvsim.library.yolo_v2", "statements"),
    "ml/postprocessing/edgeimpulse.py": ("omvsim.library.fomo", "statements"),
    "ml/postprocessing/mediapipe.py": ("omvsim.library.mediapipe", "statements"),
    "ml/postprocessing/ultralytics.py": ("omvsim.library.ultralytics", "statements"),
}
"""Module and function that run the statements of each of its files."""


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


__all__ = ["BODIES", "frozen_files", "package_of"]
