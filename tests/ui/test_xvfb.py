"""The real command on a real X display: it opens, obeys the keys, and leaves when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

PATIENCE_S = 60  # a loaded machine is slow, not wrong

PROBE = """
import sys
from PyQt6.QtCore import QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from mmviz.cli import run
from mmviz.ui.start.app import application

def look():
    named = (w for w in QApplication.topLevelWidgets() if w.objectName() == "mmviz")
    window = next((w for w in named if w.isVisible()), None)
    if window is None:
        QTimer.singleShot(300, look)
        return
    print("open", QApplication.platformName(), window.isVisible(), flush=True)
    QTest.keyClick(window.picture, Qt.Key.Key_End)
    print("end", window.transport.slider.value(), flush=True)

app = application()
QTimer.singleShot(300, look)
sys.exit(run(["two-by-two"]))
"""


def wait_for(look: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


def environment(display: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    return {**kept, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}


def test_the_command_opens_a_window_on_a_real_display(xvfb: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROBE],
        env=environment(xvfb),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []

        def read() -> bool:
            assert process.stdout is not None
            lines.append(process.stdout.readline().strip())
            assert lines[-1], process.communicate()[1]
            return lines[-1].startswith("end")

        wait_for(read)
        process.send_signal(signal.SIGINT)  # Ctrl+C closes the window
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert lines == ["open xcb True", "end 10000"]
    assert process.returncode == 0
    assert errors == ""


FIRST = """
import sys
from PyQt6.QtCore import QPoint, QTimer
from PyQt6.QtWidgets import QApplication
from mmviz.cli import run
from mmviz.ui.start.app import application

def look():
    named = (w for w in QApplication.topLevelWidgets() if w.objectName() == "mmviz")
    window = next((w for w in named if w.isVisible()), None)
    if window is None:
        QTimer.singleShot(300, look)
        return
    notice = window.notice
    at = notice.mapToGlobal(QPoint(0, 0))
    drawn = notice.grab().toImage()
    seen = window.screen().grabWindow(0, at.x(), at.y(), notice.width(), notice.height()).toImage()
    spots = [(x, y) for x in range(8, drawn.width() - 8) for y in range(8, drawn.height() - 8)]
    same = sum(drawn.pixelColor(*spot) == seen.pixelColor(*spot) for spot in spots)
    print("said", notice.isVisible(), same > 0.9 * len(spots), flush=True)
    window.close()

app = application()
QTimer.singleShot(SOON, look)
sys.exit(run([]))
"""


def test_what_a_first_start_says_is_seen_on_a_real_display(xvfb: str) -> None:
    """What Qt moved before the first painting was painted over it."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST.replace("SOON", "1500")],
        env=environment(xvfb),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.stdout == "said True True\n", done.stderr
