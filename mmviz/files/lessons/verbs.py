"""What a lesson may have played: a closed list of verbs, and what each takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Takes:
    """kind: moment; word, one of `words`; whole, a number from 0; place, a number from 1, first or
    last; changes of a session; names of backends; seconds, at most 10; numbers; name.
    """

    kind: str
    words: tuple[str, ...] = ()
    needed: bool = True


LIGHT = ("output", "input", "weights", "idle", "edge", "row", "column")
SELECT = ("tile", "unit", "wave", "product")
ZOOM = ("edge", "all")
PANELS = ("roofline", "waterfall", "layers", "live", "sweep", "code", "filters")

VERBS: Mapping[str, Mapping[str, Takes]] = {
    "play": {"to": Takes("moment")},
    "seek": {"to": Takes("moment")},
    "light": {"what": Takes("word", LIGHT), "index": Takes("whole", needed=False)},
    "select": {"what": Takes("word", SELECT), "index": Takes("place")},
    "zoom": {"to": Takes("word", ZOOM)},
    "turn": {},
    "colour": {"by": Takes("name")},
    "show": {"panel": Takes("word", PANELS)},
    "race": {"a": Takes("changes"), "b": Takes("changes")},
    "run": {"backends": Takes("names"), "seconds": Takes("seconds", needed=False)},
    "train": {"steps": Takes("whole")},
    "sweep": {"over": Takes("numbers")},
}
"""By what each is to do: what it takes by name."""

ON = (
    *("output", "input", "weights", "tiles", "units", "strip", "roofline", "waterfall"),
    *("filters", "drawing"),
)
"""What may be clicked on."""

CHANGED_BY: Mapping[str, tuple[str, ...]] = {
    **{
        name: (name,)
        for name in ("batch", "units", "layers", "weights", "tile", "order", "device", "dtype")
    },
    "inputs": ("inputs", "examples"),
    "network": ("network", "activation"),
    "lr": ("lr",),
    "steps": ("steps",),
    "drawing": ("digit", "moved", "flipped"),
}
"""What a learner may be asked to change, and by which changes of a session."""

FREE = tuple(CHANGED_BY)
