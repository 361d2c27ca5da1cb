"""A file is written whole or not at all, and nothing is left lying about."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nobody import as_nobody

from mmviz.errors import InputError
from mmviz.files.atomic import check, clean, replacing, write_bytes

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="permissions and links as POSIX has them"
)


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "out.csv"
    file.write_bytes(b"old")
    return file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def fail_halfway(target: Path, error: BaseException) -> None:
    with replacing(target) as temporary:
        temporary.write_bytes(b"half")
        raise error


def test_a_new_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    write_bytes(tmp_path / "new.csv", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]
    assert (tmp_path / "new.csv").read_bytes() == b"data"


def test_an_old_file_is_replaced(old: Path) -> None:
    write_bytes(str(old), b"new")
    assert old.read_bytes() == b"new"
    assert list(old.parent.iterdir()) == [old]


def test_the_old_file_is_whole_until_the_end(old: Path) -> None:
    with replacing(old) as temporary:
        temporary.write_bytes(b"half")
        assert old.read_bytes() == b"old"
        assert temporary.parent == old.parent
        assert temporary.suffix == ".csv"
    assert old.read_bytes() == b"half"


@pytest.mark.parametrize("error", [RuntimeError("painter"), KeyboardInterrupt(), InputError("bad")])
def test_a_failure_leaves_the_old_file_and_passes_through(old: Path, error: BaseException) -> None:
    with pytest.raises(type(error)) as caught:
        fail_halfway(old, error)
    assert caught.value is error
    assert old.read_bytes() == b"old"
    assert list(old.parent.iterdir()) == [old]


def test_a_full_disk_is_one_sentence(old: Path) -> None:
    with pytest.raises(InputError) as caught:
        fail_halfway(old, OSError(28, "No space left on device", "somewhere"))
    assert str(caught.value) == f"cannot write {old}: No space left on device"
    assert old.read_bytes() == b"old"
    assert list(old.parent.iterdir()) == [old]


def test_a_failing_rename_leaves_the_old_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(InputError, match=r"cannot write .*out\.csv: Permission denied"):
        write_bytes(old, b"new")
    assert old.read_bytes() == b"old"
    assert list(old.parent.iterdir()) == [old]


def test_a_writer_that_removes_its_file_is_a_failure(old: Path) -> None:
    with pytest.raises(InputError, match="No such file"), replacing(old) as temporary:
        temporary.unlink()
    assert old.read_bytes() == b"old"


def test_a_folder_is_no_target(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_bytes(tmp_path, b"")
    assert str(caught.value) == f"cannot write {tmp_path}: it is a folder"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_bytes(tmp_path / "no" / "where" / "out.csv", b"")
    missing = tmp_path / "no" / "where"
    assert str(caught.value) == f"cannot write {missing / 'out.csv'}: there is no folder {missing}"
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_folder(old: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write_bytes(old / "below.csv", b"")


@posix
def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere, so that the refusal is played where we are root."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() == 0:

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(InputError) as caught:
        write_bytes(closed / "out.csv", b"")
    assert str(caught.value) == f"cannot write {closed / 'out.csv'}: Permission denied"


@posix
def test_a_write_protected_file_is_respected(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old.chmod(0o400)
    if os.geteuid() == 0:
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match=r"out\.csv: it is write-protected"):
        write_bytes(old, b"new")
    assert old.read_bytes() == b"old"


@posix
def test_a_device_is_never_renamed_away(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="it is no regular file"):
        write_bytes(pipe, b"new")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("name", ["a\0b.csv", "\ud800.csv"])
def test_a_name_no_file_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write_bytes(tmp_path / name, b"")


@posix
@pytest.mark.parametrize(
    "name",
    ["n" * 251 + ".csv", "é" * 125 + ".csv", "n." + "s" * 253, "." + "h" * 254, "𝄞" * 63],
    ids=["stem", "two-byte", "suffix", "hidden", "four-byte"],
)
def test_the_longest_name_there_can_be(tmp_path: Path, name: str) -> None:
    assert 250 <= len(name.encode()) <= 255
    write_bytes(tmp_path / name, b"data")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@posix
def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="File name too long"):
        write_bytes(tmp_path / ("n" * 256), b"data")
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    write_bytes(tmp_path / "new", b"")
    assert mode(tmp_path / "new") == 0o644


@posix
@pytest.mark.parametrize("permissions", [0o600, 0o664, 0o755])
def test_an_old_file_keeps_its_permissions(old: Path, permissions: int) -> None:
    old.chmod(permissions)
    write_bytes(old, b"new")
    assert (mode(old), old.read_bytes()) == (permissions, b"new")


@posix
def test_a_link_stays_a_link(tmp_path: Path, old: Path) -> None:
    link = tmp_path / "elsewhere" / "link.csv"
    link.parent.mkdir()
    link.symlink_to(Path("..") / "out.csv")
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert old.read_bytes() == b"new"
    assert list(link.parent.iterdir()) == [link]


@posix
def test_a_link_to_nothing_makes_the_file_it_means(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to("later.csv")
    write_bytes(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "later.csv").read_bytes() == b"new"


@posix
def test_a_link_into_no_folder_names_the_one_that_is_missing(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "gone" / "out.csv")
    with pytest.raises(InputError, match=rf"there is no folder {tmp_path / 'gone'}$"):
        write_bytes(link, b"")


@posix
def test_a_link_to_a_folder_is_a_folder(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(InputError, match="it is a folder"):
        write_bytes(link, b"")


def test_a_relative_name_belongs_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_bytes("here.csv", b"data")
    assert (tmp_path / "here.csv").read_bytes() == b"data"


KILLED = """
import os, signal, sys
from mmviz.files.atomic import replacing
with replacing(sys.argv[1]) as temporary:
    temporary.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
def test_what_a_killed_writer_left_is_cleaned(old: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(old)], check=False)
    assert done.returncode == -9
    assert len(list(old.parent.iterdir())) == 2
    clean(old.parent)
    assert list(old.parent.iterdir()) == [old]
    assert old.read_bytes() == b"old"


def test_only_what_is_left_and_ours_is_cleaned(tmp_path: Path) -> None:
    """Not what is being written, not what is called otherwise, not a folder."""
    stays = [
        ".bashrc",
        "out-12345678.csv",
        ".out-1234567.csv",
        ".out-1-12345678.a.b",
        ".x-1-0000000g",
    ]
    for name in stays:
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (0, 0))
    (tmp_path / ".folder-400000000-12345678").mkdir()
    (tmp_path / ".without-12345678.toml").write_bytes(b"")  # whose it is is not known: too young
    old = tmp_path / ".without-87654321.toml"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    with replacing(tmp_path / "now.csv") as temporary:
        before = set(tmp_path.iterdir())
        clean(tmp_path)
        assert temporary.exists()
    assert before - set(tmp_path.iterdir()) == {old, temporary}
    clean(tmp_path / "gone")  # nothing to do, nothing to say


@posix
def test_a_folder_that_cannot_be_made_is_said_before_the_work() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o777)
        (folder / "shut").mkdir(0)
        (folder / "file").touch()
        check(folder / "new" / "newer" / "name", folder_made=True)
        check(folder / "name", folder_made=True)
        with as_nobody():
            for inside in ("shut/name", "shut/new/name"):
                with pytest.raises(InputError, match="cannot write"):
                    check(folder / inside, folder_made=True)
        with pytest.raises(InputError, match="file is no folder"):
            check(folder / "file" / "name", folder_made=True)
        with pytest.raises(InputError, match="there is no folder"):
            check(folder / "new" / "name")
        assert sorted(path.name for path in folder.iterdir()) == ["file", "shut"]
