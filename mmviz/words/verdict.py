"""What is said where nothing is called better: in the place of a verdict, in few words."""

from __future__ import annotations

from mmviz.core.verdict import Verdict, WhyNone
from mmviz.text import N_, NOTHING, Text

TINY = 1e-9  # shares nearer to each other than this are shown alike

_NONE: dict[WhyNone, str] = {
    "even": N_("the same"),
    "close": N_("too close to call"),
    "unknown": N_("error unknown"),
}


def why_none(verdict: Verdict) -> Text:
    """'too close to call'; NOTHING where there is a verdict."""
    msgid = _NONE.get(verdict.why_none)
    return Text(msgid) if msgid else NOTHING


def brief(verdict: Verdict) -> Text:
    """The same for a cell of a table: 'too close', or 'unknown'; the tip has all of it."""
    if verdict.why_none == "close":
        return too_close()
    return Text(N_("unknown")) if verdict.why_none == "unknown" else why_none(verdict)


def too_close() -> Text:
    """What stands in a cell where the error is larger than the difference."""
    return Text(N_("too close"))


def sentence(verdict: Verdict) -> Text:
    """The same with its figures: 'too close to call: 8.7 % apart, which may be off by 19 %'."""
    if verdict.why_none != "close":
        return why_none(verdict)
    if (verdict.error or 0.0) > 2:
        whole = N_("{why}: {apart:percent} apart, with an error larger than the figures themselves")
        return Text(whole, why=why_none(verdict), apart=1 - verdict.share)
    said = N_("{why}: {apart:percent} apart, which may be off by {error}")
    return Text(said, why=why_none(verdict), apart=1 - verdict.share, error=off(verdict))


def share(verdict: Verdict) -> Text:
    """By how much the two lie apart, of the larger: '24.6 % ± 3.9 %'; without an error that is not
    known, or is none.
    """
    apart = Text("{apart:percent}", apart=1 - verdict.share)
    return Text("{apart} ± {error}", apart=apart, error=off(verdict)) if verdict.error else apart


def off(verdict: Verdict) -> Text:
    """The error that is known: '3.9 %'; with a third digit where two would deny the verdict that
    stands beside it, as 13 % beside 12.6 % that are more than 12.55 %.
    """
    error = verdict.error or 0.0
    beyond = 1 - verdict.share > error
    shown = _rounded(1 - verdict.share, 3), 1 - _rounded(verdict.share, 3)
    rounded = _rounded(error, 2)
    denied = any(abs(apart - rounded) > TINY and (apart > rounded) != beyond for apart in shown)
    return Text("{error:percent}" if denied else "{error:percent2}", error=error)


def _rounded(x: float, digits: int) -> float:
    """As it is shown."""
    return float(f"{x:.{digits - 1}e}")
