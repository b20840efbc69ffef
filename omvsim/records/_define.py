"""A class with fields, made at the price of one compiled function.

The standard library compiles the methods of a dataclass one by one when the class is made: 4.5 million instructions a
frozen class with slots and 34 million for the module itself, of the 1 100 million of a whole ``omvsim run`` (counted by
valgrind). Here only ``__init__`` is compiled, when the first instance is made: every other class has none in a run.
All other methods are functions that know the fields' names.

Not here, because nobody needs them: ``InitVar``, ``KW_ONLY``, ordering and ``__post_init__``. Annotations
are texts (``from __future__ import annotations``).
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_NOTHING: Final = object()


class _Field(NamedTuple):
    """What a field has beside its name."""

    value: object = _NOTHING
    factory: Callable[[], object] | None = None
    repr: bool = True
    hash: bool = True
    compare: bool = True


_PLAIN: Final = _Field()


def field(
    *,
    default: object = _NOTHING,
    default_factory: Callable[[], object] | None = None,
    repr: bool = True,
    hash: bool | None = None,
    compare: bool = True,
) -> object:
    """``dataclasses.field``."""
    return _Field(default, default_factory, repr, compare if hash is None else hash, compare)


@overload
def dataclass(cls: type, /) -> type: ...
@overload
def dataclass(*, eq: bool = True, frozen: bool = False, slots: bool = False) -> Callable[[type], type]: ...
def dataclass(
    cls: type | None = None, *, eq: bool = True, frozen: bool = False, slots: bool = False
) -> type | Callable[[type], type]:
    """``dataclasses.dataclass``."""
    if cls is None:
        return lambda made: _define(made, eq=eq, frozen=frozen, slots=slots)
    return _define(cls, eq=eq, frozen=frozen, slots=slots)


def replace(record: Any, **changes: object) -> object:
    """``dataclasses.replace``."""
    for name in record.__match_args__:
        if name not in changes:
            changes[name] = getattr(record, name)
    return type(record)(**changes)


def _define(cls: type, *, eq: bool, frozen: bool, slots: bool) -> type:
    """The class with the methods of its fields; with slots it is another one, as the standard library's is."""
    namespace = dict(cls.__dict__)
    if "__post_init__" in namespace:
        raise TypeError(f"{cls.__qualname__} has a __post_init__, which only the standard library's dataclasses call")
    inherited: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        inherited |= base.__dict__.get("__record_fields__", {})
    fields = dict(inherited)
    for name, declared in namespace.get("__annotations__", {}).items():
        if declared.startswith("ClassVar"):
            continue
        given = namespace.pop(name, _NOTHING)
        fields[name] = _PLAIN if given is _NOTHING else given if isinstance(given, _Field) else _Field(given)
    made: Any = cls
    if slots:
        for name in ("__dict__", "__weakref__"):
            namespace.pop(name, None)
        namespace["__slots__"] = tuple(name for name in fields if name not in inherited)
        made = type(cls)(cls.__name__, cls.__bases__, namespace)
        made.__qualname__ = cls.__qualname__
    else:
        for name, about in fields.items():
            if about.value is not _NOTHING:
                setattr(made, name, about.value)
            elif name in cls.__dict__:
                delattr(made, name)
    type.__setattr__(made, "__match_args__", tuple(fields))
    made.__record_fields__, made.__dataclass_fields__ = fields, _StandardFields(fields)
    made.__init__ = _first(made, fields, slots=slots, frozen=frozen)
    made.__repr__ = namespace.get("__repr__") or _repr([name for name, about in fields.items() if about.repr])
    if eq:
        made.__eq__ = _eq([name for name, about in fields.items() if about.compare])
        made.__hash__ = _hash([name for name, about in fields.items() if about.hash]) if frozen else None
    if frozen:
        made.__setattr__ = made.__delattr__ = _no_change
        made.__getstate__, made.__setstate__ = _state, _set_state
    return cls if not slots else made


def _first(cls: Any, fields: Mapping[str, _Field], *, slots: bool, frozen: bool) -> Callable[..., None]:
    """``__init__`` of the first instance: makes that of all."""

    def __init__(self: object, *args: object, **kwargs: object) -> None:
        if cls.__init__ is __init__:
            cls.__init__ = _init(cls, fields, slots=slots, frozen=frozen)
        cls.__init__(self, *args, **kwargs)

    return __init__


def _init(cls: type, fields: Mapping[str, _Field], *, slots: bool, frozen: bool) -> Callable[..., None]:
    """``__init__``: every value straight into its slot."""
    scope: dict[str, Any] = {"_nothing": _NOTHING, "_set": object.__setattr__}
    head, body = ["self"], ["pass"]
    for name, about in fields.items():
        value = name
        if about.factory is not None:
            scope[f"_make_{name}"] = about.factory
            head.append(f"{name}=_nothing")
            value = f"_make_{name}() if {name} is _nothing else {name}"
        elif about.value is not _NOTHING:
            scope[f"_default_{name}"] = about.value
            head.append(f"{name}=_default_{name}")
        else:
            head.append(name)
        if not frozen:
            body.append(f"self.{name} = {value}")
        elif slots:
            scope[f"_set_{name}"] = getattr(cls, name).__set__
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})")
    exec(f"def __init__({', '.join(head)}):\n " + "\n ".join(body), scope)
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    return made


def _key(names: Sequence[str]) -> Callable[[object], object]:
    """The values of these fields as one that can be compared."""
    return attrgetter(*names) if names else lambda _: ()


def _eq(names: Sequence[str]) -> Callable[[object, object], bool]:
    key = _key(names)

    def __eq__(self: object, other: object) -> bool:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(names: Sequence[str]) -> Callable[[object], int]:
    key = _key(names)

    def __hash__(self: object) -> int:
        return hash((key(self),))

    return __hash__


def _repr(names: Sequence[str]) -> Callable[[object], str]:
    def __repr__(self: object) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _no_change(self: object, name: str, value: object = None) -> NoReturn:  # noqa: ARG001 - what the language calls
    """``__setattr__`` and ``__delattr__`` of what is frozen."""
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - the module is what this one spares

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _state(self: Any) -> list[object]:
    """``__getstate__``."""
    return [getattr(self, name) for name in self.__match_args__]


def _set_state(self: Any, state: list[object]) -> None:
    """``__setstate__``."""
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)


class _StandardFields:
    """``__dataclass_fields__``, made by the standard library when it is asked for."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, _Field]) -> None:
        self._fields = fields

    def __get__(self, record: object, owner: Any) -> object:
        import dataclasses  # noqa: PLC0415 - the modules are what this one spares
        import inspect  # noqa: PLC0415

        declared: dict[str, Any] = {}
        for base in reversed(owner.__mro__):
            declared |= inspect.get_annotations(base)
        made: list[tuple[str, Any, Any]] = []
        for name, about in self._fields.items():
            given: dict[str, Any] = {"repr": about.repr, "hash": about.hash, "compare": about.compare}
            if about.factory is not None:
                given["default_factory"] = about.factory
            elif about.value is not _NOTHING:
                given["default"] = about.value
            made.append((name, declared[name], dataclasses.field(**given)))
        standard: Any = dataclasses.make_dataclass(owner.__name__, made, frozen=True)
        owner.__dataclass_fields__ = standard.__dataclass_fields__
        return owner.__dataclass_fields__


__all__ = ["dataclass", "field", "replace"]
