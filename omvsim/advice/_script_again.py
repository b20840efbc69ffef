"""Ways out of a script that fails, each tried by running the script again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from omvsim.advice._script import ScriptChange, ScriptEnd, suggest_for_script
from omvsim.runs import run_script
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.advice._advice import Advice
    from omvsim.runs import ScriptOptions, ScriptResult


def ways_out_of_script(script: Path, options: ScriptOptions, result: ScriptResult) -> tuple[Advice, ...]:
    """What would make the script run; nothing where it runs, loads no model, or its end is not known.

    Args:
        script: the file.
        options: what the run was given.
        result: of the run.
    """
    if result.failure is None or not result.models or result.verdict is Verdict.UNKNOWN:
        return ()

    def again(change: ScriptChange) -> ScriptEnd:
        changed = replace(
            options,
            echo=False,
            watcher=None,
            load=change.load,
            collect_before_load=change.collect,
            told_when_interrupted=False,
        )
        end = run_script(script, change.board, changed)
        return ScriptEnd(end.verdict is Verdict.OK, end.free_at_end, end.longest_free_at_end)

    refused = result.failure.refused
    missing = 0 if refused is None else max(0, refused.bytes - refused.longest_free)
    return suggest_for_script(ScriptChange(result.board), result.models, missing, again)
