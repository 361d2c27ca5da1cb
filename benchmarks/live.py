"""How long a frame of the live chart takes while samples stream into it.

    python benchmarks/live.py [--samples N] [--json F]

Samples of three backends come in windows of 50, as a run sends them, until each has N; after every
few windows a frame is drawn, as the timer would. A frame is all that is computed and painted for
it. The figures: median, 99 % and the longest, in milliseconds and as a multiple of a frame of the
same chart without samples.
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
from PyQt6.QtWidgets import QApplication, QWidget

from mmviz.ui.clock.live_chart import LiveChart

BACKENDS = ("numpy", "loop", "wgpu")
WINDOW, FRAMES = 50, 300
LIMIT_MS = 16.0


def frame_ms(application: QApplication, chart: LiveChart) -> float:
    """All that is computed and painted for one frame."""
    began = time.perf_counter()
    chart.refresh()
    chart.repaint()
    for part in chart.findChildren(QWidget):
        part.repaint()
    application.processEvents()
    return 1e3 * (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=100_000, metavar="N")
    parser.add_argument("--json", type=Path, metavar="F")
    arguments = parser.parse_args()
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    chart = LiveChart()
    chart.resize(1000, 420)
    chart.show()
    chart.begin(BACKENDS, 1.0, 0.033)
    chart.stop()
    thrown = np.random.default_rng(0)
    levels = dict(zip(BACKENDS, (4e-3, 90e-3, 1e-3), strict=True))
    for backend in BACKENDS:  # the plot is there, with hardly anything on it
        chart.add_samples(backend, [levels[backend]], 1e-9)
    chart.refresh()
    application.processEvents()
    empty = []
    for _ in range(FRAMES):
        chart._dirty = True
        empty.append(frame_ms(application, chart))
    windows = arguments.samples // WINDOW
    each = max(1, windows // FRAMES)
    drawn = []
    gc.collect()
    for number in range(windows):
        for backend in BACKENDS:
            samples = levels[backend] * np.exp(thrown.normal(0, 0.05, WINDOW))
            chart.add_samples(backend, samples.tolist(), 1.0 / windows)
        if number % each == 0:
            drawn.append(frame_ms(application, chart))
    p50, p99, most = (float(x) for x in np.percentile(drawn, (50, 99, 100)))
    still = float(np.median(empty))
    print(
        f"{len(drawn)} frames, {len(BACKENDS)} backends of up to {arguments.samples:,} samples each"
    )
    print(f"{'':8} {'ms':>7} {'× empty':>8}")
    for name, value in (("empty", still), ("p50", p50), ("p99", p99), ("longest", most)):
        print(f"{name:8} {value:7.2f} {value / still:8.2f}")
    last = np.median(drawn[-20:])
    print(f"last 20  {last:7.2f} {last / still:8.2f}")
    found = {
        "samples": arguments.samples,
        "frames": len(drawn),
        "empty_ms": still,
        "p50_ms": p50,
        "p99_ms": p99,
        "longest_ms": most,
        "above_limit": sum(value > LIMIT_MS for value in drawn),
    }
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    chart.close()


if __name__ == "__main__":
    main()
