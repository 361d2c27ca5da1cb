"""`mmviz screenshot`: the real window as a picture, without a display."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from mmviz import numerals
from mmviz.cli.inputs import Request, add_request, parse_count, read_request
from mmviz.cli.parser import Commands
from mmviz.cli.streams import STREAM, put_bytes
from mmviz.errors import InputError
from mmviz.state.session import Session
from mmviz.text import N_, Text

SIZE = "1680x1050"
SMALLEST, LARGEST = 320, 16_384


def add_parser(commands: Commands) -> None:
    """Add the command to an argparse subparsers object."""
    parser = commands.add_parser(
        "screenshot", help=N_("save a picture of the window, without a display")
    )
    told = N_("the file to write; - for standard output")
    parser.add_argument("out", metavar=N_("OUT.png"), help=told)
    parser.add_argument("network", metavar=N_("NETWORK"), nargs="?", default="alexnet")
    add_request(parser)
    parser.add_argument(
        "--size",
        default=SIZE,
        metavar="WxH",
        help=Text(N_("default {size}"), size=SIZE),
    )
    parser.add_argument(
        "--at",
        default="0.5",
        metavar=N_("FRACTION"),
        help=N_("of the shown product's time, default 0.5"),
    )
    parser.add_argument("--product", default="1", metavar="N", help=N_("which product, from 1"))
    parser.add_argument("--theme", metavar=N_("THEME"), default="dark", help=N_("dark or light"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the picture; raises InputError, or Unavailable where Qt cannot run."""
    request = read_request(options, options.network, as_shown=True)
    size, at = _parse_size(options.size), _parse_fraction(options.at)
    if options.theme not in ("dark", "light"):
        raise InputError(
            N_("--theme must be dark or light, not {theme!r:.40}"), theme=options.theme
        )
    streamed = options.out == STREAM
    if streamed and sys.stdout.isatty():
        raise InputError(N_("a terminal cannot show a picture: name a file, or redirect it"))
    if not streamed and Path(options.out).suffix.lower() != ".png":
        raise InputError(N_("a screenshot is written as .png, not {out!r:.80}"), out=options.out)
    session = _session(request, parse_count(options.product, "--product"))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from mmviz.ui import preflight

    preflight.check(offscreen=True)
    from mmviz.ui.start.screenshot import take

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "mmviz.png") if streamed else Path(options.out)
        take(out, session, size=size, at=at, theme=options.theme, words=options.words)
        if streamed:
            put_bytes(out.read_bytes())
    return 0


def _session(request: Request, product: int) -> Session:
    setup = request.setup
    session = Session(
        network=request.file.network,
        batch=setup.batch,
        training=setup.training,
        dtype=setup.dtype,
        device=setup.device.id,
        tile=setup.tile,
        order=setup.order or "",
        product=product - 1,
        preset=request.file.id,
        about=request.file.about,
        source=request.file.source,
        budget_s=request.file.budget_s,
    )
    if product > session.products:
        raise InputError(
            N_("--product {product}: the pass has {products} products"),
            product=product,
            products=session.products,
        )
    return session


def _parse_size(text: str) -> tuple[int, int]:
    try:
        width, height = numerals.whole_sides(text, "--size", SIZE, (2,), LARGEST)
    except InputError:
        width = height = 0
    if min(width, height) < SMALLEST:
        raise InputError(
            N_("--size must look like {size}, each side {least} to {most}, not {text!r:.40}"),
            size=SIZE,
            least=SMALLEST,
            most=LARGEST,
            text=text,
        )
    return width, height


def _parse_fraction(text: str) -> float:
    return numerals.real(text, "--at", N_("a number from 0 to 1"), lambda x: 0 <= x <= 1)
