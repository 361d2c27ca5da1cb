"""Which drawings a command takes: those mmviz makes, or the user's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from mmviz import numerals
from mmviz.bench.plan import GivenData, MadeData
from mmviz.bench.teaching import given
from mmviz.cli.parser import Parser
from mmviz.core.learning.values import SEED
from mmviz.core.shapes.network import MAX_COUNT
from mmviz.errors import InputError
from mmviz.files import hands, idx
from mmviz.text import N_

MADE = "made"


def add_drawings(parser: Parser, seed: str) -> None:
    """--data and --seed; seed: what that is of, a msgid."""
    parser.add_argument(
        "--data",
        default=MADE,
        metavar="F",
        help=N_("made: drawings mmviz makes; or a folder with MNIST's four files"),
    )
    parser.add_argument("--seed", metavar="N", help=seed)


def read_drawings(options: argparse.Namespace) -> tuple[MadeData | GivenData, int]:
    """The drawings, and how many there are to learn from; raises InputError."""
    if options.data == MADE:
        made = MadeData(hands=hands.texts(), taught=hands.TAUGHT)
        return made, made.count
    folder = Path(options.data)
    if not folder.is_dir():
        raise InputError(N_("--data: there is no folder {path}"), path=options.data)
    seen, unseen = idx.read_folder(folder)
    return given(seen, unseen), len(seen)


def read_seed(options: argparse.Namespace) -> int:
    """--seed, from 0 on; raises InputError."""
    return SEED if options.seed is None else numerals.whole(options.seed, "--seed", MAX_COUNT, 0)
