"""What can leave the window as a picture, and how it was last wanted."""

from __future__ import annotations

from mmviz.text import N_

PARTS: dict[str, str] = {
    "picture": N_("Picture"),
    "units": N_("Units over time"),
    "race": N_("Race"),
    "roofline": N_("Roofline"),
    "peak": N_("Where the peak goes"),
    "sweep": N_("Sweep"),
    "timing": N_("Timing"),
    "layers": N_("Layers"),
    "pass": N_("The pass over time"),
}
"""By id, what each part is called, a marked text; the ids are those of `--part` too."""
