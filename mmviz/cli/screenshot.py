"""`mmviz screenshot`: the real window, or a part of it, as a picture, without a display."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from mmviz import numerals
from mmviz.cli.inputs import add_request
from mmviz.cli.parser import Commands
from mmviz.cli.shot import wanted
from mmviz.cli.streams import STREAM, put_bytes
from mmviz.errors import InputError
from mmviz.files.lessons.shelf import read_shelf
from mmviz.files.settings import lesson_folders
from mmviz.state.export import KINDS, LEAST, MOST, MOST_SCALE, PARTS, SIZES, ExportChoice
from mmviz.state.export import SLIDE as SLIDE_PIXELS
from mmviz.state.lessons.opening import lesson_at
from mmviz.text import N_, Text

SIZE = "1680x1050"
SLIDE = "{}x{}".format(*SLIDE_PIXELS)
SMALLEST, LARGEST = 320, MOST
LEFT_OUT = ("title", "legend", "prose", "units")


def add_parser(commands: Commands) -> None:
    """Add the command to an argparse subparsers object."""
    parser = commands.add_parser(
        "screenshot", help=N_("save a picture of the window or a part of it, without a display")
    )
    told = N_("the file to write, of a part also .svg and .pdf; - for standard output")
    parser.add_argument("out", metavar=N_("OUT.png"), help=told)
    named = N_("a network, or a recording: the schedule that really ran")
    parser.add_argument("network", metavar=N_("NETWORK"), nargs="?", default="alexnet", help=named)
    add_request(parser)
    parts = Text(N_("this part alone: {parts}"), parts=", ".join(PARTS))
    parser.add_argument("--part", metavar=N_("PART"), help=parts)
    size = Text(N_("pixels; default {size}, of a part a slide's {slide}"), size=SIZE, slide=SLIDE)
    parser.add_argument("--size", metavar="WxH", help=size)
    slide = Text(N_("a part for a slide of 16:9, {slide}"), slide=SLIDE)
    parser.add_argument("--slide", action="store_true", help=slide)
    column = N_("a part for a printed column of 85 or 170 mm, 600 dots per inch")
    parser.add_argument("--column", metavar="MM", help=column)
    streamed = Text(N_("of a part on standard output: {kinds}"), kinds=", ".join(KINDS))
    parser.add_argument("--format", metavar=N_("FORMAT"), help=streamed)
    finer = Text(N_("a part in so many times more pixels a side, 1 to {most}"), most=MOST_SCALE)
    parser.add_argument("--scale", metavar="N", default="1", help=finer)
    without = Text(N_("leave out of a part, parted by commas: {names}"), names=", ".join(LEFT_OUT))
    parser.add_argument("--without", metavar=N_("WHAT"), default="", help=without)
    parser.add_argument(
        "--at",
        default="0.5",
        metavar=N_("FRACTION"),
        help=N_("of the shown product's time, default 0.5"),
    )
    parser.add_argument("--product", default="1", metavar="N", help=N_("which product, from 1"))
    lesson = N_(
        "the window or a part at a step of a lesson, in place of NETWORK: waves, waves/2, "
        "waves/tail; --part lesson is its card"
    )
    parser.add_argument("--lesson", metavar=N_("LESSON"), help=lesson)
    parser.add_argument("--theme", metavar=N_("THEME"), default="dark", help=N_("dark or light"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the picture; raises InputError, or Unavailable where Qt cannot run."""
    at = _parse_fraction(options.at)
    if options.theme not in ("dark", "light"):
        raise InputError(
            N_("--theme must be dark or light, not {theme!r:.40}"), theme=options.theme
        )
    streamed = options.out == STREAM
    if streamed and sys.stdout.isatty():
        raise InputError(N_("a terminal cannot show a picture: name a file, or redirect it"))
    choice = None if options.part is None else _choice(options, streamed)
    session, recording = wanted(options, choice)
    lesson = None
    if options.lesson is not None:
        lesson = lesson_at(options.lesson, read_shelf(lesson_folders()))
    if choice is None:
        size = _window_size(options, streamed)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from mmviz.ui import preflight

    preflight.check(offscreen=True)
    if lacking := preflight.lacking_font(options.words.language):
        raise InputError(lacking)
    from mmviz.ui.start.at_step import take_at_step
    from mmviz.ui.start.screenshot import take, take_part

    with tempfile.TemporaryDirectory() as folder:
        kind = "png" if choice is None else choice.kind
        out = Path(folder, f"mmviz.{kind}") if streamed else Path(options.out)
        if choice is None:
            look = {"size": size, "at": at, "theme": options.theme, "words": options.words}
            take(out, session, lesson=lesson, recording=recording, **look)
        elif lesson is not None:
            take_at_step(out, lesson, session, choice, at=at, words=options.words)
        else:
            take_part(out, session, choice, at=at, words=options.words, recording=recording)
        if streamed:
            put_bytes(out.read_bytes())
    return 0


def _window_size(options: argparse.Namespace, streamed: bool) -> tuple[int, int]:
    """Of a picture of the whole window, which is of pixels; raises InputError."""
    of_parts = {
        "--slide": options.slide,
        "--column": options.column is not None,
        "--scale": options.scale != "1",
        "--without": options.without,
        "--format": options.format is not None,
    }
    for name, given in of_parts.items():
        if given:
            raise InputError(N_("{name} belongs to --part"), name=name)
    if not streamed and Path(options.out).suffix.lower() != ".png":
        raise InputError(N_("a screenshot is written as .png, not {out!r:.80}"), out=options.out)
    return _parse_size(options.size or SIZE, SMALLEST)


def _choice(options: argparse.Namespace, streamed: bool) -> ExportChoice:
    """How the part is wanted; raises InputError."""
    if options.part not in PARTS:
        raise InputError(
            N_("--part must be one of {parts}, not {part!r:.40}"),
            parts=", ".join(PARTS),
            part=options.part,
        )
    if options.format is not None and not streamed:
        raise InputError(N_("--format belongs to standard output: a file's name says its format"))
    if options.format is not None and options.format not in KINDS:
        raise InputError(
            N_("--format must be one of {kinds}, not {text!r:.40}"),
            kinds=", ".join(KINDS),
            text=options.format,
        )
    named = Path(options.out).suffix.lower().removeprefix(".")
    kind = options.format or "png" if streamed else named
    if kind not in KINDS:
        raise InputError(
            N_("a part is written as {kinds}, not {out!r:.80}"),
            kinds=", ".join(f".{kind}" for kind in KINDS),
            out=options.out,
        )
    if sum((bool(options.size), options.slide, options.column is not None)) > 1:
        raise InputError(N_("--size, --slide and --column say the same: give one of them"))
    sized, (width, height) = "slide", (0, 0)
    if options.column is not None:
        sized = f"column{options.column}"
        if sized not in SIZES:
            raise InputError(
                N_("--column must be 85 or 170, not {text!r:.40}"), text=options.column
            )
    elif options.size:
        sized, (width, height) = "pixels", _parse_size(options.size, LEAST)
    left_out = [name.strip() for name in options.without.split(",") if name.strip()]
    for name in left_out:
        if name not in LEFT_OUT:
            raise InputError(
                N_("--without takes {names}, not {text!r:.40}"),
                names=", ".join(LEFT_OUT),
                text=name,
            )
    scale = numerals.whole(options.scale, "--scale", MOST_SCALE)
    if scale > 1 and kind != "png":
        raise InputError(N_("--scale belongs to .png: the others are as fine as they are shown"))
    in_it = {name: name not in left_out for name in LEFT_OUT}
    return ExportChoice(options.part, sized, kind, options.theme, width, height, scale, **in_it)


def _parse_size(text: str, least: int) -> tuple[int, int]:
    try:
        width, height = numerals.whole_sides(text, "--size", SIZE, (2,), LARGEST)
    except InputError:
        width = height = 0
    if min(width, height) < least:
        raise InputError(
            N_("--size must look like {size}, each side {least} to {most}, not {text!r:.40}"),
            size=SIZE,
            least=least,
            most=LARGEST,
            text=text,
        )
    return width, height


def _parse_fraction(text: str) -> float:
    return numerals.real(text, "--at", N_("a number from 0 to 1"), lambda x: 0 <= x <= 1)
