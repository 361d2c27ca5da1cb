"""A monkey at the real window: random, seeded; what it breaks is printed with what it did.

    uv run python benchmarks/monkey.py --actions 5000 --seeds 1,2,3,4 [--json F]

Every seed is a process of its own with empty folders for settings and data. The monkey clicks,
drags, turns the wheel, types garbage into fields, triggers commands in mid-run, floats and hides
panels, changes size, theme and language, answers dialogs with paths that cannot be, closes the
window and opens it again. Printed are exceptions, messages of Qt and of the log, threads and
processes that outlive it, and blocks of the event loop longer than 250 ms: how long, how much of
that this process computed (the rest is the machine's), what was done, and where it was. The exit
code is 1 if anything but a block was found. A seed chooses the same things every time, but what a
run measures and when it ends is the machine's.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
MARK = "MMVIZ_MONKEY"  # in the environment of all that a seed starts
SHOWN = 12  # blocks a seed is shown with
SLOWEST_S = 5.0  # an action, on a machine that does much else; slower is hung
START_S = 120.0
GRACE_S = 5.0  # for what is just ending
MEMORY = 12 * 2**30  # bytes of addresses a seed may have, so that it takes nothing from others

Found = dict[str, Any]


def one_seed(seed: int, actions: int, echo: bool) -> Found:
    """What a monkey of that seed found, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="mmviz-monkey-") as folder:
        home = Path(folder)
        environment = {
            **os.environ,
            MARK: f"{os.getpid()}-{seed}",
            "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
            "HOME": folder,
            "APPDATA": folder,
            "LOCALAPPDATA": folder,
            "PYTHONPATH": os.pathsep.join(
                map(str, (HERE, HERE.parent, HERE.parent / "tests" / "plugins"))
            ),
            **{f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA", "STATE")},
        }
        report, said = home / "report.json", home / "said.txt"
        command = [sys.executable, str(HERE / "monkey.py"), "--child", str(seed)]
        command += ["--actions", str(actions), "--json", str(report)]
        begin = time.monotonic()
        with said.open("w+b") as output:
            child = subprocess.Popen(
                command, env=environment, cwd=folder, stdout=output, stderr=output
            )
            try:
                code: int | str = child.wait(START_S + SLOWEST_S * actions)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGABRT)  # faulthandler says where it hangs
                child.wait()
                code = "hung"
            output.seek(0)
            shown = output.read().decode(errors="replace")
        if echo and shown:
            print(shown, file=sys.stderr)
        found: Found = json.loads(report.read_text()) if report.exists() else {"faults": []}
        found |= {"seed": seed, "seconds": time.monotonic() - begin}
        if code != 0:
            diary = home / "diary.txt"
            after = diary.read_text(encoding="utf-8").splitlines()[-10:] if diary.exists() else []
            found["done"] = len(after) and int(after[-1].partition(":")[0])
            found["faults"].append(
                {"what": f"ended with {code}", "where": shown[-6000:], "after": after}
            )
        end = time.monotonic() + GRACE_S
        while (left := living(environment[MARK])) and time.monotonic() < end:
            time.sleep(0.1)
        for process in left:
            said = " ".join(process.cmdline())[:200]
            found["faults"].append({"what": f"orphan {said}", "where": ""})
            process.kill()
        return found


def living(mark: str) -> list[psutil.Process]:
    """Processes that a seed started, and that still run."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get(MARK) == mark:
                found.append(process)
    return found


def tell(found: Found) -> None:
    """A seed in words."""
    faults, blocks = found["faults"], found.get("blocks", [])
    print(
        f"seed {found['seed']}: {found.get('done', 0)} actions in {found['seconds']:.0f} s, "
        f"{found.get('windows', 0)} windows, {len(faults)} faults, {len(blocks)} blocks, "
        f"most memory {found.get('peak_mb', 0):.0f} MB"
    )
    for fault in faults:
        print(f"  FAULT {fault['what']}")
        for action in fault.get("after", []):
            print(f"    after {action}")
        for line in fault["where"].splitlines():
            print(f"      {line}")
    for block in sorted(blocks, key=lambda block: -block["own_ms"])[:SHOWN]:
        print(
            f"  block {block['ms']:.0f} ms, {block['own_ms']:.0f} of them computed: "
            f"{block['after']}\n      in {block['where']}"
        )
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--actions", type=int, default=5000, metavar="N", help="a seed")
    parser.add_argument("--seeds", default="1,2,3,4", metavar="N,N")
    parser.add_argument("--json", metavar="F", help="also write what was found as JSON")
    parser.add_argument("--echo", action="store_true", help="show what a seed writes to stderr")
    parser.add_argument("--child", type=int, metavar="SEED", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        from monkey_life import live

        return live(options.child, options.actions, Path(options.json), MEMORY)
    every = []
    for seed in options.seeds.split(","):
        every.append(one_seed(int(seed), options.actions, options.echo))
        tell(every[-1])
    faults = sum(len(found["faults"]) for found in every)
    done = sum(found.get("done", 0) for found in every)
    print(f"{done} actions, {faults} faults")
    if options.json:
        Path(options.json).write_text(json.dumps(every, indent=1) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
