"""A drawing that a network tells, in words: what became of it, who won, and why it was lost."""

from __future__ import annotations

import math

from mmviz.core.learning.digits.centring import Crop
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.units import group

UNTAUGHT_ZERO = Text(
    N_("It was taught nothing yet: all its weights are 0, and so are all its scores")
)
UNTAUGHT_EMPTY = Text(
    N_("It was taught nothing yet: its weights are random, and no score is above all others")
)
UNTAUGHT = Text(N_("It was taught nothing yet: its weights are random, and so is who wins"))
EMPTY = Text(N_("Nothing is drawn: each score is what the biases alone make"))
NO_WINNER = Text(N_("No score is above all others"))
NO_NUMBERS = Text(N_("Its weights are no numbers any more: teach it anew"))
_POINTED, _WHOLE = (
    999.995,
    100_000,
)  # below these scores have digits behind the point, or all of them


def signed(value: float, digits: int = 2) -> Text:
    """'+9.41' or '−3.10', in so many digits behind the point that scores stand still; no −0.

    Never longer than a card is wide: '+12 345', '+3.9e21', '−∞', and '?' for what is no number.
    """
    if math.isnan(value):
        return Text("?")
    sign, size = "−" if value < 0 else "+", abs(value)
    if size < _POINTED:
        said = f"{value:+z.{digits}f}"
    elif math.isinf(size):
        said = f"{sign}∞"
    elif digits and round(size) < _WHOLE:
        said = f"{sign}{group(round(size))}"
    else:
        said = f"{sign}{size:.{min(digits, 1)}e}".replace("e+0", "e").replace("e+", "e")
    return Text("{value}", value=said.replace("-", "−"))


def won(winner: int, score: float, second: int, ahead: float, share: float | None) -> Text:
    """Who wins, and by how much; share: None where the network answers with none."""
    told = {"winner": winner, "score": signed(score), "second": second, "ahead": ahead}
    if share is None:
        said = N_("{winner:d} wins: its score is {score}, {ahead:sig} above that of {second:d}")
        return Text(said, **told)
    said = N_(
        "{winner:d} wins: its score is {score}, {ahead:sig} above that of {second:d}, its share "
        "{share:percent}"
    )
    return Text(said, **told, share=share)


def truly(label: int, winner: int | None) -> Text:
    """What a picked one truly is."""
    if winner is None:
        return Text(N_("an unseen drawing of a {label:d}"), label=label)
    if winner == label:
        return Text(N_("an unseen drawing of a {label:d}, told right"), label=label)
    return Text(
        N_("an unseen drawing of a {label:d}, taken for a {winner:d}"), label=label, winner=winner
    )


def changed(moved: tuple[int, int], flipped: int) -> Text:
    """What was done to a drawing after it was put in its place."""
    parts = []
    for by, more, less in (
        (moved[0], N_("{n:d} px right"), N_("{n:d} px left")),
        (moved[1], N_("{n:d} px down"), N_("{n:d} px up")),
    ):
        if by:
            parts.append(Text(more if by > 0 else less, n=abs(by)))
    where = Text(N_("moved {parts}"), parts=joined(parts, "commas")) if parts else NOTHING
    pixels = Text(P_("{n:group} pixel changed", "{n:group} pixels changed"), n=flipped)
    return joined((where, pixels if flipped else NOTHING), "commas")


def why_lost(neuron: int, before: tuple[float, float], now: tuple[float, float]) -> Text:
    """Of a neuron: what ink adds and takes where the digit was put, and where it is now."""
    said = N_(
        "neuron {neuron:d}: ink on pink {plus} → {plus_now}, ink on blue {minus} → {minus_now}"
    )
    return Text(
        said,
        neuron=neuron,
        plus=signed(before[0]),
        plus_now=signed(now[0]),
        minus=signed(before[1]),
        minus_now=signed(now[1]),
    )


def recipe(crop: Crop) -> Text:
    """What became of what was drawn, before a network saw it."""
    (top, below), (left, behind) = crop.rows, crop.columns
    return Text(
        N_(
            "cropped to {high:d} × {wide:d} px of ink, scaled by {scale:sig} into 20 × 20, its "
            "centre of mass put in the middle"
        ),
        high=below - top,
        wide=behind - left,
        scale=crop.scale,
    )


def moved_shares(count: int, step: int) -> Text:
    """Over the table of shares told right."""
    if step == 0:  # read from a file
        return Text(N_("of {count:group} unseen drawings, moved, told right"), count=count)
    said = P_(
        "of {count:group} unseen drawings, moved, told right after {n:group} step",
        "of {count:group} unseen drawings, moved, told right after {n:group} steps",
    )
    return Text(said, count=count, n=step)


def moved_share(px: int, share: float) -> Text:
    """One line of it."""
    if not px:
        return Text(N_("where they were put: {share:percent}"), share=share)
    said = N_("moved by {px:d} px, the mean of left, right, up and down: {share:percent}")
    return Text(said, px=px, share=share)


def likeness(now: tuple[int, float] | None, most: tuple[int, float] | None) -> Text:
    """How much filters look like digits, 1 at most, after so many steps: now, and when most."""
    if now is None or most is None:
        return NOTHING
    said = P_(
        "filters look like digits by {alike} of 1 after {n:group} step",
        "filters look like digits by {alike} of 1 after {n:group} steps",
    )
    parts = [Text(said, alike=_alike(now[1]), n=now[0])]
    if now[0] == 0:  # read from a file
        parts = [Text(N_("filters look like digits by {alike} of 1"), alike=_alike(now[1]))]
    if most[0] != now[0]:
        seen = N_("by {alike} after {step:group}, the most seen")
        parts.append(Text(seen, alike=_alike(most[1]), step=most[0]))
    return joined(parts, "commas")


def _alike(share: float) -> Text:
    return Text("−{x:sig2}" if share < 0 else "{x:sig2}", x=abs(share))


def neuron(number: int) -> Text:
    """What it is called."""
    return Text(N_("neuron {number:d}"), number=number)


def summed(
    number: int, plus: float, minus: float, bias: float, total: float, share: float | None
) -> Text:
    """All that is said of a neuron: what makes its sum, and the share it comes to."""
    said = N_("neuron {number:d}: pixels × weights {plus} and {minus}, bias {bias}: {total}")
    found = Text(
        said,
        number=number,
        plus=signed(plus),
        minus=signed(minus),
        bias=signed(bias),
        total=signed(total),
    )
    if share is None:
        return found
    return joined((found, Text(N_("share {share:percent}"), share=share)), "commas")


def scored(digit: int, score: float, share: float | None) -> Text:
    """All that is said of a digit's score; share: None where the network answers with none."""
    if share is None:
        return Text(N_("{digit:d}: score {score}"), digit=digit, score=signed(score))
    said = N_("{digit:d}: score {score}, share {share:percent}")
    return Text(said, digit=digit, score=signed(score), share=share)


def row(*, short: bool) -> Text:
    """Over what a network sees."""
    return Text(N_("one row of X: 784") if short else N_("one row of X: 28 × 28 = 784"))


def captions(single: bool, neurons: int, *, drawn: bool, times: bool) -> tuple[Text, Text]:
    """Over the pad and over the neurons."""
    pad = Text(N_("your drawing")) if drawn else Text(N_("draw a digit here"))
    if times:
        shown = Text(N_("pixel × weight: pink adds to a sum, blue takes from it"))
    else:
        shown = Text(N_("pink weights add where ink falls, blue ones take away"))
    if not single:
        many = Text(
            P_("{n:group} neuron of the first layer", "{n:group} neurons of the first layer"),
            n=neurons,
        )
        shown = joined((many, shown))
    return pad, shown
