"""Several windows over one file of settings: none takes the place of another's work."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mmviz.errors import InputError
from mmviz.files import settings
from mmviz.files import window_files as window_files_module
from mmviz.files.settings import Stored, StoredSession
from mmviz.files.window_files import MOST_KEPT, WindowFiles


def of(batch: int, **more: object) -> Stored:
    """What a window would write whose session has this batch."""
    return Stored(theme="dark", session=StoredSession(preset="mlp", batch=batch, **more))  # type: ignore[arg-type]


def last() -> int:
    stored = settings.read(settings.place())
    assert stored is not None
    assert stored.session is not None
    return stored.session.batch


def kept_batches(window: WindowFiles) -> list[int]:
    found = []
    for kept in window.kept():
        stored = settings.read(kept.path)
        assert stored is not None
        assert stored.session is not None
        assert stored.theme == "system"  # the look is none of it
        found.append(stored.session.batch)
    return found


def opened(*, adopt: bool = True) -> WindowFiles:
    window = WindowFiles()
    window.begin()
    window.read()
    if adopt:
        window.adopt()
    return window


def test_one_window_alone_keeps_one_session() -> None:
    window = opened()
    for batch in range(5):
        window.write(of(batch), edited=True)
        assert last() == batch
    window.closed()
    later = opened()
    later.write(of(9), edited=True)
    assert later.kept() == ()
    assert last() == 9


@pytest.mark.parametrize("first_closed", [0, 1])
def test_two_windows_that_are_both_edited(first_closed: int) -> None:
    opened().write(of(1), edited=True)
    both = [opened(), opened()]
    both[0].write(of(10), edited=True)
    both[1].write(of(20), edited=True)
    both[0].write(of(11), edited=True)  # and again, by turns
    both[1].write(of(21), edited=True)
    assert last() == 21  # the last that was edited
    for window in (both[first_closed], both[1 - first_closed]):
        window.write(of(11 if window is both[0] else 21), edited=False)
        window.closed()
    assert last() == 21
    assert kept_batches(opened()) == [11]


def test_a_window_that_was_not_edited_leaves_the_other_ones_session() -> None:
    opened().write(of(1), edited=True)
    one, other = opened(), opened()
    one.write(of(2), edited=True)
    other.write(other_look(of(1)), edited=False)
    stored = settings.read(settings.place())
    assert stored is not None
    assert stored.theme == "light"  # its look counts all the same
    assert (last(), stored.window) == (2, one.id)
    one.closed()
    other.closed()
    assert opened().kept() == ()


def other_look(stored: Stored) -> Stored:
    return Stored(theme="light", session=stored.session)


def test_what_stems_from_a_session_may_take_its_place_and_what_does_not_keeps_it() -> None:
    before = opened()
    before.write(of(1), edited=True)
    before.closed()
    window = opened(adopt=False)  # such as one that was opened on a file
    window.write(of(5), edited=True)
    window.closed()
    assert last() == 5
    assert kept_batches(opened()) == [1]


def test_a_session_nobody_edited_is_no_work() -> None:
    opened().write(of(1, touched=False), edited=True)
    opened(adopt=False).write(of(5), edited=True)
    assert opened().kept() == ()


def test_what_is_only_looked_at_makes_no_other_session() -> None:
    opened().write(of(1), edited=True)
    one, other = opened(), opened()
    other.write(of(1, product=2, turned=True, colour_by="unit"), edited=False)
    one.write(of(2), edited=True)
    one.closed()
    other.closed()
    assert (last(), opened().kept()) == (2, ())


def test_a_window_whose_session_was_kept_and_is_edited_again_has_one_only() -> None:
    one, other = opened(), opened()
    one.write(of(1), edited=True)
    other.write(of(2), edited=True)
    assert (one.folder / f"{one.id}.toml").exists()
    assert one.kept() == ()  # its window is open
    one.write(of(3), edited=True)
    one.closed()
    other.closed()
    assert (last(), kept_batches(opened())) == (3, [2])


def test_the_file_of_another_program_is_set_aside() -> None:
    window = opened()
    window.write(of(1), edited=True)
    settings.place().write_bytes(b"\xff")
    window.write(of(2), edited=True)
    assert last() == 2
    aside = settings.place().with_name("settings-not-understood.toml")
    assert aside.read_bytes() == b"\xff"


def test_only_so_many_are_kept_and_the_oldest_go_first() -> None:
    for batch in range(MOST_KEPT + 3):
        window = opened(adopt=False)
        window.write(of(batch), edited=True)
        window.closed()
        for age, path in enumerate(sorted(window.folder.glob("*.toml"), key=os.path.getmtime)):
            os.utime(path, (age, age))
    assert kept_batches(opened()) == list(range(MOST_KEPT + 1, 1, -1))


def test_what_cannot_be_kept_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    opened().write(of(1), edited=True)
    window = opened(adopt=False)
    real = settings.write

    def full(stored: Stored, path: Path) -> None:
        if path.parent.name == "sessions":
            raise InputError("full")
        real(stored, path)

    monkeypatch.setattr(settings, "write", full)
    with pytest.raises(InputError, match="full"):
        window.write(of(2), edited=True)
    assert last() == 1


def test_an_id_from_elsewhere_is_no_path() -> None:
    settings.write(Stored(window="../../x", session=StoredSession(preset="mlp")), settings.place())
    opened(adopt=False).write(of(2), edited=True)
    assert [kept.window[:2] for kept in opened().kept()] == ["0-"]


def test_many_windows_at_once_lose_nothing() -> None:
    """Each ends with its own session in the one place or the other."""
    windows = [opened(adopt=False) for _ in range(6)]

    def work(number: int) -> None:
        for step in range(8):
            windows[number].write(of(100 * number + step + 1), edited=True)

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for window in windows:
        window.closed()
    assert sorted([last(), *kept_batches(opened())]) == [100 * number + 8 for number in range(6)]


def test_who_holds_the_lock_for_ever_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_files_module, "PATIENCE_S", 0.05)
    window = opened()
    window.write(of(1), edited=True)
    with (window.folder / "lock").open("ab") as held:
        assert window_files_module._locked(held.fileno())
        window.write(of(2), edited=True)
    assert last() == 2


DIES = """
import os, signal, sys
from mmviz.files.window_files import WindowFiles
window = WindowFiles()
print(window.begin(), flush=True)
if sys.argv[1] == "shown":
    window.shown()
if sys.argv[1] == "closed":
    window.closed()
os._exit(9)
"""


def die(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", DIES, how], capture_output=True, text=True, check=False
    )
    assert done.returncode == 9, done.stderr
    return int(done.stdout)


def test_a_process_that_ends_while_it_opens_makes_the_next_one_more_careful() -> None:
    assert [die("opening"), die("opening"), die("opening")] == [0, 1, 2]
    assert die("shown") == 3
    assert die("closed") == 0
    window = WindowFiles()
    assert window.begin() == 0
    assert [path.name for path in window.folder.glob("*.open")] == [f"{window.id}.open"]
    other = WindowFiles()
    assert other.begin() == 0  # the first is only opening still
    window.closed()
    other.closed()
    assert not list(window.folder.glob("*.open"))


def test_marks_that_say_nothing_are_put_away() -> None:
    window = WindowFiles()
    window.folder.mkdir(parents=True)
    for number, text in enumerate(("", "x y z", "1", "-1 0 0", "99999999999999 0 7", "1 nan 3")):
        (window.folder / f"{number}-00000000.open").write_text(text)
    (window.folder / "other.open").write_text("")
    assert window.begin() == 8
    assert len(list(window.folder.glob("*.open"))) == 2


def test_where_nothing_can_be_written_a_window_begins_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    window = WindowFiles(tmp_path / "file" / "settings.toml")
    assert window.begin() == 0
    window.shown()
    window.closed()
    assert window.kept() == ()
    with pytest.raises(InputError, match="cannot make the folder"):
        window.write(of(1), edited=True)
