"""Ways out of a script that fails: those of a run of a model, for its script is one as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from omvsim.advice._advice import MOST_SESSIONS, suggest
from omvsim.errors import InputError
from omvsim.graph import read_model
from omvsim.modelfile import arena_plan, model_file
from omvsim.reading import read_bytes
from omvsim.runs.scenario import Case, Options, Scenario
from omvsim.runs.scenario.edits import loaded_paths, uses_outputs
from omvsim.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from omvsim.advice._advice import Advice
    from omvsim.firmware import ModelFile
    from omvsim.runs import ScriptOptions, ScriptResult

SESSIONS_THAT_COMPUTE: Final = 16
"""Runs of a script whose course may hang on what its models compute: each of them computes it."""


def ways_out_of_script(
    script: Path, options: ScriptOptions, result: ScriptResult, *, only_cheapest: bool = False
) -> tuple[Advice, ...]:
    """What would make the script run; nothing where it runs, names no model, or its end is not known.

    Args:
        script: the file.
        options: what the run was given.
        result: of the run.
        only_cheapest: as of :func:`suggest`.
    """
    if result.failure is None or result.verdict is Verdict.UNKNOWN:
        return ()
    text = read_bytes(script).decode("utf-8", "replace")
    files = tuple(result.models) or _named(text, options, result)
    if not files:
        return ()
    settings, sessions = replace(options, requests=False), SESSIONS_THAT_COMPUTE
    if not uses_outputs(text):
        settings, sessions = replace(settings, run_models=False, only_memory=True), MOST_SESSIONS
    others = {file.path: file for file in files[1:]}
    case = Case(result.board, files[0], Scenario.as_it_is(text, script), Options(), others, (), settings)
    try:
        told = case.run()
    except InputError:
        return ()
    return suggest(told, sessions=sessions, only_cheapest=only_cheapest)


def _named(text: str, options: ScriptOptions, result: ScriptResult) -> Sequence[ModelFile]:
    """Models that a script names which fails before it loads one, as far as they were given."""
    given, found = {path.name: path for path in options.models}, []
    for path in loaded_paths(text):
        source = given.get(path.rpartition("/")[2])
        if source is not None:
            graph = read_model(source)
            found.append(model_file(graph, arena_plan(graph, result.board), result.board)._replace(path=path))
    return found


__all__ = ["ways_out_of_script"]
