"""Texts in a language. The language is a value; there is no current one."""

from __future__ import annotations

import contextlib
import ctypes
import gettext
import io
import locale
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmviz.errors import InputError
from mmviz.files.folders import data as data_folder
from mmviz.files.toml import read_bounded
from mmviz.text import N_, Text, Translate, render, source, visible

CATALOGUES = Path(__file__).with_name("catalogues")
DOMAIN = "mmviz"
MAX_BYTES = 4_000_000
SOURCE = "en"  # the msgids themselves
VARIABLE = "MMVIZ_LANGUAGE"
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
    """The words of a language by its id ("en", "zh"): `folder/ID/LC_MESSAGES/mmviz.mo`.

    places: folders, else `folders()`. Raises InputError where none of them has its catalogue.
    """
    if language == SOURCE:
        return ENGLISH
    places = places or folders()
    paths = (place / language / "LC_MESSAGES" / f"{DOMAIN}.mo" for place in places)
    plain = language.replace("_", "").isalnum()  # no path
    found = next((path for path in paths if plain and os.path.isfile(path)), None)
    if found is None:
        known = ", ".join(languages(places))
        raise InputError(
            N_("unknown language {language!r:.40}; known are {known}"),
            language=language,
            known=known,
        )
    try:
        data = read_bounded(found, MAX_BYTES)
        _check_lengths(data)
        return Words(language, _translator(gettext.GNUTranslations(io.BytesIO(data))))
    except InputError:
        raise
    except Exception as error:  # gettext trusts its files: whatever breaks in it, the file is wrong
        raise InputError(
            N_("cannot read {path}: {reason}"), path=str(found), reason=str(error)[:200]
        ) from None


def _check_lengths(data: bytes) -> None:
    """Raises ValueError where texts of a catalogue overlap: together they could be terabytes."""
    order = ">" if data[:4] == b"\x95\x04\x12\xde" else "<"
    count, *starts = struct.unpack_from(f"{order}3I", data, 8)
    tables = (data[start : start + 8 * count] for start in starts)
    lengths = (n for table in tables for n, _ in struct.iter_unpack(f"{order}2I", table))
    if sum(lengths) > len(data):
        raise ValueError("its texts overlap")


def asked(environment: Mapping[str, str]) -> Words:
    """The words these variables ask for: VARIABLE, raising InputError where there is no such
    language; else the system's language where it has a catalogue; else English.
    """
    if named := environment.get(VARIABLE):
        return speak(named)
    for wanted in _system(environment).split(":"):
        language = wanted.partition(".")[0].partition("@")[0]
        for id in (language, language.partition("_")[0]):
            if id in languages():
                return speak(id)
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
            found |= {path.parent.parent.name for path in place.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return (SOURCE, *sorted(found - {SOURCE}))


def _translator(catalogue: gettext.GNUTranslations) -> Translate:
    def translate(msgid: str, many: str, n: int) -> str:
        try:
            return catalogue.ngettext(msgid, many, n) if many else catalogue.gettext(msgid)
        except (ArithmeticError, ValueError):  # its rule of plurals divides by nothing, or the like
            return source(msgid, many, n)

    return translate
