"""What became of a backend since an earlier run, in words."""

from __future__ import annotations

from collections.abc import Sequence

from mmviz.backends.base import What
from mmviz.bench.against import Judged, Piece
from mmviz.bench.machine import Machine
from mmviz.core.shapes.network import Dense
from mmviz.text import N_, NOTHING, Text, joined, own
from mmviz.words.earlier import moment, pill
from mmviz.words.products import layer_name
from mmviz.words.timing import backend_name

_BESIDE: dict[What | str, str] = {
    "launch": N_("launch"),
    "upload": N_("copy in"),
    "download": N_("copy out"),
}


def piece_name(piece: Piece, layers: Sequence[Dense]) -> Text:
    """'fc6'; of what is beside the layers 'launch'."""
    if piece.what:
        return Text(_BESIDE[piece.what])
    if piece.layer < len(layers):
        return layer_name(layers, piece.layer)
    return Text(N_("layer {number}"), number=piece.layer + 1)


def explained(judged: Judged) -> Text:
    """All of a verdict, for a tip: 'slower: +9.8 %, 2 threads … It takes 4.1 % to 16 % more.'"""
    said = Text("{pill}: {reason}", pill=pill(judged.verdict), reason=judged.reason)
    if judged.share is None or judged.interval is None:
        return said
    low, high = (_signed(x) for x in judged.interval)
    return Text(
        N_("{said}\ntime since then: {share}, between {low} and {high}"),
        said=said,
        share=_signed(judged.share),
        low=low,
        high=high,
    )


def _signed(share: float) -> Text:
    if share > 9:
        return Text("× {x:sig2}", x=share + 1)
    return Text("+{x:percent2}" if share >= 0 else "−{x:percent2}", x=abs(share))


def beside(when: float | None, machines: tuple[Machine | None, Machine | None]) -> Text:
    """Which run it is held against: '2026-11-19 18:02, this machine'."""
    then, now = machines
    where = NOTHING
    if then is not None and now is not None:
        same = (then.cpu, then.logical_cores) == (now.cpu, now.logical_cores)
        where = Text(N_("this machine")) if same else own(then.cpu)
    stamp = own(moment(when)) if when is not None else Text(N_("a run of this window"))
    return joined((stamp, where), "commas")


def not_in(backend: str) -> Text:
    """Why a backend of the run has no verdict."""
    return Text(N_("{name} was not in that run"), name=backend_name(backend))
