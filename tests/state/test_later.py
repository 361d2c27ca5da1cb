"""What comes back later than it was asked for: the session may be another one by then."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.core.shapes.network import Dense, Network
from mmviz.errors import InputError
from mmviz.files.networks import read_preset
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.facts import Facts, Timed
from mmviz.state.session import Session, open_file
from mmviz.state.sweep.choice import AXES, SweepChoice
from mmviz.text import NOTHING
from mmviz.ui.shell.panels import PANELS

LISTED = open_file(read_preset("gpt2-small"))
RANGES = st.sampled_from([(0, 0), (1, 64), (3, 9), (5, 5)])
CHOICES = st.builds(SweepChoice, st.sampled_from(AXES), st.integers(0, 3), RANGES, RANGES)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    layers = []
    for _ in range(draw(st.integers(1, 3))):
        activation = draw(st.sampled_from(["relu", "swiglu"]))
        units = draw(st.sampled_from([2, 8, 63, 64] if activation == "relu" else [2, 8, 64]))
        layers.append(Dense(units, activation, draw(st.sampled_from(["", "a", "b"]))))
    return Network("drawn", draw(st.sampled_from([1, 8])), tuple(layers))


@st.composite
def passes(draw: st.DrawFn) -> Session:
    training = draw(st.booleans())
    return Session(draw(networks()), draw(st.sampled_from([1, 5, 16])), training)


def timed(session: Session, seconds: tuple[float, ...] = (0.5, 0.25)) -> Timed:
    runs = (Run("numpy", session.batch, seconds, False, summarize(seconds)),)
    results = Results(
        network=session.network.name,
        dtype=session.dtype,
        training=session.training,
        seed=1,
        machine=None,
        runs=runs,
    )
    return Timed(session.timed, results, NOTHING)


@given(st.one_of(passes(), st.just(LISTED)), CHOICES, st.lists(passes(), max_size=3), st.data())
def test_every_panel_shows_any_session_beside_any_runs(
    session: Session, choice: SweepChoice, others: list[Session], data: st.DataObject
) -> None:
    facts = Facts()
    for other in others:
        facts = facts.with_run(timed(other))
    if session.network.layered is not None:
        layer = data.draw(st.integers(0, len(session.layered.layers) - 1))
        narrow = replace(session.layered.layers[layer], units=7, activation="relu")
        layers = list(session.layered.layers)
        layers[layer] = narrow  # the swept layer of an earlier run, odd where swiglu needs even
        was = replace(session, network=session.layered.with_layers(layers))
        facts = facts.with_run(timed(was))
        with contextlib.suppress(InputError):
            session = actions.set_sweep(session, choice)
    derived = derive(session, facts)
    for panel in PANELS:
        panel.part.of(derived)


def test_a_point_of_another_activation_is_none_of_the_sweep() -> None:
    gated = Session(Network("n", 4, (Dense(8, "swiglu"), Dense(2))), 3)
    gated = actions.set_sweep(gated, SweepChoice("width", 0, (0, 0), (2, 64)))
    odd = Session(Network("n", 4, (Dense(7, "relu"), Dense(2))), 3)
    even = replace(gated, network=gated.layered.with_units(0, 16))
    part = next(panel.part for panel in PANELS if panel.part.id == "sweep")
    facts = Facts().with_run(timed(odd)).with_run(timed(even))
    assert [point.width for point in part.of(derive(gated, facts)).measured] == [16]


@pytest.mark.parametrize("layer", [2, 9, -1])
def test_what_is_asked_of_a_layer_that_is_gone_is_refused_in_a_sentence(layer: int) -> None:
    session = Session(Network("n", 4, (Dense(8), Dense(2))), 3)
    for action in (
        lambda: actions.enter(session, 3, layer, 5),
        lambda: actions.set_units(session, layer, 5),
        lambda: actions.set_activation(session, layer, "tanh"),
        lambda: actions.rename_layer(session, layer, "x"),
    ):
        with pytest.raises(InputError, match="is no longer there"):
            action()
