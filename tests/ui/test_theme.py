"""Colours are told apart by every kind of sight, and text stands out from its ground."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from sight import SIGHTS, contrast, difference, rgb

from mmviz.ui.look.theme import THEMES, Theme

APART = 20.0  # ΔE from which two colours are two colours at a glance
WAVES = 25  # colours looked at along the map of waves

themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
sights = pytest.mark.parametrize("sight", SIGHTS)

GROUNDS = ("ground", "panel", "raised", "selected", "waiting")
TEXTS = {  # text, and the grounds it stands on
    "text": (*GROUNDS, "x_dim", "w_dim", "now_dim"),
    "muted": GROUNDS,
    "now_text": GROUNDS,
    "on_now": ("now",),
    "loss": ("ground", "panel", "raised"),
    "agreed": ("ground", "panel", "raised"),
    "x": ("ground", "panel"),
    "w": ("ground", "panel"),
}


def waves(theme: Theme) -> list[str]:
    """Colours along the map of waves, as `look/shades.py` has them between its stops."""
    found = []
    for one, other in pairwise(theme.order):
        for i in range(WAVES // (len(theme.order) - 1)):
            share = i * (len(theme.order) - 1) / WAVES
            mixed = 255 * ((1 - share) * rgb(one) + share * rgb(other))
            found.append("#{:02x}{:02x}{:02x}".format(*(round(float(v)) for v in mixed)))
    return [*found, theme.order[-1]]


@sights
@themes
def test_x_w_now_and_every_wave_are_four_colours(theme: Theme, sight: str) -> None:
    for one, other in combinations((theme.x, theme.w, theme.now), 2):
        assert difference(one, other, sight) >= APART, (one, other)
    for wave in waves(theme):
        for other in (theme.x, theme.w, theme.now):
            assert difference(wave, other, sight) >= APART, (wave, other)


@sights
@themes
def test_a_tile_waits_computes_or_is_done_in_its_own_colour(theme: Theme, sight: str) -> None:
    assert difference(theme.waiting, theme.now_dim, sight) >= APART
    assert difference(theme.waiting, theme.now, sight) >= APART
    for wave in waves(theme):
        for other in (theme.waiting, theme.now_dim):
            assert difference(wave, other, sight) >= APART, (wave, other)


@sights
@themes
def test_the_first_and_the_last_wave_differ_and_steps_are_even(theme: Theme, sight: str) -> None:
    assert difference(theme.order[0], theme.order[-1], sight) >= APART
    steps = [difference(one, other, sight) for one, other in pairwise(theme.order)]
    assert max(steps) <= 2 * min(steps)


@sights
@themes
def test_strips_in_use_stand_out(theme: Theme, sight: str) -> None:
    for strong, dim in ((theme.x, theme.x_dim), (theme.w, theme.w_dim)):
        assert difference(strong, dim, sight) >= APART
        assert difference(dim, theme.panel, sight) >= APART / 3  # X and W by name and place


@sights
@themes
def test_lost_and_agreed_are_two_colours(theme: Theme, sight: str) -> None:
    assert difference(theme.loss, theme.agreed, sight) >= APART


@pytest.mark.parametrize("text", TEXTS)
@themes
def test_text_is_read_on_every_ground_it_stands_on(theme: Theme, text: str) -> None:
    for ground in TEXTS[text]:
        found = contrast(getattr(theme, text), getattr(theme, ground))
        assert found >= 4.5, (text, ground)


@themes
def test_numbers_are_read_in_cells_that_are_done(theme: Theme) -> None:
    assert contrast(theme.text, theme.order[1]) >= 4.5


@themes
def test_shapes_have_an_edge_that_is_seen(theme: Theme) -> None:
    """1.6:1, of the fill or of its outline, against what lies beside it."""
    for ground in GROUNDS:
        assert contrast(theme.edge, getattr(theme, ground)) >= 1.6, ground
    for ground in (theme.waiting, theme.now_dim, theme.ground):
        assert contrast(theme.now_edge, ground) >= 1.6  # computing tiles, and their bars
    for wave in waves(theme):
        assert contrast(wave, theme.ground) >= 1.6, wave
        assert contrast(wave, theme.waiting) >= 1.6, wave
