"""Who wins a race, said: whose time is shorter, by how much beside the error, and by what.

Causes go on a clause whose subject is the winner.
"""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.core.device.device import Device
from mmviz.core.verdict import Verdict
from mmviz.text import N_, Text
from mmviz.words.race import ELEMENTS, SIDES, Name, side
from mmviz.words.verdict import off


def no_race(problems: Sequence[Text | str]) -> Text:
    return Text(N_("No race: {problems:semicolons}."), problems=tuple(problems))


def nobody(about: Text) -> Text:
    return Text(N_("Nobody wins: {about}."), about=about)


def decided(verdict: Verdict, name: Name, cause: Text, *, each: bool) -> Text:
    """Who is first, beside the error, and why. each: of each example; cause NOTHING: none is known.

    name: the side whose time is shorter.
    """
    return _because(_shorter(verdict, name, each=each), cause)


def undecided(verdict: Verdict, name: Name, cause: Text, *, each: bool) -> Text:
    """The same where the error is not known, which makes it no verdict."""
    said = Text(
        N_("No verdict, since the error is unknown: by these figures {shorter}"),
        shorter=_shorter(verdict, name, each=each, inner=True),
    )
    return _because(said, cause)


def close(times: Sequence[Text], *, each: bool) -> Text:
    """times: of left and right, with their errors."""
    left, right = times
    said = N_("Who finishes first is too close to call: left takes {left}, right {right}.")
    if each:
        said = N_("Per example it is too close to call: left takes {left}, right {right}.")
    return Text(said, left=left, right=right)


def even_each(time: Text) -> Text:
    return Text(N_("Per example both take the same, {time}."), time=time)


def whole_pass(verdict: Verdict, name: Name, *, each: bool) -> Text:
    """The same of the whole pass, beside a race of one of its products, in few words."""
    match verdict.why_none:
        case "even":
            said = N_("The whole pass: both take the same.")
            if each:
                said = N_("The whole pass, per example: both take the same.")
            return Text(said)
        case "close":
            said = N_("The whole pass: too close to call.")
            if each:
                said = N_("The whole pass, per example: too close to call.")
            return Text(said)
        case "unknown":
            said = N_("The whole pass: {shorter}, error unknown.")
            if each:
                said = N_("The whole pass, per example: {shorter}, error unknown.")
        case _:
            said = N_("The whole pass: {shorter}.")
            if each:
                said = N_("The whole pass, per example: {shorter}.")
    return Text(said, shorter=_takes(verdict, name))


def with_error(time: Text, error: float | None) -> Text:
    """'199 µs ± 15 %'; what was counted is off by nothing and says so by silence."""
    return Text("{time} {error:plus_minus}", time=time, error=error) if error else time


def _shorter(verdict: Verdict, name: Name, *, each: bool, inner: bool = False) -> Text:
    """'Left finishes first, after 95.0 % ± 2.1 % of right's time'; inner: within a sentence."""
    if each:
        said = N_("per example {takes}") if inner else N_("Per example {takes}")
        return Text(said, takes=_takes(verdict, name))
    after = verdict.share < 0.995
    whose = N_("{name} finishes first, after {share} of {other}'s time")
    if not after:
        whose = N_("{name} finishes first, by {share} of {other}'s time")
    if not inner:
        whose = N_("{name:capital} finishes first, after {share} of {other}'s time")
        if not after:
            whose = N_("{name:capital} finishes first, by {share} of {other}'s time")
    return Text(whose, name=side(name), other=side(_other(name)), share=_share(verdict, after))


def _takes(verdict: Verdict, name: Name) -> Text:
    """'right takes 75.4 % ± 3.3 % of left's time'."""
    said = N_("{name} takes {share} of {other}'s time")
    if verdict.share >= 0.995:
        said = N_("{name} takes {share} less than {other}")
    after = verdict.share < 0.995
    return Text(said, name=side(name), other=side(_other(name)), share=_share(verdict, after))


def _share(verdict: Verdict, after: bool) -> Text:
    share = Text("{share:percent}", share=verdict.share if after else 1 - verdict.share)
    return Text("{share} ± {error}", share=share, error=off(verdict)) if verdict.error else share


def _other(name: Name) -> Name:
    return SIDES[1 - SIDES.index(name)]


def _because(said: Text, cause: Text) -> Text:
    if not cause:
        return Text("{said}.", said=said)
    return Text(N_("{said}, mostly because {cause}."), said=said, cause=cause)


def together(time: Text) -> Text:
    return Text(N_("Both finish together, after {time}."), time=time)


def together_in_another_order(time: Text, loads: tuple[int | None, int | None]) -> Text:
    """loads: of elements of either side, None: not counted."""
    if loads[0] == loads[1]:
        said = N_(
            "Both finish together, after {time}: only which tile comes when differs, and what a "
            "shared cache saves by it is not modelled."
        )
        return Text(said, time=time)
    left, right = (None if n is None else Text(ELEMENTS, n=n) for n in loads)
    return Text(
        N_(
            "Both finish together, after {time}: only which tile comes when differs; loads are "
            "not in the time: left {left}, right {right}."
        ),
        time=time,
        left=left,
        right=right,
    )


def together_with_more_work(time: Text, name: Name, share: float) -> Text:
    msgid = (
        N_("Both finish together, after {time}, and left does {share:percent} more FLOP in it.")
        if name == "left"
        else N_(
            "Both finish together, after {time}, and right does {share:percent} more FLOP in it."
        )
    )
    return Text(msgid, time=time, share=share)


def together_but_busier(time: Text, a: Device, left: float, b: Device, right: float) -> Text:
    """left, right: shares of the time the units of either device are busy."""
    return Text(
        N_(
            "Both finish together, after {time}; left's {units} are busy {left:percent} of it, "
            "right's {others} {right:percent}."
        ),
        time=time,
        units=a.noun.many,
        left=left,
        others=b.noun.many,
        right=right,
    )
