"""Texts in a language. The language is a value; there is no current one."""

from __future__ import annotations

import gettext
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mmviz.errors import InputError
from mmviz.text import N_, Text, Translate, render, source

CATALOGUES = Path(__file__).with_name("catalogues")
DOMAIN = "mmviz"
SOURCE = "en"  # the msgids themselves


@dataclass(frozen=True, slots=True)
class Words:
    """Call it with a Text: the sentence in `language`. A plain str is said as it is."""

    language: str = SOURCE
    translate: Translate = field(default=source, repr=False, compare=False)

    def __call__(self, text: Text | str) -> str:
        return text if isinstance(text, str) else render(text, self.translate)


ENGLISH = Words()


def speak(language: str, folders: Sequence[Path] = (CATALOGUES,)) -> Words:
    """The words of a language by its id ("en", "zh"): `folder/ID/LC_MESSAGES/mmviz.mo`.

    Raises InputError where no folder has its catalogue.
    """
    if language == SOURCE:
        return ENGLISH
    for folder in folders:
        found = gettext.find(DOMAIN, folder, [language])
        if found is not None:
            with Path(found).open("rb") as file:
                catalogue = gettext.GNUTranslations(file)
            return Words(language, _translator(catalogue))
    known = ", ".join(languages(folders))
    raise InputError(
        N_("unknown language {language!r:.40}; known are {known}"), language=language, known=known
    )


def languages(folders: Sequence[Path] = (CATALOGUES,)) -> tuple[str, ...]:
    """Ids of the languages there are catalogues of, English first."""
    found = {
        path.parent.parent.name
        for folder in folders
        for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    }
    return (SOURCE, *sorted(found - {SOURCE}))


def _translator(catalogue: gettext.GNUTranslations) -> Translate:
    def translate(msgid: str, many: str, n: int) -> str:
        return catalogue.ngettext(msgid, many, n) if many else catalogue.gettext(msgid)

    return translate
