"""Where the peak goes: exact figures of a device without constants, and what always holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmviz import units
from mmviz.core.device.body import Gpu
from mmviz.core.device.device import Device
from mmviz.core.provenance import Provenance
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.time.cost import LOSSES
from mmviz.files.devices import read_device
from mmviz.state import actions
from mmviz.state.derived import Derived, derive
from mmviz.state.peak.measured import MeasuredRate
from mmviz.state.peak.waterfall import WATERFALL, Waterfall
from mmviz.state.session import Session
from mmviz.text import NOTHING

# 8 units of 1 TFLOP/s; memory fast enough to be never met
FAST = Device(
    "g",
    "G",
    Gpu(),
    8,
    ((128, 128),),
    peaks=(("float16", 8e12),),
    bandwidth=1e18,
)


def waterfall(derived: Derived, whole: bool = False) -> Waterfall:
    view = WATERFALL.of(derived)
    return view.whole if whole else view.product


def derived(m: int, n: int, k: int, device: Device = FAST) -> Derived:
    session = Session(from_widths([k, n]), batch=m, dtype="float16", device="a100")
    return derive(replace(session, edited=device, order="rows"))


def rates(found: Waterfall) -> dict[str, str]:
    return {step.id: str(step.text) for step in found.steps}


def test_tiles_and_waves_take_their_share_of_the_peak() -> None:
    """129 × 1024: 16 tiles where 8.06 are wanted, two rounds of 8 units: half is past the edge."""
    found = waterfall(derived(129, 1024, 1024))
    assert found.unit == "TFLOP/s"
    assert str(found.title) == "layer 1 in float16 on G"
    shown = rates(found)
    assert shown["peak"] == "8.00"
    assert shown["tile"] == "4.03"  # 8 · 129 / 256
    assert [shown[loss] for loss in LOSSES[1:]] == ["4.03"] * 6
    assert str(found.rate_text) == "4.03"
    assert found.steps[1].lost == pytest.approx(1 - 129 / 256)
    assert str(found.sentence) == (
        "50.4 % of the time is arithmetic at the peak; "
        "most of the rest, 49.6 %, goes to tile quantization."
    )


def test_the_limiter_is_named_with_its_cause() -> None:
    """9 tiles for 8 units: two rounds where 1.125 would do."""
    found = waterfall(derived(128, 9 * 128, 1024))
    assert rates(found)["wave"] == "4.50"  # 8 · 9 / 16
    one = waterfall(derived(128, 128, 1024))
    assert str(one.sentence) == "87.5 % of the time goes to wave quantization: 1 tile for 8 SMs."
    tip = next(str(step.tip) for step in found.steps if step.id == "wave")
    assert "9 tiles on 8 SMs, the busiest computes 2, even were 1.12" in tip
    slow = replace(FAST, bandwidth=1e9)
    memory = waterfall(derived(128, 1024, 128, slow))
    assert "goes to waiting for memory: " in str(memory.sentence)
    assert "are needed to be compute-bound" in str(memory.sentence)


def test_the_whole_pass_names_the_product_with_the_most() -> None:
    session = Session(from_widths([1024, 128, 8192]), batch=128, dtype="float16", edited=FAST)
    found = waterfall(derive(replace(session, device="a100", order="rows")), whole=True)
    assert str(found.title).startswith("whole pass in float16")
    # 1 tile for 8 SMs takes 8 of 16 rounds' worth of k, 64 tiles the other 8
    assert "arithmetic at the peak" in str(found.sentence)
    assert "layer" in str(found.sentence)


def test_a_pass_has_a_price_where_an_hour_has_one() -> None:
    device = replace(read_device("h100"), price_hour=2.5, currency="USD")
    session = Session(from_widths([4096, 4096]), batch=4096, dtype="bfloat16", edited=device)
    found = derive(session)
    once = (found.pass_cost.predicted_s or 0.0) / 3600 * 2.5
    assert str(waterfall(found, True).price) == (
        f"A pass costs {units.sig(once)} USD, a million examples {units.sig(once * 1e6 / 4096)}, "
        "at 2.50 an hour."
    )
    assert not waterfall(found).price
    free = replace(device, price_hour=None)
    assert waterfall(derive(replace(session, edited=free)), True).price == NOTHING


def test_a_list_counts_its_products() -> None:
    products = Products("l", (Gemm("a", "product", 128, 1024, 64, 0, 12),))
    once = Products("l", (Gemm("a", "product", 128, 1024, 64, 0, 1),))
    shown = [
        derive(Session(p, dtype="float16", device="a100", edited=FAST)) for p in (products, once)
    ]
    assert shown[0].pass_cost.predicted_s == pytest.approx(12 * (shown[1].cost.predicted_s or 0))
    whole = waterfall(shown[0], whole=True)
    assert str(whole.title).startswith("the list once")
    assert whole.rate == pytest.approx(waterfall(shown[1]).rate)


def test_where_nothing_is_predicted_it_says_why() -> None:
    lanes = derive(Session(from_widths([8, 8]), device="lanes-16"))
    found = waterfall(lanes)
    assert not found.steps
    assert str(found.problem) == "no data: lanes have no clock"
    here = waterfall(derive(Session(from_widths([8, 8]))))
    assert str(here.problem) == "no data until this machine is calibrated"


@settings(max_examples=60, deadline=None)
@given(
    batch=st.integers(1, 5000),
    width=st.integers(1, 5000),
    inputs=st.integers(1, 5000),
    device=st.sampled_from(["a100", "h100", "v100", "t4", "tpu-v4", "mi300x"]),
    training=st.booleans(),
    whole=st.booleans(),
)
def test_the_stages_end_at_the_prediction(
    batch: int, width: int, inputs: int, device: str, training: bool, whole: bool
) -> None:
    dtype = "bfloat16" if device == "tpu-v4" else "float16"
    session = Session(from_widths([inputs, width, 10]), batch=batch, dtype=dtype, device=device)
    derived = derive(actions.set_training(session, training))
    cost = derived.pass_cost if whole else derived.cost
    found = waterfall(derived, whole)
    assert [step.id for step in found.steps] == ["peak", *LOSSES]
    assert found.steps[-1].rate == pytest.approx(found.rate)
    assert sum(step.lost for step in found.steps) == pytest.approx(1 - found.rate / found.peak)
    assert str(found.sentence).endswith(".")
    assert ("±" in str(found.time)) == (cost.error is not None)
    assert (", error unknown" in str(found.time)) == (cost.error is None)
    for step in found.steps:
        assert str(step.text) == units.sig(step.rate / 1e12)


def test_a_slow_device_is_shown_in_gflops() -> None:
    slow = replace(FAST, peaks=(("float16", 8e10),))
    assert waterfall(derived(128, 128, 64, slow)).unit == "GFLOP/s"


def test_real_devices_have_all_their_lines() -> None:
    session = Session(from_widths([4096, 4096]), batch=2048, dtype="bfloat16", device="h100")
    found = waterfall(derive(session))
    assert str(found.steps[0].text) == "989"
    assert read_device("h100").name in str(found.title)


def test_what_it_rests_on_is_said_wherever_a_time_is() -> None:
    found = waterfall(derived(128, 1024, 1024))
    assert ", modelled. " in str(found.said)
    recorded = replace(found, rests_on=Provenance("recorded"))
    assert ", recorded. " in str(recorded.said)
    assert "recorded" in str(recorded.lines[-2][2])
    assert "modelled" not in str(recorded.spoken)


def test_the_whole_pass_is_priced_once_whatever_product_is_looked_at() -> None:
    session = Session(from_widths([64, 64, 64]), batch=8, dtype="float16", device="a100")
    one = derive(session)
    other = derive(actions.select_product(session, 1), before=one)
    assert waterfall(one, True).steps is waterfall(other, True).steps


@pytest.mark.parametrize(
    ("device", "said"),
    [
        (
            "rtx5090",
            "every SM multiplies and adds all the time; 1.20 × the 210 TFLOP/s published, "
            "at the clock its units are seen to run",
        ),
        ("h100", "every SM multiplies and adds all the time"),
    ],
)
def test_a_peak_above_the_published_one_says_so(device: str, said: str) -> None:
    session = Session(from_widths([4096, 4096]), batch=4096, dtype="bfloat16", device=device)
    found = waterfall(derive(session))
    assert str(found.steps[0].tip) == said


@pytest.mark.parametrize(
    ("error", "rate", "agreed", "said"),
    [
        (0.1, None, True, ""),
        (0.1, 1.05, True, "within the error of the prediction"),
        (0.1, 0.8, False, "further from the prediction than its error"),
        (None, None, False, ""),
        (None, 1.0, False, "no error of the prediction is known"),
    ],
)
def test_a_prediction_is_green_only_where_what_was_measured_agrees(
    error: float | None, rate: float | None, agreed: bool, said: str
) -> None:
    """rate: measured, over the predicted one."""
    found = waterfall(derived(1024, 1024, 1024))
    measured = MeasuredRate(None if rate is None else rate * found.rate, error=0.01)
    found = replace(found, rests_on=Provenance("modelled", error=error), measured=measured)
    assert found.agreed is agreed
    tip = str(found.lines[-1][2])
    assert said in tip
    assert ("prediction" in tip) == bool(said)
