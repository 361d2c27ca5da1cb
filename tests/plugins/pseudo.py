"""A made language: every letter accented, texts 30 % longer and in brackets, values kept.

What is shown in it and still has plain letters was never marked, or is data.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import catalogues
from babel.messages.catalog import Catalog

LANGUAGE = "qps"  # no language has this id: it is set aside for such a one
OPEN, CLOSE = "⟦", "⟧"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "áƀçđéƒǵħíĵķłɱñóƥʠřšŧúṽŵẋýžÁƁÇĐÉƑǴĦÍĴĶŁṀÑÓƤɊŘŠŦÚṼŴẊÝŽ"
_LETTERS = str.maketrans(_PLAIN, _ACCENTED)
_PLACE = re.compile(r"\{[^{}]*\}")


def pseudo(text: str) -> str:
    """'{n:group} tiles' -> '⟦{n:group} ŧíłéš~~~⟧'; what parts two texts stays as it is."""
    parts = _PLACE.split(text)
    if not any(sign.isalpha() for part in parts for sign in part):
        return text
    said = [part.translate(_LETTERS) for part in parts]
    longer = "~" * round(0.3 * sum(map(len, parts)))
    places = [*_PLACE.findall(text), ""]
    whole = "".join(part + place for part, place in zip(said, places, strict=True))
    more = whole.removesuffix("…").removesuffix("▾").rstrip()  # "Open …" asks more, and is not cut
    return f"{OPEN}{more}{longer}{CLOSE}{whole.removeprefix(more)}"


def catalogue(template: Catalog) -> Catalog:
    """The pseudo-language of all that is in `template`."""
    made = Catalog(fuzzy=False)
    for message in catalogues.messages(template):
        said = tuple(map(pseudo, catalogues.forms(message.id)))
        made.add(message.id, said if isinstance(message.id, tuple) else said[0])
    return made


def write(folder: Path, template: Catalog) -> Path:
    """The pseudo-language in `folder`, as `speak` finds it; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{LANGUAGE}.po").write_text(_made(template), encoding="utf-8")
    return folder


@functools.cache
def _made(template: Catalog) -> str:
    return catalogues.text_of(catalogue(template))


def left_over(shown: str) -> list[str]:
    """Words of plain letters in what is shown: data, or English that was never marked."""
    return re.findall(r"(?<![^\W_])[A-Za-z][a-z]{2,}(?![^\W\d_])", shown)
