"""The table of workspaces, as text, without a window."""

from __future__ import annotations

import pytest

from mmviz.state.workspaces import (
    CLOCK,
    LEARN,
    PICTURE,
    RECORDING,
    WORKSPACES,
    Share,
    Workspace,
    arranged,
)


def lines(workspace: Workspace, width: int, height: int) -> list[str]:
    return [f"{g.area}: {' '.join(g.panels)}" for g in arranged(workspace, width, height)]


def test_a_roomy_picture() -> None:
    assert lines(PICTURE, 1680, 1050) == [
        "left: network",
        "right: facts",
        "left: advice",
        "top: strip",
        "bottom: time",
        "bottom: timing sweep layers parts since",
    ]


def test_a_narrow_and_low_picture() -> None:
    assert lines(PICTURE, 1280, 720) == [
        "left: network facts advice",
        "top: strip",
        "bottom: time timing sweep layers parts since",
    ]


def test_in_the_clock_what_was_timed_stands_beside_the_charts() -> None:
    assert lines(CLOCK, 1680, 1050) == [
        "left: network facts",
        "left: advice",
        "bottom: sweep",
        "bottom: timing layers",
        "right: parts",
        "right: since",
    ]
    assert lines(CLOCK, 1400, 700)[-2:] == ["bottom: sweep timing layers", "right: parts since"]


def test_in_a_small_clock_the_charts_have_the_room() -> None:
    assert lines(CLOCK, 1280, 900)[-1] == "bottom: timing layers parts since"
    assert lines(CLOCK, 1280, 720)[-1] == "bottom: sweep timing layers parts since"


def test_what_is_taught_stands_beside_what_it_makes_of_a_digit() -> None:
    assert lines(LEARN, 1680, 1050) == [
        "left: lessons network",
        "right: teaching",
        "bottom: strip",
        "bottom: digit loops ladder rates",
    ]
    assert lines(LEARN, 1280, 720)[0] == "left: lessons network teaching"


def test_what_ran_stands_above_its_units_and_beside_its_figures() -> None:
    assert lines(RECORDING, 1680, 1050) == [
        "right: against",
        "right: recordings",
        "bottom: recording",
        "bottom: lanes ran",
    ]
    assert lines(RECORDING, 1280, 720)[0] == "right: against recordings"


@pytest.mark.parametrize("workspace", WORKSPACES)
@pytest.mark.parametrize("size", [(1024, 560), (1280, 720), (1400, 700), (1300, 900), (3840, 2160)])
def test_every_panel_stands_once(workspace: Workspace, size: tuple[int, int]) -> None:
    groups = arranged(workspace, *size)
    panels = [panel for group in groups for panel in group.panels]
    assert sorted(panels) == sorted(place.panel for place in workspace.places)


def test_shares() -> None:
    assert Share(15, least=196, most=320).of(1000) == 196
    assert Share(15, least=196, most=320).of(1680) == 252
    assert Share(15, least=196, most=320).of(3840) == 320
    assert Share(50, least=610, cap=62).of(900) == 558
