"""`mmviz advise`: what the neighbouring shapes would cost, and why."""

from __future__ import annotations

import argparse
import json
import textwrap
from typing import Any

from mmviz import units
from mmviz.cli.inputs import Request, add_network, add_request, read_request
from mmviz.core import advice_text
from mmviz.core.advice import Advice, Piece, Setting, advise
from mmviz.core.gemm import Products

WIDTH = 88  # of the text


def add_parser(commands: Any) -> None:
    """Add the command to an argparse subparsers object."""
    text = "say which neighbouring batch or widths would be faster on a device, and why"
    parser = commands.add_parser("advise", help=text, description=text, allow_abbrev=False)
    add_network(parser)
    add_request(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the advice; raises InputError."""
    request = read_request(options, options.network)
    setting = Setting(request.device, request.dtype, request.tile, request.order or None)
    advice = advise(request.file.network, request.batch, request.training, setting)
    if options.json:
        print(json.dumps(_as_json(request, advice), indent=2, ensure_ascii=False))
    else:
        print("\n".join(lines(request, advice)))
    return 0


def _as_json(request: Request, advice: Advice) -> dict[str, Any]:
    listed = isinstance(request.file.network, Products)
    return {
        "network": request.file.id or request.file.network.name,
        "batch": None if listed else request.batch,
        "device": request.device.id,
        "dtype": request.dtype,
        "training": request.training,
        "basis": advice.basis,
        "why_none": advice.why,
        "advice": [_piece(piece) for piece in advice.pieces],
        "remarks": [
            {"kind": "remark", "title": remark.title, "text": remark.text, "ok": remark.sound}
            for remark in advice.remarks
        ],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    change = piece.change
    return {
        "change": {"what": change.what, "from": change.before, "to": change.after},
        "text": piece.text,
        "cause": piece.cause,
        "predicted_s": list(piece.predicted_s),
        "tiles": list(piece.tiles),
        "waves": list(piece.waves),
        "gain": piece.gain,
        "error": piece.error,
        "per_example": change.kind == "batch",
    }


def lines(request: Request, advice: Advice) -> list[str]:
    """The advice for people, wrapped."""
    network, mode = request.file.network, "training" if request.training else "inference"
    how = f"batch {units.group(request.batch)}, {mode}"
    if isinstance(network, Products):
        how = "a list of products"
    found = [f"{network.name}, {how}, {request.dtype}, on {request.device.name}"]
    if not advice.why:
        found.append(f"predicted, {advice.basis}")
    for piece in advice.pieces:
        gain = advice_text.signed(piece.gain, piece.error)
        found += ["", f"{gain}  {advice_text.title(piece.change)}", *_wrapped(piece.text)]
    if advice.why:
        found += ["", *textwrap.wrap(advice.why, WIDTH)]
    for remark in advice.remarks:
        mark = "ok" if remark.sound else "note"
        found += ["", *textwrap.wrap(f"{mark}: {remark.text}", WIDTH, break_long_words=False)]
    return found


def _wrapped(text: str) -> list[str]:
    """Indented, groups of digits kept together."""
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ")
