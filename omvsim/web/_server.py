"""``omvsim serve``: the page on the loopback interface, with this installation behind it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from omvsim.errors import OmvsimError
from omvsim.web._answer import MOST_BYTES, Asked, answer, engine

if TYPE_CHECKING:
    from collections.abc import Callable

HOST: Final = "127.0.0.1"
_FOLDER = Path(__file__).parent
_FILES: Final = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
}
_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src data:; frame-src 'self' blob:"
)
_TIMEOUT = 120
_MOST_BODY = MOST_BYTES * 4 // 3 + (1 << 20)


class _Handler(BaseHTTPRequestHandler):
    server_version = "omvsim"

    def do_GET(self) -> None:
        """One of the page's files, or which engine answers."""
        if not self._is_ours():
            return
        if self.path == "/engine.json":
            self._send(HTTPStatus.OK, "application/json", json.dumps(engine("server")).encode())
        elif self.path in _FILES:
            name, kind = _FILES[self.path]
            self._send(HTTPStatus.OK, kind, (_FOLDER / name).read_bytes())
        else:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"")

    def do_POST(self) -> None:
        """A question; another site's page cannot send this header without asking first, and is not answered."""
        if not self._is_ours():
            return
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/answer" or self.headers.get("X-Omvsim") != "1" or not 0 < length <= _MOST_BODY:
            self._send(HTTPStatus.BAD_REQUEST, "text/plain", b"")
            return
        try:
            asked = Asked.of(json.loads(self.rfile.read(length)))
            with TemporaryDirectory(prefix="omvsim-serve-") as folder:
                values = answer(asked, Path(folder), execute).as_json()
        except (OmvsimError, ValueError) as error:
            values = {"mistake": str(error)}
        self._send(HTTPStatus.OK, "application/json", json.dumps(values).encode())

    def _is_ours(self) -> bool:
        """Whether the browser meant this server: a name that was made to point here is refused."""
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        if host in (HOST, "localhost"):
            return True
        self._send(HTTPStatus.FORBIDDEN, "text/plain", b"")
        return False

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal shows where the page is."""


def execute(words: list[str], folder: Path) -> tuple[int, str, str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "omvsim", *words]
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, timeout=_TIMEOUT, check=False, env=plain_environment()
        )
    except subprocess.TimeoutExpired:
        return 1, "", f"omvsim: stopped after {_TIMEOUT} s\n"
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def plain_environment() -> dict[str, str]:
    """The environment but for the size of the terminal, which has no say in an answer; text is UTF-8 everywhere."""
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return kept | {"PYTHONIOENCODING": "utf-8"}


def serve(port: int, ready: Callable[[str], None]) -> None:
    """Answer until interrupted; ``ready`` is told the address. ``port`` 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    with ThreadingHTTPServer((HOST, port), _Handler) as server:
        server.daemon_threads = True
        ready(f"http://{HOST}:{server.server_address[1]}/")
        server.serve_forever()


__all__ = ["HOST", "execute", "plain_environment", "serve"]
