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
from types import FunctionType
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    class _Record(Protocol):
        """An instance of a class that is made here."""

        @property
        def __match_args__(self) -> tuple[str, ...]: ...


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


def replace(record: _Record, **changes: object) -> object:
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
    made = cls
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
    methods: dict[str, object] = {
        "__match_args__": tuple(fields),
        "__record_fields__": fields,
        "__dataclass_fields__": _StandardFields(fields),
        "__init__": _first(made, fields, slots=slots, frozen=frozen),
        "__repr__": namespace.get("__repr__") or _repr([name for name, about in fields.items() if about.repr]),
    }
    if eq:
        methods["__eq__"] = _eq([name for name, about in fields.items() if about.compare])
        methods["__hash__"] = _hash([name for name, about in fields.items() if about.hash]) if frozen else None
    if frozen:
        methods |= _FROZEN
    _give(made, methods)
    return made


def _give(made: type, attributes: Mapping[str, object]) -> None:
    for name, value in attributes.items():
        setattr(made, name, value)


def _first(cls: type, fields: Mapping[str, _Field], *, slots: bool, frozen: bool) -> Callable[..., None]:
    """``__init__`` of the first instance: makes that of all."""

    def __init__(self: object, *args: object, **kwargs: object) -> None:
        if cls.__dict__["__init__"] is __init__:
            setattr(cls, "__init__", _init(cls, fields, slots=slots, frozen=frozen))  # noqa: B010 - for the type checker
        cls.__dict__["__init__"](self, *args, **kwargs)

    return __init__


def _init(cls: type, fields: Mapping[str, _Field], *, slots: bool, frozen: bool) -> Callable[..., None]:
    """``__init__``: every value straight into its slot."""
    scope: dict[str, object] = {"_nothing": _NOTHING, "_set": object.__setattr__}
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
    made = scope["__init__"]
    assert isinstance(made, FunctionType)
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


def _state(self: _Record) -> list[object]:
    """``__getstate__``."""
    return [getattr(self, name) for name in self.__match_args__]


def _set_state(self: _Record, state: list[object]) -> None:
    """``__setstate__``."""
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)


_FROZEN: Final[Mapping[str, object]] = {
    "__setattr__": _no_change,
    "__delattr__": _no_change,
    "__getstate__": _state,
    "__setstate__": _set_state,
}


class _StandardFields:
    """``__dataclass_fields__``, made by the standard library when it is asked for."""

    __slots__ = ("_fields",)

    def __init__(self, fields: Mapping[str, _Field]) -> None:
        self._fields = fields

    def __get__(self, record: object, owner: type) -> object:
        import dataclasses  # noqa: PLC0415 - the modules are what this one spares
        import inspect  # noqa: PLC0415

        declared: dict[str, type] = {}
        for base in reversed(owner.__mro__):
            declared |= inspect.get_annotations(base)
        made: list[tuple[str, type, dataclasses.Field[object]]] = []
        for name, about in self._fields.items():
            factory = dataclasses.MISSING if about.factory is None else about.factory
            default = dataclasses.MISSING if about.value is _NOTHING or about.factory is not None else about.value
            about_it: dataclasses.Field[object] = dataclasses.field(
                default=default, default_factory=factory, repr=about.repr, hash=about.hash, compare=about.compare
            )  # type: ignore[call-overload]  # the library takes both, one of them missing
            made.append((name, declared[name], about_it))
        fields = dataclasses.make_dataclass(owner.__name__, made, frozen=True).__dict__["__dataclass_fields__"]
        setattr(owner, "__dataclass_fields__", fields)  # noqa: B010 - for the type checker
        return fields


__all__ = ["dataclass", "field", "replace"]
