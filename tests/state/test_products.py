"""A list of products in a session: what it counts, what it refuses, one of them alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from mmviz import units
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.network.strip import STRIP
from mmviz.state.picture.cells import LISTED
from mmviz.state.picture.view import picture_view
from mmviz.state.race.ready_made import ready_made
from mmviz.state.session import Session, as_file, open_file
from mmviz.state.settings import Settings, load, save

PAIR = Products(
    "pair", (Gemm("a", "product", 128, 256, 64, 0, 12), Gemm("b", "product", 100, 100, 100, 1))
)
LIST = Session(PAIR, device="a100")
ONCE = replace(LIST, network=Products("pair", tuple(replace(gemm, count=1) for gemm in PAIR.gemms)))


def test_totals_count_what_is_computed_again() -> None:
    derived = derive(LIST)
    assert LIST.products == 2
    assert derived.flop == 12 * 2 * 128 * 256 * 64 + 2 * 100**3
    time = units.seconds(derived.pass_cost.predicted_s or 0)
    error = units.plus_minus(derived.pass_cost.error)
    assert (
        str(STRIP.of(derived).summary)
        == f"a list · 2 rows · 13 products · predicted {time} {error}"
    )
    lanes = derive(replace(LIST, device="lanes-16"))
    assert str(STRIP.of(lanes).summary) == "a list · 2 rows · 13 products · 52.3 MFLOP"
    assert [card.gemm.count for card in STRIP.of(derived).cards] == [12, 1]
    assert STRIP.of(derived).cards[0].share == 1.0


def test_time_and_launches_are_those_of_all() -> None:
    once, often = derive(ONCE).timeline, derive(LIST).timeline
    assert often.products[0].duration == pytest.approx(12 * once.products[0].duration)
    assert often.products[0].launch == pytest.approx(12 * once.products[0].launch)
    assert often.products[1].duration == pytest.approx(once.products[1].duration)
    assert str(often.lines[0]) == "the list once · 13 products"
    assert [str(p.title) for p in often.products] == ["a ×12", "b"]
    assert often.products[0].wave is None
    assert any(str(line).endswith("together, modelled") for line in often.about(0))
    assert derive(LIST).typical == pytest.approx(often.total / 13)


def test_a_list_has_no_numbers_and_says_so() -> None:
    derived = derive(replace(LIST, colour_by="value"))
    assert picture_view(derived).cells() is None
    assert str(LISTED) in str(picture_view(derived).colour_note)
    assert not picture_view(derived).small
    assert not picture_view(derived).editable


@pytest.mark.parametrize(
    "change",
    [
        lambda s: actions.set_batch(s, 2),
        lambda s: actions.set_training(s, True),
        lambda s: actions.set_inputs(s, 3),
        lambda s: actions.set_units(s, 0, 3),
        lambda s: actions.rename_layer(s, 0, "x"),
        lambda s: actions.add_layer(s),
        lambda s: actions.remove_layer(s, 0),
        lambda s: actions.set_number(s, 0, 0, 0, 1.0),
    ],
)
def test_nothing_of_a_list_can_be_changed(change: Callable[[Session], Session]) -> None:
    with pytest.raises(InputError, match="a list of products has no batch, no training"):
        change(LIST)


def test_training_is_left_behind_where_a_list_is_opened() -> None:
    trained = Session(networks.read_preset("mlp").network, training=True)
    assert not open_file(networks.read_preset("gpt2-small"), trained).training
    assert open_file(networks.read_preset("alexnet"), trained).training


def test_a_product_alone_is_the_same_product() -> None:
    session = actions.select_product(LIST, 1)
    alone = actions.open_alone(session)
    assert isinstance(alone.network, Network)
    (gemm,) = derive(alone).gemms
    assert (gemm.m, gemm.n, gemm.k, gemm.role) == (100, 100, 100, "forward")
    assert (gemm.name, alone.network.name, alone.device) == ("b", "pair: b", "a100")
    assert derive(alone).tiling.tile == derive(session).tiling.tile
    assert picture_view(derive(alone)).cells() is not None


def test_a_list_is_the_last_session() -> None:
    kept = replace(LIST, product=1)
    save(Settings(session=kept))
    settings, lost = load()
    assert (settings.session, bool(lost)) == (kept, False)


def test_a_list_as_file_is_itself() -> None:
    assert as_file(LIST).network is PAIR


def test_races_of_a_list_leave_the_batch_alone() -> None:
    found = ready_made(LIST)
    assert found
    assert not any("batch" in str(setup.name) for setup in found)
    for setup in found:
        setup.make(LIST)
