"""`mmviz plan`: the products of a pass, their tiles and waves, what they take and why."""

from __future__ import annotations

import argparse
import json
from typing import Any

from mmviz import units
from mmviz.cli.inputs import Request, add_network, add_request, read_request
from mmviz.cli.price import add_gemms, price
from mmviz.core.device.device import Device
from mmviz.core.shapes.products import Products
from mmviz.core.time.choice import tile_products
from mmviz.core.time.cost import LOSS_NAMES, LOSSES, Cost, PassCost, costs_of
from mmviz.errors import InputError

_LEFT = 2  # columns of words, the rest are numbers


def add_parser(commands: Any) -> None:
    """Add the command to an argparse subparsers object."""
    text = "list the matrix products of a network, their tiles, waves and time on a device"
    parser = commands.add_parser("plan", help=text, description=text, allow_abbrev=False)
    add_network(parser, optional=True)
    add_request(parser)
    add_gemms(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the plan; raises InputError."""
    if options.gemms is not None:
        return price(options)
    if options.network is None:
        raise InputError("plan needs a NETWORK, or a list of products with --gemms FILE.csv")
    if options.out is not None:
        raise InputError("-o belongs to --gemms FILE.csv")
    request = read_request(options, options.network)
    device, dtype = request.device, request.dtype
    gemms = request.file.network.lower(request.batch, request.training)
    order = request.order or None
    tilings = tile_products(gemms, device, request.tile, order, dtype=dtype)
    costs = PassCost(costs_of(tilings, device, dtype))
    if options.json:
        print(json.dumps(_plan_json(request, costs), indent=2, ensure_ascii=False))
    else:
        _print_table(request, costs)
    return 0


def loss_keys(losses: tuple[float, ...] | None) -> dict[str, float] | None:
    """Seconds by the names of the losses, as programs read them: tile_quantization, …"""
    if losses is None:
        return None
    return {_key(loss): seconds for loss, seconds in zip(LOSSES, losses, strict=True)}


def _key(loss: str) -> str:
    return LOSS_NAMES[loss].replace(" ", "_").replace("-", "_")


def _plan_json(request: Request, costs: PassCost) -> dict[str, Any]:
    listed = isinstance(request.file.network, Products)
    return {
        "network": request.file.id or request.file.network.name,
        "batch": None if listed else request.batch,
        "device": request.device.id,
        "dtype": request.dtype,
        "products": [_product_json(cost, listed) for cost in costs.costs],
        "total": {
            "products": sum(cost.tiling.gemm.count for cost in costs.costs),
            "flop": costs.flop,
            "bytes": costs.bytes,
            "at_peak_s": costs.at_peak_s,
            "losses": loss_keys(costs.losses),
            "limiter": costs.limiter and _key(costs.limiter),
            "predicted_s": costs.predicted_s,
            "error": costs.error,
            "price_per_million": costs.price(request.device),
        },
    }


def _product_json(cost: Cost, listed: bool) -> dict[str, Any]:
    """A product; of a list also how often it is computed, all else being of one of them."""
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
        "bound": cost.bound,
        "at_peak_s": cost.at_peak_s,
        "losses": loss_keys(cost.losses),
        "limiter": cost.limiter and _key(cost.limiter),
        "predicted_s": cost.predicted_s,
        "error": cost.error,
        "basis": cost.basis,
    }
    return {**found, "count": gemm.count} if listed else found


def _print_table(request: Request, costs: PassCost) -> None:
    device, network = request.device, request.file.network
    mode = "training" if request.training else "inference"
    how = f"batch {request.batch}, {mode}"
    if isinstance(network, Products):
        how = "a list of products"
    print(f"{network.name}, {how}, {request.dtype}, on {device.name}:")
    head = ("product", "role", "m × n × k", "FLOP", "FLOP/B", "bound", "tile", "tiles")
    rows = [(*head, "slots", "waves", "predicted", "limiter"), *map(_row, costs.costs)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        texts = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(row[2:-1], widths[2:-1], strict=True)]
        print("  ".join([*texts, *numbers, row[-1]]).rstrip())
    computed = sum(cost.tiling.gemm.count for cost in costs.costs)
    print(f"{units.plural(computed, 'product')}, {units.flop(costs.flop)}, modelled")
    for line in _verdict(costs, device):
        print(line)


def _row(cost: Cost) -> tuple[str, ...]:
    tiling = cost.tiling
    gemm = tiling.gemm
    split = f" /k {tiling.parts}" if tiling.parts > 1 else ""
    seconds, limiter = cost.predicted_s, cost.limiter
    return (
        " ".join(filter(None, (gemm.name, units.times(gemm.count)))),
        gemm.role,
        units.shape(gemm.m, gemm.n, gemm.k),
        units.flop(gemm.flop),
        units.sig(cost.intensity),
        cost.bound or "—",
        f"{tiling.tile[0]}×{tiling.tile[1]}{split}",
        units.group(tiling.tiles),
        units.group(tiling.slots),
        units.group(tiling.waves),
        units.NO_DATA if seconds is None else units.seconds(seconds),
        "" if limiter is None else LOSS_NAMES[limiter],
    )


def _verdict(costs: PassCost, device: Device) -> list[str]:
    """The whole pass: what it takes, what that rests on, and what the time is made of."""
    total, losses, peak = costs.predicted_s, costs.losses, costs.at_peak_s
    basis = next((cost.basis for cost in costs.costs if cost.predicted_s is None), None)
    if total is None or losses is None or peak is None:
        return [f"predicted: {units.NO_DATA}, {basis}"]
    basis = costs.costs[0].basis
    parts = [("at the peak", peak)]
    parts += [(LOSS_NAMES[loss], part) for loss, part in zip(LOSSES, losses, strict=True)]
    made = ", ".join(f"{name} {units.percent(part / total)}" for name, part in parts)
    error = units.plus_minus(costs.error)
    found = [f"predicted {units.seconds(total)} {error} ({basis})", f"made of: {made}"]
    price = costs.price(device)
    if price is not None:
        found.append(f"a million passes: {units.sig(price)} {device.currency}")
    return found
