"""A language's catalogue: a `.po`, as every editor for translators writes it, read as it is.

Nothing is compiled: what a translator saves is what the next start says. 3 000 texts take some
hundredths of a second, and English takes none.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mmviz.errors import InputError
from mmviz.files.toml import read_bounded
from mmviz.text import N_, source

MAX_BYTES = 4_000_000
MAX_RULE = 1_000  # characters of the rule of plurals
_STRING = re.compile(r'(?:(msg[a-z_]+)(?:\[([0-9]{1,2})\])?\s*)?"(.*)"')
_KEYWORDS = ("msgid", "msgid_plural", "msgstr", "msgctxt")
_ESCAPE = re.compile(r'\\(["\\nrt])')
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}
_RULE = re.compile(r"^plural-forms:.*?\bplural=([^;]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """said: the forms of each msgid that is translated, one for each kind of number. form: which of
    them a number takes.
    """

    said: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]

    def translate(self, msgid: str, many: str, n: int) -> str:
        """As `mmviz.text.Translate`; what is not translated is said in English."""
        forms = self.said.get(msgid)
        if forms is None:
            return source(msgid, many, n)
        if not many:
            return forms[0]
        try:
            return forms[self.form(n)]
        except (ArithmeticError, ValueError, LookupError):  # its rule divides by nothing, …
            return source(msgid, many, n)


def read(path: Path) -> Catalogue:
    """The catalogue at `path`; raises InputError where it cannot be read."""
    data = read_bounded(path, MAX_BYTES)
    try:
        return parse(data.decode("utf-8"))
    except ValueError as error:  # UnicodeDecodeError is one
        raise InputError(
            N_("cannot read {path}: {reason}"), path=str(path), reason=str(error)[:200]
        ) from None


def parse(text: str) -> Catalogue:
    """The catalogue that a `.po` holds; ValueError where it is none.

    Left out: what is fuzzy, obsolete or has a form that is empty. A text for a context (`msgctxt`)
    is none of mmviz's.
    """
    said: dict[str, tuple[str, ...]] = {}
    head = ""
    for msgid, forms in _entries(text):
        if not msgid:
            head = "".join(forms)
        elif forms and all(forms):
            said[msgid] = forms
    return Catalogue(said, _form(head))


def _form(head: str) -> Callable[[int], int]:
    """The rule of plurals that the head of a catalogue gives, as gettext reads it."""
    found = _RULE.search(head)
    if found is None:
        return lambda n: int(n != 1)  # as gettext: of two forms the second for all but one
    if len(found[1]) > MAX_RULE:
        raise ValueError("its rule of plurals is too long")
    try:
        rule: Callable[[int], int] = gettext.c2py(found[1].strip())
    except (ValueError, RecursionError, SyntaxError, OverflowError) as error:
        raise ValueError(f"its rule of plurals: {str(error)!r:.80}") from None
    return rule


def _entries(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """msgid and forms of each entry that counts."""
    parts: dict[str, list[str]] = {}
    now: list[str] = []
    fuzzy = skipped = False
    for number, raw in enumerate([*text.split("\n"), ""], 1):
        line = raw.strip()
        if line.startswith("#") or not line:
            if "msgstr0" in parts:
                yield from _whole(parts, skipped)
                parts, fuzzy = {}, False
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        found = _STRING.fullmatch(line)
        if found is None or (found[1] and found[1] not in _KEYWORDS):
            raise ValueError(f"line {number} is none of a catalogue")
        keyword, index, string = found.groups()
        if keyword:
            if keyword in ("msgid", "msgctxt") and "msgstr0" in parts:
                yield from _whole(parts, skipped)
                parts, fuzzy = {}, False
            skipped = fuzzy
            name = f"msgstr{int(index or 0)}" if keyword == "msgstr" else keyword
            if name in parts:
                raise ValueError(f"line {number} says {keyword} again")
            now = parts[name] = []
        elif not parts:
            raise ValueError(f"line {number} is none of a catalogue")
        if "\\" in string:
            string = _ESCAPE.sub(lambda sign: _MEANT.get(sign[1], sign[1]), string)
        now.append(string)


def _whole(parts: Mapping[str, list[str]], skipped: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The entry that these make, unless it does not count."""
    if skipped or "msgctxt" in parts or "msgid" not in parts:
        return
    forms: list[str] = []
    while (name := f"msgstr{len(forms)}") in parts:
        forms.append("".join(parts[name]))
    yield "".join(parts["msgid"]), tuple(forms)
