"""``omvsim gate``: fail a build when a model, a script or a firmware configuration no longer fits."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim.cli._capture_options import add_capture_options, keep, wants_capture
from omvsim.cli._processes import process_count
from omvsim.cli.exit_codes import ExitCode
from omvsim.errors import InputError, WorkerError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from omvsim.gate import GateReport, NewBaseline

STDOUT = "-"
_PIPE_WIDTH = 140
_FORMATS = {
    "json": "one JSON object",
    "junit": "JUnit XML (Jenkins, GitLab)",
    "sarif": "SARIF 2.1.0 (code scanning)",
    "annotations": "GitHub annotations, beside the table",
    "summary": "Markdown, appended to FILE ($GITHUB_STEP_SUMMARY)",
    "comment": "Markdown body of a pull request comment, under 64 KB",
}

EXAMPLES = (
    "gate init",
    "gate --baseline base.json --summary",
    "gate --junit junit.xml --sarif gate.sarif",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim gate`` and ``omvsim gate init``."""
    from omvsim.cli._gate_init import configure as configure_init

    parser.add_argument(
        "--policy", type=Path, metavar="FILE", help="default: the nearest omvsim.toml or pyproject.toml"
    )
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="figures to compare with (default: the policy's)")
    parser.add_argument("--update-baseline", action="store_true", help="write today's figures to the baseline")
    parser.add_argument("--changed-since", metavar="REV", help="only models touched since a git revision")
    parser.add_argument("--explain", metavar="ENTRY", help="run one entry and say of every figure where it comes from")
    parser.add_argument("--page", metavar="URL", help="what summary and comment link to (default: --html's FILE)")
    parser.add_argument("--jobs", type=process_count, metavar="N", help="processes (default: one a processor)")
    parser.add_argument("--quiet", "-q", action="store_true", help="no table and no progress")
    output = parser.add_argument_group(
        "output", "any number of them; without FILE on standard output instead of the table (annotations: beside it)"
    )
    for name, text in _FORMATS.items():
        output.add_argument(f"--{name}", nargs="?", const=STDOUT, metavar="FILE", help=text)
    add_capture_options(parser)
    actions = parser.add_subparsers(dest="action", metavar="init")
    configure_init(
        actions.add_parser("init", help="write a policy from today's figures", description="Write a policy.")
    )


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    if args.action == "init":
        from omvsim.cli._gate_init import run as run_init

        return run_init(args)
    from omvsim.gate import GateOptions, Outcome, run_gate

    targets = {name: getattr(args, name) for name in _FORMATS if getattr(args, name) is not None}
    on_stdout = [name for name, target in targets.items() if target == STDOUT and name != "annotations"]
    if len(on_stdout) > 1:
        raise InputError(f"--{on_stdout[1]}", f"standard output is taken by --{on_stdout[0]}: give it a FILE")
    kept = wants_capture(args)
    if args.explain is not None and args.update_baseline:
        raise InputError("--explain", "one entry is no baseline: it does not go with --update-baseline")
    options = GateOptions(args.policy, args.baseline, args.update_baseline, args.changed_since, args.jobs, args.explain)
    report = run_gate(options, progress=_progress(args.quiet))
    page = args.page or (args.html if args.html and args.html != STDOUT else "")
    report = dataclasses.replace(report, page=str(page or ""))
    for name, target in targets.items():
        _write(name, report, target)
    if kept:
        from omvsim.capture import capture_gate

        keep(args, capture_gate(report))
    if args.explain is not None and not on_stdout and report.problem is None:
        from omvsim.report import gate_explained

        print(gate_explained(report), end="")
    elif not args.quiet and not on_stdout:
        _print_table(report)
    if report.problem is not None:
        print(f"omvsim: {report.policy}: {report.problem.cause}", file=sys.stderr)
    if any(result.outcome is Outcome.LOST for result in report.results):
        print(f"omvsim: {WorkerError()}", file=sys.stderr)
    if report.outcome is Outcome.INTERNAL:
        _print_internal(report, debug=args.debug)
    if report.new_baseline is not None:
        _write_baseline(report.new_baseline, quiet=args.quiet or bool(on_stdout))
    return exit_code(report)


def exit_code(report: GateReport) -> ExitCode:
    """What the gate tells the shell: the worst that breaks it."""
    from omvsim.gate import Outcome

    match report.outcome:
        case Outcome.PASSED | Outcome.NEW:
            return ExitCode.OK
        case Outcome.BAD_INPUT:
            return ExitCode.BAD_INPUT
        case Outcome.LOST:
            return ExitCode.ERROR
        case Outcome.INTERNAL:
            return ExitCode.INTERNAL
        case Outcome.FAILS:
            return ExitCode.GATE_FAILURE
    return ExitCode.GATE_BUDGET


def _progress(quiet: bool) -> Callable[[int, int], None] | None:
    """A counter on a terminal; nothing in a log."""
    if quiet or not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        end = "\r\x1b[K" if done == total else ""
        print(f"\r{done}/{total} simulated{end}", end="", file=sys.stderr, flush=True)

    return show


def _print_table(report: GateReport) -> None:
    from rich.console import Console

    from omvsim.report import render_gate

    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False)
    if report.problem is None:
        console.print(render_gate(report, console.width))


def _print_internal(report: GateReport, *, debug: bool) -> None:
    """How to report what omvsim itself could not do; a fault that many jobs share is shown once."""
    from omvsim.internal_error import HOW_TO_REPORT

    broken = {result.message: result.traceback for result in report.results if result.traceback}
    for message, text in broken.items():
        if debug:
            print(text, end="", file=sys.stderr)
        print(f"omvsim: internal error: {message}; {HOW_TO_REPORT}", file=sys.stderr)


def _write(name: str, report: GateReport, target: str) -> None:
    from omvsim.writing import append_text, write_text

    text = render(name, report)
    if target == STDOUT:
        sys.stdout.write(text)
    elif name == "summary":
        append_text(target, text)  # GitHub gives a step one file for all its commands' summaries
    else:
        write_text(target, text)


def render(name: str, report: GateReport) -> str:
    """One output format as text."""
    match name:
        case "json":
            import json

            from omvsim.report import gate_json

            return json.dumps(gate_json(report)) + "\n"
        case "junit":
            from omvsim.report import gate_junit

            return gate_junit(report)
        case "sarif":
            import json

            from omvsim.report import gate_sarif

            return json.dumps(gate_sarif(report), indent=2) + "\n"
        case "annotations":
            from omvsim.report import gate_annotations

            return gate_annotations(report)
        case "summary":
            from omvsim.report import gate_summary

            return gate_summary(report)
    from omvsim.report import gate_comment

    return gate_comment(report)


def _write_baseline(baseline: NewBaseline, *, quiet: bool) -> None:
    from omvsim.writing import write_text

    write_text(baseline.path, baseline.text)
    if not quiet:
        print(f"wrote {baseline.path.name}")
