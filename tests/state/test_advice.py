"""Advice for a session: cards, following it, and who could measure it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from mmviz.bench.load import Load
from mmviz.bench.pair import MeasuredGain
from mmviz.core.advice.advice import Advice, Piece, advise
from mmviz.core.advice.neighbours import INPUTS, Change
from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.networks import find
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.facts import Facts, Measuring
from mmviz.state.history import History
from mmviz.state.peak.advice import (
    ADVICE,
    AdviceView,
    cards_of,
    fits,
    follow,
    measurable,
    measured_text,
    pair_plan,
)
from mmviz.state.session import Session, device_of, open_file, setup_of
from mmviz.text import Text
from mmviz.words.advice import sentence

GPT2 = replace(open_file(find("gpt2-vocab")), device="a100", dtype="float16")


def told(piece: Piece) -> str:
    return str(sentence(piece, device_of(GPT2)))


def advice_of(session: Session) -> Advice:
    return advise(setup_of(session, device_of(session)))


def first(session: Session) -> Piece:
    return advice_of(session).pieces[0]


def test_cards_are_advice_then_remarks() -> None:
    advice = advice_of(GPT2)
    cards = cards_of(advice)
    assert len(cards) == len(advice.pieces) + len(advice.remarks)
    card = cards[0]
    assert str(card.title).replace("\u202f", " ") == "units of vocabulary 50 257 → 50 304"
    assert str(card.figure).startswith("−")
    assert " ± " in str(card.figure)
    assert str(card.detail).startswith("alignment, not tiles: rows at multiples of 16 bytes")
    assert str(card.tip) == f"{told(advice.pieces[0])}\n{advice.rests.beyond}"
    assert "± of kernels alone" in str(card.tip)
    assert (card.kind, card.applies) == ("gain", True)
    for card in cards_of(advice):
        batch = card.piece is not None and card.piece.change.kind == "batch"
        assert str(card.detail).startswith("per example; ") == batch
    remark = next(card for card in cards if card.kind == "ok")
    assert str(remark.figure) == "ok"
    assert not remark.applies


def view(session: Session) -> AdviceView:
    return ADVICE.of(derive(session))


def test_the_same_session_is_not_priced_twice() -> None:
    assert view(GPT2).advised() is view(replace(GPT2, product=0, turned=True)).advised()
    assert view(GPT2).advised() is not view(replace(GPT2, batch=256)).advised()


def test_followed_advice_does_what_it_said() -> None:
    piece = first(GPT2)
    after = follow(GPT2, piece.change)
    assert after.layered.layers[0].units == 50304
    assert not [p for p in advice_of(after).pieces if p.change.what == piece.change.what]
    history = History(GPT2).edit(after)
    assert history.undo().now == GPT2


def test_advice_for_batch_inputs_and_several_layers() -> None:
    session = Session(from_widths([30, 30, 30, 7]), batch=5)
    assert follow(session, Change("batch", "batch", 5, 8)).batch == 8
    change = Change("input features and units of 2", "width", 30, 32, (INPUTS, 0, 1))
    assert follow(session, change).layered.widths == (32, 32, 32, 7)


@pytest.mark.parametrize(
    "change",
    [
        Change("batch", "batch", 6, 8),
        Change("units of layer 1", "width", 31, 32, (0,)),
        Change("units of layer 9", "width", 30, 32, (8,)),
    ],
)
def test_advice_of_another_session_is_refused(change: Change) -> None:
    session = Session(from_widths([30, 30, 7]), batch=5)
    assert not fits(session, change)
    with pytest.raises(InputError, match="another shape"):
        follow(session, change)


def test_a_list_is_advised_about_but_stays_as_it_is() -> None:
    session = replace(open_file(find("gpt2-small")), device="a100", dtype="float16")
    piece = first(session)
    assert piece.change.kind == "product"
    assert not cards_of(advice_of(session))[0].applies
    with pytest.raises(InputError):
        follow(session, piece.change)
    with pytest.raises(InputError, match="open one of its products alone"):
        pair_plan(derive(session).setup, piece.change, "numpy", 1.0)


def test_of_a_list_only_alignment_is_padded_and_whose_choice_it_is_is_said() -> None:
    """The head width of 64, padded to 128, was priced lower: nobody gains by more work."""
    session = replace(open_file(find("gpt2-small")), device="h100", dtype="bfloat16")
    pieces = advice_of(session).pieces
    assert [str(piece.change.what) for piece in pieces] == ["n of vocabulary"]
    assert told(pieces[0]).endswith("It applies where this side is yours to choose.")
    assert "yours to choose" not in told(first(GPT2))


def test_a_pair_has_both_shapes() -> None:
    session = Session(from_widths([30, 20, 7]), batch=5, training=True, dtype="float64")
    plan = pair_plan(derive(session).setup, Change("batch", "batch", 5, 8), "numpy", 0.5)
    assert (plan.batches, plan.networks) == ((5, 8), (session.network, session.network))
    assert (plan.backend, plan.dtype, plan.training, plan.seconds) == (
        "numpy",
        "float64",
        True,
        0.5,
    )
    plan = pair_plan(
        derive(session).setup, Change("units of layer 1", "width", 20, 24, (0,)), "numpy", 0.5
    )
    assert plan.batches == (5, 5)
    assert [network.layers[0].units for network in plan.networks] == [20, 24]


def test_only_the_very_device_measures() -> None:
    here, gpu = read_device("this-machine"), read_device("a100")
    assert measurable(here, "float32", None) == "numpy"
    assert measurable(here, "no such", None) == ""
    assert measurable(gpu, "float16", None) == ""
    assert measurable(gpu, "float16", "NVIDIA A100-SXM4-80GB") == "cupy"
    assert measurable(gpu, "bfloat16", "NVIDIA A100-SXM4-80GB") == "cupy"
    assert measurable(gpu, "int8", "NVIDIA A100-SXM4-80GB") == ""  # CuPy has none
    assert measurable(gpu, "float16", "NVIDIA H100 80GB HBM3") == ""


@pytest.mark.parametrize(
    ("gain", "errors", "text"),
    [
        (0.114, (0.01, 0.01), "measured −11 % ± 1.3 %, p50 of 40 passes"),
        (-0.05, (0.01, 0.01), "measured +5.0 % ± 1.4 %, p50 of 40 passes"),
        (0.01, (0.02, 0.02), "measured −1.0 % ± 2.8 %, p50 of 40 passes, too close to call"),
        (0.114, (None, 0.01), "measured −11 %, p50 of 40 passes, error unknown"),
    ],
)
def test_what_was_measured_in_words(
    gain: float, errors: tuple[float | None, float | None], text: str
) -> None:
    """Chance makes something of two medians; within that neither is faster."""
    found = MeasuredGain(gain, (1.0, 1 - gain), (40, 44), errors=errors)
    assert str(measured_text(found)) == text
    crowded = Load(wall_s=2.0, core_s=4.0, others_s=2.0)
    hindered = replace(found, load=crowded)
    assert str(measured_text(hindered)) == f"{text}; other programs took 50 % of the cores"


def test_long_networks_are_not_quick() -> None:
    assert view(GPT2).quick
    assert not view(Session(from_widths([8] * 100))).quick
    assert not view(actions.set_training(Session(from_widths([8] * 30)), True)).quick


def test_no_advice_is_one_card_less_and_a_reason() -> None:
    advice: Advice = advice_of(replace(GPT2, device="lanes-16"))
    assert advice.pieces == ()
    assert advice.why
    assert cards_of(advice) == ()


def test_a_fixed_tile_is_kept_in_what_is_advised() -> None:
    session = replace(GPT2, tile=(128, 128), dtype="bfloat16")
    piece = first(session)
    assert piece.tiles == (4 * math.ceil(50257 / 128), 4 * math.ceil(50304 / 128))


def test_what_was_measured_is_of_the_pass_and_the_device_shown() -> None:
    change = first(GPT2).change
    setup = derive(GPT2).setup
    of = Measuring(setup.timed, "a100", change)
    facts = replace(Facts().with_gain(of, Text("measured")), measuring=of)

    def shown(session: Session) -> AdviceView:
        return ADVICE.of(derive(session, facts))

    assert shown(GPT2).measured == ((change, Text("measured")),)
    assert shown(GPT2).running == change
    for other in (replace(GPT2, batch=256), replace(GPT2, device="h100")):
        assert not shown(other).measured
        assert shown(other).running is None
    assert not shown(GPT2).offered
