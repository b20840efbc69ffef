"""The camera's file systems in front of a folder of the host."""

import pytest

from omvsim.boards import load_board
from omvsim.models import make
from omvsim.runs.options import ScriptOptions
from omvsim.runs.session import ScriptSession
from omvsim.standard.vfs.filesystem import EACCES, EEXIST, ENOENT, EROFS, FileError
from omvsim.standard.vfs.host_files import HostFiles
from omvsim.verdict import Verdict
from omvsim.world.files import Files


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


# -- files that the firmware brings ------------------------------------------------------------------------------------


def stocked(folder, text, firmware="4.8.1", **options):
    script = folder / "main.py"
    script.write_text(text)
    board = load_board("openmv-rt1062", firmware)
    return ScriptSession(board, script, ScriptOptions(**options)).run()


@pytest.mark.parametrize(("firmware", "there"), [("4.7.0", "yolo_v5_224_nano.tflite"), ("4.8.1", "yolo_lc_192.tflite")])
def test_files_of_the_firmware_are_listed_with_their_size(folder, firmware, there):
    text = f"""import os
names = os.listdir("/rom")
print("person_detect.tflite" in names, "{there}" in names, len(names) == len(set(names)))
print(os.stat("/rom/person_detect.tflite")[6], {{e[0]: e[3] for e in os.ilistdir("/rom")}}["{there}"])
f = open("/rom/person_detect.tflite", "rb")
print(f.seek(0, 2), f.seek(-8, 2))
f.close()
print(open("/rom/person_detect.txt").read().split())
"""
    result = stocked(folder, text, firmware)
    size = {file.name: file.bytes for file in load_board("openmv-rt1062", firmware).filesystem("rom").stock}[there]
    assert result.failure is None, result.failure
    assert result.output.splitlines() == [
        "True True True",
        f"300568 {size}",
        "300568 300560",
        "['no_person', 'person']",
    ]


@pytest.mark.parametrize(
    ("text", "firmware", "name"),
    [
        ("open('/rom/person_detect.tflite', 'rb').read(4)", "4.8.1", "/rom/person_detect.tflite"),
        ("import ml\nml.Model('/rom/person_detect.tflite')", "4.8.1", "/rom/person_detect.tflite"),
        ("import ml\nml.Model('/rom/fomo_face_detection.tflite')", "5.0.0", "/rom/fomo_face_detection.tflite"),
        ("import ml\nml.Model('person_detect')", "4.5.9", "person_detect.tflite"),
        ("import tf\ntf.load('fomo_face_detection')", "4.5.5", "fomo_face_detection.tflite"),
        ("from ml.apps import MicroSpeech\nMicroSpeech()", "4.8.1", "/rom/audio_preprocessor.tflite"),
        ("import image\nimage.HaarCascade('/rom/haarcascade_eye.cascade')", "4.8.1", "/rom/haarcascade_eye.cascade"),
    ],
)
def test_what_is_in_a_file_of_the_firmware_is_not_known(folder, text, firmware, name):
    result = stocked(folder, text, firmware)
    assert result.verdict is Verdict.UNKNOWN
    what = result.unmodelled[0][0]
    assert what.startswith(f"{name}: ")
    assert "--model FILE" in what


def test_a_file_of_the_host_takes_the_place_of_one_that_the_firmware_brings(folder):
    (folder / "rom").mkdir()
    (folder / "rom" / "person_detect.tflite").write_bytes(b"TFL3 and more")
    text = "import os\nprint(os.stat('/rom/person_detect.tflite')[6], open('/rom/person_detect.tflite').read())"
    result = stocked(folder, text)
    assert result.output == "13 TFL3 and more\n"


def test_what_no_firmware_brings_is_not_there(folder):
    assert stocked(folder, "open('/rom/another.tflite')").failure.kind == "OSError"


# -- the volume at the root: 4.5.0 to 4.5.9 (openmv/openmv v4.5.8, src/omv/ports/mimxrt/main.c) ------------------------

ROOTED = ("4.5.5", "4.5.8", "4.5.9")


@pytest.mark.parametrize("firmware", ROOTED)
def test_the_root_lists_what_is_in_the_volume(folder, firmware):
    text = """import os
print(sorted(name for name in os.listdir("/") if name[0] != "."), os.listdir("/") == os.listdir(""))
print([len(entry) for entry in os.ilistdir("/")].count(4) == len(os.listdir("/")))
print(os.getcwd(), os.listdir("/data"), os.stat("/a.txt")[6], os.statvfs("/")[0])
os.chdir("data")
print(os.getcwd(), os.listdir())
os.chdir("/")
print(os.getcwd(), os.listdir("data"), open("a.txt").read())
"""
    result = stocked(folder, text, firmware)
    assert result.failure is None, result.failure
    assert result.output.splitlines() == [
        "['a.txt', 'data', 'main.py'] True",
        "True",
        "/ ['b.bin'] 13 4096",
        "/data ['b.bin']",
        "/ ['b.bin'] from the host",
    ]


@pytest.mark.parametrize("firmware", ROOTED)
@pytest.mark.parametrize("what", ["os.listdir('/flash')", "open('/flash/a.txt')", "os.stat('/flash/a.txt')"])
def test_there_is_no_flash_below_the_root(folder, firmware, what):
    assert stocked(folder, f"import os\n{what}", firmware).failure.text == "OSError: [Errno 2] ENOENT"


@pytest.mark.parametrize(("firmware", "call"), [("4.5.8", "import ml\nml.Model"), ("4.5.5", "import tf\ntf.load")])
def test_a_model_below_flash_is_not_there_either(folder, firmware, call):
    (folder / "flash" / "net.tflite").write_bytes(make("tiny-conv"))
    missing = stocked(folder, f"{call}('/flash/net.tflite')", firmware)
    assert missing.failure.kind == "OSError"
    assert stocked(folder, f"{call}('/net.tflite')", firmware).failure is None


def test_a_card_takes_the_place_of_the_flash(folder):
    (folder / "sdcard").mkdir()
    (folder / "sdcard" / "c.txt").write_text("on the card")
    text = "import os\nprint('c.txt' in os.listdir('/'), 'a.txt' in os.listdir('/'), open('/c.txt').read())"
    assert stocked(folder, text, "4.5.8").output == "True False on the card\n"
    assert ".openmv_disk" in stocked(folder, "import os\nprint(os.listdir())", "4.5.8").output
    text = "import os\nprint(sorted(os.listdir('/')), os.getcwd(), open('/sdcard/c.txt').read())"
    assert stocked(folder, text, "4.8.1").output == "['flash', 'rom', 'sdcard'] /sdcard on the card\n"
