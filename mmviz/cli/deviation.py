"""What a number format costs in digits, beside what `mmviz plan` says that it takes."""

from __future__ import annotations

import argparse
from typing import Any

from mmviz.cli.parser import Parser
from mmviz.core.learning.deviation import Deviation, brings_error, deviation_of, is_light
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.text import N_, Text
from mmviz.words import formats


def add_deviation(parser: Parser) -> None:
    """The option that asks for it, however long it takes."""
    parser.add_argument(
        "--deviation",
        action="store_true",
        help=N_("compute how far the number format is off from float64, of a large network, too"),
    )


def deviation_json(options: argparse.Namespace, setup: Setup) -> dict[str, Any]:
    """The key `deviation`, None where it was not computed; {} of a format that brings no error.
    Raises InputError.
    """
    if not brings_error(setup.dtype):
        return {}
    found = _deviation(options, setup)
    if found is None:
        return {"deviation": None}
    return {
        "deviation": {
            "relative": found.relative,
            "largest": found.largest,
            "layers": list(found.layers),
            "rows": found.rows,
            "source": "computed",
        }
    }


def deviation_lines(options: argparse.Namespace, setup: Setup) -> tuple[Text, ...]:
    """The same in a sentence, () of a format that brings no error; raises InputError."""
    if not brings_error(setup.dtype):
        return ()
    found = _deviation(options, setup)
    if found is None:
        return (formats.not_computed(setup.dtype, Text(N_("--deviation computes it"))),)
    return (formats.deviates(found), formats.of_what(found))


def _deviation(options: argparse.Namespace, setup: Setup) -> Deviation | None:
    if options.deviation is None:  # nobody looks at it
        return None
    if not (options.deviation or is_light(setup.workload)):
        return None
    try:
        return deviation_of(setup.workload, setup.batch, setup.dtype)
    except MemoryError:
        raise InputError(
            N_("the weights of {name!r:.60} do not fit this computer's memory"),
            name=setup.workload.name,
        ) from None
