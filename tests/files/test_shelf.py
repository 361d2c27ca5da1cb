"""Recordings at hand: kept newest first, listed without their tiles, never too many."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from recordings import FOUR, product, recording

from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.files.recordings import npz, shelf
from mmviz.files.recordings.shelf import KeptRecording, forget, keep, kept
from mmviz.text import N_, Text

OF = product(300, 200, 100)


def made(when: float | None = 1.7e9, seed: int = 0) -> Recording:
    return recording(OF, FOUR, when=when, seed=seed)


def test_what_is_kept_is_listed_newest_first_with_what_it_says(user_folders: Path) -> None:
    assert kept() == ()
    old, new = keep(made(1.7e9)), keep(replace(made(1.8e9), about=Text(N_("quiet"))))
    assert kept() == (new, old)
    assert old.path.is_relative_to(user_folders)
    assert (new.of.workload, new.when, new.tiles, new.tiles_run) == (OF, 1.8e9, 20, 20)
    assert (new.units, new.order_only, new.modelled, new.shipped) == (4, False, False, False)
    assert str(new.about) == "quiet"
    assert npz.as_bytes(new.read()) == new.path.read_bytes()


def test_one_without_a_moment_is_kept_as_of_now() -> None:
    first, now = keep(made(1.7e9)), keep(made(None))
    assert kept() == (now, first)
    assert now.when is None


def test_what_cannot_be_read_is_left_out_and_stays() -> None:
    one = keep(made())
    broken = one.path.with_name("20990101-000000000000-00000000.npz")
    broken.write_bytes(one.path.read_bytes()[:500])
    other = one.path.with_name("mine.npz")
    other.write_bytes(b"not of this folder's making")
    assert kept() == (one,)
    assert broken.exists()
    assert other.exists()


def test_a_list_does_not_read_tiles() -> None:
    """A list of large ones is quick: what is cut off behind is found when it is looked at."""
    one = keep(made())
    data = bytearray(one.path.read_bytes())
    at = data.index(b"start.npy") + 60
    data[at : at + 8] = bytes(8)
    one.path.write_bytes(data)
    (listed,) = kept()
    with pytest.raises(InputError, match="cut off or was changed"):
        listed.read()


def test_the_oldest_go_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_KEPT", 3)
    every = [keep(made(1.7e9 + n, seed=n)) for n in range(5)]
    assert kept() == tuple(reversed(every[2:]))
    late = keep(made(1.0e9))
    assert late in kept(), "what was kept now never goes, however old it says it is"
    assert len(kept()) == 3


def test_the_oldest_go_where_they_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    size = keep(made()).path.stat().st_size
    monkeypatch.setattr(shelf, "MOST_BYTES", int(2.5 * size))
    for n in range(3):
        keep(made(1.8e9 + n))
    assert len(kept()) == 2


def test_one_is_forgotten_once() -> None:
    one = keep(made())
    forget(one)
    assert kept() == ()
    forget(one)  # another window may have been faster


def test_what_comes_with_mmviz_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "asset", lambda *_: tmp_path)
    npz.save(tmp_path / "b.npz", made())
    npz.save(tmp_path / "a.npz", made(1.6e9))
    found = shelf.shipped()
    assert [one.path.name for one in found] == ["a.npz", "b.npz"]
    assert all(one.shipped for one in found)
    assert found[0].read().shipped
    with pytest.raises(InputError, match=r"a\.npz comes with mmviz, and stays"):
        forget(found[0])
    assert found[0].path.exists()


def test_where_nothing_can_be_kept_it_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(shelf, "place", lambda: blocked / "recordings")
    with pytest.raises(InputError, match="cannot make the folder"):
        keep(made())
    assert kept() == ()


def test_what_is_known_of_one_is_a_value() -> None:
    one = keep(made())
    assert shelf.told(one.path) == one
    assert isinstance(one, KeptRecording)
