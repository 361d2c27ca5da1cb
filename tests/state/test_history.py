"""Undo and redo; what they hold is counted in bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.shapes.products import Products
from mmviz.state import actions, history
from mmviz.state.history import History, own_bytes
from mmviz.state.session import Session


def large(rows: int = 1_000) -> Session:
    """X with 784,000 numbers of its own: 6.3 MB."""
    session = Session(from_widths([784, 10], "digits"), batch=rows, device="lanes-16")
    return actions.set_number(session, 0, 0, 0, 1.0)


def bytes_of(sessions: tuple[Session, ...]) -> int:
    """What all given numbers of these sessions take, each block counted once."""
    networks = [session.layered for session in sessions]
    blocks = {id(b): b for n in networks for m in n.matrices for b in m.blocks}
    return sum(map(len, blocks.values()))


def test_an_edit_of_one_number_costs_a_block_not_the_matrix() -> None:
    session = large()
    whole = bytes_of((session,))
    assert whole == 8 * 784 * 1_000
    undone = History(session)
    for i in range(100):
        undone = undone.edit(actions.set_number(undone.now, 0, i, i, i + 0.5))
    assert len(undone.past) == 100
    assert bytes_of((*undone.past, undone.now)) <= whole + 100 * 8 * 4096
    assert sum(undone.held) <= 100 * (8 * 4096 + 2_000)
    for _ in range(100):
        undone = undone.undo()
        assert undone.now.layered.examples is not None
        assert undone.now.layered.examples[99][99] != 99.5
    assert undone.now == session


def test_other_edits_share_every_number() -> None:
    session = large()
    wider = actions.set_units(session, 0, 12)
    assert wider.layered.examples is session.layered.examples
    assert own_bytes(session, wider) < 2_000
    renamed = actions.rename_layer(actions.set_number(session, 1, 0, 0, 2.0), 0, "mine")
    assert bytes_of((session, renamed)) == 8 * (784_000 + 7_840)


def test_the_oldest_steps_go_where_the_rest_would_hold_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history, "MAX_BYTES", 5_000_000)
    undone = History(large(100))  # 627,200 bytes
    for i in range(1, 40):
        undone = undone.edit(large(100 + i))
    assert bytes_of(undone.past) <= 5_000_000
    assert len(undone.past) == 5  # of 0.8 to 0.9 MB each
    assert undone.undo().now.batch == 138
    assert len(undone.held) == len(undone.past)


def test_lists_and_layers_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_BYTES", 1_000_000)

    def listed(i: int) -> Session:
        return Session(
            Products(str(i), tuple(Gemm("a", "product", 1, 1, 1, j) for j in range(1000)))
        )

    undone = History(listed(0))
    for i in range(1, 20):
        undone = undone.edit(listed(i))
    assert len(undone.past) == 2
    bias = Network("b", 1, (Dense(100_000, bias=(0.5,) * 100_000),))
    assert own_bytes(Session(bias), listed(0)) > 3_000_000


def test_one_session_alone_may_be_too_large_to_go_back_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_BYTES", 1_000)
    undone = History(large(100)).edit(Session(from_widths([2, 2])))
    assert undone.past == ()
    assert undone.undo() is undone


def test_steps_about_one_topic_are_one() -> None:
    start = Session(from_widths([4, 4]), device="lanes-16")
    undone = History(start)
    for batch in (2, 3, 4):
        undone = undone.edit(actions.set_batch(undone.now, batch), "batch")
    assert (undone.past, len(undone.held)) == ((start,), 1)
    undone = undone.settle().edit(actions.set_batch(undone.now, 5), "batch")
    assert [session.batch for session in undone.past] == [1, 4]


@given(st.lists(st.sampled_from(["edit", "same", "undo", "redo", "look", "topic"]), max_size=60))
def test_what_is_held_goes_with_what_is_past(steps: list[str]) -> None:
    undone, number = History(Session(from_widths([4, 4]))), 1
    for step in steps:
        number += 1
        if step == "undo":
            undone = undone.undo()
        elif step == "redo":
            undone = undone.redo()
        elif step == "look":
            undone = undone.look(replace(undone.now, turned=not undone.now.turned))
        elif step == "same":
            undone = undone.edit(undone.now)
        else:
            topic = "batch" if step == "topic" else ""
            undone = undone.edit(actions.set_batch(undone.now, number), topic)
        assert len(undone.held) == len(undone.past)
        assert min(undone.held, default=1) > 0
