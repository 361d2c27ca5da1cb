"""Which recording is of the pass that is looked at, and which session looks at a recording."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from recordings import FOUR, product, recording

from mmviz.core.provenance import MODELLED
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.recording.recording import Recording
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import Dense, Network
from mmviz.core.time.price import price
from mmviz.core.time.setup import Pass, Setup
from mmviz.files import networks
from mmviz.files.devices import read_device
from mmviz.files.this_machine import THIS_MACHINE
from mmviz.state import facts
from mmviz.state.derived import derive
from mmviz.state.facts import Facts
from mmviz.state.recording.opening import beginning_with, looking_at
from mmviz.state.session import device_of, open_file, setup_of


def plain(weights: GivenMatrix | None = None) -> Network:
    return Network("own", 2, (Dense(3, "relu", "a", weights),))


def test_the_last_one_of_the_very_pass_is_found() -> None:
    old, new, other = recording(seed=1), recording(seed=2), recording(batch=2)
    known = Facts().with_recording(old).with_recording(new).with_recording(other)
    assert known.recording_of(new.of) is new
    assert known.recording_of(other.of) is other
    for changed in ({"batch": 3}, {"training": True}, {"dtype": "float64"}):
        assert known.recording_of(replace(new.of, **changed)) is None
    assert known.with_recording(old).recording_of(new.of) is old, "it was looked at last"
    assert len(known.with_recording(old).recordings) == 3


def test_numbers_of_a_network_make_no_other_pass() -> None:
    found = recording(plain(), FOUR)
    known = Facts().with_recording(found)
    changed = plain(GivenMatrix.of(np.ones((2, 3))))
    assert known.recording_of(Pass(changed, 1, "float32", False)) is found
    wider = Network("own", 2, (Dense(4, "relu", "a"),))
    assert known.recording_of(Pass(wider, 1, "float32", False)) is None


def modelled() -> Recording:
    found = recording(product(300, 200, 100), FOUR)
    one = found.products[0]
    return replace(found, products=(replace(one, trace=replace(one.trace, provenance=MODELLED)),))


def test_what_a_model_says_is_no_recording_of_a_pass() -> None:
    found = modelled()
    assert not found.ran
    assert Facts().with_recording(found).recording_of(found.of) is None


def test_of_many_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_RECORDINGS", 2)
    every = [recording(seed=n) for n in range(3)]
    known = Facts()
    for one in every:
        known = known.with_recording(one)
    assert known.recordings == tuple(every[1:])


def test_the_picture_shows_it_only_where_that_is_asked_for() -> None:
    found = recording(product(300, 200, 100), FOUR)
    session = replace(looking_at(open_file(networks.read_preset("mlp")), found), edited=FOUR)
    known = Facts().with_recording(found)
    assert derive(session, known).recorded is None
    asked = replace(session, schedule="recorded")
    derived = derive(asked, known)
    assert derived.recorded is found.products[0]
    assert derived.trace is found.products[0].trace
    assert derive(session, known, derived).trace is not derived.trace, "and is let go again"
    assert derive(asked, Facts()).trace is not None, "there is none: the model's"


def test_the_session_that_looks_at_it() -> None:
    before = open_file(networks.read_preset("mlp"))
    alexnet = networks.read_preset("alexnet").network
    found = recording(alexnet, batch=8, training=True)
    session = looking_at(before, found)
    assert (session.timed, session.preset) == (found.of, "alexnet")
    assert session.device == before.device
    assert looking_at(session, found) is session
    own = looking_at(before, recording(plain(), FOUR))
    assert (own.preset, str(own.about)) == ("", "as it was recorded")


def test_who_begins_with_one_from_cores_sees_it_beside_this_machine() -> None:
    assert beginning_with(recording(by="cpu-tiles")).device == THIS_MACHINE
    assert beginning_with(recording(by="cuda-tiles")).device != THIS_MACHINE
    listed = beginning_with(recording(product(3, 2, 1), FOUR))
    assert listed.batch == 1


@pytest.mark.parametrize(
    ("tile", "order"), [(None, None), ((64, 64), None), ((64, 64), "columns"), (None, "columns")]
)
def test_what_a_file_has_of_a_model_is_looked_at_on_its_device_cut_as_there(
    tile: tuple[int, int] | None, order: str | None
) -> None:
    setup = Setup(
        networks.read_preset("mlp").network, read_device("a100"), 8, False, "bfloat16", tile, order
    )
    found = modelled_pass(setup)
    edited = replace(open_file(networks.read_preset("alexnet")), device="v100", tile=(32, 32))
    for session in (beginning_with(found), looking_at(edited, found)):
        assert (session.timed, session.device) == (found.of, "a100")
        tilings = [cost.tiling for cost in price(setup_of(session, device_of(session))).costs]
        assert tilings == [one.trace.tiling for one in found.products]
        assert looking_at(session, found) == session


def test_a_model_of_a_device_of_somebody_elses_leaves_the_device_as_it_is() -> None:
    found = replace(modelled(), facts={"device": "/etc/passwd"})
    before = replace(open_file(networks.read_preset("alexnet")), device="v100")
    session = looking_at(before, found)
    assert session.device == "v100"
    assert str(session.about) == "as it was modelled"
