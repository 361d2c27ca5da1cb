"""One sample of the live chart, read out."""

from __future__ import annotations

from mmviz.text import N_, Text
from mmviz.words.timing import backend_name

HEAP = N_("distribution")
HEAP_TIP = N_(
    "How often a pass took how long: the longest bar is the most frequent time of its backend. "
    "Dashed: 99 of 100 samples took no longer"
)


def sample(backend: str, number: int, count: int, took: float, at: float, passes: float) -> Text:
    """'NumPy 31.4 ms · sample 412 of 1 412 · 830 ms in · mean of about 20 passes'.

    number: from 1; at: seconds of computing before it; passes: behind it, on average of its run.
    """
    said = Text(
        N_("{name} {took:seconds} · sample {number:group} of {count:group} · {at:seconds} in"),
        name=backend_name(backend),
        took=took,
        number=number,
        count=count,
        at=at,
    )
    n = round(passes)
    if n <= 1:
        return said
    return Text(N_("{said} · mean of about {n:group} passes"), said=said, n=n)
