"""Texts in a language. The language is a value; there is no current one."""

from __future__ import annotations

import contextlib
import ctypes
import locale
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmviz.errors import InputError
from mmviz.files.folders import data as data_folder
from mmviz.text import N_, Text, Translate, render, source, visible
from mmviz.words import catalogue

CATALOGUES = Path(__file__).with_name("catalogues")
SOURCE = "en"  # the msgids themselves
AUTO = "auto"  # as the system says
VARIABLE = "MMVIZ_LANGUAGE"
NAME = N_("English")
"""What a language calls itself: the translation of this word is the language's own name."""
_SYSTEM = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # as gettext asks them


@dataclass(frozen=True, slots=True)
class Words:
    """Call it with a Text: the sentence in `language`. A plain str is said as it is, visibly."""

    language: str = SOURCE
    translate: Translate = field(default=source, repr=False, compare=False)

    def __call__(self, text: Text | str) -> str:
        return visible(text) if isinstance(text, str) else render(text, self.translate)


ENGLISH = Words()


def folders() -> tuple[Path, ...]:
    """Where catalogues are looked for: those that come with mmviz, and the user's own."""
    return CATALOGUES, data_folder() / "languages"


def speak(language: str, places: Sequence[Path] = ()) -> Words:
    """The words of a language by its id ("en", "zh_CN"): `folder/ID.po`.

    Its region may be left out where one alone is known ("zh"). places: folders, else `folders()`.
    Raises InputError where none of them has its catalogue.
    """
    places = places or folders()
    known = languages(places)
    named = _named(language, known)
    if named is None:
        raise InputError(
            N_("unknown language {language!r:.40}; known are {known}"),
            language=language,
            known=", ".join(known),
        )
    if named == SOURCE:
        return ENGLISH
    paths = (place / f"{named}.po" for place in places)
    path = next(path for path in paths if os.path.isfile(path))
    return Words(named, catalogue.read(path).translate)


def _named(language: str, known: Sequence[str]) -> str | None:
    """The id among `known` that is meant: "zh_CN", "zh-cn" and "zh" are one where there is one."""
    wanted = language.replace("-", "_").casefold()
    ids = {id.casefold(): id for id in known}
    if wanted in ids:
        return ids[wanted]
    regions = [id for folded, id in ids.items() if folded.partition("_")[0] == wanted]
    return regions[0] if len(regions) == 1 else None


def asked(environment: Mapping[str, str], chosen: str = AUTO) -> Words:
    """The words that are asked for: by VARIABLE, raising InputError where there is no such
    language; else those `chosen` in the settings; else the system's language; else English.

    A language that was chosen once and has no catalogue any more is no error.
    """
    if named := environment.get(VARIABLE):
        return speak(named)
    known = languages()
    for wanted in (*((chosen,) if chosen != AUTO else ()), *_system(environment).split(":")):
        language = wanted.partition(".")[0].partition("@")[0]
        for id in (language, language.partition("_")[0]):
            if (found := _named(id, known)) and (id == language or found == id):
                return speak(found)
    return ENGLISH


def _system(environment: Mapping[str, str]) -> str:
    """Ids of languages parted by colons, the best first; "" where the system names none."""
    named = next(filter(None, map(environment.get, _SYSTEM)), "")
    if not named and sys.platform == "win32":  # which has no such variables
        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return named


def languages(places: Sequence[Path] = ()) -> tuple[str, ...]:
    """Ids of the languages there are catalogues of, English first."""
    found: set[str] = set()
    for place in places or folders():
        with contextlib.suppress(OSError):  # a folder nobody may look into has none
            found |= {path.stem for path in place.glob("*.po") if path.is_file()}
    return (SOURCE, *sorted(found - {SOURCE}))


def own_name(language: str) -> str:
    """What a language calls itself, its id where its catalogue does not say it or is spoilt."""
    if language == SOURCE:
        return NAME
    try:
        name = speak(language)(Text(NAME))
    except InputError:
        return language
    return language if name == NAME else name
