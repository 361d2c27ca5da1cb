"""A grouped product: several shapes in one launch, priced together."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mmviz.core.shapes.dtype import DTYPES
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.groups import launches
from mmviz.core.shapes.products import Products
from mmviz.core.time.cost import LOSSES, PassCost
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import LAUNCH_KINDS, Setup
from mmviz.errors import InputError
from mmviz.files.devices import device_ids, read_device

ONE = Products("x", (Gemm("x", "product", 1, 1, 1),))
B60 = Setup(ONE, read_device("arc-b60"), dtype="bfloat16")


def made(sides: list[tuple[int, int, int]], group: str = "experts") -> tuple[Gemm, ...]:
    return tuple(
        Gemm(f"{i}", "product", m, n, k, i, group=group) for i, (m, n, k) in enumerate(sides)
    )


def priced(gemms: tuple[Gemm, ...], device: str = "h100") -> PassCost:
    return price_gemms(gemms, Setup(ONE, read_device(device), dtype="bfloat16"))


def test_neighbours_of_one_name_are_one_launch() -> None:
    names = ["", "", "a", "a", "b", "", "a"]
    gemms = [Gemm("x", "product", 1, 1, 1, group=name) for name in names]
    found = [list(places) for places in launches(gemms)]
    assert found == [[0], [1], [2, 3], [4], [5], [6]]


def test_a_launch_has_one_count() -> None:
    gemms = (Gemm("a", "product", 1, 1, 1, 0, 2, group="g"), Gemm("b", "product", 1, 1, 1, 1, 3))
    Products("apart", gemms)
    alike = (gemms[0], Gemm("b", "product", 1, 1, 1, 1, 3, group="g"))
    with pytest.raises(InputError, match="products 1 to 2, one launch 'g', need one count"):
        Products("x", alike)


side = st.one_of(st.integers(1, 300), st.integers(1, 40).map(lambda x: 128 * x))
sides = st.lists(st.tuples(side, side, side), min_size=2, max_size=5)


@given(sides, st.sampled_from(["h100", "a100", "l40s", "tpu-v5e"]), st.data())
def test_a_group_is_between_its_longest_and_all_one_after_the_other(
    members: list[tuple[int, int, int]], device: str, data: st.DataObject
) -> None:
    alone = priced(made(members, ""), device)
    found = priced(made(members), device)
    assert found.predicted_s is not None
    assert alone.predicted_s is not None
    longest = max(cost.predicted_s or 0.0 for cost in alone.costs)
    assert longest * (1 - 1e-9) <= found.predicted_s <= alone.predicted_s * (1 + 1e-9)
    # No member more takes less, wherever it stands.
    place = data.draw(st.integers(0, len(members) - 1))
    fewer = [*members[:place], *members[place + 1 :]]
    less = priced(made(fewer), device).predicted_s or 0.0
    assert less <= found.predicted_s * (1 + 1e-9)
    # What each part takes adds up, and each has its share of the peak.
    parts = found.priced.parts
    assert np.allclose(parts.sum(axis=0), found.priced.seconds)
    assert (parts >= -1e-12 * found.predicted_s).all()
    assert found.at_peak_s == pytest.approx(alone.at_peak_s)
    assert found.error is None, "nobody measured it"


def test_one_launch_is_counted_once_and_the_waves_are_common() -> None:
    gemms = made([(128, 1024, 512)] * 8)
    alone, found = priced(made([(128, 1024, 512)] * 8, "")), priced(gemms)
    assert found.losses is not None
    assert alone.losses is not None
    assert alone.losses[-1] == pytest.approx(8 * found.losses[-1])
    assert np.allclose([cost.launch_s for cost in found.costs], found.losses[-1] / 8)
    assert found.waves < alone.waves


def test_nothing_hangs_on_who_stands_first() -> None:
    sides = [(33, 1408, 2048), (210, 1408, 2048), (7, 1408, 2048)]
    found, turned = priced(made(sides)), priced(made(sides[::-1]))
    each = [cost.predicted_s for cost in found.costs]
    assert each == pytest.approx([cost.predicted_s for cost in turned.costs[::-1]])
    assert max(each) == each[1], "the largest takes longest"
    # By its computing each bears the launch.
    shares = {round((cost.launch_s or 0.0) / (cost.predicted_s or 1.0), 9) for cost in found.costs}
    assert len(shares) == 1


def test_units_idle_in_the_waves_of_the_launch_alone() -> None:
    sides = [(33, 1408, 2048), (210, 1408, 2048), (7, 1408, 2048)]
    alone, found = priced(made(sides, "")), priced(made(sides))
    cuts = found.priced.cuts
    pieces = int((cuts.tiles * cuts.parts).sum())
    assert pieces % (cuts.units * int(cuts.resident[0])) == 0, "all of them fill the waves"
    wave = 1 + LOSSES.index("wave")
    assert alone.priced.parts[wave, 1] > 0
    assert found.priced.parts[wave] == pytest.approx(np.zeros(3), abs=1e-15)


def test_a_group_of_one_is_a_product() -> None:
    members = [(300, 400, 500)]
    assert priced(made(members)).predicted_s == priced(made(members, "")).predicted_s
    assert priced(made(members)).error is not None


# Every device that has launches of several products, in each format that it has a time in.
TIMED = [
    (device, dtype)
    for device in map(read_device, device_ids())
    if device.kind in ("gpu", "systolic")
    for dtype in DTYPES
    if device.peak(dtype) is not None and device.bandwidth is not None
]
SETUPS = st.sampled_from(TIMED).flatmap(
    lambda one: st.sampled_from(LAUNCH_KINDS).map(
        lambda kind: Setup(ONE, one[0], dtype=one[1], launch_kind=kind)
    )
)
# Small beside large, of whole lines in n and k, so that alignment stays.
lines = st.one_of(st.integers(1, 4), st.integers(5, 60), st.integers(61, 400)).map(
    lambda count: 64 * count
)
rows = st.one_of(st.integers(1, 16), st.integers(17, 600), st.integers(601, 9_000))
members = st.lists(st.tuples(rows, lines, lines), min_size=2, max_size=6)


def launched(sides: list[tuple[int, int, int]], setup: Setup) -> float:
    """Seconds of their one launch."""
    found = price_gemms(made(sides), setup).predicted_s
    assert found is not None
    return found


@given(members, st.integers(0, 5), st.sampled_from("mnk"), st.integers(1, 60), SETUPS)
@example([(510, 2848, 3136), (4, 1280, 512)], 1, "n", 140, B60)
@example([(510, 2880, 3136), (4, 64, 512)], 1, "m", 60, B60)
def test_more_of_one_member_never_takes_less(
    sides: list[tuple[int, int, int]], which: int, side: str, more: int, setup: Setup
) -> None:
    """It did on an Arc Pro B60, by 8 %: less of the host's pace was left of a larger member."""
    which %= len(sides)
    grown = list(sides[which])
    grown["mnk".index(side)] += 64 * more
    m, n, k = grown
    after = launched([*sides[:which], (m, n, k), *sides[which + 1 :]], setup)
    assert after >= launched(sides, setup) * (1 - 1e-9)


@given(members, SETUPS)
@example([(510, 2848, 3136), (4, 1280, 512)], B60)
def test_a_group_is_between_on_every_device(
    sides: list[tuple[int, int, int]], setup: Setup
) -> None:
    alone = price_gemms(made(sides, ""), setup)
    each = [cost.predicted_s or 0.0 for cost in alone.costs]
    found = launched(sides, setup)
    assert max(each) * (1 - 1e-9) <= found <= sum(each) * (1 + 1e-9)
    for place in range(len(sides)):  # no member more takes less
        assert launched([*sides[:place], *sides[place + 1 :]], setup) <= found * (1 + 1e-9)


def test_a_host_that_keeps_a_pace_keeps_it_once() -> None:
    """Three small products, each of which ends at the pace of an Arc Pro B60, in one launch."""
    sides = [(4, 1280, 512)] * 3
    alone = price_gemms(made(sides[:1], ""), B60).predicted_s
    assert launched(sides, B60) == pytest.approx(alone, rel=0.05)
