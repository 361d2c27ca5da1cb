"""The clock of what plays, and the sentence that is said again in another language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

pytest.importorskip("PyQt6")

from PyQt6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from mmviz.state.picture.playback import Playback
from mmviz.text import N_, Text
from mmviz.ui.look.notice import Notice
from mmviz.ui.look.number_boxes import CountBox
from mmviz.ui.look.player import Length, Player
from mmviz.ui.look.working import Working
from mmviz.words.speech import Words

PLAYING = Playback(playing=True)


def shout(one: str, many: str, n: int) -> str:
    """Upper case, placeholders left as they are."""
    said = one if n == 1 or not many else many
    return "".join(p if p.startswith("{") else p.upper() for p in re.split(r"({.*?})", said))


LOUD = Words("loud", shout)


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    """Whose timers end with it."""
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_it_moves_on_and_stops_at_the_end(qtbot: QtBot, owner: QWidget) -> None:
    seen: list[float] = []
    player = Player(lambda: (1.0, None), parent=owner)
    player.moved.connect(lambda: seen.append(player.playback.position))
    player.set(replace(PLAYING, position=0.999))
    qtbot.waitUntil(lambda: not player.playback.playing)
    assert (seen[0], seen[-1]) == (0.999, 1.0)


def test_at_the_end_it_can_go_on(qtbot: QtBot, owner: QWidget) -> None:
    more = [True]

    def go_on() -> bool:
        if not more:
            return False
        more.pop()
        player.set(replace(player.playback, position=0.5))
        return True

    player = Player(lambda: (1.0, None), go_on, owner)
    player.set(replace(PLAYING, position=0.999))
    qtbot.waitUntil(lambda: not more)
    assert player.playback.playing
    assert player.playback.position >= 0.5
    player.set(replace(player.playback, position=0.999))
    qtbot.waitUntil(lambda: not player.playback.playing)


def test_nothing_plays_where_nothing_can(qtbot: QtBot, owner: QWidget) -> None:
    length: list[Length | None] = [None]
    player = Player(lambda: length[0], parent=owner)
    player.set(PLAYING)
    assert not player.playback.playing
    length[0] = (1.0, None)
    player.set(PLAYING)
    length[0] = None
    qtbot.waitUntil(lambda: not player.playback.playing)


def test_a_notice_says_it_again_in_another_language(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    notice = Notice(window, Working(window))
    notice.say(Text(N_("no data of {what}"), what="fc6"))
    assert notice.text.text() == "no data of fc6"
    notice.set_words(LOUD)
    assert notice.text.text() == "NO DATA OF fc6"
    assert notice.text.accessibleName() == "MESSAGE"


def test_what_is_refused_is_said_in_the_language_of_who_shows_it(qtbot: QtBot) -> None:
    box = CountBox(N_("Units"))
    qtbot.addWidget(box)
    with qtbot.waitSignal(box.refused) as heard:
        box.fixup("many")
    (sentence,) = heard.args
    assert str(sentence) == (
        "Units must be a whole number from 1 to 16\u202f777\u202f216, not 'many'"
    )
