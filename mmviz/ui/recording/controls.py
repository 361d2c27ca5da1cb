"""Beside the name of the panel Recording: what is recorded, how, Open and Record."""

from __future__ import annotations

from mmviz.text import N_

RECORD, STOP = N_("● Record"), N_("■ Stop")
