"""Expressions of a lesson: a closed grammar, whose numbers are what arithmetic says."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from walking import here_of, timed

from mmviz.errors import InputError
from mmviz.files.lessons.expressions import read_condition, read_expression, read_name
from mmviz.files.lessons.format import (
    Combined,
    Condition,
    Const,
    Moment,
    Named,
    Option,
    Search,
    Within,
)
from mmviz.files.lessons.shelf import read_folder, shipped_folder
from mmviz.files.lessons.tables import Place
from mmviz.state.facts import Facts
from mmviz.state.lessons.expressions import evaluate, holds, unit_of
from mmviz.state.lessons.guesses import Shown, near, read_number, the_right_one
from mmviz.state.lessons.here import Found, Here, NoData, Timing, Wanted, share_of
from mmviz.state.lessons.quantities.table import QUANTITIES
from mmviz.text import NOTHING
from mmviz.words.lessons import Spoken

PLACE = Place("x.toml")
SHELF = read_folder(shipped_folder(), "")
numbers = st.floats(-1e6, 1e6, allow_nan=False)
above = st.floats(1e-3, 1e6)


@pytest.fixture
def here() -> Here:
    """Two drawings through 784-10 on sixteen lanes."""
    return here_of(SHELF.find("lanes"), "cells")


@given(numbers, numbers)
def test_sums_differences_and_ratios(a: float, b: float) -> None:
    here = here_of(SHELF.find("lanes"), "cells")
    parts = (Const(a), Const(b))
    assert evaluate(Combined("sum", parts), here).value == a + b
    assert evaluate(Combined("difference", parts), here).value == a - b
    assume(b != 0)
    assert evaluate(Combined("ratio", parts), here).value == a / b


@given(numbers, numbers)
def test_of_two_numbers_one_relation_holds(a: float, b: float) -> None:
    here = here_of(SHELF.find("lanes"), "cells")
    held = {r for r in ("<", "=", ">") if holds(Condition(Const(a), r, (Const(b),)), here)}
    assert len(held) == 1
    assert holds(Condition(Const(a), "<=", (Const(b),)), here) == bool(held & {"<", "="})
    assert holds(Condition(Const(a), ">=", (Const(b),)), here) == bool(held & {">", "="})
    assert holds(Condition(Const(a), "!=", (Const(b),)), here) != ("=" in held)


@given(st.integers(1, 400), st.integers(1, 64), st.booleans())
def test_searching_one_by_one_and_by_halves_finds_the_same(
    wanted: int, most: int, least: bool
) -> None:
    here = here_of(SHELF.find("lanes"), "cells")
    where = Condition(Named("cells"), ">=" if least else "<=", (Const(wanted),))
    found = []
    for monotone in (True, False):
        search = Search("least" if least else "most", "batch", range(1, most + 1), where, monotone)
        try:
            found.append(evaluate(search, here).value)
        except NoData:
            found.append(None)
    expected = math.ceil(wanted / 10) if least else min(wanted // 10, most)
    assert found[0] == found[1] == (expected if 1 <= expected <= most else None)


def test_a_search_that_takes_too_long_ends(here: Here) -> None:
    ticks = iter(range(10_000))
    where = Condition(Named("cells"), "<", (Const(0),))
    search = Search("least", "batch", range(1, 4_000), where)
    with pytest.raises(NoData, match="takes too long"):
        evaluate(search, here, lambda: float(next(ticks)))


def test_what_has_to_be_timed_is_wished_for_together(here: Here) -> None:
    time = Named("p50", ("numpy",))
    where = Condition(time, "<=", (Const(1.0),))
    search = Search("most", "batch", (1, 4, 16), where)
    with pytest.raises(Wanted) as wanted:
        evaluate(search, here)
    wish = wanted.value.request
    assert isinstance(wish, Timing)
    assert set(wish.batches) == {1, 4, 16}
    assert wish.backends == ("numpy",)
    ratio = Combined("ratio", (Named("p50", ("loop",)), time))
    with pytest.raises(Wanted) as both:
        evaluate(ratio, here)
    assert isinstance(both.value.request, Timing)
    assert set(both.value.request.backends) == {"loop", "numpy"}
    known = Here(here.stage, timed(Facts(), wish))
    assert evaluate(search, known).value == 16
    assert evaluate(search, known).kind == "measured"


def test_a_batch_that_was_timed_too_little_does_not_count(here: Here) -> None:
    tail = Condition(Named("p99", ("numpy",)), "<=", (Const(1.0),))
    facts = Facts()
    for batch, samples in ((1, 30), (4, 30), (16, 5)):
        wish = Timing(here.timed, (batch,), ("numpy",))
        facts = timed(facts, wish, samples)
    known = Here(here.stage, facts)
    assert evaluate(Search("most", "batch", (1, 4, 16), tail), known).value == 4
    with pytest.raises(NoData, match="fewer than 20 passes"):
        evaluate(Search("most", "batch", (16, 16), tail), known)


def test_what_is_made_of_two_is_of_the_less_sure_kind(here: Here) -> None:
    assert evaluate(Named("cells"), here).kind == "computed"
    both = Combined("ratio", (Named("steps"), Named("cells")))
    assert evaluate(both, here).kind == "modelled"
    assert unit_of(both) == "ratio"
    assert unit_of(Named("pass_s")) == "s"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing", "no quantity is called 'nothing'"),
        ("cell[0]", "cell has 2 arguments in its brackets"),
        ("steps[1]", "steps stands without brackets"),
        ("p50", "p50 has 1 argument in its brackets"),
        ("cell[0,99]", "there is no cell 0, 99"),
        ("cell[a,b]", "is no number from 0"),
        ("wave_tiles[9]", "there is no wave 9"),
        ("m[fc8]", "no product is called 'fc8'"),
        ("cycles", "is no systolic array"),
        ("pass_s", "lanes have no clock"),
        ("p50[nobody]", "nobody"),
        ("accuracy[unseen]", "nothing is learnt in this session"),
        ("budget", "has no budget"),
    ],
)
def test_what_has_no_value_says_why(here: Here, name: str, said: str) -> None:
    with pytest.raises((NoData, InputError)) as error:
        evaluate(Named(*read_name(name, PLACE, "q")), here)
    assert said in str(error.value)


def test_a_name_has_arguments_in_brackets() -> None:
    assert read_name("b_of[(1,1),3]", PLACE, "q") == ("b_of", ("(1,1)", "3"))
    assert read_name("m[layer 1 wgrad]", PLACE, "q") == ("m", ("layer 1 wgrad",))


def test_no_code_is_read() -> None:
    for text in ("__import__('os')", "cells; cells", "cells()", "Cells", "cells.value"):
        with pytest.raises(InputError, match="is no name of a quantity"):
            read_expression({"q": text}, PLACE, "answer")
    assert read_expression("__import__('os')", PLACE, "answer") == Const("__import__('os')")


def test_a_condition_may_hold_of_every_product(here: Here) -> None:
    raw = {"q": "cells", "is": "<=", "value": 20, "every": "product"}
    assert holds(read_condition(raw, PLACE, "until"), here)
    deep = here.changed((("network", "784-64-10"),))
    assert not holds(read_condition(raw, PLACE, "until"), deep)


@given(above, above, st.floats(1.01, 10))
def test_a_factor_is_the_same_upwards_and_downwards(a: float, b: float, factor: float) -> None:
    within = Within("factor", factor)
    assert near(a, b, within) == near(b, a, within)
    assert near(a, a * factor * 0.999, within)
    assert not near(a, a * factor * 1.001, within)


@given(above, st.floats(0.01, 1))
def test_a_share_is_one_of_what_came_out(answer: float, share: float) -> None:
    within = Within("share", share)
    assert near(answer * (1 + share * 0.999), answer, within)
    assert not near(answer * (1 + share * 1.001), answer, within)


def test_ranges_that_touch_share_no_answer() -> None:
    low = Shown(0, Option(None, "low", (("en", "low"),), None, 2.0), None, Spoken(), NOTHING)
    high = Shown(1, Option(None, "high", (("en", "high"),), 2.0, None), None, Spoken(), NOTHING)
    for value, right in ((1.99, low), (2.0, high), (2.01, high), (-1e9, low), (1e9, high)):
        assert the_right_one((low, high), Found(value)) is right


@pytest.mark.parametrize(
    ("moment", "share"),
    [
        (Moment("share", 0.25), 0.25),
        (Moment("wave", 1), 0.5),  # of two waves of 784 steps
        (Moment("wave", 2), 1.0),
        (Moment("wave", 0), 1.0),
        (Moment("step", 3), 3 / 1568),
        (Moment("step", 0), 1.0),
    ],
)
def test_a_moment_is_where_a_wave_or_a_step_is_about_to_end(
    here: Here, moment: Moment, share: float
) -> None:
    found = share_of(moment, here.trace)
    assert found == pytest.approx(share, abs=1e-3)
    if moment.by == "wave" and moment.value == 1:
        frame = here.trace.at(found * here.trace.duration)
        assert (frame.wave, frame.computing, frame.done) == (1, 16, 0)


def test_decimals_are_those_that_are_written() -> None:
    within = Within("decimals", 2)
    assert near(1.39, 1.3900001, within)
    assert near(1.39, 1.394, within)
    assert not near(1.39, 1.396, within)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("26,7", "%", 0.267), ("27 %", "%", 0.27), ("33 ms", "s", 0.033), ("16 µs", "s", 16e-6),
     ("980", "", 980), ("1 024", "", 1024)],
)  # fmt: skip
def test_a_guess_is_typed_as_people_write_numbers(text: str, unit: str, value: float) -> None:
    assert read_number(text, unit).value == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "many", "1e999", "12 apples"])
def test_a_guess_that_is_no_number_is_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match="a guess must be a number"):
        read_number(text, "")


def test_every_quantity_is_told_of() -> None:
    for name, quantity in QUANTITIES.items():
        assert quantity.about, name
        assert 0 <= quantity.least <= quantity.most
