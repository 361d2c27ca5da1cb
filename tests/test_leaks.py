"""The guards of the test suite themselves: each fires, and says what it found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent

WITHOUT_QT = """
import logging, os, subprocess, sys, threading, time, warnings
import pytest

def test_thread():
    threading.Thread(target=time.sleep, args=(60,), name="sleeper", daemon=True).start()

def test_process():
    pytest.kept = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

def test_the_process_was_ended():
    assert pytest.kept.wait(10) != 0

def test_log():
    logging.getLogger("mmviz.x").warning("something %s", "odd")

def test_info_is_no_leak():
    logging.getLogger("mmviz.x").info("nothing")

def test_a_log_that_was_asked_for(caplog):
    logging.getLogger("mmviz.x").warning("expected")
    assert caplog.messages == ["expected"]

def test_warning():
    warnings.warn("look out")

def test_thread_that_raises():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start(); thread.join()

def test_a_thread_and_a_process_that_end_are_no_leak():
    threading.Thread(target=time.sleep, args=(0.1,)).start()
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_user_folders(user_folders):
    import platformdirs
    assert platformdirs.user_config_path("mmviz").is_relative_to(user_folders)
    assert platformdirs.user_data_path("mmviz").is_relative_to(user_folders)
"""

WITH_QT = """
import time
import pytest
from PyQt6.QtCore import QPauseAnimation, QThread, QTimer, qWarning
from PyQt6.QtWidgets import QApplication, QWidget

kept = []

def test_platform(qapp):
    assert qapp.platformName() == "offscreen"

def test_window(qtbot):
    kept.append(QWidget())
    kept[-1].setWindowTitle("forgotten")
    kept[-1].show()

def test_window_that_qtbot_closes(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    kept.append(widget)

def test_window_in_a_cycle_is_no_leak(qtbot):
    widget = QWidget()
    widget.me = widget

def test_timer(qtbot):
    timer = QTimer(QApplication.instance())
    timer.setObjectName("ticker")
    timer.start(1000)

def test_timer_of_python(qtbot):
    kept.append(QTimer())
    kept[-1].setObjectName("tocker")
    kept[-1].start(1000)

def test_stopped_timer_is_no_leak(qtbot):
    kept.append(QTimer())
    kept[-1].start(1000)
    kept[-1].stop()

def test_animation(qtbot):
    kept.append(QPauseAnimation(100_000))
    kept[-1].start()

class Sleeper(QThread):
    def run(self):
        time.sleep(2)

def test_qt_thread(qtbot):
    kept.append(Sleeper())
    kept[-1].setObjectName("snorer")
    kept[-1].start()

def test_the_thread_ends(qtbot):
    assert kept[-1].wait(20_000)

def test_qt_message(qtbot):
    qWarning("not today")

def test_exception_in_a_slot(qtbot):
    QTimer.singleShot(0, lambda: 1 / 0)
    qtbot.wait(50)

def test_clean(qtbot):
    pass
"""


IMPATIENT = """
def pytest_configure():
    import leaks
    leaks.GRACE_S = 0.5  # what is left behind here does not end in two seconds either
"""


def run(folder: Path, body: str, name: str = "tests/test_it.py", **env: str) -> tuple[int, str]:
    """Exit status and output of pytest on a project with our settings, our plugins and one file."""
    shutil.copy(TESTS.parent / "pyproject.toml", folder)
    shutil.copytree(TESTS / "plugins", folder / "tests" / "plugins", dirs_exist_ok=True)
    conftest = (TESTS / "conftest.py").read_text()
    (folder / "tests" / "conftest.py").write_text(conftest + IMPATIENT)
    file = folder / name
    file.parent.mkdir(exist_ok=True, parents=True)
    file.write_text(body)
    ours = ("CI", "PYTHONPATH", "PYTEST_ADDOPTS")
    inherited = {key: value for key, value in os.environ.items() if key not in ours}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--color=no"],
        cwd=folder,
        env=inherited | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def outcomes(output: str, *words: str) -> dict[str, str]:
    """Test name -> the line of the short summary, for the outcomes `words`."""
    pattern = rf"^({'|'.join(words)}) tests/[\w/]+\.py::(\w+)(.*)$"
    return {match[2]: match[3] for match in re.finditer(pattern, output, re.M)}


def test_threads_processes_and_logs(tmp_path: Path) -> None:
    status, output = run(tmp_path, WITHOUT_QT)
    assert status == 1
    errors = outcomes(output, "ERROR")
    assert set(errors) == {"test_thread", "test_process", "test_log"}, output
    assert "left behind: thread 'sleeper'" in output
    assert re.search(r"left behind: process \d+ \(.*time\.sleep\(60\)", output)
    assert "left behind: log record WARNING 'something odd'" in output
    failures = outcomes(output, "FAILED")
    assert set(failures) == {"test_warning", "test_thread_that_raises"}, output
    assert "UserWarning: look out" in output
    assert "PytestUnhandledThreadExceptionWarning" in output


@pytest.mark.qt
def test_windows_timers_and_qt_threads(tmp_path: Path) -> None:
    status, output = run(tmp_path, WITH_QT)
    assert status == 1
    errors = outcomes(output, "ERROR")
    assert set(errors) == {
        "test_window",
        "test_timer",
        "test_timer_of_python",
        "test_animation",
        "test_qt_thread",
    }, output
    assert "left behind: window QWidget 'forgotten'" in output
    assert "left behind: timer 'ticker' every 1000 ms" in output
    assert "left behind: timer 'tocker' every 1000 ms" in output
    assert "left behind: animation QPauseAnimation" in output
    assert "left behind: Qt thread 'snorer'" in output
    assert set(outcomes(output, "FAILED")) == {"test_qt_message", "test_exception_in_a_slot"}


# --- a machine without Qt's libraries ------------------------------------------------------------

HALF = """
import pytest

def test_plain():
    assert True

def test_window(qtbot):
    assert False

def test_lazy():
    import PyQt6.QtWidgets

@pytest.mark.qt
def test_marked():
    assert False

@pytest.fixture
def window():
    from pyqtgraph import PlotWidget

def test_fixture(window):
    assert False
"""
WHOLE = """
from PyQt6.QtWidgets import QWidget

def test_window():
    assert False
"""


def without_libraries(folder: Path) -> str:
    """A PYTHONPATH on which PyQt6 is there and cannot load, as where libEGL is missing."""
    package = folder / "broken" / "PyQt6"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        "raise ImportError('libEGL.so.1: cannot open shared object file: No such file')"
    )
    return str(package.parent)


def test_without_qt_the_window_tests_are_skipped_loudly(tmp_path: Path) -> None:
    (tmp_path / "tests" / "ui").mkdir(parents=True)
    (tmp_path / "tests" / "ui" / "test_whole.py").write_text(WHOLE)
    status, output = run(tmp_path, HALF, PYTHONPATH=without_libraries(tmp_path))
    assert status == 0, output
    assert "1 passed, 5 skipped" in output
    assert "NO WINDOW TESTS: the window cannot open" in output
    assert "THE WINDOW WAS NOT TESTED" in output
    assert "libegl1" in output  # among others, where others are missing as well


def test_without_qt_a_run_on_ci_is_an_error(tmp_path: Path) -> None:
    status, output = run(tmp_path, HALF, PYTHONPATH=without_libraries(tmp_path), CI="true")
    assert status == 4, output
    assert "CI is set, and the window tests cannot run: the window cannot open" in output


def test_another_import_error_stays_an_error_without_qt(tmp_path: Path) -> None:
    status, output = run(tmp_path, "import nowhere\n", PYTHONPATH=without_libraries(tmp_path))
    assert status == 2, output
    assert "No module named 'nowhere'" in output
