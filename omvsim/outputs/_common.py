"""What several outputs have."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Address = Annotated[str, Field(pattern="^0x[0-9a-f]{8}$")]
Triple = Annotated[list[float], Field(min_length=3, max_length=3)]
"""``[low, nominal, high]``"""
Version1 = Literal[1]
Known = Literal["exact", "derived", "modelled", "calibrated", "assumed", "unknown"]
"""Where a figure comes from."""
