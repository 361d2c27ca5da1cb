"""What a number format costs in digits, beside what `mmviz plan` says that it takes."""

from __future__ import annotations

import argparse
from typing import Any

from mmviz.cli.parser import Parser
from mmviz.core.learning.deviation import (
    Deviation,
    brings_error,
    deviation_of,
    is_light,
    sampled_deviation,
)
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words import formats


def add_deviation(parser: Parser) -> None:
    """The option that asks for it, however long it takes."""
    parser.add_argument(
        "--deviation",
        action="store_true",
        help=N_("compute how far the number format is off from float64, of a large network, too"),
    )


def deviation_json(options: argparse.Namespace, setup: Setup) -> dict[str, Any]:
    """The key `deviation`; {} of a format that brings no error. Raises InputError."""
    found = _deviation(options, setup)
    if found is None:
        return {}
    return {
        "deviation": {
            "of": "network" if found.all else "products",
            "relative": found.relative,
            "largest": found.largest,
            "layers": list(found.layers),
            "rows": found.rows,
            "source": "computed",
        }
    }


def deviation_lines(options: argparse.Namespace, setup: Setup) -> tuple[Text, ...]:
    """The same in a sentence, () of a format that brings no error; raises InputError."""
    found = _deviation(options, setup)
    if found is None:
        return ()
    more = NOTHING
    if setup.workload.layered is not None and not found.all:
        more = Text(N_("--deviation computes the whole network"))
    return formats.deviates(found), joined((formats.of_what(found), more), "semicolons")


def _deviation(options: argparse.Namespace, setup: Setup) -> Deviation | None:
    """None where there is none, and where nobody looks at it."""
    if options.deviation is None or not brings_error(setup.dtype):
        return None
    if not (options.deviation or is_light(setup.workload)):
        return sampled_deviation(setup.workload, setup.batch, setup.dtype)
    try:
        return deviation_of(setup.workload, setup.batch, setup.dtype)
    except MemoryError:
        raise InputError(
            N_("the weights of {name!r:.60} do not fit this computer's memory"),
            name=setup.workload.name,
        ) from None
