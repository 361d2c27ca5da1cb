"""A product that shares its launch, as the window shows it: the group fills the waves together."""

from __future__ import annotations

from dataclasses import replace

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.state.derived import Derived, derive
from mmviz.state.peak.column import FACTS
from mmviz.state.peak.waterfall import WATERFALL
from mmviz.state.picture.time_views import UNITS
from mmviz.state.session import Session
from mmviz.words.schedule import caption


def shown(group: str, product: int = 1) -> Derived:
    gemms = tuple(
        Gemm(f"e{i}", "product", m, 1408, 2048, i, group=group) for i, m in enumerate((33, 210, 7))
    )
    session = Session(Products("moe", gemms), dtype="bfloat16", device="h100")
    return derive(replace(session, product=product))


def test_no_wave_is_charged_to_one_that_its_group_fills() -> None:
    for group in ("", "moe"):
        steps = {step.id: step for step in WATERFALL.of(shown(group)).product.steps}
        assert (steps["wave"].lost > 0.01) == (not group)
        assert ("fill the waves together with those of their group" in str(steps["wave"].tip)) == (
            bool(group)
        )
        assert ("of its group's launch" in str(steps["launch"].tip)) == bool(group)


def test_busy_units_are_said_to_be_of_it_alone() -> None:
    for group in ("", "moe"):
        derived = shown(group)
        alone = str(UNITS.of(derived).busy).endswith(" alone")
        (waves,) = (
            fact
            for one in FACTS.of(derived).groups
            for fact in one.facts
            if str(fact.label) == "waves"
        )
        assert alone == bool(group)
        small = shown(group, 0)
        assert small.trace is not None
        said = str(caption(small.trace.at(0.0), small.noun))
        assert said.endswith("left to its group" if group else "have nothing to do")
        assert ("the tiles of the group fill the waves together" in str(waves.tip)) == bool(group)
        share = "its share of the launch" in str(derived.timeline.about(1)[-1])
        assert share == bool(group)
