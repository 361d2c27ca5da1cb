"""Constants found again in times the model made itself, and what is kept out of a fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Calibration, Device
from mmviz.core.shapes.columns import Shapes
from mmviz.core.time import fit as fitting
from mmviz.core.time.constants import Constants
from mmviz.core.time.fit import errors, fit, kept_out
from mmviz.core.time.fit_constants import STARTS, TimedRows
from mmviz.core.time.wave_time import predict
from mmviz.errors import InputError

GPU = Device(
    "gpu",
    "GPU",
    Gpu(),
    100,
    ((256, 128), (128, 128), (64, 64)),
    ((16_384, 1), (1, 4)),
    k_step=32,
    peaks=(("float16", 1e14),),
    bandwidth=1e12,
)
TRUTH = Constants(8e-6, 1.2, 10.0, 100.0, 1e-6, 0.7, 1e-3, 2e-6, 5.0, 0.3, 0.9, 0.01, 7.0, 3.0)


def made_rows(count: int, seed: int = 1) -> TimedRows:
    random = np.random.default_rng(seed)
    m = random.choice([1, 16, 100, 512, 4096], count)
    n, k = (random.choice([64, 512, 1024, 4096, 16_384], count) for _ in "nk")
    shapes = Shapes.of(m, n, k)
    return TimedRows(shapes, predict(shapes, GPU, "float16", TRUTH).seconds)


def test_a_fit_comes_near_times_made_by_the_model() -> None:
    rows = made_rows(150)
    heard: list[float] = []
    found = fit(rows, GPU, "float16", heard.append)
    assert found.rows == found.held_out == len(found.off) == 150  # each kept out in its turn
    assert found.sides == ((1, 4096), (64, 16_384), (64, 16_384))
    before = errors(rows, GPU, "float16", STARTS[0])[0]
    assert before is not None
    assert found.error is not None
    assert found.error < 0.03 < before
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def of_layers(layers: list[tuple[int, int]]) -> TimedRows:
    m = np.tile([1, 16, 64, 100, 256, 512, 1000, 2048, 3000, 4096], len(layers))
    n, k = (np.repeat([layer[side] for layer in layers], 10) for side in (0, 1))
    shapes = Shapes.of(m, n, k)
    return TimedRows(shapes, predict(shapes, GPU, "float16", TRUTH).seconds)


def test_of_few_layer_shapes_each_is_judged_by_a_fit_that_has_not_seen_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layers = [(1024, 512), (4096, 1024), (512, 4096)]
    seen: list[set[tuple[int, int]]] = []
    real = fitting.fit_constants

    def spied(rows: TimedRows, *given: Any, **named: Any) -> Constants:
        seen.append(set(zip(rows.shapes.n.tolist(), rows.shapes.k.tolist(), strict=True)))
        return real(rows, *given, **named)

    monkeypatch.setattr(fitting, "fit_constants", spied)
    heard: list[float] = []
    found = fit(of_layers(layers), GPU, "float16", heard.append)
    assert sorted(map(len, seen)) == [2, 2, 2, 3]  # the last of all, which is kept
    assert set.union(*seen[:3]) == set(layers)
    assert (found.rows, found.held_out) == (30, 30)
    assert found.error is not None
    assert heard == sorted(heard)


def test_one_layer_shape_alone_is_not_judged() -> None:
    rows = of_layers([(1024, 512)] * 3)
    found = fit(rows, GPU, "float16")
    assert (found.rows, found.held_out, found.error) == (30, 0, None)


def lent(constants: Constants) -> Device:
    fitted = Calibration("float16", tuple(constants.named.items()), 0, 0, None, None, "", False)
    return replace(GPU, calibrations=(fitted,))


def test_a_fit_of_few_layer_shapes_stays_near_what_the_device_has() -> None:
    ours = replace(TRUTH, odd=1.3)
    rows = of_layers([(1024, 512), (4096, 1024), (512, 4096)])
    found = fit(rows, lent(ours), "float16")
    assert found.error is not None
    assert found.error < 1e-3  # it has nothing to gain by leaving
    assert found.constants.named == pytest.approx(ours.named, rel=1e-2)
    assert found.learned is None


def test_twenty_rows_fit_four_constants_of_a_loan() -> None:
    others = replace(TRUTH, t0=4e-6, cell=1.0, share=0.85)
    found = fit(made_rows(20), lent(others), "float16")
    kept = set(TRUTH.named) - set(fitting.FOUR)
    assert {name: found.constants.named[name] for name in kept} == {
        name: others.named[name] for name in kept
    }
    assert not found.constants.tiles
    assert found.error is not None
    assert found.error < 0.03
    before = errors(made_rows(200, 2), GPU, "float16", others)[0]
    after = errors(made_rows(200, 2), GPU, "float16", found.constants)[0]
    assert before is not None
    assert after is not None
    assert after < 0.05 < before


def test_what_constants_cannot_say_is_learned_and_told_by_rows_kept_out() -> None:
    random = np.random.default_rng(3)
    count = 500
    m, n, k = (np.round(2 ** random.uniform(4, top, count)).astype(int) for top in (12, 13, 13))
    shapes = Shapes.of(m * 8, n * 8, k * 8)
    true = predict(shapes, GPU, "float16", TRUTH).seconds
    strange = np.exp(0.15 * np.sin(np.log2(n)))  # no constant has such a thing
    rows = TimedRows(shapes, true * strange)
    found = fit(rows, lent(TRUTH), "float16")
    assert found.learned is not None
    alone = errors(rows, GPU, "float16", found.constants)[0]
    assert alone is not None
    assert found.error is not None
    assert found.error < 0.75 * alone


def test_the_gap_of_eager_calls_is_fitted_apart() -> None:
    rows = made_rows(150)
    device = replace(GPU, launch_s=TRUTH.t0)
    found = fit(replace(rows, seconds=rows.seconds + 45e-6), device, "float16", eager=True)
    assert found.constants.t0 == TRUTH.t0
    assert found.constants.gap == pytest.approx(45e-6, rel=0.05)
    assert found.error is not None
    assert found.error < 0.03


def test_errors_are_shares_of_the_measured_time() -> None:
    rows = made_rows(60)
    assert errors(rows, GPU, "float16", TRUTH) == pytest.approx((0, 0, 0))
    slower = replace(rows, seconds=rows.seconds * 2)
    assert errors(slower, GPU, "float16", TRUTH) == pytest.approx((0.5, 0.5, 0.5))
    short = rows.only(rows.seconds < 50e-6)
    assert errors(short, GPU, "float16", TRUTH) == (pytest.approx(0), None, pytest.approx(0))


def test_layers_are_kept_out_whole_and_by_a_rule() -> None:
    n, k = np.array([64, 64, 4096, 4096, 512]), np.array([128, 128, 64, 64, 32])
    marks = kept_out(n, k)
    assert marks[0] == marks[1]
    assert marks[2] == marks[3]
    random = np.random.default_rng(0)
    many = kept_out(random.integers(1, 10_000, 5000), random.integers(1, 10_000, 5000))
    assert 0.17 < many.mean() < 0.23
    # The rule itself: who changes it changes which rows the shipped constants never saw.
    assert [bool(kept_out(np.array([a]), np.array([64]))[0]) for a in range(64, 1024, 64)] == [
        False, False, True, False, False, True, False, True, False, False, False, False, False,
        False, False,
    ]  # fmt: skip


def test_rows_that_no_constants_follow() -> None:
    rows = made_rows(60)
    constant = replace(rows, seconds=np.full(60, 5e-3))
    with pytest.raises(InputError, match=r"% off; are they milliseconds of products in float16"):
        fit(constant, GPU, "float16")


def test_too_few_rows() -> None:
    with pytest.raises(InputError, match="at least 20 rows, not 12"):
        fit(made_rows(12), GPU, "float16")
