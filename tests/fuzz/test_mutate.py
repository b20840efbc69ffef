"""The parts of the mutation tool that need no mutant."""

from __future__ import annotations

import tomllib

import pytest

from tools.mutate import ROOMS, ROOT, annotated, config_text, sampled


@pytest.mark.parametrize("name", ROOMS)
def test_every_room_names_files_that_are_there(name: str) -> None:
    for path in (*ROOMS[name].files, *ROOMS[name].tests):
        assert (ROOT / path.partition("::")[0]).exists(), path
    text = tomllib.loads(config_text(ROOMS[name], "python3"))["cosmic-ray"]
    assert text["module-path"] == list(ROOMS[name].files)
    assert text["test-command"].endswith(" ".join(ROOMS[name].tests))


def test_a_sample_is_a_function_of_its_seed() -> None:
    assert sampled(5, 100, 1) == sampled(5, 100, 1) != sampled(5, 100, 2)
    assert len(set(sampled(50, 100, 3))) == 50
    assert sampled(9, 4, 1) == [0, 1, 2, 3]


def test_annotations_are_no_place_for_mutants() -> None:
    source = "def f(a: int | None) -> int | str:\n    b: int | None = a | 2\n    return b\n"
    lines = source.splitlines()
    places = [lines[begin[0] - 1][begin[1] : end[1]] for begin, end in annotated(source)]
    assert sorted(places) == ["int | None", "int | None", "int | str"]
