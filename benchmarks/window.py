"""What a camera move, a selection and an edit cost in the whole window, and who repaints.

    uv run python benchmarks/window.py [--json F]

AlexNet's classifier on an A100, 1680×1050, all panels, Qt's offscreen platform: from the change to
the end of painting. Paint events are counted by the widget they go to, so that a panel which
nothing happened to and yet repaints is seen. Milliseconds are of this computer: compare two trees
by alternating them in one run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PyQt6.QtCore import QEvent, QObject, qInstallMessageHandler

from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.picture.camera import Camera
from mmviz.state.picture.selection import Selection
from mmviz.state.session import open_file
from mmviz.ui.look.theme import DARK
from mmviz.ui.shell.controller import Controller
from mmviz.ui.start.app import application, build

TIMES = 60


class Painted(QObject):
    """Counts paint events by the class of the widget that gets them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Paint:
            self.found[type(watched).__name__] += 1
        return False


def measure(change: Callable[[int], None], painted: Painted) -> dict[str, object]:
    """p50 and p90 in milliseconds, and the paint events of one change."""
    app, times = application(), []
    for i in range(TIMES):
        if i == TIMES - 1:
            painted.found.clear()
        begin = time.perf_counter()
        change(i)
        app.processEvents()
        times.append((time.perf_counter() - begin) * 1e3)
    times.sort()
    return {
        "p50_ms": statistics.median(times),
        "p90_ms": times[len(times) * 9 // 10],
        "paint_events": sum(painted.found.values()),
        "painted": dict(painted.found.most_common()),
    }


def changes(controller: Controller) -> dict[str, Callable[[int], None]]:
    """What is done, by name; the number makes every one of them another change."""

    def move(i: int) -> None:
        controller.look(actions.set_camera, Camera(0.1, 0.001 * i, 0.5, 0.5))

    def select(i: int) -> None:
        controller.look(actions.select, Selection("unit", i))

    def look_at(i: int) -> None:
        controller.look_at(i % 3)

    def edit(i: int) -> None:
        controller.edit("batch", actions.set_batch, 100 + i)

    return {"camera move": move, "selection": select, "product": look_at, "edit": edit}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", metavar="F", help="also write the table as JSON")
    options = parser.parse_args()
    qInstallMessageHandler(lambda *_: None)  # what the offscreen platform says of itself
    app, painted = application(), Painted()
    session = actions.set_device(open_file(networks.read_preset("alexnet")), "a100")
    controller = build(session, DARK)
    window = controller.window
    window.resize(1680, 1050)
    window.show()
    window.settle()
    app.processEvents()
    app.installEventFilter(painted)
    found = {name: measure(change, painted) for name, change in changes(controller).items()}
    app.removeEventFilter(painted)
    window.close()
    for name, row in found.items():
        print(
            f"{name:12} p50 {row['p50_ms']:6.2f} ms  p90 {row['p90_ms']:6.2f} ms  {row['painted']}"
        )
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=2) + "\n")
    del controller, window


if __name__ == "__main__":
    main()
