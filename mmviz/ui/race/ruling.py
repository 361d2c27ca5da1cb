"""Who wins, in words: large where it is decided, grey where it is open."""

from __future__ import annotations

from mmviz.ui.look import fonts
from mmviz.ui.look.plain import PlainLabel
from mmviz.ui.look.rich import unbroken


class RulingLabel(PlainLabel):
    """A verdict; in a low window it is no larger than other words."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.fit(low=False)

    def fit(self, *, low: bool) -> None:
        """Leave the pictures their room in a low window."""
        self.setFont(fonts.words(fonts.TEXT if low else fonts.TITLE, bold=True))

    def show_ruling(self, said: str, *, decided: bool) -> None:
        """What is open is no verdict, and not written like one."""
        self.setText(unbroken(said))
        named, style = "" if decided else "muted", self.style()
        if style is not None and self.objectName() != named:
            self.setObjectName(named)
            style.unpolish(self)
            style.polish(self)
