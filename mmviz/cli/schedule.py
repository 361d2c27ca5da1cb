"""`mmviz schedule`: who computes which tile when."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any, get_args

from mmviz import units
from mmviz.cli.inputs import (
    add_pass,
    parse_count,
    parse_sides,
    parse_tile_and_step,
    read_products,
    with_notes,
)
from mmviz.cli.parser import Commands
from mmviz.core.device.body import Dataflow, Gpu
from mmviz.core.device.device import Device
from mmviz.core.memory.fit import held
from mmviz.core.provenance import MODELLED
from mmviz.core.schedule.order import Order
from mmviz.core.schedule.orders import order_for
from mmviz.core.schedule.schedule import rows_at_most
from mmviz.core.schedule.systolic import folds
from mmviz.core.schedule.trace import Trace, wave_pieces
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.cost import Cost
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import Setup
from mmviz.core.time.timed import clocked, timed
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.exports import as_json
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.words.provenance import label
from mmviz.words.schedule import PIECES, WAVES
from mmviz.words.speech import Words

MOST_TILES = 100_000  # printed at once; some ten megabytes of text


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("print who computes which tile when, on a device or on N plain units")
    parser = commands.add_parser("schedule", help=text)
    parser.add_argument(
        "what",
        metavar=N_("NETWORK|MxNxK"),
        help=N_("a preset, a file, widths such as 784-128-10, or one product such as 384x384x128"),
    )
    for name, metavar, told in (
        ("--batch", "B", N_("examples per pass (default: the preset's)")),
        ("--device", "D", Text(N_("default {device}; see mmviz devices"), device=THIS_MACHINE)),
        ("--units", "N", N_("N units with one tile each, in k-steps")),
        ("--tile", "MxN[xK]", N_("fix the tile, and the step along k")),
        ("--order", "O", N_("rows, columns, swizzle-N, split-k-S, ...")),
        ("--dataflow", "F", N_("of a systolic array: ws, os or is")),
        ("--array", "RxC", N_("its rows and columns of multipliers")),
    ):
        parser.add_argument(name, metavar=metavar, help=told)
    add_pass(parser)
    parser.add_argument("--json", action="store_true", help=N_("as JSON"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the schedule; raises InputError."""
    gemms, of, notes = read_products(options, options.what)
    dtype = check_dtype(options.dtype)
    if options.dataflow is not None or options.array is not None:
        return _print_folds(options, gemms, notes)
    device = _device(options)
    order = order_for(device, options.order)
    costs = _costs(options, gemms, of, device, dtype, order)
    traces = [timed(x.tiling, clocked(x, device), dtype, x.computing_s) for x in costs]
    if options.json:
        told = _schedule_json(gemms, traces, device, options.training)
        print(as_json(with_notes(told, notes)))
    else:
        _print_schedule(costs, traces, device, order, options)
    return 0


def _device(options: argparse.Namespace) -> Device:
    if options.units is None:
        return read_device(options.device if options.device is not None else THIS_MACHINE)
    if options.device is not None:
        raise InputError(N_("--device and --units exclude each other"))
    count = parse_count(options.units, "--units")
    name = Text(P_("{n:group} plain unit", "{n:group} plain units"), n=count)
    unit, tiles = Text(N_("unit")), ((128, 128), (64, 64))
    # Of the kind that takes every order; without a peak its clock counts k-steps.
    return Device(
        "units",
        options.words(name),
        Gpu(),
        count,
        tiles,
        k_step=32,
        unit_name=options.words(unit),
    )


def _costs(
    options: argparse.Namespace,
    gemms: tuple[Gemm, ...],
    of: tuple[Workload, int],
    device: Device,
    dtype: str,
    order: Order,
) -> tuple[Cost, ...]:
    """As `mmviz plan` prices the products: without --order the parts of k are chosen, too."""
    tile, k_step = (None, None) if options.tile is None else parse_tile_and_step(options.tile)
    if tile is not None and order.own_tile:
        said = N_("--tile cannot be fixed: order {order} cuts tiles to its own size")
        raise InputError(said, order=order.id)
    asked = None if options.order is None else order.id
    workload, batch = of
    setup = Setup(workload, device, batch, options.training, dtype, tile, asked)
    costs = held(price_gemms(gemms, setup), setup).costs
    if k_step is not None:  # how the tile is walked; its time is the device's all the same
        costs = tuple(replace(c, tiling=replace(c.tiling, k_step=k_step)) for c in costs)
    total = sum(rows_at_most(cost.tiling) for cost in costs)
    if total > MOST_TILES:
        raise InputError(
            N_(
                "the schedule has {total:group} tiles or pieces of tiles; at most {most:group} are "
                "printed: choose larger tiles, a smaller batch or network"
            ),
            total=total,
            most=MOST_TILES,
        )
    return costs


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

    What a list has launched several times counts as often there, and stands once, as 'scores ×12';
    tiles of a batch say which of its products they are of, from 0, their slice.
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
    which, m = trace.tiling.place_of(trace.m)
    columns: tuple[Any, ...] = (m, trace.n, k0, k1, trace.unit, trace.start, trace.end)
    names: tuple[str, ...] = ("m", "n", "k0", "k1", "unit", "start", "end")
    if trace.tiling.gemm.stack > 1:
        columns, names = (which, *columns), ("slice", *names)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _print_schedule(
    costs: tuple[Cost, ...],
    traces: list[Trace],
    device: Device,
    order: Order,
    options: argparse.Namespace,
) -> None:
    words: Words = options.words
    first, tilings = traces[0], [trace.tiling for trace in traces]
    order_words = N_("order {order} on {device}, {kind}: {about}")
    kind = label(first.provenance)
    ordered = Text(order_words, order=order.id, device=device.name, kind=kind, about=order.about)
    beyond = costs[0].provenance.beyond if first.clock == "s" else NOTHING
    head = [joined((ordered, beyond), "semicolons")]
    head.append(order.note(device, tilings))
    if not costs[0].held:
        head.append(Text("{why:capital}", why=costs[0].basis))
    elif first.clock == "steps" and device.body.has_waves and options.units is None:
        said = N_("no peak of {device} is known in this number format: time in k-steps")
        head.append(Text(said, device=device.name))
    print(words(joined(head, "lines")))
    for cost, trace in zip(costs, traces, strict=True):
        name = _name(cost.tiling.gemm, options.training)
        print(words(Text("{name}: {told}", name=name, told=_summary(trace, device, cost))))
        for wave, pieces in enumerate(wave_pieces(trace, device.unit), start=1):
            print(words(Text(N_("wave {wave}: {pieces}"), wave=wave, pieces=pieces)))


def _summary(trace: Trace, device: Device, cost: Cost) -> Text:
    tiling = trace.tiling
    tiles = Text(PIECES["tile"], n=tiling.tiles)
    waves = Text(WAVES, n=trace.waves)
    if tiling.parts > 1:
        said = P_("{waves} of {n:group} part of k a tile", "{waves} of {n:group} parts of k a tile")
        waves = Text(said, n=tiling.parts, waves=waves)
    parts = [
        Text(N_("{tiles} of {tile:shape}"), tiles=tiles, tile=tiling.tile),
        Text(P_("{n:group} slot", "{n:group} slots"), n=tiling.slots),
        waves,
        _time(trace, device, cost),
    ]
    if device.array is None:
        parts.append(Text(N_("efficiency {share:percent}"), share=trace.efficiency))
    else:
        # An array with a tile is not one whose multipliers all work: filling and edges idle some.
        every = Text(N_("arrays occupied {share:percent} of the time"), share=trace.efficiency)
        parts.append(every)
        gemm, (rows, columns) = tiling.gemm, device.array
        could = trace.duration * tiling.units * rows * columns
        used = gemm.flop / 2 / could
        parts.append(Text(N_("multipliers at work {used:percent} of the time"), used=used))
    return joined(parts, "commas")


def _time(trace: Trace, device: Device, cost: Cost) -> Text:
    if trace.clock == "s" and cost.computing_s is not None:
        said = N_("predicted {time:seconds}{error:beside}")
        return Text(said, time=trace.duration, error=cost.error)
    if trace.clock == "s":
        return Text(N_("at least {time:seconds}"), time=trace.duration)
    return device.body.step.counts(trace.duration)


def _print_folds(
    options: argparse.Namespace, gemms: tuple[Gemm, ...], notes: tuple[Text, ...]
) -> int:
    """Folds and cycles on one systolic array; of several products the sums.

    `cycles_per_fold` is null where the products differ in it; then `products` tells each.
    """
    if options.dataflow is None or options.array is None:
        said = N_("--dataflow and --array need each other, as in --dataflow ws --array 8x8")
        raise InputError(said)
    for name in ("device", "units", "tile", "order"):
        if getattr(options, name) is not None:
            raise InputError(N_("--{name} and --dataflow exclude each other"), name=name)
    found = [_folds_json(options, gemm) for gemm in gemms]
    each = {one["cycles_per_fold"] for one in found}
    total = {
        "folds": sum(gemm.products * one["folds"] for gemm, one in zip(gemms, found, strict=True)),
        "cycles_per_fold": each.pop() if len(each) == 1 else None,
        "cycles": sum(
            gemm.products * one["cycles"] for gemm, one in zip(gemms, found, strict=True)
        ),
    }
    names = [_name(gemm, options.training) for gemm in gemms]
    if options.json:
        if len(found) > 1:
            total["products"] = [{"name": n, **one} for n, one in zip(names, found, strict=True)]
        print(as_json(with_notes(total, notes)))
        return 0
    for name, one in zip(names, found, strict=True):
        folds_of = P_(
            "{name}: {n:group} fold of {each:group} cycles, {cycles:group} cycles",
            "{name}: {n:group} folds of {each:group} cycles, {cycles:group} cycles",
        )
        each, cycles = one["cycles_per_fold"], one["cycles"]
        print(options.words(Text(folds_of, n=one["folds"], name=name, each=each, cycles=cycles)))
    said = N_("{dataflow} on {array}, as SCALE-Sim v2 counts, {kind}")
    if options.dataflow == "os":
        said = N_("{dataflow} on {array}, as SCALE-Sim v2 counts, without the drain, {kind}")
    kind = label(MODELLED)
    print(options.words(Text(said, dataflow=options.dataflow, array=options.array, kind=kind)))
    return 0


def _folds_json(options: argparse.Namespace, gemm: Gemm) -> dict[str, Any]:
    dataflow = _dataflow(options.dataflow)
    like = Text(N_("8x8 (rows, columns)"))
    rows, columns = parse_sides(options.array, "--array", like, (2,))
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
    said = N_("unknown dataflow {text!r:.60}; known are {known}")
    raise InputError(said, text=text, known=", ".join(known))
