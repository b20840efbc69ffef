"""Power-up leaves on the heap what the firmware leaves (measured: language traces, releases-measured)."""

import pytest

from omvsim.boards import known_release, load_board
from omvsim.firmware import Camera
from omvsim.memory.firmware_names import names_in_order
from omvsim.memory.requests import Phase
from omvsim.runs.boot import boot, boot_of, is_measured
from omvsim.runs.options import ScriptOptions
from omvsim.runs.result import Outcome
from omvsim.runs.session import ScriptSession
from omvsim.runs.start import new_camera_machine


def booted(profile: str, release: str):
    board = load_board(profile, release)
    vm = new_camera_machine(board, Camera(board).heap)
    vm.memory.tape = []
    return vm, boot(vm, board)


@pytest.mark.parametrize(
    ("profile", "release", "used"),
    [
        ("openmv-rt1062", "4.8.1", 5472),
        ("openmv-rt1062", "5.0.0", 5472),
        ("openmv-rt1062-qemu", "4.8.1", 5024),
        ("openmv-rt1062-qemu", "4.7.0", 5024),
        ("openmv-rt1062-qemu", "4.6.20", 4976),
        ("openmv-rt1062-qemu", "4.5.9", 4368),
    ],
)
def test_bytes_in_use_after_boot(profile, release, used):
    vm, kept = booted(profile, release)
    assert vm.memory.heap.used == used
    assert all(request.phase is Phase.BOOT for request in vm.memory.tape)
    assert all(block.address for block in kept.kept)


def test_names_of_boot_fill_the_table_of_globals():
    vm, _ = booted("openmv-rt1062", "4.8.1")
    assert len(vm.main.map) == 6
    assert len(vm.main.map.slots) == 12
    assert vm.main.map.table.size == 96


def test_the_seventh_new_name_of_a_script_makes_the_table_larger(tmp_path):
    script = tmp_path / "main.py"
    script.write_text("".join(f"name_{number} = {number}\n" for number in range(7)))
    result = ScriptSession(load_board(), script, ScriptOptions(requests=True)).run()
    run = [(each.kind, each.size, each.line) for each in result.requests if each.phase is Phase.RUN]
    assert run == [("alloc", 136, 7), ("free", 0, 7)]


def test_an_empty_script_leaves_what_the_camera_has(tmp_path):
    script = tmp_path / "main.py"
    script.write_text("")
    result = ScriptSession(load_board(), script, ScriptOptions()).run()
    assert (result.snapshot.used_at_start, result.snapshot.used, result.snapshot.live) == (
        5984,
        5984,
        5296,
    )  # its code is in use


def test_a_release_without_measured_names_takes_the_newest_before_it():
    names = {release: known_release(release).dialect.names for release in ("4.7.0", "4.8.1", "5.0.0")}
    assert names == {"4.7.0": "4.8.1", "4.8.1": "4.8.1", "5.0.0": "5.0.0"}


def test_only_what_was_measured_is_said_to_be():
    assert is_measured(known_release("4.8.1"), "full")
    assert not is_measured(known_release("4.6.20"), "full")
    assert boot_of(known_release("4.6.20"), "full").requests == boot_of(known_release("4.6.20"), "ml").requests


def test_the_main_script_knows_its_name(tmp_path):
    """py/runtime.c, ``mp_init``: boot leaves ``__name__`` among the names, and it is ``__main__``."""
    script = tmp_path / "main.py"
    script.write_text("print(__name__)\nif __name__ == '__main__':\n    print('yes')\n")
    assert ScriptSession(load_board(), script, ScriptOptions()).run().output == "__main__\nyes\n"


def unprintable(tmp_path, second):
    script = tmp_path / "main.py"
    script.write_text(
        "class A(ValueError):\n    def __repr__(self):\n        print('asked')\n"
        f"        raise {second}\n"
        "class B(KeyError):\n    def __repr__(self):\n        raise B()\n"
        "raise A()\n"
    )
    return script


def test_an_exception_raised_while_another_is_printed_is_printed_too(tmp_path):
    """common/mp_utils.c of v4.8.1, ``mp_exec_bootscript``: what comes out of ``pyexec_file`` is printed."""
    result = ScriptSession(load_board(), unprintable(tmp_path, "IndexError('inner')"), ScriptOptions()).run()
    assert result.outcome is Outcome.EXCEPTION
    assert (result.failure.kind, result.failure.text, result.failure.line) == ("ValueError", "ValueError", 8)
    assert result.output == (
        'Traceback (most recent call last):\n  File "main.py", line 8, in <module>\nasked\n'
        'Traceback (most recent call last):\n  File "main.py", line 4, in __repr__\nIndexError: inner\n'
    )


def test_an_exception_that_can_never_be_printed_stops_the_camera(tmp_path):
    """ports/mimxrt/main.c, ``nlr_jump_fail``: an endless loop."""
    assert ScriptSession(load_board(), unprintable(tmp_path, "B()"), ScriptOptions()).run().outcome is Outcome.HANGS


def test_5_0_0_stops_at_the_first_one(tmp_path):
    """ports/mimxrt/main.c of v5.0.0 starts the script without a handler around it."""
    board = load_board(firmware="5.0.0")
    assert ScriptSession(board, unprintable(tmp_path, "IndexError()"), ScriptOptions()).run().outcome is Outcome.HANGS


@pytest.mark.parametrize("profile", ["openmv-rt1062", "openmv-rt1062-qemu"])
def test_the_script_is_main(profile, tmp_path):
    script = tmp_path / "main.py"
    script.write_text("class C:\n    pass\nprint(__name__, C.__module__ if hasattr(C, '__module__') else '-')\n")
    result = ScriptSession(load_board(profile), script, ScriptOptions()).run()
    assert result.failure is None
    assert result.output.startswith("__main__ ")


def test_names_of_a_camera_are_in_the_order_of_its_pools():
    """``dir`` asks every name in turn: those every port has stand first, not in the alphabet's order."""
    vm, _ = booted("openmv-rt1062", "4.8.1")
    assert tuple(vm.strings.in_order()[:4]) == names_in_order("4.8.1")[:4]
    assert vm.strings.in_order() != sorted(vm.strings.in_order())


def test_a_machine_knows_its_firmware_and_whose_interpreter_it_has():
    vm, _ = booted("openmv-rt1062", "4.7.0")
    assert (vm.release.version, vm.dialect.names) == ("4.7.0", "4.8.1")


def test_a_module_that_boot_imported_costs_a_script_nothing(tmp_path):
    """``_boot.py`` imports the frozen ``machine.py``: its chunks are among boot's, and it is loaded."""
    script = tmp_path / "main.py"
    script.write_text(
        "import sys\nimport machine\nfrom machine import LED\nprint(sys.modules, machine.LED is LED)\n"
        "LED('LED_RED').on()\nmachine.mine = 5\nprint(machine.mine)\n"
    )
    session = ScriptSession(load_board(), script, ScriptOptions(requests=True))
    result = session.run()
    assert result.failure is None
    assert result.output == "{'machine': <module 'machine' from 'machine.py'>} True\n5\n"
    assert not [request for request in result.requests if request.phase is Phase.RUN and request.line in {1, 2, 6}]


def test_what_boot_left_in_main_is_not_known(tmp_path):
    """Texts and a function of ``_boot.py`` are the camera's: printed as such, and no script computes with them."""
    script = tmp_path / "main.py"
    script.write_text("print(create_file is None, sorted(globals()))\nprint(globals())\ncreate_file('x')\n")
    result = ScriptSession(load_board(), script, ScriptOptions()).run()
    names = "['__name__', 'create_file', 'machine', 'main_py', 'mimxrt', 'readme_txt']"
    assert result.output.startswith(f"False {names}\n{{'readme_txt': ..., ")
    assert result.outcome is Outcome.NOT_MODELLED
    assert "print() of create_file: a name that the camera's _boot.py left behind" in result.notes
    for statement in ("main_py[0]", "main_py + ''", "-machine", "machine.Pin", "for c in main_py: pass"):
        script.write_text(statement)
        assert ScriptSession(load_board(), script, ScriptOptions()).run().outcome is Outcome.NOT_MODELLED, statement


def test_the_file_of_the_main_script_is_a_name_in_5_0_0(tmp_path):
    script = tmp_path / "main.py"
    script.write_text("print(__file__)\n")
    assert ScriptSession(load_board(firmware="5.0.0"), script, ScriptOptions()).run().output == "main.py\n"
    assert "NameError" in ScriptSession(load_board(), script, ScriptOptions()).run().output
