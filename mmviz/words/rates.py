"""What a batch size gains, and what learning loses by it, in words.

A loss within a tenth of the least is not told apart from it: one course a batch size was taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.bench.rates import NEAR, Rate
from mmviz.text import N_, NO_DATA, P_, Text, joined
from mmviz.words.timing import placed_name
from mmviz.words.training import LOSS_NAMES

ALIKE = 1.1  # times the least: what is within is alike


def gained(rates: Sequence[Rate]) -> Text:
    """What one backend gains: 'NumPy: an epoch takes 4.46 ms at batch 256, and 183 ms, 41.0 × as
    long, at batch 1'.
    """
    known = [rate for rate in rates if rate.epoch_s is not None]
    if len(known) < 2:
        return Text(NO_DATA)
    who = name(known[0])
    small, quick = known[0], min(known, key=lambda rate: rate.epoch_s or 0.0)
    times = (small.epoch_s or 0.0) / (quick.epoch_s or 1.0)
    if times < ALIKE:
        said = N_("{who}: an epoch is not shorter at a larger batch than at {small:group}")
        return Text(said, who=who, small=small.batch)
    return Text(
        N_(
            "{who}: an epoch takes {short:seconds} at batch {quick:group}, and {long:seconds}, "
            "{times:ratio} as long, at batch {small:group}"
        ),
        who=who,
        short=quick.epoch_s,
        quick=quick.batch,
        long=small.epoch_s,
        times=times,
        small=small.batch,
    )


def lost(rates: Sequence[Rate]) -> Text:
    """What learning loses: fewer steps for the same drawings. Of one backend; another one takes the
    same steps.
    """
    known = [rate for rate in rates if rate.by_drawings is not None]
    if len(known) < 2:
        return Text(NO_DATA)
    first, last = known[0], known[-1]
    return Text(
        N_(
            "after the same {shown:group} drawings the loss is {loss:sig} at batch {small:group}, "
            "in {steps}, and {other:sig} at batch {large:group}, in {fewer}"
        ),
        shown=first.equal,
        loss=first.by_drawings,
        small=first.batch,
        steps=_steps(first.steps),
        other=last.by_drawings,
        large=last.batch,
        fewer=_steps(last.steps),
    )


def least(rates: Sequence[Rate], seconds: float, *, named: bool = False) -> Text:
    """At which batch sizes one backend taught most in the same time; named: whether it is told who
    that is.
    """
    known = [(rate.by_time, rate.batch) for rate in rates if rate.by_time is not None]
    if not known:
        return Text(NO_DATA)
    best = min(loss for loss, _ in known)
    alike = tuple(
        Text("{batch:group}", batch=batch) for loss, batch in known if loss <= ALIKE * best
    )
    said = N_(
        "after the same {seconds:seconds} of steps it is least, {best:sig}, at batch {batches}"
    )
    if named:
        said = N_(
            "after the same {seconds:seconds} of steps on {who} it is least, {best:sig}, "
            "at batch {batches}"
        )
    return Text(
        said,
        who=name(rates[0]),
        seconds=seconds,
        best=best,
        batches=joined(alike, "items"),
    )


def terms(rate: float, seed: int, loss: str) -> Text:
    """What all of it holds for."""
    said = N_(
        "learning rate {rate:g} at every batch size, seed {seed:d}, one course each; a loss is the "
        "mean {loss} over the last {near:group} drawings"
    )
    return Text(said, rate=rate, seed=seed, loss=Text(LOSS_NAMES[loss]), near=NEAR)


def broken(rates: Sequence[Rate], *, named: bool = False) -> tuple[Text, ...]:
    """Why a batch size has no figures."""
    return tuple(_failed(one, named) for one in rates if one.failure)


def name(rate: Rate) -> Text:
    """Who computed: 'NumPy', 'wgpu (software, no GPU)'."""
    return placed_name(rate.backend, rate.place)


def _failed(rate: Rate, named: bool) -> Text:
    said = N_("batch {batch:group} on {who}: {why}") if named else N_("batch {batch:group}: {why}")
    return Text(said, batch=rate.batch, who=name(rate), why=rate.failure)


def figures(rate: Rate, *, named: bool = False) -> tuple[Text, ...]:
    """All of one batch size: of a step, of an epoch, the two losses, what is told right, energy.
    named: beside those of another backend, which was shown more drawings, or fewer.
    """
    equal = _or("{x:sig}", rate.by_drawings)
    if named and rate.by_drawings is not None:
        equal = Text(N_("{x:sig} after {n:group}"), x=rate.by_drawings, n=rate.equal)
    return (
        Text("{batch:group}", batch=rate.batch),
        _or("{x:seconds}", rate.step_s),
        _or("{x:seconds}", rate.epoch_s),
        _or("{x:sig}", rate.by_time),
        equal,
        _or("{x:percent}", rate.right),
        _or("{x:joules}", rate.joules),
    )


def told(rate: Rate, *, named: bool = False) -> Text:
    """All of one batch size in a line, each figure with its name."""
    if rate.failure:
        return _failed(rate, named)
    both = zip(HEADS, figures(rate, named=named), strict=True)
    all_of = [Text("{name} {x}", name=Text(head), x=x) for head, x in both]
    return joined((name(rate), *all_of) if named else all_of)


HEADS = (
    N_("batch"),
    N_("a step"),
    N_("an epoch"),
    N_("loss, equal time"),
    N_("loss, equal drawings"),
    N_("unseen right"),
    N_("energy of a step"),
)


def _or(said: str, x: float | None) -> Text:
    return Text(NO_DATA) if x is None else Text(said, x=x)


def _steps(count: int) -> Text:
    return Text(P_("{n:group} step", "{n:group} steps"), n=count)
