"""The presets as they are offered: by level and size, the first one for who has never seen one."""

from __future__ import annotations

from dataclasses import replace

from mmviz.files.networks import preset_ids, read_preset
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.network.network import NETWORK
from mmviz.state.network.presets import LEVELS, preset_groups, size_of
from mmviz.state.session import open_file
from mmviz.state.top import TOP


def test_every_preset_is_offered_once_below_its_level() -> None:
    groups = preset_groups()
    assert [group.title.msgid for group in groups] == list(LEVELS.values())  # each level once
    offered = [entry.id for group in groups for entry in group.presets]
    assert tuple(offered) == preset_ids()
    for group in groups:
        for entry in group.presets:
            level = LEVELS[read_preset(entry.id).level]
            assert level == group.title.msgid


def test_a_size_is_widths_and_weights_or_rows_and_products() -> None:
    assert str(size_of(read_preset("alexnet").network)) == "9216-4096-4096-1000 · 58.6 M weights"
    assert str(size_of(read_preset("gpt2-small").network)) == "7 rows · 337 products"


def test_an_edited_preset_is_not_described_as_the_preset() -> None:
    preset = open_file(read_preset("alexnet"))
    edited = actions.set_units(preset, 0, 8)
    twice = actions.set_units(edited, 0, 16)
    for session in (edited, twice):
        derived = derive(session)
        for said in (NETWORK.of(derived).about, TOP.of(derived).tip):
            assert str(preset.about) not in str(said)
            assert preset.source not in str(said)
            assert "Begun as AlexNet classifier, edited since." in str(said)
    assert str(preset.about) in str(NETWORK.of(derive(preset)).about)


def test_a_description_of_the_users_own_stays() -> None:
    own = open_file(read_preset("alexnet"))
    own = replace(own, preset="", about="mine", source="me")
    assert (actions.set_units(own, 0, 8).about, actions.set_units(own, 0, 8).source) == (
        "mine",
        "me",
    )
