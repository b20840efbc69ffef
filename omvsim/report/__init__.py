"""Results as text for people and as JSON for tools. Each report is imported when it is asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from omvsim.report._arena import arena_json, render_arena
    from omvsim.report._capture_colour import print_map
    from omvsim.report._capture_export import post_markdown
    from omvsim.report._capture_tables import TABLES, table_csv, table_parquet
    from omvsim.report._capture_text import map_text, timeline_text, tree_text
    from omvsim.report._compare import captures_json, captures_text
    from omvsim.report._coverage import coverage_json, coverage_text
    from omvsim.report._exec_json import exec_json
    from omvsim.report._exec_text import print_exec
    from omvsim.report._frame_time import frame_time_json, render_frame_time
    from omvsim.report._gate_explained import gate_explained
    from omvsim.report._gate_findings import result_findings
    from omvsim.report._gate_github import gate_annotations
    from omvsim.report._gate_json import gate_json
    from omvsim.report._gate_junit import gate_junit
    from omvsim.report._gate_markdown import gate_comment, gate_summary
    from omvsim.report._gate_sarif import gate_sarif
    from omvsim.report._gate_text import render_gate
    from omvsim.report._inference import render_inference
    from omvsim.report._live import live_run
    from omvsim.report._memory_map import memory_map_json, render_memory_map
    from omvsim.report._perfetto import trace_json
    from omvsim.report._plain import console_of
    from omvsim.report._releases import (
        releases_json,
        render_releases,
        render_script_releases,
        script_releases_json,
    )
    from omvsim.report._run_json import allocation_json, inference_json, run_json
    from omvsim.report._run_text import print_run
    from omvsim.report._timeline import timeline_to_dict, timeline_to_rich
    from omvsim.report._validate import render_validation, validation_json, validation_markdown
    from omvsim.report._whatif_compare import compare_json, print_comparison
    from omvsim.report._whatif_edge import edge_json, print_edge
    from omvsim.report._whatif_largest import largest_json, print_largest
    from omvsim.report._whatif_recommend import print_recommendation, recommendation_json
    from omvsim.report._whatif_sweep import sweep_summary
    from omvsim.report._working import counted, counting, working
    from omvsim.report.html import chart_png, chart_svg, html_report, notebook_html, require_html

__all__ = [
    # one model
    "arena_json",
    "render_arena",
    "memory_map_json",
    "render_memory_map",
    "allocation_json",
    "inference_json",
    "run_json",
    "print_run",
    "console_of",
    "render_inference",
    "timeline_to_dict",
    "timeline_to_rich",
    "frame_time_json",
    "render_frame_time",
    # scripts
    "exec_json",
    "print_exec",
    "coverage_json",
    "coverage_text",
    # several
    "releases_json",
    "render_releases",
    "render_script_releases",
    "script_releases_json",
    "compare_json",
    "print_comparison",
    "edge_json",
    "print_edge",
    "largest_json",
    "print_largest",
    "print_recommendation",
    "recommendation_json",
    "counted",
    "counting",
    "sweep_summary",
    # while it goes on
    "live_run",
    "working",
    # policies
    "result_findings",
    "gate_explained",
    "gate_annotations",
    "gate_json",
    "gate_junit",
    "gate_comment",
    "gate_summary",
    "gate_sarif",
    "render_gate",
    # captures
    "html_report",
    "require_html",
    "map_text",
    "print_map",
    "timeline_text",
    "tree_text",
    "post_markdown",
    "TABLES",
    "table_csv",
    "table_parquet",
    "chart_svg",
    "chart_png",
    "notebook_html",
    "trace_json",
    "captures_json",
    "captures_text",
    "captures_verdict",
    # recorded runs
    "render_validation",
    "validation_json",
    "validation_markdown",
]

_OF = {
    "_arena": (
        "arena_json",
        "render_arena",
    ),
    "_memory_map": (
        "memory_map_json",
        "render_memory_map",
    ),
    "_coverage": (
        "coverage_json",
        "coverage_text",
    ),
    "_exec_json": ("exec_json",),
    "_exec_text": ("print_exec",),
    "_run_json": (
        "allocation_json",
        "inference_json",
        "run_json",
    ),
    "_run_text": ("print_run",),
    "_notes": ("paper", "print_notes", "print_page"),
    "_plain": ("console_of",),
    "_inference": ("render_inference",),
    "_timeline": (
        "timeline_to_dict",
        "timeline_to_rich",
    ),
    "_frame_time": (
        "frame_time_json",
        "render_frame_time",
    ),
    "_releases": (
        "releases_json",
        "render_releases",
        "render_script_releases",
        "script_releases_json",
    ),
    "_validate": (
        "render_validation",
        "validation_json",
        "validation_markdown",
    ),
    "_whatif_compare": (
        "compare_json",
        "print_comparison",
    ),
    "_whatif_edge": (
        "edge_json",
        "print_edge",
    ),
    "_whatif_largest": (
        "largest_json",
        "print_largest",
    ),
    "_whatif_recommend": (
        "print_recommendation",
        "recommendation_json",
    ),
    "_whatif_sweep": ("sweep_summary",),
    "_gate_explained": ("gate_explained",),
    "_gate_findings": ("result_findings",),
    "_gate_github": ("gate_annotations",),
    "_gate_json": ("gate_json",),
    "_gate_junit": ("gate_junit",),
    "_gate_markdown": (
        "gate_comment",
        "gate_summary",
    ),
    "_gate_sarif": ("gate_sarif",),
    "_gate_text": ("render_gate",),
    "html": ("chart_png", "chart_svg", "html_report", "notebook_html", "require_html"),
    "_capture_colour": ("print_map",),
    "_capture_text": ("map_text", "timeline_text", "tree_text"),
    "_live": ("live_run",),
    "_working": ("counted", "counting", "working"),
    "_perfetto": ("trace_json",),
    "_compare": ("captures_json", "captures_text", "captures_verdict"),
    "_capture_export": ("post_markdown",),
    "_capture_tables": ("TABLES", "table_csv", "table_parquet"),
}
_HOMES = {name: module for module, names in _OF.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"omvsim.report.{_HOMES[name]}"), name)
