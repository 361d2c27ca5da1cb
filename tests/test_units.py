"""Quantities as text: exact examples, and properties over every float there is."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mmviz import units
from mmviz.units import THIN

anything = st.floats(allow_nan=True, allow_infinity=True)
finite = st.floats(allow_nan=False, allow_infinity=False)
LARGEST = 1.7976931348623157e308
SMALLEST = 5e-324


def spaced(text: str) -> str:
    """Narrow spaces written as _ so that the examples below can be read."""
    return text.replace(THIN, "_")


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1, "1.00"),
        (0.08412, "0.0841"),
        (97.04, "97.0"),
        (9.996, "10.0"),
        (999.4, "999"),
        (999.7, "1_000"),
        (1809.2, "1_809"),
        (1234567.0, "1_234_567"),
        (-1809.2, "-1_809"),
        (0.0001, "0.000100"),
        (0.00001, "1.00e-5"),
        (0.000099996, "0.000100"),
        (1e14, "100_000_000_000_000"),
        (1e15, "1.00e15"),
        (-2.5e300, "-2.50e300"),
        (LARGEST, "1.80e308"),
        (SMALLEST, "4.94e-324"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "?"),
    ],
)
def test_significant_digits(x: float, expected: str) -> None:
    assert spaced(units.sig(x)) == expected


@pytest.mark.parametrize(
    ("digits", "expected"), [(1, "0.08"), (2, "0.084"), (3, "0.0841"), (5, "0.084120")]
)
def test_as_many_digits_as_asked(digits: int, expected: str) -> None:
    assert units.sig(0.08412, digits) == expected


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, "0"), (999, "999"), (1000, "1_000"), (16_777_216, "16_777_216"), (-4096, "-4_096")],
)
def test_digits_in_groups(n: int, expected: str) -> None:
    assert spaced(units.group(n)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (units.shape(128, 1000, 4096), "128 × 1_000 × 4_096"),
        (units.flop(68.7e9), "68.7 GFLOP"),
        (units.flop(12), "12 FLOP"),
        (units.flop(999), "999 FLOP"),
        (units.flop(1000), "1.00 kFLOP"),
        (units.flop(999_600), "1.00 MFLOP"),
        (units.flop(999_400), "999 kFLOP"),
        (units.flop(0), "0 FLOP"),
        (units.flop(3e18), "3_000 PFLOP"),
        (units.rate(912.3e9), "912 GFLOP/s"),
        (units.rate(0.5), "0.500 FLOP/s"),
        (units.size(117e6), "117 MB"),
        (units.joules(1.306e-3), "1.31 mJ"),
        (units.joules(0.9999), "1.00 J"),
        (units.joules(2e-12), "0.00200 nJ"),
        (units.joules(0.0), "0 J"),
        (units.joules(12_300.0), "12.3 kJ"),
        (units.size(-117e6), "-117 MB"),
        (units.count(58_631_144), "58.6 M"),
        (units.count(9999), "9_999"),
        (units.count(10_000), "10.0 k"),
        (units.count(0.25), "0.250"),
        (units.count(math.inf), "∞ P"),
        (units.percent(0.97), "97.0 %"),
        (units.percent(0), "0 %"),
        (units.ratio(255.2), "255 ×"),
    ],
)
def test_quantities(text: str, expected: str) -> None:
    assert spaced(text) == expected


@pytest.mark.parametrize(
    ("t", "expected"),
    [
        (0, "0 s"),
        (4.2e-10, "0.420 ns"),
        (1e-9, "1.00 ns"),
        (0.000190, "190 µs"),
        (0.00099951, "1.00 ms"),
        (0.0124, "12.4 ms"),
        (1, "1.00 s"),
        (119.4, "119 s"),
        (120, "2.00 min"),
        (7_200, "2.00 h"),
        (172_800, "2.00 d"),
        (math.inf, "∞ d"),
        (math.nan, "? s"),
    ],
)
def test_durations(t: float, expected: str) -> None:
    assert units.seconds(t) == expected


@given(anything, st.integers(1, 9))
@example(LARGEST, 3)
@example(SMALLEST, 3)
def test_no_float_breaks_a_number(x: float, digits: int) -> None:
    text = units.sig(x, digits)
    assert re.fullmatch(r"-?[\d\u202f]+(\.\d+)?(e-?\d+)?|−?∞|\?", text), text


@given(anything)
@example(LARGEST)
@example(-LARGEST)
@example(SMALLEST)
def test_no_float_breaks_a_quantity(x: float) -> None:
    for name in ("flop", "rate", "size", "joules", "count", "seconds", "percent", "ratio"):
        text = getattr(units, name)(x)
        assert text == text.strip()
        assert "nan" not in text
        assert "inf" not in text


@given(finite, st.integers(1, 9))
def test_never_more_digits_than_needed(x: float, digits: int) -> None:
    """Beyond the decimal point never more than asked for; before it, only what grouping needs."""
    text = units.sig(x, digits).partition("e")[0]
    whole, _, decimals = text.lstrip("-").replace(THIN, "").partition(".")
    significant = (whole + decimals).lstrip("0")
    assert len(significant) <= (max(digits, len(whole)) if not decimals else digits)
    assert len(whole) <= 15


@given(finite.filter(bool), st.integers(1, 9))
def test_the_text_says_what_the_number_is(x: float, digits: int) -> None:
    back = float(units.sig(x, digits).replace(THIN, ""))
    if math.isfinite(back):  # the largest float rounds up beyond itself
        assert math.isclose(back, x, rel_tol=0.500001 * 10.0 ** (1 - digits), abs_tol=SMALLEST)


@given(st.integers(-(10**18), 10**18))
def test_groups_hold_three_digits(n: int) -> None:
    first, *rest = units.group(n).lstrip("-").split(THIN)
    assert 1 <= len(first) <= 3
    assert all(len(part) == 3 for part in rest)
    assert int(units.group(n).replace(THIN, "")) == n


@given(st.floats(1e-12, 1e6))
def test_a_duration_keeps_its_value(t: float) -> None:
    number, unit = units.seconds(t).split(" ")
    factor = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86_400}[unit]
    assert math.isclose(float(number.replace(THIN, "")) * factor, t, rel_tol=0.00501)


@given(st.floats(1e-3, 1e20))
def test_a_prefix_keeps_the_number_readable(x: float) -> None:
    match = re.fullmatch(r"([\d.\u202f]+) ([kMGTP]?)FLOP", units.flop(x))
    assert match
    power = " kMGTP".index(match[2] or " ")
    assert math.isclose(float(match[1].replace(THIN, "")) * 1000.0**power, x, rel_tol=0.00501)
    assert power in (0, 5) or 1 <= float(match[1].replace(THIN, "")) < 1000


def test_how_often_says_nothing_for_once() -> None:
    assert [units.times(n) for n in (1, 12, 8192)] == ["", "×12", f"×8{THIN}192"]


def test_errors_have_two_digits() -> None:
    assert units.plus_minus(0.0594) == "± 5.9 %"
    assert units.plus_minus(0.132) == "± 13 %"
