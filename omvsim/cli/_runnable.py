"""Whether a model loads and runs at all: asked before anything is said about its speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omvsim.cli.exit_codes import OF_VERDICT, ExitCode

if TYPE_CHECKING:
    from omvsim.runs.scenario import RunResult
    from omvsim.tflm import ArenaPlan

_WORDS = {
    "may_crash": "the camera may die of a HardFault",
    "hangs": "the camera stands still until it is reset",
    "unknown": "whether it runs is not known",
}


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a model does not run, with the verdict and the exit code of ``omvsim run``."""

    verdict: str
    code: ExitCode
    exception: str | None
    reason: str
    remedy: str
    library_message: str

    def line(self, path: str) -> str:
        """For people."""
        said = self.exception or _WORDS.get(self.verdict, self.verdict)
        reason = f"; {self.reason}" if self.reason else ""
        remedy = f" (remedy: {self.remedy})" if self.remedy else ""
        return f"{path}: no time, it does not run ({self.verdict}): {said}{reason}{remedy}"

    def as_json(self, path: str) -> dict[str, Any]:
        """For tools; ``ms`` is null."""
        return {
            "path": path,
            "verdict": self.verdict,
            "exception": self.exception,
            "reason": self.reason or None,
            "remedy": self.remedy or None,
            "library_message": self.library_message or None,
            "ms": None,
        }


def hindrance_of_run(result: RunResult) -> Hindrance | None:
    """None for a model that loads and runs."""
    if result.verdict == "ok":
        return None
    failure = result.failure
    reason = "" if failure is None else failure.reason
    if result.verdict == "unknown":
        reason = str(result.model.plan.refusal or result.model.plan.run_fault)
    return Hindrance(
        str(result.verdict),
        OF_VERDICT[result.verdict],
        result.exception,
        reason,
        "" if failure is None else failure.remedy,
        "" if failure is None else failure.library_message,
    )


def hindrance_of_library(plan: ArenaPlan) -> Hindrance | None:
    """Without a board the library alone is asked; None where it takes the model."""
    from omvsim.tflm import Fault

    fault = plan.refusal or plan.run_fault
    if fault is None:
        return None
    at_load = plan.refusal is not None
    verdict, code = {
        Fault.ERROR: ("refused", ExitCode.REFUSED) if at_load else ("value_error", ExitCode.VALUE_ERROR),
        Fault.HANGS: ("hangs", ExitCode.HANGS),
        Fault.CRASHES: ("may_crash", ExitCode.MAY_CRASH),
        Fault.UNKNOWN: ("unknown", ExitCode.UNKNOWN),
    }[fault.fault]
    said = None if fault.fault is not Fault.ERROR else "the library returns an error"
    return Hindrance(verdict, code, said, str(fault), fault.remedy, fault.library_message)
