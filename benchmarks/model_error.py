"""How far predictions are from published timings: python benchmarks/model_error.py DATA [DEVICE …]

DATA is a folder with gemm_timings_more.csv (ai-dynamo/aiconfigurator, casys-kaist/LLMServingSim,
xzwgit/gpu-flops-bench) and gemm_fp32_kernels.csv (sitar-lab/NeuSight). Errors are mean absolute
percentages over all rows / over those longer than 50 µs. Of each device and number format a
calibration is fitted to the layer shapes that `mmviz.core.time.fit.kept_out` does not name and
judged on the others, as the window would price them; of few layer shapes each is kept out in turn.
That takes ten seconds each. --shipped judges what is shipped on all rows instead, which it was
fitted to. --refit FOLDER fits all rows and writes the calibrations into the device files there, as
they were made for assets/devices.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from mmviz.cli.calibrate_device import calibrated
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.constants import constants_of
from mmviz.core.time.fit import Bools, Fit, Floats, fit, kept_out
from mmviz.core.time.fit_constants import TimedRows
from mmviz.core.time.price import price_shapes
from mmviz.core.time.setup import Setup
from mmviz.core.time.wave_time import LONG_S, predict
from mmviz.files.device_writer import calibration_text
from mmviz.files.devices import read_device

GRAPHS = (
    "published timings in CUDA graphs with cold weights, ai-dynamo/aiconfigurator 095f58a (2,500 "
    "rows at most of each)"
)
LAYERS = "published kernel times of LLM layers, casys-kaist/LLMServingSim 5daddb2"
EAGER = "published timings around one eager call, the launch gap apart, sitar-lab/NeuSight 6945927"
# required and aimed at, all / longer than 50 µs, in %
WANTED: dict[tuple[str, str], tuple[float, float, float, float]] = {
    ("h100", "bfloat16"): (4.6, 3.4, 3.8, 2.9),
    ("h200", "bfloat16"): (4.5, 3.5, 3.7, 3.0),
    ("a100", "bfloat16"): (7.0, 5.6, 6.0, 4.9),
    ("b200", "bfloat16"): (6.4, 4.4, 5.2, 3.8),
    ("b300", "bfloat16"): (6.8, 4.6, 5.6, 4.1),
    ("l40s", "bfloat16"): (9.2, 6.5, 7.8, 5.2),
    ("rtx-pro-6000", "bfloat16"): (6.8, 3.7, 5.8, 3.0),
    ("arc-b60", "bfloat16"): (9.5, 10.5, 7.5, 8.5),
    ("rtx3090", "float16"): (11, 11, 9, 9),
    ("rtx4090", "bfloat16"): (5, 5, 3.1, 3.1),
    ("rtx5090", "bfloat16"): (15, 15, 10, 10),
    ("h100", "float8"): (6.5, 5.5, 5.0, 4.2),
    ("h200", "float8"): (7.0, 6.5, 5.1, 4.6),
    ("b200", "float8"): (5.0, 5.0, 3.7, 3.7),
    ("b300", "float8"): (5.0, 5.3, 3.8, 4.1),
    ("l40s", "float8"): (11.5, 8.5, 9.5, 7.0),
    ("rtx-pro-6000", "float8"): (8.5, 6.0, 6.5, 4.8),
    ("b200", "nvfp4"): (6.0, 5.0, 4.8, 3.8),
    ("b300", "nvfp4"): (6.0, 5.4, 4.9, 4.4),
    ("rtx-pro-6000", "nvfp4"): (8.0, 8.5, 5.8, 6.3),
    ("a100", "int8"): (9.5, 6.8, 7.7, 5.9),
    ("h200", "int8"): (13, 7.5, 10.5, 6.0),
    ("l40s", "int8"): (8.5, 6.3, 6.4, 5.2),
}
CARDS = ("rtx3090", "rtx4090")  # of which few layer shapes were timed
LENT = (("rtx5090", "bfloat16"),)  # priced by another's constants, whatever is asked
SINGLE = {
    "Tesla V100-PCIE-32GB": "v100",
    "Tesla T4": "t4",
    "Tesla P100-PCIE-16GB": "p100",
    "NVIDIA A100-PCIE-40GB": "a100-40",
}
PAIRS = (("h100", "h200"), ("h200", "h100"), ("b200", "b300"), ("h200", "b200"), ("h100", "a100"))
# Timings do not part tiles that take about as long; the names of the kernels that ran do: so a
# V100 takes 128 × 128 about as often as was seen, above k = 2048.
NAMED = {("v100", "float32"): (((128, 128), 1.05),)}
ONE = Products("", (Gemm("", "product", 1, 1, 1),))
Rows = list[dict[str, str]]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("device", nargs="*", help="of these alone")
    parser.add_argument("--shipped", action="store_true", help="judge what is shipped, on all rows")
    parser.add_argument("--refit", type=Path, metavar="FOLDER", help="write calibrations there")
    options = parser.parse_args()
    for name in ("gemm_timings_more.csv", "gemm_fp32_kernels.csv"):
        if not (options.data / name).is_file():
            parser.error(f"there is no {name} in {options.data}")
    more = read(options.data / "gemm_timings_more.csv")
    single = read(options.data / "gemm_fp32_kernels.csv")
    tables = {key: more[key] for key in WANTED}
    tables |= {(id, "float32"): single[name, ""] for name, id in SINGLE.items()}
    if options.device:
        tables = {key: rows for key, rows in tables.items() if key[0] in options.device}
    print("error in %, all / longer than 50 µs; beyond: rows off by more than twice what is stated")
    heads = ("rows", "error", "required", "aim", "roofline", "beyond")
    print(f"{'device':14} {'format':9}", *(f"{head:>13}" for head in heads))
    for (id, dtype), table in tables.items():
        device, rows = read_device(id), table_rows(table)
        if options.refit is not None and (id, dtype) not in LENT:
            source = EAGER if dtype == "float32" else GRAPHS
            source = LAYERS if id in CARDS else source
            write(options.refit / f"{id}.toml", refitted(device, dtype, rows, source))
            device = read_device(str(options.refit / f"{id}.toml"))
        shipped = options.shipped or options.refit is not None or (id, dtype) in LENT
        print(error_line(device, dtype, rows, shipped), flush=True)
    if not options.device:
        print_others(more, single)


def print_others(more: dict[tuple[str, str], Rows], single: dict[tuple[str, str], Rows]) -> None:
    """Loans, steps and tiles, by what is shipped."""
    print("\nbfloat16 by the constants of another device, nothing learned, all rows")
    for lender, id in PAIRS:
        found = read_device(lender).calibration("bfloat16")
        if found is not None:
            bare = replace(read_device(id), calibrations=(replace(found, learned=None),))
            rows = table_rows(more[id, "bfloat16"])
            print(f"{id:14} {lender:14} {both(*priced(bare, 'bfloat16', rows), rows)}")
    print("\none row more than 256 (published medians: 38, 6, 6, 15, 13 %) and than 4096 (H: 0 %)")
    for id in ("a100", "h100", "h200", "b200", "l40s"):
        print(jump_line(read_device(id), table_rows(more[id, "bfloat16"])))
    print("\nfloat32 tiles: share named rightly, of rows kept out / fitted on")
    print(f"{'device':10} {'by the steps':>16} {'the commonest':>16}")
    for name, id in SINGLE.items():
        print(tile_line(read_device(id), single[name, ""]))


def read(path: Path) -> dict[tuple[str, str], Rows]:
    """The rows of each device and number format, "" where the table names none."""
    found: dict[tuple[str, str], Rows] = {}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["device"], row.get("dtype", "")), []).append(row)
    return found


def table_rows(table: Rows) -> TimedRows:
    """Shapes and seconds."""
    m, n, k = (np.array([int(row[side]) for row in table]) for side in "mnk")
    return TimedRows(Shapes.of(m, n, k), np.array([float(row["time_ms"]) for row in table]) / 1e3)


def error_line(device: Device, dtype: str, rows: TimedRows, shipped: bool) -> str:
    """Errors on rows kept out, or of what is shipped on all, and of the datasheet's roofline."""
    apart = kept_out(rows.shapes.n, rows.shapes.k)
    judged = rows
    if shipped:
        off, stated = priced(device, dtype, rows)
    elif apart.any() and not apart.all():
        found = fit(rows.only(~apart), device, dtype, eager=dtype == "float32")
        judged = rows.only(apart)
        off, stated = priced(calibrated(device, dtype, found, ""), dtype, judged)
    else:
        found = fit(rows, begun(device, dtype), dtype)
        off = found.off
        stated = np.where(rows.seconds > LONG_S, found.error_long or 0.0, found.error_short or 0.0)
    of = rows.shapes
    m, n, k = of.sides
    moved = BYTES[dtype] * (m * k + n * k) + out_bytes(dtype) * m * n
    roof = np.maximum(2 * m * n * k / (device.peak(dtype) or 1), moved / (device.bandwidth or 1))
    wanted = WANTED.get((device.id.split("/")[-1].removesuffix(".toml"), dtype))
    beyond = np.mean(off > 2 * stated) if np.isfinite(stated).all() else np.nan
    cells = (
        f"{len(rows)}" if judged is rows else f"{len(rows) - len(judged)}+{len(judged)}",
        both(off, stated, judged),
        "" if wanted is None else "{} / {}".format(*wanted[:2]),
        "" if wanted is None else "{} / {}".format(*wanted[2:]),
        both(np.abs(roof / rows.seconds - 1), stated, rows),
        f"{100 * beyond:.1f} %",
    )
    id = Path(device.id).stem
    return f"{id:14} {dtype:9} " + " ".join(f"{cell:>13}" for cell in cells)


def priced(device: Device, dtype: str, rows: TimedRows) -> tuple[Floats, Floats]:
    """By how much each row is off as a share of the measured time, and the error stated for it.

    Eager calls have their launch gap added.
    """
    found = price_shapes(rows.shapes, Setup(ONE, device, dtype=dtype))
    seconds = found.seconds + constants_of(device, dtype).gap
    return np.abs(seconds / rows.seconds - 1), found.error


def both(off: Floats, _stated: Floats, rows: TimedRows) -> str:
    """'9.1 / 7.5' in percent."""
    long = rows.seconds > LONG_S
    over = f"{100 * off[long].mean():.1f}" if long.any() else "—"
    return f"{100 * off.mean():.1f} / {over}"


def refitted(device: Device, dtype: str, rows: TimedRows, source: str) -> Calibration:
    """What is shipped: all rows fitted, errors of folds by layer shape."""
    found: Fit = fit(rows, begun(device, dtype), dtype, eager=dtype == "float32")
    made = calibrated(device, dtype, found, source).calibration(dtype)
    assert made is not None
    layers = len(np.unique((rows.shapes.n, rows.shapes.k), axis=1).T)
    few = f"error: each of {layers} layer shapes kept out in turn"
    told = "error: each layer shape kept out in one of five turns"
    tiles = NAMED.get((device.id, dtype), made.tiles)
    remark = few if layers < 10 else told
    return replace(made, source=source, remark=remark, tiles=tiles)


def begun(device: Device, dtype: str) -> Device:
    """A card of which few layer shapes were timed as one that has the RTX PRO 6000's constants.

    Its matrix units are slower beside what feeds them: a tile's sides cost fewer cells.
    """
    if device.id not in CARDS:
        return device
    lender = read_device("rtx-pro-6000")
    lent, most = constants_of(lender, "bfloat16"), (lender.peak("bfloat16") or 1) / lender.units
    slower = (device.peak(dtype) or most) / device.units / most
    odd = constants_of(device, dtype).odd
    lent = replace(lent, side=lent.side * slower, heat=0.001, odd=odd)
    pairs = tuple(lent.named.items())
    loan = Calibration(dtype, pairs, 0, 0, None, None, "", False, tiles=lent.tiles)
    return replace(device, calibrations=(loan,))


def write(path: Path, calibration: Calibration) -> None:
    """The calibration in the place of the one that the device file has, or at its end."""
    head = f"[calibration.{calibration.dtype}"
    parts = re.split(r"(?m)^(?=\[)", path.read_text())
    ours = [part.startswith((f"{head}]", f"{head}.")) for part in parts]
    at = ours.index(True) if True in ours else len(parts)
    kept = [part for part, own in zip(parts, ours, strict=True) if not own]
    kept.insert(at, calibration_text(calibration) + "\n")
    path.write_text("\n\n".join(part.rstrip("\n") for part in kept) + "\n")


def jump_line(device: Device, rows: TimedRows) -> str:
    """Median of the predicted jumps over the layer shapes of the table."""
    layers = np.unique(np.stack([rows.shapes.n, rows.shapes.k]), axis=1)
    setup, found = Setup(ONE, device, dtype="bfloat16"), []
    for m in (256, 4096):
        before, after = (
            price_shapes(Shapes.of(np.full(layers.shape[1], count), *layers), setup).seconds
            for count in (m, m + 1)
        )
        found.append(f"{100 * float(np.median(after / before) - 1):>8.1f} %")
    return f"{device.id:10} " + " ".join(found)


def tile_line(device: Device, table: Rows) -> str:
    """The rule of the device file against always naming the tile most often seen."""
    rows = table_rows(table).shapes
    found = predict(rows, device, "float32", constants_of(device, "float32"))
    ran = [(int(row["tile_b"]), int(row["tile_a"])) for row in table]  # the first lies along n
    apart = kept_out(rows.n, rows.k)
    named = zip(found.tm, found.tn, ran, strict=True)
    right = np.array([(int(a), int(b)) == tile for a, b, tile in named])
    seen = Counter(tile for tile, out in zip(ran, apart, strict=True) if not out)
    common = np.array([tile == seen.most_common(1)[0][0] for tile in ran])
    return f"{device.id:10} {shares(right, apart):>16} {shares(common, apart):>16}"


def shares(right: Bools, apart: Iterable[bool]) -> str:
    """'63 % / 71 %': of the rows kept out, of the others."""
    out = np.array(list(apart))
    return f"{100 * right[out].mean():.0f} % / {100 * right[~out].mean():.0f} %"


if __name__ == "__main__":
    main()
