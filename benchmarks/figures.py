"""Whether a rebuilding moved a figure: what the commands answer to many setups, recorded, compared.

    python benchmarks/figures.py record F.json          # before
    python benchmarks/figures.py compare F.json         # after; exit code 1 where an answer differs

Setups are drawn over presets, widths, devices, number formats, training, tiles and orders from a
fixed seed, and answered by `plan`, `advise`, `sweep`, `schedule` and `devices` as JSON, in this
process. An answer that mmviz refuses is compared by its sentence. New keys are no difference.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = (
    tempfile.mkdtemp()
)  # nothing of one's own

from mmviz import cli

SEED, SETUPS = 20261128, 800
MOST = 20_000  # characters kept whole; of longer answers a digest
WIDTHS = ("784-128-10", "1-1", "4096-11008-4096", "1000-1001-7", "17-33-65-2")
DTYPES = ("float32", "float16", "bfloat16", "tf32", "float64", "float8", "int8", "nvfp4", "int4")
TILES = ("64x64", "128x128", "256x128", "32x16", "96x128", "1x1")
ORDERS = (
    "rows", "columns", "swizzle-1", "swizzle-4", "split-k-2", "split-k-3", "split-k-8", "stream-k",
    "persistent", "openblas", "ws", "os", "is",
)  # fmt: skip
BATCHES = ("1", "7", "61", "96", "128", "129", "1000", "4096", "65536")
SHAPES = ("384x384x128", "128x1000x4096", "1x4096x4096", "2304x1664x512", "7x5x3")


def setups() -> list[list[str]]:
    """The command lines, the same ones at every call."""
    draw = random.Random(SEED)
    presets = [one["id"] for one in json.loads(answer(["presets", "--json"])["out"])]
    devices = [one["id"] for one in json.loads(answer(["devices", "--json"])["out"])]
    found = [["devices", "--json", "--dtype", dtype] for dtype in DTYPES] + [["presets", "--json"]]
    while len(found) < SETUPS:
        found.append(_drawn(draw, presets, devices))
    return found


def _drawn(draw: random.Random, presets: list[str], devices: list[str]) -> list[str]:
    command = draw.choice(("plan", "plan", "advise", "schedule", "sweep"))
    network = draw.choice((*presets, *WIDTHS, *(SHAPES if command == "schedule" else ())))
    line = [command, network, "--device", draw.choice(devices)]
    line += ["--dtype", draw.choice(DTYPES[:3] if draw.random() < 0.8 else DTYPES)]
    if draw.random() < 0.3 and network not in SHAPES:
        line.append("--training")
    if draw.random() < 0.25:
        line += ["--tile", draw.choice(TILES)]
    if draw.random() < 0.4:
        line += ["--order", draw.choice(ORDERS)]
    if command == "sweep":
        kind = draw.random()
        if kind < 0.7:
            line += ["--batch", draw.choice(("1:300:7", "64,96,128,129,4096", "1:65536"))]
        if kind > 0.5:
            line += ["--width", draw.choice(("1=64:1024:32", "1=4096,4097,8192"))]
        return [*line, "--json", "-"]
    if draw.random() < 0.7 and network not in SHAPES:
        line += ["--batch", draw.choice(BATCHES)]
    return [*line, "--json"]


def answer(line: list[str]) -> dict[str, Any]:
    """Exit code, standard output and standard error of one command line."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = cli.run(line)
        except SystemExit as error:
            code = int(error.code or 0)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def _kept(found: dict[str, Any]) -> dict[str, Any]:
    """The answer as it is recorded: a long one as the digests of its products."""
    text = found["out"]
    if len(text) <= MOST:
        return found
    value = json.loads(text)
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    digests = {
        str(key): hashlib.sha256(json.dumps(part).encode()).hexdigest() for key, part in parts
    }
    return {**found, "out": "", "digests": digests}


def difference(before: Any, after: Any, where: str = "") -> str:
    """The first place at which `after` lacks what `before` says, "" where there is none."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                return f"{where}.{key} is gone"
            if found := difference(value, after[key], f"{where}.{key}"):
                return found
        return ""
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for i, (one, other) in enumerate(zip(before, after, strict=True)):
            if found := difference(one, other, f"{where}[{i}]"):
                return found
        return ""
    return "" if before == after else f"{where}: {before!r:.300} became {after!r:.300}"


def _parsed(found: dict[str, Any]) -> dict[str, Any]:
    with contextlib.suppress(ValueError):
        return {**found, "out": json.loads(found["out"])}
    return found


def main() -> int:
    """Record or compare; the exit code says whether all is equal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("record", "compare"))
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    if options.what == "record":
        begun = time.perf_counter()
        found = [{"line": line, **_kept(answer(line))} for line in setups()]
        options.file.write_text(json.dumps(found))
        refused = sum(one["code"] != 0 for one in found)
        print(f"{len(found)} setups, {refused} refused, {time.perf_counter() - begun:.0f} s")
        return 0
    different = 0
    recorded = json.loads(options.file.read_text())
    for one in recorded:
        line = one.pop("line")
        if found := difference(_parsed(one), _parsed(_kept(answer(line)))):
            different += 1
            print(f"mmviz {' '.join(line)}\n  {found}")
    print(f"{len(recorded)} setups compared, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
