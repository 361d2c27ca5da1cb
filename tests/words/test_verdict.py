"""A verdict beside its figures: what is printed never denies what is said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.verdict import Figure, Verdict, judge
from mmviz.words.verdict import off, sentence, share

values = st.floats(1.0, 2.0)
errors = st.floats(1e-4, 0.5)


def percent(text: str) -> float:
    return float(text.removesuffix(" %").replace("\u202f", ""))


@given(st.builds(Figure, values, errors), st.builds(Figure, values, errors))
def test_figures_beside_a_verdict_never_deny_it(one: Figure, other: Figure) -> None:
    found = judge(one, other)
    if found.why_none == "even":
        return
    shown = percent(str(off(found)))
    apart = percent(str(share(found)).split(" ± ")[0])
    of_all = 100 - percent(f"{100 * found.share:.3g} %")  # as a race says it
    if found.better is None:
        assert apart <= shown + 1e-9
        assert of_all <= shown + 1e-9
        assert str(sentence(found)).endswith(f"which may be off by {off(found)}")
    else:
        assert apart >= shown - 1e-9
        assert of_all >= shown - 1e-9


def test_a_third_digit_where_two_would_deny_it() -> None:
    """12.6 % apart, which is more than 12.5 %, but not than 13 %."""
    assert str(share(Verdict(0, "", 0.874, 0.1255))) == "12.6 % ± 12.6 %"
    assert str(share(Verdict(0, "", 0.874, 0.1254))) == "12.6 % ± 12.5 %"
    assert str(share(Verdict(0, "", 0.874, 0.0639))) == "12.6 % ± 6.4 %"
    assert str(sentence(Verdict(None, "close", 0.876, 0.1241))).endswith("off by 12.4 %")


def test_an_error_beyond_the_figures_is_said_without_a_number() -> None:
    said = sentence(Verdict(None, "close", 0.97, 185.0))
    assert str(said) == (
        "too close to call: 3.00 % apart, with an error larger than the figures themselves"
    )
