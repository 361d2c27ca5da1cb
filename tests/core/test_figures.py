"""Figures as published and fields in SI units say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Calibration, Device, Figure
from mmviz.core.device.figures import (
    figure_of,
    figures_of,
    peak_name,
    unit_of,
    value_of,
    with_figures,
    without_figure,
)
from mmviz.errors import InputError

FITTED = Calibration("float16", (("t0", 2e-6),), 400, 100, 0.09, 0.06, "published rows", True)
BARE = Device("g", "G", Gpu(), 4)


def given(name: str, value: float) -> Figure:
    return Figure(name, value, unit_of(BARE, name), "datasheet", "the sheet")


KNOWN = with_figures(
    BARE,
    [
        given("bandwidth", 2039),
        given(peak_name("float16"), 989.4),
        given("L2", 40),
        given("launch", 2.6),
    ],
)
CALIBRATED = replace(KNOWN, calibrations=(FITTED,))


def test_fields_are_in_si_units() -> None:
    assert KNOWN.bandwidth == 2039e9
    assert KNOWN.peak("float16") == pytest.approx(989.4e12, rel=1e-15)
    assert KNOWN.l2 == 40 * 2**20
    assert KNOWN.launch_s == pytest.approx(2.6e-6, rel=1e-15)


def test_figures_are_as_published() -> None:
    assert value_of(KNOWN, peak_name("float16")) == 989.4
    assert value_of(KNOWN, "launch") == 2.6
    assert figure_of(KNOWN, "bandwidth") == Figure(
        "bandwidth", 2039, "GB/s", "datasheet", "the sheet"
    )
    assert figure_of(KNOWN, "clock") is None


def test_a_field_without_a_source_is_assumed() -> None:
    found = figure_of(replace(KNOWN, bandwidth=1e12), "bandwidth")
    assert found == Figure("bandwidth", 1000, "GB/s", "assumed", "")
    assert [figure.name for figure in figures_of(BARE)] == ["units"]


def test_figures_that_only_tell_more_come_last() -> None:
    more = Figure("SIMD lanes", 16, "", "derived", "the kernels")
    assert figures_of(replace(KNOWN, figures=(more, *KNOWN.figures)))[-1] == more


def test_a_figure_is_replaced_whole() -> None:
    changed = with_figures(KNOWN, [Figure("bandwidth", 3000, "GB/s", "assumed", "me")])
    assert changed.bandwidth == 3e12
    assert [f.source for f in figures_of(changed) if f.name == "bandwidth"] == ["me"]
    assert len(changed.figures) == len(KNOWN.figures)


def test_a_figure_can_become_unknown() -> None:
    assert without_figure(KNOWN, "L2").l2 is None
    assert without_figure(KNOWN, peak_name("float16")).peaks == ()
    assert "bandwidth" not in [f.name for f in without_figure(KNOWN, "bandwidth").figures]
    with pytest.raises(InputError, match="a device has a number of units"):
        without_figure(KNOWN, "units")


@pytest.mark.parametrize(
    ("name", "value"),
    [("bandwidth", 0.0), ("bandwidth", float("nan")), ("units", 1.5), ("units", 0), ("launch", -1)],
)
def test_unsound_figures(name: str, value: float) -> None:
    with pytest.raises(InputError, match=name):
        with_figures(KNOWN, [given(name, value)])


def test_unknown_figures() -> None:
    with pytest.raises(InputError, match="unknown figure 'speed'"):
        with_figures(KNOWN, [Figure("speed", 1, "", "assumed", "")])
    with pytest.raises(InputError, match="unknown dtype 'float7'"):
        with_figures(KNOWN, [Figure("peak float7", 1, "", "assumed", "")])


def test_constants_of_a_changed_device_are_anothers() -> None:
    for changed in (
        with_figures(CALIBRATED, [given("bandwidth", 3000)]),
        without_figure(CALIBRATED, "L2"),
    ):
        (found,) = changed.calibrations
        assert found.constants == FITTED.constants
        assert (found.own, found.error, found.error_long) == (False, None, None)
        assert (found.source, found.changed) == ("published rows", True)


def test_of_a_lent_calibration_not_even_the_error_is_left() -> None:
    lent = replace(FITTED, own=False, source="constants of an H100")
    once = with_figures(replace(KNOWN, calibrations=(lent,)), [given("bandwidth", 3000)])
    twice = with_figures(once, [given("L2", 50)])
    (found,) = twice.calibrations
    assert found.changed
    assert found.error is None
    assert found.source == "constants of an H100"
    assert not lent.changed


def test_constants_outlive_a_change_no_time_depends_on() -> None:
    assert with_figures(CALIBRATED, [given("price per hour", 2)]).calibrations == (FITTED,)
    assert with_figures(CALIBRATED, [given("bandwidth", 2039)]).calibrations == (FITTED,)
    assert without_figure(CALIBRATED, "price per hour").calibrations == (FITTED,)
