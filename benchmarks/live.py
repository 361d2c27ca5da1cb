"""How long a frame of the live timing takes while samples stream into it.

    python benchmarks/live.py [--samples N] [--json F]

Samples of three backends come into the panel in windows of 50, as a run sends them, until each has
N; after every few windows a frame is drawn, as the timer would. A frame is all that is computed and
painted for it; every eighth has the table and the sentences anew too, which come four times a
second. The figures: median, 99 % and the longest, in milliseconds and as a multiple of a frame of
the same panel with one sample each.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PyQt6.QtWidgets import QApplication

from mmviz.bench.messages import Samples
from mmviz.bench.plan import BenchPlan
from mmviz.core.shapes.network import from_widths
from mmviz.ui.clock.panel import TimingPanel

BACKENDS = ("numpy", "loop", "wgpu")
WINDOW, FRAMES, TABLE = 50, 300, 8
LIMIT_MS = 16.0
SLOWEST = 9e-3  # seconds a pass


def frame_ms(application: QApplication, panel: TimingPanel, table: bool) -> tuple[float, float]:
    """All that is computed and painted for one frame, by the clock on the wall and by the seconds
    this process computed; table: with table and sentences.
    """
    began, computed = time.perf_counter(), time.process_time()
    if table:
        panel._refresh()
    panel.chart.refresh()
    application.processEvents()  # paints what has changed
    return 1e3 * (time.perf_counter() - began), 1e3 * (time.process_time() - computed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=100_000, metavar="N")
    parser.add_argument("--json", type=Path, metavar="F")
    arguments = parser.parse_args()
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    network = from_widths((64, 32, 8))
    plan = BenchPlan(
        network=network, batches=(8,), backends=BACKENDS, seconds=SLOWEST * arguments.samples
    )
    panel = TimingPanel()
    panel.resize(1200, 420)
    panel.show()
    panel.begin(plan, 0.033)
    panel._timer.stop()
    panel.chart.stop()
    thrown = np.random.default_rng(0)
    levels = dict(zip(BACKENDS, (SLOWEST, 4e-3, 1e-3), strict=True))
    for backend in BACKENDS:  # the plot is there, with hardly anything on it
        panel.hear(Samples(backend, 8, [levels[backend]]))
    empty = []
    for number in range(FRAMES):
        panel.chart._dirty = True
        empty.append(frame_ms(application, panel, number % TABLE == 0))
    windows = arguments.samples // WINDOW
    each = max(1, windows // FRAMES)
    drawn: list[tuple[float, float]] = []
    gc.collect()
    for number in range(windows):
        for backend in BACKENDS:
            samples = levels[backend] * np.exp(thrown.normal(0, 0.05, WINDOW))
            panel.hear(Samples(backend, 8, samples.tolist()))
        if number % each == 0:
            drawn.append(frame_ms(application, panel, len(drawn) % TABLE == 0))
    wall, computed = np.array(drawn).T
    still, still_computed = np.median(empty, axis=0)
    print(
        f"{len(drawn)} frames, {len(BACKENDS)} backends of up to {arguments.samples:,} samples each"
    )
    print(f"{'':8} {'ms':>7} {'× empty':>8} {'computed ms':>12} {'× empty':>8}")
    print(f"{'empty':8} {still:7.2f} {1:8.2f} {still_computed:12.2f} {1:8.2f}")
    for name, share in (("p50", 50), ("p99", 99), ("longest", 100)):
        a, b = float(np.percentile(wall, share)), float(np.percentile(computed, share))
        print(f"{name:8} {a:7.2f} {a / still:8.2f} {b:12.2f} {b / still_computed:8.2f}")
    above = int((wall > LIMIT_MS).sum())
    print(f"above {LIMIT_MS:g} ms: {above}, computing above it: {int((computed > LIMIT_MS).sum())}")
    found = {
        "samples": arguments.samples,
        "frames": len(drawn),
        "empty_ms": float(still),
        "p50_ms": float(np.median(wall)),
        "p99_ms": float(np.percentile(wall, 99)),
        "longest_ms": float(wall.max()),
        "computed_longest_ms": float(computed.max()),
        "above_limit": above,
    }
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    panel.finish()
    panel.close()


if __name__ == "__main__":
    main()
