"""A pytest plugin: does the model fit the camera?

::

    @pytest.mark.omv_fits(model="models/person.tflite", firmware="4.8.1", headroom="64K")
    def test_person_detector(): ...

    def test_room_left(omvsim):
        omvsim.assert_fits("models/person.tflite", firmware=["4.8.1", "5.0.0"], longest_free="1M")
        assert omvsim.run("models/person.tflite").model_ram < 300_000

pytest finds it by its entry point. Nothing of omvsim is imported before a test asks for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omvsim.gate import JobResult
    from omvsim.runs.scenario import RunResult

MARK = "omv_fits"


class OmvSim:
    """What the ``omvsim`` fixture gives; models are looked for beside the test, then in pytest's root folder."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders

    def run(self, model: str | Path, **options: Any) -> RunResult:
        """Simulate a model; ``options`` are those of :func:`omvsim.api.run`.

        Raises:
            InputError: something given cannot be used.
        """
        from omvsim import api  # noqa: PLC0415 - pytest sessions that do not use it must not pay for it

        return api.run(self._root(str(model)) / model, **options)

    def check(self, model: str | Path, **settings: Any) -> tuple[JobResult, ...]:
        """Hold a model, or those of a glob, against budgets.

        Args:
            model: path or glob.
            settings: what an entry of a gate policy may say (``board``, ``firmware``, ``load``, ``frames``,
                ``require`` …) and its budgets by name (``headroom="64K"``).

        Returns:
            A result for each model and release.

        Raises:
            InputError: something given cannot be used.
        """
        from omvsim.pytest_plugin._check import check  # noqa: PLC0415

        return check(self._root(str(model)), str(model), settings)

    def assert_fits(self, model: str | Path, **settings: Any) -> None:
        """Fail with the explanation unless every budget holds; arguments as :meth:`check`.

        Raises:
            AssertionError: the model does not run, or a budget does not hold.
            InputError: something given cannot be used.
        """
        __tracebackhide__ = True
        message = self.explain(model, **settings)
        if message:
            raise AssertionError(message)

    def explain(self, model: str | Path, **settings: Any) -> str:
        """What :meth:`assert_fits` would say; empty if everything fits."""
        from omvsim.pytest_plugin._check import explain  # noqa: PLC0415

        return explain(self.check(model, **settings))

    def _root(self, model: str) -> Path:
        if Path(model).is_absolute():
            return self._folders[0]
        return next((folder for folder in self._folders if any(folder.glob(model))), self._folders[0])


def _folders(item: pytest.Item) -> tuple[Path, ...]:
    return tuple(dict.fromkeys((item.path.parent, item.config.rootpath)))


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    text = (
        f"{MARK}(model, board=, firmware=, load=, headroom=, arena=, …): the test fails, with an explanation, unless "
        "the .tflite model loads and runs on the simulated OpenMV Cam within these budgets"
    )
    config.addinivalue_line("markers", text)


@pytest.fixture
def omvsim(request: pytest.FixtureRequest) -> OmvSim:
    """Simulated cameras: ``run``, ``check``, ``assert_fits``."""
    return OmvSim(_folders(request.node))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Check the marker's models in front of the test's own body."""
    messages = [message for mark in item.iter_markers(MARK) for message in _messages(item, mark)]
    if messages:
        pytest.fail("\n".join(messages), pytrace=False)


def _messages(item: pytest.Item, mark: pytest.Mark) -> Iterator[str]:
    from omvsim.errors import InputError  # noqa: PLC0415

    settings = dict(mark.kwargs)
    model = settings.pop("model", None)
    if mark.args or not isinstance(model, str | Path):
        yield f'{MARK}: say @pytest.mark.{MARK}(model="model.tflite", …), all by name'
        return
    try:
        message = OmvSim(_folders(item)).explain(model, **settings)
    except InputError as error:
        yield str(error)
        return
    if message:
        yield message
