"""Finds what is doubled in a sentence: a word, a mark, a space."""

from __future__ import annotations

import re

PLACE = re.compile(r"\{[^{}]*\}")
DOUBLED = re.compile(r"\b([^\W\d_]{2,}) \1\b", re.IGNORECASE)
MARKS = re.compile(r"[,;:]\s*[,;:]|[,;:]\.|(?<!\.)\.\.(?!\.)|\( | \)|\S  +\S")


def faults(said: str) -> list[str]:
    """What is doubled in a sentence, or stands where it cannot."""
    return [found[0] for found in (*DOUBLED.finditer(said), *MARKS.finditer(said))]
