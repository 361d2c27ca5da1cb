"""A tip over a term says what it means, below what the tip says there anyway."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QApplication, QToolTip, QWidget

from mmviz.ui.help.terms import terms_at, within
from mmviz.ui.look.plain import as_tip, tip_with
from mmviz.words.glossary import find
from mmviz.words.speech import Words

_NOTHING_YET = "\u2060"  # a sign that is not seen


class Hover(QObject):
    """Hears of every tip that is asked for in the windows of `owner`, as long as that lives."""

    def __init__(self, owner: QWidget, words: Callable[[], Words]) -> None:
        super().__init__(owner)
        self._owner, self._words = owner, words
        self._asking = False
        self.explained: tuple[str, ...] = ()  # ids of the terms of the tip that was shown last
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        # While the process ends Python is no more there for what Qt still asks a filter.
        application.aboutToQuit.connect(self.stop)

    def stop(self) -> None:
        """Hear of nothing any more."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        # Every event of the program passes here: what is asked first has to be cheap.
        if (
            not isinstance(event, QHelpEvent)
            or event.type() != QEvent.Type.ToolTip
            or self._asking
            or not isinstance(watched, QWidget)
            or not within(watched, self._owner)
        ):
            return False
        return self._explained(watched, event)

    def _explained(self, widget: QWidget, event: QHelpEvent) -> bool:
        """Whether a tip is shown that explains a term; else Qt's way goes on."""
        words = self._words()
        found = terms_at(widget, event.pos(), words)
        self.explained = tuple(place.id for place in found)
        if not found:
            return False
        own = self._own(widget, event)
        lines = [find(place.id).said(words) for place in found]
        rect = found[0].rect if len(found) == 1 else widget.rect()
        QToolTip.showText(event.globalPos(), tip_with(own, lines), widget, rect)
        return True

    def _own(self, widget: QWidget, event: QHelpEvent) -> str:
        """What the widget, or one it stands in, says there; "" for nothing."""
        if QToolTip.isVisible():  # of another place: Qt leaves it for a moment
            QToolTip.showText(event.globalPos(), as_tip(_NOTHING_YET), widget)
        asked = QHelpEvent(QEvent.Type.ToolTip, event.pos(), event.globalPos())
        self._asking = True
        try:
            QApplication.sendEvent(widget, asked)
        finally:
            self._asking = False
        said = QToolTip.text() if asked.isAccepted() and QToolTip.isVisible() else ""
        return "" if said == _NOTHING_YET else said
