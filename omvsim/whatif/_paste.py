"""What a firmware engineer pastes: lines of a board's header, a profile with a proposal's sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omvsim.boards import RegionKind
from omvsim.units import format_size

if TYPE_CHECKING:
    from omvsim.boards import Board, Region
    from omvsim.whatif._recommend import Proposal

_MACROS = {
    RegionKind.GC: "OMV_GC_BLOCK{index}_SIZE",
    RegionKind.UMA: "OMV_UMA_BLOCK{index}_SIZE",
    RegionKind.FRAME_BUFFER: "OMV_FB_SIZE",
    RegionKind.FB_ALLOC: "OMV_FB_ALLOC_SIZE",
    RegionKind.OVERLAY: "OMV_FB_OVERLAY_SIZE",
}
"""Names of the sizes in a board's header (openmv/openmv, v4.5.6 to v5.0.0)."""
_ONE_HEAP = "OMV_HEAP_SIZE"
"""That of the GC heap where there is one area (up to v4.5.5)."""


def key_of(region: Region) -> str:
    """Its size among a board's values."""
    return f"{region.name if region.index is None else f'{region.kind}[{region.index}]'}.size"


def board_config(board: Board, proposal: Proposal) -> str:
    """The lines of the board's header that change; empty for a proposal that changes nothing."""
    lines = []
    regions = {key_of(region): region for region in board.regions if region.name}
    for key, value in proposal.settings:
        region = regions[key]
        one_heap = region.kind is RegionKind.GC and not board.release.split_heap
        name = _ONE_HEAP if one_heap else _MACROS[region.kind].format(index=region.index)
        lines.append(f"#define {name:<31} ({value}){'':<4}// was {format_size(region.size)}; {region.memory}")
    return "\n".join(lines) + "\n" if lines else ""


def header_of(board: Board) -> str:
    """Where that header is in OpenMV's sources at the board's release."""
    return board.release.board_header.format(board=board.port.folder or "BOARD")


def board_toml(board: Board, proposal: Proposal, extends: str) -> str:
    """A board profile that extends the present one with the proposal's sizes."""
    regions = {key_of(region): region for region in board.regions if region.name}
    lines = [
        "# Proposed by omvsim what-if recommend: sizes are proposals, nothing here was built or measured.",
        f'name = "{board.name}-proposal"',
        f'title = "{board.title}, proposed block sizes"',
        f'extends = "{extends}"',
        f'default_firmware = "{board.firmware}"',
        "",
        f'[release."{board.firmware}".region]',
    ]
    lines += [f'{regions[key].name} = {{ size = "{value}" }}' for key, value in proposal.settings]
    return "\n".join(lines) + "\n"


__all__ = ["board_config", "board_toml", "header_of", "key_of"]
