"""What is not modelled ends a run as not known, by its name."""

from __future__ import annotations

import pytest

from omvsim.micropython.errors import Unknown
from omvsim.world.unknown import UnknownModule, unknown
from tests.bare_machine import Run


def with_names(text: str) -> Run:
    def prepare(run_vm) -> None:
        run_vm.modules["dark"] = UnknownModule("dark", {})
        run_vm.builtins["hidden"] = unknown("dark.hidden", "nobody has looked")

    return Run(text, prepare=prepare)


def test_importing_a_module_costs_nothing_and_tells_its_name() -> None:
    run = with_names("import dark\nprint(dark.__name__)")
    assert run.printed == "dark\n"


@pytest.mark.parametrize(
    "text", ["import dark\ndark.anything", "import dark\ndark.anything()", "from dark import anything"]
)
def test_a_name_of_it_ends_the_run(text: str) -> None:
    with pytest.raises(Unknown, match=r"dark\.anything"):
        with_names(text)


def test_a_function_can_be_had_but_not_called() -> None:
    assert with_names("f = hidden\nprint(callable(f))").printed == "True\n"
    with pytest.raises(Unknown) as caught:
        with_names("hidden(1, a=2)")
    assert (caught.value.what, caught.value.why) == ("dark.hidden", "nobody has looked")


def test_its_attributes_are_not_known_either() -> None:
    with pytest.raises(Unknown, match=r"hidden\.inside"):
        with_names("hidden.inside")
