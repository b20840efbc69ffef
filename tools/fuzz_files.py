"""Feed damaged files to everything that reads files: each ends in a result or in one error of omvsim's own tree.

    python -m tools.fuzz_files --target model --count 100000 --seed 1
    python -m tools.fuzz_files --target policy --guided 600

Input N of a seed is a function of both: seeds of the target, changed by bytes, words, lines and tokens. ``--guided``
lets atheris (``pip install atheris``), which sees what code an input reaches, choose the changes for so many seconds. A
finding (an exception of the host, or more than ``SLOW`` seconds) is kept in ``--findings`` and shown once a kind; the
exit code is 1 then.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import re
import sys
import tempfile
import time
import traceback
import zlib
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import omvsim
from omvsim import models
from omvsim.boards import load_board
from omvsim.capture import read_capture
from omvsim.errors import OmvsimError
from omvsim.firmware import Camera
from omvsim.gate import jobs_of, load_policy, read_baseline
from omvsim.graph import read_model
from omvsim.internal_error import InternalError
from omvsim.report import post_markdown, table_csv, timeline_text, tree_text
from omvsim.tflm import LIBRARIES, Status, allocate, plan_arena
from omvsim.timing import load_profile, predict, profile_of, workload
from omvsim.traces import FirmwareTrace, diff_maps, open_trace, read_heap_map, replay_trace, trace_lines
from omvsim.whatif import load_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLOW = 10.0
"""Seconds that no file may take."""
CORPUS = Path(__file__).resolve().parents[1] / "tests" / "fuzz" / "corpus"
_WORDS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 1 << 30)
_TOKENS = (
    "-1", "0", "1", "9" * 400, "1e999", "nan", "-inf", "true", '""', '"x"', "[]", "{}", "[[]]", "null", '"\\u0000"',
    "64", "K", "8G", "1979-05-27", "{ a = 1 }", '"/dev/zero"', '"../.."', "0x7fffffffffffffff", "1.5", "[1]",
)  # fmt: skip
_TOKEN = re.compile(r'"[^"\n]*"|[\w.+-]+|[^\s\w]')


@dataclass(frozen=True)
class Target:
    """What reads a kind of file; ``read`` is given a file and may raise what omvsim raises on purpose."""

    suffix: str
    read: Callable[[Path], None]
    text: bool = True
    packed: Callable[[bytes], bytes] = bytes
    """Makes the file of what is changed."""


def _model(path: Path) -> None:

    model = read_model(path)
    for library in LIBRARIES.values():
        found = plan_arena(model, library)
        if found.status is Status.OK:
            allocate(found, found.arena_used_bytes)
    plan = plan_arena(model)
    if plan.status is Status.OK:  # nobody times what does not run
        predict(workload(model, plan), profile_of(load_board()))
    _run(path)


def _run(path: Path) -> None:

    for firmware in ("4.8.1", "4.5.5"):
        omvsim.run(path, firmware=firmware)


def _board(path: Path) -> None:

    Camera(load_board(path))


def _policy(path: Path) -> None:

    jobs_of(load_policy(path))


def _baseline(path: Path) -> None:

    read_baseline(path)


def _matrix(path: Path) -> None:

    list(islice(load_matrix(path, ["m.tflite"]), 100))


def _profile(path: Path) -> None:

    load_profile(str(path))


def _trace(path: Path) -> None:

    trace = open_trace(path)
    if isinstance(trace, FirmwareTrace):
        replay_trace(path)
    else:
        list(trace_lines(trace))


def _heap_map(path: Path) -> None:

    found = read_heap_map(path)
    diff_maps(found, found)


def _session(path: Path) -> None:

    capture = read_capture(path)
    for show in (tree_text, timeline_text, post_markdown):
        show(capture)
    table_csv(capture, "requests")


def _stream() -> tuple[bytes, bytes]:
    """Document and columns of the seed capture (omvsim/capture/_file.py)."""
    _, _, rest = (CORPUS / "session" / "run.omv").read_bytes().partition(b"\n")
    stream = zlib.decompress(rest)
    end = 8 + int.from_bytes(stream[:8], "little")
    return stream[8:end], stream[end:]


def _capture_file(document: bytes) -> bytes:
    """A capture with this document: damaged bytes of a packed one would not even unpack."""
    stream = len(document).to_bytes(8, "little") + document + _stream()[1]
    return b"omvsim capture 1\n" + zlib.compress(stream, 1)


TARGETS = {
    "model": Target(".tflite", _model, text=False),
    "board": Target(".toml", _board),
    "policy": Target(".toml", _policy),
    "baseline": Target(".json", _baseline),
    "matrix": Target(".toml", _matrix),
    "profile": Target(".toml", _profile),
    "trace": Target(".jsonl", _trace),
    "heap_map": Target(".txt", _heap_map),
    "session": Target(".omv", _session, packed=_capture_file),
}


def seeds_of(name: str) -> list[bytes]:
    """The whole files of a target: those in the repository and, for models, generated ones."""
    if name == "session":
        return [_stream()[0].replace(b',"', b',\n"')]  # lines, for those who change lines
    found = [path.read_bytes() for path in sorted((CORPUS / name).glob("*")) if path.is_file()]
    if name == "model":
        found += [models.make(kind) for kind in ("tiny-conv", "keyword-spotting", "autoencoder")]
    return found


# -- changing a file ---------------------------------------------------------------------------------------------------


def changed(seeds: list[bytes], chance: random.Random, *, text: bool) -> bytes:
    """One damaged file."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if text and chance.random() < 0.7:
            data = bytearray(_tokens(data.decode("utf-8", "replace"), chance).encode("utf-8", "surrogatepass"))
        else:
            data = _bytes(data, chance, seeds)
    return bytes(data)


def _bytes(data: bytearray, chance: random.Random, seeds: list[bytes]) -> bytearray:
    at = chance.randrange(len(data) + 1)
    match chance.randrange(7):
        case 0 if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        case 1 | 2 | 3:
            # An offset, a length, a dimension, an index of a flatbuffer is an aligned word.
            near = min(at // 4 * 4, 4096) if chance.random() < 0.3 else at // 4 * 4
            old = int.from_bytes(data[near : near + 4], "little")
            word = chance.choice((*_WORDS, old + 1, old - 1, old * 2, old ^ 0x80000000, chance.getrandbits(32)))
            data[near : near + 4] = (word & 0xFFFFFFFF).to_bytes(4, "little")
        case 4:
            del data[at:]
        case 5:
            del data[at : at + chance.choice((1, 4, 16, 100))]
        case _:
            other = chance.choice(seeds)
            start = chance.randrange(len(other) + 1)
            data[at:at] = other[start : start + chance.choice((1, 4, 64, 400))]
    return data


def _tokens(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    if not lines:
        return chance.choice(_TOKENS)
    at = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(chance.randrange(len(lines) + 1), lines[at])
        case _:
            found = list(_TOKEN.finditer(lines[at]))
            if found:
                token = chance.choice(found)
                other = chance.choice(_TOKEN.findall(text))
                new = chance.choice((chance.choice(_TOKENS), other, token[0] * 2, ""))
                lines[at] = lines[at][: token.start()] + new + lines[at][token.end() :]
    return "".join(lines)


# -- running -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """A file that broke the rule, and how."""

    kind: str
    data: bytes
    details: str


def check(target: Target, data: bytes, folder: Path) -> Finding | None:
    """Read one file; None if it ended as it should."""
    path = folder / f"f{target.suffix}"
    path.write_bytes(target.packed(data))
    begin = time.process_time()
    try:
        with contextlib.suppress(OmvsimError):
            target.read(path)
    except Exception as error:
        found = InternalError.of(error)
        return Finding(f"{found.kind} at {found.place}", data, "".join(traceback.format_exception(error)))
    seconds = time.process_time() - begin
    return Finding("slow", data, f"{seconds:.1f} s") if seconds > SLOW else None


def inputs(name: str, seed: int, count: int) -> Iterator[bytes]:
    """The first ``count`` damaged files of a seed."""
    seeds, text = seeds_of(name), TARGETS[name].text
    for number in range(count):
        yield changed(seeds, random.Random(f"{name} {seed} {number}"), text=text)


def _guided(name: str, seconds: int, folder: Path) -> None:
    """Does not come back: libFuzzer ends the process."""
    import atheris  # noqa: PLC0415 - not installed everywhere

    def one(data: bytes) -> None:
        found = check(TARGETS[name], data, folder)
        if found is not None:
            raise RuntimeError(found.details)

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds_of(name)):
        (corpus / str(number)).write_bytes(seed)
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], str(corpus), f"-max_total_time={seconds}", "-rss_limit_mb=2048", "-timeout=10"], one)
    atheris.Fuzz()


def main(argv: list[str] | None = None) -> int:
    """Fuzz one target or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=sorted(TARGETS), help="default: each in turn")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--guided", type=int, metavar="SECONDS", help="with atheris, one target")
    parser.add_argument("--findings", type=Path, default=Path("findings"))
    args = parser.parse_args(argv)
    names = [args.target] if args.target else sorted(TARGETS)
    kinds: dict[str, Finding] = {}
    with tempfile.TemporaryDirectory() as folder:
        if args.guided:
            _guided(names[0], args.guided, Path(folder))
        for name in names:
            begin, before = time.monotonic(), len(kinds)
            for data in inputs(name, args.seed, args.count):
                found = check(TARGETS[name], data, Path(folder))
                if found is not None and (found.kind not in kinds or len(found.data) < len(kinds[found.kind].data)):
                    kinds[found.kind] = found
            print(f"{name}: {args.count} files of seed {args.seed} in {time.monotonic() - begin:.0f} s, "
                  f"{len(kinds) - before} kinds of findings", flush=True)  # fmt: skip
    for kind, found in kinds.items():
        args.findings.mkdir(exist_ok=True)
        path = args.findings / hashlib.sha256(found.data).hexdigest()[:12]
        path.write_bytes(found.data)  # of a session: its document
        print(f"\n{kind}: {path}\n{found.details}")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
