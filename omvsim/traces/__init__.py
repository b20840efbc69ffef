"""Recorded traces: the project's own format, readers for the formats others write, heap maps."""

from omvsim.traces._firmware import FirmwareTrace, read_firmware_trace
from omvsim.traces._jsonl import parse_trace, read_jsonl, trace_lines, write_trace
from omvsim.traces._types import (
    BIG,
    Allocation,
    AreaUse,
    Crash,
    End,
    HeapMap,
    Loaded,
    MemoryArea,
    ModelIdentity,
    Probe,
    Raised,
    Snapshot,
    Timing,
    Trace,
    TraceEvent,
    TraceHeader,
)

__all__ = [
    # a trace
    "Trace",
    "TraceHeader",
    "MemoryArea",
    "ModelIdentity",
    # what was seen
    "TraceEvent",
    "Snapshot",
    "AreaUse",
    "Allocation",
    "Raised",
    "Loaded",
    "Timing",
    "Probe",
    "HeapMap",
    "Crash",
    "End",
    "BIG",
    # files
    "read_jsonl",
    "parse_trace",
    "write_trace",
    "trace_lines",
    "read_firmware_trace",
    "FirmwareTrace",
]
