"""What a chart of a sweep draws of each point: which quantity, what it is called, how it looks."""

from __future__ import annotations

from mmviz.text import N_, Text

PASS, EXAMPLE, RATE, PEAK, ENERGY = "pass", "example", "rate", "peak", "energy"
FASTER = "faster"
VALUES = {
    PASS: N_("time of a pass"),
    EXAMPLE: N_("time per example"),
    RATE: N_("examples per second"),
    PEAK: N_("share of the peak"),
    ENERGY: N_("energy per example"),
    FASTER: N_("speed-up"),
}
"""What is drawn of a point, and what it is called."""

_LOOKS = {
    PASS: "{x:seconds}",
    EXAMPLE: "{x:seconds}",
    RATE: "{x:per_second}",
    PEAK: "{x:percent}",
    ENERGY: "{x:joules}",
    FASTER: "{x:ratio}",
}


def figure(value: str, x: float) -> Text:
    """'33.2 ms', '1.20 k/s', '62.0 %', '280 mJ'. value: one of VALUES."""
    return Text(_LOOKS[value], x=x)
