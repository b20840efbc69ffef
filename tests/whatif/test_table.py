"""Tables of sweeps: cut off anywhere, with any name in them, wanted by two."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omvsim.errors import InputError
from omvsim.whatif import Table

COLUMNS = ("case", "model", "verdict")
_NAMES = st.text(st.sampled_from('a"\n\r,\u2028\udc80 ü'), max_size=6)


def rows_of(names: list[str]) -> list[dict[str, str]]:
    return [{"case": str(number), "model": name, "verdict": "ok"} for number, name in enumerate(names)]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(_NAMES, min_size=1, max_size=4), data=st.data())
def test_cut_off_anywhere_and_continued(tmp_path: Path, suffix: str, names: list[str], data: st.DataObject) -> None:
    path = tmp_path / f"t{suffix}"
    path.unlink(missing_ok=True)
    rows = rows_of(names)
    Table(path, COLUMNS).write(rows)
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    table = Table(path, COLUMNS)
    table.write(row for row in rows if row["case"] not in table.done)
    assert path.read_bytes() == whole


def test_a_line_feed_in_a_name_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    Table(path, COLUMNS).write(rows_of(["a\nb", 'c"\r\n']))
    with path.open(newline="") as file:
        assert [row["model"] for row in csv.DictReader(file)] == ["a\nb", 'c"\r\n']


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
@pytest.mark.parametrize("content", [b"no table", b"no table\n", b"a,b\nc", b"\xff\xfe", b'"open\nquote'])
def test_another_file_stays_as_it_is(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match="is not a table"):
        Table(path, COLUMNS)
    assert path.read_bytes() == content


def test_a_second_writer_is_refused_and_may_come_later(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    table = Table(path, COLUMNS)
    code = "import sys; from omvsim.whatif import Table; Table(sys.argv[1], ('case', 'model', 'verdict'))"
    refused = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=False)
    assert refused.stderr.splitlines()[-1].endswith("t.csv: another process is writing this table")
    table.write(rows_of(["a"]))
    subprocess.run([sys.executable, "-c", code, path], check=True)
    assert Table(path, COLUMNS).done == {"0"}


def test_the_lock_of_a_table_that_is_refused_is_free(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("no table\n")
    for _ in range(2):
        with pytest.raises(InputError, match="its columns are others"):
            Table(path, COLUMNS)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device")
def test_a_full_disk_keeps_the_rows_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.csv"
    table = Table(path, COLUMNS)
    before = path.read_bytes()
    monkeypatch.setattr(table, "path", Path("/dev/full"))
    with pytest.raises(InputError, match=r"cannot be written \(No space left"):
        table.write(rows_of(["a"]))
    assert path.read_bytes() == before
    assert Table(path, COLUMNS).done == frozenset()
