"""What is said where nothing is called better: in the place of a verdict, in few words."""

from __future__ import annotations

from mmviz.core.verdict import Verdict, WhyNone
from mmviz.text import N_, NOTHING, Text

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
    return Text(
        N_("{why}: {apart:percent} apart, which may be off by {error:percent2}"),
        why=why_none(verdict),
        apart=1 - verdict.share,
        error=verdict.error,
    )


def share(verdict: Verdict) -> Text:
    """By how much the two lie apart, of the larger: '24.6 % ± 3.9 %'; without an error that is not
    known, or is none.
    """
    if not verdict.error:
        return Text("{apart:percent}", apart=1 - verdict.share)
    return Text("{apart:percent} ± {error:percent2}", apart=1 - verdict.share, error=verdict.error)
