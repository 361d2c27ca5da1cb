"""Window tests where Qt loads; one loud reason where it does not.

pytest-qt stops a whole run where Qt's system libraries are missing. So pyproject.toml keeps it
from loading by itself, and this plugin loads it if mmviz's own preflight finds that a window can
open. Otherwise every import of Qt raises `QtMissingError`, the tests that meet it are skipped with
the one-line reason, and the summary says so. With the variable CI set the run fails instead.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Generator, Iterable
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from mmviz.errors import Unavailable
from mmviz.ui.preflight import check

QT_PACKAGES = frozenset({"PyQt6", "pyqtgraph", "pytestqt"})


class QtMissingError(ImportError):
    """An import of Qt on a machine where Qt cannot be loaded."""


def why_no_qt() -> str:
    """The reason why no window test can run here; empty where they can."""
    if importlib.util.find_spec("pytestqt") is None:
        return "pytest-qt is not installed"
    try:
        check(offscreen=os.environ.get("QT_QPA_PLATFORM") == "offscreen")
    except Unavailable as refusal:
        return str(refusal)
    return ""


REASON = why_no_qt()
pytest_plugins = [] if REASON else ["pytestqt.plugin"]


class Barrier:
    """An import finder that lets nothing of Qt through, so that half a Qt cannot be imported."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name.partition(".")[0] in QT_PACKAGES:
            raise QtMissingError(REASON, name=name)
        return None


class QtlessModule(pytest.Module):
    """A test module that is skipped where it cannot be imported for want of Qt."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        try:
            return super().collect()
        except self.CollectError as error:
            if isinstance(error.__cause__, QtMissingError):
                pytest.skip(REASON, allow_module_level=True)
            raise


def pytest_addoption(parser: pytest.Parser) -> None:
    if REASON:  # pytest-qt's options, so that the settings file stays valid without it
        parser.addini("qt_api", "unused without Qt")
        parser.addini("qt_log_level_fail", "unused without Qt")
        parser.addini("qt_log_ignore", "unused without Qt", type="linelist")


def pytest_configure(config: pytest.Config) -> None:
    if not REASON:
        return
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise pytest.UsageError(f"CI is set, and the window tests cannot run: {REASON}")
    for marker in ("qt_no_exception_capture", "qt_log_level_fail", "qt_log_ignore", "no_qt_log"):
        config.addinivalue_line("markers", f"{marker}: unused without Qt")
    for name in [name for name in sys.modules if name.partition(".")[0] in QT_PACKAGES]:
        del sys.modules[name]
    sys.meta_path.insert(0, Barrier())


def pytest_pycollect_makemodule(
    module_path: Path, parent: pytest.Collector
) -> pytest.Module | None:
    return QtlessModule.from_parent(parent, path=module_path) if REASON else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    if REASON and item.get_closest_marker("qt"):
        pytest.skip(REASON)
    yield from _skipping()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None]:
    yield from _skipping()


def _skipping() -> Generator[None]:
    try:
        yield
    except QtMissingError:
        pytest.skip(REASON)


if REASON:

    @pytest.fixture
    def qapp() -> None:
        """In place of pytest-qt's: skips the test."""
        pytest.skip(REASON)

    @pytest.fixture
    def qtbot(qapp: None) -> None:
        """In place of pytest-qt's: skips the test."""

    @pytest.fixture
    def qtmodeltester(qapp: None) -> None:
        """In place of pytest-qt's: skips the test."""

    @pytest.fixture
    def qtlog(qapp: None) -> None:
        """In place of pytest-qt's: skips the test."""


def pytest_report_header() -> list[str]:
    return [f"NO WINDOW TESTS: {REASON}"] if REASON else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if REASON:
        terminalreporter.section("THE WINDOW WAS NOT TESTED", red=True, bold=True)
        terminalreporter.line(REASON, red=True)
