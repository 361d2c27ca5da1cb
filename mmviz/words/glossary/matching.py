"""Where terms of the glossary stand in a text that is on screen."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mmviz.words.glossary import TERMS
from mmviz.words.speech import Words

# A single letter after a figure is its unit: 58.6 M is no M of M, N, K.
_NO_UNIT = r"(?<![\d×][\s\u2009\u202f\u00a0])(?<!\d)"


# A Chinese sign alone is mostly a part of another word: 格 in 价格, 核 in 核对.
_HAN = r"[\u4e00-\u9fff]"
_COUNTED = r"(?<!(?![个每])[\u4e00-\u9fff])"


@dataclass(frozen=True, slots=True)
class Seen:
    """A term in a text: text[start:stop] is its word."""

    start: int
    stop: int
    id: str


def seen(text: str, words: Words) -> Iterator[Seen]:
    """The terms in a text of that language, from its beginning; of two that overlap the longer.

    Words are found in any letters, names and signs (SM, k, ReLU) as they are written.
    """
    pattern, ids = _pattern(words)
    for match in pattern.finditer(text):
        id = ids.get(match[0]) or ids.get(match[0].lower())
        if id is not None:
            yield Seen(match.start(), match.end(), id)


@functools.lru_cache(maxsize=8)
def _pattern(words: Words) -> tuple[re.Pattern[str], dict[str, str]]:
    ids = {form: term.id for term in TERMS.values() for form in term.seen_in(words)}
    longest = sorted(ids, key=len, reverse=True)
    return re.compile("|".join(map(_form, longest))), ids


def _form(form: str) -> str:
    found = re.escape(form).replace(r"\ ", r"\s+")
    if len(form) == 1:
        found = _NO_UNIT + found
    elif form == form.lower():
        found = f"(?i:{found})"
    bounds = r"(?<![\w-])", r"(?![\w])"
    if ord(form[0]) > 0x2E7F:  # no blanks between words
        return f"{_COUNTED}{form}(?!{_HAN})" if len(form) == 1 else found
    return bounds[0] + found + (bounds[1] if form[-1].isalnum() else "")
