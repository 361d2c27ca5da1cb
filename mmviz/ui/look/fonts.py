"""The system's interface face for words, its monospaced face for figures, in three sizes.

The sizes are for ordinary type; with large type everything asked for comes larger by `LARGE`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from PyQt6.QtCore import QChar
from PyQt6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication

SMALL, TEXT, TITLE = 11, 12.5, 14
LARGE = 1.25

_scale = 1.0  # of every face handed out from now on; one window a process
_on_paper = False


def set_large(on: bool) -> float:
    """Large type, or ordinary; returns the factor that faces handed out before are now off by."""
    global _scale
    before, _scale = _scale, LARGE if on else 1.0
    return _scale / before


def scale() -> float:
    """How much larger than the three sizes type is now: 1 or LARGE."""
    return _scale


@contextlib.contextmanager
def on_paper() -> Iterator[float]:
    """Faces of exactly the sizes asked for, whatever type the window has, by their real names.

    Gives the dots per inch that what is painted on must have. Type keeps its proportions at any
    scale, since no face is fitted to pixels.
    """
    global _scale, _on_paper
    screen = QGuiApplication.primaryScreen()
    dpi = 96.0 if screen is None else round(screen.logicalDotsPerInch())
    before = _scale, _on_paper
    _scale, _on_paper = 96.0 / dpi, True
    try:
        yield dpi
    finally:
        _scale, _on_paper = before


def is_paper() -> bool:
    """Whether it is paper that is painted on."""
    return _on_paper


def tiny() -> float:
    """The size of words within a small chart: a tip says more in the window, and none on paper."""
    return SMALL if _on_paper else 9.0


def words(size: float = TEXT, *, bold: bool = False) -> QFont:
    """The interface face at `size` logical pixels."""
    return _sized(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont), size, bold)


def figures(size: float = TEXT, *, bold: bool = False) -> QFont:
    """The monospaced face: digits of one width, so a changing number stays in place."""
    return _sized(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont), size, bold)


def heading() -> QFont:
    """Small spaced capitals, for the heading of a panel."""
    font = words(SMALL, bold=True)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.0)
    return font


_FORMS = {
    "zh_CN": (QFontDatabase.WritingSystem.SimplifiedChinese, (" SC", " CN", " GB")),
    "zh_TW": (QFontDatabase.WritingSystem.TraditionalChinese, (" TC", " TW")),
    "ja": (QFontDatabase.WritingSystem.Japanese, (" JP",)),
    "ko": (QFontDatabase.WritingSystem.Korean, (" KR",)),
}
"""Where Chinese signs look otherwise, and how fonts say that they have the forms of a language."""


def suit(language: str) -> None:
    """Chinese signs in the forms of this language. One font for all of East Asia shows those of the
    system's language, or Japan's where that is another one; Qt can be told from 6.9 on.
    """
    if hasattr(QFontDatabase, "setApplicationFallbackFontFamilies"):
        system, ends = _FORMS.get(language, (QFontDatabase.WritingSystem.Any, ()))
        family = form_of(ends, QFontDatabase.families(system) if ends else ())
        families = [family] if family else []
        QFontDatabase.setApplicationFallbackFontFamilies(QChar.Script.Script_Han, families)


def form_of(ends: tuple[str, ...], families: Iterable[str]) -> str:
    """The first of these families whose name ends so, one of one width last; "" for none."""
    found = [family for family in families if family.endswith(ends)]
    return min(found, key=lambda family: "Mono" in family, default="")


def _sized(font: QFont, size: float, bold: bool) -> QFont:
    # A point is 1/72 inch and Qt lays out at 96 dpi: points keep the half pixel of 12.5.
    font.setPointSizeF(size * _scale * 0.75)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    if _on_paper:  # elsewhere "Sans Serif" may mean nothing: name the family that is really used
        font.setFamily(QFontInfo(font).family())
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
