"""A device written as the TOML file that `mmviz.files.device_file` reads."""

from __future__ import annotations

import math
import os
from collections import Counter
from typing import Any

import numpy as np
import tomli_w

from mmviz.core.device.device import Calibration, Device, Figure, Status, TileStep
from mmviz.core.device.figures import QUANTITIES, figure_of, figures_of, peak_name
from mmviz.core.device.lattice import LATTICE_SIDES, PER_UNIT, Lattice
from mmviz.core.device.ranges import MAX_LONG
from mmviz.files import atomic
from mmviz.files.device_file import ARRAY, FIRST, OF_BODY


def dump(device: Device) -> bytes:
    """The device as a file that says everything itself."""
    status = _common_status(device)
    plain = _plain(device, status)
    lines = [_line(key, value) for key, value in plain if value not in (None, "", ())]
    for quantity in QUANTITIES:
        figure = figure_of(device, quantity.name)
        if figure is not None:
            lines.append(_line(quantity.key, _written(figure, device, status)))
    shapes = [("tiles", device.tiles), *((f"tiles_{d}", t) for d, t in device.tiles_by_dtype)]
    lines += [f"{key} = {[list(tile) for tile in tiles]}" for key, tiles in shapes]
    rows = ", ".join(f"{{ cells = {c}, tiles = {t} }}" for c, t in device.resident)
    lines.append(f"resident = [{rows}]")
    if device.peaks:
        lines += ["", "[peaks_tflops]"]
        for dtype, _ in device.peaks:
            peak = figure_of(device, peak_name(dtype))
            if peak is not None:
                lines.append(_line(dtype, _written(peak, device, status)))
    steps = {dtype: [_step_table(step) for step in steps] for dtype, steps in device.tile_steps}
    text = "\n".join(lines) + "\n"
    if steps:
        text += "\n" + tomli_w.dumps({"tile_steps": steps})
    text += "".join("\n" + calibration_text(found) for found in device.calibrations)
    return text.encode()


def write_device(device: Device, path: str | os.PathLike[str]) -> None:
    """Write the device's file whole or not at all; raises InputError where that cannot be."""
    atomic.write_bytes(path, dump(device))


def _plain(device: Device, status: Status) -> list[tuple[str, Any]]:
    """The keys that are no figures, in the order of writing."""
    currency = device.currency if device.price_hour is not None else ""
    first = {key: getattr(device, key) for key in FIRST}
    first |= {"about": str(device.about)[:MAX_LONG], "source": device.source[:MAX_LONG]}
    of_body = {key: getattr(device.body, key, "") or "" for key in OF_BODY}
    first[OF_BODY[0]] = of_body.pop(OF_BODY[0])
    last = {"status": status, "currency": currency, **of_body, "k_step": device.k_step}
    return [*first.items(), *last.items()]


def _common_status(device: Device) -> Status:
    """The status that stands for most figures, and for the array's, which has no place for one."""
    array = [figure.status for figure in device.figures if figure.name in ARRAY]
    listed = Counter(figure.status for figure in figures_of(device)).most_common(1)
    return array[0] if array else listed[0][0] if listed else "assumed"


def _written(figure: Figure, device: Device, status: Status) -> Any:
    """A plain number where status and source are the file's."""
    value = int(figure.value) if figure.value == int(figure.value) else figure.value
    table: dict[str, Any] = {"value": value}
    if figure.status != status:
        table["status"] = figure.status
    if figure.source != device.source:
        table["source"] = figure.source[:MAX_LONG]
    return table if len(table) > 1 else value


def _step_table(step: TileStep) -> dict[str, Any]:
    limits = {"blocks": step.blocks, "work": step.work}
    kept = {key: limit for key, limit in limits.items() if math.isfinite(limit)}
    return {**kept, "tiles": [list(tile) for tile in step.tiles]}


def calibration_text(calibration: Calibration) -> str:
    """The tables of one calibration."""
    table = {
        "rows": calibration.rows,
        "held_out": calibration.held_out,
        "error": calibration.error,
        "error_long": calibration.error_long,
        "error_short": calibration.error_short,
        "least_m": calibration.least_m if calibration.least_m > 1 else None,
        "sides": calibration.sides and tuple(map(list, calibration.sides)),
        "source": calibration.source[:MAX_LONG],
        "remark": calibration.remark[:MAX_LONG] or None,
        "own": None if calibration.own else False,
        "changed": calibration.changed or None,
    }
    head = f"calibration.{calibration.dtype}"
    lines = [f"[{head}]"]
    lines += [_line(key, value) for key, value in table.items() if value is not None]
    tiles = {"{}x{}".format(*tile): value for tile, value in calibration.tiles}
    for name, values in (("constants", dict(calibration.constants)), ("tiles", tiles)):
        if values:
            lines += ["", f"[{head}.{name}]", *(_line(*pair) for pair in values.items())]
    if calibration.learned is not None:
        lines += ["", f"[{head}.learned]", *_learned_lines(calibration.learned)]
    return "\n".join(lines) + "\n"


def _learned_lines(lattice: Lattice) -> list[str]:
    """What was learned, a line of numbers for each of `seconds`."""
    sides = [_line(name, getattr(lattice, name)) for name in LATTICE_SIDES]
    whole = np.rint(lattice.grid.reshape(len(lattice.seconds), -1) * PER_UNIT).astype(int)
    rows = (f"  '{' '.join(map(str, row))}'," for row in whole.tolist())
    return [*sides, "values = [", *rows, "]"]


def _line(key: str, value: Any) -> str:
    if isinstance(value, dict):
        parts = (_line(name, part) for name, part in value.items())
        return f"{key} = {{ {', '.join(parts)} }}"
    if isinstance(value, tuple):
        return f"{key} = {list(value)}"
    return tomli_w.dumps({key: value}).strip()
