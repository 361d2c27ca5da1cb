"""The light over the strip: each part of a step in its turn, once, and none that stays on."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from mmviz.state.network.lit import Lit, Moment
from mmviz.text import NOTHING, own
from mmviz.ui.network.lamp import Lamp

STEP = Lit(
    1,
    (0.5, 0.25),
    (own("50 %"), own("25 %")),
    own("all"),
    (Moment(0, own("forward")), Moment(None, own("loss")), Moment(1, own("wgrad"))),
    0.01,
)


def test_a_step_is_played_once_and_then_the_newest(qtbot: QtBot) -> None:
    lamp, seen = Lamp(), []
    lamp.changed.connect(lambda: seen.append(tuple(map(lamp.light.glow, range(3)))))
    lamp.follow(STEP)
    assert str(lamp.light.said) == "forward"
    lamp.follow(replace(STEP, step=2))
    lamp.follow(replace(STEP, step=3))
    turns = [(1.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    qtbot.waitUntil(lambda: seen == turns * 2, timeout=5_000)
    assert lamp.light.lit is not None
    assert lamp.light.lit.step == 3
    lamp.follow(None)
    assert seen[-1] == (0.0, 0.0, 0.0)
    assert lamp.light.said == NOTHING


def test_where_nothing_may_move_products_are_lit_by_their_shares() -> None:
    lamp = Lamp()
    lamp.still = True
    lamp.follow(STEP)
    assert [lamp.light.glow(0), lamp.light.glow(1)] == [0.5, 0.25]
    assert str(lamp.light.told(1)) == "25 %"
