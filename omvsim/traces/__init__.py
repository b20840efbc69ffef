"""Recorded traces: the project's own format, readers for the formats others write, heap maps."""

from omvsim.traces._firmware import FirmwareTrace, printed_model, read_firmware_trace
from omvsim.traces._firmware_events import TraceReplay, gc_areas, read_events, replay_trace
from omvsim.traces._jsonl import parse_trace, read_jsonl, trace_lines, write_trace
from omvsim.traces._lines import read_lines
from omvsim.traces._mem_info import (
    AreaMap,
    HeapDump,
    MapDifference,
    diff_maps,
    dump_heap,
    format_mem_info,
    parse_mem_info,
    read_heap_map,
    read_mem_info,
)
from omvsim.traces._open import open_trace
from omvsim.traces._serial_log import parse_serial_log, read_serial_log
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
    # allocator events
    "TraceReplay",
    "gc_areas",
    "read_events",
    "replay_trace",
    # files
    "open_trace",
    "read_jsonl",
    "read_lines",
    "parse_trace",
    "write_trace",
    "trace_lines",
    "read_firmware_trace",
    "FirmwareTrace",
    "printed_model",
    "read_serial_log",
    "parse_serial_log",
    # heap maps
    "HeapDump",
    "AreaMap",
    "MapDifference",
    "parse_mem_info",
    "read_heap_map",
    "read_mem_info",
    "format_mem_info",
    "dump_heap",
    "diff_maps",
]
