"""Scripts at random, foreseen on heaps at random: every address and figure is the full run's, whatever the script does.

A script is a function of its seed: it takes, grows and lets go of memory, catches what is refused, and lets what it
does next depend on how much is free.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest

from omvsim.boards import load_board
from omvsim.runs import ScriptOptions
from tests.tape.comparing import Scripted, differences

if TYPE_CHECKING:
    from pathlib import Path

    from omvsim.boards import Board

K: Final = 1024
SEEDS: Final = range(10)
RELEASES: Final = ("4.8.1", "5.0.0")
HEAD: Final = """import gc
kept, table, text = [], {}, ""
class Node:
    def __init__(self, size):
        self.data = bytearray(size)
        self.next = None
def numbers(count):
    for number in range(count):
        yield number * 70000
def deep(n, size):
    return bytearray(size) if n == 0 else deep(n - 1, size)
"""
TAIL: Final = "print(len(kept), len(table), len(text), gc.mem_free() > 1000)\n"


def statement(chance: random.Random) -> str:
    """One line or block; sizes from a few bytes to a large part of a small heap."""
    size = chance.choice([1, 15, 16, 17, 200, 1000, 5000, 20_000])
    count = chance.randint(1, 30)
    return chance.choice(
        [
            f"kept.append(bytearray({size}))",
            f"kept += [bytes({size}) for i in range({count})]",
            f"del kept[::{chance.randint(2, 4)}]",
            "kept = []",
            f"for i in numbers({count}): table[i] = str(i)",
            f"for i in list(table)[::{chance.randint(2, 3)}]: del table[i]",
            "table = {}",
            f"text += 'x%d' % {count} * {chance.randint(1, 40)}",
            "text = text[len(text) // 2:]",
            f"node = Node({size}); node.next = node; kept.append(node)",
            f"node = Node({size}); node.next = node; node = None",
            "gc.collect()",
            f"deep({chance.randint(1, 8)}, {size})",
            f"kept.append(list(numbers({count})))",
            f"big = bytearray({size}); big.extend(b'y' * {size}); big = None",
            f"kept.append(deep({chance.randint(0, 3)}, {size}))",
        ]
    )


def block(chance: random.Random) -> str:
    """Statements under something that may go one way or the other on another heap."""
    large, floor = chance.choice([30_000, 90_000]), chance.choice([40_000, 90_000])
    inner = "".join(f"    {statement(chance)}\n" for _ in range(chance.randint(1, 3)))
    return chance.choice(
        [
            f"for turn in range({chance.randint(2, 12)}):\n{inner}",
            f"try:\n{inner}    kept.append(bytearray({large}))\nexcept MemoryError:\n    kept = kept[:1]\n",
            f"if gc.mem_free() > {chance.choice([20_000, 60_000, 200_000])}:\n{inner}",
            f"while gc.mem_free() > {floor} and len(kept) < 200:\n{inner}    kept.append(bytearray(900))\n",
            f"if gc.mem_alloc() % 64 == 0:\n{inner}",
            f"gc.disable()\n{inner.replace('    ', '')}gc.enable()\n",
            f"gc.threshold({chance.choice([3000, 20_000])})\n{inner.replace('    ', '')}gc.threshold(-1)\n",
        ]
    )


def script(seed: int) -> str:
    chance = random.Random(seed)
    parts = [block(chance) if chance.random() < 0.5 else f"{statement(chance)}\n" for _ in range(14)]
    return HEAD + "".join(parts) + TAIL


def board(chance: random.Random, release: str) -> Board:
    """One to three areas; the last has from hardly enough to much."""
    whole = load_board("openmv-rt1062", release)
    sizes = [*(chance.randint(16, 64) for _ in range(chance.randint(0, 2))), chance.choice([40, 70, 110, 300])]
    origins = [whole.gc_areas[at].origin for at in range(len(sizes) - 1)] + [whole.gc_areas[2].origin]
    return whole.with_gc_areas([(size * K, origin) for size, origin in zip(sizes, origins, strict=True)])


@pytest.mark.parametrize("seed", SEEDS)
def test_foreseen_is_the_full_run(tmp_path: Path, seed: int) -> None:
    release = RELEASES[seed % 2]
    main = tmp_path / "main.py"
    main.write_text(script(seed))
    tried = Scripted(main, ScriptOptions(run_models=False, time_limit=None))
    chance = random.Random(seed + 1000)
    found = [differences(tried, board(chance, release)) for _ in range(4)]
    assert found == [{}] * 4
    assert tried.courses.runs <= 4  # a course that was seen is not run again


def test_the_scripts_do_different_things_on_different_heaps(tmp_path: Path) -> None:
    """Else nothing above would be tried: some courses differ, and some requests are refused."""
    outputs, refused = set(), 0
    for seed in SEEDS:
        main = tmp_path / "main.py"
        main.write_text(script(seed))
        chance = random.Random(seed + 1000)
        tried = Scripted(main, ScriptOptions(run_models=False, time_limit=None))
        results = [tried.full(board(chance, RELEASES[seed % 2]))[0] for _ in range(2)]
        outputs |= {(seed, result.output) for result in results}
        refused += sum(len(result.refused) for result in results)
    assert len(outputs) > len(SEEDS)
    assert refused > 1
