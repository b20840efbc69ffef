"""Regular expressions: what is found, what is refused, sizes of programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from omvsim.standard.re_.program import OVERHEAD, PatternError, Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bare_machine import Run

SAME = [
    ("a+b?c*", "aaabcc"),
    ("(a|b)+c", "xxabac"),
    ("[^0-9]+", "12ab34"),
    (r"(\w+)@(\w+)\.com", "me you@there.com"),
    ("^ab$", "ab"),
    ("^b", "ab"),
    ("a.*?c", "abcbc"),
    ("(?:ab)+(c)?", "ababd"),
    (r"\s\S\d\D", "x 12a 3"),
    ("x*", "aaa"),
    ("[a-c-]+", "--abd"),
    (r"[\d.]+", "v1.2.3"),
    ("a|bc|d", "zbcd"),
    (r"\+\\", "1+\\"),
]
WRONG = ["*a", "(a", "a)", "[a", "\\", "a**", "+"]
SIZES = [("a", 2), ("ab", 4), (".", 1), ("[a-z]", 4), ("(a)", 6), ("a*", 6), ("a+", 4), ("a?", 4), ("a|b", 8)]


def spans(program: Program, subject: bytes) -> list[tuple[int, int]] | None:
    """Start and end of the whole and the groups."""
    caps = program.match(subject, 0, anchored=False, check=lambda _: None)
    if caps is None:
        return None
    return [(-1, -1) if a is None else (a, b or 0) for a, b in zip(caps[::2], caps[1::2], strict=True)]


@pytest.mark.parametrize(("pattern", "subject"), SAME)
def test_finds_what_other_engines_find(pattern: str, subject: str) -> None:
    """Within what the camera's engine knows, the host's agrees."""
    found = re.search(pattern, subject)
    mine = spans(Program(pattern.encode()), subject.encode())
    if found is None:
        assert mine is None
    else:
        assert mine == [found.span(number) for number in range(len(found.groups()) + 1)]


@pytest.mark.parametrize("pattern", WRONG)
def test_refuses(pattern: str) -> None:
    """What the camera's compiler refuses."""
    with pytest.raises(PatternError):
        Program(pattern.encode())


@pytest.mark.parametrize(("pattern", "size"), SIZES)
def test_size_of_a_program(pattern: str, size: int) -> None:
    """Bytes of the instructions and of what surrounds them."""
    assert len(Program(pattern.encode()).code) == size + OVERHEAD


def test_deep_choices_are_counted() -> None:
    """Each open choice is a call on the camera."""
    deepest: list[int] = []
    Program(b"(a|b)*$").match(b"ab" * 50, 0, anchored=True, check=deepest.append)
    assert max(deepest) >= 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("re.compile('(a)(b)').match('abc').group(2)", "b"),
        ("re.compile(',').split('a,b,,c')", "['a', 'b', '', 'c']"),
        ("re.sub('[aeiou]', lambda m: m.group(0) + '!', 'hello')", "he!llo!"),
        (r"re.sub('(a)(b)', '\\2-\\g<1>', 'abab', 1)", "b-aab"),
        ("re.match(b'a', b'abc').group(0)", "b'a'"),
        ("re.match('x', 'abc')", "None"),
        ("re.match('(a)|b', 'b').group(1)", "None"),
        ("re.search('b', 'abc')", "<match num=1>"),
    ],
)
def test_module(run: Callable[..., Run], text: str, expected: str) -> None:
    """What scripts see."""
    assert run(f"import re\nprint({text})").printed == expected + "\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("re.compile('*')", "ValueError: regex too complex"),
        ("re.compile('a)')", "ValueError: error in regex"),
        ("re.match('a', 'a').group(1)", "IndexError: 1"),
        ("re.compile('(,)').split('a,b')", "NotImplementedError: splitting with sub-captures"),
        ("re.match('a', 5)", "TypeError: can't convert 'int' object to str implicitly"),
        ("re.match('(a*)*', 'b')", "RuntimeError: maximum recursion depth exceeded"),
    ],
)
def test_errors(run: Callable[..., Run], text: str, expected: str) -> None:
    """The last line of the traceback."""
    assert run(f"import re\n{text}").printed.splitlines()[-1] == expected


def test_requests(run: Callable[..., Run]) -> None:
    """The program, and the match, which is given back if there is none."""
    assert run("import re\nre.match('a', 'b')").asked == [("alloc", 28), ("alloc", 20), ("free", 0)]
