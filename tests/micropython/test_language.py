"""Our own scripts over the whole language against the real firmware: every request, its address, all printed text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tools.compare_language import compare, load

if TYPE_CHECKING:
    from pathlib import Path

OTHER_MODULES = frozenset(
    {
        *("asyncio_basic", "binascii_hash", "class_config_json", "comp_async_funcs", "comp_camera_like"),
        *("comp_const_decl", "comp_imports", "comp_native_viper", "comp_with_blocks", "deque_ops", "emergency_gc"),
        *("exc_memory", "exc_traceback", "file_write_read", "gc_hold_frames", "gc_ops", "import_builtin"),
        *("import_module_file", "import_package", "io_streams", "json_loads", "json_telemetry", "mem_info"),
        *("memoryview_ops", "micropython_ops", "ml_blaze", "ml_fomo_counts", "ml_nms_counts", "ml_yolov2_lc"),
        *("namedtuple_ops", "np_axis", "np_create", "np_fft_misc", "np_index", "np_post_softmax"),
        *("ordereddict_ops", "re_ops", "struct_ops", "time_ops", "uasync_queue_cam", "vectors_complex", "voting"),
        *("array_ops", "heapq_own", "class_super_chain", "pid", "kalman", "scheduler_coop", "cobs_slip", "uart_parse"),
    }
)
"""Scripts that need modules or files: they have tests of their own where those are."""


@pytest.mark.shared
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_every_request_and_all_text_of_the_language_scripts(shared: Path, release: str) -> None:
    folder = shared / "oracle" / "language" / "traces" / release
    paths = [path for path in sorted(folder.glob("*.jsonl.gz")) if path.name.split(".")[0] not in OTHER_MODULES]
    assert len(paths) > 110
    different = []
    for path in paths:
        outcome = compare(load(path), path.name, release)
        if not outcome.all_equal:
            different.append(f"{outcome.name}: {outcome.crash or outcome.first}")
    assert different == []
