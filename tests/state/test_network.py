"""What the panel of the workload and the tiling controls are told."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import ACTIVATIONS, from_widths
from mmviz.core.shapes.products import Products
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.network.network import NETWORK, TITLES
from mmviz.state.network.strip import STRIP
from mmviz.state.peak.tiling import TILING
from mmviz.state.session import Session

NET = Session(from_widths([512, 256, 128]), batch=64, dtype="float16", device="a100")
LIST = Session(
    Products("l", (Gemm("a", "product", 64, 64, 64, 0, 12), Gemm("b", "product", 8, 8, 8, 1))),
    device="a100",
)


def test_layers_stand_below_the_input() -> None:
    view = NETWORK.of(derive(actions.select_product(NET, 1)))
    assert [str(row.name) for row in view.rows] == ["Input", "layer 1", "layer 2"]
    assert str(view.rows[0].spoken) == "Input, features, 512"
    assert str(view.rows[1].detail) == "dense · ReLU"
    assert view.editable
    assert (view.product, view.at_hand) == (1, 2)
    assert str(view.weights) == "164 k weights · 328 kB with biases in float16"


def test_rows_of_a_list_cannot_be_changed() -> None:
    view = NETWORK.of(derive(LIST))
    assert [str(row.spoken) for row in view.rows] == ["a, 64 × 64 × 64 ×12", "b, 8 × 8 × 8"]
    assert not view.editable
    assert view.at_hand == 0


def test_every_activation_has_a_name() -> None:
    assert set(TITLES) == set(ACTIVATIONS)


def test_what_is_the_same_of_all_products_is_made_once() -> None:
    one = derive(NET)
    other = derive(actions.select_product(NET, 1), before=one)
    assert STRIP.of(one).cards is STRIP.of(other).cards
    assert NETWORK.of(one).rows is NETWORK.of(other).rows
    assert (STRIP.of(one).product, STRIP.of(other).product) == (0, 1)


def test_a_look_at_the_picture_is_no_news() -> None:
    for part in (STRIP, NETWORK):
        before = derive(NET)
        after = derive(actions.turn(NET, True), before=before)
        assert part.needs(before) == part.needs(after)


def test_a_pass_is_summed_up_in_a_line() -> None:
    lanes = replace(NET, device="lanes-16")
    said = str(STRIP.of(derive(lanes)).summary)
    assert said == "one forward pass · 2 products · 21.0 MFLOP · training would be 5 products"
    said = str(STRIP.of(derive(actions.set_training(lanes, True))).summary)
    assert said.startswith("one training pass · 5 products · ")
    assert said.endswith(" · inference would be 2 products")


def test_a_card_says_what_its_time_rests_on() -> None:
    assert str(STRIP.of(derive(NET)).cards[0].told).startswith("predicted ")
    lanes = STRIP.of(derive(replace(NET, device="lanes-16"))).cards[0]
    assert str(lanes.told) == f"{lanes.detail}, modelled"


def test_tile_and_order_are_asked_for_or_taken() -> None:
    auto = TILING.of(derive(NET))
    assert not auto.tile_asked
    assert not auto.order_asked
    assert auto.tile in auto.tiles
    assert auto.order in [id for id, _ in auto.orders]
    assert not auto.fixed
    asked = TILING.of(derive(replace(NET, tile=(96, 64), order="split-k-3")))
    assert (asked.tile, asked.tile_asked) == ((96, 64), True)
    assert (asked.order, asked.order_asked) == ("split-k-3", True)
    assert TILING.of(derive(replace(NET, device="tpu-v4", dtype="bfloat16"))).fixed
