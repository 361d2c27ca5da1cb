"""The commands: what is typed, read; what is found out, printed.

Each module adds its parser and returns an exit code; errors end here, and are put into words here.
May import all rooms; must not compute: what a figure is, is found below. `options.words` says
every Text in the language of this run (`--language`, MMVIZ_LANGUAGE, what was chosen in the
window, else the system's).
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import os
import sys
from collections.abc import Sequence

from mmviz import __version__
from mmviz.cli import (
    advise,
    backends,
    bench,
    calibrate,
    diff,
    digits,
    doctor,
    exam,
    learn,
    lessons,
    lists,
    plan,
    runs,
    schedule,
    screenshot,
    sweep,
    trace,
    train,
    window,
)
from mmviz.cli.complain import complain
from mmviz.cli.parser import Parser
from mmviz.cli.stopping import UnheardError, stopped
from mmviz.errors import InputError, MmvizError
from mmviz.files import settings
from mmviz.files.networks import UNKNOWN, find, preset_ids
from mmviz.text import N_, Text
from mmviz.words.speech import ENGLISH, Words, asked, languages, speak

_COMMANDS = (
    lists,
    backends,
    plan,
    sweep,
    advise,
    exam,
    schedule,
    trace,
    diff,
    bench,
    runs,
    calibrate,
    doctor,
    train,
    digits,
    lessons,
    learn,
    screenshot,
)
_NAMES = (
    "presets",
    "devices",
    "backends",
    "plan",
    "sweep",
    "advise",
    "exam",
    "schedule",
    "trace",
    "diff",
    "bench",
    "runs",
    "calibrate",
    "doctor",
    "train",
    "digits",
    "lessons",
    "learn",
    "screenshot",
)

EXIT_BAD_INPUT = 2
PLAIN = {
    "\u202f": " ", "×": "x", "µ": "u", "·": "*", "→": "->", "−": "-", "≈": "~", "…": "...",
    "–": "-", "—": "-", "ᵀ": "T", "±": "+-", "≤": "<=", "✓": "ok", "━": "-", "╸": "-", "╺": "-",
}  # fmt: skip


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line; return the exit code.

    Bad input and anything else mmviz raises on purpose is one line on stderr and exit code 2. A
    reader that went away (`mmviz presets | head -1`) is no error, a full disk is one: exit code 1.
    """
    _prepare_streams()
    words = ENGLISH
    try:
        words, arguments = _language(arguments)
        code = _dispatch(arguments, words)
        sys.stdout.flush()
    except MmvizError as error:
        complain(words, error.cause)
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        return stopped(words)
    except UnheardError as unheard:
        _give_up_stdout()
        return unheard.code
    except BrokenPipeError:
        _give_up_stdout()
        return 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
        _give_up_stdout()
        complain(words, Text(N_("cannot write the output: {reason}"), reason=error.strerror))
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


def _language(arguments: Sequence[str]) -> tuple[Words, list[str]]:
    """The language of this run, and the arguments without it: it may stand anywhere among them,
    and in short, `--lang`, before them.
    """
    rest = list(arguments)
    for i, word in enumerate(rest):
        name, equals, language = word.partition("=")
        if name == "--language" or (name == "--lang" and i == 0):
            if not equals and i + 1 == len(rest):
                raise InputError(N_("argument {name}: expected one argument"), name=name)
            language = language if equals else rest.pop(i + 1)
            del rest[i]
            return speak(language), rest
    return asked(os.environ, settings.language()), rest


def _dispatch(arguments: Sequence[str], words: Words) -> int:
    first = arguments[0] if arguments else ""
    if _is_command(arguments) or first in ("-h", "--help", "--version"):
        options = _parser(words).parse_args(arguments)
        code = int(options.run(options))
        if "note" in options:
            complain(words, Text(N_("note: {note}"), note=options.note))
        return code
    names = [name for name in arguments if not name.startswith("-")]
    if len(names) > 1 and names == list(arguments[: len(names)]):
        raise InputError(
            N_("unknown command {command!r:.60}; commands are {known}"),
            command=first,
            known=", ".join(_NAMES),
        )
    try:
        options = _window_parser(words).parse_args(arguments)
        return window.run(options)
    except InputError as error:
        unknown = _unknown(first)
        if unknown is None:
            raise
        said = N_("{cause}, nor a command ({known})")
        raise InputError(said, cause=unknown, known=", ".join(_NAMES)) from error


def _is_command(arguments: Sequence[str]) -> bool:
    """Whether it begins with a command. Where that is a preset's name, too, and nothing but the
    window's own option follows, the window is meant.
    """
    first, *rest = arguments or ("",)
    alone = not rest or rest[0].partition("=")[0] == "--theme"
    return first in _NAMES and not (alone and first in preset_ids())


def _unknown(first: str) -> Text | None:
    """Why a first word is no network, None: it is one, or no word."""
    if not first or first.startswith("-"):
        return None
    try:
        find(first)
    except InputError as error:
        return error.cause if error.cause.msgid == UNKNOWN else None
    return None


def _parser(words: Words) -> Parser:
    parser = Parser(
        words,
        N_("See how a neural network is computed in parallel, and prove it with a clock."),
        N_("mmviz [NETWORK] without a command opens the window: a preset, a file or widths."),
        prog="mmviz",
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"mmviz {__version__}",
        help=N_("show program's version number and exit"),
    )
    parser.add_argument(
        *("--language", "--lang"),
        metavar=N_("LANGUAGE"),
        help=Text(N_("of all that is said, one of {known}"), known=", ".join(languages())),
    )
    parser.set_defaults(words=words)
    commands = parser.add_commands()
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser


def _window_parser(words: Words) -> Parser:
    parser = Parser(words, prog="mmviz")
    parser.set_defaults(words=words)
    window.add_arguments(parser)
    return parser
