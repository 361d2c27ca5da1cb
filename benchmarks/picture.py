"""What the picture costs at a thousand to four million tiles, in the real main window.

    uv run python benchmarks/picture.py [--json F]

One frame = from the seek to the end of painting, the window as `mmviz` opens it, all panels shown,
1680×1050, Qt's raster engine, everything changing from frame to frame. A scrub jump is a frame far
from the one before. Figures are of this computer; compare within one run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PyQt6.QtCore import qInstallMessageHandler

from mmviz.core.schedule.schedule import schedule
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.choice import tile_product
from mmviz.files.devices import read_device
from mmviz.state import actions
from mmviz.state.picture.playback import Playback
from mmviz.state.session import Session
from mmviz.ui.look.theme import DARK
from mmviz.ui.shell.controller import Controller
from mmviz.ui.start.app import application, build

SIDES = (32, 256, 1_024, 2_048)  # tiles along m and along n
TILE = 64
FRAMES = 200


def session_of(side: int) -> Session:
    """A product of side × side tiles on an A100."""
    network = from_widths([4_096, side * TILE])
    return Session(network, batch=side * TILE, device="a100", tile=(TILE, TILE))


def build_cost(session: Session) -> tuple[float, float]:
    """Seconds to build the trace (best of three), and its bytes a tile, all columns written."""
    device = read_device(session.device)
    (gemm,) = session.network.lower(session.batch)
    tiling = tile_product(gemm, device, session.tile)
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        trace = schedule(tiling, device, session.dtype)
        times.append(time.perf_counter() - begin)
    return min(times), trace.nbytes / len(trace)


def frame_times(controller: Controller, positions: list[float]) -> list[float]:
    """Milliseconds from each seek to the end of painting."""
    app, times = application(), []
    for position in positions:
        begin = time.perf_counter()
        controller.set_playback(Playback(position=position))
        app.processEvents()
        times.append((time.perf_counter() - begin) * 1e3)
    return times


def measure(side: int) -> dict[str, float]:
    """One row of the table."""
    session = session_of(side)
    build_s, bytes_per_tile = build_cost(session)
    begin = time.perf_counter()
    controller = build(session, DARK)
    window, app = controller.window, application()
    window.resize(1680, 1050)
    window.show()
    window.settle()
    app.processEvents()
    open_s = time.perf_counter() - begin
    frame_times(controller, [0.0, 0.5, 1.0])
    frames = frame_times(controller, np.linspace(0.0, 1.0, FRAMES).tolist())
    scrubs = frame_times(controller, [0.9, 0.1] * 20)
    edits = []
    for i in range(6):
        begin = time.perf_counter()
        controller.edit("batch", actions.set_batch, session.batch - i - 1)
        app.processEvents()
        edits.append((time.perf_counter() - begin) * 1e3)
    window.close()
    window.deleteLater()
    app.processEvents()
    return {
        "tiles": side * side,
        "build_s": build_s,
        "bytes_per_tile": bytes_per_tile,
        "frame_median_ms": statistics.median(frames),
        "frame_p99_ms": float(np.percentile(frames, 99)),
        "scrub_ms": statistics.median(scrubs),
        "edit_ms": statistics.median(edits),
        "open_s": open_s,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", metavar="F", help="also write the table as JSON")
    options = parser.parse_args()
    qInstallMessageHandler(lambda *_: None)  # what the offscreen platform says of itself
    app = application()
    rows = [measure(side) for side in SIDES]
    names = list(rows[0])
    print("  ".join(name.rjust(15) for name in names))
    for row in rows:
        print(
            "  ".join(
                f"{row[name]:15.4g}" if name != "tiles" else f"{row[name]:15,}" for name in names
            )
        )
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=2) + "\n")
    del app


if __name__ == "__main__":
    main()
