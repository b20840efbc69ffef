"""Functions and types that the firmware implements in C: they live in ROM and cost nothing until they are called.

A type's methods are marked where they stand::

    class List(Obj):
        type_name = "list"

        @method("append", 2)
        def append(self, vm: Machine, item: Value) -> Value: ...

Numbers of arguments count ``self``, as ``MP_DEFINE_CONST_FUN_OBJ_*`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from omvsim.micropython.values import UNSUPPORTED, Obj, PrintKind, Sentinel, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omvsim.micropython.machine import Machine
    from omvsim.micropython.values import Out

    Keywords = Sequence[tuple[str, Value]]

Host = TypeVar("Host", bound="Callable[..., Any]")


class NativeFunction(Obj):
    """A C function object.

    ``host`` gets ``(self, vm, *rest)`` where it is a method and ``(vm, *args)`` otherwise; with ``keywords``
    ``(self, vm, rest, kwargs)`` and ``(vm, args, kwargs)``.

    Args:
        name: as it is looked up.
        least, most: positional arguments (``most`` None: any number), self included.
        keywords: whether it takes keyword arguments.
    """

    __slots__ = ("host", "is_method", "keywords", "least", "most", "name", "selves")
    type_name: ClassVar[str] = "function"

    def __init__(
        self, host: Callable[..., Any], name: str, least: int, most: int | None, *, keywords: bool, is_method: bool
    ) -> None:
        self.address = 0
        self.host = host
        self.name = name
        self.least = least
        self.most = most
        self.keywords = keywords
        self.is_method = is_method
        self.selves: tuple[type, ...] = ()
        """Host classes that may be ``self`` (``mp_check_self``); none: any."""

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Check the arguments as ``mp_arg_check_num`` does (py/argcheck.c), then run it."""
        if not self.keywords or len(args) < self.least or (self.most is not None and len(args) > self.most):
            vm.check_args(len(args), len(kwargs), self.least, self.most, keywords=self.keywords)
        if self.selves and not isinstance(args[0], self.selves):
            vm.raise_type("argument has wrong type")
        result: Value | Sentinel
        if self.keywords and self.is_method:
            result = self.host(args[0], vm, args[1:], kwargs)
        elif self.keywords:
            result = self.host(vm, args, kwargs)
        elif self.is_method:
            result = self.host(args[0], vm, *args[1:])
        else:
            result = self.host(vm, *args)
        return result


class LaterFunction(NativeFunction):
    """A function that is imported when it is first called.

    Args:
        name: as it is looked up.
        find: gives (host, least, most, keywords).
    """

    __slots__ = ("find",)

    def __init__(self, name: str, find: Callable[[], tuple[Callable[..., Any], int, int | None, bool]]) -> None:
        self.address = 0
        self.name = name
        self.is_method = False
        self.selves = ()
        self.find = find

    def __getattr__(self, attribute: str) -> Any:
        """What ``find`` tells, once."""
        if attribute not in ("host", "least", "most", "keywords"):
            raise AttributeError(attribute)
        self.host, self.least, self.most, self.keywords = self.find()
        return getattr(self, attribute)


def method(name: str, least: int, most: int | None = -1, *, keywords: bool = False) -> Callable[[Host], Host]:
    """Mark a method of a native type. ``most`` defaults to ``least``; None: any number of arguments."""

    def mark(host: Host) -> Host:
        host.native = NativeFunction(  # type: ignore[attr-defined]
            host, name, least, least if most == -1 else most, keywords=keywords, is_method=True
        )
        return host

    return mark


def function(
    name: str, least: int, most: int | None = -1, *, keywords: bool = False
) -> Callable[[Host], NativeFunction]:
    """Make a function of a native module."""

    def make(host: Host) -> NativeFunction:
        return NativeFunction(host, name, least, least if most == -1 else most, keywords=keywords, is_method=False)

    return make


class NativeType(Obj):
    """A type object in ROM (``mp_obj_type_t``).

    Args:
        host_class: the host class of its values; its methods marked with :func:`method` (inherited ones included) and
            ``constants`` are what attribute look-up finds.
        make_new: ``make_new(vm, args, kwargs)``; None: "can't create '%q' instances".
    """

    __slots__ = ("host_class", "locals", "make_new", "name", "parent", "protocol")
    type_name: ClassVar[str] = "type"

    def __init__(
        self,
        name: str,
        host_class: type[Any],
        make_new: Callable[[Machine, Sequence[Value], Keywords], Value] | None = None,
        *,
        constants: dict[str, Value] | None = None,
        parent: NativeType | None = None,
        protocol: bool = False,
    ) -> None:
        self.address = 0
        self.name = name
        self.host_class = host_class
        self.make_new = make_new
        self.parent = parent
        self.protocol = protocol
        """Whether it has a C-level protocol (streams, pins): classes made of it keep one word for that."""
        if "native_type" not in vars(host_class):
            host_class.native_type = self
        self.locals: dict[str, Value] = dict(constants or {})
        for klass in reversed(host_class.__mro__[: host_class.__mro__.index(Obj)]):
            for attribute in vars(klass).values():
                native = getattr(attribute, "native", None)
                if isinstance(native, NativeFunction):
                    self.locals[native.name] = native
                    native.selves = (klass, *getattr(klass, "immediates", ()))

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """Make a value of the type."""
        if self.make_new is None:
            vm.raise_type("can't create '%q' instances", self.name)
        return self.make_new(vm, args, kwargs)

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """A method (unbound) or constant of the type; ``__name__``."""
        if name == "__name__":
            return self.name
        return self.locals.get(name, UNSUPPORTED)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<class 'name'>``."""
        out("<class '")
        out(self.name)
        out("'>")


__all__ = ["LaterFunction", "NativeFunction", "NativeType", "function", "method"]
