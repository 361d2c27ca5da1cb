"""From the start of Python to the first painted window, in fresh processes.

    python benchmarks/startup.py [--runs N] [--json FILE]

The first process finds what the system's file cache happens to hold, the later ones are warm. Each
opens the window as `mmviz` does, with an empty folder of settings, on the display there is, or
without one if QT_QPA_PLATFORM=offscreen is set.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHILD = """
import json, os, sys, time
began = float(sys.argv[1])
from mmviz.ui import preflight
preflight.check(offscreen=os.environ.get("QT_QPA_PLATFORM") == "offscreen")
from mmviz.ui.start.app import application, start
imported = time.time()
app = application()
window = start(None, None).window

def painted():
    print(json.dumps({"imports_s": imported - began, "painted_s": time.time() - began}))
    window.close()

window.first_painted.connect(painted)
app.exec()
"""


def measure(home: str) -> dict[str, float]:
    """Seconds since the process was asked for: until imported, until painted."""
    environment = {
        **os.environ,
        "XDG_CONFIG_HOME": home,
        "XDG_DATA_HOME": home,
        "APPDATA": home,
        "LOCALAPPDATA": home,
    }
    done = subprocess.run(
        [sys.executable, "-c", CHILD, repr(time.time())],
        cwd=Path(__file__).parent.parent,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    times: dict[str, float] = json.loads(done.stdout)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=7, help="processes after the first")
    parser.add_argument("--json", metavar="FILE", help="write the figures here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        first, *warm = [measure(home) for _ in range(1 + max(1, options.runs))]
    medians = {name: statistics.median(run[name] for run in warm) for name in first}
    for title, run in (("first process", first), (f"median of {len(warm)} warm", medians)):
        print(f"{title}: imported {run['imports_s']:.2f} s, painted {run['painted_s']:.2f} s")
    if options.json:
        text = json.dumps({"first": first, "warm": medians, "runs": len(warm)}, indent=1)
        Path(options.json).write_text(text + "\n")


if __name__ == "__main__":
    main()
