"""argparse in the user's language, that complains in one line.

Help texts and metavars are handed to it as marked msgids or Texts, and said when they are added. A
parser is built for each run, in that run's language.
"""

from __future__ import annotations

import argparse
import functools
import re
from typing import Any, NoReturn

from mmviz.errors import InputError
from mmviz.text import N_, Text
from mmviz.words.speech import Words

# argparse hands over finished English sentences. These can come up, and are told apart by its own
# patterns; another one stays as it is.
_COMPLAINTS = tuple(
    (re.compile(pattern, re.DOTALL), msgid)
    for pattern, msgid in (
        (
            "the following arguments are required: (?P<names>.*)",
            N_("the following arguments are required: {names}"),
        ),
        ("unrecognized arguments: (?P<names>.*)", N_("unrecognized arguments: {names}")),
        (
            "argument (?P<name>.+?): expected one argument",
            N_("argument {name}: expected one argument"),
        ),
        (
            r"argument (?P<name>.+?): invalid choice: (?P<choice>.*) \(choose from (?P<known>.*)\)",
            N_("argument {name}: invalid choice: {choice} (choose from {known})"),
        ),
        (
            "argument (?P<name>.+?): ignored explicit argument (?P<given>.*)",
            N_("argument {name}: ignored explicit argument {given}"),
        ),
    )
)


class Parser(argparse.ArgumentParser):
    """One command's options, or all commands. description, epilog: msgids or Texts."""

    def __init__(
        self, words: Words, description: str | Text = "", epilog: str | Text = "", **how: Any
    ) -> None:
        self.words = words
        super().__init__(
            description=_said(words, description),
            epilog=_said(words, epilog),
            formatter_class=functools.partial(_Formatter, words),
            add_help=False,
            allow_abbrev=False,
            **how,
        )
        self._positionals.title = words(Text(N_("positional arguments")))
        self._optionals.title = words(Text(N_("options")))
        self.add_argument("-h", "--help", action="help", help=N_("show this help message and exit"))

    def add_commands(self) -> Commands:
        """Where the commands add theirs."""
        one: Any = functools.partial(Parser, self.words)  # as a class is called
        made = self.add_subparsers(
            required=True, metavar=self.words(Text(N_("COMMAND"))), parser_class=one
        )
        return Commands(made, self.words)

    def add_argument(self, *names: str, **how: Any) -> argparse.Action:
        """As argparse's own; help and metavar: msgids or Texts."""
        if "help" in how:  # argparse takes a per cent sign for a value's place
            how["help"] = _said(self.words, how["help"]).replace("%", "%%")
        if "metavar" in how:
            how["metavar"] = _said(self.words, how["metavar"])
        return super().add_argument(*names, **how)

    def error(self, message: str) -> NoReturn:
        message = " ".join(message.split())
        for pattern, msgid in _COMPLAINTS:
            if found := pattern.fullmatch(message):
                raise InputError(msgid, **found.groupdict())
        raise InputError("{message}", message=message)


class Commands:
    """The commands of `mmviz`, each with a parser of its own."""

    def __init__(self, made: Any, words: Words) -> None:
        self._made, self._words = made, words

    def add_parser(self, name: str, *, help: str | Text, **_: Any) -> Parser:
        """The parser of a command; help: what it does, a msgid or a Text."""
        listed = _said(self._words, help).replace("%", "%%")
        made: Parser = self._made.add_parser(name, help=listed, description=help)
        return made


class _Formatter(argparse.HelpFormatter):
    def __init__(self, words: Words, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._words = words

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        if prefix is None:
            prefix = self._words(Text(N_("usage: ")))
        super().add_usage(usage, actions, groups, prefix)


def _said(words: Words, text: str | Text) -> str:
    return words(text if isinstance(text, Text) else Text(text))
