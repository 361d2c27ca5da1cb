"""`mmviz plan`: the products of a pass, their tiles and waves."""

from __future__ import annotations

import argparse
import json
from typing import Any

from mmviz import units
from mmviz.cli.inputs import Request, add_network, add_request, read_request
from mmviz.core.gemm import Products, lower
from mmviz.core.tiling import Tiling, tile_product


def add_parser(commands: Any) -> None:
    """Add the command to an argparse subparsers object."""
    text = "list the matrix products of a network, their tiles and waves on a device"
    parser = commands.add_parser("plan", help=text, description=text, allow_abbrev=False)
    add_network(parser)
    add_request(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the plan; raises InputError."""
    request = read_request(options, options.network)
    tilings = [
        tile_product(gemm, request.device, request.tile, request.order or None)
        for gemm in lower(request.file.network, request.batch, request.training)
    ]
    if options.json:
        print(json.dumps(_plan_json(request, tilings), indent=2, ensure_ascii=False))
    else:
        _print_table(request, tilings)
    return 0


def _plan_json(request: Request, tilings: list[Tiling]) -> dict[str, Any]:
    return {
        "network": request.file.id or request.file.network.name,
        "batch": None if isinstance(request.file.network, Products) else request.batch,
        "device": request.device.id,
        "dtype": request.dtype,
        "products": [_counted(request, tiling) for tiling in tilings],
    }


def _counted(request: Request, tiling: Tiling) -> dict[str, Any]:
    """A product; of a list also how often it is computed, all else being of one of them."""
    found = _product_json(tiling)
    if isinstance(request.file.network, Products):
        found["count"] = tiling.gemm.count
    return found


def _product_json(tiling: Tiling) -> dict[str, Any]:
    gemm = tiling.gemm
    return {
        "name": gemm.name,
        "role": gemm.role,
        "m": gemm.m,
        "n": gemm.n,
        "k": gemm.k,
        "flop": gemm.flop,
        "tile": list(tiling.tile),
        "tiles_m": tiling.tiles_m,
        "tiles_n": tiling.tiles_n,
        "tiles": tiling.tiles,
        "slots": tiling.slots,
        "waves": tiling.waves,
    }


def _print_table(request: Request, tilings: list[Tiling]) -> None:
    device, network = request.device, request.file.network
    mode = "training" if request.training else "inference"
    how = f"batch {request.batch}, {mode}"
    if isinstance(network, Products):
        how = "a list of products"
    print(f"{network.name}, {how}, {request.dtype}, on {device.name}:")
    rows = [("product", "role", "m × n × k", "FLOP", "tile", "tiles", "slots", "waves")]
    for tiling in tilings:
        gemm = tiling.gemm
        rows.append(
            (
                " ".join(filter(None, (gemm.name, units.times(gemm.count)))),
                gemm.role,
                units.shape(gemm.m, gemm.n, gemm.k),
                units.flop(gemm.flop),
                f"{tiling.tile[0]}×{tiling.tile[1]}",
                units.group(tiling.tiles),
                units.group(tiling.slots),
                units.group(tiling.waves),
            )
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        texts = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        print("  ".join(texts + numbers).rstrip())
    total = sum(tiling.gemm.total_flop for tiling in tilings)
    computed = sum(tiling.gemm.count for tiling in tilings)
    print(f"{units.plural(computed, 'product')}, {units.flop(total)}, modelled")
