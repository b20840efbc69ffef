"""``logging.py`` of micropython-lib: loggers by name, handlers, formatters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omvsim.frozen.body import FrozenFunction, not_modelled
from omvsim.frozen.steps import Steps
from omvsim.frozen.structure import WithRest
from omvsim.micropython.classes import Instance
from omvsim.micropython.errors import Unknown
from omvsim.micropython.functions import Closure
from omvsim.micropython.types.int_ import INT
from omvsim.micropython.values import BinaryOp, Sentinel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.frozen.body import Body, Host
    from omvsim.micropython.machine import Keywords, Machine
    from omvsim.micropython.values import Value

LEVELS: Final = {"CRITICAL": 50, "ERROR": 40, "WARNING": 30, "INFO": 20, "DEBUG": 10, "NOTSET": 0}
SHORT: Final = ("debug", "info", "warning", "error", "critical")
FILE_FRAME: Final = 76
FORMAT, DATE_FORMAT = "%(levelname)s:%(name)s:%(message)s", "%Y-%m-%d %H:%M:%S"


# -- records and handlers ----------------------------------------------------------------------------------------------


def _set(vm: Machine, values: Sequence[Value]) -> Value:
    this, name, level, message = values
    do = Steps(vm)
    do.puts(this, name=name, levelno=level)
    do.put(this, "levelname", do.at(do.name("_level_dict"), level))
    do.put(this, "message", message)
    do.put(this, "ct", do.of("time", "time"))
    now = do.get(this, "ct")
    part = do.op(now, "-", vm.call(INT, (do.get(this, "ct"),)))
    do.put(this, "msecs", vm.call(INT, (do.op(part, "*", 1000),)))
    do.put(this, "asctime", None)
    return None


def _handler(vm: Machine, values: Sequence[Value]) -> Value:
    Steps(vm).puts(values[0], level=values[1], formatter=None)
    return None


def _pass(vm: Machine, values: Sequence[Value]) -> Value:
    return None


def _store(name: str) -> Host:
    def store(vm: Machine, values: Sequence[Value]) -> Value:
        vm.set_attr(values[0], name, values[1])
        return None

    return store


def _formatted(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    return do.ask(do.get(values[0], "formatter"), "format", values[1])


def _has(do: Steps, value: Value, name: str) -> bool:
    return not isinstance(do.vm.method_maybe(value, do.vm.strings.intern(name))[0], Sentinel)


def _stream_handler(vm: Machine, values: Sequence[Value]) -> Value:
    this, stream = values
    do = Steps(vm)
    _above(do, "Handler", "__init__", this)
    do.put(this, "stream", do.name("_stream") if stream is None else stream)
    do.put(this, "terminator", "\n")
    return None


def _above(do: Steps, kind: str, method: str, this: Value, **named: Value) -> None:
    """``super().method(…)``: the super object is on the C stack."""
    do.vm.call(do.get(do.name(kind), method), (this,), tuple(named.items()))


def _flush(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    if _has(do, do.get(values[0], "stream"), "flush"):
        do.ask(do.get(values[0], "stream"), "flush")
    return None


def _emit(vm: Machine, values: Sequence[Value]) -> Value:
    this, record = values
    do = Steps(vm)
    level = do.get(record, "levelno")
    if vm.truth(vm.binary(BinaryOp.MORE_EQUAL, level, do.get(this, "level"))):
        fun, bound = vm.method(do.get(this, "stream"), "write")
        text = do.op(do.ask(this, "format", record), "+", do.get(this, "terminator"))
        vm.call_method(fun, bound, (text,))
    return None


def _file_handler(vm: Machine, values: Sequence[Value]) -> Value:
    this, name, mode, encoding = values
    do = Steps(vm)
    opened = vm.call(do.name("open"), (name,), (("mode", mode), ("encoding", encoding)))
    _above(do, "StreamHandler", "__init__", this, stream=opened)
    return None


def _close_file(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    _above(do, "StreamHandler", "close", values[0])
    do.ask(do.get(values[0], "stream"), "close")
    return None


def _formatter(vm: Machine, values: Sequence[Value]) -> Value:
    this, text, dates = values
    do = Steps(vm)
    do.put(this, "fmt", do.name("_default_fmt") if text is None else text)
    do.put(this, "datefmt", do.name("_default_datefmt") if dates is None else dates)
    return None


def _uses_time(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.binary(BinaryOp.IN, "asctime", vm.attr(values[0], "fmt"))


def _format_time(vm: Machine, values: Sequence[Value]) -> Value:
    _, dates, record = values
    do = Steps(vm)
    if not _has(do, do.name("time"), "strftime"):
        return None
    fun, bound = vm.method(do.name("time"), "strftime")
    return vm.call_method(fun, bound, (dates, do.of("time", "localtime", do.get(record, "ct"))))


def _format(vm: Machine, values: Sequence[Value]) -> Value:
    this, record = values
    do = Steps(vm)
    if do.true(do.ask(this, "usesTime")):
        do.put(record, "asctime", do.ask(this, "formatTime", do.get(this, "datefmt"), record))
    text = do.get(this, "fmt")
    parts = vm.new_dict(5)
    for name in ("name", "message", "msecs", "asctime", "levelname"):
        vm.dict_store(parts, name, do.get(record, name))
    return vm.binary(BinaryOp.MODULO, text, parts)


# -- loggers -----------------------------------------------------------------------------------------------------------


def _logger(vm: Machine, values: Sequence[Value]) -> Value:
    this, name, level = values
    do = Steps(vm)
    do.puts(this, name=name, level=level)
    do.put(this, "handlers", vm.new_list(()))
    do.put(this, "record", do.run("LogRecord"))
    return None


def _is_enabled(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.binary(BinaryOp.MORE_EQUAL, values[1], Steps(vm).ask(values[0], "getEffectiveLevel"))


def _level(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    own = do.get(values[0], "level")
    if do.true(own):
        return own
    root = do.get(do.run("getLogger"), "level")
    return root if do.true(root) else LEVELS["WARNING"]


def _log(vm: Machine, values: Sequence[Value]) -> Value:
    this, level, message, args = values
    do = Steps(vm)
    if not do.true(do.ask(this, "isEnabledFor", level)):
        return None
    if do.true(args):
        first = do.at(args, 0)
        if not isinstance(first, Instance) and vm.type_name(first) == "dict":
            args = first
        message = vm.binary(BinaryOp.MODULO, message, args)
    do.ask(do.get(this, "record"), "set", do.get(this, "name"), level, message)
    handlers = do.get(this, "handlers")
    if not do.true(handlers):
        handlers = do.get(do.run("getLogger"), "handlers")
    for handler in vm.items(handlers, on_stack=True):
        do.ask(handler, "emit", do.get(this, "record"))
    return None


def _at(level: str) -> Host:
    def log(vm: Machine, values: Sequence[Value]) -> Value:
        fun, bound = vm.method(values[0], "log")
        return vm.call_spread(fun, bound, (LEVELS[level], *values[1:]), (), 1 << len(values[1:])) and None

    return log


def _add(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    do.ask(do.get(values[0], "handlers"), "append", values[1])
    return None


def _has_handlers(vm: Machine, values: Sequence[Value]) -> Value:
    return vm.small_of(vm.length(vm.attr(values[0], "handlers"))) > 0


# -- the module's own functions ----------------------------------------------------------------------------------------


def _get(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    name = "root" if values[0] is None else values[0]
    if not do.true(vm.binary(BinaryOp.IN, name, do.name("_loggers"))):
        do.set_at(do.name("_loggers"), name, do.run("Logger", name))
        if vm.equal(name, "root"):
            do.run("basicConfig")
    return do.at(do.name("_loggers"), name)


def _by_root(method: str) -> Host:
    def log(vm: Machine, values: Sequence[Value]) -> Value:
        fun, bound = vm.method(Steps(vm).run("getLogger"), method)
        named = (("exc_info", True),) if method == "exception" else ()
        return vm.call_spread(fun, bound, values, named, 1 << (len(values) - 1)) and None

    return log


def _name_level(vm: Machine, values: Sequence[Value]) -> Value:
    do = Steps(vm)
    do.set_at(do.name("_level_dict"), values[0], values[1])
    return None


def _configure(vm: Machine, values: Sequence[Value]) -> Value:
    name, mode, text, dates, level, stream, encoding, force = values
    do = Steps(vm)
    if not do.true(vm.binary(BinaryOp.IN, "root", do.name("_loggers"))):
        do.set_at(do.name("_loggers"), "root", do.run("Logger", "root"))
    logger = do.at(do.name("_loggers"), "root")
    if not (do.true(force) or not do.true(do.get(logger, "handlers"))):
        return None
    for handler in vm.items(do.get(logger, "handlers"), on_stack=True):
        do.ask(handler, "close")
    do.put(logger, "handlers", vm.new_list(()))
    made = do.run("StreamHandler", stream) if name is None else do.run("FileHandler", name, mode, encoding)
    do.ask(made, "setLevel", level)
    do.ask(made, "setFormatter", do.run("Formatter", text, dates))
    do.ask(logger, "setLevel", level)
    do.ask(logger, "addHandler", made)
    return None


class _Exception(FrozenFunction):
    """``exception(…, *, exc_info=True)``: without one that is given it is an error."""

    __slots__ = ()

    def bound(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> list[Value]:
        if any(name != "exc_info" or not isinstance(value, bool) for name, value in kwargs):
            raise Unknown("logging.exception", "an exception that is given is not modelled")
        count = len(self.args) - 1
        return [*args[:count], vm.new_tuple(tuple(args[count:])) if len(args) > count else vm.empty_tuple()]


# -- what importing the file runs --------------------------------------------------------------------------------------


def _rest(body: Body, name: str, args: str, host: Host, frame: int = 0) -> None:
    body.store(name, WithRest(body.vm, name, tuple(args.split()), host, frame))


def _with_info(body: Body, name: str, args: str, host: Host, frame: int = 0) -> None:
    """Its default is a dictionary."""
    named = body.vm.new_dict(0)
    body.vm.dict_store(named, "exc_info", True)
    body.store(name, _Exception(body.vm, name, tuple(args.split()), host, frame, (named,)))


def _closure(body: Body, name: str, args: str, host: Host, *defaults: Value) -> None:
    """A method that calls ``super()``: its class's cell comes first."""
    vm, cell = body.vm, body.cell
    assert cell is not None
    held = vm.new_tuple(defaults) if defaults else None
    names = ("__class__", *args.split())
    frame = FILE_FRAME if host is _file_handler else 0
    inner = FrozenFunction(vm, name, names, lambda vm, values: host(vm, values[1:]), frame, defaults)
    body.store(name, Closure(vm, inner, (cell,)))  # type: ignore[arg-type]  # it is called like any function
    del held


def _record(body: Body) -> None:
    body.function("set", "self name level message", _set)


def _handlers(body: Body) -> None:
    body.function("__init__", "self level", _handler, defaults=(0,))
    body.function("close", "self", _pass)
    body.function("setLevel", "self level", _store("level"))
    body.function("setFormatter", "self formatter", _store("formatter"))
    body.function("format", "self record", _formatted)


def _to_stream(body: Body) -> None:
    _closure(body, "__init__", "self stream", _stream_handler, None)
    body.function("close", "self", _flush)
    body.function("emit", "self record", _emit)


def _to_file(body: Body) -> None:
    _closure(body, "__init__", "self filename mode encoding", _file_handler, "a", "UTF-8")
    _closure(body, "close", "self", _close_file)


def _formatting(body: Body) -> None:
    body.function("__init__", "self fmt datefmt", _formatter, defaults=(None, None))
    body.function("usesTime", "self", _uses_time)
    body.function("formatTime", "self datefmt record", _format_time)
    body.function("format", "self record", _format)


def _logging(body: Body) -> None:
    body.function("__init__", "self name level", _logger, defaults=(0,))
    body.function("setLevel", "self level", _store("level"))
    body.function("isEnabledFor", "self level", _is_enabled)
    body.function("getEffectiveLevel", "self", _level)
    _rest(body, "log", "self level msg args", _log, 72)
    for name in SHORT:
        _rest(body, name, "self msg args", _at(name.upper()))
    _with_info(body, "exception", "self msg args", _at("ERROR"), 68)
    body.function("addHandler", "self handler", _add)
    body.function("hasHandlers", "self", _has_handlers)


def statements(body: Body) -> None:
    """The file."""
    vm = body.vm
    body.from_import("micropython", "const")
    body.import_("io", "sys", "time")
    for name, level in LEVELS.items():
        body.store(name, level)
    names = vm.new_dict(len(LEVELS))
    for name, level in LEVELS.items():
        vm.dict_store(names, level, name)
    body.store("_level_dict", names)
    body.store("_loggers", vm.new_dict(0))
    body.store("_stream", vm.attr(body.load("sys"), "stderr"))
    body.store("_default_fmt", FORMAT)
    body.store("_default_datefmt", DATE_FORMAT)
    body.klass("LogRecord", (), _record)
    body.klass("Handler", (), _handlers)
    body.klass("StreamHandler", (body.load("Handler"),), _to_stream, has_super=True)
    body.klass("FileHandler", (body.load("StreamHandler"),), _to_file, has_super=True)
    body.klass("Formatter", (), _formatting)
    body.klass("Logger", (), _logging)
    body.function("getLogger", "name", _get, defaults=(None,))
    _rest(body, "log", "level msg args", _by_root("log"))
    for name in SHORT:
        _rest(body, name, "msg args", _by_root(name))
    _with_info(body, "exception", "msg args", _by_root("exception"))
    body.function("shutdown", "", not_modelled("logging.shutdown"), 72)
    body.function("addLevelName", "level name", _name_level)
    usual = (None, "a", None, None, LEVELS["WARNING"], None, "UTF-8", False)
    settings = "filename filemode format datefmt level stream encoding force"
    body.function("basicConfig", settings, _configure, 88, usual)


__all__ = ["statements"]
