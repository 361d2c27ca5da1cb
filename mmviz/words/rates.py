"""What a batch size gains, and what learning loses by it, in words.

A loss within a tenth of the least is not told apart from it: one course a batch size was taken.
"""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.bench.rates import NEAR, Rate
from mmviz.text import N_, NO_DATA, P_, Text, joined

ALIKE = 1.1  # times the least: what is within is alike


def gained(rates: Sequence[Rate], who: Text) -> Text:
    """'On NumPy an epoch takes 12.3 ms at batch 256, 25.1 × less than at batch 1.'"""
    known = [rate for rate in rates if rate.epoch_s is not None]
    if len(known) < 2:
        return Text(NO_DATA)
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


def lost(rates: Sequence[Rate], shown: int) -> Text:
    """What learning loses: fewer steps for the same drawings."""
    known = [rate for rate in rates if rate.by_drawings is not None]
    if len(known) < 2:
        return Text(NO_DATA)
    first, last = known[0], known[-1]
    return Text(
        N_(
            "after the same {shown:group} drawings the loss is {loss:sig} at batch {small:group}, "
            "in {steps}, and {other:sig} at batch {large:group}, in {fewer}"
        ),
        shown=shown,
        loss=first.by_drawings,
        small=first.batch,
        steps=_steps(first.steps),
        other=last.by_drawings,
        large=last.batch,
        fewer=_steps(last.steps),
    )


def least(rates: Sequence[Rate], seconds: float) -> Text:
    """Which batch sizes learnt most in the same time."""
    known = [(rate.by_time, rate.batch) for rate in rates if rate.by_time is not None]
    if not known:
        return Text(NO_DATA)
    best = min(loss for loss, _ in known)
    alike = tuple(
        Text("{batch:group}", batch=batch) for loss, batch in known if loss <= ALIKE * best
    )
    return Text(
        N_("after the same {seconds:seconds} of steps it is least, {best:sig}, at batch {batches}"),
        seconds=seconds,
        best=best,
        batches=joined(alike, "commas"),
    )


def terms(rate: float, seed: int) -> Text:
    """What all of it holds for."""
    said = N_(
        "learning rate {rate:g} at every batch size, seed {seed:d}, one course each; a loss is the "
        "mean over the last {near:group} drawings"
    )
    return Text(said, rate=rate, seed=seed, near=NEAR)


def broken(rates: Sequence[Rate]) -> tuple[Text, ...]:
    """Why a batch size has no figures."""
    said = N_("batch {batch:group}: {why}")
    return tuple(Text(said, batch=one.batch, why=one.failure) for one in rates if one.failure)


def figures(rate: Rate) -> tuple[Text, ...]:
    """All of one batch size: of a step, of an epoch, the two losses, what is told right, energy."""
    return (
        Text("{batch:group}", batch=rate.batch),
        _or("{x:seconds}", rate.step_s),
        _or("{x:seconds}", rate.epoch_s),
        _or("{x:sig}", rate.by_time),
        _or("{x:sig}", rate.by_drawings),
        _or("{x:percent}", rate.right),
        _or("{x:joules}", rate.joules),
    )


def told(rate: Rate) -> Text:
    """All of one batch size in a line, each figure with its name."""
    if rate.failure:
        return Text(N_("batch {batch:group}: {why}"), batch=rate.batch, why=rate.failure)
    named = zip(HEADS, figures(rate), strict=True)
    return joined(tuple(Text("{name} {x}", name=Text(name), x=x) for name, x in named))


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
