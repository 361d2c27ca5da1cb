"""A grouped product: several shapes in one launch, priced together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.groups import launches
from mmviz.core.shapes.products import Products
from mmviz.core.time.cost import PassCost
from mmviz.core.time.price import price_gemms
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.files.devices import read_device

ONE = Products("x", (Gemm("x", "product", 1, 1, 1),))


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
    assert [cost.launch_s == 0 for cost in found.costs] == [False] + [True] * 7
    assert found.waves < alone.waves


def test_a_group_of_one_is_a_product() -> None:
    members = [(300, 400, 500)]
    assert priced(made(members)).predicted_s == priced(made(members, "")).predicted_s
    assert priced(made(members)).error is not None


@given(
    st.lists(st.tuples(*[st.integers(1, 5_000)] * 3), min_size=2, max_size=6),
    st.integers(0, 5),
    st.sampled_from(["m", "n", "k"]),
    st.integers(1, 4_000),
    st.sampled_from(["h100", "b300", "a100", "l40s", "rtx4090", "tpu-v5e"]),
)
def test_more_of_one_member_never_takes_less(
    sides: list[tuple[int, int, int]], which: int, side: str, more: int, device: str
) -> None:
    """In steps of whole lines, so that alignment stays."""
    lined = [tuple(64 * (1 + one // 64) for one in member) for member in sides]
    which %= len(lined)
    place = "mnk".index(side)
    grown = [list(member) for member in lined]
    grown[which][place] += 64 * (1 + more // 64)
    before = priced(made([tuple(m) for m in lined]), device)  # type: ignore[misc]
    after = priced(made([tuple(m) for m in grown]), device)  # type: ignore[misc]
    assert before.predicted_s is not None
    assert after.predicted_s is not None
    assert after.predicted_s >= before.predicted_s * (1 - 1e-9)
