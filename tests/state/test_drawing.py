"""From the pen to the pixels a network sees, and what it makes of them, without a window."""

from __future__ import annotations

import numpy as np
import pytest
from digits import DRAWN, STEPS, WITH_HIDDEN, single, taught

from mmviz.core.learning.digits.centring import BOX, centred
from mmviz.core.learning.digits.moving import MOST, moved, told_when_moved
from mmviz.core.learning.digits.strokes import PIXELS, SIDE
from mmviz.core.learning.likeness import class_means, likeness
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import from_widths
from mmviz.core.shapes.products import Products
from mmviz.state.learn import saying
from mmviz.state.learn.digit import digit_view
from mmviz.state.learn.drawing import (
    NOTHING_DRAWN,
    Drawing,
    begun,
    drawn_on,
    flip,
    moved_by,
    picked,
    place,
    put_back,
)
from mmviz.state.learn.knowing import Knowing, examples, products, resemblance, tell, when_moved
from mmviz.state.learn.neurons import EACH, neurons_view, pages, scores_of


def drawn(digit: int) -> Drawing:
    found = NOTHING_DRAWN
    for stroke in DRAWN[digit]:
        found = begun(found, stroke[0])
        for at in stroke[1:]:
            found = drawn_on(found, at)
    return found


def knowing(network: object = None, *, learnt: bool = True) -> Knowing:
    net = single() if network is None else network
    course = taught(net)  # type: ignore[arg-type]
    view = digit_view(net, course.weights if learnt else None, course.plan)  # type: ignore[arg-type]
    assert view.knowing is not None
    return view.knowing


@pytest.mark.parametrize("network", [None, WITH_HIDDEN], ids=["single", "hidden"])
@pytest.mark.parametrize("digit", DRAWN)
def test_what_is_drawn_is_told(network: object, digit: int) -> None:
    told = tell(knowing(network), drawn(digit))
    assert told.winner == digit
    assert told.shares.sum() == pytest.approx(1, abs=1e-5)
    assert told.ahead == pytest.approx(np.sort(told.scores)[-1] - np.sort(told.scores)[-2])


def test_a_small_digit_in_a_corner_comes_to_the_middle_in_its_size() -> None:
    corner = NOTHING_DRAWN
    for stroke in DRAWN[7]:
        small = [(x / 2, y / 2) for x, y in stroke]
        corner = begun(corner, small[0])
        for at in small[1:]:
            corner = drawn_on(corner, at)
    placed = place(corner)
    assert placed.crop is not None
    inked = np.argwhere(placed.image > 0.1)
    extent = inked.max(axis=0) - inked.min(axis=0) + 1
    assert BOX - 1 <= extent.max() <= BOX + 2
    at = np.arange(SIDE) + 0.5
    mass = placed.image.sum()
    assert placed.image.sum(axis=0) @ at / mass == pytest.approx(SIDE / 2, abs=0.3)
    assert placed.image.sum(axis=1) @ at / mass == pytest.approx(SIDE / 2, abs=0.3)
    high = placed.crop.rows[1] - placed.crop.rows[0]
    assert placed.crop.scale == pytest.approx(BOX / high)
    assert np.array_equal(placed.image, centred(placed.drawn[None])[0])
    assert tell(knowing(), corner).winner == 7


def test_one_touch_leaves_a_dot_and_nothing_leaves_none() -> None:
    assert place(begun(NOTHING_DRAWN, (14, 14))).drawn.max() > 0.5
    empty = place(NOTHING_DRAWN)
    assert empty.empty
    assert empty.crop is None


def test_a_pen_beyond_the_pad_stays_on_its_edge() -> None:
    away = drawn_on(begun(NOTHING_DRAWN, (-5, 14)), (99, 14))
    assert away.strokes == (((0.0, 14), (28.0, 14)),)


def test_moving_goes_as_far_as_four_pixels_and_back_and_flips_move_along() -> None:
    once = flip(moved_by(drawn(3), 1, -1), 0, 0)
    assert once.moved == (1, -1)
    assert place(once).image[0, 0] == 1
    far = moved_by(once, 9, 0)
    assert far.moved == (MOST, -1)
    assert place(far).image[0, 3] == 1
    assert place(flip(far, 0, 3)).image[0, 3] == 0, "flipped twice it is as it was"
    back = put_back(far)
    assert np.array_equal(place(back).image, place(drawn(3)).image)
    plain = moved(place(drawn(3)).still[None], 2, -1)[0]
    assert np.array_equal(place(moved_by(drawn(3), 2, -1)).image, plain)


def test_a_new_stroke_begins_on_what_was_drawn_but_not_on_what_was_picked() -> None:
    first = drawn(7)
    assert len(begun(moved_by(first, 2, 0), (3, 3)).strokes) == 2
    assert begun(moved_by(first, 2, 0), (3, 3)).moved == (0, 0)
    given = picked(place(first).image, 7)
    assert begun(given, (3, 3)).picked is None
    assert begun(given, (3, 3)).label is None


def test_scores_are_pixel_times_weight_and_bias() -> None:
    known = knowing()
    told = tell(known, drawn(3))
    sums = products(known, told.placed).sum(axis=0) + known.weights.biases[0]
    assert told.scores == pytest.approx(sums, abs=1e-4)
    view = neurons_view(known, told, 0, times=True)
    assert [card.wins for card in view.cards].index(True) == 3
    assert view.cards[3].image.sum() + known.weights.biases[0][3] == pytest.approx(
        told.scores[3], abs=1e-4
    )
    assert max(abs(card.height) for card in view.cards) == pytest.approx(1)


def test_pixels_are_changed_until_another_neuron_wins() -> None:
    known, drawing = knowing(), drawn(3)
    rival = tell(known, drawing).second
    margin = known.filters[:, rival] - known.filters[:, 3]
    image = place(drawing).image.reshape(-1)
    gain = np.where(image < 0.5, 1 - image, -image) * margin
    count = 0
    while tell(known, drawing).winner == 3:
        drawing = flip(drawing, *divmod(int(np.argsort(-gain)[count]), SIDE))
        count += 1
    assert tell(known, drawing).winner == rival
    assert 1 <= count < PIXELS / 4
    said = str(saying.change(known, tell(known, drawing), drawing, tell(known, put_back(drawing))))
    assert said.startswith(f"{count} pixel")
    assert "neuron 3: ink on pink" in said


def test_a_single_layer_loses_what_is_moved() -> None:
    known = knowing()
    found = examples(known)
    shares = when_moved(known, found)
    assert len(shares) == MOST + 1
    assert shares[0] > 0.9
    assert list(shares) == sorted(shares, reverse=True)
    assert shares[MOST] < 0.3
    answers = known.answer(found.unseen.x).output.argmax(axis=1)
    assert shares[0] == pytest.approx(np.mean(answers == found.unseen.labels))


def test_moving_asks_all_four_directions() -> None:
    found = examples(knowing())
    seen: list[np.ndarray] = []

    def answer(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return np.eye(10)[found.unseen.labels]

    assert told_when_moved(answer, found.unseen, (0, 2)) == (1.0, 1.0)
    ways = [x.reshape(-1, SIDE, SIDE) for x in seen]
    still = ways[0]
    assert np.array_equal(ways[1][:, :, 2:], still[:, :, :-2])
    assert np.array_equal(ways[2][:, :, :-2], still[:, :, 2:])
    assert np.array_equal(ways[3][:, 2:], still[:, :-2])
    assert np.array_equal(ways[4][:, :-2], still[:, 2:])


def test_filters_look_like_digits_once_they_learnt_and_not_before() -> None:
    found = examples(knowing())
    now = resemblance(knowing(), found)
    assert now is not None
    assert now > 0.8
    assert resemblance(knowing(learnt=False), found) is None, (
        "weights that are all 0 resemble nothing"
    )
    assert resemblance(knowing(WITH_HIDDEN), found) is None
    means = found.means
    assert likeness(means, means) == pytest.approx(1)
    assert likeness(-means, means) == pytest.approx(-1)
    assert np.abs(class_means(found.unseen).sum(axis=1)).max() < 0.5


def test_what_was_taught_nothing_says_so() -> None:
    known = knowing(learnt=False)
    told = tell(known, drawn(3))
    assert told.winner is None
    assert "taught nothing yet" in str(saying.verdict(known, told, drawn(3)))
    hidden = knowing(WITH_HIDDEN, learnt=False)
    told = tell(hidden, drawn(3))
    assert told.winner is not None
    assert "its weights are random" in str(saying.verdict(hidden, told, drawn(3)))


def test_weights_that_are_no_numbers_make_no_winner() -> None:
    known = knowing()
    broken = known.weights.weights[0].copy()
    broken[400, 2] = np.nan
    weights = type(known.weights)(
        (broken,),
        *[getattr(known.weights, n) for n in ("biases", "moving_weights", "moving_biases", "step")],
    )
    lost = Knowing(known.network, weights, True, known.data, known.seed)
    told = tell(lost, drawn(3))
    assert told.winner is None
    assert "no numbers any more" in str(saying.verdict(lost, told, drawn(3)))
    assert len(neurons_view(lost, told, 0, times=False).cards) == EACH


def test_an_unseen_one_says_what_it_truly_is() -> None:
    known = knowing()
    unseen = examples(known).unseen
    answers = known.answer(unseen.x).output.argmax(axis=1)
    right = int(np.flatnonzero(answers == unseen.labels)[0])
    wrong = int(np.flatnonzero(answers != unseen.labels)[0])
    for number, said in ((right, "told right"), (wrong, f"taken for a {answers[wrong]}")):
        drawing = picked(unseen.x[number], int(unseen.labels[number]))
        text = str(saying.verdict(known, tell(known, drawing), drawing))
        assert text.startswith(f"an unseen drawing of a {unseen.labels[number]}, {said}")


def test_hidden_neurons_come_ten_at_a_time() -> None:
    known = knowing(WITH_HIDDEN)
    told = tell(known, drawn(0))
    assert pages(known) == 3
    sizes = [len(neurons_view(known, told, page, times=False).cards) for page in range(3)]
    assert sizes == [10, 10, 4]
    assert str(neurons_view(known, told, 2, times=False).cards[3].name) == "neuron 23"
    assert [score.digit for score in scores_of(told) if score.wins] == [0]


@pytest.mark.parametrize(
    ("workload", "said"),
    [
        (from_widths([10, 10], "small"), "small has 10 inputs"),
        (from_widths([784, 11], "wide"), "wide has 11 outputs"),
        (Products("list", (Gemm("a", "product", 2, 3, 4),)), "a list of products"),
    ],
)
def test_a_network_that_tells_no_digits_says_why(workload: object, said: str) -> None:
    view = digit_view(workload, None, None)  # type: ignore[arg-type]
    assert view.knowing is None
    assert str(view.why).startswith(said)


def test_step_is_that_of_the_course() -> None:
    assert knowing().weights.step == STEPS
