"""A device file is read, written and, where it is none, refused in one sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mmviz.core.device.body import Cpu, Systolic
from mmviz.core.device.device import Calibration, Device, Figure
from mmviz.core.device.figures import figures_of, with_figures
from mmviz.core.device.lattice import Lattice
from mmviz.core.time.constants import CONSTANT_NAMES
from mmviz.errors import InputError
from mmviz.files.device_writer import dump, write_device
from mmviz.files.devices import device_ids, parse_device, read_device

WHERE = "mine.toml"
CONSTANTS = tuple(zip(CONSTANT_NAMES, (2.1e-6, 1.04, *[0.7] * 6, 3.1, 0.7), strict=True))
FITTED = Calibration(
    "bfloat16", CONSTANTS, 400, 100, 0.0812, None, 'rows of "X"', True, remark="cold"
)


def parse(text: str) -> Device:
    return parse_device(text.encode(), "mine", WHERE)


@pytest.mark.parametrize("device", device_ids()[1:])
def test_written_and_read_again_it_is_the_same(device: str) -> None:
    before = read_device(device)
    again = parse_device(dump(before), device, WHERE)
    assert replace(again, figures=()) == replace(before, figures=())
    assert figures_of(again) == figures_of(before)


def test_calibrations_are_kept_to_the_last_digit() -> None:
    other = replace(FITTED, dtype="float16", own=False, error=None, held_out=0)
    device = replace(read_device("a100"), calibrations=(FITTED, other))
    assert parse_device(dump(device), "a100", WHERE).calibrations == (FITTED, other)


def test_what_was_learned_is_kept_and_refused_where_more_would_take_less() -> None:
    sides = ((2e-6, 2.5e-3), (0.0, 8.5, 17.0), (5.0, 17.0), (5.0, 16.0))
    lattice = Lattice(*sides, (*[-0.0123] * 12, *[0.02] * 12))
    measured = ((1, 30000), (32, 65536), (32, 65536))
    fitted = replace(
        FITTED, sides=measured, learned=lattice, tiles=(((128, 64), 1.05), ((16, 64), 0.9))
    )
    written = dump(replace(read_device("a100"), calibrations=(fitted,)))
    assert parse_device(written, "a100", WHERE).calibrations == (fitted,)
    lent = parse('like = "a100"\nname = "B"\n')
    assert lent.calibrations == read_device("a100").calibrations
    text = written.decode()
    for old, new, why in (
        ("-123 -123", "-123 -124", "lets the time fall as"),
        ("-123 -123", "-123", "a value for each of at most"),
        ("-123 -123", "-123 x", "whole numbers"),
        ("128x64", "128", "rows × columns"),
        ("1.05", "105", "128x64"),
        ("30000", "0", "sides of the calibration"),
        ("30000", "1_000_000_000", "sides of the calibration"),
    ):
        with pytest.raises(InputError, match=why) as caught:
            parse(text.replace(old, new, 1))
        assert "\n" not in str(caught.value)


def test_a_changed_figure_keeps_its_own_source(tmp_path: Path) -> None:
    mine = Figure("bandwidth", 2500.5, "GB/s", "assumed", 'said "so", ü')
    price = Figure("price per hour", 2.5, "EUR", "assumed", "an offer")
    device = with_figures(replace(read_device("b200"), currency="EUR"), [mine, price])
    write_device(device, tmp_path / "b.toml")
    again = parse_device((tmp_path / "b.toml").read_bytes(), "b", WHERE)
    assert mine in again.figures
    assert price in again.figures
    assert (again.bandwidth, again.price_hour, again.currency) == (2500.5e9, 2.5, "EUR")
    untouched = [f for f in figures_of(again) if f.name == "L2"]
    assert untouched == [f for f in figures_of(read_device("b200")) if f.name == "L2"]


def test_a_file_can_be_like_another_device() -> None:
    found = parse('like = "a100"\nname = "Mine"\nbandwidth_gbs = 3000\nunits = 120\n')
    a100 = read_device("a100")
    assert (found.id, found.name, found.units, found.bandwidth) == ("mine", "Mine", 120, 3e12)
    assert (found.peaks, found.tiles, found.l2) == (a100.peaks, a100.tiles, a100.l2)
    by_name = {figure.name: figure for figure in found.figures}
    assert (by_name["bandwidth"].status, by_name["bandwidth"].source) == ("assumed", WHERE)
    assert by_name["L2"].status == "datasheet"


def test_a_small_file_is_enough() -> None:
    found = parse('name = "Two"\nkind = "gpu"\nunits = 2\n')
    assert (found.units, found.peaks, found.bandwidth) == (2, (), None)
    assert found.tiles[0] == (256, 128)
    assert found.slots((256, 128)) == 2
    array = parse('name = "A"\nkind = "systolic"\nunits = 1\narray = [16, 8]\n')
    assert (array.tiles, array.k_step, array.unit) == (((16, 8),), 16, "array")
    assert parse('name = "L"\nkind = "lanes"\nunits = 3\n').tiles == ((1, 1),)


def test_statuses_and_sources_of_single_figures() -> None:
    text = (
        'like = "h100"\nstatus = "measured"\nsource = "my bench"\nbandwidth_gbs = 3000\n'
        'launch_us = { value = 3, source = "nsys" }\n'
        '[peaks_tflops]\nfloat16 = { value = 700, status = "derived" }\n'
    )
    by_name = {f.name: (f.value, f.status, f.source) for f in parse(text).figures}
    assert by_name["bandwidth"] == (3000, "measured", "my bench")
    assert by_name["launch"] == (3, "measured", "nsys")
    assert by_name["peak float16"] == (700, "derived", "my bench")
    assert by_name["peak bfloat16"] == (989.4, "datasheet", read_device("h100").source)


LIKE = 'like = "a100"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "name is missing, or like, naming a device mmviz has"),
        ('name = "x"\nkind = "gpu"', "units is missing"),
        ('name = "x"\nkind = "systolic"\nunits = 1', "array is missing"),
        (
            'name = "x"\nkind = "fpga"\nunits = 1',
            "kind: 'fpga' is none of cpu, gpu, lanes, systolic",
        ),
        ('like = "a1"', "like: unknown device 'a1'; known are p100"),
        ('like = "this-machine"', "like: unknown device 'this-machine'"),
        (LIKE + 'bandwidth_gbs = "x"', "bandwidth_gbs: expected a number, got text"),
        (LIKE + "bandwidth_gbs = -1", "bandwidth of device 'mine' must be a number above 0"),
        (LIKE + "units = 1.5", "units of device 'mine' must be a whole number, not 1.5"),
        (LIKE + "units = nan", "units of device 'mine' must be a number above 0, not nan"),
        (LIKE + "units = inf", "units of device 'mine' must be a number above 0, not inf"),
        (LIKE + "units = 17000000", "must be a whole number from 1 to 16\u202f777\u202f216"),
        (LIKE + "bandwith_gbs = 1", "unknown field `bandwith_gbs`"),
        (
            LIKE + 'l2_mib = { value = 1, status = "sure" }',
            "l2_mib.status: 'sure' is none of assumed, datasheet, derived, listed, measured",
        ),
        (LIKE + 'name = ""', "the name of a device is one line of 1 to 60 printable characters"),
        (
            LIKE + 'name = "a\\nb"',
            "the name of a device is one line of 1 to 60 printable characters",
        ),
        (LIKE + "tiles = []", "needs tiles"),
        ('name = "x"\nkind = "systolic"\nunits = 1\narray = [0, 8]', "rows of the array"),
        (LIKE + "array = [8, 8]", "systolic arrays, and only they, need an array"),
        (LIKE + 'kind = "systolic"', "systolic arrays, and only they, need an array"),
        (LIKE + 'blas_core = "Zen"', "a device of kind gpu has no blas_core"),
        (LIKE + "[peaks_tflops]\nfp8 = 3", "unknown dtype 'fp8'"),
        (LIKE + "[calibration.float16]\nrows = 1", "has 1 to 24 constants, not 0"),
        (
            LIKE
            + '[calibration.float16]\nrows = 1\nheld_out = 0\nsource = ""\nconstants = {a = 0}',
            "a of the calibration in float16 must be a number above 0",
        ),
        (
            LIKE + "[calibration.float16]\nrows = 1\n[calibration.float16.constants]\na = 1",
            "calibration in float16: constants of the time model are t0,",
        ),
        ("x = [", "not valid TOML"),
    ],
)
def test_what_is_no_device_file(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        parse(text)
    assert str(refused.value).startswith(f"{WHERE}: ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_lent_to_another_dtype_is_made_for_its_peak() -> None:
    """Float32 of an H100 has 67 of 989.4 TFLOP/s."""
    lent = parse('like = "a100"\n[calibration.float32]\nlike = "h100"').calibration("float32")
    own = read_device("h100").calibration("bfloat16")
    assert lent is not None
    assert own is not None
    edge = own.constant("edge")
    assert edge is not None
    assert lent.constant("edge") == pytest.approx(edge * (67 / 989.4) ** 0.4)
    assert lent.constant("t0") == own.constant("t0")


def test_another_kind_takes_another_body_and_what_it_cannot_use_is_told() -> None:
    found = parse('like = "a100"\nkind = "cpu"\nblas_core = "Zen"\nsmem_kib = 64\n')
    assert found.body == Cpu("Zen")
    assert found.calibrations == ()
    assert parse('like = "tpu-v1"\ndataflow = "os"\n').body == Systolic(
        (256, 256), "os", double_buffered=True
    )
    by_name = {figure.name: figure.value for figure in figures_of(found)}
    assert by_name["shared memory"] == 64
    again = parse_device(dump(found), "mine", WHERE)
    assert (again.body, figures_of(again)) == (found.body, figures_of(found))


def test_texts_are_lines_with_an_end_and_what_is_written_is_read() -> None:
    lines = parse('like = "a100"\nabout = """\none\n  two\r\nthree\n"""\nsource = """\na\n\tb"""\n')
    assert (lines.about, lines.source) == ("one two three", "a b")
    for key in ("about", "source"):
        with pytest.raises(InputError, match=f"{key} must have at most 1\u202f000 characters"):
            parse(f'like = "a100"\n{key} = "{"x" * 1001}"\n')
    with pytest.raises(InputError, match="unit_name must have at most 60 characters, not 61"):
        parse(f'like = "a100"\nunit_name = "{"x" * 61}"\n')
    long = "y" * 2_000
    figures = (Figure("bandwidth", 2_000.5, "GB/s", "assumed", long),)
    fitted = replace(FITTED, source=long, remark=long)
    device = replace(read_device("a100"), about=long, source=long, calibrations=(fitted,))
    again = parse_device(dump(with_figures(device, figures)), "mine", WHERE)
    assert (again.about, again.source) == (long[:1_000], long[:1_000])
    assert again.bandwidth == 2000.5e9
