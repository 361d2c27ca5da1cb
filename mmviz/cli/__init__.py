"""The commands. Each module adds its parser and returns an exit code; errors end here."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import errno
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from mmviz import __version__
from mmviz.cli import (
    advise,
    backends,
    bench,
    calibrate,
    lists,
    plan,
    schedule,
    screenshot,
    sweep,
    window,
)
from mmviz.errors import InputError, MmvizError

_COMMANDS = (lists, backends, plan, sweep, advise, schedule, bench, calibrate, screenshot)
_NAMES = (
    "presets",
    "devices",
    "backends",
    "plan",
    "sweep",
    "advise",
    "schedule",
    "bench",
    "calibrate",
    "screenshot",
)

EXIT_BAD_INPUT = 2
EXIT_STOPPED = 130
PLAIN = {
    "\u202f": " ", "×": "x", "µ": "u", "·": "*", "→": "->", "−": "-", "≈": "~", "…": "...",
    "–": "-", "—": "-", "ᵀ": "T", "±": "+-", "≤": "<=",
}  # fmt: skip


class _Parser(argparse.ArgumentParser):
    """argparse that complains in one line, without its usage block."""

    def error(self, message: str) -> NoReturn:
        raise InputError(" ".join(message.split()))


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line; return the exit code.

    Bad input and anything else mmviz raises on purpose is one line on stderr and exit code 2. A
    reader that went away (`mmviz presets | head -1`) is no error, a full disk is one: exit code 1.
    """
    _prepare_streams()
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except MmvizError as error:
        print(f"mmviz: {_one_line(str(error))}", file=sys.stderr)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        print("mmviz: stopped", file=sys.stderr)
        return EXIT_STOPPED
    except BrokenPipeError:
        _give_up_stdout()
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _give_up_stdout()
        print(f"mmviz: cannot write the output: {error.strerror}", file=sys.stderr)
        return 1
    return code


def _prepare_streams() -> None:
    """Streams that take any text: a closed one swallows it, a plain one gets plain signs."""
    codecs.register_error("plain", _plain)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115  # open until the process ends
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What a terminal cannot show, in signs it can."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(PLAIN.get(sign, "?") for sign in signs), error.end


def _give_up_stdout() -> None:
    """Python flushes stdout once more at exit: give it somewhere to go."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _one_line(text: str) -> str:
    """`text` on one line, without what a terminal would take for a command."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))


def _dispatch(arguments: Sequence[str]) -> int:
    first = arguments[0] if arguments else ""
    if first in _NAMES or first in ("-h", "--help", "--version"):
        options = _parser().parse_args(arguments)
        return int(options.run(options))
    words = [word for word in arguments if not word.startswith("-")]
    if len(words) > 1 and words == list(arguments[: len(words)]):
        raise InputError(f"unknown command {first!r:.60}; commands are {', '.join(_NAMES)}")
    return window.run(_window_parser().parse_args(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mmviz",
        description="See how a neural network is computed in parallel, and prove it with a clock.",
        epilog="mmviz [NETWORK] without a command opens the window: a preset, a file or widths.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"mmviz {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser


def _window_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="mmviz", allow_abbrev=False)
    window.add_arguments(parser)
    return parser
