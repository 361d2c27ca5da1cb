"""How far predictions are from published timings, by device: python benchmarks/model_error.py DATA

DATA is a folder with gemm_bf16_timings.csv (ai-dynamo/aiconfigurator), gemm_timings_more.csv (the
same, casys-kaist/LLMServingSim, xzwgit/gpu-flops-bench) and gemm_fp32_kernels.csv
(sitar-lab/NeuSight). Errors are mean absolute percentages over all rows / over those longer than
50 µs. Kept out: the layer shapes that `mmviz.core.time.fit.kept_out` names, which no shipped
constant has seen. --refit fits again what is shipped, from five minutes on.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from mmviz.core.device.device import Device
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.dtype import BYTES, out_bytes
from mmviz.core.time.constants import Constants, constants_of
from mmviz.core.time.fit import Bools, Floats, TimedRows, fit_constants, kept_out
from mmviz.core.time.tile_choice import stepped_tiles
from mmviz.core.time.wave_time import LONG_S, predict
from mmviz.files.devices import read_device

HALF = {
    "a100_sxm": "a100",
    "h100_sxm": "h100",
    "h200_sxm": "h200",
    "b200_sxm": "b200",
    "l40s": "l40s",
}
MORE = {  # device: number format, of gemm_timings_more.csv
    "rtx-pro-6000": "bfloat16",
    "rtx3090": "float16",
    "rtx4090": "bfloat16",
    "rtx5090": "bfloat16",
}
SINGLE = {
    "Tesla V100-PCIE-32GB": "v100",
    "Tesla T4": "t4",
    "Tesla P100-PCIE-16GB": "p100",
    "NVIDIA A100-PCIE-40GB": "a100-40",
}
LENDERS = ("h100", "h200", "b200", "a100")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--refit", action="store_true", help="fit the constants again first")
    options = parser.parse_args()
    for name in ("gemm_bf16_timings.csv", "gemm_timings_more.csv", "gemm_fp32_kernels.csv"):
        if not (options.data / name).is_file():
            parser.error(f"there is no {name} in {options.data}")
    half = read(options.data / "gemm_bf16_timings.csv", HALF)
    more = read_more(options.data / "gemm_timings_more.csv")
    single = read(options.data / "gemm_fp32_kernels.csv", SINGLE)
    for dtype, tables in (("bfloat16", half), ("float32", single)):
        print(f"\n{dtype}: error in %, all / longer than 50 µs")
        print(f"{'device':10} {'kept out':>14} {'fitted on':>14} {'roofline':>14} {'rows':>9}")
        for device, table in tables.items():
            print(error_line(read_device(device), dtype, table_rows(table), options.refit))
    print("\nof workstations: error in %, all / longer than 50 µs; *: each layer kept out in turn")
    for device, table in more.items():
        print(error_line(read_device(device), MORE[device], table_rows(table), options.refit))
    print("\nbfloat16 without calibration: the datasheet and the constants of another, all rows")
    print(f"{'of':10} {'as it is':>14}", *(f"{'with ' + lender:>14}" for lender in LENDERS))
    for device, table in half.items():
        print(lent_line(read_device(device), table_rows(table)))
    print("\none row more than 256 (published medians: 38, 6, 6, 15, 13 %) and than 4096 (H: 0 %)")
    for device, table in half.items():
        print(jump_line(read_device(device), table_rows(table)))
    print("\nfloat32 tiles: share named rightly, of rows kept out / fitted on")
    print(f"{'device':10} {'by the steps':>16} {'the commonest':>16}")
    for device, table in single.items():
        print(tile_line(read_device(device), table))


def read(path: Path, devices: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """The rows of each device that mmviz has, by its id."""
    found: dict[str, list[dict[str, str]]] = {device: [] for device in devices.values()}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["device"] in devices:
                found[devices[row["device"]]].append(row)
    return found


def read_more(path: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of each of MORE in its number format."""
    found: dict[str, list[dict[str, str]]] = {device: [] for device in MORE}
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            if MORE.get(row["device"]) == row["dtype"]:
                found[row["device"]].append(row)
    return found


def table_rows(table: list[dict[str, str]]) -> TimedRows:
    """Shapes and seconds."""
    m, n, k = (np.array([int(row[side]) for row in table]) for side in "mnk")
    return TimedRows(Shapes.of(m, n, k), np.array([float(row["time_ms"]) for row in table]) / 1e3)


def error_line(device: Device, dtype: str, rows: TimedRows, refit: bool) -> str:
    """Errors of the shipped (or newly fitted) constants and of the datasheet's roofline."""
    apart = kept_out(rows.shapes.n, rows.shapes.k)
    constants = constants_of(device, dtype)
    if refit:
        constants = fit_constants(rows.only(~apart), device, dtype)
    off = error(rows, device, dtype, constants)
    m, n, k = (side.astype(float) for side in (rows.shapes.m, rows.shapes.n, rows.shapes.k))
    moved = BYTES[dtype] * (m * k + n * k) + out_bytes(dtype) * m * n
    roof = np.maximum(2 * m * n * k / (device.peak(dtype) or 1), moved / (device.bandwidth or 1))
    past = np.abs(roof / rows.seconds - 1)
    cells = (
        both(off[apart], rows.only(apart)) if apart.any() else in_turn(device, dtype),
        both(off[~apart], rows.only(~apart)),
        both(past, rows),
    )
    counts = f"{(~apart).sum()}+{apart.sum()}"
    return f"{device.id:10} " + " ".join(f"{cell:>14}" for cell in cells) + f" {counts:>9}"


def in_turn(device: Device, dtype: str) -> str:
    """'8.1 / 7.8 *': as the device's file says; of few layer shapes each was kept out in turn."""
    found = device.calibration(dtype)
    if found is None or found.error is None or not found.own:
        return "lent"
    return f"{100 * found.error:.1f} / {100 * (found.error_long or found.error):.1f} *"


def lent_line(device: Device, rows: TimedRows) -> str:
    """Errors with the constants of each lender but itself."""
    cells = [both(error(rows, device, "bfloat16", constants_of(device, "bfloat16")), rows)]
    for lender in LENDERS:
        bare = replace(device, calibrations=read_device(lender).calibrations)
        off = error(rows, bare, "bfloat16", constants_of(bare, "bfloat16"))
        cells.append("" if lender == device.id else both(off, rows))
    return f"{device.id:10} " + " ".join(f"{cell:>14}" for cell in cells)


def jump_line(device: Device, rows: TimedRows) -> str:
    """Median of the predicted jumps over the layer shapes of the table."""
    layers = np.unique(np.stack([rows.shapes.n, rows.shapes.k]), axis=1)
    found = []
    for m in (256, 4096):
        before, after = (
            predict(
                Shapes.of(np.full(layers.shape[1], rows_), *layers),
                device,
                "bfloat16",
                constants_of(device, "bfloat16"),
            ).seconds
            for rows_ in (m, m + 1)
        )
        found.append(f"{100 * float(np.median(after / before) - 1):>8.1f} %")
    return f"{device.id:10} " + " ".join(found)


def error(rows: TimedRows, device: Device, dtype: str, constants: Constants) -> Floats:
    """Absolute error of each row as a share of the measured time."""
    return np.abs(predict(rows.shapes, device, dtype, constants).seconds / rows.seconds - 1)


def both(off: Floats, rows: TimedRows) -> str:
    """'9.1 / 7.5' in percent."""
    long = rows.seconds > LONG_S
    over = f"{100 * off[long].mean():.1f}" if long.any() else "—"
    return f"{100 * off.mean():.1f} / {over}"


def tile_line(device: Device, table: list[dict[str, str]]) -> str:
    """The rule of the device file against always naming the tile most often seen."""
    rows = table_rows(table).shapes
    tm, tn = stepped_tiles(rows.m, rows.n, rows.k, device.steps_for("float32"), device.units)
    ran = [(int(row["tile_b"]), int(row["tile_a"])) for row in table]  # the first lies along n
    apart = kept_out(rows.n, rows.k)
    right = np.array([(int(a), int(b)) == tile for a, b, tile in zip(tm, tn, ran, strict=True)])
    seen = Counter(tile for tile, out in zip(ran, apart, strict=True) if not out)
    common = np.array([tile == seen.most_common(1)[0][0] for tile in ran])
    return f"{device.id:10} {shares(right, apart):>16} {shares(common, apart):>16}"


def shares(right: Bools, apart: Iterable[bool]) -> str:
    """'63 % / 71 %': of the rows kept out, of the others."""
    out = np.array(list(apart))
    return f"{100 * right[out].mean():.0f} % / {100 * right[~out].mean():.0f} %"


if __name__ == "__main__":
    main()
