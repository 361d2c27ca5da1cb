"""Devices, their figures and their calibrations refuse what makes no sense."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from mmviz.core.device.body import BODIES, STEP, Body, Cpu, Gpu, Lanes, Systolic
from mmviz.core.device.device import MAX_CONSTANTS, Calibration, Device, Figure
from mmviz.core.device.figures import with_figures
from mmviz.errors import InputError

GPU = Device("g", "G", Gpu(), 4, tiles=((128, 128), (64, 64)))
FITTED = Calibration("float16", (("t0", 2e-6), ("sigma", 1.0)), 400, 100, 0.09, 0.06, "rows", True)


def test_a_unit_has_the_kinds_word_or_the_devices_own() -> None:
    assert (GPU.unit, str(GPU.counts(1)), str(GPU.counts(108))) == ("SM", "1 SM", "108 SMs")
    own = replace(GPU, unit_name="CU")
    assert (own.unit, str(own.counts(304)), str(own.noun.many)) == ("CU", "304 CUs", "CUs")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (Lanes(), "2 lanes, idle, 1 step, 7 steps"),
        (Cpu(), "2 cores, idle, 1 k-step, 7 k-steps"),
        (Gpu(), "2 SMs, idle, 1 k-step, 7 k-steps"),
        (Systolic((8, 8)), "2 arrays, empty, 1 cycle, 7 cycles"),
    ],
)
def test_each_body_has_its_words(body: Body, said: str) -> None:
    told = (body.unit.counts(2), body.idle, body.step.counts(1.0), body.step.counts(7))
    assert ", ".join(map(str, told)) == said
    assert BODIES[body.kind] is type(body)
    assert Device("d", "d", body, 1).tick.many == (
        body.step.many if isinstance(body, Lanes | Systolic) else STEP.many
    )


def test_what_only_some_bodies_have() -> None:
    assert [body.has_clock for body in (Lanes, Cpu, Gpu, Systolic)] == [False, True, True, True]
    assert [body.takes_tiles for body in (Lanes, Cpu, Gpu, Systolic)] == [False, True, True, False]
    assert Systolic((8, 8), "os").order == "os"
    with pytest.raises(InputError, match="array of device 'd' must be a whole number"):
        Device("d", "d", Systolic((8, 0)), 1)
    with pytest.raises(InputError, match="smem of device 'd' must be a whole number"):
        Device("d", "d", Gpu(smem=0), 1)


def test_tiles_of_a_dtype() -> None:
    device = replace(GPU, tiles_by_dtype=(("float32", ((32, 32),)),))
    assert device.tiles_for("float32") == ((32, 32),)
    assert device.tiles_for("float16") == device.tiles == ((128, 128), (64, 64))


def test_constants_by_name() -> None:
    device = replace(GPU, calibrations=(FITTED,))
    assert device.calibration("float16") == FITTED
    assert device.calibration("bfloat16") is None
    assert FITTED.constant("sigma") == 1.0
    assert FITTED.constant("beta") is None


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "float7"},
        {"constants": ()},
        {"constants": tuple((f"c{i}", 1.0) for i in range(MAX_CONSTANTS + 1))},
        {"constants": (("a", 1.0), ("a", 2.0))},
        *({"constants": (("a", bad),)} for bad in (0.0, -1.0, math.nan, math.inf)),
        {"rows": -1},
        {"held_out": -1},
        {"error": -0.1},
        {"error_long": math.nan},
    ],
)
def test_what_is_no_calibration(change: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        replace(FITTED, **change)


def test_ten_constants_are_allowed_and_an_error_may_be_unknown() -> None:
    constants = tuple((f"c{i}", 1.0) for i in range(MAX_CONSTANTS))
    assert replace(FITTED, constants=constants, error=None, error_long=None).error is None


def test_one_calibration_a_dtype() -> None:
    with pytest.raises(InputError, match="two calibrations in one dtype"):
        replace(GPU, calibrations=(FITTED, FITTED))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"peaks": (("float16", 0.0),)}, "peak in float16 of device 'g' must be a number above 0"),
        ({"peaks": (("fp16", 1.0),)}, "unknown dtype 'fp16'"),
        ({"bandwidth": math.inf}, "bandwidth of device 'g' must be a number above 0, not inf"),
        ({"launch_s": -1e-6}, "launch_s of device 'g' must be a number from 0"),
        ({"clock": math.nan}, "clock of device 'g'"),
        ({"l2": 1e30}, "l2 of device 'g'"),
        ({"body": Gpu(smem=0)}, "smem of device 'g' must be a whole number from 1"),
        ({"k_step": 0}, "k_step of device 'g'"),
        ({"resident": ((1, 0),)}, "tiles on one unit of device 'g'"),
        ({"tiles": ((0, 8),)}, "side of a tile of device 'g'"),
        ({"tiles_by_dtype": (("float32", ((8, 0),)),)}, "side of a tile of device 'g'"),
    ],
)
def test_what_is_no_device(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        replace(GPU, **change)
    assert said in str(refused.value)


def test_launching_and_renting_may_cost_nothing() -> None:
    assert replace(GPU, launch_s=0.0, price_hour=0.0).price_hour == 0.0


def test_memory_and_power_are_figures_no_time_depends_on() -> None:
    figures = [
        Figure("memory", 24, "GB", "datasheet", "a datasheet"),
        Figure("power limit", 350, "W", "datasheet", "a datasheet"),
    ]
    found = with_figures(replace(GPU, calibrations=(FITTED,)), figures)
    assert (found.memory, found.power_limit) == (24e9, 350)
    assert found.calibrations == (FITTED,)
    with pytest.raises(InputError, match="memory of device 'g' must be a number above 0"):
        replace(GPU, memory=0.0)
