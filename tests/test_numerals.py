"""What a person writes is read as that number, or a sentence comes; never as another number."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mmviz.errors import InputError
from mmviz.numerals import LONGEST, meanings, real, sides, whole

MOST = 16_777_216


def count(text: str) -> int | str:
    try:
        return whole(text, "B", MOST)
    except InputError as error:
        return str(error)


def figure(text: str, unit: str = "") -> float | str:
    try:
        return real(text, "S", "a number above 0", lambda x: 0 < x < 1e30, unit=unit)
    except InputError as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1024", 1024), (" 007 ", 7), ("+5", 5), ("1,024", 1024), ("1.024", 1024), ("1 024", 1024),
        ("1\u202f024", 1024), ("1\u00a0024", 1024), ("1\u2009024", 1024), ("1'024", 1024),
        ("1’024", 1024), ("1_024", 1024), ("1,000", 1000), ("100,000", 100_000),
        ("16\u202f777\u202f216", MOST), ("16.777.216", MOST), ("1,00,000", 100_000), ("1e3", 1000),
        ("1,5e3", 1500), ("1024.0", 1024), ("1024,0", 1024), ("１０２４", 1024), ("٣", 3),
        ("1,024.00", 1024), ("1.024,00", 1024), ("1.024e3", 1024),
    ],
)  # fmt: skip
def test_whole_numbers_as_people_write_them(text: str, value: int) -> None:
    assert count(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "0", "−1", "-1", "2,5", "1.5", "0,128", "1 5", "1,2,3", "1__0", "0x10", "2²", "½", "1e",
     "e3", "1/2", "16777217", "9" * 5000, "1e9999", "nan", "inf", "1,024 000", "1 2 3", "12 34",
     "\u200e5", "5,", ".", ",", "4k", "1\n2", "1\t2"],
)  # fmt: skip
def test_what_is_no_count_is_refused_in_a_sentence(text: str) -> None:
    said = count(text)
    assert isinstance(said, str)
    assert said.startswith("B must be a whole number from 1 to 16\u202f777\u202f216, not ")
    assert len(said) < 120


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,5", 2.5), ("2.5", 2.5), ("0,5", 0.5), (".5", 0.5), (",5", 0.5), ("5.", 5),
        ("2.039", 2.039), ("0,039", 0.039), ("2039", 2039), ("1.234,5", 1234.5),
        ("1,234.5", 1234.5), ("1 234,567", 1234.567), ("1,234,567", 1_234_567),
        ("1,5e-3", 0.0015), ("１,５", 1.5), ("3,1415", 3.1415), ("12345,678", 12345.678),
        ("٣٫٥", 3.5),
    ],
)  # fmt: skip
def test_figures_as_people_write_them(text: str, value: float) -> None:
    assert figure(text) == value


@pytest.mark.parametrize("text", ["2,039", "100,000", "1,000", "1,024e3"])
def test_where_a_comma_can_be_either_a_sentence_asks(text: str) -> None:
    said = figure(text)
    assert isinstance(said, str)
    assert said.startswith(f"S: '{text}' can mean ")
    one, other = said.partition(" can mean ")[2].partition(":")[0].split(" or ")
    assert figure(one) == float(one) != figure(other) == float(other)  # either can mean written


def test_a_count_asks_where_it_could_be_one_with_decimals() -> None:
    assert count("1.000") == "B: '1.000' can mean 1000 or 1: write the one you mean"
    with pytest.raises(InputError, match="can mean 1000 or 1"):
        whole("1,000", "B", MOST, strict=True)
    with pytest.raises(InputError, match="can mean 1024000 or 1024"):
        whole("1,024e3", "B", MOST)


def test_where_the_decimal_mark_is_known_nothing_is_asked() -> None:
    assert whole("1,000", "B", MOST, point=".", strict=True) == 1000
    assert whole("64.000", "B", MOST, point=".") == 64
    assert meanings("2,039", ",") == (Decimal("2.039"),)
    assert meanings("2,5", ".") == meanings("2.5", ",") == ()


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("2 s", "s", 2), ("500 ms", "s", 0.5), ("2,5s", "s", 2.5), ("2 TB/s", "GB/s", 2000),
     ("2039GB/s", "GB/s", 2039), ("40 MiB", "MiB", 40), ("0.5 GiB", "MiB", 512), ("4 µs", "µs", 4),
     ("1.41 GHz", "MHz", 1410)],
)  # fmt: skip
def test_the_unit_of_a_field_may_follow(text: str, unit: str, value: float) -> None:
    assert figure(text, unit) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["2 min", "2 gb/s", "2 GB", "2 Gb/s", "s", "2 s s", "2 s 5"])
def test_another_unit_is_refused(text: str) -> None:
    assert "must be" in str(figure(text, "GB/s"))


def test_sides_are_parted_by_any_sign_of_a_product() -> None:
    for text in ("96x64", "96 × 64", " 96X64 ", "96*64", "96  x 64"):
        assert sides(text) == ["96", "64"]


STYLES = [  # marks between thousands, decimal mark
    (group, point) for group in ("", ",", ".", "'", "’", "_", " ", "\u202f", "\u00a0")
    for point in (".", ",") if group != point
]  # fmt: skip


def written(value: Decimal, group: str, point: str) -> str:
    before, _, after = f"{value:,f}".partition(".")
    return before.replace(",", group) + (point + after if after else "")


@given(st.decimals(-(10**9), 10**9, places=3), st.integers(0, 3), st.sampled_from(STYLES))
def test_a_number_in_any_style_is_itself_or_asked_about(
    value: Decimal, places: int, style: tuple[str, str]
) -> None:
    value = round(value, places)
    text = written(value, *style)
    found = meanings(text)
    assert value in found
    try:
        read = real(text, "S", "any", lambda _: True)
    except InputError as error:
        assert " can mean " in str(error)  # noqa: PT017
    else:
        # A dot alone is a decimal point, which is said wherever a figure is shown.
        assert read == float(value) or (style[0] == "." and text.count(".") == 1)
    if value == value.to_integral_value() and places == 0:
        try:
            assert whole(text, "B", 10**9, -(10**9)) == value
        except InputError as error:
            assert " can mean " in str(error)  # noqa: PT017


@given(st.text(st.sampled_from("0123456789,.'_ +-−eE٣１²\u202f×x\n"), max_size=12))
def test_nothing_typed_ends_in_another_error(text: str) -> None:
    assert len(meanings(text)) <= 2
    for told in (count(text), figure(text), figure(text, "s")):
        assert told is not None


@given(st.text(max_size=20))
def test_what_python_reads_is_read_alike(text: str) -> None:
    try:
        python = Decimal(text)
    except ArithmeticError:
        return
    assume(python.is_finite() and abs(python.adjusted()) < 1000)
    found = meanings(text)
    assert not found or python in found


def test_a_pasted_book_is_refused_at_once() -> None:
    assert meanings("1" * (LONGEST + 1)) == ()
