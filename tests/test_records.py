"""Cheap dataclasses are dataclasses: what the standard library's do, these do, whatever is asked of them."""

from __future__ import annotations

import copy
import dataclasses
import enum
import json
import pickle
import subprocess
import sys
import typing
from typing import Any, ClassVar

import pytest

from omvsim.later import later
from omvsim.records import NamedTuple, _define, _enums

MAKERS: dict[str, tuple[Any, Any]] = {
    "ours": (_define.dataclass, _define.field),
    "theirs": (dataclasses.dataclass, dataclasses.field),
}


def frozen_point(maker: str) -> Any:
    """A frozen class with slots and every kind of field."""
    dataclass, field = MAKERS[maker]

    @dataclass(frozen=True, slots=True)
    class Point:
        """Where."""

        x: int
        y: int = 2
        tags: list[str] = field(default_factory=list)
        hidden: int = field(default=7, repr=False)
        aside: int = field(default=9, hash=False)
        apart: int = field(default=0, compare=False)

        @property
        def sum(self) -> int:
            return self.x + self.y

    return Point


def open_bag(maker: str, **options: bool) -> Any:
    """A class whose instances can be changed."""
    dataclass, field = MAKERS[maker]

    @dataclass(**options)
    class Bag:
        first: int
        second: str = "s"
        more: dict[str, int] = field(default_factory=dict)

    return Bag


@_define.dataclass(frozen=True, slots=True)
class Kept:
    """At the module's top, where pickle finds it."""

    a: int
    b: tuple[int, ...] = ()


@pytest.fixture(params=sorted(MAKERS))
def maker(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def test_a_frozen_record(maker: str) -> None:
    point = frozen_point(maker)
    one = point(1)
    assert (one.x, one.y, one.tags, one.hidden, one.aside, one.apart) == (1, 2, [], 7, 9, 0)
    assert one.sum == 3
    assert not hasattr(one, "__dict__")
    assert point(1).tags is not one.tags
    assert repr(one).rsplit(".", 1)[-1] == "Point(x=1, y=2, tags=[], aside=9, apart=0)"
    assert one == point(1, apart=5)
    assert one != point(1, aside=5)
    assert one != (1, 2, [], 7, 9)
    assert point.__doc__ == "Where."
    assert point.__match_args__ == ("x", "y", "tags", "hidden", "aside", "apart")


def test_what_is_hashed(maker: str) -> None:
    point = frozen_point(maker)
    assert hash(point(1, tags=())) == hash(point(1, tags=(), aside=4, apart=5))
    assert hash(point(1, tags=())) != hash(point(1, tags=(), hidden=8))
    with pytest.raises(TypeError, match="unhashable"):
        hash(point(1))


@pytest.mark.parametrize("slots", [True, False])
def test_a_frozen_record_stays(maker: str, slots: bool) -> None:
    made = open_bag(maker, frozen=True, slots=slots)
    one = made(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'first'"):
        one.first = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.first
    assert one.first == 1
    if maker == "ours":  # the standard library of 3.11 has a TypeError here where there are slots
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.third = 2


@pytest.mark.parametrize("options", [{}, {"slots": True}, {"slots": True, "eq": False}])
def test_a_record_that_changes(maker: str, options: dict[str, bool]) -> None:
    bag = open_bag(maker, **options)
    one, other = bag(1), bag(first=1)
    assert (one == other) is options.get("eq", True)
    one.first = 5
    one.more["a"] = 1
    assert (one.first, one.second, one.more, other.more) == (5, "s", {"a": 1}, {})
    assert one != other
    assert hasattr(one, "__dict__") is not options.get("slots", False)
    if options.get("eq", True):
        with pytest.raises(TypeError, match="unhashable"):
            hash(one)
    else:
        assert hash(one) == object.__hash__(one)


def test_defaults_stand_in_the_class_where_there_are_no_slots(maker: str) -> None:
    bag = open_bag(maker)
    assert bag.second == "s"
    assert not hasattr(bag, "first")
    assert not hasattr(bag, "more")


@pytest.mark.parametrize("given", [((), {}), ((1, "s", {}, 4), {}), ((1,), {"first": 2}), ((1,), {"fourth": 2})])
def test_wrong_arguments(maker: str, given: tuple[tuple[object, ...], dict[str, object]]) -> None:
    with pytest.raises(TypeError, match="__init__"):
        open_bag(maker)(*given[0], **given[1])


@pytest.mark.parametrize("slots", [True, False])
def test_fields_of_a_base_come_first(maker: str, slots: bool) -> None:
    dataclass, field = MAKERS[maker]

    @dataclass(slots=slots)
    class Base:
        a: int
        b: int = 1

    @dataclass(slots=slots)
    class Above(Base):
        kind: ClassVar[str] = "above"
        c: list[int] = field(default_factory=list)
        b: int = 5

    one: Any = Above(7)  # type: ignore[call-arg]
    assert (one.a, one.b, one.c) == (7, 5, [])
    assert one == Above(7, 5, [])  # type: ignore[call-arg]
    assert (Above.kind, one.kind) == ("above", "above")
    assert one != Base(7, 5)  # type: ignore[call-arg]
    assert Above.__match_args__ == ("a", "b", "c")  # type: ignore[attr-defined]
    assert [f.type for f in dataclasses.fields(Above)] == ["int", "int", "list[int]"]  # type: ignore[arg-type]
    assert hasattr(one, "__dict__") is not slots


def test_without_options(maker: str) -> None:
    dataclass, _ = MAKERS[maker]

    @dataclass
    class Bare:
        one: int

    assert Bare(1) == Bare(1)  # type: ignore[call-arg]
    assert Bare(1) != Bare(2)  # type: ignore[call-arg]


def test_without_fields(maker: str) -> None:
    dataclass, _ = MAKERS[maker]

    @dataclass(frozen=True, slots=True)
    class Nothing:
        """Nothing at all."""

    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    assert repr(Nothing()).endswith("Nothing()")


def test_the_standard_library_takes_them() -> None:
    point = frozen_point("ours")
    one = point(1, tags=["a"])
    assert dataclasses.is_dataclass(one)
    theirs = dataclasses.fields(frozen_point("theirs"))
    for ours, other in zip(dataclasses.fields(point), theirs, strict=True):
        for name in ("name", "type", "default", "repr", "compare", "init"):
            assert getattr(ours, name) == getattr(other, name)
        assert ours.hash == (ours.compare if other.hash is None else other.hash)
    assert dataclasses.asdict(one) == {"x": 1, "y": 2, "tags": ["a"], "hidden": 7, "aside": 9, "apart": 0}
    changed = dataclasses.replace(one, y=5)
    assert (type(changed), changed.x, changed.y) == (point, 1, 5)


def test_replace() -> None:
    one = frozen_point("ours")(1, tags=["a"])
    changed: Any = _define.replace(one, y=5, hidden=8)
    assert type(changed) is type(one)
    assert (changed.x, changed.y, changed.hidden, one.y) == (1, 5, 8, 2)
    assert changed.tags is one.tags
    with pytest.raises(TypeError, match="unexpected keyword"):
        _define.replace(one, z=1)


def test_patterns_take_them_apart() -> None:
    match frozen_point("ours")(1, 5):
        case object(x=1, y=y):
            assert y == 5


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_copies(protocol: int) -> None:
    one = Kept(1, (2, 3))  # type: ignore[call-arg]
    again = pickle.loads(pickle.dumps(one, protocol))
    assert again == one
    assert again is not one
    assert copy.deepcopy(one) == copy.copy(one) == one
    with pytest.raises(dataclasses.FrozenInstanceError):
        again.a = 2


def test_a_run_does_without_the_standard_librarys() -> None:
    """A module on the way of every run that takes the other decorator brings all of it back."""
    program = (
        "import sys, omvsim.api, omvsim.report, omvsim.frame_time, omvsim.cli.run\n"
        "from omvsim.report import run_json\n"
        "print('dataclasses' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"


def test_what_only_the_standard_library_calls_is_refused() -> None:
    with pytest.raises(TypeError, match="__post_init__"):

        @_define.dataclass
        class Checked:
            name: str

            def __post_init__(self) -> None:
                raise AssertionError


class Plain(NamedTuple):
    """Where."""

    x: int
    y: int = 2
    name: str = ""

    @property
    def sum(self) -> int:
        """Of both."""
        return self.x + self.y

    def moved(self) -> Plain:
        """One further."""
        return self._replace(x=self.x + 1)


class Theirs(typing.NamedTuple):
    """Where."""

    x: int
    y: int = 2
    name: str = ""


def test_a_named_tuple_is_one() -> None:
    ours, theirs = Plain(1, name="n"), Theirs(1, name="n")
    assert ours == theirs == (1, 2, "n")
    assert ours._fields == theirs._fields
    assert ours._asdict() == theirs._asdict()
    assert Plain._field_defaults == Theirs._field_defaults
    assert repr(ours).replace("Plain", "Theirs") == repr(theirs)
    assert (Plain.__doc__, Plain.__module__, Plain.__qualname__) == ("Where.", __name__, "Plain")
    assert Plain.__annotations__ == {"x": "int", "y": "int", "name": "str"}
    assert Plain.__match_args__ == Theirs.__match_args__
    assert (ours.sum, ours.moved().x) == (3, 2)
    assert pickle.loads(pickle.dumps(ours)) == ours
    with pytest.raises(TypeError, match="missing 1 required"):
        Plain()  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        ours.x = 3  # type: ignore[misc]


class Empty(NamedTuple):
    """No field."""


def test_a_named_tuple_takes_what_it_should() -> None:
    assert Plain(2, 3, "z") == Plain(name="z", y=3, x=2) == Plain._make([2, 3, "z"])
    assert (len(Empty()), repr(Empty())) == (0, "Empty()")
    for wrong in ((lambda: Plain(1, 2, "", 4)), (lambda: Plain(1, z=2)), (lambda: Plain._make([1]))):  # type: ignore[call-arg]
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(ValueError, match=r"unexpected field names: \['z'\]"):
        Plain(1)._replace(z=1)  # type: ignore[call-arg]
    assert Plain(1).__class__.x.__doc__ == Theirs.x.__doc__  # type: ignore[attr-defined]


def test_a_first_instance_that_fails_does_not_spoil_the_next() -> None:
    made = open_bag("ours")
    with pytest.raises(TypeError, match="missing 1 required"):
        made()
    assert (made(1).first, made(2).first) == (1, 2)


def enumerations(maker: str) -> tuple[Any, Any]:
    """One of names and one of numbers."""
    library: Any = _enums if maker == "ours" else enum

    class Colour(library.Enum):  # type: ignore[misc]
        """What there is."""

        RED = "r"
        GREEN = "g"
        BLUE = "b"

        @property
        def short(self) -> str:
            return str(self.value)

    class Level(library.IntEnum):  # type: ignore[misc]
        LOW = 1
        HIGH = 5
        TOP = library.auto()

    return Colour, Level


def test_enumerations(maker: str) -> None:
    colour, level = enumerations(maker)
    assert [member.name for member in colour] == ["RED", "GREEN", "BLUE"]
    assert [member.value for member in level] == [1, 5, 6]
    assert (colour("r"), level(5), colour["BLUE"], level["TOP"]) == (colour.RED, level.HIGH, colour.BLUE, level.TOP)
    assert (len(colour), colour.RED.short, colour.__doc__) == (3, "r", "What there is.")
    assert colour.RED is colour("r")
    assert colour.RED != "r"
    assert level.HIGH == 5
    assert level.LOW < level.HIGH
    assert [10, 20][level.LOW] == 20
    assert {colour["RED"]: 1, 5: 2} == {colour.RED: 1, level.HIGH: 2}
    assert (repr(colour.RED), str(colour.RED), repr(level.LOW), str(level.LOW)) == (
        "<Colour.RED: 'r'>",
        "Colour.RED",
        "<Level.LOW: 1>",
        "1",
    )
    assert isinstance(level.LOW, int)
    assert copy.deepcopy(colour.RED) is colour.RED
    match level.HIGH:
        case level.LOW:
            raise AssertionError
        case level.HIGH:
            pass
    with pytest.raises(ValueError, match=r"'x' is not a valid .*Colour"):
        colour("x")
    with pytest.raises(KeyError):
        colour["WHITE"]


def test_enumerations_of_texts(maker: str) -> None:
    library: Any = _enums if maker == "ours" else enum

    class Place(library.StrEnum):  # type: ignore[misc]
        ROM = "rom"
        FILE = "file"

        def other(self) -> Any:
            return Place.FILE if self is Place.ROM else Place.ROM

    assert [*Place] == ["rom", "file"]
    assert "file" in tuple(Place)
    assert (Place("rom"), Place["FILE"], Place(Place.ROM)) == (Place.ROM, Place.FILE, Place.ROM)
    assert Place("rom") is Place.ROM
    assert Place.ROM.other() is Place.FILE
    assert (repr(Place.ROM), str(Place.ROM), f"{Place.ROM:>5}", ", ".join(Place)) == (
        "<Place.ROM: 'rom'>",
        "rom",
        "  rom",
        "rom, file",
    )
    assert {Place.ROM: 1}["rom"] == 1
    assert isinstance(Place.ROM, str)
    assert (Place.ROM.name, type(Place.ROM.value)) == ("ROM", str)
    assert json.dumps({"load": Place.ROM}) == '{"load": "rom"}'
    assert copy.deepcopy(Place.ROM) is Place.ROM
    with pytest.raises(ValueError, match=r"'x' is not a valid .*Place"):
        Place("x")


class Kinds(_enums.Enum):
    """At the module's top, where pickle finds it."""

    ONE = 1


def test_a_member_is_itself_after_a_journey() -> None:
    assert pickle.loads(pickle.dumps(Kinds.ONE)) is Kinds.ONE


def test_a_module_is_imported_when_it_is_used() -> None:
    program = (
        "import sys\n"
        "from omvsim.later import later\n"
        "(there,) = later('omvsim', 'units')\n"
        "before = 'omvsim.units' in sys.modules\n"
        "print(before, there.align_up(5, 4), 'omvsim.units' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False 8 True"
    (units,) = later("omvsim", "units")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = units.nothing
