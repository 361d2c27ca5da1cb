"""Which change is news to which panel of the network and of the peak."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.advice.neighbours import Change
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.facts import Facts, Measuring
from mmviz.state.session import Session, open_file
from mmviz.state.snapshot import changed, resolve
from mmviz.text import Text
from mmviz.ui.shell.panels import PANELS

SESSION = replace(
    open_file(networks.read_preset("alexnet")), device="a100", dtype="float16", batch=2304
)
OURS = {"network", "strip", "facts", "waterfall", "roofline", "layers", "advice", "tiling"}


def news(session: Session, facts: Facts | None = None) -> set[str]:
    """Ids of our panels that hear of it, coming from SESSION."""
    parts = [panel.part for panel in PANELS]
    old = derive(SESSION)
    before = resolve(old, parts, {})
    return set(changed(before, resolve(derive(session, facts, old), parts, before))) & OURS


def test_what_is_only_looked_at_otherwise_is_none() -> None:
    assert news(SESSION) == set()
    assert news(actions.colour_by(SESSION, "unit")) == set()
    assert news(actions.turn(SESSION, True)) == set()


def test_another_product_asks_for_no_advice() -> None:
    assert news(actions.select_product(SESSION, 1)) == OURS - {"advice"}


def test_a_number_format_is_news_to_all() -> None:
    assert news(actions.set_dtype(SESSION, "bfloat16")) == OURS


def test_a_name_is_read_in_what_names_it() -> None:
    renamed = actions.rename_layer(SESSION, 0, "first")
    assert news(renamed) >= {"network", "strip", "facts", "waterfall", "roofline", "layers"}


def test_progress_of_measuring_is_news_to_the_cards_alone() -> None:
    of = Measuring(derive(SESSION).setup.timed, "a100", Change("batch", "batch", 2304, 4608))
    assert news(SESSION, Facts().with_gain(of, Text("measuring"))) == {"advice"}
