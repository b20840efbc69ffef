"""Tables of a sweep: lines that are added as they come, and survive being killed."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omvsim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Row = dict[str, Any]


class Table:
    """Rows in a JSON Lines or CSV file (by its suffix); what an interrupted run left there is kept.

    The file is this table's own from here to the end of :meth:`write`: another process that wants it is refused, by a
    lock on the hidden file ``.NAME.lock`` beside it, which stays there.

    Raises:
        InputError: another suffix, a file that is not such a table, a folder that cannot be written, or a table that
            another process is writing.
    """

    def __init__(self, path: str | Path, columns: Iterable[str]) -> None:
        self.path = Path(path)
        self.columns = tuple(columns)
        self._lines = {".jsonl": _json_line, ".csv": self._csv_line}.get(self.path.suffix)
        if self._lines is None:
            raise InputError(self.path, "a table is a .jsonl or a .csv file")
        from filelock import FileLock  # noqa: PLC0415 - it loads slowly, and only tables need it

        self._lock = FileLock(self.path.with_name(f".{self.path.name}.lock"), timeout=0)
        with self._reported():
            self.path.open("ab").close()  # the lock would make a folder that does not exist
            self._lock.acquire()
            try:
                self.done = frozenset(self._recovered())
            except BaseException:
                self._lock.release()
                raise

    def write(self, rows: Iterable[Row], progress: Callable[[int], None] | None = None) -> int:
        """Append rows as they come; returns how many. Each line is complete before the next row is waited for.

        Raises:
            InputError: the disk is full; the rows before are kept.
        """
        assert self._lines is not None
        count = 0
        try:
            for row in rows:
                line = self._lines(row)
                with self._reported(), self.path.open("ab", buffering=0) as file:
                    file.write(line)
                count += 1
                if progress is not None:
                    progress(1)
        finally:
            self._lock.release()
        return count

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise InputError(self.path, "another process is writing this table") from error
        except OSError as error:
            raise InputError(self.path, f"cannot be written ({error.strerror})") from error

    def _csv_line(self, row: Row) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow([_cell(row.get(column)) for column in self.columns])
        return text.getvalue().encode(errors="surrogateescape")

    def _recovered(self) -> list[str]:
        """The cases in the file; a last line that was cut off is taken out. A new CSV file gets its header."""
        data = self.path.read_bytes() if self.path.exists() else b""
        is_csv = self.path.suffix == ".csv"
        length = _whole_rows(data, quoted=is_csv)
        header = self._csv_line(dict(zip(self.columns, self.columns, strict=True))) if is_csv else b""
        if not length and not (header or b'{"case": ').startswith(data[:9]):
            raise InputError(self.path, "exists and is not a table of such a sweep (it has no line)")
        cases = []
        if length:
            try:
                text = data[:length].decode(errors="surrogateescape")
                cases = self._csv_cases(text) if is_csv else [str(json.loads(row)["case"]) for row in io.StringIO(text)]
            except (ValueError, KeyError, TypeError, csv.Error) as error:
                raise InputError(self.path, f"exists and is not a table of such a sweep ({error})") from error
        with self.path.open("ab", buffering=0) as file:
            file.truncate(length)
            if not length:
                file.write(header)
        return cases

    def _csv_cases(self, text: str) -> list[str]:
        reader = csv.reader(io.StringIO(text, newline=""))
        if tuple(next(reader, [])) != self.columns:
            raise ValueError("its columns are others")
        return [line[0] for line in reader]


def _json_line(row: Row) -> bytes:
    return json.dumps(row).encode() + b"\n"


def _whole_rows(data: bytes, *, quoted: bool) -> int:
    """Bytes of the rows that are complete; in ``quoted`` cells (CSV) a line feed ends no row."""
    length, at, is_open = 0, 0, False
    for line in io.BytesIO(data):
        at += len(line)
        is_open ^= quoted and line.count(b'"') % 2 == 1
        if line.endswith(b"\n") and not is_open:
            length = at
    return length


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value


__all__ = ["Table"]
