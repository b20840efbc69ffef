"""Functions of a script, closures and cells (py/objfun.c, py/objclosure.c, py/objcell.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from omvsim.memory import sizes
from omvsim.micropython.binding import bind_arguments
from omvsim.micropython.codegen import translate
from omvsim.micropython.errors import Raised, Unknown
from omvsim.micropython.frames import Frame, execute
from omvsim.micropython.native import NativeFunction, NativeType
from omvsim.micropython.values import NULL, UNSUPPORTED, Obj, PrintKind, Sentinel
from omvsim.micropython.viper import in_range, not_run, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omvsim.micropython.codegen import Translation
    from omvsim.micropython.frames import Slot
    from omvsim.micropython.isa import CodeObject
    from omvsim.micropython.machine import Machine
    from omvsim.micropython.maps import Entry
    from omvsim.micropython.native import Keywords
    from omvsim.micropython.values import Out, Value


class Function(Obj):
    """``mp_obj_fun_bc_t``: code, the module it belongs to, defaults of positional and of keyword-only arguments.

    ``globals`` are the entries of that module by name, which stay the same host dict for as long as the module lives.
    """

    __slots__ = ("code", "defaults", "globals", "keyword_defaults", "module_globals", "translation")
    type_name: ClassVar[str] = "function"
    binds_self = True

    def __init__(
        self, vm: Machine, code: CodeObject, module_globals: Obj, defaults: Slot, keyword_defaults: Slot
    ) -> None:
        items = () if isinstance(defaults, Sentinel) else tuple(vm.sequence(defaults))
        extra = len(items) + (keyword_defaults is not NULL)
        super().__init__(vm.memory, vm.memory.alloc(sizes.FUNCTION + sizes.WORD * extra))
        self.code = code
        self.module_globals = module_globals
        self.globals: dict[object, Entry] = module_globals.map.found  # type: ignore[attr-defined]  # a dict
        self.defaults: tuple[Value, ...] = items
        self.keyword_defaults = keyword_defaults
        self.translation: Translation = translate(code)

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """``fun_bc_call``."""
        if vm.depth >= vm.depth_limit:
            vm.check_stack()
        code = self.code
        translation = self.translation
        memory = vm.memory
        block = memory.block_maybe(translation.frame_bytes) if translation.on_heap else None
        slots: list[Slot] = [NULL] * code.n_state
        if translation.plain and not kwargs and len(args) == code.n_pos_args:
            at = code.n_state
            for arg in args:
                at -= 1
                slots[at] = arg
        else:
            bind_arguments(vm, self, slots, args, kwargs)
        frame = Frame(vm, self, slots)
        outer = vm.globals
        vm.globals = self.module_globals
        vm.depth += translation.stack_bytes
        try:
            execute(vm, frame)
        except Raised as raised:
            error = raised.value
        else:
            vm.globals = outer
            vm.depth -= translation.stack_bytes
            if block is not None:
                memory.free(block)
            result: Value | Sentinel = frame.result
            return result
        vm.globals = outer
        vm.depth -= translation.stack_bytes
        if block is not None:
            memory.free(block)
        raise Raised(error)

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """``mp_obj_fun_bc_attr``."""
        if name == "__name__":
            return self.code.name
        if name == "__globals__":
            return self.module_globals
        return UNSUPPORTED

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<function name at 0xaddress>``."""
        for piece in ("<function ", self.code.name, " at 0x", f"{self.address:x}", ">"):
            out(piece)


class GeneratorFunction(Function):
    """A function whose call makes a generator (``mp_type_gen_wrap``)."""

    __slots__ = ()
    type_name: ClassVar[str] = "generator"

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """``gen_wrap_call``."""
        return vm.new_generator(self, args, kwargs)

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """The type has no print slot."""
        out("<generator>")


class ViperFunction(Function):
    """``mp_obj_fun_viper``: it takes and gives machine words, and reckons with them."""

    __slots__ = ()

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """``fun_viper_call``, as far as whole numbers and truths go that fit a small int.

        Raises:
            Unknown: the function does more than that, or a number left that range.
        """
        code = self.code
        why = not_run(code)
        if why:
            raise Unknown(f"viper function {code.name}", why)
        vm.check_args(len(args), len(kwargs), code.n_pos_args, code.n_pos_args, keywords=False)
        words = [
            vm.truth(arg) if kind == "bool" else wrapped(vm.small_of(arg))
            for kind, arg in zip(code.viper_types, args, strict=False)
        ]
        heap = vm.memory.heap
        if vm.memory.recorder is not None:
            vm.memory.recorder.unrepeatable("a viper function looks whether the heap changed")
        before = heap.used, heap.collections
        try:
            result = super().call(vm, words, ())
        except Raised:
            raise Unknown(f"viper function {code.name}", "what machine code does there is not modelled") from None
        if (heap.used, heap.collections) != before or any(not in_range(word) for word in words):
            raise Unknown(f"viper function {code.name}", "numbers beyond small ints are not modelled")
        if result is None:
            result = 0
        return bool(result) if code.viper_types[-1] == "bool" else result


class Cell(Obj):
    """A variable shared with inner functions."""

    __slots__ = ("value",)
    type_name: ClassVar[str] = ""

    def __init__(self, vm: Machine, value: Slot) -> None:
        super().__init__(vm.memory, vm.memory.alloc(sizes.CELL))
        self.value = value

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<cell address value>`` (``cell_print``)."""
        for piece in ("<cell ", f"{self.address:x}", " "):
            out(piece)
        if isinstance(self.value, Sentinel):
            out("(nil)")
        else:
            vm.print(self.value, out, kind)
        out(">")


class Closure(Obj):
    """A function with the cells it closes over, which come first among its arguments."""

    __slots__ = ("closed", "fun")
    type_name: ClassVar[str] = "closure"
    binds_self = True
    WORDS_ON_STACK: ClassVar[int] = 5

    def __init__(self, vm: Machine, fun: Function, closed: Sequence[Value]) -> None:
        super().__init__(vm.memory, vm.memory.alloc(sizes.CLOSURE + sizes.WORD * len(closed)))
        self.fun = fun
        self.closed = tuple(closed)

    def call(self, vm: Machine, args: Sequence[Value], kwargs: Keywords) -> Value | Sentinel:
        """``closure_call``: more than five words of cells and arguments go into a chunk for the call."""
        words = len(self.closed) + len(args) + 2 * len(kwargs)
        if words <= self.WORDS_ON_STACK:
            return self.fun.call(vm, (*self.closed, *args), kwargs)
        block = vm.memory.block(words * sizes.WORD)
        result = self.fun.call(vm, (*self.closed, *args), kwargs)
        vm.memory.free(block)
        return result

    def attr(self, vm: Machine, name: str) -> Value | Sentinel:
        """Forwarded to the function."""
        found = vm.method_maybe(self.fun, name)[0]
        return UNSUPPORTED if isinstance(found, Sentinel) else found

    def print(self, vm: Machine, out: Out, kind: PrintKind) -> None:
        """``<closure <function …> at address, n_closed=n cells >``."""
        out("<closure ")
        vm.print(self.fun, out, PrintKind.REPR)
        for piece in (" at ", f"{self.address:x}", ", n_closed=", str(len(self.closed)), " "):
            out(piece)
        for cell in self.closed:
            vm.print(cell, out, PrintKind.REPR)
            out(" ")
        out(">")


def make_function(
    vm: Machine, fun: Function, child: int, defaults: Slot = NULL, keyword_defaults: Slot = NULL
) -> Function:
    """``mp_make_function_from_proto_fun`` of an inner function."""
    assert fun.code.children is not None
    code = fun.code.children.codes[child].code
    assert code is not None
    kind = GeneratorFunction if code.is_generator else ViperFunction if code.viper_types else Function
    return kind(vm, code, fun.module_globals, defaults, keyword_defaults)


def make_closure(
    vm: Machine, fun: Function, child: int, closed: Sequence[Value], defaults: Slot, keyword_defaults: Slot
) -> Closure:
    """``mp_make_closure_from_proto_fun``."""
    return Closure(vm, make_function(vm, fun, child, defaults, keyword_defaults), closed)


def new_cell(vm: Machine, value: Slot) -> Cell:
    """``mp_obj_new_cell``."""
    return Cell(vm, value)


NATIVE_FUNCTION: Final = NativeType("function", NativeFunction)
FUNCTION: Final = NativeType("function", Function)
GENERATOR_FUNCTION: Final = NativeType("generator", GeneratorFunction)
CLOSURE: Final = NativeType("closure", Closure)
CELL: Final = NativeType("", Cell)

__all__ = [
    "CELL",
    "CLOSURE",
    "FUNCTION",
    "NATIVE_FUNCTION",
    "Cell",
    "Closure",
    "Function",
    "GeneratorFunction",
    "ViperFunction",
    "make_closure",
    "make_function",
    "new_cell",
]
