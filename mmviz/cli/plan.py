"""`mmviz plan`: the products of a pass, their tiles and waves, what they take and why."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from typing import Any

from mmviz import units
from mmviz.cli.deviation import add_deviation, deviation_json, deviation_lines
from mmviz.cli.inputs import Request, add_network, add_request, read_request, with_notes
from mmviz.cli.parser import Commands
from mmviz.cli.price import add_gemms, launch_on, price_list
from mmviz.cli.table import said_table, show
from mmviz.core.memory.fit import fit, price_within
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.cost import LOSS_KEYS, LOSSES, Cost, PassCost
from mmviz.core.time.ridge import compute_bound_from, pass_compute_bound_from
from mmviz.core.time.setup import LAUNCH_KINDS, Setup
from mmviz.errors import InputError
from mmviz.files.devices import known_as
from mmviz.files.exports import as_json
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words import cost as cost_words
from mmviz.words import memory, money
from mmviz.words.device import with_remedy
from mmviz.words.products import listed_name, role, shape
from mmviz.words.provenance import label, told_basis
from mmviz.words.roofline import apart
from mmviz.words.speech import ENGLISH, Words

_HEAD = (
    N_("product"), N_("role"), N_("m × n × k"), N_("FLOP"), N_("FLOP/B"), N_("bound"),
    N_("compute-bound from"), N_("tile"),
    N_("tiles"), N_("slots"), N_("waves"), N_("predicted"), N_("limiter"),
)  # fmt: skip


def add_parser(commands: Commands) -> None:
    """Add the command."""
    text = N_("list the matrix products of a network, their tiles, waves and time on a device")
    parser = commands.add_parser("plan", help=text)
    add_network(parser, optional=True)
    add_request(parser)
    add_gemms(parser)
    add_deviation(parser)
    parser.add_argument(
        "--launch",
        choices=LAUNCH_KINDS,
        default="graph",
        help=N_(
            "how products follow each other on a GPU: recorded in a graph, or each by an eager "
            "call that the host waits for"
        ),
    )
    parser.add_argument("--json", action="store_true", help=N_("as JSON"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the plan; raises InputError."""
    if options.gemms is not None:
        return price_list(options)
    if options.network is None:
        said = N_("plan needs a NETWORK, or a list of products with --gemms FILE.csv")
        raise InputError(said)
    if options.out is not None:
        raise InputError(N_("-o belongs to --gemms FILE.csv"))
    request = read_request(options, options.network)
    launch_kind = launch_on(options, request.setup.device)
    request = replace(request, setup=replace(request.setup, launch_kind=launch_kind))
    costs = price_within(request.setup)
    if options.json:
        told = _plan_json(request, costs, ENGLISH) | deviation_json(options, request.setup)
        told = with_notes(told, request.file.notes)  # for programs
        print(as_json(told, indent=2))
    else:
        _print_table(request.setup, costs, options.words)
        for line in deviation_lines(options, request.setup):
            print(options.words(line))
    return 0


def loss_keys(losses: tuple[float, ...] | None) -> dict[str, float] | None:
    """Seconds by the names of the losses, as programs read them: tile_quantization, …"""
    if losses is None:
        return None
    return {LOSS_KEYS[loss]: seconds for loss, seconds in zip(LOSSES, losses, strict=True)}


def _plan_json(request: Request, costs: PassCost, words: Words) -> dict[str, Any]:
    setup = request.setup
    fits = fit(setup)
    million = costs.price(setup.device) if setup.workload.has_batch else None
    return {
        "network": request.file.id or setup.workload.name,
        "batch": setup.batch if setup.workload.has_batch else None,
        "device": known_as(setup.device),
        "dtype": setup.dtype,
        "launch_kind": setup.launch_kind if setup.device.kind == "gpu" else None,
        "source": costs.provenance.kind,
        "products": [_product_json(cost, setup.workload, words) for cost in costs.costs],
        "total": {
            "products": setup.workload.computed(setup.training),
            "flop": costs.flop,
            "bytes": costs.bytes,
            "intensity": costs.flop / costs.bytes,
            "ridge": costs.costs[0].ridge,
            "compute_bound_batch": _compute_bound_batch(setup, costs),
            "at_peak_s": costs.at_peak_s,
            "losses": loss_keys(costs.losses),
            "limiter": costs.limiter and LOSS_KEYS[costs.limiter],
            "predicted_s": costs.predicted_s,
            "error": costs.error,
            "memory_bytes": fits.need.total,
            "memory_parts_bytes": asdict(fits.need),
            "device_memory_bytes": fits.memory,
            "fits": fits.fits,
            "largest_batch": fits.largest,
            "price_per_pass": costs.price(setup.device, 1),
            "price_per_million": costs.price(setup.device),
            "price_per_million_examples": million and million / setup.batch,
            "currency": setup.device.currency,
            "energy_at_power_limit_j": costs.energy(setup.device),
        },
    }


def _product_json(cost: Cost, of: Workload, words: Words) -> dict[str, Any]:
    """A product; of a list also the batch of a launch and how many launches there are, all else
    being of one launch."""
    tiling = cost.tiling
    gemm = tiling.gemm
    found = {
        "name": gemm.name,
        "role": gemm.role,
        "m": gemm.m,
        "n": gemm.n,
        "k": gemm.k,
        "flop": gemm.flop,
        "tile": list(tiling.tile),
        "order": tiling.order.id,
        "tiles_m": tiling.tiles_m,
        "tiles_n": tiling.tiles_n,
        "tiles": tiling.tiles,
        "slots": tiling.slots,
        "waves": tiling.waves,
        "tile_efficiency": tiling.tile_efficiency,
        "wave_efficiency": tiling.wave_efficiency,
        "bytes": cost.bytes,
        "intensity": cost.intensity,
        "ridge": cost.ridge,
        "bound": cost.bound,
        "compute_bound_batch": compute_bound_from(cost) if of.has_batch else None,
        "at_peak_s": cost.at_peak_s,
        "losses": loss_keys(cost.losses),
        "limiter": cost.limiter and LOSS_KEYS[cost.limiter],
        "predicted_s": cost.predicted_s,
        "error": cost.error,
        "basis": words(cost.basis),
    }
    if of.has_batch:
        return found
    launch = {"batch": gemm.stack, "count": gemm.count, "group": gemm.group or None}
    return {**found, **launch}


def _compute_bound_batch(setup: Setup, costs: PassCost) -> int | None:
    """Of the pass; None of a list, which has no batch."""
    return pass_compute_bound_from(costs.costs) if setup.workload.has_batch else None


def _print_table(setup: Setup, costs: PassCost, words: Words) -> None:
    print(words(Text(N_("{head}:"), head=cost_words.heading(setup))))
    cells = [
        tuple(Text(name) for name in _HEAD),
        *(_row(cost, setup.workload) for cost in costs.costs),
    ]
    if not costs.priced.held:  # the lines below say so
        cells = [(*row[:-2], NOTHING, NOTHING) for row in cells]
    elif costs.predicted_s is None:
        cells = [(*row[:-1], NOTHING) for row in cells]  # nothing limits a time that is not known
    show(said_table(cells, words, left=(0, 1), keys=2))
    computed = setup.workload.computed(setup.training)
    count = Text(P_("{n:group} product", "{n:group} products"), n=computed)
    flop = Text("{flop:flop}", flop=costs.flop)
    print(words(joined((count, flop, label(costs.provenance)), "commas")))
    if (ridge := costs.costs[0].ridge) is not None:
        print(words(_ridge(setup, costs, ridge)))
    for line in _verdict(costs, setup):
        print(words(line))


def _ridge(setup: Setup, costs: PassCost, ridge: float) -> Text:
    """'ridge 153 FLOP/B, the pass 98.1: compute-bound as a whole from batch 219 on'."""
    intensity, at = apart(costs.flop / costs.bytes, ridge)
    both = Text(N_("ridge {ridge} FLOP/B, all of it {intensity}"), ridge=at, intensity=intensity)
    if not setup.workload.has_batch:
        return both
    enough = _compute_bound_batch(setup, costs)
    if enough is None:
        return Text(N_("{ridge}: compute-bound at no batch"), ridge=both)
    return Text(N_("{ridge}: compute-bound from batch {n:group} on"), ridge=both, n=enough)


def _row(cost: Cost, of: Workload) -> tuple[Text, ...]:
    tiling = cost.tiling
    gemm, limiter = tiling.gemm, cost.limiter
    enough = compute_bound_from(cost) if of.has_batch else None
    split = Text(" /k {parts}", parts=tiling.parts) if tiling.parts > 1 else NOTHING
    sides = Text("{m}×{n}{split}", m=tiling.tile[0], n=tiling.tile[1], split=split)
    return (
        own(" ".join(filter(None, (listed_name(gemm), units.times(gemm.count))))),
        role(gemm.role),
        shape(gemm),
        Text("{flop:flop}", flop=gemm.flop),
        Text("{intensity:sig}", intensity=cost.intensity),
        Text("—") if cost.bound is None else cost_words.bound(cost.bound),
        own("—") if enough is None else Text("{n:group}", n=enough),
        sides,
        *(Text("{n:group}", n=n) for n in (tiling.tiles, tiling.slots, tiling.waves)),
        Text("{time:seconds}", time=cost.predicted_s),
        NOTHING if limiter is None else cost_words.loss(limiter),
    )


def _verdict(costs: PassCost, setup: Setup) -> list[Text]:
    """The whole pass: what it takes, what that rests on, and what the time is made of."""
    total, losses, peak = costs.predicted_s, costs.losses, costs.at_peak_s
    fits, batch = fit(setup), setup.batch if setup.workload.has_batch else None
    holds = [Text("{said:capital}", said=said) for said in (memory.line(fits),) if said]
    of = [Text("  {parts}", parts=memory.parts(fits.need))] if holds else []
    if fits.fits is False:
        return [*holds, *of]
    if total is None or losses is None or peak is None:
        basis = with_remedy(costs.basis, setup.device)
        none = Text(N_("predicted: {time:seconds}, {basis}"), time=None, basis=basis)
        return [none, *holds, *of]
    parts = [(Text(N_("at the peak")), peak)]
    parts += [(cost_words.loss(id), lost) for id, lost in zip(LOSSES, losses, strict=True)]
    shares = [(name, round(lost / total, 12) + 0.0) for name, lost in parts]  # no noise, no -0
    made = [Text("{name} {share:percent}", name=name, share=share) for name, share in shares]
    found = [
        Text(
            N_("predicted {time:seconds}{error:beside} ({basis})"),
            time=total,
            error=costs.error,
            basis=told_basis(costs.provenance, costs.error),
        ),
        Text(N_("made of: {parts}"), parts=joined(made, "commas")),
    ]
    costs_so = (money.price(costs, setup.device, batch), money.energy(costs, setup.device))
    return [*found, *filter(None, costs_so), *holds, *of]
