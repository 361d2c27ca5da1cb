"""Edits are functions from Session to Session; history undoes each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from calibrations import measured_here
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.network import Dense, from_widths
from mmviz.errors import InputError
from mmviz.files import network_writer, networks
from mmviz.files.this_machine import keep
from mmviz.state import actions
from mmviz.state.history import History
from mmviz.state.session import MODELLED, Session, as_file, open_file

ALEXNET = open_file(networks.read_preset("alexnet"))
SMALL = Session(from_widths([4, 3, 2]))


def widths(session: Session) -> list[int]:
    return [session.network.inputs, *(layer.units for layer in session.network.layers)]


def test_opening_a_preset() -> None:
    assert (ALEXNET.preset, ALEXNET.batch, ALEXNET.device) == ("alexnet", 128, "this-machine")
    taught = open_file(networks.read_preset("two-by-two"), replace(ALEXNET, dtype="float16"))
    assert (taught.device, taught.dtype, taught.batch) == ("lanes-16", "float16", 2)
    back = open_file(networks.read_preset("alexnet"), taught)
    assert back.device == MODELLED  # lanes are for networks that ask for them
    keep(measured_here())
    back = open_file(networks.read_preset("alexnet"), taught)
    assert back.device == "this-machine"  # it has times now
    on_gpu = open_file(networks.read_preset("vgg16"), replace(ALEXNET, device="a100"))
    assert on_gpu.device == "a100"


def test_a_file_of_a_network_names_the_lanes_it_is_for_and_no_device_only_the_user_has() -> None:
    assert as_file(replace(ALEXNET, device="lanes-16")).device == "lanes-16"
    for device in ("lanes-of-my-own", "a100", "this-machine"):
        assert as_file(replace(ALEXNET, device=device)).device == ""


def test_edits() -> None:
    assert widths(actions.set_units(SMALL, 0, 9)) == [4, 9, 2]
    assert widths(actions.set_inputs(SMALL, 7)) == [7, 3, 2]
    assert widths(actions.add_layer(SMALL)) == [4, 3, 2, 2]
    assert widths(actions.remove_layer(SMALL, 0)) == [4, 2]
    assert widths(actions.move_layer(SMALL, 0, 1)) == [4, 2, 3]
    assert actions.move_layer(SMALL, 0, 5) is SMALL
    assert actions.set_activation(SMALL, 1, "tanh").network.layers[1].activation == "tanh"
    assert actions.rename_layer(SMALL, 1, " out ").network.layers[1].name == "out"
    assert actions.set_batch(SMALL, 9).batch == 9
    assert actions.set_device(replace(SMALL, tile=(4, 4)), "a100").tile is None


def test_an_edited_preset_is_no_longer_the_preset() -> None:
    edited = actions.set_units(ALEXNET, 2, 10)
    assert edited.preset == ""
    assert edited.network.name == "AlexNet classifier, edited"
    assert actions.set_units(edited, 2, 11).network.name == "AlexNet classifier, edited"
    assert actions.set_units(ALEXNET, 2, 1000) is ALEXNET


def test_a_network_named_after_its_widths_keeps_to_them() -> None:
    typed = Session(from_widths([8, 6, 4]))
    wider = actions.set_units(typed, 0, 7)
    assert wider.network.name == "8-7-4"
    assert actions.add_layer(wider).network.name == "8-7-4-4"
    bent = actions.set_activation(wider, 1, "tanh")
    assert bent.network.name == "8-7-4, edited"  # these widths alone are another network
    assert actions.set_units(bent, 0, 5).network.name == "8-5-4, edited"


def test_new_layers_have_names_of_their_own() -> None:
    session = SMALL
    for _ in range(3):
        session = actions.add_layer(actions.remove_layer(session, 0))
        session = actions.add_layer(session)
    names = [layer.name for layer in session.network.layers]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda: actions.remove_layer(Session(from_widths([4, 3])), 0), "at least one layer"),
        (lambda: actions.set_batch(SMALL, 0), "batch must be"),
        (lambda: actions.set_units(SMALL, 0, 10**12), "units of layer 'layer 1'"),
        (lambda: actions.set_dtype(SMALL, "int7"), "unknown dtype"),
        (lambda: actions.set_device(SMALL, "abacus"), "unknown device"),
        (lambda: actions.rename_layer(SMALL, 0, "a\nb"), "one line"),
        (lambda: actions.rename_layer(SMALL, 0, "  "), "one line"),
        (
            lambda: actions.set_activation(actions.set_units(SMALL, 0, 3), 0, "swiglu"),
            "even number",
        ),
    ],
)
def test_refused_edits(edit: Callable[[], Session], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        edit()


def test_the_product_looked_at_stays_within_the_pass() -> None:
    training = actions.set_training(ALEXNET, True)
    last = actions.select_product(training, 99)
    assert last.product == 7
    assert actions.set_training(last, False).product == 2
    assert actions.remove_layer(actions.select_product(ALEXNET, 2), 0).product == 1


edits = st.lists(
    st.one_of(
        st.integers(1, 500).map(lambda n: lambda s: actions.set_batch(s, n)),
        st.integers(1, 500).map(lambda n: lambda s: actions.set_units(s, 0, n)),
        st.booleans().map(lambda on: lambda s: actions.set_training(s, on)),
        st.just(actions.add_layer),
        st.just(lambda session: actions.insert_layer(session, 0)),
        st.just(lambda s: actions.remove_layer(s, 0) if len(s.network.layers) > 1 else s),
        st.just(lambda s: actions.move_layer(s, 0, len(s.network.layers) - 1)),
    ),
    max_size=12,
)


@given(edits)
def test_undo_all_and_redo_all(steps: list[Callable[[Session], Session]]) -> None:
    history = History(SMALL)
    for step in steps:
        history = history.edit(step(history.now))
    last, count = history.now, len(history.past)
    for _ in range(count):
        history = history.undo()
    assert history.now == SMALL
    assert history.undo() is history
    for _ in range(count):
        history = history.redo()
    assert history.now == last
    assert history.redo() is history


def test_a_slider_drag_is_one_step() -> None:
    history = History(SMALL)
    for batch in (2, 3, 4):
        history = history.edit(actions.set_batch(history.now, batch), "batch")
    assert history.undo().now == SMALL
    history = history.settle().edit(actions.set_batch(history.now, 9), "batch")
    assert history.undo().now.batch == 4


def test_a_new_edit_forgets_the_future_and_an_equal_one_nothing() -> None:
    history = History(SMALL).edit(actions.set_batch(SMALL, 5)).undo()
    assert history.edit(SMALL) is history
    assert history.edit(actions.set_batch(SMALL, 6)).future == ()


def test_looking_elsewhere_is_not_undone() -> None:
    history = History(SMALL).edit(actions.set_batch(SMALL, 5))
    history = history.look(actions.select_product(history.now, 1))
    assert history.undo().now == SMALL


def test_a_session_saves_as_a_file_that_opens_as_itself() -> None:
    edited = actions.set_batch(actions.set_units(ALEXNET, 2, 10), 64)
    again = open_file(networks.parse(network_writer.dump(as_file(edited)), "own.toml"))
    assert again == replace(edited, about=str(edited.about))  # as it is said, in a file


def test_given_weights_survive_only_where_they_fit() -> None:
    taught = open_file(networks.read_preset("two-by-two"))
    layer = taught.network.layers[0]
    assert isinstance(layer, Dense)
    assert layer.weights is not None
    assert actions.set_units(taught, 0, 3).network.layers[0].weights is None
    assert actions.set_activation(taught, 0, "relu").network.layers[0].weights == layer.weights
