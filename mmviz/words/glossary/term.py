"""What an entry of the glossary is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mmviz.text import N_, Text
from mmviz.words.speech import Words


@dataclass(frozen=True, slots=True)
class Term:
    """A word of mmviz's and what it means, in one plain sentence.

    id: its name in the program. word, meaning: marked texts. seen: how it stands on screen where
    that is not the word alone (tiles, GFLOP/s), in English; () where the word is too common for
    that: a place then says itself that it means this term. types: its names in the code.
    """

    id: str
    word: str
    meaning: str
    seen: tuple[str, ...] | None = None
    types: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """What it looks like on screen, in English."""
        return (self.word,) if self.seen is None else self.seen

    def said(self, words: Words) -> tuple[str, str]:
        """Word and meaning in a language."""
        return words(Text(self.word)), words(Text(self.meaning))

    def seen_in(self, words: Words) -> tuple[str, ...]:
        """What it looks like on screen in a language: its word, without what explains it."""
        if not self.forms:
            return ()
        word = self.said(words)[0]
        if word == self.word:
            return self.forms
        return (re.sub(r"\s*[(\uff08].*", "", word),)

    @property
    def line(self) -> Text:
        """'wave: as many tiles as there are slots, computed at the same time'."""
        return Text(N_("{word}: {meaning}"), word=Text(self.word), meaning=Text(self.meaning))


@dataclass(frozen=True, slots=True)
class Group:
    """Terms of one kind. title: a marked text. shown: to who uses mmviz, not only to who reads its
    code.
    """

    id: str
    title: str
    terms: tuple[Term, ...]
    shown: bool = True
