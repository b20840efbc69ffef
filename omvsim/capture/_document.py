"""What a capture says: a run as plain values, however it came about.

Reports know this format and nothing else; one adapter a kind of run writes it. Numbers that come by the thousand are in
columns beside it. Names may come from a hostile model or script: whoever shows them escapes them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from omvsim.capture._headline import Fix, Headline, Many, Number, Part, Tile, Tone, Unit

FORMAT = 1
"""Rises when a reader of this version could misunderstand what is written; new optional fields do not raise it."""

Kind = Literal["run", "exec", "what-if", "gate", "validate", "compare", "board", "releases"]
Cell = str | int | float | bool | None


class Memory(Part):
    """One memory of the board."""

    name: str
    title: str
    kind: str
    origin: Number
    length: Number


class Region(Part):
    """A part of a memory."""

    memory: str
    kind: str
    title: str
    origin: Number
    size: Number
    provenance: str
    note: str = ""


class Board(Part):
    """The camera."""

    name: str
    title: str
    firmware: str
    memories: Many[Memory]
    regions: Many[Region]


class Area(Part):
    """Something that requests are served from: an area of the heap, fb_alloc's stack, a pool."""

    name: str
    kind: Literal["gc", "pool"]
    memory: str
    origin: Number
    length: Number
    start: Number
    """First address that a request may get."""
    size: Number
    """Bytes that requests may get."""


class Level(Part):
    """How full one area is."""

    used: Number
    longest_free: Number


class Moment(Part):
    """All areas at one moment of the run."""

    kind: Literal["step", "frame", "collection", "refusal", "end"]
    label: str
    line: Number = 0
    frame: Number = 0
    """Frames done by then."""
    requests: Number
    """Requests in the columns by then."""
    levels: Many[Level]
    """In the order of the areas."""
    mapped: bool = True
    """Whether the columns say what stands where."""


class Standing(Part):
    """A block beside the heap that the firmware holds without a request of the script."""

    address: Number
    bytes: Number
    owner: str


class Step(Part):
    """One step of a scenario, or one frame of a script's loop."""

    name: str
    detail: str = ""
    requests: Number
    bytes: Number
    garbage: int = 0
    collections: Number = 0
    free: Number
    longest_free: Number
    exception: str = ""


class Collection(Part):
    """A collection of garbage: bytes used before and after it."""

    requests: Number
    before: Number
    after: Number
    automatic: bool
    line: Number = 0


class SourceLine(Part):
    """What one line of the script asked of the heap; line 0 is boot and compiling."""

    line: Number
    requests: Number
    bytes: Number
    freed: Number
    largest: Number
    high_water: Number
    garbage_per_frame: int | None = None


class Source(Part):
    """The script."""

    name: str
    text: Many[str]
    lines: Many[SourceLine]
    loop_lines: tuple[int, int] | None = None
    """First and last line of the loop that works on frames."""


class Loop(Part):
    """The loop's steady state."""

    frames: Number
    garbage_per_frame: int | None = None
    allocated_per_frame: int | None = None
    collected_at: Many[int] = ()
    frames_until_collection: int | None = None
    collection_ms: float | None = None


class Buffer(Part):
    """A planned buffer of an arena: where, and at which steps it lives (both inclusive)."""

    name: str
    kind: Literal["tensor", "scratch"]
    offset: Number
    bytes: Number
    first: int
    last: int
    type: str = ""
    shape: Many[int] = ()


class ArenaStep(Part):
    """One operator in the order it runs."""

    step: Number
    name: str
    live: Number
    read: Number
    weights: Number
    written: Number
    scratch: Number


class Arena(Part):
    """What the library does with one model's arena."""

    model: str
    file_bytes: Number
    library: str
    status: str
    refusal: str = ""
    provenance: str
    used: Number
    head: Number
    tail: Number
    peak: Number = 0
    buffers: Many[Buffer] = ()
    steps: Many[ArenaStep] = ()
    tail_parts: Many[tuple[str, int]] = ()
    """(what, bytes) of the tail, largest first."""


class OperatorTime(Part):
    """How long one operator takes, and what most of it goes to; milliseconds, kilobytes by memory."""

    index: Number
    name: str
    low: float
    nominal: float
    high: float
    bound: str
    provenance: str
    traffic: Many[tuple[str, int]] = ()
    """(what, bytes)."""


class Timing(Part):
    """The time of one inference, a frame and loading; each (low, nominal, high) in milliseconds."""

    inference: tuple[float, float, float]
    frame: tuple[float, float, float]
    load: tuple[float, float, float]
    provenance: str
    placement: Many[tuple[str, str]]
    operators: Many[OperatorTime]


class Column(Part):
    """A column of a table."""

    title: str
    unit: Unit = "text"


class Table(Part):
    """Figures that only this kind of run has; ``tones`` colour rows, empty or one a row."""

    key: str
    title: str
    columns: Many[Column]
    rows: Many[Many[Cell]]
    tones: Many[Tone] = ()
    note: str = ""


class Series(Part):
    """One line of a chart."""

    name: str
    points: Many[tuple[float, float]]


class Chart(Part):
    """A curve, or points (``scatter``)."""

    key: str
    title: str
    x: Column
    y: Column
    series: Many[Series]
    scatter: bool = False
    marks: Many[tuple[float, str]] = ()
    """Places along x with a name."""


class Fact(Part):
    """Where the figures of one part come from."""

    what: str
    provenance: str
    says: str


class Stored(Part):
    """A column that is stored beside the document: ``type`` as numpy writes it, ``count`` of them."""

    name: str
    type: Literal["u1", "u4", "u8"]
    count: Annotated[int, Field(ge=0, le=2**28)]


class Document(Part):
    """The whole capture but for its columns."""

    omvsim: str
    """Version of the program that wrote it."""
    kind: Kind
    title: str
    subtitle: str = ""
    verdict: Headline
    tiles: Many[Tile] = ()
    fixes: Many[Fix] = ()
    no_fix: str = ""
    """What to say where ways out were looked for and none was found."""
    board: Board | None = None
    areas: Many[Area] = ()
    moments: Many[Moment] = ()
    standing: Many[Standing] = ()
    steps: Many[Step] = ()
    collections: Many[Collection] = ()
    loop: Loop | None = None
    source: Source | None = None
    arenas: Many[Arena] = ()
    timing: Timing | None = None
    tables: Many[Table] = ()
    charts: Many[Chart] = ()
    output: str = ""
    """What the script printed."""
    notes: Many[str] = ()
    facts: Many[Fact] = ()
    names: Many[str] = ()
    """What requests are for: numbers of the columns point here."""
    stored: Many[Stored] = ()
