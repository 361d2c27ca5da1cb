"""Races that are ready made, and the one a race opens on: each is worth seeing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from races import GPU, preset

from mmviz.core.shapes.network import MAX_COUNT
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.state.first import first_session
from mmviz.state.race.opening import opening
from mmviz.state.race.race import resolve_race
from mmviz.state.race.ready_made import (
    batch_pair,
    one_more_race,
    read_tile,
    ready_made,
    wave_pair,
)


@pytest.mark.parametrize(
    ("batch", "pair"), [(128, (127, 128)), (127, (127, 128)), (129, (129, 192)), (64, (63, 64))]
)
def test_the_batch_and_its_next_whole_one(batch: int, pair: tuple[int, int]) -> None:
    session = preset("alexnet", device="a100", batch=batch, tile=(64, 64))
    assert batch_pair(session) == pair


def test_the_smallest_and_the_largest_batch_have_a_race() -> None:
    lanes = preset("one-neuron", device="lanes-16", batch=1)
    assert batch_pair(lanes) == (1, 2)
    largest = preset("one-neuron", device="a100", batch=MAX_COUNT)
    race = one_more_race(largest)
    assert (race.left.batch, race.right.batch) == (MAX_COUNT - 1, MAX_COUNT)


@pytest.mark.parametrize("device", ["a100", "this-machine", "lanes-16", "lane-1"])
@pytest.mark.parametrize("batch", [1, 64, 100])
def test_every_ready_made_race_can_be_run(device: str, batch: int) -> None:
    session = preset("mlp", device=device, batch=batch)
    found = ready_made(session)
    assert len({setup.name for setup in found}) == len(found)
    for setup in found:
        derived = resolve_race(setup.make(session))
        assert derived.axis is not None
        assert str(derived.verdict).endswith(".")


def test_swizzle_and_tiles_are_raced_only_where_there_are_any() -> None:
    names = {
        device: " ".join(str(made.name) for made in ready_made(preset("mlp", device=device)))
        for device in ("a100", "lanes-16")
    }
    assert "swizzle" in names["a100"]
    assert "swizzle" not in names["lanes-16"]
    assert "tile" not in names["lanes-16"]


def test_tiles_as_they_are_typed() -> None:
    assert read_tile("64x128") == (64, 128)
    assert read_tile(" 64 × 128 ") == (64, 128)
    assert read_tile("1\u202f024×1") == (1024, 1)
    assert read_tile("auto") is None
    assert read_tile("1,024x1e2") == (1024, 100)
    for wrong in ("64", "64x128x32", "tile"):
        with pytest.raises(InputError, match="a tile must look like 64 × 128"):
            read_tile(wrong)
    for wrong in ("64x", "x64", "-1x4", "2,5x4"):
        with pytest.raises(InputError, match="a tile must be a whole number"):
            read_tile(wrong)
    with pytest.raises(InputError):
        read_tile("0x4")
    with pytest.raises(InputError):
        read_tile("99999999x4")


DEVICES = ("this-machine", "a100", "rtx4090", "tpu-v3", "lanes-16", "lane-1", "systolic-8")


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", networks.preset_ids())
def test_the_race_it_opens_on_is_worth_seeing(name: str, device: str) -> None:
    """Left to itself, with tile and order automatic but where they are what is raced."""
    dtype = "float16" if device in ("a100", "rtx4090") else "float32"
    session = preset(name, device=device, dtype=dtype, tile=(64, 64), order="columns")
    found = opening(session)
    made, race = found.made, found.race
    derived = resolve_race(race)
    assert derived.axis is not None
    assert derived.axis.comparable
    left, right = derived.left.finish, derived.right.finish
    assert min(left, right) < 0.96 * max(left, right)
    assert "together" not in str(derived.verdict)
    assert "too close" not in str(derived.verdict).partition("The whole pass")[0]
    if made.about not in ("tiles", "orders"):
        assert {race.left.tile, race.right.tile} == {None}
        assert {race.left.order, race.right.order} == {""}
    if made.about == "one more":
        waves = [sum(leg.trace.waves for leg in side.legs) for side in derived.sides]
        assert waves[0] < waves[1]


def test_a_newcomers_first_race_is_decided() -> None:
    """What is too close to call of one product may be clear of the whole pass."""
    session = first_session()
    derived = resolve_race(opening(session).race)
    assert derived.ruling.decided
    assert derived.race.left.batch == session.batch
    assert derived.race.whole_pass or "too close" not in str(derived.verdict)


def test_the_last_batch_of_a_wave_and_the_next() -> None:
    """108 × 4 slots of 64 × 64; 64 columns of tiles: six rows of them fill no more than a wave."""
    session = preset("alexnet", device="a100", dtype="float16", edited=GPU, tile=(64, 64))
    assert wave_pair(replace(session, batch=100)) == (384, 385)
    assert wave_pair(replace(session, batch=384)) == (384, 385)
    assert wave_pair(replace(session, batch=385)) == (832, 833)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("batch", [64, 128])
def test_a_decided_race_of_other_machines_does_not_come_before_one_of_this(
    dtype: str, batch: int
) -> None:
    """This machine was not timed, so that nothing on it is decided; two GPUs would be."""
    session = preset("mlp", batch=batch, dtype=dtype, device="this-machine")
    race = opening(session).race
    assert "this-machine" in (race.left.device, race.right.device)
