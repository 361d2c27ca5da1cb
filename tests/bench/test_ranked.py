"""Statistics of samples that come in pieces are those of all of them."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.bench.ranked import Ranked
from mmviz.bench.stats import summarize

seconds = st.floats(1e-9, 1e9)


@given(st.lists(st.lists(seconds, max_size=40), max_size=8))
def test_pieces_give_what_the_whole_gives(pieces: list[list[float]]) -> None:
    ranked, whole = Ranked(), []
    for piece in pieces:
        ranked.extend(piece)
        whole += piece
        found, wanted = ranked.stats(), summarize(whole)
        if wanted is None:
            assert found is None
            continue
        assert found is not None
        assert found.n == wanted.n
        told, meant = msgspec.structs.astuple(found), msgspec.structs.astuple(wanted)
        assert told == pytest.approx(meant, rel=1e-12, abs=1e-12 * wanted.p99)
