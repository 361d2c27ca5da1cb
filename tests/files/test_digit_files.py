"""MNIST's own files and files of weights: read strictly, with one sentence for each fault."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files import idx, weights

NET = from_widths((4, 3, 2))


def put(folder: Path, part: str, pixels: bytes, labels: bytes, count: int, zipped: bool) -> None:
    images = struct.pack(">4I", 0x803, count, 28, 28) + pixels
    answers = struct.pack(">2I", 0x801, count) + labels
    for name, data in (("images-idx3", images), ("labels-idx1", answers)):
        path = folder / f"{part}-{name}-ubyte{'.gz' * zipped}"
        path.write_bytes(gzip.compress(data) if zipped else data)


@pytest.fixture(params=[False, True], ids=["plain", "gzip"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    for part, count in (("train", 3), ("t10k", 2)):
        put(
            tmp_path,
            part,
            bytes(784 * count - 1) + b"\xff",
            bytes(range(count)),
            count,
            request.param,
        )
    return tmp_path


def test_the_four_files_are_read(folder: Path) -> None:
    seen, unseen = idx.read_folder(folder)
    assert seen.x.shape == (3, 784)
    assert seen.labels.tolist() == [0, 1, 2]
    assert unseen.x.shape == (2, 784)
    assert unseen.x[1, -1] == 1.0
    assert unseen.x[0].max() == 0.0


def change(folder: Path, start: str, data: bytes | None) -> None:
    (path,) = folder.glob(f"{start}*")
    if data is None:
        path.unlink()
    else:
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


LABELS = "train-labels"
IMAGES = "train-images"


@pytest.mark.parametrize(
    ("start", "data", "said"),
    [
        (LABELS, None, "has no file train-labels-idx1-ubyte"),
        (LABELS, b"", "cut off or damaged"),
        (LABELS, struct.pack(">2I", 0x803, 3) + b"abc", "no idx file of labels"),
        (IMAGES, struct.pack(">4I", 7, 3, 28, 28), "no idx file of drawings"),
        (IMAGES, struct.pack(">4I", 0x803, 3, 28, 32), "drawings of 28 × 32 pixels"),
        (IMAGES, struct.pack(">4I", 0x803, 3, 28, 28) + bytes(9), "fewer bytes than it says"),
        (IMAGES, struct.pack(">4I", 0x803, 3, 28, 28) + bytes(784 * 3 + 1), "more bytes"),
        (IMAGES, struct.pack(">4I", 0x803, 2**31, 28, 28), "at most"),
        (IMAGES, struct.pack(">4I", 0x803, 0, 28, 28), "has no drawings at all"),
        (LABELS, struct.pack(">2I", 0x801, 0), "has no labels at all"),
        (LABELS, struct.pack(">2I", 0x801, 2) + b"\0\1", "2 labels for 3 drawings"),
        (LABELS, struct.pack(">2I", 0x801, 3) + b"\0\1\x0a", "has the label 10"),
    ],
)
def test_a_file_that_is_not_right_is_named(
    folder: Path, start: str, data: bytes | None, said: str
) -> None:
    change(folder, start, data)
    with pytest.raises(InputError, match=said):
        idx.read_folder(folder)


def test_more_drawings_than_memory_are_refused_before_they_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = SimpleNamespace(available=10_000)
    monkeypatch.setattr("mmviz.files.idx.psutil.virtual_memory", lambda: free)
    with pytest.raises(InputError, match=r"needs 39\.2 kB of memory, this .* 10\.0 kB free"):
        idx.read_folder(folder)


def test_the_memory_of_all_four_files_is_looked_at_before_the_first_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fits by itself."""
    free = SimpleNamespace(available=30_000)
    monkeypatch.setattr("mmviz.files.idx.psutil.virtual_memory", lambda: free)
    monkeypatch.setattr("mmviz.files.idx._read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(InputError, match=r"needs 39\.2 kB of memory, this .* 30\.0 kB free"):
        idx.read_folder(folder)


def test_a_gzip_that_was_cut_off_is_named(tmp_path: Path) -> None:
    for part in ("train", "t10k"):
        put(tmp_path, part, bytes(784), b"\0", 1, zipped=True)
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(InputError, match="cut off or damaged"):
        idx.read_folder(tmp_path)


def arrays() -> tuple[list[np.ndarray], list[np.ndarray]]:
    random = np.random.default_rng(1)
    shapes = ((4, 3), (3, 2))
    w = [random.standard_normal(shape).astype(np.float32) for shape in shapes]
    return w, [random.standard_normal(shape[1]).astype(np.float32) for shape in shapes]


def test_weights_come_back_to_the_last_bit(tmp_path: Path) -> None:
    w, b = arrays()
    weights.save(tmp_path / "w.npz", w, b)
    found = weights.read(tmp_path / "w.npz", NET)
    assert all(map(np.array_equal, found[0], w))
    assert all(map(np.array_equal, found[1], b))


def test_weights_of_another_library_may_be_in_columns(tmp_path: Path) -> None:
    w, b = arrays()
    np.savez(tmp_path / "w.npz", w1=np.asfortranarray(w[0]), b1=b[0], w2=w[1], b2=b[1])
    assert np.array_equal(weights.read(tmp_path / "w.npz", NET)[0][0], w[0])


def test_packed_weights_are_read_and_torn_ones_are_named(tmp_path: Path) -> None:
    """A byte that is lost in the middle of what is packed, or packed as NumPy never does."""
    path = tmp_path / "w.npz"
    w, b = arrays()
    named = {"w1": w[0], "b1": b[0], "w2": w[1], "b2": b[1]}
    np.savez_compressed(path, **named)
    data = path.read_bytes()
    assert np.array_equal(weights.read(path, NET)[0][0], w[0])
    refused = 0
    places = range(0, len(data), 3)
    for at in places:
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        try:
            weights.read(path, NET)
        except InputError:
            refused += 1
    assert refused > len(places) / 2, "the rest are names and dates, which nobody reads"
    np.savez(path, **named)
    with zipfile.ZipFile(path) as plain, zipfile.ZipFile(tmp_path / "b.npz", "w", 12) as bzip:
        for name in plain.namelist():
            bzip.writestr(name, plain.read(name))
    with pytest.raises(InputError, match="is no file of weights"):
        weights.read(tmp_path / "b.npz", NET)


def test_what_unfolds_to_much_more_is_not_unfolded(tmp_path: Path) -> None:
    """A header that promises little, and a file that holds gigabytes of zeros behind it."""
    header = BytesIO()
    np.lib.format.write_array(header, np.zeros((4, 3), np.float32))
    path = tmp_path / "w.npz"
    w, b = arrays()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in (("b1", b[0]), ("w2", w[1]), ("b2", b[1])):
            one = BytesIO()
            np.lib.format.write_array(one, array)
            archive.writestr(f"{name}.npy", one.getvalue())
        archive.writestr("w1.npy", header.getvalue() + bytes(100_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="is no file of weights"):
            weights.read(path, NET)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_weights_that_are_none_of_this_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    w, b = arrays()
    weights.save(path, w, b)
    with pytest.raises(InputError, match="another network than 4-3-3"):
        weights.read(path, from_widths((4, 3, 3)))
    np.savez(path, w1=w[0])
    with pytest.raises(InputError, match="another network"):
        weights.read(path, NET)
    np.savez(path, w1=w[0].astype(np.float64), b1=b[0], w2=w[1], b2=b[1])
    with pytest.raises(InputError, match="another network"):
        weights.read(path, NET)
    w[0][0, 0] = np.nan
    weights.save(path, w, b)
    with pytest.raises(InputError, match="w1 has numbers that are not finite"):
        weights.read(path, NET)
    path.write_bytes(b"PK no zip")
    with pytest.raises(InputError, match="is no file of weights"):
        weights.read(path, NET)
    np.savez(path, w1=np.asarray([object()]), b1=b[0], w2=w[1], b2=b[1], allow_pickle=True)
    with pytest.raises(InputError):
        weights.read(path, NET)
