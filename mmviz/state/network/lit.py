"""Which product of the strip a lesson computes: in turn where that is seen, else by its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mmviz.backends.learner import STAGES
from mmviz.core.shapes.gemm import Gemm
from mmviz.state.learn.course import Course
from mmviz.text import N_, Text, joined
from mmviz.words.products import titled
from mmviz.words.training import stage_name

LEAST_S = 1 / 30  # a moment that is shorter would flicker


@dataclass(frozen=True, slots=True)
class Moment:
    """A part of a step. product: index of what is computed, None for what is no product of the
    pass; said: 'step 470: forward of classes'.
    """

    product: int | None
    said: Text


@dataclass(frozen=True, slots=True)
class Lit:
    """step: how many were taken. shares: of each product of the pass its share of a step's time, 0
    … 1: what all of its kind take, as measured, by its part of their multiply-adds; told: the same
    in words, said: of the whole step. moments: of the last step, as it is played over `moment_s`
    seconds each; () where they would flicker.
    """

    step: int
    shares: tuple[float, ...]
    told: tuple[Text, ...]
    said: Text
    moments: tuple[Moment, ...] = ()
    moment_s: float = 0.0


def lit_of(course: Course | None, gemms: tuple[Gemm, ...]) -> Lit | None:
    """What a strip of these products shows of a lesson that is on; None where none is."""
    if course is None or course.doing != "teaching" or not course.now.shares:
        return None
    shares = {name: round(share, 2) for name, share in course.now.shares.items()}  # stands still
    own, told = _parted(shares, gemms)
    parts = (
        Text("{stage} {x:percent2}", stage=stage_name(stage), x=shares.get(stage, 0.0))
        for stage in STAGES
    )
    said = Text(N_("a step of learning, measured: {parts}"), parts=joined(tuple(parts)))
    if len({gemm.role for gemm in gemms}) < len(gemms):
        said = joined((said, Text(N_("≈ by multiply-adds"))))
    moments = tuple(_moments(course.step, gemms))
    pace = course.plan.pace
    each_s = 0.0 if pace is None else 1 / pace / len(moments)
    if each_s < LEAST_S:
        return Lit(course.step, own, told, said)
    return Lit(course.step, own, told, said, moments, each_s)


def _parted(
    shares: Mapping[str, float], gemms: tuple[Gemm, ...]
) -> tuple[tuple[float, ...], tuple[Text, ...]]:
    """What each takes of a step, and how it is said: the clock runs once for all of a kind, so of
    several the share of each is estimated.
    """
    kinds = Counter(gemm.role for gemm in gemms)
    flop: Counter[str] = Counter()
    for gemm in gemms:
        flop[gemm.role] += gemm.total_flop
    own = tuple(shares.get(gemm.role, 0.0) * gemm.total_flop / flop[gemm.role] for gemm in gemms)
    told = tuple(
        Text("{x:percent2}" if kinds[gemm.role] == 1 else "≈ {x:percent2}", x=share)
        for gemm, share in zip(gemms, own, strict=True)
    )
    return own, told


def _moments(step: int, gemms: tuple[Gemm, ...]) -> Iterator[Moment]:
    """Forward, the loss, backwards, the update."""
    forward = [i for i, gemm in enumerate(gemms) if not gemm.backward]
    for i in forward:
        yield Moment(i, _said(step, titled(gemms[i].name, gemms[i].role)))
    yield Moment(None, _said(step, stage_name("loss")))
    for i, gemm in enumerate(gemms):
        if gemm.backward:
            yield Moment(i, _said(step, titled(gemm.name, gemm.role)))
    yield Moment(None, _said(step, stage_name("update")))


def _said(step: int, what: Text) -> Text:
    return Text(N_("step {n:group}: {what}"), n=step, what=what)
