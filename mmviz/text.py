"""What is to be said, before it is said: a marked msgid and the values that go into it.

    Text(N_("{n:group} tiles of {m:group} × {k:group}"), n=1024, m=128, k=64)

Who finds something out makes a Text; it can be kept, compared and sent on, and is in no language
yet. `mmviz.words` says it in one. A placeholder names how its value looks, by one of `FORMATS`; a
whole number without one is grouped, and `d` keeps it from that. Values may be Texts themselves, or
tuples of them. `str(text)` is the msgid's own English, for logs and tests.
"""

from __future__ import annotations

import functools
import math
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mmviz import units

Plural = tuple[str, str]
Translate = Callable[[str, str, int], str]
"""msgid, msgid of many ("" where there is no number), the number -> msgid in another language."""


def N_(msgid: str) -> str:  # gettext's own name for it
    """Mark a text to be translated; `msgid` as it is."""
    return msgid


def P_(one: str, many: str) -> Plural:
    """Mark a text to be translated that depends on a number, which is its value `n`."""
    return one, many


NO_DATA = N_("no data")
NO_ERROR = N_("error unknown")


@dataclass(frozen=True, slots=True, init=False)
class Text:
    """msgid: marked by `N_`, or by `P_` where its value `n` decides between one and many.

    Without values a msgid is said as it is, braces too. Values: numbers, texts of the user's own
    (never translated), Texts, tuples of Texts, None for what is not known. A Text may be asked for
    with a `capital` at its beginning, or in `small` letters.
    """

    msgid: str
    many: str
    values: tuple[tuple[str, Any], ...]

    def __init__(self, msgid: str | Plural, **values: Any) -> None:
        one, many = (msgid, "") if isinstance(msgid, str) else msgid
        object.__setattr__(self, "msgid", one)
        object.__setattr__(self, "many", many)
        object.__setattr__(self, "values", tuple(values.items()))

    def __str__(self) -> str:
        return render(self, source)

    def __bool__(self) -> bool:
        return bool(self.msgid)


NOTHING = Text("")
"""Says nothing, and is false."""


def own(text: str | Text) -> Text:
    """A text of the user's own, or of a file, that is said in every language as it is."""
    if isinstance(text, Text):
        return text
    return Text("{own}", own=text) if text else NOTHING


def shipped(text: str | Text) -> Text:
    """A text of a file, in the language where its catalogue has it, as those of files that come
    with mmviz; else as it is.
    """
    if isinstance(text, Text):
        return text
    return Text("{text:shipped}", text=text) if text else NOTHING


def visible(text: str) -> str:
    """A text of somebody else's, its signs that steer instead of being seen as Python writes them.

    Those are what a terminal obeys (`\\x1b`), what turns the direction of writing, ends a line or
    is not there at all, and bytes of a file's name that are no UTF-8.
    """
    return STEERING.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def joined(parts: Sequence[Text], by: str = "dots") -> Text:
    """Several texts as one, `by` one of JOINS or `items`; those that say nothing are left out."""
    kept = tuple(part for part in parts if part)
    return (
        kept[0] if len(kept) == 1 else Text("{parts:" + by + "}", parts=kept) if kept else NOTHING
    )


JOINS: Mapping[str, str] = {
    "dots": " · ",
    "commas": N_(", "),
    "semicolons": N_("; "),
    "lines": "\n",
    "words": " ",
    "run": "",
}
"""How a tuple of Texts is joined, by the name its placeholder gives; marked: in its language."""

ITEMS = N_("{one}, {other}")
"""How things of one kind follow each other, by the name `items`: in Chinese not as clauses do."""

FORMATS: Mapping[str, Callable[[Any], str]] = {
    "group": units.group,
    "count": units.count,
    "sig": units.sig,
    "sig2": lambda x: units.sig(x, 2),
    "sig4": lambda x: units.sig(x, 4),
    "sig5": lambda x: units.sig(x, 5),
    "sig6": lambda x: units.sig(x, 6),
    "shape": lambda sides: units.shape(*sides),
    "flop": units.flop,
    "rate": units.rate,
    "size": units.size,
    "per_second": units.per_second,
    "joules": units.joules,
    "lasting": units.lasting,
    "seconds": units.seconds,
    "seconds_of": lambda pair: units.seconds_of(*pair),
    "steps": units.steps,
    "tick": units.tick,
    "exponent": units.exponent,
    "percent": units.percent,
    "percent2": lambda x: f"{units.sig(100 * x, 2)} %",
    "ratio": units.ratio,
    "figure": lambda figure: units.figure(*figure),
    "times": units.times,
}
"""How a number looks, by the name its placeholder gives: `units`' own functions."""


def source(msgid: str, many: str, n: int) -> str:
    """The msgid itself: English."""
    return msgid if n == 1 or not many else many


def render(text: Text, translate: Translate) -> str:
    """The text with its values, in the language of `translate`."""
    if not text.msgid:
        return ""
    values = dict(text.values)
    number = values.get("n", 1)
    n = number if isinstance(number, int) else 2
    said = translate(text.msgid, text.many, n)
    if not values:
        return said
    if said == text.msgid and _wordless(said):
        said = _parted(said, translate)
    try:
        return _filled(said, values, translate)
    except (ValueError, TypeError, LookupError, AttributeError):
        own = source(text.msgid, text.many, n)
        if said == own:  # else it is the catalogue that is wrong: better in English than not at all
            raise
        return _filled(own, values, translate)


def _filled(said: str, values: Mapping[str, Any], translate: Translate) -> str:
    found = []
    for literal, name, spec, conversion in _parsed(said):
        found.append(literal)
        if name is not None:
            value = values[name]
            if conversion:
                value = _FORMATTER.convert_field(value, conversion)
            found.append(_said(value, spec or "", translate))
    return _spaced(found) if _HAN.search(said) else "".join(found)


PARTING = (N_(": "), N_("; "))
"""What parts two values that nothing else is said of, as a language writes it."""

_HAN = re.compile("[\u4e00-\u9fff]")


@functools.lru_cache(maxsize=4096)
def _wordless(msgid: str) -> bool:
    return not any(map(str.isalpha, re.sub(r"\{[^{}]*\}", "", msgid)))


def _parted(msgid: str, translate: Translate) -> str:
    """'{name}: {value}', which has no words to be translated, as the language parts the two."""
    for sign in PARTING:
        if "}" + sign in msgid:
            msgid = msgid.replace("}" + sign, "}" + translate(sign, "", 1))
    return msgid


def _spaced(pieces: Sequence[str]) -> str:
    """Pieces of a Chinese sentence as one: where they meet, a blank between a Latin letter or a
    digit and a Chinese sign, and none between two Chinese signs. A translation does not know which
    its values are.
    """
    said = ""
    for piece in filter(None, pieces):
        if said[-1:] == " " and _HAN.match(said[-2:-1]) and _HAN.match(piece):
            said = said[:-1]
        elif piece[0] == " " and _HAN.match(said[-1:]) and _HAN.match(piece[1:]):
            piece = piece[1:]
        elif (_HAN.match(said[-1:]) and _latin(piece[0])) or (
            _latin(said[-1:]) and _HAN.match(piece)
        ):
            said += " "
        said += piece
    return said


def _latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


_ERRORS = {"plus_minus": ("", ""), "beside": (" ", JOINS["commas"])}
"""How an error looks alone, and straight after the figure that is off by it: what parts the two."""

_FORMATTER = string.Formatter()
_WIDE = re.compile("[0-9]{4}")


@functools.lru_cache(maxsize=4096)  # msgids are literals: as many as there are in the program
def _parsed(said: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    """Pieces of a msgid: what stands before a placeholder, its name, its format, !r or !s."""
    parsed = tuple(_FORMATTER.parse(said))
    if any(spec and _WIDE.search(spec) for _, _, spec, _ in parsed):
        raise ValueError("a placeholder of thousands of characters")
    return parsed


def _said(value: Any, spec: str, translate: Translate) -> str:
    """A value as its placeholder wants it."""
    if spec in _ERRORS:
        before, comma = _ERRORS[spec]
        known = value is not None and not math.isnan(value)
        if known:
            return before + units.plus_minus(value)
        return (comma and translate(comma, "", 1)) + translate(NO_ERROR, "", 1)
    if value is None:
        return translate(NO_DATA, "", 1)
    if isinstance(value, Text):
        said = render(value, translate)
        if spec == "capital":
            return said[:1].upper() + said[1:]
        return said.lower() if spec == "small" else said
    if spec == "shipped":
        return visible(translate(value, "", 1))
    if spec == "items":
        by = translate(ITEMS, "", 1).removeprefix("{one}").removesuffix("{other}")
        return by.join([_said(part, "", translate) for part in value])
    if spec in JOINS:
        by = JOINS[spec] and translate(JOINS[spec], "", 1)
        return by.join([_said(part, "", translate) for part in value])
    if not spec and type(value) is int:  # `d` for what is no amount: a code, part of a command
        spec = "group"
    found = FORMATS.get(spec)
    return visible(format(value, spec) if found is None else found(value))
