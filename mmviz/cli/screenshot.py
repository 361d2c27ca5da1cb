"""`mmviz screenshot`: the real window as a picture, without a display."""

from __future__ import annotations

import argparse
import math
import os
import re
from pathlib import Path
from typing import Any

from mmviz.cli.inputs import Request, add_request, parse_count, read_request
from mmviz.errors import InputError
from mmviz.state.session import Session

_SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")
_FRACTION = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
SMALLEST, LARGEST = 320, 16_384


def add_parser(commands: Any) -> None:
    """Add the command to an argparse subparsers object."""
    text = "save a picture of the window, without a display"
    parser = commands.add_parser("screenshot", help=text, description=text, allow_abbrev=False)
    parser.add_argument("out", metavar="OUT.png")
    parser.add_argument("network", metavar="NETWORK", nargs="?", default="alexnet")
    add_request(parser)
    parser.add_argument("--size", default="1680x1050", metavar="WxH", help="default 1680x1050")
    parser.add_argument(
        "--at", default="0.5", metavar="FRACTION", help="of the shown product's time, default 0.5"
    )
    parser.add_argument("--product", default="1", metavar="N", help="which product, from 1")
    parser.add_argument("--theme", default="dark", help="dark or light")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the picture; raises InputError, or Unavailable where Qt cannot run."""
    request = read_request(options, options.network, as_shown=True)
    size, at = _parse_size(options.size), _parse_fraction(options.at)
    if options.theme not in ("dark", "light"):
        raise InputError(f"--theme must be dark or light, not {options.theme!r:.40}")
    if Path(options.out).suffix.lower() != ".png":
        raise InputError(f"a screenshot is written as .png, not {options.out!r:.80}")
    session = _session(request, parse_count(options.product, "--product"))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from mmviz.ui import preflight

    preflight.check(offscreen=True)
    from mmviz.ui.start.screenshot import take

    take(options.out, session, size=size, at=at, theme=options.theme)
    return 0


def _session(request: Request, product: int) -> Session:
    session = Session(
        network=request.file.network,
        batch=request.batch,
        training=request.training,
        dtype=request.dtype,
        device=request.device.id,
        tile=request.tile,
        order=request.order,
        product=product - 1,
        preset=request.file.id,
        about=request.file.about,
        source=request.file.source,
        budget_s=request.file.budget_s,
    )
    if product > session.products:
        raise InputError(f"--product {product}: the pass has {session.products} products")
    return session


def _parse_size(text: str) -> tuple[int, int]:
    match = _SIZE.fullmatch(text)
    sides = tuple(int(side) for side in match.groups()) if match else (0, 0)
    if not all(SMALLEST <= side <= LARGEST for side in sides):
        raise InputError(
            f"--size must look like 1680x1050, each side {SMALLEST} to {LARGEST}, not {text!r:.40}"
        )
    return sides[0], sides[1]


def _parse_fraction(text: str) -> float:
    value = float(text) if _FRACTION.fullmatch(text) and len(text) <= 40 else math.nan
    if not 0 <= value <= 1:
        raise InputError(f"--at must be a number from 0 to 1, not {text!r:.40}")
    return value
