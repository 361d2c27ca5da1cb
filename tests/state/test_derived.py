"""A derived holds every number on screen, derived from the session alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmviz import units
from mmviz.core.provenance import Provenance
from mmviz.core.shapes.network import from_widths
from mmviz.files import networks
from mmviz.state import actions
from mmviz.state.derived import Derived, derive
from mmviz.state.network.network import NETWORK
from mmviz.state.network.strip import STRIP
from mmviz.state.peak.column import FACTS
from mmviz.state.picture.matrices import matrices
from mmviz.state.picture.view import picture_view
from mmviz.state.session import Session, open_file
from mmviz.text import Text


def preset(name: str, **changes: object) -> Session:
    return replace(open_file(networks.read_preset(name)), **changes)


def fact(derived: Derived, label: str) -> str:
    lines = [f for group in FACTS.of(derived).groups for f in group.facts]
    return str(Text("{value}", value=next(f.value for f in lines if str(f.label) == label)))


def test_alexnet_on_an_a100() -> None:
    derived = derive(preset("alexnet", device="a100", batch=2304, dtype="float16", tile=(256, 128)))
    shown = STRIP.of(derived)
    assert [card.gemm.name for card in shown.cards] == ["fc6", "fc7", "fc8"]
    assert fact(derived, "tiles") == "9 × 32 = 288"
    assert fact(derived, "slots") == "108 × 1 = 108"
    assert fact(derived, "waves") == "2.67 → 3"
    assert derived.cost.peak == 312e12
    assert derived.trace is not None
    assert derived.trace.clock == "s"
    assert derived.trace.duration == pytest.approx(derived.cost.computing_s)
    assert derived.timeline.total == pytest.approx(derived.pass_cost.predicted_s)
    assert str(shown.cards[0].detail) == units.seconds(derived.cost.predicted_s or 0)
    error = units.plus_minus(derived.pass_cost.error)
    total = units.seconds(derived.pass_cost.predicted_s or 0)
    assert f"predicted {total} {error}" in str(shown.summary)
    assert not any(str(group.title) == "Time" for group in FACTS.of(derived).groups)
    assert not picture_view(derived).small
    assert picture_view(derived).cells() is None
    assert "training would be 8 products" in str(shown.summary)
    assert "58.6 M weights" in str(NETWORK.of(derived).weights)


def test_every_group_of_facts_names_its_source() -> None:
    for device in ("a100", "this-machine", "lanes-16"):
        groups = FACTS.of(derive(preset("mlp", device=device))).groups
        assert [group.source.kind for group in groups][:2] == ["computed", "modelled"]
        assert {str(group.kind) for group in groups} == {"computed", "modelled"}


def test_a_schedule_that_was_recorded_says_so() -> None:
    derived = derive(preset("alexnet", device="a100"))
    assert derived.trace is not None
    recorded = replace(derived, trace=replace(derived.trace, provenance=Provenance("recorded")))
    kinds = {str(group.title): str(group.kind) for group in FACTS.of(recorded).groups}
    assert kinds["Tiles and waves"] == kinds["Reuse"] == "recorded"


def test_a_peak_that_is_not_known_has_no_line() -> None:
    derived = derive(preset("mlp"))
    labels = {str(one.label) for group in FACTS.of(derived).groups for one in group.facts}
    assert "peak float32" not in labels
    assert fact(derived, "steps").replace("\u202f", "").isdigit()


def test_intensity_of_the_models_vectors() -> None:
    """FLOP per byte in a 2-byte type, each matrix moved once (model, section 2)."""
    for m, n, k, expected in (
        (8192, 128, 8192, "124"),
        (8192, 8192, 8192, "2 731"),
        (128, 1000, 4096, "110"),
    ):
        session = Session(from_widths([k, n]), batch=m, dtype="float16", device="a100")
        assert fact(derive(session), "intensity").replace("\u202f", " ") == f"{expected} FLOP/B"


def test_more_tiles_than_fit_are_a_sentence() -> None:
    derived = derive(Session(from_widths([4, 16_777_216]), batch=64, device="lanes-16"))
    assert derived.trace is None
    assert "1\u202f073\u202f741\u202f824 tiles" in str(derived.problem)


def test_cells_hold_the_numbers_of_the_teaching_network() -> None:
    cells = picture_view(derive(preset("two-by-two"))).cells()
    assert cells is not None
    np.testing.assert_allclose(cells.partial(3), [[1.60, -0.10], [1.90, -0.40]], atol=1e-6)
    np.testing.assert_allclose(cells.partial(4), cells.a @ cells.b)
    assert cells.terms(0, 1)[2] == pytest.approx((-0.5, 0.6))


def test_the_sigmoid_layer_gives_1_0_1() -> None:
    cells = picture_view(derive(preset("sigmoid-101"))).cells()
    assert cells is not None
    assert cells.output is not None
    np.testing.assert_allclose(cells.partial(2), [[166, -532, 898]])
    np.testing.assert_allclose(cells.output, [[1, 0, 1]], atol=1e-200)


def test_cells_of_training_products_multiply_to_their_shapes() -> None:
    session = actions.set_training(
        Session(from_widths([3, 4, 2]), batch=2, device="lanes-16"), True
    )
    for product in range(session.products):
        derived = derive(actions.select_product(session, product))
        cells, gemm = picture_view(derived).cells(), derived.gemm
        assert cells is not None
        assert cells.partial(gemm.k).shape == (gemm.m, gemm.n)


def test_names_of_the_matrices_follow_the_role() -> None:
    session = actions.set_training(preset("mlp"), True)
    names = {}
    for product in range(session.products):
        gemm = derive(actions.select_product(session, product)).gemm
        names[gemm.role] = [(x.name, x.kind) for x in matrices(gemm)]
    assert names["forward"] == [("X", "activation"), ("W", "weight"), ("Y", "activation")]
    assert names["dgrad"] == [("dZ", "activation"), ("Wᵀ", "weight"), ("dX", "activation")]
    assert names["wgrad"] == [("Xᵀ", "activation"), ("dZ", "activation"), ("dW", "weight")]
