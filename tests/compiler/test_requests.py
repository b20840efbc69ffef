"""What compiling asks of the heap, against what the firmware asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.compiler._compiling import asked, asked_by
from tests.compiler._parsing import load, recorded, until

SAMPLES = json.loads((Path(__file__).parent / "data" / "compiler_requests.json").read_text())["scripts"]
_NOT_COMPILED = ("comp_indent_error", "comp_syntax_error")


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
def test_every_request_is_the_measured_one(shared: Path, release: str) -> None:
    paths = sorted((shared / "oracle" / "language" / "traces" / release).glob("*.jsonl.gz"))
    assert len(paths) > 150
    for path in paths:
        if path.name.startswith((*_NOT_COMPILED, "bit_ops_flags")):
            continue  # the last one's parsing needs the digits that the int type reserves
        header, *events = load(path)
        areas = [(int(start, 16), size) for start, size in header["areas_arg"]]
        start = until(events, "h.compile")
        measured = recorded(events[start : until(events[start:], "h.run") + start])
        boot = events[: until(events, "h.open")]
        assert asked_by(areas, boot, header["script"], release) == measured, path.name


@pytest.mark.parametrize("release", ["4.8.1", "5.0.0"])
@pytest.mark.parametrize("name", SAMPLES)
def test_chunks_of_measured_scripts(name: str, release: str) -> None:
    sample = SAMPLES[name]
    requests = asked(sample["script"], release)
    chunks = [f"{'+' if kind == 'alloc' else '~'}{size}" for kind, _, _, _, size, *_ in requests if kind != "free"]
    assert " ".join(chunks) == sample["requests"]


def _live(requests: list[tuple[str, int, int]]) -> dict[int, int]:
    live: dict[int, int] = {}
    for kind, size, address in requests:
        if kind == "free":
            live.pop(address, None)
        else:
            live[address] = size
    return live


def test_what_is_freed_and_what_stays() -> None:
    """Emitter, labels and scopes are freed; the tables of names and constants are left to the collector."""
    tape = [(request.kind, request.size, request.address) for request in asked("def f(a): return a\n")]
    stays = sorted(_live(tape).values())
    context, constants, names, raw_codes, children, function = 16, 16, 32, [16, 16], 4, 16
    module, inner, tables = 3 + 6, 4 + 2, 4 * 2  # prelude and bytecode; four names of two bytes
    assert stays == sorted([context, constants, names, *raw_codes, children, function, module, inner, tables])


def test_a_function_takes_a_scope_and_raw_code() -> None:
    without = [request.size for request in asked("x = 1\n") if request.kind == "alloc"]
    with_one = [request.size for request in asked("x = 1\ndef f(): pass\n") if request.kind == "alloc"]
    more = list(with_one)
    for size in without:
        if size in more:
            more.remove(size)
    assert more.count(48) == 1  # scope_t
    assert more.count(32) >= 1  # four names
    assert 4 in more  # table of one child


def test_names_of_a_scope_grow_by_six() -> None:
    four = [request.size for request in asked("a=b=c=d=1\n") if request.kind == "realloc"]
    five = [request.size for request in asked("a=b=c=d=e=1\n") if request.kind == "realloc"]
    eleven = [request.size for request in asked("a=b=c=d=e=f=g=h=i=j=k=1\n") if request.kind == "realloc"]
    assert (four, five, eleven) == ([], [80], [80, 128])


def test_constants_double_from_four() -> None:
    text = "x = [{}]\n".format(", ".join(f"{number}.5" for number in range(9)))
    assert [request.size for request in asked(text) if request.kind == "realloc"] == [32, 64]


def test_equal_constants_are_one_but_not_of_another_type_or_sign() -> None:
    def tables(text: str) -> int:
        return next(request.size for request in reversed(asked(text)[:-1]) if request.kind == "alloc")

    two = tables("x = 1.5, a, 2.5\n")
    assert tables("x = 1.5, a, 1.5\n") == two - 4
    assert tables("x = 0.0, a, -0.0\n") == two
    assert tables("x = (1, 2), a, (1, 2)\n") == two - 4
    assert tables("x = (1, 2), a, (1, 2.0)\n") == two
    assert tables("x = (1, 'ab'), a, (1, 'ab', 3)\n") == two


def test_labels_count_those_that_machine_code_might_need() -> None:
    def labels(text: str) -> list[int]:
        return [request.size for request in asked(text)]

    plain, byte = "def f(): pass\n", "@micropython.bytecode\ndef f(): pass\n"
    # six a scope, unless the decorator says that it is bytecode; the module's own six are the most here
    assert 24 in labels(plain)
    assert 24 in labels(byte)
    yields = "def f():\n" + "    yield 1\n" * 10
    assert 4 * (6 + 10) in labels(yields)
    assert 4 * (6 + 10) not in labels("@micropython.bytecode\n" + yields)


def test_a_new_dotted_name_goes_to_the_pool_while_compiling() -> None:
    known = [request.size for request in asked("import utime.utime\nimport utime.utime\n")]
    twice = [request.size for request in asked("import utime.utimx\nimport utime.utimx\n")]
    longer = [size for size in twice if size not in known]
    assert longer == []  # both are new names of the same length: what the text is does not matter
    assert known.count(128) == 1  # characters of names: asked for once, for the first of the two


def test_optimised_code_has_no_line_table() -> None:
    text = "\n" * 40 + "x = 1\n" + "\n" * 40 + "y = 2\n"
    plain = [request.size for request in asked(text) if request.kind == "alloc"]
    bare = [request.size for request in asked(text, opt_level=3) if request.kind == "alloc"]
    assert sum(plain) - sum(bare) == 4  # two entries of two bytes
