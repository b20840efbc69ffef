"""The camera's file systems in front of a folder of the host."""

import pytest

from omvsim.boards import load_board
from omvsim.modules.vfs.filesystem import EACCES, EEXIST, ENOENT, EROFS, FileError
from omvsim.runs.files import Files
from omvsim.runs.host_files import HostFiles
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "flash" / "data").mkdir(parents=True)
    (tmp_path / "flash" / "a.txt").write_text("from the host")
    (tmp_path / "flash" / "data" / "b.bin").write_bytes(b"\1\2\3")
    return tmp_path


@pytest.fixture
def flash(folder):
    return HostFiles(Files(folder), "flash", 4 << 20, writable=True)


def refused(number):
    return pytest.raises(FileError, match=f"^{number}$")


def test_what_the_host_has_is_there(flash):
    assert flash.kind("/") == flash.kind("/data") == "dir"
    assert flash.kind("/a.txt") == "file"
    assert flash.read("/data/b.bin") == b"\1\2\3"
    assert set(flash.names("/")) >= {"a.txt", "data"}


def test_what_a_script_writes_stays_off_the_host(flash, folder):
    flash.write("/a.txt", b"new")
    flash.write("/data/c.txt", b"more")
    assert flash.read("/a.txt") == b"new"
    assert flash.names("/data") == ["b.bin", "c.txt"]
    assert (folder / "flash" / "a.txt").read_text() == "from the host"
    assert not (folder / "flash" / "data" / "c.txt").exists()


def test_removed_and_renamed(flash, folder):
    flash.rename("/a.txt", "/z.txt")
    assert flash.kind("/a.txt") == ""
    assert flash.read("/z.txt") == b"from the host"
    with refused(EACCES):
        flash.remove("/data")
    flash.remove("/data/b.bin")
    flash.remove("/data")
    assert flash.kind("/data") == ""
    assert (folder / "flash" / "data" / "b.bin").exists()


def test_refusals(flash, folder):
    with refused(ENOENT):
        flash.read("/nothing")
    with refused(ENOENT):
        flash.write("/no/folder.txt", b"")
    with refused(EEXIST):
        flash.make_folder("/data")
    with refused(EACCES):
        flash.write("/data", b"")
    with refused(EROFS):
        HostFiles(Files(folder), "flash", 1 << 20, writable=False).write("/x", b"")


def test_space_follows_from_the_profile(flash):
    assert flash.space() == (4096, 1024, 1024)


def run(folder, text, release="4.8.1"):
    script = folder / "main.py"
    script.write_text(text)
    return ScriptSession(load_board("openmv-rt1062", release), script, ScriptOptions()).run()


def test_a_script_reads_and_writes(folder):
    result = run(folder, "f = open('out.txt', 'w')\nf.write('abc')\nf.close()\nprint(open('/flash/out.txt').read())\n")
    assert result.output == "abc\n"
    assert not (folder / "flash" / "out.txt").exists()


def test_without_a_card_there_is_none(folder):
    result = run(folder, "import os\nprint(os.listdir('/'), os.getcwd())\n")
    assert result.output == "['flash', 'rom'] /flash\n"


def test_up_to_4_5_9_the_flash_is_the_root(folder):
    result = run(folder, "import os\nprint(os.getcwd(), 'a.txt' in os.listdir())\n", "4.5.9")
    assert result.output == "/ True\n"


def test_time_passes_on_the_cameras_clock(folder):
    text = "import time\na = time.ticks_ms()\ntime.sleep_ms(1500)\nprint(time.ticks_diff(time.ticks_ms(), a))\n"
    assert run(folder, text).output == "1500\n"
