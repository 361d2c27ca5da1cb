"""Whatever a device file may say, all that is made of the device comes about."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmviz.core.advice.advice import advise
from mmviz.core.device.figures import QUANTITIES
from mmviz.core.device.ranges import CPU_CONSTANT, FIGURES, GPU_CONSTANTS, Range, check_figure
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.constants import Constants
from mmviz.core.time.cpu_time import CONSTANTS as OF_CPU
from mmviz.errors import InputError
from mmviz.files.device_writer import dump
from mmviz.files.devices import parse_device
from mmviz.state.derived import derive
from mmviz.state.device.views import EDITOR
from mmviz.state.network.strip import STRIP
from mmviz.state.peak.advice import ADVICE
from mmviz.state.peak.column import FACTS
from mmviz.state.peak.layers import LAYERS
from mmviz.state.peak.roofline import ROOFLINE
from mmviz.state.peak.tiling import TILING
from mmviz.state.peak.waterfall import WATERFALL
from mmviz.state.picture.time_views import PASS, TRANSPORT, UNITS
from mmviz.state.session import Session
from mmviz.state.sweep.view import SWEEP
from mmviz.state.top import TITLE, TOP
from mmviz.text import Text

PARTS = (
    *(EDITOR, STRIP, ADVICE, FACTS, LAYERS, ROOFLINE, TILING, WATERFALL, PASS, TRANSPORT, UNITS),
    *(SWEEP, TITLE, TOP),
)
KEYS = {quantity.field: (quantity.key, quantity.factor) for quantity in QUANTITIES}
WORKLOADS = (from_widths((1, 1)), from_widths((784, 128, 10)), from_widths((4096, 1, 4097)))


def within(range: Range) -> st.SearchStrategy[float]:
    """The ends, and between them powers of ten."""
    least, most = range
    ends = st.sampled_from((least, most))
    return ends | st.floats(-12, 24).map(lambda power: min(max(10.0**power, least), most))


@st.composite
def device_files(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(("gpu", "cpu", "systolic", "lanes")))
    dtype = draw(st.sampled_from(tuple(BYTES)))
    lines = [f'name = "x"\nkind = "{kind}"', f"units = {draw(st.sampled_from((1, 3, 108, 4096)))}"]
    if kind == "systolic":
        lines.append(f"array = [{draw(st.sampled_from((1, 8, 255)))}, 128]")
    for field, range in FIGURES.items():
        if field != "peak" and draw(st.integers(0, 4)):
            key, factor = KEYS[field]
            value = draw(within(range)) / factor
            lines.append(f"{key} = {min(max(value, range[0] / factor), range[1] / factor)!r}")
    peak = min(max(draw(within(FIGURES["peak"])) / 1e12, 1e-12), 1e12)
    lines.append(f"[peaks_tflops]\n{dtype} = {peak!r}")
    if kind in ("gpu", "cpu") and draw(st.booleans()):
        ranges = GPU_CONSTANTS if kind == "gpu" else dict.fromkeys(OF_CPU, CPU_CONSTANT)
        lines.append(f"[calibration.{dtype}]\nerror = 0.1\n[calibration.{dtype}.constants]")
        lines += [f"{name} = {draw(within(range))!r}" for name, range in ranges.items()]
    return "\n".join(lines)


@settings(max_examples=40)
@given(device_files(), st.sampled_from(WORKLOADS), st.sampled_from((1, 128)), st.booleans())
def test_every_view_of_a_sound_device_is_made(
    text: str, workload: object, batch: int, training: bool
) -> None:
    device = parse_device(text.encode(), "x", "x.toml")
    assert parse_device(dump(device), "x", "x.toml").peaks == device.peaks
    dtype = device.peaks[0][0]
    session = Session(workload, batch, training, dtype, "h100", edited=device)
    derived = derive(session)
    for part in PARTS:
        part.of(derived)
    advise(derived.setup)


def test_constants_that_are_named_have_a_range() -> None:
    numbers = [field.name for field in fields(Constants) if field.name != "tiles"]
    assert list(GPU_CONSTANTS) == numbers


@pytest.mark.parametrize("field", FIGURES)
def test_a_figure_has_ends(field: str) -> None:
    least, most = FIGURES[field]
    what = Text(field)
    for value in (least, most):
        assert check_figure(value, what, FIGURES[field]) == value
    for value in (least / 2 or -1, 2 * most, float("nan"), float("inf"), 5e-324 * bool(least) - 1):
        with pytest.raises(InputError):
            check_figure(value, what, FIGURES[field])
