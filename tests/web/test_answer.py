"""What the page asks becomes one command of omvsim, and the answer is that command's."""

from __future__ import annotations

import base64
import http.client
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from omvsim import models
from omvsim.boards import releases
from omvsim.firmware import LoadMode
from omvsim.web import Asked, MistakenError, answer, engine
from omvsim.web._inside import handle
from omvsim.web._server import HOST, execute, plain_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

WEB = Path(__file__).parents[2] / "omvsim" / "web"
MODEL = models.make("tiny-conv")
SCRIPT = b"import gc\nprint('free', gc.mem_free() > 0)\n"


def question(**more: object) -> dict[str, Any]:
    files = {"tiny.tflite": base64.b64encode(MODEL).decode(), "main.py": base64.b64encode(SCRIPT).decode()}
    return {"files": files, "main": "tiny.tflite", **more}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "run tiny.tflite"),
        ({"firmware": "5.0.0", "load": "file"}, "run tiny.tflite --firmware 5.0.0 --load file"),
        ({"main": "main.py"}, "exec main.py --frames 40 --time-limit 20 --model tiny.tflite"),
        ({"main": "main.py", "load": "rom"}, "exec main.py --frames 40 --time-limit 20 --model tiny.tflite"),
    ],
)
def test_the_command_is_what_one_would_type(more: dict[str, str], words: str) -> None:
    asked = Asked.of(question(**more))
    assert " ".join(asked.command(page=False)) == words
    assert " ".join(asked.command(page=True)).startswith(f"{words} --html report.html")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([], "no files"),
        ({"files": []}, "no files"),
        ({"files": {"a.tflite": "%%%"}, "main": "a.tflite"}, "not base64"),
        ({"files": {"../a.tflite": ""}, "main": "../a.tflite"}, "neither a model"),
        ({"files": {"a.exe": ""}, "main": "a.exe"}, "neither a model"),
        ({"files": {"-o.py": ""}, "main": "-o.py"}, "neither a model"),
        ({"files": {"a.txt": ""}, "main": "a.txt"}, "not among"),
        ({"files": {"a.py": ""}, "main": "b.py"}, "not among"),
        ({"files": {"a.py": ""}, "main": "a.py", "firmware": "5.0.0 --json"}, "no such release"),
        ({"files": {"a.py": ""}, "main": "a.py", "load": "--json"}, "no such release"),
    ],
)
def test_questions_that_are_none(values: object, says: str) -> None:
    with pytest.raises(MistakenError, match=says):
        Asked.of(values)


def by_hand(folder: Path, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "omvsim", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=plain_environment())
    return done.returncode, done.stdout


def test_the_answer_is_the_commands_byte_for_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the server's process and by the interpreter that is here, which is how the browser does it."""
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "tiny.tflite").write_bytes(MODEL)
    code, out = by_hand(tmp_path, "run", "tiny.tflite", "--firmware", "5.0.0")
    served = tmp_path / "served"
    served.mkdir()
    told = answer(Asked.of(question(firmware="5.0.0")), served, execute)
    assert (told.code, told.out, told.err) == (code, out, "")
    asked, reply = tmp_path / "question.json", tmp_path / "answer.json"
    asked.write_text(json.dumps(question(firmware="5.0.0")))
    handle(str(asked), str(reply))
    inside = json.loads(reply.read_text())
    assert (inside["code"], inside["out"]) == (code, out)
    assert inside["page"] == told.page
    assert told.page.startswith("<!doctype html>")
    assert told.command == "omvsim run tiny.tflite --firmware 5.0.0 --html report.html --no-releases"


def test_a_mistake_is_told(tmp_path: Path) -> None:
    asked, reply = tmp_path / "question.json", tmp_path / "answer.json"
    asked.write_text(json.dumps({"files": {}, "main": "x.py"}))
    handle(str(asked), str(reply))
    assert json.loads(reply.read_text()) == {"mistake": "x.py: not among the files that were dropped"}


def test_what_can_be_chosen_is_what_there_is() -> None:
    """Releases come from the board when the page starts; none is written in it, and no load mode is left out."""
    assert engine("worker", name="python314.zip") == {
        "engine": "worker",
        "name": "python314.zip",
        "releases": releases(),
    }
    shown = "".join((WEB / name).read_text() for name in ("index.html", "page.js", "worker.js"))
    assert [release for release in releases() if release in shown] == []
    loads = re.search(r'id="load">(.*?)</select>', shown)
    assert loads is not None
    assert re.findall(r'value="(\w*)"', loads[1]) == ["", *LoadMode]


# -- omvsim serve ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    command = [sys.executable, "-m", "omvsim", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.match(rf"http://{re.escape(HOST)}:(\d+)/ ", process.stdout.readline())
        assert found is not None
        yield int(found[1])
        process.terminate()
        process.wait(timeout=20)


def asked_of(port: int, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    assert reply.status != 200 or "default-src 'none'" in (reply.getheader("Content-Security-Policy") or "")
    data = reply.read()
    connection.close()
    return reply.status, data


def test_the_page_is_served_with_what_it_needs(port: int) -> None:
    status, page = asked_of(port, "GET", "/")
    assert (status, page) == (200, (WEB / "index.html").read_bytes())
    for name in re.findall(r'(?:src|href)="([^"#:]+)"', page.decode()):
        assert asked_of(port, "GET", f"/{name}") == (200, (WEB / name).read_bytes())
    told = json.loads(asked_of(port, "GET", "/engine.json")[1])
    assert told == {"engine": "server", "releases": list(releases())}
    for path in ("/../pyproject.toml", "/_server.py", "/worker.js"):
        assert asked_of(port, "GET", path)[0] == 404


def test_a_question_is_answered(port: int, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_bytes(SCRIPT)
    (tmp_path / "tiny.tflite").write_bytes(MODEL)
    asked = Asked.of(question(main="main.py"))
    code, out = by_hand(tmp_path, *asked.command(page=False))
    status, data = asked_of(port, "POST", "/answer", json.dumps(question(main="main.py")).encode(), **{"X-Omvsim": "1"})
    told = json.loads(data)
    assert (status, told["code"], told["out"]) == (200, code, out)
    assert "free True" in out


def test_other_sites_are_not_answered(port: int) -> None:
    body = json.dumps(question()).encode()
    assert asked_of(port, "POST", "/answer", body)[0] == 400
    assert asked_of(port, "POST", "/elsewhere", body, **{"X-Omvsim": "1"})[0] == 400
    assert asked_of(port, "GET", "/", Host="evil.example")[0] == 403
    assert asked_of(port, "POST", "/answer", body, Host="evil.example:80", **{"X-Omvsim": "1"})[0] == 403
    status, data = asked_of(port, "POST", "/answer", b"no json", **{"X-Omvsim": "1"})
    assert status == 200
    assert "mistake" in json.loads(data)
