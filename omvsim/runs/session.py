"""Runs a script on a simulated camera, from power-up to its end."""

from __future__ import annotations

import gc as host_gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from omvsim._data_files import shown
from omvsim.compiler.parsing.parser import Input
from omvsim.compiler.running import HOST_FRAMES, RunningPlace, compile_source, open_file, print_uncaught, raised_at
from omvsim.errors import DeviceCrash, DeviceHang, ScriptSourceError, UseAfterFree
