"""What is said of a race: who is better, by what, and in which settings the sides differ."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from races import alexnet_on_it, plain, row

from mmviz.core.shapes.network import from_widths
from mmviz.state.race.race import Race, resolve_race
from mmviz.state.race.views import race_view, side_views
from mmviz.state.session import Session, device_of


def layers_of(batch: int, **changes: object) -> Session:
    """Two layers of a language model on a GPU whose errors are known."""
    network = from_widths([4096, 11008, 4096])
    session = Session(network, batch=batch, dtype="bfloat16", device="rtx4090")
    return replace(session, **changes)


def test_where_batches_differ_the_time_per_example_is_judged() -> None:
    """As many tiles of 64 × 64 compute 96 rows as 128: a pass takes as long, an example less."""
    derived = resolve_race(Race(layers_of(96), layers_of(128)))
    verdict = plain(derived.verdict)
    assert derived.ruling.decided
    assert re.match(r"Per example right takes 77\.\d % ± 4\.0 % of left's time, mostly", verdict)
    assert "Who finishes first is too close to call: left takes 112 µs ± 3.5 %" in verdict
    assert re.search(r"The whole pass, per example: right takes 77\.\d % ± \d\.\d %", verdict)
    each, time = row(derived, "per example"), row(derived, "time")
    assert (each.better, row(derived, "rate").better) == ("right", "right")
    assert float(each.left.removesuffix(" µs")) == pytest.approx(112 / 96, rel=0.01)
    assert time.better == "—", "of fewer examples less time is no gain"
    assert "see the time per example" in time.tip


def test_the_cause_is_one_of_the_difference_that_is_judged() -> None:
    """96 rows are padded to 128, which cannot be what makes an example of 192 take a third less."""
    said = plain(resolve_race(Race(layers_of(96), layers_of(192))).verdict)
    first = said.split(". ")[0]
    assert first.startswith("Per example right takes 63.")
    assert "mostly because its weights are read once for more examples" in first


BY = re.compile(r"mostly because .* \((\d+) % of the difference\)")


@settings(max_examples=80, deadline=None)
@given(
    devices=st.tuples(*[st.sampled_from(["rtx4090", "a100", "h100", "v100"])] * 2),
    dtypes=st.tuples(*[st.sampled_from(["float16", "float32"])] * 2),
    batches=st.tuples(*[st.sampled_from([1, 8, 96, 127, 128, 129, 192, 1000, 2048])] * 2),
    training=st.tuples(st.booleans(), st.booleans()),
    tile=st.sampled_from([None, (64, 64), (128, 128)]),
    whole=st.booleans(),
)
def test_a_cause_that_is_named_makes_most_of_the_difference(
    devices: tuple[str, str],
    dtypes: tuple[str, str],
    batches: tuple[int, int],
    training: tuple[bool, bool],
    tile: tuple[int, int] | None,
    whole: bool,
) -> None:
    """And it is one that the winner has: 'its peak is' says a larger one, 'less' is above 0."""
    left, right = (
        layers_of(b, device=d, dtype=t, training=train, tile=tile)
        for b, d, t, train in zip(batches, devices, dtypes, training, strict=True)
    )
    derived = resolve_race(Race(left, right, whole))
    said = plain(derived.verdict)
    for share in BY.findall(said):
        assert 50 <= int(share) <= 100
    for share in re.findall(r"it has (\S+) % less to compute", said):
        assert float(share) > 0
    for ours, theirs in re.findall(r"it has (\d+) products? to compute, \w+ (\d+)", said):
        assert int(ours) < int(theirs)
    if "its peak is" in said or "its memory moves" in said:
        amounts = re.search(
            r"(?:its peak is|its memory moves) (\S+) (\w)\S*, \w+'s (\S+) (\w)", said
        )
        assert amounts is not None
        ours, ours_unit, theirs, theirs_unit = amounts.groups()
        scale = {"G": 1, "T": 1000}
        assert float(ours) * scale[ours_unit] > float(theirs) * scale[theirs_unit]
    if "its weights are" in said.split(". ")[0]:
        assert derived.left.session.batch != derived.right.session.batch
        assert (devices[0], dtypes[0]) == (devices[1], dtypes[1])


@settings(max_examples=60, deadline=None)
@given(
    devices=st.tuples(
        *[st.sampled_from(["rtx4090", "a100", "h100", "this-machine", "tpu-v3"])] * 2
    ),
    batches=st.tuples(*[st.sampled_from([1, 96, 127, 128, 129, 192, 2048])] * 2),
    tile=st.sampled_from([None, (64, 64), (128, 128)]),
    training=st.booleans(),
    whole=st.booleans(),
)
def test_with_the_sides_changed_round_the_same_is_said(
    devices: tuple[str, str],
    batches: tuple[int, int],
    tile: tuple[int, int] | None,
    training: bool,
    whole: bool,
) -> None:
    """Who wins, too close to call and the cause do not hang on which side is the left one."""
    one, other = (
        layers_of(b, device=d, tile=tile, training=training)
        for b, d in zip(batches, devices, strict=True)
    )
    derived, turned = resolve_race(Race(one, other, whole)), resolve_race(Race(other, one, whole))
    assert derived.ruling.decided == turned.ruling.decided
    if derived.axis is None or not derived.axis.comparable:
        return  # both are named in their order
    names = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}
    mirrored = re.sub(r"left|right|Left|Right", lambda m: names[m[0]], plain(turned.verdict))
    both = r": right takes ([^,]+), left ([^,]+?)\.(?= |$)"  # named in the order they stand in
    assert plain(derived.verdict) == re.sub(both, r": left takes \2, right \1.", mirrored)


@pytest.mark.parametrize("device", ["this-machine", "tpu-v3"])
def test_steps_of_a_machine_are_no_time_that_a_verdict_could_rest_on(device: str) -> None:
    """Nobody knows its times in float32, however exactly steps and cycles are counted."""
    race = Race(*(layers_of(b, device=device, dtype="float32") for b in (128, 129)))
    derived = resolve_race(race)
    assert not derived.ruling.decided
    assert plain(derived.verdict).startswith("No verdict, since the error is unknown: by these")
    assert row(derived, "per example").why_none == "unknown"


@pytest.mark.parametrize("device", ["lanes-16", "systolic-8"])
def test_where_steps_are_all_there_is_they_decide(device: str) -> None:
    race = Race(*(layers_of(b, device=device, network=from_widths([30, 50, 20])) for b in (8, 9)))
    derived = resolve_race(race)
    assert derived.ruling.decided
    assert plain(derived.verdict).startswith("Per example ")


def test_a_forced_tile_is_named_and_does_not_turn_the_answer() -> None:
    """As it was seen: 96 in small tiles against 128 in large ones, told by the time of a pass."""
    race = Race(layers_of(96, tile=(64, 64)), layers_of(128, tile=(128, 128)))
    left, right = side_views(resolve_race(race))
    assert [str(text) for text in left.differs] == ["batch 96", "tile 64 × 64"]
    assert [str(text) for text in right.differs] == ["batch 128", "tile 128 × 128"]


def test_within_the_error_nobody_is_first() -> None:
    derived = resolve_race(Race(layers_of(127), layers_of(128)))
    assert not derived.ruling.decided
    assert plain(derived.verdict).startswith("Per example it is too close to call: left takes ")
    for label in ("per example", "rate"):
        line = row(derived, label)
        assert (line.better, line.why_none) == ("—", "too close")
        assert "which may be off by" in line.tip


def test_no_figure_of_unknown_error_is_called_better() -> None:
    derived = resolve_race(Race(layers_of(96, dtype="int8"), layers_of(128, dtype="int8")))
    assert not derived.ruling.decided
    assert plain(derived.verdict).startswith("No verdict, since the error is unknown: by these")
    assert row(derived, "per example").why_none == "unknown"


@settings(max_examples=60, deadline=None)
@given(
    batches=st.tuples(st.integers(1, 400), st.integers(1, 400)),
    tiles=st.tuples(*[st.sampled_from([None, (64, 64), (128, 128)])] * 2),
    whole=st.booleans(),
)
def test_what_is_called_better_is_so_beyond_the_error(
    batches: tuple[int, int], tiles: tuple[object, object], whole: bool
) -> None:
    sides = [layers_of(b, tile=tile) for b, tile in zip(batches, tiles, strict=True)]
    derived = resolve_race(Race(sides[0], sides[1], whole))
    costs = [sum(s.cost.predicted_s or 0 for s in side.products) for side in derived.sides]
    each = [cost / batch for cost, batch in zip(costs, batches, strict=True)]
    error = float(np.expm1(np.hypot(*(side.error or 0 for side in derived.sides))))
    clear = 1 - min(each) / max(each) > min(each) / max(each) * error
    assert derived.ruling.decided == clear
    if clear:
        name = "left" if each[0] < each[1] else "right"
        first = plain(derived.verdict).split(", mostly")[0].split(" of ")[0].lower()
        assert name in first
        label = "per example" if batches[0] != batches[1] else "time"
        assert row(derived, label).better == name


@pytest.mark.parametrize(
    ("changes", "left", "right"),
    [
        ({"device": "a100"}, ["RTX 4090"], ["A100 SXM4 80 GB"]),
        ({"dtype": "float16"}, ["bfloat16"], ["float16"]),
        ({"training": True}, ["inference"], ["training"]),
        ({"order": "swizzle-8"}, ["order rows"], ["order swizzle-8"]),
        ({"tile": (64, 64)}, ["tile automatic"], ["tile 64 × 64"]),
        (
            {"network": from_widths([4096, 11008, 4096, 8])},
            ["4096-11008-4096"],
            ["4096-11008-4096-8"],
        ),
        (
            {"network": replace(from_widths([4096, 11000, 4096]), name="4096-11008-4096")},
            ["layer 1 11 008 wide"],
            ["layer 1 11 000 wide"],
        ),
        ({"budget_s": 1.0}, [], []),
    ],
)
def test_every_setting_in_which_the_sides_differ_is_named(
    changes: dict[str, object], left: list[str], right: list[str]
) -> None:
    derived = resolve_race(Race(layers_of(96), layers_of(96, **changes)))
    views = side_views(derived)
    assert [[plain(text) for text in view.differs] for view in views] == [left, right]
    about = plain(race_view(derived, layers_of(96)).about).partition("On both sides: ")[2]
    shared = about.partition(".")[0]
    for name in (*left, *right):
        assert name not in shared.split(" · ")
    if not left:
        assert "batch 96" in shared


def test_one_device_as_edited_against_itself_is_told_apart() -> None:
    alexnet = alexnet_on_it()
    fast = replace(device_of(alexnet), peaks=(("float16", 999e12),))
    derived = resolve_race(Race(replace(alexnet, edited=None), replace(alexnet, edited=fast)))
    names = [[plain(text) for text in view.differs] for view in side_views(derived)]
    assert names[0] != names[1]


def test_a_pass_that_does_not_fit_races_nobody() -> None:
    large = layers_of(900_000, order="rows", tile=(256, 128))
    derived = resolve_race(Race(large, replace(large, device="h100")))
    said = plain(derived.verdict)
    assert said == "No race: NVIDIA RTX 4090: does not fit: 27.4 GB of 24.0 GB."
    assert not derived.ruling.decided
