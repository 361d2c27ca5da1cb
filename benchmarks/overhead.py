"""What mmviz adds to a pass: its own run, window open and animating, beside a bare loop.

    python benchmarks/overhead.py [--pairs 10] [--seconds 1] [--json F]

One side is the numpy backend as a person runs it: Run in a window whose picture plays, the child
process and all. The other is a loop of `np.matmul`, bias and nothing else in a process of its own,
the picture halted meanwhile. Both multiply the same numbers into the same kind of buffers, BLAS on
all cores but one, and both give the median of blocks of a millisecond. They take turns, first one,
then the other at random; the figure is the median of the ratios of the pairs, which a busy machine
disturbs less than times. --json writes `[{"pass_s", "ratio", "pairs"}, …]`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from mmviz.bench.limits import allowed_cpus

# before NumPy is loaded, here and in the processes that this one starts
os.environ.update(
    {
        f"{library}_NUM_THREADS": str(max(1, len(allowed_cpus()) - 1))
        for library in ("OPENBLAS", "MKL", "OMP", "BLIS", "VECLIB")
    }
)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from mmviz import units
from mmviz.bench.child import worker_environment
from mmviz.core.shapes.network import Network, from_widths
from mmviz.state.session import Session
from mmviz.ui.look.theme import DARK
from mmviz.ui.shell.controller import Controller
from mmviz.ui.start.app import application, build

CASES = ((20e-6, 96), (100e-6, 192), (1e-3, 512), (10e-3, 1024))
"""Seconds a pass is to take, and the width of the layer; its batch is found by trial."""

BARE = """
import sys
from time import perf_counter
import numpy as np
from mmviz.core.learning.values import make_values
from mmviz.core.shapes.network import from_widths

width, batch, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
values = make_values(from_widths((width, width)), batch)
x, (w,), (b,) = values.x, values.weights, values.biases
z = np.empty((batch, width), np.float32)

def block(passes):
    began = perf_counter()
    for _ in range(passes):
        np.matmul(x, w, out=z)
        np.add(z, b, out=z)
    return (perf_counter() - began) / passes

spent = 0.0
while spent < 0.1:
    spent += (one := block(1))
passes = max(1, -int(-1e-3 // one))
found, began = [], perf_counter()
while perf_counter() - began < seconds or len(found) < 3:
    found.append(block(passes))
print(float(np.median(found)))
"""


def bare(width: int, batch: int, seconds: float) -> float:
    """Median seconds a pass of a loop in a process of its own."""
    asked = [sys.executable, "-c", BARE, str(width), str(batch), str(seconds)]
    done = subprocess.run(
        asked, env=worker_environment(), capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def batch_for(width: int, pass_s: float) -> int:
    """The batch at which a bare pass takes about so long."""
    batch = 64
    for _ in range(4):
        batch = max(1, round(batch * pass_s / bare(width, batch, 0.1)))
    return batch


class Window:
    """mmviz with its window open, that runs what it shows."""

    def __init__(self, seconds: float) -> None:
        self._app = application()
        self._controller: Controller = build(Session(from_widths((8, 8))), DARK)
        self._controller.window.resize(1280, 720)
        self._controller.window.show()
        self._controller.look_around()
        while not self._controller.derived.facts.backends:
            self.wait(0.1)
        controls = self._controller.window.timing.controls
        for name, box in controls.boxes.items():
            box.setChecked(name == "numpy")
        controls.spin.setValue(seconds)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._app.processEvents()
            time.sleep(0.001)

    def show(self, network: Network, batch: int) -> None:
        """Look at that pass."""
        self._controller.begin_anew(Session(network, batch=batch, device="v100"))
        self.wait(0.3)

    def play(self, on: bool) -> None:
        """Let the picture play, over and over, or halt it."""
        playback = self._controller.playback
        self._controller.set_playback(replace(playback, playing=on, loop=True))
        self.wait(0.05)

    def run(self) -> float:
        """Median seconds a pass of a run, the picture playing."""
        self.play(True)
        self._controller.run.toggle()
        while self._controller.run.running:
            self._app.processEvents()
            time.sleep(0.001)
        self.play(False)
        results = self._controller.run.results()
        assert results is not None
        stats = results.runs[0].stats
        assert stats is not None, results.runs[0].failure
        return stats.p50

    def close(self) -> None:
        self._controller.window.close()
        self._app.processEvents()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--json", metavar="F")
    options = parser.parse_args()
    window, found, order = Window(options.seconds), [], random.Random(1)
    print(f"BLAS on {os.environ['OMP_NUM_THREADS']} thread(s), {options.pairs} pairs")
    print(f"{'layer':14} {'batch':>6} {'bare':>9} {'mmviz':>9} {'ratio':>7}")
    for pass_s, width in CASES:
        batch, pairs = batch_for(width, pass_s), []
        window.show(from_widths((width, width)), batch)
        for _ in range(options.pairs):
            if order.random() < 0.5:
                alone, within = bare(width, batch, options.seconds), window.run()
            else:
                within, alone = window.run(), bare(width, batch, options.seconds)
            pairs.append((alone, within))
        without = statistics.median(alone for alone, _ in pairs)
        ratio = statistics.median(within / alone for alone, within in pairs)
        within_s = statistics.median(within for _, within in pairs)
        found.append({"pass_s": without, "ratio": ratio, "pairs": len(pairs)})
        print(
            f"{f'{width} × {width}':14} {batch:6} {units.seconds(without):>9} "
            f"{units.seconds(within_s):>9} {ratio:7.3f}",
            flush=True,
        )
    window.close()
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
