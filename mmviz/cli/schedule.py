"""`mmviz schedule`: who computes which tile when."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any, get_args

from mmviz import units
from mmviz.cli.inputs import add_pass, parse_count, parse_sides, parse_tile_and_step, read_products
from mmviz.core.device.body import Dataflow, Gpu
from mmviz.core.device.device import Device
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.orders import order_for
from mmviz.core.schedule.schedule import rows_at_most, schedule
from mmviz.core.schedule.systolic import folds
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace, schedule_lines, stretched
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.core.time.cost import Cost
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.this_machine import THIS_MACHINE

MOST_TILES = 100_000  # printed at once; some ten megabytes of text


def add_parser(commands: Any) -> None:
    """Add the command to an argparse subparsers object."""
    text = "print who computes which tile when, on a device or on N plain units"
    parser = commands.add_parser("schedule", help=text, description=text, allow_abbrev=False)
    parser.add_argument(
        "what",
        metavar="NETWORK|MxNxK",
        help="a preset, a file, widths such as 784-128-10, or one product such as 384x384x128",
    )
    parser.add_argument("--batch", metavar="B", help="examples per pass (default: the preset's)")
    parser.add_argument("--device", metavar="D", help=f"default {THIS_MACHINE}; see mmviz devices")
    parser.add_argument("--units", metavar="N", help="N units with one tile each, in k-steps")
    parser.add_argument("--tile", metavar="MxN[xK]", help="fix the tile, and the step along k")
    parser.add_argument("--order", metavar="O", help="rows, columns, swizzle-N, split-k-S, ...")
    parser.add_argument("--dataflow", metavar="F", help="of a systolic array: ws, os or is")
    parser.add_argument("--array", metavar="RxC", help="its rows and columns of multipliers")
    add_pass(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the schedule; raises InputError."""
    gemms = read_products(options, options.what)
    dtype = check_dtype(options.dtype)
    if options.dataflow is not None or options.array is not None:
        return _print_folds(options, gemms)
    device = _device(options)
    order = order_for(device, options.order)
    costs = _costs(options, gemms, device, dtype, order)
    traces = [_trace(cost, device) for cost in costs]
    if options.json:
        print(json.dumps(_schedule_json(gemms, traces, device, options.training)))
    else:
        _print_schedule(costs, traces, device, order, options)
    return 0


def _device(options: argparse.Namespace) -> Device:
    if options.units is None:
        return read_device(options.device if options.device is not None else THIS_MACHINE)
    if options.device is not None:
        raise InputError("--device and --units exclude each other")
    count = parse_count(options.units, "--units")
    tiles = ((128, 128), (64, 64))
    # Of the kind that takes every order; without a peak its clock counts k-steps.
    return Device("units", units.plural(count, "plain unit"), Gpu(), count, tiles, k_step=32)


def _costs(
    options: argparse.Namespace,
    gemms: tuple[Gemm, ...],
    device: Device,
    dtype: str,
    order: Order,
) -> tuple[Cost, ...]:
    """As `mmviz plan` prices the products: without --order the parts of k are chosen, too."""
    tile, k_step = (None, None) if options.tile is None else parse_tile_and_step(options.tile)
    if tile is not None and order.own_tile:
        raise InputError(f"--tile cannot be fixed: order {order.id} cuts tiles to its own size")
    asked = None if options.order is None else order.id
    setup = Setup(Products("", gemms), device, dtype=dtype, tile=tile, order=asked)
    costs = price_gemms(gemms, setup).costs
    if k_step is not None:  # how the tile is walked; its time is the device's all the same
        costs = tuple(replace(c, tiling=replace(c.tiling, k_step=k_step)) for c in costs)
    total = sum(rows_at_most(cost.tiling) for cost in costs)
    if total > MOST_TILES:
        raise InputError(
            f"the schedule has {total:,} tiles or pieces of tiles; at most {MOST_TILES:,} are "
            "printed: choose larger tiles, a smaller batch or network"
        )
    return costs


def _trace(cost: Cost, device: Device) -> Trace:
    """The schedule, lasting as long as the product is predicted to compute, if that is known."""
    trace = schedule(cost.tiling, device, cost.dtype)
    if cost.computing_s is None or device.kind == "systolic":
        return trace
    return stretched(trace, cost.computing_s)


def _name(gemm: Gemm, training: bool) -> str:
    if gemm.count > 1:
        return f"{gemm.name} {units.times(gemm.count)}"
    return f"{gemm.name} {gemm.role}" if training else gemm.name


def _efficiency(traces: list[Trace]) -> float:
    """Busy time of all units over the time they had in all products, one after the other."""
    busy = sum(trace.tiling.gemm.count * float(trace.busy_time().sum()) for trace in traces)
    had = sum(trace.tiling.gemm.count * trace.duration * trace.tiling.units for trace in traces)
    return min(busy / had, 1.0)  # a rounding above


def _schedule_json(
    gemms: tuple[Gemm, ...], traces: list[Trace], device: Device, training: bool
) -> dict[str, Any]:
    """Of several products: slots is the most any has, waves their sum, efficiency that of all.

    What a list has computed several times counts as often there, and stands once, as 'scores ×12'.
    Each product's times begin at 0. `clock` says in what: "s", or "steps" (k-steps; of lanes single
    multiplications, of systolic arrays cycles).
    """
    return {
        "units": device.units,
        "slots": max(trace.tiling.slots for trace in traces),
        "waves": sum(trace.tiling.gemm.count * trace.waves for trace in traces),
        "efficiency": _efficiency(traces),
        "products": [
            {"name": _name(gemm, training), "tiles": _tiles_json(trace)}
            for gemm, trace in zip(gemms, traces, strict=True)
        ],
        "clock": traces[0].clock,
        "source": traces[0].provenance.kind,
    }


def _tiles_json(trace: Trace) -> list[dict[str, Any]]:
    k0, k1 = trace.k_range(slice(None))
    columns = (trace.m, trace.n, k0, k1, trace.unit, trace.start, trace.end)
    names = ("m", "n", "k0", "k1", "unit", "start", "end")
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _print_schedule(
    costs: tuple[Cost, ...],
    traces: list[Trace],
    device: Device,
    order: Order,
    options: argparse.Namespace,
) -> None:
    unit = "unit" if device.id == "units" else device.unit
    print(f"order {order.id} on {device.name}, modelled: {order.about}")
    if note := order.note(device, [trace.tiling for trace in traces]):
        print(note)
    if traces[0].clock == "steps" and device.kind == "gpu" and device.id != "units":
        print(f"no peak of {device.name} is known in this number format: time in k-steps")
    for cost, trace in zip(costs, traces, strict=True):
        name = _name(cost.tiling.gemm, options.training)
        print(f"{name}: {_summary(trace, device, _time(trace, device, cost))}")
        print("\n".join(schedule_lines(trace, unit)))


def _summary(trace: Trace, device: Device, time: str) -> str:
    tiling = trace.tiling
    parts = [
        units.plural(tiling.tiles, "tile") + f" of {units.shape(*tiling.tile)}",
        units.plural(tiling.slots, "slot"),
        units.plural(trace.waves, "wave") + _parts_text(tiling),
        time,
        f"efficiency {units.percent(trace.efficiency)}",
    ]
    if device.array is not None:
        # A busy array is not one whose multipliers all work: loading, filling and edges idle some.
        gemm, (rows, columns) = tiling.gemm, device.array
        could = trace.duration * tiling.units * rows * columns
        used = gemm.m * gemm.n * gemm.k / could
        parts.append(f"multipliers at work {units.percent(used)} of the time")
    return ", ".join(parts)


def _parts_text(tiling: Tiling) -> str:
    """Into how many parts k is cut, where it is."""
    return f" of {units.plural(tiling.parts, 'part')} of k a tile" if tiling.parts > 1 else ""


def _time(trace: Trace, device: Device, cost: Cost) -> str:
    if trace.clock == "s" and cost.computing_s is not None:
        return f"predicted {units.seconds(trace.duration)} {units.plus_minus(cost.error)}"
    if trace.clock == "s":
        return f"at least {units.seconds(trace.duration)}"
    step = {"lanes": "step", "systolic": "cycle"}.get(device.kind, "k-step")
    exact = trace.duration == int(trace.duration)
    number = units.group(int(trace.duration)) if exact else units.sig(trace.duration, 6)
    return f"{number} {step}s"


def _print_folds(options: argparse.Namespace, gemms: tuple[Gemm, ...]) -> int:
    """Folds and cycles on one systolic array; of several products the sums.

    `cycles_per_fold` is null where the products differ in it; then `products` tells each.
    """
    if options.dataflow is None or options.array is None:
        raise InputError("--dataflow and --array need each other, as in --dataflow ws --array 8x8")
    for name in ("device", "units", "tile", "order"):
        if getattr(options, name) is not None:
            raise InputError(f"--{name} and --dataflow exclude each other")
    found = [_folds_json(options, gemm) for gemm in gemms]
    each = {one["cycles_per_fold"] for one in found}
    total = {
        "folds": sum(gemm.count * one["folds"] for gemm, one in zip(gemms, found, strict=True)),
        "cycles_per_fold": each.pop() if len(each) == 1 else None,
        "cycles": sum(gemm.count * one["cycles"] for gemm, one in zip(gemms, found, strict=True)),
    }
    names = [_name(gemm, options.training) for gemm in gemms]
    if options.json:
        if len(found) > 1:
            total["products"] = [{"name": n, **one} for n, one in zip(names, found, strict=True)]
        print(json.dumps(total, ensure_ascii=False))
        return 0
    for name, one in zip(names, found, strict=True):
        folds_text = units.plural(one["folds"], "fold")
        cycles = f"{units.group(one['cycles_per_fold'])} cycles"
        print(f"{name}: {folds_text} of {cycles}, {units.group(one['cycles'])} cycles")
    drain = ", without the drain" if options.dataflow == "os" else ""
    print(f"{options.dataflow} on {options.array}, as SCALE-Sim v2 counts{drain}, modelled")
    return 0


def _folds_json(options: argparse.Namespace, gemm: Gemm) -> dict[str, Any]:
    dataflow = _dataflow(options.dataflow)
    rows, columns = parse_sides(options.array, "--array", "8x8 (rows, columns)", (2,))
    found = folds(gemm, (rows, columns), dataflow)
    return {
        "folds": found.folds,
        "cycles_per_fold": found.cycles_per_fold,
        "cycles": found.cycles,
    }


def _dataflow(text: str) -> Dataflow:
    known: tuple[Dataflow, ...] = get_args(Dataflow)
    for dataflow in known:
        if text == dataflow:
            return dataflow
    raise InputError(f"unknown dataflow {text!r:.60}; known are {', '.join(known)}")
