"""Texts in lines: nothing lost, no line too wide, numbers with their units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtGui import QFontMetricsF

from mmviz.ui.look import fonts
from mmviz.ui.look.lines import in_lines

pytestmark = pytest.mark.usefixtures("qapp")
WORDS = st.lists(
    st.sampled_from(
        [
            "batch",
            "300",
            "±",
            "7.5",
            "%",
            "%,",
            "64",
            "×",
            "128",
            "·",
            "→",
            "ms.",
            "a",
            "k",
            "x" * 90,
        ]
    ),
    max_size=40,
)


@given(WORDS, st.integers(30, 700), st.booleans(), st.integers(0, 3))
def test_all_of_it_is_there_and_no_line_is_too_wide(
    words: list[str], width: int, parted: bool, indent: int
) -> None:
    text = " " * indent + " ".join(words)
    font = fonts.words()
    lines = in_lines(text, font, width, parted=parted)
    metrics = QFontMetricsF(font)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    widest = max(metrics.horizontalAdvance(letter) for letter in "m%×→")
    for line in lines:
        fits = metrics.horizontalAdvance(line) <= max(width, indent * 5 + widest) + 0.01
        assert fits, line


def test_a_number_stays_with_its_unit_and_an_arrow_with_both_ends() -> None:
    text = "left takes 42.2 µs ± 7.5 %, waves of all products 60 → 95; tile 64 × 128 of batch 300"
    for width in range(90, 700, 7):
        for line in in_lines(text, fonts.words(), width):
            assert line[0] not in "%×→·", line
            assert line.split()[-1] not in ("±", "×", "→", "batch", "42.2", "7.5"), line
            assert line.split()[0] not in ("µs", "95;", "128", "300"), line


def test_a_title_is_broken_between_its_parts() -> None:
    title = "AlexNet classifier · batch 2 049 · NVIDIA A100 SXM4 80 GB"
    found = in_lines(title, fonts.words(), 300, parted=True)
    assert found == ("AlexNet classifier · batch 2 049 ·", "NVIDIA A100 SXM4 80 GB")


def test_no_short_word_is_left_alone() -> None:
    text = "this is cut in parts along the dimension k"
    font = fonts.words()
    width = QFontMetricsF(font).horizontalAdvance(text) - 2
    assert in_lines(text, font, width)[-1] == "dimension k"


def test_lines_of_a_list_stay_indented() -> None:
    lines = in_lines("  batch 32 and something that needs two lines", fonts.words(), 160)
    assert len(lines) > 1
    assert all(line.startswith("  ") and line[2] != " " for line in lines)
