"""`mmviz trace FILE`: what ran already. A recording as it is; a trace of another tool placed on the
product that is named.
"""

from __future__ import annotations

import argparse
import os

from mmviz.cli.inputs import parse_count, parse_sides, parse_tile
from mmviz.cli.parser import Parser
from mmviz.core.recording.asking import Answers, clock_of
from mmviz.core.recording.foreign_tiles import placed, timeline
from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.dtype import check_dtype
from mmviz.errors import InputError
from mmviz.files.foreign import traces
from mmviz.files.recordings import reading
from mmviz.text import N_, Text

_OWN = ("device", "record", "threads", "batch")
"""Options of what is modelled or recorded here."""

_PLACING = "shape", "region", "launch", "mhz"


def add_options(parser: Parser) -> None:
    """What a file of another tool does not say."""
    for name, metavar, told in (
        ("--shape", "MxNxK", N_("of a trace of another tool: the product that it is of")),
        ("--region", "R", N_("of such a trace: what a block goes through once a tile")),
        ("--launch", "N", N_("of such a trace: which launch (default: the first)")),
        ("--mhz", "F", N_("of such a trace: the clock of the SMs, where it counts that")),
    ):
        parser.add_argument(name, metavar=metavar, help=told)


def ran_already(what: str) -> bool:
    """Whether this is the file of something that ran; raises InputError where it cannot be read."""
    if not os.path.isfile(what):
        return False
    return reading.holds_one(what) or traces.is_foreign_file(what)


def check_none(options: argparse.Namespace) -> None:
    """Raises InputError where one of these options is given for something else."""
    for name in _PLACING:
        if getattr(options, name) is not None:
            raise InputError(
                N_("--{name} belongs to a trace of another tool, FILE.json"), name=name
            )


def read(options: argparse.Namespace) -> Recording:
    """A recording as it is; a trace of another tool as tiles where a shape is named, else as a
    timeline. Raises InputError.
    """
    for name in _OWN:
        if getattr(options, name) is not None:
            raise InputError(
                N_("--{name} is not for {path}: it ran already"), name=name, path=options.what
            )
    if options.training:
        raise InputError(N_("--training is not for {path}: it ran already"), path=options.what)
    if reading.holds_one(options.what):
        for name in ("tile", "order", *_PLACING):
            if getattr(options, name) is not None:
                raise InputError(
                    N_("--{name} is not for {path}: it is a recording of mmviz"),
                    name=name,
                    path=options.what,
                )
        return reading.read(options.what)
    answers = _answers(options)
    foreign = traces.read(options.what)
    if answers.shape is not None:
        return placed(foreign, answers)
    if (answers.tile, answers.raster, answers.region, options.launch) != (None,) * 4:
        raise InputError(N_("--tile, --order, --region and --launch need --shape MxNxK"))
    return timeline(foreign, answers.mhz)


def _answers(options: argparse.Namespace) -> Answers:
    shape = None
    if options.shape is not None:
        like = Text(N_("4096x4096x512 (m, n, k)"))
        m, n, k = parse_sides(options.shape, "--shape", like, (3,))
        shape = m, n, k
    return Answers(
        launch=0 if options.launch is None else parse_count(options.launch, "--launch") - 1,
        shape=shape,
        tile=None if options.tile is None else parse_tile(options.tile),
        raster=options.order,
        region=options.region,
        dtype=check_dtype(options.dtype),
        mhz=None if options.mhz is None else clock_of(options.mhz, "--mhz"),
    )
