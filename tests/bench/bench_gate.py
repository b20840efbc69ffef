"""How long a gate takes: ``python tests/bench/bench_gate.py [FOLDER]``.

Targets: twelve models on four releases, budgets for every figure but the time, in under 5 s on two cores, the start of
Python included, and no slower than commit 892850c, which a checkout's root in ``PYTHONPATH`` measures on the same
machine. Wall and CPU seconds are printed; the second counts where other work is done meanwhile. Takes the ``.tflite``
files of FOLDER, or the stock models of a checkout's ``../shared``, or generated ones.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_REAL = Path(__file__).parents[3] / "shared" / "models" / "real"
_STOCK = (
    "person_detect",
    "fomo_face_detection",
    "micro_speech",
    "yolo_lc_192",
    "yolov8n_192",
    "blazeface_front_128",
    "face_landmarks_192",
    "hand_landmarks_full_224",
    "movenet_singlepose_192",
    "palm_detection_full_192",
    "force_int_quant",
    "audio_preprocessor",
)
"""Twelve models that OpenMV's releases carry."""
_RELEASES = ("4.5.5", "4.7.0", "4.8.1", "5.0.0")
_BUDGETS = (
    'arena = "8M"\nmodel_ram = "8M"\nheadroom = "16K"\nlongest_free = "4K"\ngarbage_per_frame = "4M"\nfile_size = "8M"'
)


def files(folder: str | None, scratch: Path) -> list[Path]:
    """Twelve models."""
    if folder is not None:
        return sorted(Path(folder).glob("*.tflite"))
    stock = [_REAL / f"{name}.tflite" for name in _STOCK]
    if all(path.is_file() for path in stock):
        return stock
    from omvsim import models

    made = []
    for number, family in enumerate([*models.families(), models.families()[0]]):
        path = scratch / f"{number:02}-{family.name}.tflite"
        path.write_bytes(models.make(family.name, seed=number))
        made.append(path)
    return made


def main(arguments: list[str]) -> None:
    """Time the command as CI runs it, cold, with one process and with two."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        models = files(arguments[0] if arguments else None, scratch)
        for budgets in (_BUDGETS, _BUDGETS + "\ntime_ms = 5000"):
            listed = ", ".join(f'"{path}"' for path in models)
            releases = ", ".join(f'"{release}"' for release in _RELEASES)
            policy = f"[[gate]]\nmodels = [{listed}]\nfirmware = [{releases}]\n[gate.budget]\n{budgets}\n"
            (scratch / "omvsim.toml").write_text(policy, encoding="utf-8")
            for jobs in ("1", "2"):
                command = [
                    sys.executable,
                    "-m",
                    "omvsim",
                    "gate",
                    "--policy",
                    str(scratch / "omvsim.toml"),
                    "--jobs",
                    jobs,
                ]
                start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                last = done.stdout.splitlines()[-1] if done.stdout else done.stderr
                timed = ", times too" if "time_ms" in budgets else ""
                what = f"{len(models)} models × {len(_RELEASES)} releases{timed}, {jobs} jobs"
                aim = "" if timed or jobs == "1" else " (target 5 s)"
                print(f"{what}: {seconds:.2f} s{aim}, {cpu:.2f} s of CPU; {last}")


if __name__ == "__main__":
    main(sys.argv[1:])
