"""Editing a device: the file's figures with the changes laid over them, undone like any edit."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files import settings as files
from mmviz.files.devices import own_file, read_device, save_as
from mmviz.files.networks import read_preset
from mmviz.state import actions, settings
from mmviz.state.derived import derive
from mmviz.state.device.edit import (
    EDITABLE,
    Edits,
    back_to_file,
    edited_by,
    edits_of,
    own_name,
    rename,
    saved_as,
    set_figure,
)
from mmviz.state.device.views import EDITOR, EditorView, device_view
from mmviz.state.history import History
from mmviz.state.picture.selection import Selection
from mmviz.state.session import Session, device_of, open_file
from mmviz.state.settings import Settings
from mmviz.text import NOTHING, Text

A100 = Session(from_widths([4096, 1024]), batch=512, device="a100", dtype="float16")


def editor(session: Session) -> EditorView:
    return EDITOR.of(derive(session))


def row(session: Session, name: str) -> tuple[float | None, str]:
    found = next(row for row in editor(session).rows if row.name == name)
    return found.value, "no data" if found.note is None else str(found.note)


def test_a_figure_changes_what_is_modelled() -> None:
    fixed = replace(A100, tile=(64, 64))
    changed = set_figure(fixed, "units", 54)
    assert derive(changed).device.units == 54
    assert derive(changed).tiling.slots * 2 == derive(fixed).tiling.slots
    twice = set_figure(A100, "peak float16", 624)
    assert derive(twice).timeline.total < derive(A100).timeline.total


def test_it_is_named_as_changed_and_says_by_whom() -> None:
    changed = set_figure(A100, "bandwidth", 3000)
    device = device_of(changed)
    assert device.name == "NVIDIA A100 SXM4 80 GB (changed)"
    assert changed.device == device.id == "a100"
    figure = next(f for f in device.figures if f.name == "bandwidth")
    assert (figure.value, figure.status, figure.source) == (3000, "assumed", "changed by you")
    assert row(changed, "bandwidth") == (3000, "changed by you; file: 2\u202f039 GB/s")
    assert row(changed, "L2") == (40, "datasheet")


def test_set_back_by_hand_it_is_the_files_again() -> None:
    changed = set_figure(set_figure(A100, "bandwidth", 3000), "units", 54)
    assert set_figure(set_figure(changed, "units", 108), "bandwidth", 2039) == A100
    assert set_figure(A100, "bandwidth", 2039) == A100


def test_back_to_the_file_drops_every_change() -> None:
    changed = set_figure(set_figure(A100, "bandwidth", 3000), "L2", 80)
    assert back_to_file(changed) == A100
    assert back_to_file(A100) is A100


def test_a_figure_can_become_unknown_and_known() -> None:
    unknown = set_figure(A100, "launch", None)
    assert device_of(unknown).launch_s is None
    assert row(unknown, "launch") == (None, "changed by you; file: 4 µs")
    assert set_figure(unknown, "launch", 4.0) == A100
    priced = set_figure(A100, "price per hour", 2.5)
    assert row(priced, "price per hour") == (2.5, "changed by you; file: 2.79 USD")
    rtx = replace(A100, device="rtx5080")
    priced = set_figure(rtx, "price per hour", 2.5)
    assert device_of(priced).price_hour == 2.5
    assert row(priced, "price per hour") == (2.5, "changed by you; file: no data")
    assert row(rtx, "price per hour") == (None, "no data")


def test_unsound_figures_change_nothing() -> None:
    for name, value in (("units", None), ("units", 0.5), ("bandwidth", -1.0)):
        with pytest.raises(InputError):
            set_figure(A100, name, value)


def test_its_name_can_be_changed() -> None:
    named = rename(A100, "  My A100 ")
    assert device_of(named).name == "My A100"
    changed = set_figure(named, "units", 54)
    assert device_of(changed).name == "My A100"
    assert device_of(set_figure(changed, "units", 108)).name == "My A100"
    assert rename(named, "NVIDIA A100 SXM4 80 GB") == A100
    with pytest.raises(InputError, match="the name of a device is one line"):
        rename(A100, "\n")


def test_another_device_lets_go_of_the_changes() -> None:
    changed = set_figure(A100, "units", 54)
    assert actions.set_device(changed, "h100").edited is None
    assert actions.set_device(changed, "a100").edited is None


def test_another_network_keeps_the_changed_device() -> None:
    changed = set_figure(A100, "units", 54)
    assert open_file(read_preset("alexnet"), changed).edited == changed.edited
    assert open_file(read_preset("two-by-two"), changed).edited is None  # which asks for lanes


def test_orders_are_those_of_the_changed_device() -> None:
    assert actions.set_order(set_figure(A100, "units", 54), "swizzle-8").order == "swizzle-8"


def test_nothing_stays_selected() -> None:
    picked = actions.select(A100, Selection("unit", 107))
    assert set_figure(picked, "units", 54).selection is None


def test_it_can_be_undone() -> None:
    history = History(A100).edit(set_figure(A100, "units", 54))
    assert history.undo().now == A100


def test_rows_follow_the_devices_words() -> None:
    labels = [str(row.label) for row in editor(A100).rows]
    assert labels[0] == "SMs"
    assert len(labels) == len(EDITABLE)
    assert str(editor(replace(A100, device="mi300x")).rows[0].label) == "CUs"


def test_saved_it_is_a_device_like_others() -> None:
    changed = replace(set_figure(A100, "units", 54), tile=(64, 64))
    name = own_name(device_of(changed))
    assert name == "nvidia-a100-sxm4-80-gb-changed"
    session = saved_as(changed, save_as(device_of(changed), own_file(name)))
    assert (session.device, session.edited, session.tile) == (name, None, (64, 64))
    assert derive(session).device.units == 54
    assert row(session, "units") == (54, "assumed")


@pytest.mark.parametrize(
    "name",
    ["İ" * 60, "../../x", "-rf", "💥", "<b>&", "名前", "x.toml", "C:\\x", "ﬃ" * 60],
)
def test_whatever_it_is_called_the_name_of_its_file_is_one(name: str) -> None:
    device = replace(device_of(A100), name=name)
    saved = save_as(device, own_file(own_name(device)))
    assert read_device(saved).name == name


def test_a_long_name_stays_within_bounds() -> None:
    own_file("x").parent.mkdir(parents=True)
    own_file("x").write_text(f'like = "a100"\nname = "{"n" * 60}"\n')
    changed = set_figure(replace(A100, device="x"), "units", 54)
    assert len(device_of(changed).name) == 60
    assert device_of(set_figure(changed, "units", 108)).name == "n" * 60
    assert read_device(save_as(device_of(changed), own_file("y"))).units == 54


def test_a_file_that_has_gone_leaves_the_changed_device() -> None:
    own_file("x").parent.mkdir(parents=True)
    own_file("x").write_text('like = "a100"\n')
    changed = set_figure(replace(A100, device="x"), "units", 54)
    own_file("x").unlink()
    assert derive(changed).device.units == 54
    assert row(changed, "units")[0] == 54


def test_it_is_remembered() -> None:
    changed = set_figure(A100, "units", 54)
    settings.save(Settings(session=changed))
    loaded, lost = settings.load()
    assert lost == NOTHING
    assert loaded.session is not None
    assert (loaded.session.device, device_of(loaded.session).units) == ("a100", 54)
    assert row(loaded.session, "units") == (54, "changed by you; file: 108")
    assert set_figure(loaded.session, "units", 108).edited is None


def test_what_is_no_device_any_more_is_lost_in_a_sentence() -> None:
    settings.save(Settings(session=set_figure(A100, "units", 54)))
    text = files.place().read_text()
    for wrong, why in (
        ("units = -54", "units of device 'a100' must be a number above 0"),
        ("abacus = 54", "unknown figure 'abacus'"),
    ):
        files.place().write_text(text.replace("units = 54", wrong))
        loaded, lost = settings.load()
        assert loaded.session is None
        assert f"the last session could not be opened again: {why}" in str(lost)


def test_it_is_remembered_where_its_file_is_gone() -> None:
    own_file("x").parent.mkdir(parents=True)
    own_file("x").write_text('like = "a100"\n')
    changed = set_figure(replace(A100, device="x"), "units", 54)
    own_file("x").unlink()
    settings.save(Settings(session=changed))
    loaded, lost = settings.load()
    assert (lost, loaded.session is not None) == (NOTHING, True)
    before, after = device_of(changed), device_of(loaded.session)
    assert (after.name, after.units, after.peaks) == (before.name, 54, before.peaks)
    assert after.calibrations == before.calibrations
    assert row(loaded.session, "units") == row(changed, "units")


def test_the_order_of_changes_does_not_matter() -> None:
    one = set_figure(set_figure(set_figure(A100, "units", 54), "L2", 20), "bandwidth", None)
    other = set_figure(set_figure(set_figure(A100, "bandwidth", None), "L2", 20), "units", 54)
    assert one == other
    back = edited_by(A100, edits_of(one) or Edits())
    assert back == one
    assert edits_of(A100) == Edits()


def test_a_button_has_a_name_for_every_room() -> None:
    changed = device_of(set_figure(A100, "units", 54))
    assert [str(name) for name in device_view("a100", changed).names] == [
        "NVIDIA A100 SXM4 80 GB (changed)",
        "A100 SXM4 80 GB (changed)",
        "A100 SXM4 80 GB*",
    ]
    lane = read_device("lane-1")
    assert [str(name) for name in device_view("lane-1", lane).names] == [lane.name]
    here = device_view("this-machine", read_device("this-machine"))
    assert here.names == (Text("This machine"),)  # said in every language


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are text there")
def test_a_file_whose_name_is_no_text_is_remembered_and_saved(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/half \xff.toml")
    Path(path).write_text('kind = "gpu"\nname = "x"\nunits = 4\n')
    plain = replace(A100, device=path)
    for session in (plain, set_figure(plain, "units", 9)):
        settings.save(Settings(session=session))
        assert settings.load() == (Settings(session=session), NOTHING)
        save_as(device_of(session), path)
        assert read_device(path).units == device_of(session).units
    text = files.place().read_text()
    for wrong in ('device_bytes = "x"', 'device_bytes = "2e2f"'):
        files.place().write_text(re.sub('device_bytes = ".*"', wrong, text))
        loaded, lost = settings.load()
        assert loaded.session is None
        assert "the last session could not be opened again: " in str(lost)
