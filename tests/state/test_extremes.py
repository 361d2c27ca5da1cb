"""Lists of the smallest and the largest products together: every panel has a view of them."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT, MAX_K
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.files.devices import device_ids
from mmviz.files.networks import NetworkFile
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.network.network import NETWORK
from mmviz.state.network.strip import STRIP
from mmviz.state.peak.advice import ADVICE
from mmviz.state.peak.column import FACTS
from mmviz.state.peak.layers import LAYERS
from mmviz.state.peak.roofline import ROOFLINE
from mmviz.state.peak.tiling import TILING
from mmviz.state.peak.waterfall import WATERFALL
from mmviz.state.picture.pass_span import about, blocks, pointed, whole
from mmviz.state.picture.time_views import PASS, TRANSPORT, UNITS
from mmviz.state.picture.view import PICTURE
from mmviz.state.session import open_file

PARTS = (
    *(NETWORK, STRIP, ADVICE, FACTS, LAYERS, ROOFLINE, TILING, WATERFALL),
    *(PASS, UNITS, TRANSPORT, PICTURE),
)
SIDE = st.sampled_from((1, 2, 3, 17, 4096, 1_000_003, MAX_COUNT))
K = SIDE | st.sampled_from((MAX_K - 1, MAX_K))
SHAPES = st.lists(st.tuples(SIDE, SIDE, K, SIDE), min_size=1, max_size=4)
HUGE = (MAX_COUNT, MAX_COUNT, MAX_K, MAX_COUNT)


@settings(max_examples=60)
@given(SHAPES, st.sampled_from(sorted(device_ids())), st.sampled_from(sorted(BYTES)))
@example([HUGE, (1, 1, 1, 1)], "v100", "float32")
@example([(1, 1, 1, 1), HUGE, (1, 1, 1, 1)], "h100", "float16")
@example([HUGE, (1, 1, 1, 1)], "lane-1", "float32")
def test_every_panel_has_a_view_of_the_smallest_beside_the_largest(
    shapes: list[tuple[int, int, int, int]], device: str, dtype: str
) -> None:
    gemms = tuple(
        Gemm(f"p{i}", "product", m, n, k, i, count) for i, (m, n, k, count) in enumerate(shapes)
    )
    session = open_file(NetworkFile("", Products("extremes", gemms)))
    try:
        session = actions.set_dtype(actions.set_device(session, device), dtype)
        derived = derive(session)
    except InputError:  # a format that the device has not
        return
    for product in range(len(gemms)):
        derived = derive(actions.select_product(session, product), before=derived)
        for part in PARTS:
            part.of(derived)
        line = derived.timeline
        assert line.products[product].duration > 0
        assert 0 <= line.products[product].launch_share <= 1
        drawn = blocks(line, whole(line), 700)
        assert sum(block.count for block in drawn) == len(gemms)
        met = {pointed(line, whole(line), 700, drawn, x / 4)[0] for x in range(2801)}
        for block in drawn:  # of what is drawn as one, zooming in parts the rest
            assert met & set(range(block.first, block.first + block.count))
        assert all(about(line, block) for block in drawn)
        assert derived.typical > 0
