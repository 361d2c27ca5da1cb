"""A lesson in words: what it makes of drawings, and where the time of a step goes."""

from __future__ import annotations

from mmviz.backends.learner import STAGES, Stage
from mmviz.bench.lesson import Lesson
from mmviz.bench.plan import GivenData, MadeData
from mmviz.bench.sensed import Sensed
from mmviz.core.learning.descent import gentler
from mmviz.text import N_, NO_DATA, P_, Text, joined
from mmviz.words.sensors import energy_by
from mmviz.words.timing import placed_name

_STAGES: dict[Stage, str] = {
    "forward": N_("forward"),
    "loss": N_("loss"),
    "dgrad": N_("dgrad"),
    "wgrad": N_("wgrad"),
    "update": N_("update"),
}
LOSS_NAMES: dict[str, str] = {
    "cross-entropy": N_("cross-entropy"),
    "squared error": N_("squared error"),
}


def stage_name(stage: Stage) -> Text:
    """'forward'."""
    return Text(_STAGES[stage])


def now(lesson: Lesson) -> Text:
    """'470 steps · loss 0.021 · unseen right 94.1 %'."""
    parts = [Text(P_("{n:group} step", "{n:group} steps"), n=lesson.steps)]
    if lesson.losses:
        parts.append(Text(N_("loss {loss:sig}"), loss=lesson.losses[-1]))
    if lesson.judged:
        right = lesson.judged[-1].unseen[0]
        parts.append(Text(N_("unseen right {right:percent}"), right=right))
    return joined(tuple(parts))


def lesson_lines(lesson: Lesson) -> list[Text]:
    """What is printed when it is over."""
    plan = lesson.plan
    lines = [
        Text(
            N_("{name} on {who}, {dtype}, {loss}, batch {batch:group}, seed {seed:d}"),
            name=plan.network.name,
            who=placed_name(plan.backend, lesson.place),
            dtype=plan.dtype,
            loss=Text(LOSS_NAMES[plan.recipe.loss]),
            batch=plan.recipe.batch,
            seed=plan.recipe.seed,
        ),
        now(lesson),
    ]
    if not lesson.judged:
        return [*lines, Text(NO_DATA)]
    last = lesson.judged[-1]
    lines.append(_seen(plan.data, last.seen))
    if isinstance(plan.data, MadeData):
        for strength, right in zip(plan.data.strengths, last.unseen, strict=True):
            said = N_("of unseen hands, made at strength {strength:g}: {right:percent}")
            lines.append(Text(said, strength=strength, right=right))
    else:
        lines.append(Text(N_("of unseen drawings: {right:percent}"), right=last.unseen[0]))
    if lesson.step_s is not None and lesson.shares:
        shares = tuple(
            Text("{stage} {share:percent}", stage=stage_name(name), share=lesson.shares[name])
            for name in STAGES
        )
        said = N_("a step takes {step:seconds}, the median: {shares}")
        lines.append(Text(said, step=lesson.step_s, shares=joined(shares)))
    if lesson.lost_ground:
        lines.append(no_use(lesson.losses[0], plan.recipe.rate))
    if lesson.sensed is not None:
        lines.append(step_energy(lesson.sensed))
    return lines


def _seen(data: MadeData | GivenData, right: float) -> Text:
    """Of drawings it learnt from; it is asked about as many of them as there are unseen ones."""
    first, count = first_of(data)
    if first < count:
        said = N_(
            "of the first {n:group} of {count:group} drawings it learnt from {right:percent} are "
            "told"
        )
        return Text(said, n=first, count=count, right=right)
    return Text(N_("of drawings it learnt from {right:percent} are told"), right=right)


def first_of(data: MadeData | GivenData) -> tuple[int, int]:
    """Of how many seen drawings, from the first on, it is told how many are right, and of how many
    there are.
    """
    if isinstance(data, MadeData):
        return min(data.unseen, data.count), data.count
    count = len(data.seen_labels)
    return min(len(data.unseen_labels), count), count


def no_use(first: float, rate: float) -> Text:
    """Of steps that lose more than the first one did, `first`."""
    said = N_(
        "its last steps lose more than the first one, {first:sig}: it learns nothing so; "
        "try a learning rate of {less:g} in place of {rate:g}"
    )
    return Text(said, first=first, less=gentler(rate), rate=rate)


def step_energy(sensed: Sensed, joules: bool = True) -> Text:
    """Of a step: how much, where that is wanted, and whose; or why nobody tells."""
    by = energy_by(sensed)
    if sensed.energy_j is None:
        return Text(N_("energy of a step: no data ({why})"), why=by)
    if not joules:
        return Text(N_("energy of a step: {by}"), by=by)
    return Text(N_("energy of a step: {joules:joules}, {by}"), joules=sensed.energy_j, by=by)


def sheet_title(seed: int | None) -> Text:
    """Of a sheet of drawings; None: they are the user's own."""
    if seed is None:
        return Text(N_("Digits of a folder of this computer"))
    return Text(N_("Digits made by mmviz, seed {seed:d}"), seed=seed)


def sheet_words(data: MadeData | GivenData) -> tuple[Text, ...]:
    """What each set on it is: the one that is learnt from, then those that are never seen."""
    if not isinstance(data, MadeData):
        seen, unseen = len(data.seen_labels), len(data.unseen_labels)
        return (
            Text(N_("some of {n:group} to learn from"), n=seen),
            Text(N_("some of {n:group} that are never seen"), n=unseen),
        )
    learnt = N_("to learn from: some of {n:group} made at strength {strength:g}, by {k:d} hands")
    said = N_("never seen: some of {n:group} made at strength {strength:g}, by {k:d} other hands")
    others = len(data.hands) - data.taught
    return (
        Text(learnt, n=data.count, strength=data.strength, k=data.taught),
        *(Text(said, n=data.unseen, strength=strength, k=others) for strength in data.strengths),
    )
