"""The parts of the mutation tool that need no mutant."""

from __future__ import annotations

import tomllib

import pytest

from tools.mutate import ROOMS, ROOT, Equivalent, config_text, equivalents, idle, is_equivalent, sampled


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
    places = [lines[begin[0] - 1][begin[1] : end[1]] for begin, end in idle(source)]
    assert sorted(places) == ["int | None", "int | None", "int | str"]


def test_what_only_type_checkers_read_is_no_place_either() -> None:
    source = "if TYPE_CHECKING:\n    from a import b\nif not b:\n    c = 1\n"
    assert idle(source) == [((1, 0), (2, 19))]


def test_a_named_mutant_counts_in_its_file_only() -> None:
    diff = "--- a/omvsim/x.py\n+++ b/omvsim/x.py\n@@ -1 +1 @@\n-    a = 1\n+    a = 2\n"
    for file, line, known in (("omvsim/x.py", "a = 2", True), ("omvsim/y.py", "a = 2", False)):
        assert is_equivalent(diff, [Equivalent(file, line, "")]) is known
    assert not is_equivalent(diff, [Equivalent("omvsim/x.py", "a = 1", "")])
    assert is_equivalent(diff, [Equivalent("omvsim/x.py", "a = 1", "", every=True)])
    assert not is_equivalent(diff, [Equivalent("omvsim/x.py", "a = 2", "", every=True)])


def test_every_named_mutant_is_of_a_room_and_says_why() -> None:
    mutated = {path for room in ROOMS.values() for path in room.files}
    for each in equivalents():
        assert each.file in mutated
        assert len(each.reason) > 20, each.line
        lines = [line.strip() for line in (ROOT / each.file).read_text(encoding="utf-8").splitlines()]
        assert (each.line in lines) is each.every, each.line
